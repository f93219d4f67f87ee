"""Whether two texts are the same tokens in the same tree: the proof for languages in which layout alone is rewritten.

Knows grammars. Takes for granted that a grammar reads line breaks as its language does: where a break ends a statement
(JavaScript's and Go's semicolons), the tree shows it. Beside that no break may come or go behind a word of the
grammar's `no_break_after`, whatever the tree says. A comma behind the last element of a list may come and go where the
grammar's table allows it. Blanks at the ends of lines inside comments are nobody's text, and a comment that no tool
reads is what it says to people (comments.py).
"""

from __future__ import annotations

from collections.abc import Callable

from tree_sitter import Node

from codetune_git.domain import Verification
from codetune_git.languages.shared.commas import list_ends
from codetune_git.languages.shared.comments import said
from codetune_git.languages.shared.tokens import leaves
from codetune_git.text.assumptions import Proof
from codetune_git.text.grammar import Grammar
from codetune_git.text.source import Source

_Token = tuple[int, str, bytes, bool]
"""Depth in the tree, kind, text, and whether a line break that may not move stands before it."""


def _trailing_commas(source: Source) -> frozenset[int]:
    """Where the commas stand that mean nothing."""
    return frozenset(end.comma.start_byte for end in list_ends(source) if end.comma is not None)


def _text(source: Source, node: Node) -> bytes:
    text = source.slice(node)
    return said(b"\n".join(line.strip() for line in text.split(b"\n")), source.grammar) if node.is_extra else text


def _tokens(source: Source) -> list[_Token]:
    commas = _trailing_commas(source)
    found: list[_Token] = []
    end, is_bound = 0, False
    for depth, node in leaves(source, source.tree.root_node, 0, len(source.text)):
        if node.type.isspace() or (node.type == "," and node.start_byte in commas):
            continue
        breaks = is_bound and b"\n" in source.text[end : node.start_byte]
        found.append((depth, node.type, _text(source, node), breaks))
        end, is_bound = node.end_byte, node.type in source.grammar.no_break_after
    return found


def _shape(source: Source) -> tuple[str, ...]:
    """The kinds of all nodes with a name, comments left out, in document order."""
    return tuple(kind for node, kind in source.outside_opaque(source.places) if node.is_named and not node.is_extra)


def verifier(grammar: Grammar) -> Callable[[bytes, bytes], Proof | None]:
    """The proof for files of a grammar: None where one of them does not parse."""

    def verify(before: bytes, after: bytes) -> Proof | None:
        old, new = (Source.parse(text, grammar) for text in (before, after))
        if old.has_error or new.has_error:
            return None
        is_same = _shape(old) == _shape(new) and _tokens(old) == _tokens(new)
        return Proof(Verification.SAFE if is_same else Verification.UNSAFE)

    return verify
