"""The values that flow through the rooms: owned, frozen, free of git, models and files.

Knows the shape of what is passed on. Does not know where it comes from or what is done with it.
What a history holds by the ten thousand is a NamedTuple: made three times as fast as a frozen dataclass.
Line numbers are 1-based and inclusive; offsets are bytes into the UTF-8 text of a file; paths are relative to the top
of the repository, with `/`, decoded with surrogateescape.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple, Protocol

BY_COUNTS = "counts"  # stands in the place of an adapter's id where there is none: counting alone has judged
REWRITE = "rewrite"  # the kind of what the model writes of its own accord; all other kinds are conventions


class LineRange(NamedTuple):
    """Lines `first` to `last` of a file, 1-based, inclusive; `first <= last`."""

    first: int
    last: int

    def touches(self, other: LineRange) -> bool:
        return self.first <= other.last and other.first <= self.last

    def contains(self, other: LineRange) -> bool:
        return self.first <= other.first and other.last <= self.last


class FileChange(NamedTuple):
    """One file of one commit. `old` is None for an added file, `new` is None for a deleted one.

    `added` are the line ranges of `new` that the commit wrote (added or replaced), ascending, disjoint.
    """

    path: str
    old_path: str | None
    old_oid: str
    new_oid: str
    old: bytes | None
    new: bytes | None
    added: tuple[LineRange, ...]


@dataclass(frozen=True, slots=True)
class Commit:
    """A non-merge commit. `time` is the committer's, in seconds since the epoch; 0 where git cannot read it.

    `fingerprint` identifies the same change after a rebase: a digest of (path, old blob, new blob) of its changes.
    """

    oid: str
    fingerprint: str
    author: str
    time: int
    subject: str
    changes: tuple[FileChange, ...]


@dataclass(frozen=True, slots=True)
class StagedFile:
    """A file as staged (or at the end of a range): its blob, what HEAD (the range's start) holds, the added lines."""

    path: str
    oid: str
    content: bytes
    head: bytes | None
    added: tuple[LineRange, ...]


class Refusal(str):
    """An expected failure: the reason, a short phrase, why there is no result; returned in the result's place."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Skipped:
    """Something that was left out, and why: no drop without a reason. `line`: where in the file, if not all of it."""

    path: str
    reason: str
    line: int | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the bytes `[start, end)` of a text by `replacement`."""

    start: int
    end: int
    replacement: bytes


class Site(NamedTuple):
    """A place where the text made a choice that a convention names.

    `start`, `end`: the bytes that the choice is about, as small as they can be. `variant`: what stands there.
    `context`: what the choice depends on, from the most to the least important feature, each a short word
    (counting backs off from all of them to none). Sites exist only where the author was free to choose:
    at least one other variant can be written here.
    """

    convention: str
    start: int
    end: int
    variant: str
    context: tuple[str, ...] = ()


class Verification(StrEnum):
    """What is proven about a rewrite: same meaning, a local renaming, the same under a named assumption that the file
    supports, or only that it parses."""

    SAFE = "safe"
    RENAME = "rename"
    ASSUMING = "assuming"
    UNSAFE = "unsafe"


@dataclass(frozen=True, slots=True)
class Precedent:
    """A line of the user's own history that writes it the suggested way."""

    path: str
    line: int
    commit: str
    text: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """Lines of a file as they stand, from `line` on, without their ends."""

    path: str
    line: int
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Support:
    """How often this repository, at places like this one, writes as suggested (`agree`) and otherwise (`differ`)."""

    agree: int
    differ: int


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One decision: replace lines of the staged file. `id` is stable for the same text and rewrite.

    `kind` is the most confident convention, `variant` what it asks for, in plain words `phrase`; `kinds` are all that
    change these lines.
    `assumption`: under which it is proven, in words; "" where it needs none.
    """

    id: str
    path: str
    lines: LineRange
    original: tuple[str, ...]
    replacement: tuple[str, ...]
    kind: str
    kinds: tuple[str, ...]
    variant: str
    score: float
    confidence: float
    verification: Verification
    precedents: tuple[Precedent, ...]
    support: Support
    assumption: str = ""
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class Findings:
    """What `suggest` found: the suggestions, what was left out, and which adapter and base spoke."""

    suggestions: tuple[Suggestion, ...]
    skipped: tuple[Skipped, ...]
    adapter: str
    base: str


Outcome = tuple[tuple[Suggestion, ...], tuple[Skipped, ...]]
"""What is suggested about a file, and what is left out of it."""


@dataclass(frozen=True, slots=True)
class FileFindings:
    """What is suggested about one staged file: its lines without their ends, and the suggestions in their order."""

    path: str
    lines: tuple[str, ...]
    suggestions: tuple[Suggestion, ...]


class Verdict(StrEnum):
    """What a person said about a suggestion."""

    ACCEPTED = "accepted"
    REJECTED = "rejected"


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict; `replacement` is what was accepted, perhaps edited (of a rejected suggestion: what it proposed)."""

    suggestion: Suggestion
    verdict: Verdict
    replacement: tuple[str, ...]


class SampleKind(StrEnum):
    RESTORATION = "restoration"
    INFILLING = "infilling"
    NEXT_TOKEN = "next_token"
    STYLE_EDIT = "style_edit"


@dataclass(frozen=True, slots=True)
class Sample:
    """A training sample: the hunk `target` of the file `path` between `before` and `after`.

    RESTORATION and STYLE_EDIT: `staged` is the text to restore `target` from (equal to it: leave it alone).
    INFILLING: `target` is the missing middle, `staged` is empty. NEXT_TOKEN: `target` follows `before`.
    `origin` says where it comes from (commit:path:first-last); `broken` names the conventions that were broken.
    `near` are lines from elsewhere in the same house that are like the hunk, the most alike last.
    """

    kind: SampleKind
    path: str
    before: str
    staged: str
    after: str
    target: str
    origin: str = ""
    broken: tuple[str, ...] = ()
    weight: float = 1.0
    near: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """What the model is asked about a staged hunk: how much likelier is each candidate than the hunk as it stands?"""

    path: str
    before: str
    staged: str
    after: str
    candidates: tuple[str, ...] = field(default=())


class LanguageModel(Protocol):
    """What `suggesting` needs of a model."""

    def log_odds(self, questions: Sequence[Question]) -> list[tuple[float, ...]]:
        """For each question and candidate: log p(candidate) - log p(staged) in nats, at the first differing token."""
        ...

    def write(self, question: Question, least: float = 0.0) -> tuple[str, float]:
        """The hunk as the model would write it, and its log-odds in nats; the staged text and 0.0 where it agrees.

        Log-odds of up to `least` count as agreement.
        """
        ...
