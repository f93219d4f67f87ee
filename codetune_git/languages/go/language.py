"""Go as a language of the table. Knows the words of its grammar."""

from __future__ import annotations

import tree_sitter_go

from codetune_git.languages.shared.layout_language import layout_language
from codetune_git.languages.suffixes import BY_LANGUAGE
from codetune_git.text.grammar import Grammar

GRAMMAR = Grammar(
    name="go",
    suffixes=BY_LANGUAGE["go"],
    wheel=tree_sitter_go.language,
    comment="//",
    opaque=frozenset({"interpreted_string_literal", "raw_string_literal", "rune_literal", "comment"}),
    blocks=frozenset({"source_file", "block", "statement_list", "field_declaration_list", "import_spec_list"}),
    imports=frozenset({"import_declaration"}),
    lists={
        "argument_list": "call",
        "parameter_list": "def",
        "literal_value": "list",
        "parenthesized_expression": "paren",
    },
    trailing_commas=frozenset({"argument_list", "parameter_list", "literal_value"}),
    chains=frozenset({"binary_expression"}),
    # A line that ends here ends the statement, too (the specification's rule of semicolons).
    no_break_after=frozenset({"return", "break", "continue", "fallthrough"}),
)

GO = layout_language(GRAMMAR)
