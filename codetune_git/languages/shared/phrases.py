"""How the variants of the conventions of any grammar read in plain words. Knows names; does not know counts."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product

Phrases = Mapping[str, Mapping[str, str]]
"""By convention and variant, those included that are only found: how code is written so, in plain words."""

_PLACES = {"aligned": "aligned with the first element", "hang": ""}
_BREAKS = {"each": "one element a line", "fill": "as many elements a line as fit", "loose": "lines broken by hand"}
_ENDINGS = {"": "", "close": "closing bracket on its own line", "end": "closing bracket behind the last element"}


def _layouts() -> dict[str, str]:
    found = {"flat": "all on one line"}
    for place, breaks, ending in product(_PLACES, _BREAKS, _ENDINGS):
        words = (_BREAKS[breaks], _PLACES[place], _ENDINGS[ending])
        name = "_".join(filter(None, (place, breaks, ending)))
        found[name] = ", ".join(filter(None, words))
        found[f"{name}_off"] = f"nearly so: {found[name]}"
    return found


SPACED = {"spaced": "one blank", "tight": "no blank"}
AROUND = {"spaced": "a blank on each side", "tight": "no blanks", "mixed": "a blank on one side"}
COLON = {
    "after": "a blank behind it",
    "tight": "no blanks",
    "both": "a blank on each side",
    "mixed": "a blank before it",
}
PADDED = {"tight": "no blanks", "padded": "a blank on each side", "mixed": "a blank on one side"}
BLANK_LINES = {"0": "none", "1": "one blank line", **{str(n): f"{n} blank lines" for n in range(2, 10)}}
INDENTATION = {"2": "two blanks", "4": "four blanks", "8": "eight blanks", "tab": "a tab"}
_GAPS = {"none": "no blank", "one": "one blank", "two": "two blanks", "wide": "more blanks"}
_STOP = {"stop": "a full stop", "none": "no full stop"}
_CAPITAL = {"upper": "a capital", "lower": "a small letter"}

PHRASES: Phrases = {
    "comma_spacing": SPACED,
    "keyword_spacing": SPACED,
    "call_spacing": SPACED,
    "function_spacing": SPACED,
    "brace_spacing": SPACED,
    "colon_spacing": COLON,
    "operator_spacing": AROUND,
    "assignment_spacing": AROUND,
    "arrow_spacing": AROUND,
    "paren_padding": PADDED,
    "bracket_padding": PADDED,
    "brace_padding": PADDED,
    "comment_spacing": SPACED,
    "comment_gap": _GAPS,
    "comment_capital": _CAPITAL,
    "comment_full_stop": _STOP,
    "comment_indent": {
        "level": "in the column of the code below",
        "off": "one column too far in",
        "left": "one column too far out",
        "far": "three columns beside the code",
    },
    "extra_blanks": _GAPS,
    "trailing_whitespace": {"none": "no blanks", "some": "blanks"},
    "end_of_file": {"newline": "one line end", "blank_lines": "blank lines"},
    "blank_lines_top": BLANK_LINES,
    "blank_lines_body": BLANK_LINES,
    "blank_lines_edge": BLANK_LINES,
    "indentation_width": INDENTATION,
    "case_indentation": {"inside": "inside their switch", "level": "level with their switch"},
    "operator_break": {"before": "the operator begins the next line", "after": "the operator ends the line"},
    "wrapping": _layouts(),
}
