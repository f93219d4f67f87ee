"""Blanks at the ends of lines, and blank lines at the end of a file. Knows lines and opaque text; knows no syntax.

What git calls an error by default (core.whitespace: blank-at-eol, blank-at-eof) is unusual anywhere. A line that ends
inside a string or a template is left alone: its blanks are a part of the value.
"""

from __future__ import annotations

from collections.abc import Iterator

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.text.source import Source

_CONTINUES = b"\\"


def _inside_text(source: Source) -> frozenset[int]:
    """The lines, counted from one, whose end lies inside an opaque node: a string, a template, a block comment."""
    lines: set[int] = set()
    for node, _ in source.of_kinds(source.grammar.opaque):
        lines.update(range(node.start_point.row + 1, node.end_point.row + 1))
    return frozenset(lines)


def _kind(source: Source, line: bytes) -> str:
    content = line.strip()
    if not content:
        return "blank"
    return "comment" if content.startswith(source.grammar.comment.encode()) else "code"


def _line_ends(source: Source) -> Iterator[Site]:
    hidden = _inside_text(source)
    for number, start in enumerate(source.line_starts, 1):
        last = source.line_starts[number] - 1 if number < len(source.line_starts) else len(source.text)
        line = source.text[start:last]
        end = start + len(line.rstrip(b" \t"))
        if number in hidden or line.endswith(_CONTINUES) or (not line and last == len(source.text)):
            continue
        yield Site("trailing_whitespace", end, last, "none" if end == last else "some", (_kind(source, line),))


def _write_line_end(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    return (Edit(site.start, site.end, b" " if variant == "some" else b""),)


def _file_end(source: Source) -> Iterator[Site]:
    text = source.text
    end = len(text.rstrip(b"\n")) + 1
    if 1 < end <= len(text) and text[end - 2 : end - 1] not in (b" ", b"\t"):
        yield Site("end_of_file", end, len(text), "newline" if end == len(text) else "blank_lines")


def _write_file_end(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    return (Edit(site.start, site.end, b"" if variant == "newline" else b"\n"),)


CONVENTIONS: tuple[Convention, ...] = (
    Convention(
        "trailing_whitespace", "blanks at the end of a line", ("none", "some"), _line_ends, _write_line_end, "none"
    ),
    Convention("end_of_file", "end of the file", ("newline", "blank_lines"), _file_end, _write_file_end, "newline"),
)
