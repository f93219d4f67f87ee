"""The identity of a checkpoint: a digest of its files. Does not know what the files mean.

Tens of gigabytes are not read again for every hook: the digest is cached in the user's cache folder, by path, size and
time of change. Where that cannot be written, the files are read again.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from functools import lru_cache
from pathlib import Path

_CHUNK = 1 << 20
_LARGE = 1 << 28  # bytes; less takes no longer to read than to look up


def _stamp(files: tuple[Path, ...]) -> str:
    """Changes whenever a file does, as far as name, size and time of change tell."""
    states = [
        (path.name, str(path.resolve()), status.st_size, status.st_mtime_ns)
        for path in files
        for status in (path.stat(),)
    ]
    return hashlib.sha256(json.dumps(states).encode()).hexdigest()


@lru_cache(maxsize=4)
def _digest(files: tuple[Path, ...], stamp: str) -> str:
    """SHA-256 over name, size and content of each file; `stamp` says whether they are still the same."""
    whole = hashlib.sha256()
    for path in files:
        whole.update(f"{path.name}\0{path.stat().st_size}\0".encode())
        with open(path, "rb") as file:
            while chunk := file.read(_CHUNK):
                whole.update(chunk)
    return whole.hexdigest()


def _memory() -> Path | None:
    """None for a user without a home, as in some containers. What is named from the current folder does not count."""
    named = Path(os.environ.get("XDG_CACHE_HOME", ""))
    try:
        return (named if named.is_absolute() else Path.home() / ".cache") / "codetune" / "identities.json"
    except RuntimeError:
        return None


def _remembered(memory: Path) -> dict[str, str]:
    try:
        identities = json.loads(memory.read_bytes())
    except (OSError, ValueError):
        return {}
    return identities if isinstance(identities, dict) else {}


def _remember(memory: Path, stamp: str, identity: str) -> None:
    unfinished = memory.with_name(f"{memory.name}.{os.getpid()}")
    with suppress(OSError):
        memory.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(json.dumps({**_remembered(memory), stamp: identity}, indent=1))
        os.replace(unfinished, memory)


def identity_of(files: tuple[Path, ...]) -> str:
    """The SHA-256 of the files in hex. Raises OSError where one cannot be read."""
    stamp = _stamp(files)
    memory = _memory() if sum(path.stat().st_size for path in files) >= _LARGE else None
    if memory is None:
        return _digest(files, stamp)
    identity = _remembered(memory).get(stamp)
    if identity is None:
        identity = _digest(files, stamp)
        _remember(memory, stamp, identity)
    return identity
