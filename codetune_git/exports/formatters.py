"""Formatters: which settings each has, how it is called with some, how they are written down. Pure; starts nothing.

The first value of a setting is the formatter's default. What changes how a program is read, such as the version of its
language, is no setting here.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

Value = str | int | bool
Settings = Mapping[str, Value]

_WIDTHS = (88, 79, 80, 100, 120, 140)


@dataclass(frozen=True, slots=True)
class Formatter:
    """`choices`: by name each setting's values. `arguments` calls it for the folder it is started in.

    `written` are settings as they stand in its file. `habits`: by convention and variant the setting that is made so;
    `width` and `step`: the settings of the columns and of a level of indentation. `speed`: bytes that it formats in a
    second or so.
    """

    name: str
    install: str
    suffixes: tuple[str, ...]
    choices: Mapping[str, tuple[Value, ...]]
    arguments: Callable[[Settings], list[str]]
    written: Callable[[Settings], str]
    comment: str
    width: str
    step: str
    habits: Mapping[tuple[str, str], tuple[str, Value]]
    speed: int

    @property
    def defaults(self) -> dict[str, Value]:
        return {name: values[0] for name, values in self.choices.items()}

    def changed(self, settings: Settings) -> dict[str, Value]:
        """Those of the settings that are not the formatter's defaults."""
        return {name: value for name, value in settings.items() if value != self.defaults[name]}


def _toml(value: Value) -> str:
    return json.dumps(value)  # strings, whole numbers and booleans are written alike


def _ruff_arguments(settings: Settings) -> list[str]:
    pairs = [f"--config={name}={_toml(value)}" for name, value in settings.items()]
    return ["format", "--isolated", "--no-cache", "--quiet", *pairs, "."]


def _ruff_lines(settings: Settings) -> Iterator[str]:
    top = {name: value for name, value in settings.items() if "." not in name}
    inner = {name.removeprefix("format."): value for name, value in settings.items() if name not in top}
    for title, table in (("tool.ruff", top), ("tool.ruff.format", inner)):
        if table:
            yield "\n".join([f"[{title}]", *(f"{name} = {_toml(value)}" for name, value in table.items())]) + "\n"


def _black_arguments(settings: Settings) -> list[str]:
    flags = [f"--{name}" for name, value in settings.items() if value is True]
    return ["--quiet", f"--line-length={settings['line-length']}", *flags, "."]


def _black_lines(settings: Settings) -> Iterator[str]:
    if settings:
        yield "\n".join(["[tool.black]", *(f"{name} = {_toml(value)}" for name, value in settings.items())]) + "\n"


def _dashed(name: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in name)


def _prettier_arguments(settings: Settings) -> list[str]:
    def flag(name: str, value: Value) -> str:
        return f"--{_dashed(name)}={json.dumps(value) if isinstance(value, bool) else value}"

    flags = [flag(name, value) for name, value in settings.items()]
    return ["--write", "--log-level=silent", "--no-config", "--no-editorconfig", *flags, "."]


RUFF = Formatter(
    name="ruff",
    install="pip install ruff",
    suffixes=(".py",),
    choices={
        "indent-width": (4, 2, 8),
        "format.indent-style": ("space", "tab"),
        "format.quote-style": ("double", "single", "preserve"),
        "format.skip-magic-trailing-comma": (False, True),
        "line-length": _WIDTHS,
    },
    arguments=_ruff_arguments,
    written=lambda settings: "\n".join(_ruff_lines(settings)),
    comment="#",
    width="line-length",
    step="indent-width",
    habits={("quotes", "single"): ("format.quote-style", "single")},
    speed=8_000_000,
)
BLACK = Formatter(
    name="black",
    install="pip install black",
    suffixes=(".py",),
    choices={
        "skip-string-normalization": (False, True),
        "skip-magic-trailing-comma": (False, True),
        "line-length": _WIDTHS,
    },
    arguments=_black_arguments,
    written=lambda settings: "\n".join(_black_lines(settings)),
    comment="#",
    width="line-length",
    step="",
    habits={("quotes", "single"): ("skip-string-normalization", True)},
    speed=100_000,
)
PRETTIER = Formatter(
    name="prettier",
    install="npm install --global prettier",
    suffixes=(".js", ".mjs", ".cjs", ".jsx", ".ts", ".mts", ".cts", ".tsx"),
    choices={
        "tabWidth": (2, 4, 8),
        "useTabs": (False, True),
        "singleQuote": (False, True),
        "jsxSingleQuote": (False, True),
        "semi": (True, False),
        "bracketSpacing": (True, False),
        "arrowParens": ("always", "avoid"),
        "trailingComma": ("all", "es5", "none"),
        "quoteProps": ("as-needed", "consistent", "preserve"),
        "printWidth": (80, 79, 88, 100, 120, 140),
    },
    arguments=_prettier_arguments,
    written=lambda settings: json.dumps(settings, indent=2) + "\n",
    comment="//",
    width="printWidth",
    step="tabWidth",
    habits={
        ("javascript/quotes", "single"): ("singleQuote", True),
        ("javascript/jsx_quotes", "single"): ("jsxSingleQuote", True),
        ("javascript/brace_padding", "tight"): ("bracketSpacing", False),
        ("javascript/semicolons", "never"): ("semi", False),
        ("javascript/arrow_parentheses", "needed"): ("arrowParens", "avoid"),
        ("javascript/trailing_comma", "none"): ("trailingComma", "none"),
    },
    speed=100_000,
)
FORMATTERS: Mapping[str, Formatter] = {each.name: each for each in (RUFF, BLACK, PRETTIER)}


def searched(formatter: Formatter, lines: Callable[[Settings], int], start: Settings) -> dict[str, Value]:
    """The settings with which `lines` is least: from `start` on one setting after another, until none makes it less.

    Of values that change equally many lines the first one is taken, the default before all.
    """
    best: dict[str, Value] = dict(start)
    known: dict[tuple[tuple[str, Value], ...], int] = {}

    def cost(settings: Settings) -> int:
        key = tuple(settings.items())
        if key not in known:
            known[key] = lines(settings)
        return known[key]

    while True:
        before = dict(best)
        for name, values in formatter.choices.items():
            best = min(({**best, name: value} for value in values), key=cost)
        if best == before:
            return best
