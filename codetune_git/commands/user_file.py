"""A text file of the user's that a command changes: whether that is safe, what it holds, the text that it gets."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from codetune_git.durable import replace_durably
from codetune_git.errors import DataRefused


def _mode(path: Path) -> int | None:
    """The mode of what stands there itself; None where nothing does. Raises OSError."""
    try:
        return os.lstat(path).st_mode
    except FileNotFoundError:
        return None


def text_of(place: Path) -> str | None:
    """What the file holds; None where it is not there yet.

    Raises DataRefused where the file or its folder is a link or something else, and where it is not UTF-8.
    """
    try:
        folder, file = _mode(place.parent), _mode(place)
    except OSError as error:
        raise DataRefused(
            f"{place} cannot be read ({error.strerror}): name another file, nothing was changed"
        ) from None
    for path, mode, is_one, one in (
        (place.parent, folder, stat.S_ISDIR, "folder"),
        (place, file, stat.S_ISREG, "regular file"),
    ):
        if mode is not None and stat.S_ISLNK(mode):
            raise DataRefused(f"{path} is a symbolic link: put a {one} there, nothing was changed")
        if mode is not None and not is_one(mode):
            raise DataRefused(f"{path} is no {one}: move it away, nothing was changed")
    if file is None:
        return None
    try:
        return place.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        raise DataRefused(f"{place} is not UTF-8: nothing was changed") from None


def replace_text(place: Path, text: str) -> None:
    """The file gets this text in one step; its folder is made where it is not there."""
    place.parent.mkdir(exist_ok=True)
    replace_durably(place, text.encode())
