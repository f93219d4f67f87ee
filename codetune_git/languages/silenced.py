"""What comments for tools silence: the conventions on each line. Knows lines and names; knows no comment's spelling."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from codetune_git.domain import LineRange

ALL = frozenset({"*"})


@dataclass(frozen=True, slots=True)
class Silenced:
    """The conventions silenced on each line; `ALL` for every convention."""

    lines: Mapping[int, frozenset[str]]

    def covers(self, lines: LineRange, kind: str) -> bool:
        if not self.lines:
            return False
        spoken = (self.lines.get(line, frozenset()) for line in range(lines.first, lines.last + 1))
        return any(kinds & ALL or kind in kinds for kinds in spoken)
