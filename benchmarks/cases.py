"""Cases from the later commits of a history: staged files whose right text is known.

    S1  a hunk as it was committed, and as it still stands today: whatever is said about it is a false alarm
    S2  the same hunk with one convention broken that the house follows: the committed text is the truth
    S3  a hunk that a later commit wrote otherwise without changing what it means: that is the truth

Knows git's history and the catalogue, which both breaks the hunks and proves that a fix changes no meaning: what it
cannot name or prove is no case. Does not know who is asked about them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from codetune_git.domain import Commit, FileChange, LineRange, Refusal
from codetune_git.git.repository import Repository
from codetune_git.languages.table import admitted_at, sites
from codetune_git.pipelines.commits import mine_commits
from codetune_git.pipelines.style_counts import readings_at, texts_at
from codetune_git.samples.breaking import break_hunk
from codetune_git.samples.style_edits import style_edits
from codetune_git.store import Cursor, Store
from codetune_git.style.counting import Counts
from codetune_git.suggesting.proposal import within
from codetune_git.text.decoding import decode
from codetune_git.text.hunks import cut
from codetune_git.text.source import Source

LATER = 0.5  # the share of the newest commits, at most 1,500 of them, that cases are taken from
SETTLED = 90 * 86400  # seconds: younger commits have not had the time to be mended
HUNK_LINES = 12
FOLLOWED, PLACES = 0.9, 20  # a house follows a convention where so many of so many places say so
MOST_FIXES = 20  # of one change: more of them are a formatter's
MOST_TRIED = 250  # changes that are searched for fixes: few hold one, and the proof takes its time


@dataclass(frozen=True, slots=True)
class Case:
    """The file `path` as staged on top of the commit `parent`; it should read `truth`, which differs in `hunk` only."""

    kind: str
    parent: str
    path: str
    text: bytes
    hunk: LineRange
    truth: bytes
    broken: str = ""


@dataclass(frozen=True, slots=True)
class History:
    """The commits that cases come from, oldest first, the commit before them, and today's lines by path."""

    repository: Repository
    store: Store
    before: str
    commits: tuple[Commit, ...]
    today: dict[str, frozenset[bytes]]

    def parent(self, commit: Commit) -> str:
        found = self.repository.resolve(f"{commit.oid}^")
        assert found is not None  # the oldest commit of all lies before these
        return found

    def counts(self, revision: str) -> Counts:
        return readings_at(self.repository, self.store, revision, lambda done, all_: None).counts


def history_of(folder: Path) -> History:
    """The later half of what there is to learn from in the repository at `folder`."""
    repository = Repository.open(folder)
    tip = repository.head()
    if tip is None:
        raise SystemExit(f"{folder}: no commits")
    known = mine_commits(repository, tip, Cursor()).commits
    later = known[len(known) - round(LATER * len(known)) :]
    before = repository.resolve(f"{later[0].oid}^") if later else None
    if before is None:
        raise SystemExit(f"{folder}: too few commits to take cases from")
    paths = sorted({change.path for commit in later for change in commit.changes})
    texts = {path: decode(text) for path, text in texts_at(repository, tip, paths).items()}
    today = {path: frozenset(() if isinstance(text, Refusal) else text.split(b"\n")) for path, text in texts.items()}
    return History(repository, Store(repository.codetune_dir), before, later, today)


def _source(change: FileChange) -> Source | None:
    source = admitted_at(change.path, change.new) if change.new is not None and change.added else None
    return None if not isinstance(source, Source) or source.has_error else source


def _hunk(source: Source, change: FileChange, settled: frozenset[bytes], rng: Random) -> LineRange | None:
    """A drawn piece of what was added whose lines all stand in the file today."""
    pieces = [piece for added in change.added for piece in cut(source, added, HUNK_LINES)]
    texts = {piece: source.text[slice(*source.span_of(piece))].removesuffix(b"\n") for piece in pieces}
    fit = [piece for piece in pieces if texts[piece].strip() and settled.issuperset(texts[piece].split(b"\n"))]
    return rng.choice(fit) if fit else None


def _followed(source: Source, hunk: LineRange, counts: Counts) -> list[str]:
    """The conventions that the house follows, and that this hunk has followed with it."""
    found: dict[str, bool] = {}
    for site in within(source, sites(source), hunk):
        seen = counts.at(site, 0)
        total = sum(seen.values())
        follows = total >= PLACES and seen.get(site.variant, 0) >= FOLLOWED * total
        found[site.convention] = follows and found.get(site.convention, True)
    return [name for name, follows in found.items() if follows]


def _broken(source: Source, hunk: LineRange, counts: Counts, rng: Random) -> tuple[bytes, LineRange, str] | None:
    """The file with one followed convention broken in the hunk, drawn evenly among them; its hunk, and which one."""
    known = tuple(sites(source))
    names = _followed(source, hunk, counts)
    others = {site.convention: 0.0 for site in known}
    for name in rng.sample(names, len(names)):
        broken = break_hunk(source, hunk, rng=rng, known=known, weights={**others, name: 1.0})
        if broken is not None:
            return broken.text, broken.lines, name
    return None


def settled_cases(history: History, most: int, seed: int) -> Iterator[Case]:
    """S1 and S2 of hunks of different commits, drawn evenly over time; at most `most` of each."""
    newest = max(commit.time for commit in history.commits)
    old = [commit for commit in history.commits if commit.time <= newest - SETTLED]
    found = 0
    for commit in Random(seed).sample(old, len(old)):
        rng = Random(f"{seed}:{commit.oid}")
        change = rng.choice(commit.changes)
        source = _source(change)
        hunk = _hunk(source, change, history.today.get(change.path, frozenset()), rng) if source else None
        if source is None or hunk is None:
            continue
        parent = history.parent(commit)
        yield Case("S1", parent, change.path, source.text, hunk, source.text)
        if broken := _broken(source, hunk, history.counts(parent), rng):
            yield Case("S2", parent, change.path, broken[0], broken[1], source.text, broken[2])
        found += 1
        if found == most:
            return


def _introduced(earlier: Sequence[tuple[Commit, FileChange]], text: bytes) -> tuple[Commit, Source, LineRange] | None:
    """The newest earlier commit whose file has exactly these lines once, if it was the one that wrote them."""
    for commit, change in reversed(earlier):
        if (b"\n" + (change.new or b"")).count(b"\n" + text) == 1:
            source = _source(change)
            if source is None:
                return None
            start = (b"\n" + source.text).index(b"\n" + text)
            lines = source.lines_of(start, start + len(text))
            return (commit, source, lines) if any(added.contains(lines) for added in change.added) else None
    return None


def fixed_cases(history: History, most: int, seed: int) -> Iterator[Case]:
    """S3: one of each change that mended something, among those drawn to be searched; at most `most`."""
    by_path: dict[str, list[tuple[Commit, FileChange]]] = {}
    for commit in history.commits:
        for change in commit.changes:
            by_path.setdefault(change.path, []).append((commit, change))
    mended = [(path, at) for path, changes in sorted(by_path.items()) for at in range(1, len(changes))]
    found = 0
    for path, at in Random(seed).sample(mended, min(MOST_TRIED, len(mended))):
        if found < most and (case := _fixed(history, by_path[path], at, seed)):
            yield case
            found += 1


def _fixed(history: History, changes: Sequence[tuple[Commit, FileChange]], at: int, seed: int) -> Case | None:
    commit, change = changes[at]
    source, old = _source(change), decode(change.old) if change.old is not None else None
    if source is None or not isinstance(old, bytes):
        return None
    rng = Random(f"{seed}:{commit.oid}:{change.path}")
    edits = style_edits(change.path, old, source, rng=rng, most=MOST_FIXES + 1, most_lines=HUNK_LINES)
    if not edits or len(edits) > MOST_FIXES:
        return None
    edit = rng.choice(edits)
    began = _introduced(changes[:at], edit.staged.encode())
    if began is None or not edit.staged.endswith("\n"):
        return None
    start, end = began[1].span_of(began[2])
    truth = began[1].text[:start] + edit.target.encode() + began[1].text[end:]
    return Case("S3", history.parent(began[0]), change.path, began[1].text, began[2], truth)
