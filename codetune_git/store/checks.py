"""What must hold before an adapter is loaded. Knows names, sizes, digests and tensor keys; does not know models.

An adapter may be cut off by a full disk, changed by hand, or come from somebody else. So: only files of formats that
run no code, none besides those in the manifest, nothing through a symbolic link, LoRA tensors only, right to the byte.
"""

from __future__ import annotations

import json
import os
import re
import stat
from pathlib import Path
from typing import Any

from codetune_git.durable import sha256_of
from codetune_git.errors import DataRefused
from codetune_git.store.manifest import decode_manifest
from codetune_git.store.values import Adapter, FileRecord

MANIFEST, CURSOR = "manifest.json", "cursor.json"
_SUFFIXES = {
    "": {".json"},
    "adapter": {".json", ".safetensors", ".txt"},
    "light": {".bin", ".json", ".txt"},  # .bin is the compiled model's own format; elsewhere it could be a pickle
}
_TENSOR = re.compile(r"base_model\.model\.[\w.]+\.lora_(A|B|embedding_A|embedding_B)(\.weight)?")
_DTYPES = {"F32", "F16", "BF16"}
_HEADER_CEILING = 16 << 20


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


def _object(text: bytes, name: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict):
        raise ValueError(f"{name} is cut off or holds no JSON object")
    return found


def _check_config(path: Path) -> None:
    """Raises ValueError unless plain LoRA is configured: nothing that imports modules by name or replaces weights."""
    config = _object(path.read_bytes(), path.name)
    if config.get("peft_type") != "LORA":
        raise ValueError(f"{path.name} is not that of a LoRA adapter")
    for key in ("megatron_config", "modules_to_save"):
        if config.get(key):
            raise ValueError(f"{path.name} sets {key}")


def _check_tensors(path: Path) -> None:
    """Raises ValueError unless `path` is a whole safetensors file of LoRA weights."""
    size = path.stat().st_size
    with open(path, "rb") as file:
        length = int.from_bytes(file.read(8), "little")
        if length > min(size - 8, _HEADER_CEILING):
            raise ValueError(f"{path.name} is cut off or not a safetensors file")
        header = _object(file.read(length), path.name)
    for key, tensor in header.items():
        if key == "__metadata__":
            continue
        if not _TENSOR.fullmatch(key):
            raise ValueError(f"{path.name} holds a foreign tensor {key!r}")
        try:
            sound = tensor["dtype"] in _DTYPES and 0 <= tensor["data_offsets"][1] <= size - 8 - length
        except (KeyError, TypeError, IndexError):
            sound = False
        if not sound:
            raise ValueError(f"{path.name} is cut off or malformed at {key!r}")


def check_weights(folder: Path) -> None:
    """Raises ValueError unless all of `adapter/` in `folder` is plain LoRA, and OSError."""
    for path in sorted((folder / "adapter").iterdir()):
        if path.name == "adapter_config.json":
            _check_config(path)
        elif path.suffix == ".safetensors":
            _check_tensors(path)


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
        check_weights(folder)
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
