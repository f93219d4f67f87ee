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
    lists={
        "argument_list": "call",
        "parameters": "def",
        "list": "list",
        "tuple": "tuple",
        "dictionary": "dict",
        "set": "set",
        "parenthesized_expression": "paren",
        "import_from_statement": "import",
        "generator_expression": "comprehension",
        "list_comprehension": "comprehension",
        "set_comprehension": "comprehension",
        "dictionary_comprehension": "comprehension",
    },
    trailing_commas=frozenset(
        {"argument_list", "parameters", "list", "tuple", "dictionary", "set", "import_from_statement"}
    ),
    comma_makes=frozenset({"tuple"}),
    # Before Python 3.6 a def took none after a star, before 3.5 a call took none.
    no_comma_after=frozenset(
        {"list_splat_pattern", "dictionary_splat_pattern", "keyword_separator", "positional_separator"}
    ),
    heads=frozenset({"def", "class", "async"}),
    chains=frozenset({"binary_operator", "boolean_operator", "comparison_operator"}),
    concatenations=frozenset({"concatenated_string"}),
)
