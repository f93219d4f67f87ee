"""The state of a review: what has come, what is looked at, what was chosen, what can be undone. Pure.

Knows suggestions and how one moves among them. Does not know keys, screens, git or the model.
Each step returns a new session; a step that changes the choices can be undone, moving about cannot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from codetune_git.domain import Decision, FileFindings, Suggestion, Verdict, Verification
from codetune_git.tui.choices import NOTHING_CHOSEN, Choices, Edited
from codetune_git.tui.selection import EVERYTHING, Filter, matches


@dataclass(frozen=True)
class Session:
    """`files` are those with suggestions, `seen` counts all that were looked at, of `total` that will come.

    `current_id`: the suggestion that is looked at; it is among the shown ones, and None only where none is shown.
    `waiting`: nothing was left to go on to, so the next suggestion that comes is to be looked at.
    Without slots: what is derived from the fields is computed once and kept.
    """

    total: int
    files: tuple[FileFindings, ...] = ()
    seen: int = 0
    finished: bool = False
    choices: Choices = NOTHING_CHOSEN
    past: tuple[tuple[Choices, str | None], ...] = ()
    current_id: str | None = None
    waiting: bool = True
    filter: Filter = EVERYTHING

    @cached_property
    def listed(self) -> tuple[Suggestion, ...]:
        """All suggestions, in the order of files and lines, those taken apart as their parts."""
        return tuple(chain.from_iterable(map(self._of, self.files)))

    @cached_property
    def shown(self) -> tuple[Suggestion, ...]:
        """Those that the filter lets through."""
        return tuple(s for s in self.listed if self.filter.shows(s))

    @cached_property
    def position(self) -> int:
        """The place of the current suggestion among the shown ones, from 0; -1: none is shown."""
        return next((i for i, s in enumerate(self.shown) if s.id == self.current_id), -1)

    @property
    def current(self) -> Suggestion | None:
        return self.shown[self.position] if self.position >= 0 else None

    @cached_property
    def file(self) -> FileFindings | None:
        """The file of the current suggestion."""
        current = self.current
        return next((f for f in self.files if f.path == current.path), None) if current else None

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The files that something is shown of."""
        return tuple(dict.fromkeys(s.path for s in self.shown))

    @cached_property
    def counts(self) -> Counter[Verdict | None]:
        """How many are accepted, rejected and, under None, undecided; hidden ones too."""
        return Counter(self.verdict(s) for s in self.listed)

    @property
    def hidden(self) -> int:
        return len(self.listed) - len(self.shown)

    @property
    def all_decided(self) -> bool:
        """Is nothing left to decide among what is shown?"""
        return all(self.verdict(s) is not None for s in self.shown)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        return tuple(filter(None, map(self.choices.decision, self.listed)))

    def verdict(self, suggestion: Suggestion) -> Verdict | None:
        return self.choices.verdicts.get(suggestion.id)

    def arrived(self, findings: FileFindings) -> Session:
        """With the next file of the stream; where nothing was left to decide, its first suggestion is shown."""
        files = (*self.files, findings) if findings.suggestions else self.files
        grown = replace(self, files=files, seen=self.seen + 1)
        return grown._going_on() if self.waiting else grown._settled()

    def ended(self) -> Session:
        over = replace(self, finished=True)
        return over._going_on() if self.waiting else over

    def decided(self, verdict: Verdict) -> Session:
        """`verdict` on the current suggestion, then on to the next one that is undecided."""
        return self._judged([self.current] if self.current else [], verdict)._going_on()

    def decided_file(self, verdict: Verdict) -> Session:
        """`verdict` on the current suggestion and on all that are shown and undecided in its file.

        What rests on an assumption is accepted one by one only, by somebody who has read the assumption.
        """
        current = self.current
        if current is None:
            return self
        others = [s for s in self.shown if s.path == current.path and s is not current and self.verdict(s) is None]
        if verdict is Verdict.ACCEPTED:
            others = [s for s in others if s.verification is not Verification.ASSUMING]
        meant = [s for s in self.shown if s is current or s in others]
        return self._judged(meant, verdict)._going_on()

    def toggled(self) -> Session:
        """The current suggestion accepted, or, where it was, undecided again."""
        current = self.current
        if current is None:
            return self
        return self._judged([current], None if self.verdict(current) is Verdict.ACCEPTED else Verdict.ACCEPTED)

    def edited(self, suggestion: Suggestion, edited: Edited) -> Session:
        return self._chosen(self.choices.edited(suggestion, edited))

    def split(self, suggestion: Suggestion, parts: tuple[Suggestion, ...]) -> Session:
        """`parts` in place of `suggestion`, undecided, the first of them looked at where it was."""
        apart = self._chosen(self.choices.split(suggestion, parts))
        return replace(apart, current_id=parts[0].id) if self.current_id == suggestion.id else apart

    def undone(self) -> Session:
        """Without the last choice, looking at what was looked at when it was made."""
        if not self.past:
            return self
        *past, (choices, current_id) = self.past
        return replace(self, past=tuple(past), choices=choices, current_id=current_id, waiting=False)._settled()

    def stepped(self, by: int) -> Session:
        """`by` suggestions further (or back), no further than the ends."""
        if not self.shown:
            return self
        return self.at(self.shown[min(max(self.position + by, 0), len(self.shown) - 1)])

    def stepped_file(self, by: int) -> Session:
        """At the first suggestion of the file that is `by` files further (or back)."""
        current = self.current
        if current is None:
            return self
        there = self.paths.index(current.path) + by
        if not 0 <= there < len(self.paths):
            return self
        return self.at(next(s for s in self.shown if s.path == self.paths[there]))

    def at(self, suggestion: Suggestion) -> Session:
        return replace(self, current_id=suggestion.id, waiting=False)

    def filtered(self, wanted: Filter) -> Session:
        return replace(self, filter=wanted)._settled()

    def found(self, query: str, *, further: bool) -> Session:
        """At the next match of `query`, around the end too; `further`: the current suggestion does not count."""
        start = self.position + 1 if further else max(self.position, 0)
        around = (*self.shown[start:], *self.shown[:start])
        match = next((s for s in around if matches(s, query)), None)
        return self.at(match) if match else self

    def _of(self, findings: FileFindings) -> Iterator[Suggestion]:
        for suggestion in sorted(findings.suggestions, key=lambda s: s.lines):
            yield from self.choices.apart(suggestion)

    def _judged(self, suggestions: list[Suggestion], verdict: Verdict | None) -> Session:
        return self._chosen(self.choices.judged(suggestions, verdict)) if suggestions else self

    def _chosen(self, choices: Choices) -> Session:
        return replace(self, choices=choices, past=(*self.past, (self.choices, self.current_id)), waiting=False)

    def _going_on(self) -> Session:
        """At the next undecided suggestion; while more may come, not back to what was passed over."""
        start = self.position + 1
        around = self.shown[start:] if not self.finished else (*self.shown[start:], *self.shown[: max(start - 1, 0)])
        undecided = next((s for s in around if self.verdict(s) is None), None)
        return self.at(undecided) if undecided else replace(self, waiting=True)._settled()

    def _settled(self) -> Session:
        """At a suggestion that is shown: the current one, or else the nearest to where it stands."""
        if self.current or not self.shown:
            return self
        following = chain.from_iterable(self.listed[i:] for i, s in enumerate(self.listed) if s.id == self.current_id)
        nearest = next((s for s in following if self.filter.shows(s)), self.shown[-1 if self.current_id else 0])
        return replace(self, current_id=nearest.id)
