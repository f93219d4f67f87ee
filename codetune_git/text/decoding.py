"""Between the bytes of a file and the text that is analysed. Knows encodings and line ends; does not know syntax.

Analysed text is UTF-8 without a byte order mark, with line feeds only. Line numbers are the same on both sides.
"""

from __future__ import annotations

from codetune_git.domain import Refusal

BOM = b"\xef\xbb\xbf"
MAX_BYTES = 500_000


def decode(content: bytes) -> bytes | Refusal:
    """The analysed form of `content`, or why there is none."""
    if len(content) > MAX_BYTES:
        return Refusal(f"larger than {MAX_BYTES // 1000} kB")
    if b"\0" in content:
        return Refusal("binary (NUL bytes)")
    text = content.removeprefix(BOM)
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return Refusal("not UTF-8")
    if b"\r" not in text:
        return text
    unix = text.replace(b"\r\n", b"\n")
    if b"\r" in unix or text.count(b"\r\n") != text.count(b"\n"):
        return Refusal("mixed line ends")
    return unix
