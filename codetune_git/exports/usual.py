"""What is written by default: by style guides, by formatters without settings, by whoever knows no house.

Python: PEP 8, PEP 257 and black; JavaScript: prettier; Go: gofmt. Does not know how a house writes.
"""

from __future__ import annotations

from collections.abc import Mapping

_TEXT: Mapping[str, str] = {
    "comma_spacing": "spaced",
    "assignment_spacing": "spaced",
    "arrow_spacing": "spaced",
    "paren_padding": "tight",
    "bracket_padding": "tight",
    "call_spacing": "tight",
    "comment_indent": "level",
    "extra_blanks": "one",
    "trailing_whitespace": "none",
    "end_of_file": "newline",
}
_PYTHON: Mapping[str, str] = {
    **_TEXT,
    "arithmetic_spacing": "spaced",
    "comparison_spacing": "spaced",
    "keyword_equals_spacing": "tight",
    "default_annotated_spacing": "spaced",
    "annotation_colon_spacing": "after",
    "dict_colon_spacing": "after",
    "lambda_colon": "after",
    "block_colon_spacing": "tight",
    "brace_padding": "tight",
    "comment_hash_spacing": "spaced",
    "inline_comment_gap": "two",
    "blank_lines_header": "0",
    "blank_lines_top": "2",
    "blank_lines_after_top": "2",
    "blank_lines_method": "1",
    "blank_lines_first_method": "0",
    "blank_line_after_docstring": "0",
    "indentation_width": "4",
    "trailing_comma": "comma",
    "continuation_indent": "4",
    "operator_break": "before",
    "docstring_quotes": "double3",
    "docstring_first_line": "same",
    "docstring_closing": "own",
    "docstring_padding": "tight",
    "docstring_indent": "level",
    "docstring_full_stop": "stop",
    "docstring_capital": "upper",
    "docstring_summary_blank": "blank",
    "import_order": "sorted",
    "import_names_order": "sorted",
    "imports_per_line": "separate",
    "quotes": "double",
    "triple_quotes": "double",
    "unicode_prefix": "bare",
    "none_comparison": "is",
    "membership_negation": "x_not_in",
    "chained_comparison": "chained",
    "condition_parens": "bare",
    "return_parens": "bare",
    "assignment_parens": "bare",
    "tuple_parens": "bare",
    "empty_literal": "literal",
    "dict_constructor": "literal",
    "comprehension_constructor": "display",
    "number_case": "lower",
    "float_zero": "written",
    "range_start": "implicit",
    "open_mode": "implicit",
    "optional_annotation": "pipe",
    "union_annotation": "pipe",
    "generic_annotation": "builtin",
    "string_formatting": "fstring",
    "logging_arguments": "lazy",
    "format_fields": "automatic",
    "pass_ellipsis": "pass",
    "return_none": "bare",
    "infinite_loop": "true",
    "lambda_assignment": "def",
    "super_form": "bare",
    "object_base": "bare",
    "local_naming": "snake",
}
_BRACES: Mapping[str, str] = {
    **_TEXT,
    "keyword_spacing": "spaced",
    "brace_spacing": "spaced",
    "colon_spacing": "after",
    "operator_spacing": "spaced",
    "comment_spacing": "spaced",
    "comment_gap": "one",
    "blank_lines_edge": "0",
}
_BY_LANGUAGE: Mapping[str, Mapping[str, str]] = {
    "": _PYTHON,
    "javascript": {
        **_BRACES,
        "brace_padding": "padded",
        "operator_break": "after",
        "jsx_quotes": "double",
        "semicolons": "always",
        "indentation_width": "2",
        "case_indentation": "inside",
        "clause_placement": "beside",
        "brace_placement": "beside",
    },
    "java": {**_BRACES, "indentation_width": "4", "colon_spacing": "both", "operator_break": "before"},
    "go": {**_BRACES, "indentation_width": "tab", "brace_padding": "tight", "operator_break": "after"},
}

# What depends so much on its place that no single sentence is true of it.
_BY_PLACE = frozenset(
    {"wrapping", "blank_lines_body", "blank_lines_after_imports", "power_spacing", "slice_colon_spacing"}
)
_GOFMT = frozenset({*_BRACES, "brace_padding", "operator_break", "indentation_width", "function_spacing"}) - {
    "comment_spacing",
    "comment_gap",
}


def usual_variant(name: str) -> str | None:
    """What the convention `name` is written as by default; None where there is no such thing."""
    language, _, bare = name.rpartition("/")
    return _BY_LANGUAGE.get(language, {}).get(bare)


def depends_on_place(name: str) -> bool:
    """Whether one way to write it is no rule, however often it stands."""
    bare = name.rpartition("/")[2]
    return bare in _BY_PLACE or bare == "blank_lines_top" != name  # with braces it is between any two members


def formatted_by_all(name: str) -> bool:
    """Whether a tool that everybody runs decides it: gofmt."""
    language, _, bare = name.rpartition("/")
    return language == "go" and bare in _GOFMT
