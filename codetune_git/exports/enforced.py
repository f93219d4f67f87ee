"""What a repository's configured tools enforce: the conventions that nobody needs to be told of.

Knows how ruff, black, yapf, isort, prettier and pre-commit are configured, and which conventions they decide. Pure:
the contents of settings files in, names of conventions out.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

SETTINGS_FILES = (
    "pyproject.toml",
    "ruff.toml",
    ".ruff.toml",
    ".pre-commit-config.yaml",
    ".isort.cfg",
    ".style.yapf",
    "package.json",
    ".prettierrc",
    ".prettierrc.json",
    ".prettierrc.yaml",
    ".prettierrc.yml",
    ".prettierrc.toml",
    ".prettierrc.js",
    ".prettierrc.cjs",
    ".prettierrc.mjs",
    "prettier.config.js",
    "prettier.config.cjs",
    "prettier.config.mjs",
)
_PYTHON_SPACING = frozenset(
    {
        "arithmetic_spacing", "comparison_spacing", "assignment_spacing", "keyword_equals_spacing",
        "default_annotated_spacing", "comma_spacing", "annotation_colon_spacing", "arrow_spacing",
        "dict_colon_spacing", "lambda_colon", "block_colon_spacing", "paren_padding", "bracket_padding",
        "brace_padding", "call_spacing", "comment_hash_spacing", "inline_comment_gap", "blank_lines_top",
        "blank_lines_after_top", "blank_lines_method", "indentation_width", "continuation_indent", "extra_blanks",
        "trailing_whitespace", "end_of_file",
    }
)  # fmt: skip
_PYTHON_FORMAT = _PYTHON_SPACING | {
    "blank_lines_header", "blank_lines_first_method", "blank_line_after_docstring", "comment_indent", "trailing_comma",
    "operator_break", "docstring_padding", "docstring_indent", "condition_parens", "return_parens", "assignment_parens",
    "number_case", "float_zero", "unicode_prefix",
}  # fmt: skip
_QUOTES = frozenset({"quotes", "triple_quotes", "docstring_quotes"})
_IMPORTS = frozenset({"import_order", "import_names_order", "imports_per_line"})
_PRETTIER = frozenset(
    f"javascript/{name}"
    for name in (
        "comma_spacing", "keyword_spacing", "call_spacing", "brace_spacing", "colon_spacing", "operator_spacing",
        "assignment_spacing", "arrow_spacing", "paren_padding", "bracket_padding", "brace_padding", "comment_gap",
        "comment_indent", "extra_blanks", "trailing_whitespace", "end_of_file", "blank_lines_edge", "operator_break",
        "quotes", "jsx_quotes", "function_spacing", "semicolons", "trailing_comma", "arrow_parentheses",
        "member_delimiter", "clause_placement", "brace_placement", "indentation_width", "case_indentation",
    )
)  # fmt: skip
_RULES: Mapping[str, tuple[str, ...]] = {  # ruff's codes that decide a convention
    "quotes": ("Q000",),
    "triple_quotes": ("Q001",),
    "docstring_quotes": ("Q002", "D300"),
    "import_order": ("I001",),
    "import_names_order": ("I001",),
    "imports_per_line": ("E401",),
    "none_comparison": ("E711",),
    "membership_negation": ("E713",),
    "chained_comparison": ("PLR1716",),
    "searched_literal": ("PLR6201",),
    "empty_literal": ("C408",),
    "dict_constructor": ("C408",),
    "comprehension_constructor": ("C400",),
    "range_start": ("PIE808",),
    "open_mode": ("UP015",),
    "optional_annotation": ("UP045",),
    "union_annotation": ("UP007",),
    "generic_annotation": ("UP006",),
    "string_formatting": ("UP032",),
    "logging_arguments": ("G004",),
    "format_fields": ("UP030",),
    "pass_ellipsis": ("PIE790",),
    "return_none": ("RET501",),
    "raise_form": ("RSE102",),
    "else_after_return": ("RET505",),
    "lambda_assignment": ("E731",),
    "super_form": ("UP008",),
    "object_base": ("UP004",),
    "unicode_prefix": ("UP025",),
    "local_naming": ("N806",),
    "trailing_comma": ("COM812",),
    "trailing_whitespace": ("W291",),
    "end_of_file": ("W391",),
    "return_parens": ("UP034",),
    "docstring_full_stop": ("D400", "D415"),
    "docstring_capital": ("D403",),
    "docstring_summary_blank": ("D205",),
    "docstring_first_line": ("D212", "D213"),
    "docstring_padding": ("D210",),
    "docstring_indent": ("D207",),
    "docstring_closing": ("D209",),
    "blank_line_after_docstring": ("D202",),
}


def _toml(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        return {}


def _table(document: Mapping[str, Any], *names: str) -> dict[str, Any] | None:
    """The table at `names`; None where there is none."""
    found: Any = document
    for name in names:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, dict) else None


def _hooks(files: Mapping[str, str]) -> frozenset[str]:
    """The ids of the hooks that pre-commit runs."""
    return frozenset(re.findall(r"^[ -]+id:\s*['\"]?([\w.-]+)", files.get(".pre-commit-config.yaml", ""), re.MULTILINE))


def _ruff(files: Mapping[str, str], project: Mapping[str, Any]) -> dict[str, Any] | None:
    for name in (".ruff.toml", "ruff.toml"):
        if name in files:
            return _toml(files[name])
    return _table(project, "tool", "ruff")


def _codes(table: Mapping[str, Any], *keys: str) -> tuple[str, ...]:
    found = (code for key in keys if isinstance(codes := table.get(key), list) for code in codes)
    return tuple(code for code in found if isinstance(code, str))


def _by_rules(ruff: Mapping[str, Any]) -> Iterator[str]:
    """The conventions that ruff's selected rules decide."""
    lint = {**ruff, **(_table(ruff, "lint") or {})}
    chosen = _codes(lint, "select", "extend-select") or ("E4", "E7", "E9", "F")
    ignored = _codes(lint, "ignore", "extend-ignore")
    for name, codes in _RULES.items():
        if any(
            (code.startswith(chosen) or "ALL" in chosen) and not (ignored and code.startswith(ignored))
            for code in codes
        ):
            yield name


def _python(files: Mapping[str, str]) -> frozenset[str]:
    project, hooks = _toml(files.get("pyproject.toml", "")), _hooks(files)
    found: set[str] = set()
    black = _table(project, "tool", "black")
    if black is not None or "black" in hooks:
        found |= _PYTHON_FORMAT | (_QUOTES if not (black or {}).get("skip-string-normalization") else set())
    ruff = _ruff(files, project)
    if "ruff-format" in hooks or (ruff and "format" in ruff):
        style = (_table(ruff or {}, "format") or {}).get("quote-style", "double")
        found |= _PYTHON_FORMAT | (_QUOTES if style != "preserve" else set())
    if ruff is not None:
        found |= set(_by_rules(ruff))
    if ".style.yapf" in files or _table(project, "tool", "yapf") is not None or "yapf" in hooks:
        found |= _PYTHON_SPACING
    if ".isort.cfg" in files or _table(project, "tool", "isort") is not None or "isort" in hooks:
        found |= _IMPORTS
    return frozenset(found)


def _has_prettier(files: Mapping[str, str]) -> bool:
    if any("prettier" in name for name in files) or "prettier" in _hooks(files):
        return True
    try:
        package = json.loads(files.get("package.json", "{}"))
    except ValueError:
        return False
    return isinstance(package, dict) and "prettier" in package


def enforced(files: Mapping[str, str]) -> frozenset[str]:
    """The conventions that configured tools decide; `files`: by name those of SETTINGS_FILES that there are."""
    return _python(files) | (_PRETTIER if _has_prettier(files) else frozenset())
