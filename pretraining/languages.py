"""The grammars that the corpus is written in. The product's own table has those languages that it suggests in."""

from __future__ import annotations

from collections.abc import Callable

import tree_sitter_javascript
import tree_sitter_typescript

from codetune_git.languages.python.grammar import GRAMMAR as PYTHON
from codetune_git.text.grammar import Grammar

_SCRIPT_OPAQUE = frozenset({"string", "template_string", "comment", "regex", "jsx_text", "hash_bang_line"})
_SCRIPT_BLOCKS = frozenset(
    {"program", "statement_block", "class_body", "switch_case", "switch_default", "interface_body", "object_type"}
)


def _script(name: str, suffixes: tuple[str, ...], wheel: Callable[[], object]) -> Grammar:
    return Grammar(name, suffixes, wheel, comment="//", opaque=_SCRIPT_OPAQUE, blocks=_SCRIPT_BLOCKS)


_TABLE = (
    PYTHON,
    _script("javascript", (".js", ".mjs", ".cjs", ".jsx"), tree_sitter_javascript.language),
    _script("typescript", (".ts", ".mts", ".cts"), tree_sitter_typescript.language_typescript),
    _script("tsx", (".tsx",), tree_sitter_typescript.language_tsx),
)
_BY_SUFFIX = {suffix: grammar for grammar in _TABLE for suffix in grammar.suffixes}
SUFFIXES = tuple(_BY_SUFFIX)


def grammar_of(path: str) -> Grammar | None:
    """The grammar of a file by the end of its name; None where it is none of the corpus's."""
    name = path.rpartition("/")[2]
    return _BY_SUFFIX.get(name[name.rfind(".") :]) if "." in name else None
