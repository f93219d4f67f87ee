"""What plain majority counting gets on later commits, and what the tool gets on the same cases.

    python -m benchmarks.majority REPOSITORY... [--cases 60] [--train "--budget 5m"]

Majority counting speaks where one form has at least 92 % of at least 80 places (of those that share the most context,
or of all of its convention), and writes that form. Whoever proposes something has to do better than that.

Each REPOSITORY is cloned into a temporary folder and left alone. Cases (benchmarks/cases.py) are judged with what the
commit before them knew; what counts say is calibrated at the commit before all cases. With --train the clone has been
trained at that commit, and is checked out at each case's, the case staged, and `git codetune suggest` asked. Printed:
hunks flagged that were right (S1), broken conventions restored (S2) and real later fixes made (S3) to the byte, and the
share of all that was said about S1 and S2 that was right.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import subprocess
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from benchmarks.cases import Case, History, fixed_cases, history_of, settled_cases
from codetune_git.domain import LanguageModel, LineRange, Site, StagedFile
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.table import by_name, sites
from codetune_git.pipelines.counts_profile import make_counts_profile
from codetune_git.pipelines.style_counts import texts_at
from codetune_git.process.terminal import Stages
from codetune_git.samples.patch import Patch
from codetune_git.style.counting import Counts
from codetune_git.suggesting.evaluation.share import Share
from codetune_git.suggesting.profile import StyleProfile
from codetune_git.suggesting.proposal import lines_of_edits, within
from codetune_git.suggesting.suggestions import suggestions_in
from codetune_git.text.source import Source

SHARE, PLACES = 0.92, 80
MOST_DEPTH = 8  # more than any context has words

System = Callable[[Case], bytes]
"""The staged text as the system would have it; the same text where it is silent."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A case and what a system made of it."""

    case: Case
    text: bytes

    @property
    def spoke(self) -> bool:
        return self.text != self.case.text

    @property
    def right(self) -> bool:
        return self.text == self.case.truth


def majority_form(counts: Counts, site: Site, depth: int) -> str | None:
    """The form that most of the places have; of those that share the most context words, up to `depth`, and suffice."""
    for words in range(min(depth, len(site.context)), -1, -1):
        seen = counts.at(site, words)
        if (total := sum(seen.values())) >= PLACES:
            form, number = Counter(seen).most_common(1)[0]
            return form if number >= SHARE * total else None
    return None


def by_majority(case: Case, counts: Counts, depth: int) -> bytes:
    """The staged text with the majority's form at every site of the hunk."""
    source, patch = Source.parse(case.text, GRAMMAR), Patch()
    for site in within(source, sites(source), case.hunk):
        form = majority_form(counts, site, depth)
        if form is None or form == site.variant:
            continue
        edits = by_name(site.convention).rewrite(source, site, form)
        if edits and case.hunk.contains(lines_of_edits(source, edits)):
            patch.add(edits)
    return patch.apply(case.text)


def _git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)
    return os.fsdecode(done.stdout)


def _taken(case: Case, found: Iterable[tuple[LineRange, Sequence[str]]]) -> bytes:
    """The staged text with those of the rewrites that lie in the hunk."""
    lines = case.text.decode().split("\n")
    for place, replacement in sorted(found, key=lambda one: one[0], reverse=True):
        if case.hunk.contains(place):
            lines[place.first - 1 : place.last] = replacement
    return "\n".join(lines).encode()


def _no_model() -> LanguageModel:
    raise AssertionError("a profile by counts asks no model")


def by_counts(case: Case, profile: StyleProfile, head: bytes | None) -> bytes:
    """The staged text with all that counts say about lines of the hunk; `head`: the file before."""
    file = StagedFile(case.path, "", case.text, head, (case.hunk,))
    found, _ = suggestions_in(file, profile, _no_model)
    return _taken(case, ((one.lines, one.replacement) for one in found))


def by_tool(case: Case, clone: Path) -> bytes:
    """The staged text with all that `git codetune suggest` says about lines of the hunk."""
    _git(clone, "checkout", "-qf", "--detach", case.parent)
    place = clone / case.path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(case.text)
    _git(clone, "add", "-f", "--", case.path)
    found = json.loads(_git(clone, "codetune", "suggest", "--format", "json"))["suggestions"]
    _git(clone, "reset", "-q", "--hard")
    return _taken(case, ((LineRange(one["start_line"], one["end_line"]), one["replacement"]) for one in found))


def _row(name: str, answers: Sequence[Answer]) -> str:
    def share(kind: str, hit: Callable[[Answer], bool]) -> Share:
        chosen = [answer for answer in answers if answer.case.kind == kind]
        return Share(sum(map(hit, chosen)), len(chosen))

    said = [answer for answer in answers if answer.case.kind != "S3" and answer.spoke]
    flagged = share("S1", lambda answer: answer.spoke)
    restored, fixed = (share(kind, lambda answer: answer.right) for kind in ("S2", "S3"))
    shares = (flagged, restored, fixed, Share(sum(answer.right for answer in said), len(said)))
    return f"{name:<34}" + "".join(f"{one.hits:>6}/{one.total:<4}{one.value:5.2f}" for one in shares)


def _systems(history: History, clone: Path, *, rates: Sequence[float], trained: bool) -> dict[str, System]:
    counts = lru_cache(maxsize=1)(history.counts)

    def majority(depth: int) -> System:
        return lambda case: by_majority(case, counts(case.parent), depth)

    def counted(rate: float) -> System:
        known = make_counts_profile(history.repository, history.store, history.before, rate=rate, stages=Stages())

        def answer(case: Case) -> bytes:
            head = texts_at(history.repository, case.parent, [case.path]).get(case.path)
            return by_counts(case, replace(known.profile, counts=counts(case.parent)), head)

        return answer

    found = {"majority": majority(0), "majority in context": majority(MOST_DEPTH)}
    found |= {f"codetune by counts, {rate:.1%}": counted(rate) for rate in rates}
    return {**found, "codetune": lambda case: by_tool(case, clone)} if trained else found


def _measured(source: Path, folder: Path, given: argparse.Namespace) -> dict[str, list[Answer]]:
    clone = folder / "clone"
    subprocess.run(["git", "clone", "-q", source, clone], check=True)
    history = history_of(clone)
    cases = [*settled_cases(history, given.cases, given.seed), *fixed_cases(history, given.cases, given.seed)]
    if given.train is not None:
        _git(clone, "checkout", "-qf", "--detach", history.before)
        _git(clone, "codetune", "train", *shlex.split(given.train))
    systems = _systems(history, clone, rates=given.rates, trained=given.train is not None)
    found: dict[str, list[Answer]] = {name: [] for name in systems}
    for case in cases:
        for name, system in systems.items():
            found[name].append(Answer(case, system(case)))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", type=Path)
    parser.add_argument("--cases", type=int, default=60, help="of each kind (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rates", type=float, nargs="+", default=[0.01, 0.05], help="of clean hunks that it may flag")
    parser.add_argument("--train", metavar="OPTIONS", help="also ask git codetune suggest, trained with these options")
    given = parser.parse_args()
    print(f"{'':<34}{'S1 flagged':>13}{'S2 restored':>15}{'S3 made':>13}{'right of said':>17}")
    together: dict[str, list[Answer]] = {}
    for source in given.repositories:
        with tempfile.TemporaryDirectory() as folder:
            measured = _measured(source.resolve(), Path(folder), given)
        for name, answers in measured.items():
            together.setdefault(name, []).extend(answers)
            print(_row(f"{source.name}: {name}", answers), flush=True)
    if len(given.repositories) > 1:
        for name, answers in together.items():
            print(_row(f"all: {name}", answers))


if __name__ == "__main__":
    main()
