"""A cache of downloaded models as `hf download` leaves it: contents under their digests, versions that link to them."""

from __future__ import annotations

import hashlib
from pathlib import Path


def put(cache: Path, name: str, checkpoint: Path, *, revision: str = "main") -> Path:
    """Adds the files of `checkpoint` as a version of `name`; returns the folder of that version."""
    home = cache / f"models--{name.replace('/', '--')}"
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(checkpoint.iterdir())}
    commit = hashlib.sha1(repr(sorted(digests.items())).encode()).hexdigest()
    version = home / "snapshots" / commit
    for folder in (home / "blobs", home / "refs", version):
        folder.mkdir(parents=True, exist_ok=True)
    (home / "refs" / revision).write_text(commit)
    for file, digest in digests.items():
        (home / "blobs" / digest).write_bytes((checkpoint / file).read_bytes())
        (version / file).symlink_to(Path("..", "..", "blobs", digest))
    return version
