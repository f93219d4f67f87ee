"""One step of indentation, in a word, and the lines that a step moves. Knows bytes; does not know what they say."""

from __future__ import annotations

from collections.abc import Iterable

from tree_sitter import Node

from codetune_git.text.source import Source


def step_of(blanks: bytes) -> str | None:
    """One step of indentation in a word: the number of blanks, or "tab"; None where both are mixed or there is none."""
    if blanks == b"\t":
        return "tab"
    return None if not blanks or blanks.strip(b" ") else str(len(blanks))


def blanks_of(step: str) -> bytes:
    """The inverse of `step_of`; no blanks for "0"."""
    return b"\t" if step == "tab" else b" " * int(step)


def string_lines(source: Source, strings: Iterable[Node]) -> dict[int, int]:
    """The lines that begin inside one of `strings`: {line start: the string's start}, the outer one where they nest."""
    found: dict[int, int] = {}
    for node in strings:
        opening = node.start_byte
        if source.text.find(b"\n", opening, node.end_byte) >= 0:
            first, last = source.line_of(opening), source.line_of(node.end_byte - 1)
            for line in range(first, last):
                found.setdefault(source.line_starts[line], opening)
    return found
