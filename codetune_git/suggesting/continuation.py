"""What the model writes of its own accord: the line that it doubts most, continued. No convention names it.

Knows one answer of the model and how to prove it. Does not know how sure one must be to say it: that is calibrated, on
a threshold of its own.

It is a candidate where the model doubts the staged text by more than chance, where what it writes leads back to the
staged text (model/scoring sees to that), is none of the named candidates, is proven to mean the same, leaves every
word of the comments, of which no proof knows the meaning, and leaves the conventions that must not be heard there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import takewhile

from codetune_git.domain import REWRITE, Edit, LanguageModel, Site, Verification
from codetune_git.languages.table import language_in, sites
from codetune_git.suggesting.evidence import Evidence
from codetune_git.suggesting.features import NOTHING
from codetune_git.suggesting.proposal import Proposal, lines_of_edits
from codetune_git.suggesting.questions import Asked
from codetune_git.text.source import Source

# No assumptions: what no convention names has no habit of this house to speak for it, and one part is no whole file.
_PROVEN = (Verification.SAFE, Verification.RENAME)
LEAST_LOG_ODDS = 2.0  # nats: writing costs as much as answering about all candidates together
_STAGED, _WRITTEN = "staged", "as the model writes it"


@dataclass(frozen=True, slots=True)
class Continuation:
    """The staged text of a question as the model writes it, and its log-odds in nats."""

    text: str
    log_odds: float


def _comments(source: Source) -> list[list[bytes]]:
    """The words of each comment."""
    marker = source.grammar.comment.encode()
    return [source.slice(node).lstrip(marker).split() for node in source.nodes if node.type == "comment"]


def _is_proven(part: Source, rewritten: Source) -> bool:
    proof = language_in(part).verify(part.text, rewritten.text)
    proven = proof is not None and proof.verification in _PROVEN
    return proven and _comments(rewritten) == _comments(part)


def _written_otherwise(part: Source, rewritten: Source) -> set[str]:
    """The conventions that the two write differently."""
    old, new = (Counter((s.convention, s.variant) for s in sites(source)) for source in (part, rewritten))
    return {name for name, _ in ((old - new) + (new - old))}


def continuation(asked: Asked, named: frozenset[str], model: LanguageModel) -> Continuation | None:
    """What the model would write instead of the staged text of `asked`; None where it has nothing new to say.

    `named`: the conventions that may be heard there. A rewrite must not do under another name what one of the others
    would.
    """
    staged = asked.question.staged
    text, log_odds = model.write(asked.question, LEAST_LOG_ODDS)
    if text in (staged, *asked.question.candidates) or text.endswith("\n") != staged.endswith("\n"):
        return None
    part, end = Source.parse(asked.part, asked.grammar), asked.offset + len(staged.encode())
    rewritten = part.with_text(asked.part[: asked.offset] + text.encode() + asked.part[end:])
    if not _is_proven(part, rewritten) or _written_otherwise(part, rewritten) - named:
        return None
    return Continuation(text, log_odds)


def _common(left: Iterable[str], right: Iterable[str]) -> int:
    """How many characters the two have in common at the start."""
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(left, right, strict=False)))


def _edit(old: str, new: str, start: int) -> Edit:
    """The least replacement that makes `new` of `old`, which begins at the byte `start`.

    Their ends are compared first: whatever is put in stands before a last line feed, never in the line after it.
    """
    tail = _common(reversed(old), reversed(new))
    head = _common(old[: len(old) - tail], new[: len(new) - tail])
    first = start + len(old[:head].encode())
    removed = old[head : len(old) - tail].encode()
    return Edit(first, first + len(removed), new[head : len(new) - tail].encode())


def evidence_of(source: Source, asked: Asked, found: Continuation) -> Evidence:
    """The continuation as evidence among others."""
    edit = _edit(asked.question.staged, found.text, asked.start)
    site = Site(REWRITE, edit.start, edit.end, _STAGED)
    proposal = Proposal(site, _WRITTEN, (edit,), lines_of_edits(source, (edit,)))
    return Evidence(proposal, NOTHING.with_model(found.log_odds))
