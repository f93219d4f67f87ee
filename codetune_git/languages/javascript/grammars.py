"""The grammars of JavaScript and TypeScript and the words of their tables. Knows no convention and no proof."""

from __future__ import annotations

from dataclasses import replace

import tree_sitter_javascript
import tree_sitter_typescript

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
    flowing=frozenset({"jsx_text"}),
    switches=frozenset({"switch_body"}),
    cases=frozenset({"switch_case", "switch_default"}),
    unbraced=frozenset(
        {"if_statement", "else_clause", "for_statement", "for_in_statement", "while_statement", "do_statement"}
    ),
)

TYPESCRIPT = replace(
    GRAMMAR,
    suffixes=BY_LANGUAGE["typescript"],
    wheel=tree_sitter_typescript.language_typescript,
    blocks=GRAMMAR.blocks | {"interface_body"},
    lists={**GRAMMAR.lists, "enum_body": "enum", "tuple_type": "list"},
    trailing_commas=GRAMMAR.trailing_commas | {"enum_body", "tuple_type"},
    no_comma_after=GRAMMAR.no_comma_after | {"rest_type"},
    chains=GRAMMAR.chains | {"union_type", "intersection_type"},
    # A word for types that may be a name, too: what follows on its line makes it one or the other.
    no_break_after=GRAMMAR.no_break_after
    | {"abstract", "accessibility_modifier", "asserts", "declare", "module", "namespace", "type"},
)

TSX = replace(TYPESCRIPT, suffixes=BY_LANGUAGE["tsx"], wheel=tree_sitter_typescript.language_tsx)
