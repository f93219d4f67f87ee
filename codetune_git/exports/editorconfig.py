"""What editors are told: .editorconfig, read off the texts themselves. Pure: texts in, settings out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise

_SHARE = 0.9
_LARGEST_STEP = 8


@dataclass(frozen=True, slots=True)
class Shape:
    """What texts of one suffix are like; None where they disagree.

    `step`: the blanks that a level of indentation adds, 0 for a tab. `trimmed`: without blanks at the ends of lines.
    `ended`: their last line ends.
    """

    step: int | None
    trimmed: bool | None
    ended: bool | None


def _steps(lines: Iterable[str]) -> Counter[int]:
    """How often each step of indentation is made."""
    found: Counter[int] = Counter()
    depths = [line[: len(line) - len(line.lstrip())] for line in lines if line.strip()]
    for above, below in pairwise(depths):
        added = below.removeprefix(above) if below.startswith(above) else ""
        if added == "\t":
            found[0] += 1
        elif added and not added.strip(" ") and len(added) <= _LARGEST_STEP:
            found[len(added)] += 1
    return found


def _agreed(yes: int, every: int) -> bool | None:
    if every and yes >= _SHARE * every:
        return True
    return False if every and yes <= (1 - _SHARE) * every else None


def shape_of(texts: Iterable[str]) -> Shape:
    """The shape of texts of one suffix."""
    steps: Counter[int] = Counter()
    lines = trimmed = files = ended = 0
    for text in texts:
        own = text.removesuffix("\n").split("\n") if text else []
        steps.update(_steps(own))
        lines += len(own)
        trimmed += sum(line.rstrip("\r") == line.rstrip() for line in own)
        files += bool(text)
        ended += text.endswith("\n")
    step, often = max(steps.items(), key=lambda item: item[1], default=(None, 0))
    # Continued lines are indented by other steps: the most usual one need not be nearly the only one.
    return Shape(step if 2 * often > sum(steps.values()) else None, _agreed(trimmed, lines), _agreed(ended, files))


def _words(value: bool) -> str:
    return "true" if value else "false"


def editorconfig(texts: Mapping[str, Iterable[str]], widths: Mapping[str, int]) -> str:
    """The settings; `texts` and `widths`, the columns that lines keep within, are by suffix (".py")."""
    sections = []
    for suffix, own in texts.items():
        shape = shape_of(own)
        lines = [f"[*{suffix}]"]
        if shape.step is not None:
            lines += (
                ["indent_style = tab"] if not shape.step else ["indent_style = space", f"indent_size = {shape.step}"]
            )
        if shape.trimmed is not None:
            lines.append(f"trim_trailing_whitespace = {_words(shape.trimmed)}")
        if shape.ended is not None:
            lines.append(f"insert_final_newline = {_words(shape.ended)}")
        if widths.get(suffix):
            lines.append(f"max_line_length = {widths[suffix]}")
        if len(lines) > 1:
            sections.append("\n".join(lines) + "\n")
    return "\n".join(["# Read off the files of HEAD.\n", *sections])
