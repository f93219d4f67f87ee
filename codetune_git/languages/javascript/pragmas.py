"""Comments by which the tools of JavaScript are told to leave lines alone: ESLint and its kin, formatters, TypeScript.

Knows which of our conventions a rule of ESLint is about, by one table. A rule that is about none silences nothing. Does
not know what a configuration says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from codetune_git.languages.shared import pragmas
from codetune_git.languages.shared.pragmas import Mark, Reach
from codetune_git.languages.silenced import ALL, Silenced
from codetune_git.text.source import Source

_BLANK_LINES = (
    "no-multiple-empty-lines padded-blocks padding-line-between-statements lines-between-class-members "
    "lines-around-comment newline-after-var newline-before-return newline-after-import"
)
# By convention the rules that are about it, without the names of plug-ins.
_ABOUT: Mapping[str, str] = {
    "comma_spacing": "comma-spacing",
    "keyword_spacing": "keyword-spacing",
    "call_spacing": "func-call-spacing function-call-spacing no-spaced-func",
    "function_spacing": "space-before-function-paren",
    "brace_spacing": "space-before-blocks keyword-spacing",
    "colon_spacing": "key-spacing type-annotation-spacing switch-colon-spacing space-infix-ops",
    "operator_spacing": "space-infix-ops",
    "assignment_spacing": "space-infix-ops jsx-equals-spacing",
    "arrow_spacing": "arrow-spacing",
    "paren_padding": "space-in-parens",
    "bracket_padding": "array-bracket-spacing computed-property-spacing",
    "brace_padding": "object-curly-spacing block-spacing template-curly-spacing jsx-curly-spacing",
    "comment_spacing": "spaced-comment",
    "comment_gap": "no-multi-spaces line-comment-position no-inline-comments",
    "comment_capital": "capitalized-comments",
    "comment_indent": "indent lines-around-comment",
    "extra_blanks": "no-multi-spaces key-spacing",
    "trailing_whitespace": "no-trailing-spaces",
    "end_of_file": "eol-last no-multiple-empty-lines",
    "blank_lines_top": _BLANK_LINES,
    "blank_lines_body": _BLANK_LINES,
    "blank_lines_edge": _BLANK_LINES,
    "indentation_width": "indent no-tabs no-mixed-spaces-and-tabs jsx-indent jsx-indent-props",
    "case_indentation": "indent",
    "operator_break": "operator-linebreak max-len",
    "wrapping": (
        "max-len indent array-bracket-newline array-element-newline object-curly-newline object-property-newline "
        "function-paren-newline function-call-argument-newline jsx-wrap-multilines jsx-max-props-per-line"
    ),
    "quotes": "quotes prefer-template",
    "jsx_quotes": "jsx-quotes",
    "semicolons": "semi semi-style no-unexpected-multiline",
    "trailing_comma": "comma-dangle",
    "arrow_parentheses": "arrow-parens",
    "member_delimiter": "member-delimiter-style",
    "single_statement": "curly nonblock-statement-body-position brace-style",
    "clause_placement": "brace-style",
    "brace_placement": "brace-style",
}
_ALL_RULES = frozenset({"prettier"})  # `prettier/prettier`: everything that a formatter writes


def _by_rule() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for kind, rules in _ABOUT.items():
        for rule in rules.split():
            found.setdefault(rule, set()).add(kind)
    return {rule: frozenset(kinds) for rule, kinds in found.items()}


_BY_RULE = _by_rule()
_LINT = re.compile(
    rb"/[/*]+\s*(?:(?:eslint|oxlint)-(disable-next-line|disable-line|disable|enable)"
    rb"|tslint:(disable-next-line|disable-line|disable|enable))(?![\w-])(.*)",
    re.DOTALL,
)
_CONFIGURED = re.compile(rb"/\*\s*eslint\s+(?!env)([^*]+)")
_CONFIGURED_RULE = re.compile(rb"""["']?([@\w/-]+)["']?\s*:""")
_RULE = re.compile(rb"[@\w/-]+")
_REACH = {
    b"disable": Reach.FROM_HERE,
    b"enable": Reach.UP_TO_HERE,
    b"disable-line": Reach.LINE,
    b"disable-next-line": Reach.NEXT_LINE,
}
_OTHERS = (
    (re.compile(rb"prettier-ignore-start|(?:jshint|jscs:?) ?ignore:start|jscs:disable"), Reach.FROM_HERE),
    (re.compile(rb"prettier-ignore-end|jshint ignore:end|jscs:enable"), Reach.UP_TO_HERE),
    (re.compile(rb"jshint ignore:line|jscs:ignore"), Reach.LINE),
    (re.compile(rb"^/[/*]+\s*@ts-(?:ignore|expect-error)\b"), Reach.NEXT_LINE),  # it is about that line as it breaks
    (re.compile(rb"prettier-ignore(?!-)|biome-ignore(?!-all)|rome-ignore"), Reach.NEXT_NODE),
    (re.compile(rb"biome-ignore-all|^/[/*]+[\s*]*@(?:generated|noformat)\b"), Reach.FILE),
)


def _kinds(rules: list[bytes]) -> frozenset[str]:
    """The conventions that some rules are about."""
    names = [rule.decode().rpartition("/")[2] for rule in rules]
    if not _ALL_RULES.isdisjoint(names):
        return ALL
    return frozenset().union(*(_BY_RULE.get(name, frozenset()) for name in names))


def read(comment: bytes) -> Mark | None:
    """What a comment tells the tools of JavaScript; None where it tells them nothing that is our matter."""
    if lint := _LINT.match(comment):
        rules = _RULE.findall(lint[3].partition(b"--")[0].removesuffix(b"*/"))
        return Mark(_REACH[lint[1] or lint[2]], _kinds(rules) if rules else ALL)
    if configured := _CONFIGURED.match(comment):
        return Mark(Reach.FILE, _kinds(_CONFIGURED_RULE.findall(configured[1])))
    reach = next((reach for pattern, reach in _OTHERS if pattern.search(comment)), None)
    return None if reach is None else Mark(reach)


def silenced(source: Source) -> Silenced:
    """What the comments of `source` silence."""
    return pragmas.silenced(source, read)
