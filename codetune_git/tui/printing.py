"""What is shown of a text from the repository. Pure.

Knows that such a text can steer a terminal or hide what it says; does not know what it is about.
"""

from __future__ import annotations

from codetune_git.report.text import visible

_TAB_STOP = 4


def printed(text: str, *, tab: str = " ") -> str:
    """`text` as it can be shown: nothing that steers a terminal, tabs as `tab` and blanks up to the next stop."""
    shown = ""
    *fields, rest = visible(text).split("\t")
    for part in fields:
        shown += part
        shown += tab + " " * (_TAB_STOP - 1 - len(shown) % _TAB_STOP)
    return shown + rest
