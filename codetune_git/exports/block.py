"""A block between two markers in a text that is somebody else's: put there, replaced, taken out again.

Everything outside the markers stays to the byte. Pure; does not know what the block says.
"""

from __future__ import annotations

import re

from codetune_git.domain import Refusal

BEGIN = "<!-- git codetune conventions: begin -->"
END = "<!-- git codetune conventions: end -->"
_BLOCK = re.compile(f"{re.escape(BEGIN)}.*?{re.escape(END)}(?:\r?\n)?", re.DOTALL)


def _misplaced(text: str) -> Refusal | None:
    """Why nobody can tell where the block begins and ends."""
    if (text.count(BEGIN), text.count(END)) in ((0, 0), (1, 1)) and text.find(BEGIN) <= text.find(END):
        return None
    return Refusal(f"its markers are not one {BEGIN} and one {END} below it")


def with_block(text: str | None, body: str) -> str | Refusal:
    """The text with `body` between the markers, where they stand or at the end; None: there is no text yet."""
    text = text or ""
    if refusal := _misplaced(text):
        return refusal
    end = "\r\n" if "\r\n" in text else "\n"
    block = f"{BEGIN}\n{body}{END}\n".replace("\n", end)
    if found := _BLOCK.search(text):
        last = "" if not found[0].endswith("\n") else end
        return text[: found.start()] + block.removesuffix(end) + last + text[found.end() :]
    gap = "" if not text or text.endswith(2 * end) else end if text.endswith("\n") else 2 * end
    return text + gap + block


def without_block(text: str) -> str | Refusal:
    """The text without the block and the markers; what stands around them stays."""
    return _misplaced(text) or _BLOCK.sub("", text)
