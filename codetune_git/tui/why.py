"""Why a suggestion is made: the convention, how sure, how often here, what is proven, who wrote it so before. Pure.

Knows suggestions. Does not know where the reasons stand on the screen, but how wide and how high they can be.
"""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from codetune_git.domain import Precedent, Suggestion, Support, Verification
from codetune_git.tui.choices import Edited
from codetune_git.tui.printing import printed
from codetune_git.tui.wording import bar, convention, percent, proven_in_words

_LABEL = 12
_WIDEST_BAR = 20
_PROOF_STYLES = {
    Verification.SAFE: "$text-success",
    Verification.RENAME: "$text-warning",
    Verification.ASSUMING: "$text-warning bold",
    Verification.UNSAFE: "$text-error bold",
}

_Part = str | tuple[str, str]


def _line(label: str, *parts: _Part) -> Content:
    return Content.assemble((f"{label:<{_LABEL}}", "$foreground 60%"), *parts)


def _support(support: Support, width: int) -> Content:
    total = support.agree + support.differ
    if not total:
        return _line("support", "nothing comparable was counted here")
    agree, differ = f"agree {support.agree} ", f"   differ {support.differ} "
    size = min(_WIDEST_BAR, max(4, (width - _LABEL - len(agree) - len(differ)) // 2))
    return _line(
        "support",
        agree,
        (bar(support.agree / total, size), "$text-success"),
        differ,
        (bar(support.differ / total, size), "$text-error"),
    )


def precedent_line(precedent: Precedent) -> str:
    where = f"{printed(precedent.path)}:{precedent.line}"
    return f"{where}  {printed(precedent.text.strip())}  ({printed(precedent.commit[:8])})"


def _precedents(suggestion: Suggestion, room: int, key: str) -> Iterator[Content]:
    """As many as there is room for; the last line says how many more there are and how to see all."""
    if not suggestion.precedents:
        yield _line("precedents", "none at hand")
        return
    fit = max(1, room - 1)
    for number, precedent in enumerate(suggestion.precedents[:fit]):
        yield _line("" if number else "precedents", precedent_line(precedent))
    more = len(suggestion.precedents) - fit
    if room > 1:
        yield _line("", (f"{key} shows {f'{more} more and ' if more > 0 else ''}where they stand", "$foreground 60%"))


def why(suggestion: Suggestion, proposed: Edited, *, width: int, height: int, key: str) -> Content:
    """`height` lines at most, each cut at `width`. `proposed`: what would be accepted; `key` shows the precedents."""
    lines = [
        _line("convention", (convention(suggestion), "bold")),
        _line("confidence", f"{percent(suggestion):>4}  ", (bar(suggestion.confidence, _WIDEST_BAR), "$text-accent")),
        _support(suggestion.support, width),
        _line("verified", (printed(proven_in_words(proposed)), _PROOF_STYLES[proposed.verification])),
    ]
    lines += _precedents(suggestion, height - len(lines), key)
    return Content("\n").join(line.truncate(width, ellipsis=True) for line in lines[:height])
