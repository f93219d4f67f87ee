"""Writes that survive a crash. Knows fsync and rename; does not know what is written.

git itself syncs little, and an adapter costs minutes: every file, and every folder whose entries changed, is synced
before anything points to it.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from pathlib import Path


def sync_folder(folder: Path) -> None:
    """Make the entries of `folder` durable; raises OSError."""
    if os.name == "nt":  # folders cannot be opened there, and renames are journalled
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Make every file and folder below `folder`, and itself, durable; raises OSError."""
    for name, _, files in os.walk(folder, topdown=False):
        for file in files:
            with open(os.path.join(name, file), "rb+" if os.name == "nt" else "rb") as opened:
                os.fsync(opened.fileno())
        sync_folder(Path(name))


def write_durably(path: Path, content: bytes) -> None:
    """Write `content` to `path` and make its bytes durable, not yet its name; raises OSError."""
    with open(path, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def replace_durably(path: Path, content: bytes) -> None:
    """`path` holds either what it held or all of `content`, whatever happens, and keeps its mode; raises OSError."""
    draft = path.with_name(f"{path.name}.{secrets.token_hex(4)}.new")
    draft.touch(exist_ok=False)  # nobody else's file, nor a link to one
    try:
        write_durably(draft, content)
        if path.is_file():
            draft.chmod(path.stat().st_mode)
        os.replace(draft, path)
    except BaseException:
        draft.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's bytes, in hex; raises OSError."""
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
