"""Rewrites of JavaScript by chance: most of them make another program, and no proof may say otherwise."""

from __future__ import annotations

import random
from collections.abc import Callable

from tree_sitter import Node

from codetune_git.domain import Edit
from codetune_git.languages.shared.tokens import tokens_read
from codetune_git.text.source import Source, apply_edits

_EXPRESSIONS = frozenset(
    {"identifier", "call_expression", "member_expression", "binary_expression", "string", "object", "arrow_function"}
    | {"function_expression", "assignment_expression", "ternary_expression", "await_expression", "unary_expression"}
    | {"number", "template_string", "new_expression", "sequence_expression", "subscript_expression", "class"}
)
_BODIES = frozenset(
    {"if_statement", "for_statement", "for_in_statement", "while_statement", "else_clause", "arrow_function"}
)
_SIGNS = (b";", b",", b"(", b")", b"!", b"+", b"++", b"?.", b"=>", b"async ", b"\n;")
_WORDS = (
    (b"==", b"==="),
    (b"===", b"=="),
    (b"var", b"let"),
    (b"let", b"const"),
    (b"const", b"let"),
    (b"let", b"var"),
    (b"const", b"var"),
)

Break = Callable[[Source, random.Random], tuple[Edit, ...]]


def _token(source: Source, rng: random.Random) -> Node:
    return rng.choice(tokens_read(source))


def _some(source: Source, rng: random.Random, kinds: frozenset[str]) -> Node | None:
    found = [node for node, _ in source.of_kinds(kinds)]
    return rng.choice(found) if found else None


def _sign(source: Source, rng: random.Random, sign: bytes) -> Node | None:
    found = [node for node in tokens_read(source) if source.slice(node) == sign]
    return rng.choice(found) if found else None


def _left_out(source: Source, rng: random.Random) -> tuple[Edit, ...]:
    node = _token(source, rng)
    return (Edit(node.start_byte, node.end_byte, b""),)


def _semicolon_left_out(source: Source, rng: random.Random) -> tuple[Edit, ...]:
    node = _sign(source, rng, b";")
    return () if node is None else (Edit(node.start_byte, node.end_byte, rng.choice([b"", b"\n"])),)


def _semicolon_put(source: Source, rng: random.Random) -> tuple[Edit, ...]:
    found = [start - 1 for start in source.line_starts[1:]]
    place = rng.choice(found) if found else 0
    return (Edit(place, place, b";"),)


def _put(source: Source, rng: random.Random) -> tuple[Edit, ...]:
    place = _token(source, rng).end_byte
    return (Edit(place, place, rng.choice(_SIGNS)),)


def _line_broken(source: Source, rng: random.Random) -> tuple[Edit, ...]:
    place = _token(source, rng).end_byte
    return (Edit(place, place, rng.choice([b"\n", b" /* a\n b */ "])),)


def _lines_joined(source: Source, rng: random.Random) -> tuple[Edit, ...]:
    found = [start - 1 for start in source.line_starts[1:]]
    place = rng.choice(found) if found else 0
    return (Edit(place, place + 1, b" "),) if found else ()


def _in_parentheses(source: Source, rng: random.Random) -> tuple[Edit, ...]:
    node = _some(source, rng, _EXPRESSIONS)
    return () if node is None else (Edit(node.start_byte, node.end_byte, b"(" + source.slice(node) + b")"),)


def _out_of_parentheses(source: Source, rng: random.Random) -> tuple[Edit, ...]:
    node = _some(source, rng, frozenset({"parenthesized_expression"}))
    return () if node is None else (Edit(node.start_byte, node.end_byte, b" " + source.slice(node)[1:-1] + b" "),)


def _out_of_braces(source: Source, rng: random.Random) -> tuple[Edit, ...]:
    node = _some(source, rng, frozenset({"statement_block"}))
    return () if node is None else (Edit(node.start_byte, node.end_byte, b" " + source.slice(node)[1:-1]),)


def _in_braces(source: Source, rng: random.Random) -> tuple[Edit, ...]:
    owner = _some(source, rng, _BODIES)
    node = owner.named_children[-1] if owner is not None and owner.named_child_count else None
    return () if node is None else (Edit(node.start_byte, node.end_byte, b"{" + source.slice(node) + b"}"),)


def _requoted(source: Source, rng: random.Random) -> tuple[Edit, ...]:
    node = _some(source, rng, frozenset({"string", "template_string"}))
    if node is None:
        return ()
    quote = rng.choice([b"'", b'"', b"`", b""])
    return (Edit(node.start_byte, node.end_byte, quote + source.slice(node)[1:-1] + quote),)


def _other_word(source: Source, rng: random.Random) -> tuple[Edit, ...]:
    before, after = rng.choice(_WORDS)
    node = _sign(source, rng, before)
    return () if node is None else (Edit(node.start_byte, node.end_byte, after),)


BREAKS: dict[str, Break] = {
    "a token left out": _left_out,
    "a semicolon left out": _semicolon_left_out,
    "a semicolon put": _semicolon_put,
    "a sign put": _put,
    "a line broken": _line_broken,
    "lines joined": _lines_joined,
    "in parentheses": _in_parentheses,
    "out of parentheses": _out_of_parentheses,
    "out of braces": _out_of_braces,
    "in braces": _in_braces,
    "requoted": _requoted,
    "another word": _other_word,
}


def broken(source: Source, rng: random.Random) -> tuple[str, bytes]:
    """The name of a break and the text that it makes."""
    name = rng.choice(sorted(BREAKS))
    return name, apply_edits(source.text, BREAKS[name](source, rng))
