"""Blanks just inside brackets: `( x )`, `[ x ]`, `{ x }`.

Knows pairs of brackets, on one line or on several. Does not know what stands before or after them.
One pair is one choice. A side where the line breaks says nothing; empty pairs have nothing to set off.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.spacing.gaps import blanks_after, ends_line, walk
from codetune_git.languages.shared.columns import blanks_before, column, starts_line
from codetune_git.text.source import Source

_PAREN_KINDS = {
    "argument_list": "call",
    "parameters": "def",
    "tuple": "tuple",
    "tuple_pattern": "tuple",
    "parenthesized_expression": "group",
    "generator_expression": "generator",
    "class_pattern": "call",
    "import_from_statement": "import",
    "with_clause": "group",
}
_BRACKET_KINDS = {
    "subscript": "subscript",
    "type_parameter": "subscript",
    "list": "list",
    "list_pattern": "list",
    "list_comprehension": "comprehension",
}
_BRACE_KINDS = {
    "dictionary": "dict",
    "dict_pattern": "dict",
    "set": "set",
    "dictionary_comprehension": "comprehension",
    "set_comprehension": "comprehension",
}
# These do not begin with their bracket; all others do.
_BRACKET_INSIDE = frozenset({"subscript", "class_pattern", "import_from_statement", "with_clause"})
_VARIANTS = ("tight", "padded")
_GAPS = (b"", b" ")


def _opening(node: Node, node_type: str, bracket: str) -> int | None:
    """Where the opening bracket of `node` is, if it has one."""
    if node_type not in _BRACKET_INSIDE:
        return node.start_byte
    return next((child.start_byte for child in node.children if child.type == bracket), None)


def _shape(text: bytes, first: int, last: int) -> str:
    """`nested` where the content begins or ends with a bracket: some styles pad only the outer or the inner one."""
    return "nested" if text[first] in b"([{" or text[last - 1] in b")]}" else "flat"


def _is_laid_out(source: Source, pair: tuple[int, int], content_end: int) -> bool:
    """Whether one blank of an uneven pair belongs to something else: to a last comma, or to a table's column."""
    text = source.text
    if text[content_end - 1] == 0x2C:
        return True
    return any(True for place in pair for _ in column(source, place, text[place : place + 1]))


def _site(source: Source, name: str, pair: tuple[int, int], kind: str) -> Site | None:
    text, (start, end) = source.text, pair
    first, last = blanks_after(text, start + 1), blanks_before(text, end)
    if first >= end:
        return None
    opens, closes = not ends_line(text, first), not starts_line(text, last)
    sides = [text[start + 1 : first]] * opens + [text[last:end]] * closes
    if not sides or any(side not in _GAPS for side in sides):
        return None
    variant = "mixed" if len(set(sides)) > 1 else ("padded" if sides[0] else "tight")
    if variant == "mixed" and _is_laid_out(source, pair, last):
        return None
    span = (start if opens else last, end + 1 if closes else first)
    return Site(name, *span, variant, (kind, _shape(text, first, last)))


def _finder(name: str, brackets: str, kinds: Mapping[str, str]) -> Callable[[Source], Iterator[Site]]:
    def sites(source: Source) -> Iterator[Site]:
        text, found = source.text, []
        for node, node_type, _ in walk(source, frozenset(kinds)):
            start, end = _opening(node, node_type, brackets[0]), node.end_byte - 1
            if start is not None and text[end] == ord(brackets[1]):
                site = _site(source, name, (start, end), kinds[node_type])
                found += [site] if site else []
        yield from sorted(found, key=lambda site: site.start)

    return sites


def _rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    """Edits the one or two gaps of the pair; a site of one side has a bracket at that end only."""
    text = source.text
    gap = b" " if variant == "padded" else b""
    edits = []
    if text[site.start] in b"([{":
        first = site.start + 1
        edits.append(Edit(first, blanks_after(text, first), gap))
    if text[site.end - 1] in b")]}":
        last = site.end - 1
        edits.append(Edit(blanks_before(text, last), last, gap))
    return tuple(edits)


def _convention(name: str, title: str, brackets: str, kinds: Mapping[str, str]) -> Convention:
    return Convention(name, title, _VARIANTS, _finder(name, brackets, kinds), _rewrite)


CONVENTIONS: tuple[Convention, ...] = (
    _convention("paren_padding", "blanks inside parentheses", "()", _PAREN_KINDS),
    _convention("bracket_padding", "blanks inside square brackets", "[]", _BRACKET_KINDS),
    _convention("brace_padding", "blanks inside braces", "{}", _BRACE_KINDS),
)
