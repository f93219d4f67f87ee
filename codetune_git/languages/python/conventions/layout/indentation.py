"""The width of one indented block, relative to the statement that it belongs to.

Knows blocks and their lines. A block is moved as a whole: continued lines and docstrings go along, the contents of
other strings do not. Does not know how wide lines may become, nor how continued lines are indented (hanging.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.layout.bodies import docstring_of
from codetune_git.languages.python.conventions.layout.lines import Shift, lines_without_code, nodes_between
from codetune_git.languages.shared.lines import indent_at, line_start, opens_line
from codetune_git.languages.shared.steps import blanks_of, step_of, string_lines
from codetune_git.text.source import Source

_DOCUMENTED = frozenset({"function_definition", "class_definition"})
_KINDS = {
    "function_definition": "def",
    "class_definition": "class",
    "if_statement": "if",
    "elif_clause": "if",
    "else_clause": "if",
    "for_statement": "loop",
    "while_statement": "loop",
    "try_statement": "try",
    "except_clause": "try",
    "except_group_clause": "try",
    "finally_clause": "try",
    "with_statement": "with",
    "match_statement": "match",
    "case_clause": "match",
}
_VARIANTS = ("2", "4", "8", "tab")


@dataclass(frozen=True, slots=True)
class _Contents:
    """The lines that begin inside strings ({line start: start of the string}), and which strings are docstrings."""

    strings: dict[int, int]
    docstrings: dict[int, bytes]

    @classmethod
    def of(cls, source: Source, nodes: Iterable[Node]) -> _Contents:
        """Of the blocks and strings among `nodes`."""
        strings, found = [], dict[int, bytes]()
        for node in nodes:
            kind = node.type
            if kind == "string":
                strings.append(node)
            elif kind == "block" and (docstring := _docstring(node)):
                found[docstring.start_byte] = source.slice(docstring)
        return cls(string_lines(source, strings), found)

    def moves(self, start: int, indent: bytes) -> bool:
        """Whether the string at `start` is a docstring whose lines can move without a change in what it says."""
        content = self.docstrings.get(start)
        if content is None or b"\\" in content:
            return False
        first, *others = content.split(b"\n")
        rests = [line.removeprefix(indent) for line in others if line]
        moved = all(line.startswith(indent) and line.strip() for line in others if line)
        return moved and not any(b"\t" in rest for rest in (first, *rests))


def _docstring(block: Node) -> Node | None:
    """The docstring in a block of several lines, if it belongs to a def or class."""
    found = docstring_of(block)
    if found is None or found.start_point.row == found.end_point.row:
        return None
    return found if block.parent and block.parent.type in _DOCUMENTED else None


def _lines(source: Source, site: Site, shift: Shift, contents: _Contents) -> list[int] | None:
    """Where the lines of a block begin that move with it; None where `shift` could not be undone or a line bars it."""
    starts, found = source.line_starts, []
    for index in range(source.line_of(site.start) - 1, source.line_of(site.end - 1)):
        string = contents.strings.get(starts[index])
        if string is None or contents.moves(string, shift.before):
            found.append(starts[index])
        elif contents.moves(string, shift.after):
            return None
    return found if shift.allows(source.text, found, lines_without_code(source.text, site.end)) else None


def _shift(source: Source, site: Site, variant: str) -> Shift:
    old, indent = blanks_of(site.variant), indent_at(source.text, site.start)
    return Shift(indent[: len(indent) - len(old)], old, blanks_of(variant))


def _rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    shift = _shift(source, site, variant)
    contents = _Contents.of(source, nodes_between(source, site.start, site.end))
    lines = _lines(source, site, shift, contents)
    return None if lines is None else shift.edits(source.text, lines)


def _start(text: bytes, owner: Node, block: Node) -> int | None:
    """Where the first line under a header begins; None where the block stands in the header's line or is misaligned."""
    first = next((child for child in block.named_children if child.type != "comment"), None)
    if first is None or not opens_line(text, first.start_byte) or not opens_line(text, owner.start_byte):
        return None
    start, indent = line_start(text, first.start_byte), indent_at(text, first.start_byte)
    for comment in reversed([*owner.children, *block.children]):
        if comment.type == "comment" and comment.start_byte < start and opens_line(text, comment.start_byte):
            if indent_at(text, comment.start_byte) != indent:
                return None
            start = line_start(text, comment.start_byte)
    return start


def _width(text: bytes, owner: Node, start: int) -> str | None:
    base, indent = indent_at(text, owner.start_byte), indent_at(text, start)
    return step_of(indent[len(base) :]) if indent.startswith(base) else None


def _blocks(source: Source) -> Iterator[tuple[Node, Node, str]]:
    """(statement or clause, its block, kind) in document order."""
    for node, kind in source.of_kinds(_KINDS):
        if not node.has_error:
            for child in node.children:
                if child.type == "block":
                    yield node, child, _KINDS[kind]


def _sites(source: Source) -> Iterator[Site]:
    contents = _Contents.of(source, (node for node, _ in source.of_kinds(("string", "block"))))
    for owner, block, kind in _blocks(source):
        start = _start(source.text, owner, block)
        width = None if start is None else _width(source.text, owner, start)
        if start is None or width is None:
            continue
        site = Site("indentation_width", start, block.end_byte, width, (kind,))
        others = (_shift(source, site, other) for other in reversed(_VARIANTS) if other != width)
        if any(_lines(source, site, shift, contents) for shift in others):
            yield site


CONVENTIONS: tuple[Convention, ...] = (
    Convention("indentation_width", "width of the indentation", _VARIANTS, _sites, _rewrite),
)
