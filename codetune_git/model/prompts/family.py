"""The prompt format of a family of base models: how samples become token ids.

Knows markers, segments and token budgets; does not know torch, weights or files. Every text is given as whole lines and
encoded so that each line starts with its newline: a hunk's first line then looks like any other to the tokenizer.

    restoration   [near lines …] path p before text after text staged hunk target hunk end
    infilling     path p before text after text middle text end
    next token    path p before text
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from codetune_git.domain import Sample, SampleKind
from codetune_git.model.tokenizers.tokenizer import Tokenizer

_LAST_BLANK = re.compile(r"(?:\n[ \t]*| )\Z")
_PATH_TOKENS = 32
_SMALLEST_CONTEXT = 160
_NEAR_SHARE = 3  # neighbours take at most this part of what is left for the text before the hunk


@dataclass(frozen=True, slots=True)
class TokenBudget:
    """Token limits: of the whole sequence, of the context before and of the context after the hunk."""

    total: int = 1024
    before: int = 448
    after: int = 128


@dataclass(frozen=True, slots=True)
class Segment:
    """A marker with the text that follows it; `role` names the marker. The last segment ends with the end marker."""

    role: str
    ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Encoded:
    """Token ids, and for each whether predicting it counts in the loss."""

    ids: tuple[int, ...]
    loss: tuple[bool, ...]


@dataclass(frozen=True, slots=True)
class Family:
    """`markers` maps each role to a text: wherever a token of `special` stands in it that token, else plain text.

    `architectures` are those of its base models, none where any will do. A sequence begins with the path's marker:
    where the base expects a token at the very start, it stands there. `near` is the token before lines from elsewhere
    in the house, where its bases have learned to read them; those stand in front of everything.
    """

    name: str
    architectures: tuple[str, ...]
    special: tuple[str, ...]
    markers: dict[str, str]
    near: str = ""

    def _pieces(self, role: str) -> list[str]:
        if not self.special:
            return [self.markers[role]]
        return [piece for piece in re.split(f"({'|'.join(map(re.escape, self.special))})", self.markers[role]) if piece]

    def _token(self, tokenizer: Tokenizer, name: str) -> int:
        token = tokenizer.names.get(name)
        if token is None:
            raise ValueError(f"the tokenizer has no token {name}, which base family {self.name} needs")
        return token

    def marker(self, tokenizer: Tokenizer, role: str) -> tuple[int, ...]:
        found: list[int] = []
        for piece in self._pieces(role):
            found += [self._token(tokenizer, piece)] if piece in self.special else tokenizer.ids(piece)
        return tuple(found)

    def ends(self, tokenizer: Tokenizer) -> frozenset[int]:
        """The tokens that nothing is written after; none where the end is plain text."""
        return frozenset(self._token(tokenizer, piece) for piece in self._pieces("end") if piece in self.special)

    def fits(self, architecture: str, tokenizer: Tokenizer) -> bool:
        """Whether a base of this architecture and vocabulary has everything that the format needs."""
        complete = all(token in tokenizer.names for token in self.special)
        return complete and (not self.architectures or architecture in self.architectures)

    def _segment(self, tokenizer: Tokenizer, role: str, ids: Sequence[int]) -> Segment:
        return Segment(role, (*self.marker(tokenizer, role), *ids))

    def _context(self, tokenizer: Tokenizer, sample: Sample, limits: tuple[int, int]) -> tuple[Segment, ...]:
        """The path, the end of the text before and the start of the text after."""
        path = tokenizer.ids(sample.path)[-_PATH_TOKENS:]
        before = tokenizer.ids(sample.before)[-limits[0] :] if limits[0] > 0 else ()
        after = tokenizer.ids(sample.after)[: max(0, limits[1])]
        return (
            self._segment(tokenizer, "path", path),
            self._segment(tokenizer, "before", before),
            self._segment(tokenizer, "after", after),
        )

    def _neighbours(self, tokenizer: Tokenizer, sample: Sample, room: int) -> tuple[Segment, ...]:
        """The lines near to the hunk, most alike last, within `room` tokens: what does not fit is cut at its end."""
        marker = tokenizer.names.get(self.near)
        if marker is None or not sample.near:
            return ()
        most = max(0, room // len(sample.near) - 1)
        return tuple(Segment("near", (marker, *tokenizer.ids(_lined(text))[:most])) for text in sample.near)

    def _restoration(self, tokenizer: Tokenizer, sample: Sample, budget: TokenBudget) -> tuple[Segment, ...] | None:
        staged, target = tokenizer.ids(_lined(sample.staged)), tokenizer.ids(_lined(sample.target))
        limits = _limits(budget, 2 * max(len(staged), len(target)) + 8)
        if limits is None:
            return None
        near = self._neighbours(tokenizer, sample, limits[0] // _NEAR_SHARE)
        limits = (limits[0] - sum(len(segment.ids) for segment in near), limits[1])
        framed = Sample(sample.kind, sample.path, sample.before.removesuffix("\n"), "", _lined(sample.after), "")
        return (
            *near,
            *self._context(tokenizer, framed, limits),
            self._segment(tokenizer, "staged", staged),
            self._segment(tokenizer, "target", (*target, *self.marker(tokenizer, "end"))),
        )

    def _infilling(self, tokenizer: Tokenizer, sample: Sample, budget: TokenBudget) -> tuple[Segment, ...] | None:
        blank = _LAST_BLANK.search(sample.before)
        cut = blank.start() if blank else len(sample.before)
        middle = tokenizer.ids(sample.before[cut:] + sample.target)
        limits = _limits(budget, len(middle))
        if limits is None:
            return None
        framed = Sample(sample.kind, sample.path, sample.before[:cut], "", sample.after, "")
        ending = (*middle, *self.marker(tokenizer, "end"))
        return (*self._context(tokenizer, framed, limits), self._segment(tokenizer, "middle", ending))

    def _next_token(self, tokenizer: Tokenizer, sample: Sample, budget: TokenBudget) -> tuple[Segment, ...]:
        path = self._segment(tokenizer, "path", tokenizer.ids(sample.path)[-_PATH_TOKENS:])
        before = tokenizer.ids(sample.before)[-budget.before :] if sample.before else ()
        known = self._segment(tokenizer, "before", before)
        room = max(0, budget.total - len(path.ids) - len(known.ids))
        return (path, known, Segment("target", tokenizer.ids(sample.target)[:room]))

    def segments(self, tokenizer: Tokenizer, sample: Sample, budget: TokenBudget) -> tuple[Segment, ...] | None:
        """The sample's segments in order; None where the hunk does not fit into the budget."""
        if sample.kind is SampleKind.NEXT_TOKEN:
            return self._next_token(tokenizer, sample, budget)
        if sample.kind is SampleKind.INFILLING:
            return self._infilling(tokenizer, sample, budget)
        return self._restoration(tokenizer, sample, budget)

    def encode(self, tokenizer: Tokenizer, sample: Sample, budget: TokenBudget) -> Encoded | None:
        """The sample with the loss on its target (and the end marker) only; None where the hunk does not fit."""
        segments = self.segments(tokenizer, sample, budget)
        if segments is None:
            return None
        ids = tuple(token for segment in segments for token in segment.ids)
        skipped = 0 if sample.kind is SampleKind.NEXT_TOKEN else len(self.marker(tokenizer, segments[-1].role))
        counted = len(segments[-1].ids) - skipped
        return Encoded(ids, (False,) * (len(ids) - counted) + (True,) * counted)

    def encode_prompt(
        self,
        tokenizer: Tokenizer,
        path: str,
        before: str,
        staged: str,
        *,
        after: str,
        budget: TokenBudget,
        near: tuple[str, ...] = (),
    ) -> tuple[int, ...] | None:
        """All ids up to and including the target marker; None where the hunk does not fit."""
        sample = Sample(SampleKind.RESTORATION, path, before, staged, after, staged, near=near)
        segments = self._restoration(tokenizer, sample, budget)
        if segments is None:
            return None
        ids = tuple(token for segment in segments[:-1] for token in segment.ids)
        return ids + self.marker(tokenizer, "target")

    def encode_target(self, tokenizer: Tokenizer, target: str) -> tuple[int, ...]:
        """The ids that follow a prompt where the model writes `target`, the end marker included."""
        return (*tokenizer.ids(_lined(target)), *self.marker(tokenizer, "end"))

    def decode_target(self, tokenizer: Tokenizer, ids: Sequence[int]) -> str:
        """Whole lines from what the model wrote, the end marker excluded or included."""
        end = self.marker(tokenizer, "end")
        kept = tuple(ids[: -len(end)]) if tuple(ids[-len(end) :]) == end else tuple(ids)
        text = tokenizer.text(kept)
        return text.removeprefix("\n") + "\n" if text else ""


def _lined(text: str) -> str:
    """Whole lines, each with its newline in front instead of behind; no lines are no text."""
    return "\n" + text.removesuffix("\n") if text else ""


def _limits(budget: TokenBudget, hunk: int) -> tuple[int, int] | None:
    """Tokens left before and after a hunk of this length; None where too little is left to judge it."""
    left = budget.total - hunk - _PATH_TOKENS - 8
    if left < min(_SMALLEST_CONTEXT, budget.before):
        return None
    after = min(budget.after, left // 4)
    return min(budget.before, left - after), after
