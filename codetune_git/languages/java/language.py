"""Java as a language of the table. Knows the words of its grammar."""

from __future__ import annotations

import tree_sitter_java

from codetune_git.languages.shared.layout_language import layout_language
from codetune_git.languages.suffixes import BY_LANGUAGE
from codetune_git.text.grammar import Grammar

GRAMMAR = Grammar(
    name="java",
    suffixes=BY_LANGUAGE["java"],
    wheel=tree_sitter_java.language,
    comment="//",
    opaque=frozenset({"string_literal", "character_literal", "line_comment", "block_comment"}),
    blocks=frozenset({"program", "block", "class_body", "interface_body", "constructor_body", "switch_block"}),
    imports=frozenset({"import_declaration"}),
    lists={
        "argument_list": "call",
        "annotation_argument_list": "call",
        "formal_parameters": "def",
        "array_initializer": "list",
        "element_value_array_initializer": "list",
        "parenthesized_expression": "paren",
    },
    trailing_commas=frozenset({"array_initializer", "element_value_array_initializer"}),
    chains=frozenset({"binary_expression"}),
    switches=frozenset({"switch_block"}),
    cases=frozenset({"switch_block_statement_group"}),
    unbraced=frozenset({"if_statement", "for_statement", "enhanced_for_statement", "while_statement", "do_statement"}),
)

JAVA = layout_language(GRAMMAR)
