"""Finds, in a file of any grammar, the places where its author chose a layout, and what else could stand there.

Knows tokens, gaps, bracketed lists, statements and comments as tree-sitter gives them. Does not know the product's
catalogue, and proves nothing: whoever makes an edit parses the result again. Good for drawing training text only.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from tree_sitter import Node

from codetune_git.text.source import Source
from pretraining.choice import Choice
from pretraining.scripts import script

_WIDTH = 79
_FLAT_WIDTH = 110
_MOST_ITEMS = 40
_BRACKETS = {b"(": b")", b"[": b"]", b"{": b"}"}
_FREE = frozenset("()[]{},;:")  # next to these a blank may come and go
_FIRST_WORD = re.compile(rb"(#+!?:?|//+|/\*\*?\s*\n?\s*\*?|\"\"\"\s*|'''\s*)(\s*)([A-Za-z])([a-z]*)(?=[ ,])")
_SUMMARY_END = re.compile(
    rb"\A(?:[rRuU]?(?:\"\"\"|''')|/\*\*)\s*(?:\*\s*)?[^\n]*?[a-z)](\.?)(?=\s*(?:\n\s*\*?\s*\n|\*/|\"\"\"|'''))"
)


class Leaf(NamedTuple):
    """A token: its bytes, its kind, and the kind of the node that it stands in."""

    start: int
    end: int
    kind: str
    parent: str


def leaves(source: Source) -> list[Leaf]:
    """The tokens in order; strings, templates and comments are one token each."""
    found: list[Leaf] = []
    covered = -1
    for node, kind in zip(source.nodes, source.kinds, strict=True):
        start = node.start_byte
        if start < covered or node.end_byte == start:
            continue
        if kind in source.grammar.opaque or node.child_count == 0:
            parent = node.parent
            covered = node.end_byte
            found.append(Leaf(start, covered, kind, parent.type if parent else ""))
    return found


def _removable(source: Source, left: Leaf, right: Leaf) -> bool:
    """Whether a blank between two tokens means nothing."""
    a, b = chr(source.text[left.end - 1]), chr(source.text[right.start])
    words = (a.isalnum() or a in "_$") + (b.isalnum() or b in "_$")
    if words == 2 or "regex" in (left.kind, right.kind) or (a.isdigit() and b == "."):
        return False
    if left.kind in source.grammar.opaque or right.kind in source.grammar.opaque:
        return words == 0
    return words == 1 or a in _FREE or b in _FREE


def _gap_keys(kind: str, left: Leaf, right: Leaf) -> tuple[str, ...]:
    return (
        f"{kind} {right.parent} {left.kind} {right.kind}",
        f"{kind} {left.parent} {left.kind} …" if left.kind in _FREE or len(left.kind) < 4 else f"{kind} … {right.kind}",
        f"{kind} {left.kind} …",
    )


def gaps(source: Source, found: list[Leaf]) -> Iterator[Choice]:
    """The blanks between tokens of a line, those before a comment, and the break or blank before a brace or `else`."""
    text = source.text
    for left, right in pairwise(found):
        between = text[left.end : right.start]
        if between.strip():
            continue
        if right.kind == "comment" and b"\n" not in between:
            others = tuple((name, b) for name, b in (("one", b" "), ("two", b"  ")) if b != between)
            yield Choice(("comment_gap",), left.end, right.start, str(len(between)), others)
        elif b"\n" not in between and _removable(source, left, right):
            other = ("one", b" ") if between != b" " else ("none", b"")
            yield Choice(_gap_keys("gap", left, right), left.end, right.start, _width(between), (other,))
        elif source.grammar.name != "python" and _movable(left, right):
            indentation = _indentation(text, left.start)
            variant = "newline" if b"\n" in between else "one"
            other = ("one", b" ") if variant == "newline" else ("newline", b"\n" + indentation)
            yield Choice(_gap_keys("brace", left, right)[1:], left.end, right.start, variant, (other,))


def _width(between: bytes) -> str:
    return {b"": "none", b" ": "one"}.get(between, "many")


def _movable(left: Leaf, right: Leaf) -> bool:
    opening = right.kind == "{" and right.parent in ("statement_block", "class_body") and left.kind != "=>"
    return opening or (left.kind == "}" and right.kind in ("else", "catch", "finally"))


def _indentation(text: bytes, offset: int) -> bytes:
    start = text.rfind(b"\n", 0, offset) + 1
    line = text[start:offset]
    return line[: len(line) - len(line.lstrip())]


_WHOLE = frozenset({"parenthesized_expression", "parenthesized_type"})  # brackets that hold one thing: no lists


def _lists(source: Source) -> Iterator[tuple[Node, list[Node], bool]]:
    """Bracketed lists with their items, and whether a comma follows the last one."""
    for node, kind in zip(source.nodes, source.kinds, strict=True):
        children = node.children if kind not in _WHOLE and 3 <= node.child_count <= 2 * _MOST_ITEMS else ()
        if not children or source.text[children[-1].start_byte : children[-1].end_byte] != _BRACKETS.get(
            source.text[children[0].start_byte : children[0].end_byte]
        ):
            continue
        inner = children[1:-1]
        items, commas = inner[::2], inner[1::2]
        if all(c.type == "," for c in commas) and all(i.is_named and i.type != "comment" for i in items):
            yield node, items, len(commas) == len(items)


def _several(parts: list[bytes], close: bytes, indentation: bytes, unit: bytes) -> list[tuple[str, bytes]]:
    """The layouts of a list over several lines. The first of `parts` is the opening bracket."""
    opening, *items = parts
    deep = b"\n" + indentation + unit
    end = b"\n" + indentation + close
    filled, line = b"", len(indentation + unit)
    for item in items:
        fits = line + len(item) + 2 <= _WIDTH
        filled += (b" " if fits and filled else b"" if not filled else deep) + item + b","
        line = line + len(item) + 2 if fits else len(indentation + unit) + len(item) + 1
    return [
        ("hanging", opening + deep + (b"," + deep).join(items) + end),
        ("hanging,", opening + deep + (b"," + deep).join(items) + b"," + end),
        ("hanging_tight", opening + deep + (b"," + deep).join(items) + close),
        ("filled", opening + deep + filled[:-1] + end),
    ]


def _layout(text: bytes, items: list[Node], comma: bool) -> str:
    if b"\n" not in text:
        return "flat"
    if b"\n" not in text[: text.find(b"\n") + 1].strip(b"\n") and text[1:].lstrip(b" \t").startswith(b"\n"):
        rows = len({item.start_point.row for item in items})
        closed = text[:-1].rstrip(b" \t").endswith(b"\n")
        return ("hanging" + "," * comma if closed else "hanging_tight") if rows == len(items) else "filled"
    return "aligned"


def wraps(source: Source) -> Iterator[Choice]:
    """Each bracketed list as a whole: flat, hanging with or without a closing line or a last comma, filled, aligned."""
    script, unit = source.grammar.name != "python", indentation_unit(source)
    for node, items, comma in _lists(source):
        text = source.slice(node)
        parts = [text[:1], *(source.slice(item) for item in items)]
        if any(b"\n" in part for part in parts) or (len(items) == 1 and not comma and len(text) < 30):
            continue
        close = text[-1:]
        before = len(text[:1]) + node.start_point.column
        pad = b" " if script and text[:1] == b"{" else b""
        flat = text[:1] + pad + b", ".join(parts[1:]) + pad + close
        single = b"," if len(items) == 1 and comma and node.type == "tuple" else b""
        several = _several(parts, close, _indentation(source.text, node.start_byte), unit)
        column = b"\n" + b" " * before
        several.append(("aligned", text[:1] + (b"," + column).join(parts[1:]) + close))
        variants = [("flat", flat)] if not single and before + len(flat) < _FLAT_WIDTH else []
        if len(items) > 1:
            variants += several
        elif not single:
            variants += [v for v in several if v[0] in ("hanging", "hanging_tight")]
        others = tuple((name, new) for name, new in variants if new != text)
        if others:
            keys = (f"wrap {node.type} {len(flat) + before > _WIDTH}", f"wrap {node.type}", "wrap")
            yield Choice(keys, node.start_byte, node.end_byte, _layout(text, items, comma), others)


def last_commas(source: Source) -> Iterator[Choice]:
    """The comma behind the last item of a list whose closing bracket stands on a line of its own."""
    for node, items, comma in _lists(source):
        closing = source.text[items[-1].end_byte : node.end_byte - 1] if items else b""
        if b"\n" not in closing or len(items) < 2 or items[-1].type in ("rest_pattern", "spread_element"):
            continue
        start = items[-1].end_byte
        keys = (f"last_comma {node.type}", "last_comma")
        if comma:
            yield Choice(keys, start, start + closing.index(b",") + 1, "yes", (("no", b""),))
        else:
            yield Choice(keys, start, start, "no", (("yes", b","),))


def blank_lines(source: Source) -> Iterator[Choice]:
    """The blank lines between neighbouring statements and comments of a block."""
    for node, kind in zip(source.nodes, source.kinds, strict=True):
        if kind not in source.grammar.blocks:
            continue
        children = node.children
        for left, right in pairwise(children):
            between = source.text[left.end_byte : right.start_byte]
            if between.strip() or b"\n" not in between:
                continue
            count = min(between.count(b"\n") - 1, 3)
            rest = between[between.rfind(b"\n") + 1 :]
            others = tuple((str(n), b"\n" * (n + 1) + rest) for n in (0, 1, 2) if n != count)
            keys = (
                f"blank {kind} {left.type} {right.type}",
                f"blank {kind} … {right.type}",
                f"blank {kind} {left.type} …",
            )
            yield Choice(keys, left.end_byte, right.start_byte, str(count), others)


def line_ends(source: Source, found: list[Leaf]) -> Iterator[Choice]:
    """Blanks at the ends of lines, outside of strings: none, or some."""
    text = source.text
    inside = [(leaf.start, leaf.end) for leaf in found if leaf.kind in source.grammar.opaque and leaf.kind != "comment"]
    at = 0
    for start in (*source.line_starts[1:], len(text) + 1):
        end = start - 1
        while at < len(inside) and inside[at][1] <= end:
            at += 1
        if at < len(inside) and inside[at][0] < end:
            continue
        line = text[text.rfind(b"\n", 0, end) + 1 : end]
        blanks = len(line) - len(line.rstrip(b" \t"))
        place = "line_end empty" if blanks == len(line) else "line_end"
        if blanks:
            yield Choice((place, "line_end"), end - blanks, end, "some", (("none", b""),))
        elif end < len(text):
            others = (("some", b" " if line else b"    "), ("more", b"  " if line else b"        "))
            yield Choice((place, "line_end"), end, end, "none", others)


def words(source: Source, found: list[Leaf]) -> Iterator[Choice]:
    """In comments and docstrings: the blank behind the marker, the first letter's case, the summary's full stop."""
    for leaf in found:
        documents = leaf.kind == "string" and leaf.parent == "expression_statement"
        if leaf.kind != "comment" and not documents:
            continue
        text = source.text[leaf.start : leaf.end]
        name = "doc" if documents or text.startswith(b"/**") else "comment"
        if name == "comment" and (marker := source.grammar.comment.encode()) and text.startswith(marker):
            rest = text[len(marker) :]
            at = leaf.start + len(marker)
            if rest[:1].isalpha():
                yield Choice(("comment_blank",), at, at, "none", (("one", b" "),))
            elif rest[:1] == b" " and rest[1:2].isalpha():
                yield Choice(("comment_blank",), at, at + 1, "one", (("none", b""),))
        if first := _FIRST_WORD.match(text):
            letter = first.group(3)
            upper = letter.isupper()
            new = letter.lower() if upper else letter.upper()
            place = leaf.start + first.start(3)
            other = ("lower" if upper else "upper", new)
            yield Choice((f"{name}_case",), place, place + 1, "upper" if upper else "lower", (other,))
        if name == "doc" and (end := _SUMMARY_END.match(text)):
            stop = end.group(1)
            place = leaf.start + end.start(1)
            other = ("no", b"") if stop else ("yes", b".")
            yield Choice(("doc_stop",), place, place + len(stop), "yes" if stop else "no", (other,))


def indentation_unit(source: Source) -> bytes:
    """What one level is indented by: a tab, or the least number of blanks that a line begins with (2, 4 or 8)."""
    widths = set()
    for start in source.line_starts[:400]:
        line = source.text[start : start + 80]
        if line.startswith(b"\t"):
            return b"\t"
        width = len(line) - len(line.lstrip(b" "))
        if width in (2, 4, 8) and line[width : width + 1] not in (b"*", b"\n", b""):
            widths.add(width)
    return b" " * min(widths, default=4)


def choices(source: Source) -> tuple[Choice, ...]:
    """All choices of a file, in the order of their places."""
    found = leaves(source)
    every = [
        *gaps(source, found),
        *wraps(source),
        *last_commas(source),
        *blank_lines(source),
        *line_ends(source, found),
        *words(source, found),
    ]
    if source.grammar.name != "python":
        every += script(source)
    return tuple(sorted(every, key=lambda choice: (choice.start, choice.end)))
