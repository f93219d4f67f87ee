"""What is said around the code: counts, where one is, what there is to do. Pure.

Knows sessions and the keys that were chosen. Does not know where the words stand on the screen.
"""

from __future__ import annotations

from collections.abc import Mapping

from codetune_git.domain import Suggestion, Verdict, Verification
from codetune_git.tui.choices import Edited
from codetune_git.tui.keys import Bound
from codetune_git.tui.printing import printed
from codetune_git.tui.session import Session

MARKS: Mapping[Verdict | None, str] = {Verdict.ACCEPTED: "✓", Verdict.REJECTED: "✗", None: "·"}
PROVEN = {
    Verification.SAFE: "safe: proven to mean the same",
    Verification.RENAME: "rename: a local name, the same everywhere in its scope",
    Verification.ASSUMING: "assuming: the same if",
    Verification.UNSAFE: "unsafe: it parses, but is not proven to mean the same",
}


def proven_in_words(proposed: Edited) -> str:
    """What is proven about a text, with the assumption that it rests on."""
    return f"{PROVEN[proposed.verification]} {proposed.assumption}".rstrip()


def counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def percent(suggestion: Suggestion) -> str:
    """Never 100 %: it is a model's opinion."""
    return f"{min(99, int(suggestion.confidence * 100))} %"


def bar(share: float, width: int) -> str:
    """Filled by `share`, by one block at least if there is anything."""
    filled = min(width, max(round(share * width), 1 if share > 0 else 0))
    return "█" * filled + "░" * (width - filled)


def shortened(text: str, width: int) -> str:
    """The end of `text`, which tells more of a path than its beginning."""
    return text if len(text) <= width else f"…{text[len(text) - max(0, width - 1) :]}"


def shown_key(key: str) -> str:
    return {"down": "↓", "up": "↑", "left": "←", "right": "→"}.get(key, key)


def convention(suggestion: Suggestion) -> str:
    """The kind, what it asks for in plain words, and what else changes these lines."""
    named = f"{suggestion.kind}: {suggestion.phrase}".rstrip(": ")
    others = ", ".join(kind for kind in suggestion.kinds if kind != suggestion.kind)
    return printed(f"{named}, also {others}" if others else named)


def progress(session: Session) -> str:
    if session.finished:
        return f"looked at {counted(session.seen, 'file')}"
    return f"looked at {session.seen} of {counted(session.total, 'file')}…"


def tally(session: Session) -> str:
    accepted, rejected, undecided = (session.counts[v] for v in (Verdict.ACCEPTED, Verdict.REJECTED, None))
    return f"✓ {accepted} accepted  ✗ {rejected} rejected  · {undecided} undecided"


def place(session: Session) -> str:
    """Which file, which suggestion and what was decided about it."""
    current = session.current
    if current is None:
        return ""
    verdict = session.verdict(current)
    said = f"{MARKS[verdict]} {verdict.value}" if verdict else "undecided"
    if current.id in session.choices.edits:
        said += ", edited"
    file = f"file {session.paths.index(current.path) + 1}/{len(session.paths)}"
    hidden = f" ({session.hidden} hidden)" if session.hidden else ""
    return f"{file} · suggestion {session.position + 1}/{len(session.shown)}{hidden} · {said}"


def location(suggestion: Suggestion) -> str:
    first, last = suggestion.lines
    return f"{printed(suggestion.path)}:{first}" + (f"-{last}" if last > first else "")


def _end(session: Session, keys: Bound) -> str:
    accepted, hidden = session.counts[Verdict.ACCEPTED], session.hidden
    decided = f"all {len(session.shown)} shown are decided" if hidden else f"all {len(session.shown)} decided"
    leave = f"{keys['quit'][0]} writes the {accepted} accepted" if accepted else f"{keys['quit'][0]} writes nothing"
    more = f", {keys['filter'][0]} shows {hidden} more" if hidden else ""
    return f"{decided}: {leave}, {keys['undo'][0]} undoes{more}"


def state(session: Session, keys: Bound) -> str:
    """What there is to do when it is not simply the next suggestion; "" when it is."""
    if session.hidden and not session.shown:
        return f"the filter hides all {session.hidden}: {keys['filter'][0]} changes it"
    if session.finished and not session.listed:
        return f"nothing to suggest in {counted(session.seen, 'file')}: {keys['quit'][0]} leaves"
    if not session.listed:
        return "no suggestion so far, still looking…"
    if not session.all_decided:
        return ""
    return _end(session, keys) if session.finished else "all decided so far, waiting for more…"
