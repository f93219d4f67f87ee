"""`git codetune config`: what is set, and by whom. Knows how to show it; does not know what the keys mean."""

from __future__ import annotations

from codetune_git.pipelines.configuration import resolve_configuration
from codetune_git.requests import ConfigRequest


def _shown(value: object) -> str:
    if value is None:
        return ""
    return ",".join(map(str, value)) if isinstance(value, (list, tuple)) else str(value)


def run(request: ConfigRequest) -> int:
    """Print every key with its value; raises UsageError and Unavailable."""
    entries = resolve_configuration(request.start, {}).entries
    lines = [f"{entry.name} = {_shown(entry.value)}".rstrip() for entry in entries]
    width = max(map(len, lines))
    for line, entry in zip(lines, entries, strict=True):
        print(f"{line:<{width}}  {entry.origin}" if request.show_origin else line)
    return 0
