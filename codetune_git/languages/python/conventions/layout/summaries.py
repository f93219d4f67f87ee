"""How the summary of a docstring is written: its first letter, its full stop, and the blank line below it.

Knows the first paragraph, as far as it is one sentence. Does not know what it says: words that the file uses as names,
abbreviations, signatures, addresses and titles are no sites. A rewrite changes what `__doc__` is.
"""

from __future__ import annotations

import builtins
import re
from collections.abc import Iterator
from typing import NamedTuple

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.layout.docstring_parts import Parts, around, every
from codetune_git.languages.shared.names import names
from codetune_git.languages.shared.prose import ABBREVIATED, SENTENCE_ENDS, rewrite_capital, rewrite_full_stop
from codetune_git.text.source import Source

# What stands on a line of its own below a summary without being a part of it.
_FIELD = re.compile(rb"\s*(?:[:@][\w ]+\b|[-*+>] |\d+[.)] |\.\. |\*{0,2}\w+ ?(?:\([^)]*\))? ?:(?:\s|$)|>>>|\|)")
_RULE = re.compile(rb"\s*([=\-~^\"'#*+])\1\1+\s*$")
_CODE = re.compile(rb"->|://|^\S+\(.*\)$|^[<$`|]|[<>=\\/|]$")
_WORD = re.compile(rb"[A-Za-z][a-z]+(?=[ ,\n])")


_BUILTIN = frozenset(name.encode() for name in (*dir(builtins), "args", "kwargs", "self", "cls"))


class _Summary(NamedTuple):
    """The first paragraph `[start, end)` of a docstring, how many lines it takes, and what follows.

    `after` is where the next line with text begins, blanks included, `gap` the number of lines between; `is_field` says
    whether that line is a list item, a field or the name of a section.
    """

    start: int
    end: int
    lines: int
    after: int | None
    gap: int
    is_field: bool


def _paragraph(rows: list[tuple[int, bytes]], first: int) -> int:
    """The number of the row behind the paragraph that begins with row `first`."""
    last = first + 1
    while last < len(rows) and rows[last][1].strip() and not _FIELD.match(rows[last][1]):
        last += 1
    return last


def _summary(parts: Parts) -> _Summary | None:
    """The summary; None where the docstring begins with anything else."""
    rows = list(parts.rows)
    first = next(number for number, (_, row) in enumerate(rows) if row.strip())
    if first > 1 or _FIELD.match(rows[first][1]) or b">>>" in parts.content:
        return None
    last = _paragraph(rows, first)
    if any(_RULE.match(row) for _, row in rows[first:last]):
        return None
    begin, row = rows[first]
    start = begin + len(row) - len(row.lstrip())
    end = rows[last - 1][0] + len(rows[last - 1][1].rstrip())
    follows = next((number for number in range(last, len(rows)) if rows[number][1].strip()), None)
    if follows is None:
        return _Summary(start, end, last - first, None, 0, False)
    place, row = rows[follows]
    return _Summary(start, end, last - first, place, follows - last, bool(_FIELD.match(row)))


def _summaries(source: Source) -> list[tuple[Parts, _Summary, str]]:
    found = ((parts, _summary(parts), kind) for parts, kind in source.once(every))
    return [(parts, summary, kind) for parts, summary, kind in found if summary]


# The full stop


def _stop_sites(source: Source) -> Iterator[Site]:
    for parts, summary, kind in source.once(_summaries):
        text = source.text[summary.start : summary.end]
        if b" " not in text or SENTENCE_ENDS.search(text) or _CODE.search(text) or ABBREVIATED.search(text):
            continue
        ending = text[-2:-1] if text.endswith(b".") else text[-1:]
        if ending.isalnum() or ending == b")":
            variant = "stop" if text.endswith(b".") else "none"
            lines = "multi" if b"\n" in parts.content else "one"
            yield Site("docstring_full_stop", summary.end - 1, summary.end, variant, (lines, kind))


# The first letter


def _capital_sites(source: Source) -> Iterator[Site]:
    for _, summary, kind in source.once(_summaries):
        word = _WORD.match(source.text, summary.start, summary.end)
        if word and word[0].lower() not in _BUILTIN | source.once(names):
            variant = "upper" if word[0][:1].isupper() else "lower"
            yield Site("docstring_capital", summary.start, summary.start + 1, variant, (kind,))


# The blank line below


def _ends_sentence(line: bytes) -> bool:
    return line.endswith((b".", b"!", b"?")) and not ABBREVIATED.search(line)


def _blank_sites(source: Source) -> Iterator[Site]:
    text = source.text
    for _, summary, kind in source.once(_summaries):
        first = text[summary.start : summary.end].split(b"\n")[0].rstrip()
        end = summary.start + len(first)
        if summary.lines > 1:  # a first line that is a sentence of its own
            if _ends_sentence(first):
                yield Site("docstring_summary_blank", end, text.index(b"\n", end) + 1, "none", ("prose", kind))
        elif summary.after is not None and (summary.is_field or _ends_sentence(first)):
            start = text.index(b"\n", end) + 1
            if not text[start : summary.after].strip(b"\n"):
                variant = {0: "none", 1: "blank"}.get(summary.gap, "many")
                follows = "field" if summary.is_field else "prose"
                yield Site("docstring_summary_blank", end, summary.after, variant, (follows, kind))


def _separate(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    if around(source, site) is None:
        return None
    start = source.text.index(b"\n", site.start) + 1
    return (Edit(start, site.end, b"\n" if variant == "blank" else b""),)


CONVENTIONS: tuple[Convention, ...] = (
    Convention(
        "docstring_full_stop", "full stop of a docstring's summary", ("stop", "none"), _stop_sites, rewrite_full_stop
    ),
    Convention(
        "docstring_capital",
        "first letter of a docstring's summary",
        ("upper", "lower"),
        _capital_sites,
        rewrite_capital,
    ),
    Convention(
        "docstring_summary_blank",
        "blank line below a docstring's summary",
        ("blank", "none"),
        _blank_sites,
        _separate,
    ),
)
