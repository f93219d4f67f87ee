"""The blanks around a token: where they are a free choice, what they are called, how to write them otherwise.

Knows bytes, lines and node types. Does not know any one convention: those say which tokens they are about.

A choice is free where the token has text on both sides on its own line. Two blanks or more are layout by column, not a
choice between two spellings, and so is a token in a column with such a run above or below: neither is a site.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.shared.columns import blanks_before, column, starts_line
from codetune_git.text.source import Source

Spelling = tuple[bytes, bytes]
"""The blanks before and after a token: each empty or one blank."""

AROUND: Mapping[Spelling, str] = {
    (b" ", b" "): "spaced",
    (b"", b""): "tight",
    (b" ", b""): "mixed",
    (b"", b" "): "mixed",
}
AROUND_VARIANTS = ("spaced", "tight")

COLON: Mapping[Spelling, str] = {
    (b"", b" "): "after",
    (b"", b""): "tight",
    (b" ", b" "): "both",
    (b" ", b""): "mixed",
}
COLON_VARIANTS = ("after", "tight", "both")

_WRITTEN = {"spaced": (b" ", b" "), "tight": (b"", b""), "after": (b"", b" "), "both": (b" ", b" ")}
# Blanks inside the braces of an f-string can be part of its value (`f"{x = }"`); broken code has no reliable tokens.
_OPAQUE = frozenset({"interpolation", "ERROR"})
_BLANKS = b" \t"


def walk(
    source: Source, wanted: frozenset[str], enclosing: frozenset[str] = frozenset()
) -> Iterator[tuple[Node, str, list[str]]]:
    """The nodes of the `wanted` types in document order, each with its type and the `enclosing` types that it lies in.

    Those come inmost last, in a list of the walk's own: read it before the next step. Leaves out what lies in f-string
    braces and in broken code.
    """
    seen = wanted | enclosing | _OPAQUE
    ends: list[int] = []
    kinds: list[str] = []
    hidden_until = -1
    for node, kind in source.of_kinds(seen):
        start = node.start_byte
        if start < hidden_until:
            continue
        while ends and ends[-1] <= start:
            ends.pop()
            kinds.pop()
        if kind in _OPAQUE:
            hidden_until = node.end_byte
            continue
        if kind in wanted:
            yield node, kind, kinds
        if kind in enclosing:
            ends.append(node.end_byte)
            kinds.append(kind)


def blanks_after(text: bytes, offset: int) -> int:
    """Where the run of blanks that begins at `offset` ends."""
    while offset < len(text) and text[offset] in _BLANKS:
        offset += 1
    return offset


def ends_line(text: bytes, offset: int) -> bool:
    """Whether the line, a comment or a continued line follows at `offset`, given that no blank does."""
    return offset >= len(text) or text[offset] in b"\n\\#"


def _is_aligned(source: Source, offset: int, token: bytes) -> bool:
    """Whether `token`, if it stood at `offset`, were in a column that others were moved to by two blanks or more."""
    return any(source.text[place - 2 : place] == b"  " for place in column(source, offset, token))


def spelled(source: Source, token: Node, names: Mapping[Spelling, str]) -> tuple[int, int, str] | None:
    """The span of the token with its blanks and the name of how they are written; None where that is no free choice."""
    text, start, end = source.text, token.start_byte, token.end_byte
    first, last = blanks_before(text, start), blanks_after(text, end)
    variant = names.get((text[first:start], text[end:last]))
    if variant is None or starts_line(text, first) or ends_line(text, last):
        return None
    # Its column with a blank before it and without: so the choice is as free after a rewrite as before.
    written = text[start:end]
    if _is_aligned(source, first, written) or _is_aligned(source, first + 1, written):
        return None
    return first, last, variant


def respaced(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    """The edit that writes the blanks around the token in `site` as `variant`."""
    before, after = _WRITTEN[variant]
    token = source.text[site.start : site.end].strip(_BLANKS)
    return (Edit(site.start, site.end, before + token + after),)
