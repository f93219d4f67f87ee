"""The fields of percent and brace templates. Knows the two mini-languages as far as both can say the same.

Does not know string literals (raw text, prefixes, escapes), f-strings or arguments. Understands only fields that mean
the same in both: `%s`, `%r`, `%a` and `{}`, `{0}`, `{name}` with `!r`, `!s`, `!a` and a constant format spec.
Source: the Python library reference, "printf-style String Formatting" and "Format String Syntax".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from string import Formatter

_PERCENT = re.compile(r"%(.?)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Field:
    """A placeholder: which argument (None: the next one), conversion ("", "s", "r" or "a") and format spec."""

    key: str | None = None
    conversion: str = ""
    spec: str = ""


Part = str | Field


def percent_parts(template: str) -> tuple[Part, ...] | None:
    """Literal text and fields of a percent template in order, `%%` read as `%`; None where a field is not plain."""
    parts: list[Part] = []
    text, position = "", 0
    for match in _PERCENT.finditer(template):
        text += template[position : match.start()]
        position = match.end()
        if match[1] == "%":
            text += "%"
        elif match[1] and match[1] in "sra":
            parts += [text, Field(conversion=match[1])]
            text = ""
        else:
            return None
    return tuple(part for part in (*parts, text + template[position:]) if part != "")


def brace_parts(template: str) -> tuple[Part, ...] | None:
    """Literal text and fields of a brace template in order, `{{` read as `{`; None where a field is not plain."""
    parts: list[Part] = []
    text = ""
    try:
        for literal, key, spec, conversion in Formatter().parse(template):
            text += literal
            if key is None:
                continue
            if (key and not key.isidentifier() and not key.isdecimal()) or "{" in (spec or ""):
                return None
            parts += [text, Field(key or None, conversion or "", spec or "")]
            text = ""
    except ValueError:
        return None
    return tuple(part for part in (*parts, text) if part != "")


def in_order(parts: tuple[Part, ...], positional: int, keywords: tuple[str, ...]) -> bool:
    """Whether the brace fields take every argument once and in the order in which the arguments stand."""
    keys = [part.key for part in parts if isinstance(part, Field)]
    wanted = [*map(str, range(positional)), *keywords]
    if all(key is None for key in keys):
        return len(keys) == positional and not keywords
    if any(key is None for key in keys[positional:]):
        return False
    numbered = keys[:positional]
    return (all(key is None for key in numbered) or None not in numbered) and [
        str(i) if key is None else key for i, key in enumerate(keys)
    ] == wanted
