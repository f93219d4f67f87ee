"""The one source of commits: which are learned from, which are held out, which are replayed. Joins git's history with
the admission of paths.

1 the newest commits that the cursor has not seen, oldest first
2 commits that were learned under another name (rebased, cherry-picked) are recognised by their fingerprint
3 files that are ignored, vendored, generated or of no known language are left out; commits of bots and bulk commits as
  a whole
4 the newest commits are held out for the evaluation

Replayed commits pass the same rules: what is refused today is not learned again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from codetune_git.domain import Commit, Refusal, Skipped
from codetune_git.git.history import not_fetched, walk
from codetune_git.git.partial import NOT_ALL_FETCHED
from codetune_git.git.repository import Repository
from codetune_git.pipelines.admission import eligible
from codetune_git.store import Cursor
from codetune_git.suggesting.evaluation.cases import CommittedFile
from codetune_git.text.admission import readable
from codetune_git.text.decoding import decode
from codetune_git.text.selection import refuse_author

MOST_COMMITS = 1500  # in one run; beyond that the habits of the tree say more than what the model can take in
HELD_OUT = 0.3
MOST_HELD_OUT = 300
REPLAYED_COMMITS = 120
BULK = 60  # files: a commit that touches more is a reformat or a move, not how somebody writes


@dataclass(frozen=True, slots=True)
class MinedCommits:
    """Commits to learn from, oldest first, the fingerprints of the new tip, and what was left out and why."""

    commits: tuple[Commit, ...]
    fingerprints: frozenset[str]
    skipped: tuple[Skipped, ...]
    read: int

    @property
    def training(self) -> tuple[Commit, ...]:
        """Step 4: the commits to train on."""
        return self.commits[: len(self.commits) - self._held]

    @property
    def held_out(self) -> tuple[Commit, ...]:
        """Step 4: the newest commits, which the adapter is evaluated on."""
        return self.commits[len(self.commits) - self._held :]

    @property
    def _held(self) -> int:
        return min(MOST_HELD_OUT, round(len(self.commits) * HELD_OUT))

    @property
    def first(self) -> str:
        return self.commits[0].oid if self.commits else ""

    @property
    def last(self) -> str:
        return self.commits[-1].oid if self.commits else ""


def _refusal(commit: Commit, fingerprints: frozenset[str]) -> Refusal | None:
    if commit.fingerprint in fingerprints:
        return Refusal("learned before under another name")
    if len(commit.changes) > BULK:
        return Refusal(f"touches more than {BULK} files")
    return refuse_author(commit.author)


def _usable(
    repository: Repository, commits: Sequence[Commit], tip: str, fingerprints: frozenset[str]
) -> tuple[tuple[Commit, ...], tuple[Skipped, ...]]:
    """Steps 2 and 3: the changes that the rules of `tip` admit, and what they refuse."""
    paths = sorted({change.path for commit in commits for change in commit.changes})
    refused = eligible(repository, paths, tip)
    skipped = [Skipped(path, reason) for path, reason in refused.items() if reason]
    kept = []
    for commit in commits:
        changes = tuple(change for change in commit.changes if refused[change.path] is None and change.new is not None)
        reason = _refusal(commit, fingerprints)
        if reason:
            skipped.append(Skipped(commit.oid, reason))
        elif changes:
            kept.append(replace(commit, changes=changes))
    return tuple(kept), tuple(skipped)


def mine_commits(repository: Repository, tip: str, cursor: Cursor) -> MinedCommits:
    """Steps 1 to 3."""
    commits = list(walk(repository, tip, exclude=cursor.tips, limit=MOST_COMMITS))
    absent = not_fetched(repository, tip, exclude=cursor.tips, limit=MOST_COMMITS)
    kept, skipped = _usable(repository, commits, tip, cursor.fingerprints)
    skipped += tuple(Skipped(oid, NOT_ALL_FETCHED) for oid in absent)
    fingerprints = cursor.fingerprints | {commit.fingerprint for commit in commits}
    return MinedCommits(kept, fingerprints, skipped, len(commits))


def replayable(repository: Repository, tip: str, cursor: Cursor) -> tuple[Commit, ...]:
    """The newest commits that the cursor has seen, oldest first, as far as the rules of `tip` admit them."""
    learned = repository.resolve(cursor.tips[-1]) if cursor.tips else None
    if learned is None:
        return ()
    commits = list(walk(repository, learned, limit=REPLAYED_COMMITS))
    return _usable(repository, commits, tip, frozenset())[0]


def committed_files(commits: Sequence[Commit], today: Mapping[str, bytes], *, first: int = 0) -> list[CommittedFile]:
    """The files that the commits wrote, newest first, for an evaluation, numbered from `first` on.

    `today`: the files that they changed, as they are now.
    """
    settled: dict[str, frozenset[bytes]] = {}
    files: list[CommittedFile] = []
    for commit in reversed(commits):
        for change in commit.changes:
            text = readable(change.new) if change.new is not None and change.added else None
            if not isinstance(text, bytes):
                continue
            if change.path not in settled:
                now = decode(today.get(change.path, b""))
                settled[change.path] = frozenset(() if isinstance(now, Refusal) else now.split(b"\n"))
            files.append(CommittedFile(change.path, text, change.added, settled[change.path], first + len(files)))
    return files


def by_reason(skipped: Iterable[Skipped]) -> list[tuple[str, int]]:
    """The number of things left out for each reason, the commonest reason first."""
    return Counter(one.reason for one in skipped).most_common()
