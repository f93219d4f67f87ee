"""The one gate for contents: what may be counted, learned from, evaluated on and judged, or a refusal.

Knows bytes and syntax. Does not know paths: which of these are looked at at all, ignore rules and attributes
decide before any content is read.
"""

from __future__ import annotations

from codetune_git.domain import LineRange, Refusal
from codetune_git.text.decoding import decode
from codetune_git.text.grammar import Grammar
from codetune_git.text.selection import refuse_syntax, refuse_text
from codetune_git.text.source import Source


def readable(content: bytes) -> bytes | Refusal:
    """The text of a file, UTF-8 with line feeds, or a refusal; it need not parse."""
    text = decode(content)
    if isinstance(text, Refusal):
        return text
    return refuse_text(text) or text


def admitted(content: bytes, grammar: Grammar, near: LineRange | None = None) -> Source | Refusal:
    """The parsed text of a file, or a refusal; `near`: with the nodes of these lines only.

    A small part of a file may be what the parser makes no sense of.
    """
    text = readable(content)
    if isinstance(text, Refusal):
        return text
    source = Source.parse(text, grammar, near)
    return refuse_syntax(source) or source
