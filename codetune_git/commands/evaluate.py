"""`git codetune evaluate`: how right the suggestions are, on the user's own commits that the adapter has not seen.

1 the commits after the adapter's training, or, where there are too few, those that were held out of it
2 clean and broken cases of their hunks, the counts taken before them
3 the answers of each model: the adapter's, the base's without adapter, other adapters'
4 for each way of judging its own calibration, fitted on one half of the hunks and marked on the other, both ways
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from codetune_git.calls import EvaluateSettings
from codetune_git.commands.examining import FEWEST_HUNKS, answered_in, drafted
from codetune_git.commands.habits import readings_at, texts_at
from codetune_git.commands.mining import committed_files, mine, split
from codetune_git.commands.progress import Stages
from codetune_git.conventions.counting import Counts
from codetune_git.domain import Commit
from codetune_git.errors import AdapterMissing, Unavailable
from codetune_git.git.repository import Repository
from codetune_git.model.loading import require_training
from codetune_git.report.marks import Measured, render_marks
from codetune_git.store import Adapter, Cursor, Store
from codetune_git.suggesting.calibration import Judged, fit
from codetune_git.suggesting.evidence import FEATURES
from codetune_git.suggesting.exam import MOST_HUNKS, Draft
from codetune_git.suggesting.marks import Marks, combined, marks

HUNKS = 600
SECONDS = 600.0
EVERYTHING = (True,) * len(FEATURES)
COUNTS_ONLY = tuple(name != "gap" for name in FEATURES)
MODEL_ONLY = tuple(name == "gap" for name in FEATURES)


@dataclass(frozen=True, slots=True)
class _Evaluation:
    settings: EvaluateSettings
    repository: Repository
    store: Store
    stages: Stages
    tip: str


def _unseen(this: _Evaluation, adapter: Adapter) -> tuple[Commit, ...]:
    """Step 1."""
    cursor = this.store.cursor()
    later = mine(this.repository, this.tip, replace(cursor, fingerprints=frozenset())).commits
    learned = this.repository.resolve(adapter.manifest.last_commit) if adapter.manifest.last_commit else None
    held = (
        split(mine(this.repository, learned, Cursor()).commits)[1]
        if learned and adapter.manifest.parent is None
        else ()
    )
    found = (*held, *later)
    return found[-this.settings.limit :] if this.settings.limit else found


def _drafts(this: _Evaluation, commits: Sequence[Commit]) -> list[Draft]:
    """Step 2."""
    parent = this.repository.resolve(f"{commits[0].oid}^")
    counts = Counts.of([])
    with this.stages.stage("Counting before the exam") as advance:
        if parent:
            read = readings_at(this.repository, this.store, parent, lambda done, all_: advance(done, all_, "files"))
            counts = read.counts
    paths = sorted({change.path for commit in commits for change in commit.changes})
    files = committed_files(commits, texts_at(this.repository, this.tip, paths))
    with this.stages.stage("Breaking hunks"):
        return drafted(files, counts, most_hunks=HUNKS)


def _answers(this: _Evaluation, adapter: Path, found: Sequence[Draft], title: str) -> tuple[tuple[Judged, ...], int]:
    """Step 3, by the adapter in the folder `adapter`."""
    from codetune_git.model.runtimes import open_model

    with this.stages.stage(title) as advance:
        model = open_model(adapter, this.settings.options)
        return answered_in(found, model, SECONDS, advance)


def _half(hunk: int) -> int:
    """Files alternate between the halves: hunks of one file are too alike to judge each other."""
    return hunk // MOST_HUNKS % 2


def _marked(rows: Sequence[Judged], clean: Sequence[int], rate: float, used: Sequence[bool]) -> Marks:
    """Step 4. `clean` are the numbers of the clean hunks."""
    halves = [[row for row in rows if _half(row.hunk) == side] for side in (0, 1)]
    sizes = [sum(_half(hunk) == side for hunk in clean) for side in (0, 1)]
    calibrations = [fit(halves[side], sizes[side], rate, used) for side in (0, 1)]
    return combined([marks(halves[1 - side], calibrations[side], sizes[1 - side]) for side in (0, 1)])


def _bare(this: _Evaluation, folder: Path) -> Path:
    """The base without an adapter, in `folder` as an adapter would be."""
    from codetune_git.model.base import named_base
    from codetune_git.model.compile import compile_adapter

    compile_adapter(named_base(this.settings.options), None, folder / "light")
    return folder


def _others(this: _Evaluation) -> list[tuple[str, Path]]:
    """Adapters named by the user: ids of this repository, or folders of adapters of another one."""
    found = []
    for name in this.settings.adapters:
        folder = Path(name).expanduser()
        found.append((f"adapter {name}", folder if folder.is_dir() else this.store.load(this.store.find(name)).folder))
    return found


def run(settings: EvaluateSettings) -> int:
    """Print the marks; raises CodetuneError."""
    repository = Repository.open(settings.start)
    store, stages = Store(repository.codetune_dir), Stages()
    adapter, tip = store.active(), repository.head()
    if adapter is None or tip is None:
        raise AdapterMissing("no adapter yet: run git codetune train")
    require_training()  # for the base without adapter, which is asked after minutes
    this = _Evaluation(settings, repository, store, stages, tip)
    commits = _unseen(this, adapter)
    found = _drafts(this, commits) if commits else []
    clean = sum(draft.clean for draft in found)
    if clean < FEWEST_HUNKS:
        raise Unavailable(f"{clean} settled hunks that the adapter has not seen; {FEWEST_HUNKS} are needed to measure")
    rate = settings.options.false_positive_rate
    measured: list[Measured] = []
    rows, answered = _answers(this, adapter.folder, found, "Asking the adapter")
    numbers = [draft.hunk for draft in found if draft.clean]  # clean cases come first, and are answered first
    for title, used in (("counts and model", EVERYTHING), ("counts only", COUNTS_ONLY), ("model only", MODEL_ONLY)):
        measured.append(Measured(title, _marked(rows, numbers[:answered], rate, used)))
    with ExitStack() as stack:
        bare = ("base without adapter", _bare(this, Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        for title, folder in (bare, *_others(this)):
            rows, answered = _answers(this, folder, found, f"Asking: {title}")
            for part, used in (("", EVERYTHING), (", model only", MODEL_ONLY)):
                measured.append(Measured(title + part, _marked(rows, numbers[:answered], rate, used)))
    print(render_marks(measured, len(commits), rate))
    return 0
