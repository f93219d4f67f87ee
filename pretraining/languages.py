"""The languages that the corpus is written in: their suffixes, grammars, and the few node kinds that drawing asks for.

Knows tree-sitter grammars; does not know samples. The product's own rooms read Python alone, so this table stands here.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

import tree_sitter_javascript
import tree_sitter_python
import tree_sitter_typescript
from tree_sitter import Language as Grammar
from tree_sitter import Parser, Tree

from codetune_git.domain import LineRange
from codetune_git.text.source import Source


@dataclass(frozen=True, slots=True)
class Language:
    """`opaque` are the kinds of nodes whose inside is text, `blocks` those whose children are statements."""

    name: str
    suffixes: tuple[str, ...]
    grammar: Callable[[], object]
    comment: str
    opaque: frozenset[str]
    blocks: frozenset[str]


_SCRIPT_OPAQUE = frozenset({"string", "template_string", "comment", "regex", "jsx_text", "hash_bang_line"})
_SCRIPT_BLOCKS = frozenset(
    {"program", "statement_block", "class_body", "switch_case", "switch_default", "interface_body", "object_type"}
)
_TABLE = (
    Language(
        "python",
        (".py",),
        tree_sitter_python.language,
        "#",
        frozenset({"string", "comment"}),
        frozenset({"module", "block"}),
    ),
    Language(
        "javascript",
        (".js", ".mjs", ".cjs", ".jsx"),
        tree_sitter_javascript.language,
        "//",
        _SCRIPT_OPAQUE,
        _SCRIPT_BLOCKS,
    ),
    Language(
        "typescript",
        (".ts", ".mts", ".cts"),
        tree_sitter_typescript.language_typescript,
        "//",
        _SCRIPT_OPAQUE,
        _SCRIPT_BLOCKS,
    ),
    Language("tsx", (".tsx",), tree_sitter_typescript.language_tsx, "//", _SCRIPT_OPAQUE, _SCRIPT_BLOCKS),
)
_BY_SUFFIX = {suffix: language for language in _TABLE for suffix in language.suffixes}
SUFFIXES = tuple(_BY_SUFFIX)


def language_of(path: str) -> Language | None:
    """The language of a file by the end of its name; None where it is none of the corpus's."""
    name = path.rpartition("/")[2]
    return _BY_SUFFIX.get(name[name.rfind(".") :]) if "." in name else None


@cache
def _parser(name: str) -> Parser:
    return Parser(Grammar(next(language for language in _TABLE if language.name == name).grammar()))


def tree_of(language: Language, text: bytes) -> Tree:
    return _parser(language.name).parse(text)


def parse(language: Language, text: bytes, lines: LineRange | None = None) -> Source:
    """The bytes of a file with their tree and all its nodes, parents first, or those that touch `lines`."""
    return Source.of(text, tree_of(language, text), lines)
