"""What a person has chosen so far: verdicts, edited texts, suggestions taken apart. Pure.

Knows suggestions by their id. Does not know which one is looked at, nor how a choice is made.
Every choice makes a new value and leaves the old one as it was: to undo is to go back to it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from codetune_git.domain import Decision, Suggestion, Verdict, Verification


@dataclass(frozen=True, slots=True)
class Edited:
    """A text that a person wrote in place of the suggested one, and what is proven about it.

    `assumption`: under which it is proven, in words; "" where it needs none.
    """

    replacement: tuple[str, ...]
    verification: Verification
    assumption: str = ""


@dataclass(frozen=True, slots=True)
class Choices:
    """`verdicts`, `edits` and `parts` by the id of the suggestion."""

    verdicts: Mapping[str, Verdict] = field(default_factory=dict)
    edits: Mapping[str, Edited] = field(default_factory=dict)
    parts: Mapping[str, tuple[Suggestion, ...]] = field(default_factory=dict)

    def proposed(self, suggestion: Suggestion) -> Edited:
        """The text that would be accepted now."""
        suggested = Edited(suggestion.replacement, suggestion.verification, suggestion.assumption)
        return self.edits.get(suggestion.id, suggested)

    def judged(self, suggestions: Iterable[Suggestion], verdict: Verdict | None) -> Choices:
        """With `verdict` on all of `suggestions`; None: undecided again."""
        verdicts = dict(self.verdicts)
        for suggestion in suggestions:
            if verdict is None:
                verdicts.pop(suggestion.id, None)
            else:
                verdicts[suggestion.id] = verdict
        return replace(self, verdicts=verdicts)

    def edited(self, suggestion: Suggestion, edited: Edited) -> Choices:
        """Accepted, with the text of `edited`."""
        edits = {**self.edits, suggestion.id: edited}
        return replace(self.judged([suggestion], Verdict.ACCEPTED), edits=edits)

    def split(self, suggestion: Suggestion, parts: tuple[Suggestion, ...]) -> Choices:
        return replace(self, parts={**self.parts, suggestion.id: parts})

    def apart(self, suggestion: Suggestion) -> Iterator[Suggestion]:
        """`suggestion`, or what it was taken apart into."""
        if suggestion.id not in self.parts:
            yield suggestion
        for part in self.parts.get(suggestion.id, ()):
            yield from self.apart(part)

    def decision(self, suggestion: Suggestion) -> Decision | None:
        verdict = self.verdicts.get(suggestion.id)
        if verdict is None:
            return None
        accepted = verdict is Verdict.ACCEPTED
        return Decision(
            suggestion, verdict, self.proposed(suggestion).replacement if accepted else suggestion.replacement
        )


NOTHING_CHOSEN = Choices()
