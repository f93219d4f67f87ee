"""How far the lines of a block in braces stand inside it. Knows blocks and their lines; no layout of lists.

A block is moved as a whole: what hangs or nests in it goes along, the inside of strings and templates does not. What
stands further out than the block's lines, and braces that stand in no column, make it no choice.
"""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.shared.lines import indent_at, line_end, line_start, opens_line
from codetune_git.languages.shared.steps import blanks_of, step_of, string_lines
from codetune_git.text.source import Source

NAME = "indentation_width"
_STEPS = ("2", "4", "8", "tab")
_LEVEL = "0"  # cases that stand below their switch


def _texts(source: Source) -> dict[int, int]:
    """The lines that begin inside a string or a template."""
    opaque = (node for node, _ in source.of_kinds(source.grammar.opaque - source.grammar.flowing))
    return string_lines(source, (node for node in opaque if not node.is_extra))


def _base(source: Source, block: Node) -> bytes | None:
    """The blanks before the line of the closing brace, where the block's head begins with the same; else None."""
    text, closing = source.text, block.children[-1].start_byte
    if not opens_line(text, closing):
        return None
    base = indent_at(text, closing)
    heads = (block.start_byte, block.parent.start_byte if block.parent else block.start_byte)
    return base if any(indent_at(text, head) == base for head in heads) else None


def _lines(source: Source, start: int, end: int) -> list[int]:
    """Where the lines of the bytes `[start, end)` begin that are not blank and not inside a text."""
    text, texts = source.text, source.once(_texts)
    lines = source.line_starts[source.line_of(start) - 1 : source.line_of(end - 1)]
    return [line for line in lines if line not in texts and text[line : line_end(text, line)].strip()]


def _site(source: Source, block: Node, kind: str) -> Site | None:
    text, children = source.text, block.children
    if block.has_error or len(children) < 3 or (children[0].type, children[-1].type) != ("{", "}"):
        return None
    first, base = children[1], _base(source, block)
    if base is None or first.start_point.row == children[0].end_point.row or not opens_line(text, first.start_byte):
        return None
    start, end = line_start(text, first.start_byte), line_start(text, children[-1].start_byte)
    before = indent_at(text, start)
    is_switch = kind in source.grammar.switches
    step = step_of(before[len(base) :]) if before != base else (_LEVEL if is_switch else None)
    inside = all(text.startswith(before, line) for line in _lines(source, start, end))
    if step is None or not before.startswith(base) or not inside:
        return None
    return Site(NAME, start, end, step, ("switch" if is_switch else "block", kind))


def _sites(source: Source) -> Iterator[Site]:
    for block, kind in source.of_kinds(source.grammar.blocks):
        if (site := _site(source, block, kind)) is not None:
            yield site


def _rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    if variant == _LEVEL and site.context[:1] != ("switch",):
        return None
    before, old = indent_at(source.text, site.start), blanks_of(site.variant)
    base = len(before) - len(old)
    lines = _lines(source, site.start, site.end)
    return tuple(Edit(line + base, line + len(before), blanks_of(variant)) for line in lines)


CONVENTIONS: tuple[Convention, ...] = (
    Convention(NAME, "width of the indentation", (*_STEPS, _LEVEL), _sites, _rewrite, decisive=1),
)
