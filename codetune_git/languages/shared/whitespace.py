"""Blanks at the ends of lines, and blank lines at the end of a file. Knows lines and opaque text; knows no syntax.

What git calls an error by default (core.whitespace: blank-at-eol, blank-at-eof) is unusual anywhere. A line that ends
inside a string or a template is left alone: its blanks are a part of the value. Inside a comment they are nobody's, and
a language may say of which other texts that is so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.text.source import Source

_CONTINUES = b"\\"


Lines = Callable[[Source], frozenset[int]]
"""Lines of a file, counted from one."""


def _nowhere(source: Source) -> frozenset[int]:
    return frozenset()


def _inside_text(source: Source) -> frozenset[int]:
    """The lines whose end lies inside an opaque node that is no comment: a string, a template."""
    lines: set[int] = set()
    for node, _ in source.of_kinds(source.grammar.opaque):
        if not node.is_extra:
            lines.update(range(node.start_point.row + 1, node.end_point.row + 1))
    return frozenset(lines)


def _kind(source: Source, line: bytes) -> str:
    content = line.strip()
    if not content:
        return "blank"
    return "comment" if content.startswith(source.grammar.comment.encode()) else "code"


def _line_ends(source: Source, free: frozenset[int]) -> Iterator[Site]:
    hidden = _inside_text(source) - free
    first, end_of_window = source.window
    begin = source.line_of(first)
    for number, start in enumerate(source.line_starts[begin - 1 : source.line_of(end_of_window)], begin):
        last = source.line_starts[number] - 1 if number < len(source.line_starts) else len(source.text)
        line = source.text[start:last]
        end = start + len(line.rstrip(b" \t"))
        if number in hidden or line.endswith(_CONTINUES) or (not line and last == len(source.text)):
            continue
        kind = "text" if number in free and line.strip() else _kind(source, line)
        yield Site("trailing_whitespace", end, last, "none" if end == last else "some", (kind,))


def _write_line_end(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    return (Edit(site.start, site.end, b" " if variant == "some" else b""),)


def _file_end(source: Source) -> Iterator[Site]:
    text = source.text
    end = len(text.rstrip(b"\n")) + 1
    if 1 < end <= len(text) and text[end - 2 : end - 1] not in (b" ", b"\t"):
        yield Site("end_of_file", end, len(text), "newline" if end == len(text) else "blank_lines")


def _write_file_end(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    return (Edit(site.start, site.end, b"" if variant == "newline" else b"\n"),)


def conventions(free: Lines = _nowhere) -> tuple[Convention, ...]:
    """The conventions of a language in which the ends of `free` lines mean nothing, though they lie inside a text."""
    return (
        Convention(
            "trailing_whitespace",
            "blanks at the end of a line",
            ("none", "some"),
            lambda source: _line_ends(source, free(source)),
            _write_line_end,
            "none",
        ),
        Convention("end_of_file", "end of the file", ("newline", "blank_lines"), _file_end, _write_file_end, "newline"),
    )


CONVENTIONS = conventions()
