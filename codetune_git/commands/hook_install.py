"""`git codetune hook install` and `uninstall`: hook scripts where git looks for them.

A hook of somebody else is never changed: the line to add to it is printed instead.
"""

from __future__ import annotations

from pathlib import Path

from codetune_git.durable import replace_durably
from codetune_git.errors import DataRefused
from codetune_git.git.repository import Repository
from codetune_git.requests import HooksRequest

_MARK = "# Installed by git codetune"
AT_LEAST = 20  # new commits, until learning is worth it
_LEARN = f"git codetune train --background --at-least {AT_LEAST}"
LINES = {
    "pre-commit": "exec git codetune hook",
    "post-commit": _LEARN,
    "post-merge": _LEARN,
}


def script(name: str) -> str:
    """The text of a hook."""
    return f"#!/bin/sh\n{_MARK}: git codetune hook uninstall removes it.\n{LINES[name]}\n"


def is_ours(place: Path) -> bool:
    """Whether this tool has put the hook there."""
    return place.is_file() and not place.is_symlink() and _MARK in place.read_text(errors="replace")


def _installed(folder: Path, name: str) -> str:
    place = folder / name
    if (place.exists() or place.is_symlink()) and not is_ours(place):
        return f"{place} is there already and stays as it is: add the line `{LINES[name].removeprefix('exec ')}` to it"
    folder.mkdir(parents=True, exist_ok=True)
    replace_durably(place, script(name).encode())
    place.chmod(0o755)
    return f"Installed {place}."


def run(request: HooksRequest) -> int:
    """Install or uninstall. Raises DataRefused where a foreign hook is in the way; the others are installed then."""
    folder = Repository.open(request.start).hooks()
    if request.uninstall:
        for name in LINES:
            if is_ours(folder / name):
                (folder / name).unlink()
                print(f"Removed {folder / name}.")
        return 0
    said = [_installed(folder, name) for name in (LINES if request.training else ("pre-commit",))]
    refused = [line for line in said if not line.startswith("Installed")]
    for line in said:
        if line not in refused:
            print(line)
    if refused:
        raise DataRefused("; ".join(refused))
    return 0
