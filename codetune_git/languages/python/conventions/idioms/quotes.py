"""Quotes: `'a'` or `"a"`, the two kinds of triple quotes, `u'a'` or `'a'`.

Knows string literals. Does not know docstrings, which follow rules of their own, nor bare strings used as comments. A
string that holds a quote or an escaped one is no free choice: the other spelling would need other escapes.
"""

from __future__ import annotations

import re

from tree_sitter import Node

from codetune_git.languages.python.conventions.idioms.choices import Choice, convention, place_of, spelling
from codetune_git.languages.python.conventions.idioms.file_facts import File

_OPENING = re.compile(rb"([A-Za-z]*)(\'\'\'|\"\"\"|\'|\")")
_NAME = re.compile(rb"[\w.:/%{}<>=-]+")
_SINGLE, _DOUBLE = b"'", b'"'
_BARE = ("expression_statement", "block", "module", "ERROR")


def _parts(file: File, node: Node) -> tuple[bytes, bytes, bytes] | None:
    """Prefix, quote and what is between the quotes; None for broken strings."""
    text = file.slice(node)
    match = _OPENING.match(text)
    if match is None or not text.endswith(match[2]) or len(text) < match.end() + len(match[2]):
        return None
    return match[1], match[2], text[match.end() : len(text) - len(match[2])]


def _is_bare(node: Node) -> bool:
    """Whether the string is a statement: a docstring or a comment of sorts."""
    parent = node.parent
    return parent is None or parent.type in _BARE


def _shape(content: bytes) -> str:
    """How the content looks: empty, one character, a word, a name with signs in it, words with blanks, or signs."""
    if len(content) < 2:
        return "char" if content else "empty"
    if b" " in content.strip():
        return "words"
    if content.strip().isalnum() or content.replace(b"_", b"").isalnum():
        return "word"
    return "name" if _NAME.fullmatch(content) else "signs"


def _prefix(prefix: bytes) -> str:
    return prefix.decode().lower() or "plain"


def _quotes(file: File, node: Node) -> Choice | None:
    parts = _parts(file, node)
    if parts is None or len(parts[1]) == 3 or _SINGLE in parts[2] or _DOUBLE in parts[2] or _is_bare(node):
        return None
    prefix, _, content = parts
    texts = {name: prefix + quote + content + quote for name, quote in (("single", _SINGLE), ("double", _DOUBLE))}
    return spelling(file, (node.start_byte, node.end_byte), texts, (_shape(content), _prefix(prefix), place_of(node)))


def _triple_quotes(file: File, node: Node) -> Choice | None:
    parts = _parts(file, node) if node.end_byte - node.start_byte > 5 else None
    if parts is None or len(parts[1]) != 3 or _is_bare(node):
        return None
    prefix, _, content = parts
    if content.startswith((_SINGLE, _DOUBLE)) or content.endswith((_SINGLE, _DOUBLE, b"\\")):
        return None
    if any(3 * quote in content or b"\\" + quote in content for quote in (_SINGLE, _DOUBLE)):
        return None
    texts = {
        name: prefix + 3 * quote + content + 3 * quote for name, quote in (("single", _SINGLE), ("double", _DOUBLE))
    }
    lines = "lines" if b"\n" in content else "line"
    return spelling(file, (node.start_byte, node.end_byte), texts, (lines, _prefix(prefix), place_of(node)))


def _unicode_prefix(file: File, node: Node) -> Choice | None:
    parts = _parts(file, node) if file.begins(node, b"u", _SINGLE, _DOUBLE) else None
    if parts is None or parts[0] not in (b"", b"u") or _is_bare(node):
        return None
    # Beyond ASCII, and with escapes, the prefix is there for Python 2, where it decides what the text is.
    if not parts[2].isascii() or b"\\" in parts[2]:
        return None
    span = node.start_byte, node.start_byte + len(parts[0]) + len(parts[1])
    return spelling(file, span, {"u": b"u" + parts[1], "bare": parts[1]}, ())


_STRING = frozenset({"string"})

CONVENTIONS = (
    convention("quotes", "quotes of strings", ("single", "double"), _STRING, choose=_quotes),
    convention("triple_quotes", "quotes of long strings", ("single", "double"), _STRING, choose=_triple_quotes),
    convention("unicode_prefix", "u prefix of strings", ("u", "bare"), _STRING, choose=_unicode_prefix),
)
