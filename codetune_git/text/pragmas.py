"""Comments that tell the tool to be silent. Knows their spelling; does not know what would have been said.

`# codetune: off` ... `# codetune: on` silence the lines between them, `# codetune: ignore` its own line,
`# codetune: ignore[quotes, naming]` those conventions on its own line.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from codetune_git.domain import LineRange

_PRAGMA = re.compile(rb"#\s*codetune:\s*(off|on|ignore)\b\s*(?:\[([^\]]*)\])?")
ALL = frozenset({"*"})


@dataclass(frozen=True, slots=True)
class Silenced:
    """The conventions silenced on each line; `ALL` for every convention."""

    lines: Mapping[int, frozenset[str]]

    def covers(self, lines: LineRange, kind: str) -> bool:
        spoken = (self.lines.get(line, frozenset()) for line in range(lines.first, lines.last + 1))
        return any(kinds & ALL or kind in kinds for kinds in spoken)


def silenced(text: bytes) -> Silenced:
    """What the pragmas of `text` silence."""
    if b"codetune:" not in text:
        return Silenced({})
    found: dict[int, frozenset[str]] = {}
    off = False
    for number, line in enumerate(text.split(b"\n"), 1):
        pragma = _PRAGMA.search(line)
        word = pragma.group(1) if pragma else b""
        off = word == b"off" or (off and word != b"on")
        if off:
            found[number] = ALL
        elif pragma and word == b"ignore":
            names = (pragma.group(2) or b"*").decode(errors="replace")
            found[number] = frozenset(name.strip() for name in names.split(","))
    return Silenced(found)
