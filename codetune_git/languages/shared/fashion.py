"""What a file says about layout that no single list of it says: width, step, commas, blanks inside brackets.

Knows lines and brackets as bytes, not as a tree: a string that looks like a list counts as one.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from codetune_git.languages.shared.lines import indent_at, line_start, width_of

_HANGING = re.compile(rb"[(\[{]\n([ \t]*)(?=[^ \t\n)\]}])")
_WORD = re.compile(rb"\w+")
_CLOSED = re.compile(rb"\n[ \t]*[)\]}]")
_UNIT = re.compile(rb"^( +|\t)(?=[^ \t\n])", re.MULTILINE)
_LIMITS = (72, 79, 80, 88, 90, 95, 99, 100, 110, 119, 120)
_BEYOND = 0.01  # the share of lines that may be wider than the limit of a file
_PADDED, _TIGHT = re.compile(rb"[(\[{] (?=[^ \n#/])"), re.compile(rb"[(\[{](?=[^ \t\n)\]}#])")


@dataclass(frozen=True)
class Fashion:
    """What a file says about layout that no single list of it says. `heads`: the words that definitions begin with."""

    text: bytes
    heads: frozenset[str]

    @cached_property
    def limit(self) -> int:
        """The width that lines are kept within: the least usual limit that nearly all lines respect."""
        widths = Counter(map(width_of, self.text.split(b"\n")))
        beyond = _BEYOND * sum(n for width, n in widths.items() if width > _LIMITS[0] // 2)
        return next(
            (limit for limit in _LIMITS if sum(n for width, n in widths.items() if width > limit) <= beyond),
            _LIMITS[-1],
        )

    @cached_property
    def step(self) -> bytes:
        """The blanks by which elements hang; those of definitions, which may hang further, are left out."""
        steps: Counter[bytes] = Counter()
        end = 0
        for hanging in _HANGING.finditer(self.text):
            start = line_start(self.text, hanging.start())
            if start < end:  # what hangs inside what hangs says no more
                continue
            end, inner = hanging.end(), hanging[1]
            outer = indent_at(self.text, start)
            word = _WORD.match(self.text, start + len(outer))
            is_head = word is not None and word[0].decode() in self.heads
            if inner.startswith(outer) and inner != outer and not is_head:
                steps[inner[len(outer) :]] += 1
        if steps:
            return steps.most_common(1)[0][0]
        units = Counter(_UNIT.findall(self.text))
        return b"\t" if units[b"\t"] > sum(units.values()) / 2 else b"    "

    @cached_property
    def has_commas(self) -> bool:
        """Whether most lists whose closing bracket begins a line have a comma behind the last element."""
        endings = [self.text[found.start() - 1 : found.start()] == b"," for found in _CLOSED.finditer(self.text)]
        return sum(endings) > len(endings) / 2

    @cached_property
    def padding(self) -> dict[bytes, bytes]:
        """What stands inside each kind of bracket on one line, by the opening bracket."""
        padded = Counter(found[:1] for found in _PADDED.findall(self.text))
        tight = Counter(found[:1] for found in _TIGHT.findall(self.text))
        return {one: b" " if padded[one] > tight[one] else b"" for one in (b"(", b"[", b"{")}
