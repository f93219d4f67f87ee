"""Python's grammar. Knows node kinds; does not know conventions."""

from __future__ import annotations

import tree_sitter_python

from codetune_git.languages.suffixes import BY_LANGUAGE
from codetune_git.text.grammar import Grammar

GRAMMAR = Grammar(
    name="python",
    suffixes=BY_LANGUAGE["python"],
    wheel=tree_sitter_python.language,
    comment="#",
    opaque=frozenset({"string", "comment"}),
    blocks=frozenset({"module", "block"}),
    classes=frozenset({"class_definition"}),
    wrappers=frozenset({"decorated_definition"}),
    imports=frozenset({"import_statement", "import_from_statement", "future_import_statement"}),
)
