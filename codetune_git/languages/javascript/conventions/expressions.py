"""Digits of numbers: letters of hexadecimal ones, and the zero before the point."""

from __future__ import annotations

import re

from tree_sitter import Node

from codetune_git.languages.javascript.conventions.choices import Choice, convention
from codetune_git.text.source import Source

_HEX = re.compile(rb"0[xX][0-9a-fA-F]*[a-fA-F][0-9a-fA-F]*")
_LEADING = re.compile(rb"0?\.[0-9]+")


def _digits(source: Source, node: Node) -> Choice | None:
    """The letters among hexadecimal digits."""
    text = source.slice(node)
    if not _HEX.fullmatch(text) or text[2:] not in (text[2:].upper(), text[2:].lower()):
        return None
    texts = {"lower": text[:2] + text[2:].lower(), "upper": text[:2] + text[2:].upper()}
    variant = "upper" if text == texts["upper"] else "lower"
    return Choice(node.start_byte, node.end_byte, variant, (), texts.get)


def _fraction(source: Source, node: Node) -> Choice | None:
    """`0.5` or `.5`."""
    text = source.slice(node)
    before = source.text[node.start_byte - 1 : node.start_byte]
    if not _LEADING.fullmatch(text) or before.isalnum() or before in (b"_", b"$"):  # `return.5`
        return None
    texts = {"zero": b"0" + text.removeprefix(b"0"), "point": text.removeprefix(b"0")}
    return Choice(node.start_byte, node.end_byte, "zero" if text[:1] == b"0" else "point", (), texts.get)


CONVENTIONS = (
    convention(
        "hexadecimal_digits",
        "letters of hexadecimal numbers",
        {"lower": "small letters", "upper": "capital letters"},
        ("number",),
        _digits,
    ),
    convention(
        "leading_zero",
        "zero before the decimal point",
        {"zero": "`0.5`", "point": "`.5`"},
        ("number",),
        _fraction,
    ),
)
