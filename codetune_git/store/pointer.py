"""Which adapters there are and which one is active: names in a folder and one pointer. Knows no more of them."""

from __future__ import annotations

import os
import re
from pathlib import Path

from codetune_git.errors import DataRefused

ID = re.compile(r"\d{6}-\d{6}")


def known_ids(home: Path) -> tuple[str, ...]:
    """The ids of all published adapters, whether sound or not, oldest first."""
    try:
        return tuple(sorted(name for name in os.listdir(home / "adapters") if ID.fullmatch(name)))
    except FileNotFoundError:
        return ()


def active_id(home: Path) -> str | None:
    """The id in the pointer; raises DataRefused where it is damaged or points nowhere although there are adapters."""
    try:
        name = (home / "active").read_text("ascii", "replace").strip()
    except FileNotFoundError:
        return None
    ids = known_ids(home)
    if not ids or name in ids:
        return name if ids else None
    raise DataRefused(f"{home / 'active'} names no adapter that is there: run `git codetune adapters use {ids[-1]}`")
