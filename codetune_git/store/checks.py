"""What must hold before an adapter is loaded. Knows names, sizes and digests; does not know models.

An adapter may be cut off by a full disk, changed by hand, or come from somebody else. So: only files of formats that
run no code, none besides those in the manifest, nothing through a symbolic link, LoRA tensors only, right to the byte.
"""

from __future__ import annotations

import os
import re
import stat
from pathlib import Path

from codetune_git.durable import sha256_of
from codetune_git.errors import DataRefused
from codetune_git.store.manifest import decode_manifest
from codetune_git.store.values import Adapter, FileRecord
from codetune_git.weight_files import check_lora

MANIFEST, CURSOR = "manifest.json", "cursor.json"
_SUFFIXES = {
    "": {".json"},
    "adapter": {".json", ".safetensors", ".txt"},
    "light": {".bin", ".json", ".txt"},  # .bin is the compiled model's own format; elsewhere it could be a pickle
}


def _allowed(path: str) -> bool:
    folder, _, name = path.rpartition("/")
    suffix = os.path.splitext(name)[1]
    return re.fullmatch(r"\w[\w.-]*", name, re.ASCII) is not None and suffix in _SUFFIXES.get(folder, set())


def paths_of(folder: Path) -> tuple[str, ...]:
    """All files below `folder` but the manifest, sorted; raises ValueError where one may not be there, and OSError."""
    paths = []
    for root, folders, files in os.walk(folder):
        for name in (*folders, *files):
            path = Path(root, name).relative_to(folder).as_posix()
            mode = os.lstat(os.path.join(root, name)).st_mode
            wanted = path in _SUFFIXES if stat.S_ISDIR(mode) else stat.S_ISREG(mode) and _allowed(path)
            if not wanted:
                raise ValueError(f"{path} is not a file that an adapter may hold")
            if not stat.S_ISDIR(mode) and path != MANIFEST:
                paths.append(path)
    return tuple(sorted(paths))


def record_of(folder: Path, path: str) -> FileRecord:
    """Size, digest and time of a file; raises OSError."""
    status = os.stat(folder / path)
    return FileRecord(path, status.st_size, sha256_of(folder / path), status.st_mtime_ns)


def _check_file(folder: Path, record: FileRecord, *, thorough: bool) -> None:
    status = os.stat(folder / record.path)
    if status.st_size != record.size:
        raise ValueError(f"{record.path} has {status.st_size} bytes, not {record.size}")
    # A changed time alone (a copied repository, a restored backup) proves nothing, so the digest decides.
    suspect = thorough or status.st_mtime_ns != record.mtime_ns
    if suspect and sha256_of(folder / record.path) != record.sha256:
        raise ValueError(f"{record.path} was changed: its SHA-256 is another one")


def _checked(folder: Path, adapter_id: str, *, thorough: bool) -> Adapter:
    try:
        found_id, manifest, files = decode_manifest((folder / MANIFEST).read_bytes())
    except FileNotFoundError:
        raise ValueError("it is missing") from None
    except ValueError as error:
        raise ValueError(f"{MANIFEST} {error}") from None
    if found_id != adapter_id:
        raise ValueError(f"{MANIFEST} is that of {found_id}")
    paths = paths_of(folder)
    named = tuple(sorted(record.path for record in files))
    if paths != named:
        raise ValueError(f"{min(set(paths) ^ set(named))} is in only one of {MANIFEST} and the folder")
    for record in files:
        _check_file(folder, record, thorough=thorough)
    if thorough:
        check_lora(folder / "adapter")
    return Adapter(adapter_id, folder, manifest, files)


def verified(folder: Path, adapter_id: str, *, base: str | None, thorough: bool) -> Adapter:
    """The adapter in `folder`, checked; raises DataRefused.

    Not `thorough`: the digest of a file is only taken where its time is not the recorded one. `base`, where given, is
    the identity that the adapter must have been trained on.
    """
    try:
        adapter = _checked(folder, adapter_id, thorough=thorough)
    except (ValueError, OSError) as error:
        raise DataRefused(
            f"adapter {adapter_id}: {error}: choose another one (`git codetune adapters list`) or train again"
        ) from error
    if base is not None and adapter.manifest.base != base:
        raise DataRefused(
            f"adapter {adapter_id} was trained on the base {adapter.manifest.base}, not on {base}: "
            "choose another adapter (`git codetune adapters list`) or train again"
        )
    return adapter
