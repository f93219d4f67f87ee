"""How far in the lines of a block stand, of a case, of a statement without braces; whether cases stand in their switch.

Knows blocks and their lines; no layout of lists. A block is moved as a whole: what hangs or nests in it goes along, the
inside of strings and templates does not. What stands further out than the block's lines, and braces that stand in no
column, make it no choice.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.shared.fashion import Fashion
from codetune_git.languages.shared.lines import indent_at, line_end, line_start, opens_line
from codetune_git.languages.shared.steps import blanks_of, step_of, string_lines
from codetune_git.text.source import Source

WIDTH, CASES = "indentation_width", "case_indentation"
_STEPS = ("2", "4", "8", "tab")


class Block(NamedTuple):
    """The lines of a block or a statement as the bytes `[start, end)`, the blanks before them and before their head."""

    start: int
    end: int
    before: bytes
    base: bytes
    kind: str


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


def _braced(source: Source, block: Node, kind: str) -> Block | None:
    """The lines of a block in braces."""
    text, children = source.text, block.children
    if len(children) < 3 or (children[0].type, children[-1].type) != ("{", "}"):
        return None
    first, base = children[1], _base(source, block)
    if base is None or first.start_point.row == children[0].end_point.row or not opens_line(text, first.start_byte):
        return None
    start, end = line_start(text, first.start_byte), line_start(text, children[-1].start_byte)
    return Block(start, end, indent_at(text, start), base, kind)


def _end_of_case(source: Source, case: Node, before: bytes) -> int:
    """Where the last line of a case ends, comments below it that stand as far in included."""
    text, last = source.text, case
    following = case.next_sibling
    while following is not None and following.is_extra and opens_line(text, following.start_byte):
        if indent_at(text, following.start_byte) != before:
            break
        last, following = following, following.next_sibling
    return line_end(text, last.end_byte)


def _case(source: Source, case: Node, kind: str) -> Block | None:
    """The lines below the head of a case."""
    text, children = source.text, case.children
    head = next((place for place, child in enumerate(children) if child.type == ":"), len(children))
    if head + 1 >= len(children) or not opens_line(text, case.start_byte):
        return None
    first = children[head + 1]
    if first.start_point.row == children[head].end_point.row or not opens_line(text, first.start_byte):
        return None
    before = indent_at(text, first.start_byte)
    end = _end_of_case(source, case, before)
    return Block(line_start(text, first.start_byte), end, before, indent_at(text, case.start_byte), kind)


def _bare(source: Source, owner: Node, kind: str) -> Iterator[Block]:
    """The lines of the statements that a branch or a loop holds without braces, each below its head."""
    text = source.text
    held = [owner.child_by_field_name(name) for name in ("consequence", "alternative", "body")]
    for node in held if any(held) else owner.named_children[-1:]:
        before = node.prev_sibling if node is not None else None
        if node is None or before is None or node.is_extra or node.type in source.grammar.blocks | {"else_clause"}:
            continue
        if before.end_point.row < node.start_point.row and opens_line(text, node.start_byte):
            head = before if before.type == "else" else owner
            start, end = line_start(text, node.start_byte), line_end(text, node.end_byte)
            yield Block(start, end, indent_at(text, start), indent_at(text, head.start_byte), kind)


def _found(source: Source) -> Iterator[Block]:
    grammar = source.grammar
    for node, kind in source.of_kinds(grammar.blocks | grammar.cases | grammar.unbraced):
        if node.has_error:
            continue
        if kind in grammar.unbraced:
            yield from _bare(source, node, kind)
        elif (block := (_case if kind in grammar.cases else _braced)(source, node, kind)) is not None:
            yield block


def _blocks(source: Source) -> list[Block]:
    """The blocks of which all lines stand at least as far in as the first one."""
    return [
        block
        for block in _found(source)
        if block.before.startswith(block.base)
        and all(source.text.startswith(block.before, line) for line in _lines(source, block.start, block.end))
    ]


def _nested(source: Source, site: Site) -> set[int]:
    """Where the lines of the blocks inside a block begin: each is moved further by its own step."""
    inside = (block for block in source.once(_blocks) if site.start < block.start and block.end <= site.end)
    return {line for block in inside for line in _lines(source, block.start, block.end)}


def _moved(source: Source, site: Site, old: bytes, new: bytes) -> tuple[Edit, ...]:
    """The edits that put the lines of a block `new` further in than what it belongs to, not `old`.

    Between tabs and blanks, what hangs by whole steps hangs by as many of the new ones.
    """
    text, before = source.text, len(indent_at(source.text, site.start))
    is_mixed = bool(old and new) and (b"\t" in old) != (b"\t" in new)
    nested = _nested(source, site) if is_mixed else set()
    edits = []
    for line in _lines(source, site.start, site.end):
        further = indent_at(text, line)[before:] if is_mixed and line not in nested else b""
        steps = len(further) // len(old) if further else 0
        if further != old * steps:
            further, steps = b"", 0
        edits.append(Edit(line + before - len(old), line + before + len(further), new * (1 + steps)))
    return tuple(edits)


def _widths(source: Source) -> Iterator[Site]:
    for block in source.once(_blocks):
        step = step_of(block.before[len(block.base) :])
        if step is not None:
            yield Site(WIDTH, block.start, block.end, step, (block.kind,))


def _write_width(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    return _moved(source, site, blanks_of(site.variant), blanks_of(variant))


# Cases


def _step(source: Source) -> bytes:
    return Fashion(source.text, source.grammar.heads).step


def _levels(source: Source) -> Iterator[Site]:
    for block in source.once(_blocks):
        if block.kind in source.grammar.switches:
            inside = block.before[len(block.base) :]
            if not inside or step_of(inside) is not None:
                yield Site(CASES, block.start, block.end, "inside" if inside else "level")


def _write_level(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    step = source.once(_step)
    if variant == "inside":
        return _moved(source, site, b"", step)
    before = indent_at(source.text, site.start)
    return _moved(source, site, step, b"") if before.endswith(step) else None


CONVENTIONS: tuple[Convention, ...] = (
    Convention(WIDTH, "width of the indentation", _STEPS, _widths, _write_width),
    Convention(CASES, "indentation of cases", ("inside", "level"), _levels, _write_level),
)
