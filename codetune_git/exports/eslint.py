"""What ESLint is told: rules of @stylistic that say what the house nearly always writes. Pure: habits in, text out."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from codetune_git.exports.rules import is_settled
from codetune_git.report.habits import Habit

_PREFIX = "javascript/"
_NEVER, _ALWAYS = "never", "always"
_RULES: Mapping[tuple[str, str], Mapping[str, Sequence[Any]]] = {
    ("quotes", "single"): {"quotes": ("single", {"avoidEscape": True})},
    ("quotes", "double"): {"quotes": ("double", {"avoidEscape": True})},
    ("jsx_quotes", "single"): {"jsx-quotes": ("prefer-single",)},
    ("jsx_quotes", "double"): {"jsx-quotes": ("prefer-double",)},
    ("semicolons", "always"): {"semi": (_ALWAYS,)},
    ("semicolons", "never"): {"semi": (_NEVER,)},
    ("trailing_comma", "comma"): {"comma-dangle": ("always-multiline",)},
    ("trailing_comma", "none"): {"comma-dangle": (_NEVER,)},
    ("arrow_parentheses", "always"): {"arrow-parens": (_ALWAYS,)},
    ("arrow_parentheses", "needed"): {"arrow-parens": ("as-needed",)},
    ("comma_spacing", "spaced"): {"comma-spacing": ()},
    ("keyword_spacing", "spaced"): {"keyword-spacing": ()},
    ("call_spacing", "tight"): {"function-call-spacing": ()},
    ("call_spacing", "spaced"): {"function-call-spacing": (_ALWAYS,)},
    ("brace_spacing", "spaced"): {"space-before-blocks": ()},
    ("brace_spacing", "tight"): {"space-before-blocks": (_NEVER,)},
    ("colon_spacing", "after"): {"key-spacing": ()},
    ("operator_spacing", "spaced"): {"space-infix-ops": ()},
    ("arrow_spacing", "spaced"): {"arrow-spacing": ()},
    ("paren_padding", "tight"): {"space-in-parens": ()},
    ("paren_padding", "padded"): {"space-in-parens": (_ALWAYS,)},
    ("bracket_padding", "tight"): {"array-bracket-spacing": ()},
    ("bracket_padding", "padded"): {"array-bracket-spacing": (_ALWAYS,)},
    ("brace_padding", "tight"): {"object-curly-spacing": ()},
    ("brace_padding", "padded"): {"object-curly-spacing": (_ALWAYS,)},
    ("comment_spacing", "spaced"): {"spaced-comment": ()},
    ("comment_spacing", "tight"): {"spaced-comment": (_NEVER,)},
    ("extra_blanks", "one"): {"no-multi-spaces": ()},
    ("trailing_whitespace", "none"): {"no-trailing-spaces": ()},
    ("end_of_file", "newline"): {"eol-last": ()},
    ("operator_break", "before"): {"operator-linebreak": ("before",)},
    ("operator_break", "after"): {"operator-linebreak": ("after",)},
}


def eslint(habits: Sequence[Habit]) -> str:
    """A flat configuration with the rules that the counts speak for."""
    found: dict[str, Sequence[Any]] = {}
    for habit in habits:
        first = habit.written[0]
        if habit.name.startswith(_PREFIX) and is_settled(habit):
            found |= _RULES.get((habit.name.removeprefix(_PREFIX), first.variant), {})
    rules = "".join(
        f"      {json.dumps(f'@stylistic/{name}')}: {json.dumps(['error', *options])},\n"
        for name, options in found.items()
    )
    return (
        "// Rests on counts at HEAD, not on a run: `npx eslint .` says what it would change.\n"
        'import stylistic from "@stylistic/eslint-plugin";\n\n'
        'export default [\n  {\n    plugins: { "@stylistic": stylistic },\n'
        f"    rules: {{\n{rules}    }},\n  }},\n];\n"
    )
