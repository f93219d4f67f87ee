"""JavaScript as a language of the table. Knows the words of its grammar."""

from __future__ import annotations

import tree_sitter_javascript

from codetune_git.languages.shared.layout_language import layout_language
from codetune_git.languages.suffixes import BY_LANGUAGE
from codetune_git.text.grammar import Grammar

GRAMMAR = Grammar(
    name="javascript",
    suffixes=BY_LANGUAGE["javascript"],
    wheel=tree_sitter_javascript.language,
    comment="//",
    opaque=frozenset({"string", "template_string", "comment", "regex", "jsx_text", "hash_bang_line"}),
    blocks=frozenset({"program", "statement_block", "class_body", "switch_body"}),
    imports=frozenset({"import_statement"}),
    lists={
        "arguments": "call",
        "formal_parameters": "def",
        "array": "list",
        "object": "dict",
        "array_pattern": "list",
        "object_pattern": "dict",
        "parenthesized_expression": "paren",
        "named_imports": "import",
        "export_clause": "import",
    },
    trailing_commas=frozenset(
        {"arguments", "formal_parameters", "array", "object", "object_pattern", "named_imports", "export_clause"}
    ),
    no_comma_after=frozenset({"rest_pattern", "spread_element"}),
    chains=frozenset({"binary_expression"}),
    # A line that ends here ends the statement, too (ECMAScript, automatic semicolon insertion).
    no_break_after=frozenset({"return", "break", "continue", "throw", "yield", "async"}),
)

JAVASCRIPT = layout_language(GRAMMAR)
