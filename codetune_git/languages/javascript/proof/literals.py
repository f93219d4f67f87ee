"""What literals of JavaScript mean: the value of a string or of a number, whatever its spelling.

Knows literals alone. None stands for what is not read here: octal escapes and numbers of old, and broken escapes.
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(
    r"\\(?:u\{(?P<point>[0-9A-Fa-f]{1,6})\}|u(?P<unit>[0-9A-Fa-f]{4})|x(?P<byte>[0-9A-Fa-f]{2})"
    r"|(?P<nul>0)(?![0-9])|(?P<line>\n|\u2028|\u2029)|(?P<one>[^0-9ux\n]))"
)
_SINGLE = {"n": "\n", "t": "\t", "b": "\b", "v": "\v", "f": "\f", "r": "\r"}
_DECIMAL = re.compile(r"(?=\.?[0-9])(?:0|[1-9][0-9]*)?(?:\.[0-9]*)?(?:[eE][+-]?[0-9]+)?")
_WHOLE = re.compile(r"0[xX][0-9A-Fa-f]+|0[oO][0-7]+|0[bB][01]+|0|[1-9][0-9]*")
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_LARGEST = 0x10FFFF
# The name of a prototype in an object, of the function that makes one in a class: the spelling decides.
_SPECIAL = frozenset({"__proto__", "constructor", "prototype"})


def _escaped(match: re.Match[str]) -> str:
    digits = match["point"] or match["unit"] or match["byte"]
    if digits:
        return chr(int(digits, 16))
    if match["nul"]:
        return "\0"
    return "" if match["line"] else _SINGLE.get(match["one"], match["one"])


def string_value(content: bytes) -> bytes | None:
    """The UTF-16 of what stands between the quotes."""
    text = content.decode(errors="replace")
    if "\\" not in text:
        return text.encode("utf-16-le", "surrogatepass")
    is_large = any(int(match["point"] or "0", 16) > _LARGEST for match in _ESCAPE.finditer(text))
    if is_large or "\\" in _ESCAPE.sub("", text):
        return None
    return _ESCAPE.sub(_escaped, text).encode("utf-16-le", "surrogatepass")


def number_value(spelling: bytes) -> tuple[str, str] | None:
    """The kind of a number and its value in digits that are the same for the same value."""
    text = spelling.decode(errors="replace").replace("_", "")
    whole = text.removesuffix("n")
    if _WHOLE.fullmatch(whole):
        value = int(whole, 0)
        if text.endswith("n"):
            return "bigint", str(value)
        return ("number", repr(float(value))) if value < 1 << 1023 else None
    return ("number", repr(float(text))) if _DECIMAL.fullmatch(text) else None


def is_key(content: bytes) -> bool:
    """Whether a key may stand without quotes and means the same."""
    text = content.decode(errors="replace")
    return _NAME.fullmatch(text) is not None and text not in _SPECIAL
