"""Blanks at the ends of lines in Python: those inside a docstring are nobody's, either.

Knows docstrings. Where one holds examples, and where two blanks make a line break of Markdown, they are left alone.
"""

from __future__ import annotations

from itertools import pairwise

from codetune_git.languages.python.conventions.layout.docstring_parts import every
from codetune_git.languages.shared.whitespace import conventions
from codetune_git.text.source import Source


def _in_docstrings(source: Source) -> frozenset[int]:
    lines: set[int] = set()
    for parts, _ in source.once(every):
        if b">>>" not in parts.content:
            pairs = pairwise([*parts.rows])
            lines.update(
                source.line_of(start)
                for (start, line), (_, following) in pairs
                if not (line.strip() and line.endswith(b"  ") and following.strip())
            )
    return frozenset(lines)


CONVENTIONS = conventions(_in_docstrings)
