"""What editors, ESLint and formatters are given: read off texts and counts, in the syntax of each."""

from __future__ import annotations

import tomllib

import pytest

from codetune_git.exports.editorconfig import Shape, editorconfig, shape_of
from codetune_git.exports.eslint import eslint
from codetune_git.exports.formatters import BLACK, FORMATTERS, RUFF, Formatter, Settings, searched
from codetune_git.report.habits import Habit, Written

TWO = "if x:\n  y = f(\n      1,\n  )\n  if z:\n    pass\n"


@pytest.mark.parametrize(
    ("texts", "shape"),
    [
        ([TWO], Shape(2, True, True)),
        (["if x:\n\ty\n", "for a in b:\n\tif c:\n\t\td"], Shape(0, True, None)),
        (["x = 1  \n" * 3], Shape(None, False, True)),
        ([], Shape(None, None, None)),
    ],
)
def test_the_shape_of_texts(texts: list[str], shape: Shape) -> None:
    assert shape_of(texts) == shape


def test_an_editorconfig_says_what_is_known() -> None:
    assert editorconfig({".py": [TWO], ".go": [""]}, {".py": 100, ".go": 0}) == (
        "# Read off the files of HEAD.\n\n[*.py]\nindent_style = space\nindent_size = 2\n"
        "trim_trailing_whitespace = true\ninsert_final_newline = true\nmax_line_length = 100\n"
    )


def test_eslint_is_told_what_is_nearly_always_written() -> None:
    settled = Habit("javascript/quotes", "t", (Written("single", "", 95), Written("double", "", 5)))
    mixed = Habit("javascript/brace_padding", "t", (Written("padded", "", 60), Written("tight", "", 40)))
    text = eslint([settled, mixed])
    assert '"@stylistic/quotes": ["error", "single", {"avoidEscape": true}],' in text
    assert "object-curly-spacing" not in text


def test_settings_are_written_as_their_tools_read_them() -> None:
    settings = {**RUFF.defaults, "line-length": 79, "format.quote-style": "single"}
    assert tomllib.loads(RUFF.written(RUFF.changed(settings))) == {
        "tool": {"ruff": {"line-length": 79, "format": {"quote-style": "single"}}}
    }
    assert tomllib.loads(BLACK.written({"skip-string-normalization": True})) == {
        "tool": {"black": {"skip-string-normalization": True}}
    }
    assert BLACK.written({}) == RUFF.written({}) == ""


@pytest.mark.parametrize("formatter", FORMATTERS.values(), ids=FORMATTERS)
def test_the_search_finds_what_changes_fewest_lines_and_keeps_defaults(formatter: Formatter) -> None:
    wanted = {name: values[-1] for name, values in formatter.choices.items()}
    wanted[formatter.width] = formatter.defaults[formatter.width]

    def lines(settings: Settings) -> int:
        return sum(settings[name] != value for name, value in wanted.items())

    assert searched(formatter, lines, formatter.defaults) == wanted
    assert searched(formatter, lambda settings: 7, wanted) == formatter.defaults
