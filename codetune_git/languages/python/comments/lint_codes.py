"""What linters' codes are about: one table from a convention to the codes and names that speak of it.

Knows pycodestyle, pyflakes, flake8's plug-ins, ruff and pylint by their codes. Does not know comments or lines.
A convention that is not here is one that no linter speaks of.
"""

from __future__ import annotations

from collections.abc import Iterable

_UNION = "UP007 UP045 FA100 FA102 R6003 consider-alternative-union-syntax"
_GENERIC = "UP006 UP035 FA100 W6001 deprecated-typing-alias"
_PADDING = "E201 E202"
_PARENTHESES = "UP034 E275 C0325 superfluous-parens PyRedundantParentheses"

_CODES = {
    "arithmetic_spacing": "E221 E222 E225 E226 E227 E228",
    "power_spacing": "E221 E222 E225 E226",
    "comparison_spacing": "E221 E222 E225",
    "assignment_spacing": "E221 E222 E225",
    "keyword_equals_spacing": "E251",
    "default_annotated_spacing": "E252",
    "comma_spacing": "E203 E231 E241 E242",
    "annotation_colon_spacing": "E203 E231",
    "arrow_spacing": "E225",
    "dict_colon_spacing": "E203 E231 E241",
    "slice_colon_spacing": "E203 E231",
    "lambda_colon": "E203 E231",
    "paren_padding": _PADDING,
    "bracket_padding": _PADDING,
    "brace_padding": _PADDING,
    "block_colon_spacing": "E203",
    "call_spacing": "E211",
    "comment_hash_spacing": "E262 E265",
    "inline_comment_gap": "E261",
    "comment_indent": "E114 E115 E116 E117",
    "blank_lines_top": "E302 E303 E305",
    "blank_lines_after_top": "E303 E305",
    "blank_lines_method": "E301 E303 E306",
    "blank_lines_first_method": "E301 E303 D203 D204 D211",
    "blank_line_after_docstring": "D201 D202 D204",
    "blank_lines_after_imports": "E303 E305 I001",
    "indentation_width": "E101 E111 E114 E117 W191 W0311 bad-indentation",
    "wrapping": "E12 E131 E501 C0301 line-too-long",
    "operator_break": "W503 W504",
    "extra_blanks": "E221 E222 E241 E271 E272",
    "trailing_whitespace": "W291 W293 C0303 trailing-whitespace",
    "end_of_file": "W391 C0305 trailing-newlines",
    "blank_lines_body": "E303",
    "blank_lines_header": "E303",
    "continuation_indent": "E12 E131 W191 E101",
    "trailing_comma": "C812 C813 C814 C815 C816 C818 C819 COM812 COM818 COM819",
    "docstring_quotes": "D300 Q002",
    "docstring_first_line": "D200 D212 D213 C0199 docstring-first-line-empty",
    "docstring_closing": "D200 D209",
    "docstring_padding": "D210",
    "docstring_indent": "D206 D207 D208",
    "docstring_full_stop": "D400 D415",
    "docstring_capital": "D403",
    "docstring_summary_blank": "D205",
    "import_order": "I001 I100 I201 I202 E402 C0411 C0412 C0413 wrong-import-order wrong-import-position "
    "ungrouped-imports",
    "import_names_order": "I001 I101",
    "imports_per_line": "E401 C0410 multiple-imports",
    "quotes": "Q000 Q003 Q004 W1405 inconsistent-quotes",
    "triple_quotes": "Q001",
    "unicode_prefix": "UP025 W1406 redundant-u-string-prefix",
    "none_comparison": "E711 C0121 singleton-comparison PyComparisonWithNone",
    "membership_negation": "E713 C0117 unnecessary-negation",
    "chained_comparison": "PLR1716 R1716 chained-comparison PyChainedComparisons",
    "searched_literal": "PLR6201 PLC0208 R6201 C0208 use-set-for-membership use-sequence-for-iteration",
    "condition_parens": _PARENTHESES,
    "return_parens": _PARENTHESES,
    "assignment_parens": _PARENTHESES,
    "tuple_parens": f"{_PARENTHESES} COM818 R1707 trailing-comma-tuple",
    "empty_literal": "C408 R1734 R1735 use-list-literal use-dict-literal",
    "dict_constructor": "C402 C404 C406 C408 R1735 use-dict-literal",
    "comprehension_constructor": "C400 C401 C402 C403 C404 C416 R1717 R1718 R1721 unnecessary-comprehension "
    "consider-using-set-comprehension consider-using-dict-comprehension",
    "range_start": "PIE808",
    "open_mode": "UP015",
    "optional_annotation": _UNION,
    "union_annotation": _UNION,
    "generic_annotation": _GENERIC,
    "string_formatting": "UP030 UP031 UP032 FLY002 F50 F52 F541 S608 C0209 consider-using-f-string",
    "logging_arguments": "G001 G002 G003 G004 W1201 W1202 W1203 logging-not-lazy logging-format-interpolation "
    "logging-fstring-interpolation",
    "format_fields": "UP030 F52 W1305 format-combined-specification",
    "pass_ellipsis": "PIE790 PYI009 PYI013 PYI021 W0107 W2301 unnecessary-pass unnecessary-ellipsis",
    "return_none": "RET501 RET502 RET503 PLR1711 R1710 R1711 useless-return inconsistent-return-statements",
    "raise_form": "RSE102",
    "else_after_return": "RET505 RET506 RET507 RET508 R1705 R1720 R1723 R1724 no-else-return no-else-raise "
    "no-else-break no-else-continue",
    "lambda_assignment": "E731 C3001 unnecessary-lambda-assignment",
    "super_form": "UP008 R1725 super-with-arguments",
    "object_base": "UP004 UP039 PLR0205 R0205 useless-object-inheritance",
    "local_naming": "N803 N806 E741 C0103 invalid-name PyPep8Naming",
}

CODES = {convention: tuple(codes.lower().split()) for convention, codes in _CODES.items()}


def conventions_of(given: Iterable[str]) -> frozenset[str]:
    """The conventions that any of the codes is about; a code that is cut short (`E7`) stands for all that begin so.

    A table's own entry that is short (`E12`) stands for all longer ones, too.
    """
    wanted = tuple(code.lower() for code in given if code)
    return frozenset(
        convention
        for convention, codes in CODES.items()
        if any(code.startswith(one) or one.startswith(code) for code in codes for one in wanted)
    )
