"""Spelling of numbers: `0xff` or `0xFF`, `1e5` or `1E5`, `1.0` or `1.`, `0.5` or `.5`.

Knows single literals. Does not know what a number is for.
"""

from __future__ import annotations

import re

from tree_sitter import Node

from codetune_git.languages.python.conventions.idioms.choices import Choice, convention, spelling
from codetune_git.languages.python.conventions.idioms.file_facts import File

_HEX = re.compile(rb"0[xX][0-9a-fA-F_]+")
_EXPONENT = re.compile(rb"[0-9._]+[eE][+-]?[0-9_]+")


def _number_case(file: File, node: Node) -> Choice | None:
    text = file.slice(node)
    if _HEX.fullmatch(text) and not text[2:].isdigit():
        kind, prefix, digits = "hex", text[:2], text[2:]
    elif _EXPONENT.fullmatch(text):
        kind, prefix, digits = "exponent", b"", text
    else:
        return None
    texts: dict[str, bytes | None] = {"lower": prefix + digits.lower(), "upper": prefix + digits.upper()}
    return spelling(file, (node.start_byte, node.end_byte), texts, (kind,)) if len({*texts.values()}) == 2 else None


def _float_zero(file: File, node: Node) -> Choice | None:
    """`1.0` or `1.`, `0.5` or `.5`."""
    text = file.slice(node)
    whole, point, fraction = text.partition(b".")
    if not point or not (whole + fraction).isdigit() or file.text[node.end_byte : node.end_byte + 1].isalpha():
        return None
    if fraction in (b"", b"0"):
        kind, texts = "end", {"written": whole + b".0", "left_out": whole + b"."}
    elif whole in (b"", b"0"):
        kind, texts = "start", {"written": b"0." + fraction, "left_out": b"." + fraction}
    else:
        return None
    return spelling(file, (node.start_byte, node.end_byte), dict(texts), (kind,)) if whole or kind == "start" else None


_FLOAT = frozenset({"float"})

CONVENTIONS = (
    convention("number_case", "case of digits", ("lower", "upper"), _FLOAT | {"integer"}, choose=_number_case),
    convention("float_zero", "zero beside the point", ("written", "left_out"), _FLOAT, choose=_float_zero),
)
