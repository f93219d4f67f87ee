"""Files of the work tree: read for sure, written beside, exchanged in one step. Knows system calls, not git.

An exchange leaves no moment in which the file is missing or half-written, and hands back what was there: if that is not
what was read, somebody saved meanwhile, and gets it back.
"""

from __future__ import annotations

import ctypes
import errno
import os
import shutil
import stat
import sys
from contextlib import suppress
from pathlib import Path

from codetune_git.errors import DataRefused

_AT_FDCWD, _RENAME_EXCHANGE = -100, 2  # linux/fs.h, since Linux 3.15
_RENAME_SWAP = 2  # sys/stdio.h of macOS
KEPT = ".old"  # what the second name of a file ends with
_UNKNOWN = (errno.ENOSYS, errno.EINVAL, errno.ENOTSUP, errno.EOPNOTSUPP)


def _refused(path: str, why: str) -> DataRefused:
    return DataRefused(f"{path}: {why}; nothing was changed (--index-only leaves the work tree alone)")


def regular_file(top: Path, path: str) -> Path:
    """The file at `path` below `top`, no part of which is a symbolic link. Raises DataRefused for anything else."""
    parts = path.split("/")
    for length in range(1, len(parts) + 1):
        place = top.joinpath(*parts[:length])
        try:
            mode = place.lstat().st_mode
        except (FileNotFoundError, NotADirectoryError):
            raise _refused(path, "it is not in the work tree") from None
        if stat.S_ISLNK(mode):
            what = "it" if length == len(parts) else "its folder"
            raise _refused(path, f"{what} is a symbolic link in the work tree")
    if not stat.S_ISREG(mode):
        raise _refused(path, "it is no file in the work tree")
    return place


def write_draft(draft: Path, content: bytes, like: Path) -> None:
    """`content` with the mode, owner and extended attributes of `like`, durable. Raises OSError."""
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)  # nobody reads what `like` hides
    with open(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(descriptor)
    there, here = like.stat(), draft.stat()
    if (there.st_uid, there.st_gid) != (here.st_uid, here.st_gid):
        with suppress(OSError):  # not ours to give away, or an owner that has no number here
            os.chown(draft, there.st_uid, there.st_gid)
    shutil.copystat(like, draft)
    os.utime(draft)


def _swapped(one: Path, other: Path) -> bool:
    """Whether the system exchanged the two names; False where it (or the file system) cannot. Raises OSError."""
    library = ctypes.CDLL(None, use_errno=True)
    a, b = os.fsencode(one), os.fsencode(other)
    if sys.platform == "linux" and hasattr(library, "renameat2"):
        failed = library.renameat2(_AT_FDCWD, a, _AT_FDCWD, b, _RENAME_EXCHANGE)
    elif sys.platform == "darwin":
        failed = library.renamex_np(a, b, _RENAME_SWAP)
    else:
        return False
    if failed and (number := ctypes.get_errno()) not in _UNKNOWN:
        raise OSError(number, os.strerror(number), os.fspath(other))
    return not failed


def exchange(draft: Path, file: Path) -> None:
    """`file` is what `draft` was, and the other way round. Raises OSError.

    Where the system cannot do it in one step a second name keeps the old file meanwhile.
    """
    if _swapped(draft, file):
        return
    kept = draft.with_name(draft.name + KEPT)
    os.link(file, kept)
    os.replace(draft, file)
    os.replace(kept, draft)
