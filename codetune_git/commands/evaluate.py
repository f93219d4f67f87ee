"""`git codetune evaluate`: how right the suggestions are, on the user's own commits that the adapter has not seen.

1 the commits after the adapter's training, or, where there are too few, those that were held out of it
2 how the repository was written before them: counts, and the calibration by counts
3 a sample of clean and broken cases of their hunks, and the answers of each model: the adapter's, the base's without
  adapter, other adapters'
4 metrics of the counts alone, and of the counts with each model, whose part is fitted on one half of the files and
  measured on the other, both ways
"""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from codetune_git.domain import Commit
from codetune_git.errors import AdapterMissing, Unavailable
from codetune_git.git.repository import Repository
from codetune_git.model.base.loading import require_training
from codetune_git.pipelines.commits import committed_files, mine_commits
from codetune_git.pipelines.counts_profile import calibration_of, counts_evaluation
from codetune_git.pipelines.evaluation import MOST_ASKED, ModelAnswers, ask_model, drawn_cases
from codetune_git.pipelines.style_counts import readings_at, texts_at
from codetune_git.process.terminal import Stages
from codetune_git.report.evaluation import Measured, render_metrics, render_reliability
from codetune_git.requests import EvaluateRequest
from codetune_git.store import Adapter, Cursor, Store
from codetune_git.style.counting import Counts
from codetune_git.suggesting.calibration import FEWEST_HUNKS, Calibration
from codetune_git.suggesting.evaluation.cases import EvalCase, sampled
from codetune_git.suggesting.evaluation.reliability import reliability
from codetune_git.suggesting.evaluation.scored_proposal import CountsEvaluation
from codetune_git.suggesting.model_weight import fit_model_weight
from codetune_git.suggesting.thresholds import cross_fitted

HUNKS = 600
SECONDS = 600.0
SEED = 20


@dataclass(frozen=True, slots=True)
class _Before:
    """What was known before the commits that are judged."""

    counts: Counts
    evaluation: CountsEvaluation
    calibration: Calibration


@dataclass(frozen=True, slots=True)
class _Evaluation:
    request: EvaluateRequest
    repository: Repository
    store: Store
    stages: Stages
    tip: str


def _unseen(this: _Evaluation, adapter: Adapter) -> tuple[Commit, ...]:
    """Step 1."""
    cursor = this.store.cursor()
    later = mine_commits(this.repository, this.tip, replace(cursor, fingerprints=frozenset())).commits
    learned = this.repository.resolve(adapter.manifest.last_commit) if adapter.manifest.last_commit else None
    held = (
        mine_commits(this.repository, learned, Cursor()).held_out if learned and adapter.manifest.parent is None else ()
    )
    commits = (*held, *later)
    return commits[-this.request.limit :] if this.request.limit else commits


def _before(this: _Evaluation, commits: Sequence[Commit]) -> _Before:
    """Step 2; raises Unavailable where there is nothing before them to calibrate on."""
    parent = this.repository.resolve(f"{commits[0].oid}^")
    if parent is None:
        raise Unavailable(f"0 hunks lie before the first commit; {FEWEST_HUNKS} are needed to measure")
    with this.stages.stage("Counting before the evaluation") as advance:
        read = readings_at(this.repository, this.store, parent, lambda done, all_: advance(done, all_, "files"))
        evaluation = counts_evaluation(this.repository, read, parent)
        calibration = calibration_of(evaluation, this.request.options.false_positive_rate)
    return _Before(read.counts, evaluation, calibration)


def _cases(this: _Evaluation, commits: Sequence[Commit], counts: Counts) -> tuple[EvalCase, ...]:
    """Step 3, the cases."""
    paths = sorted({change.path for commit in commits for change in commit.changes})
    files = committed_files(commits, texts_at(this.repository, this.tip, paths))
    with this.stages.stage("Breaking hunks") as advance:
        return sampled(drawn_cases(files, counts, most_hunks=HUNKS, advance=advance), MOST_ASKED, seed=SEED)


def _answers(this: _Evaluation, adapter: Path, cases: Sequence[EvalCase], title: str) -> ModelAnswers:
    """Step 3, the answers of the adapter in the folder `adapter`."""
    from codetune_git.model.scoring.runtimes import open_model

    with this.stages.stage(title) as advance:
        model = open_model(adapter, this.request.options)
        return ask_model(cases, model, SECONDS, advance)


def _bare(this: _Evaluation, folder: Path) -> Path:
    """The base without an adapter, in `folder` as an adapter would be."""
    from codetune_git.model.base.base_model import named_base
    from codetune_git.model.scoring.compile import compile_adapter

    compile_adapter(named_base(this.request.options), None, folder / "light")
    return folder


def _others(this: _Evaluation) -> list[tuple[str, Path]]:
    """Adapters named by the user: ids of this repository, or folders of adapters of another one."""
    others = []
    for name in this.request.adapters:
        folder = Path(name).expanduser()
        others.append((f"adapter {name}", folder if folder.is_dir() else this.store.load(this.store.find(name)).folder))
    return others


def run(request: EvaluateRequest) -> int:
    """Print the metrics; raises CodetuneError."""
    repository = Repository.open(request.start).with_object_database()
    store, stages = Store(repository.codetune_dir), Stages()
    adapter, tip = store.active(), repository.head()
    if adapter is None or tip is None:
        raise AdapterMissing("no adapter yet: run git codetune train")
    require_training()  # for the base without adapter, which is asked after minutes
    this = _Evaluation(request, repository, store, stages, tip)
    commits = _unseen(this, adapter)
    before = _before(this, commits) if commits else None
    cases = _cases(this, commits, before.counts) if before else ()
    clean = sum(case.clean for case in cases)
    if before is None or clean < FEWEST_HUNKS:
        raise Unavailable(f"{clean} settled hunks that the adapter has not seen; {FEWEST_HUNKS} are needed to measure")
    measured: list[Measured] = []
    with ExitStack() as stack:
        bare = ("base without adapter", _bare(this, Path(stack.enter_context(tempfile.TemporaryDirectory()))))
        for title, folder in (("counts and model", adapter.folder), bare, *_others(this)):
            asked = _answers(this, folder, cases, f"Asking: {title}")
            sample = fit_model_weight(before.calibration, asked.results.proposals)
            if not measured:
                measured.append(Measured("counts only", sample.counts))
            measured.append(Measured(title, sample.both))
            stages.say(f"{title}: {asked}")
    print(render_metrics(measured, len(commits), request.options.false_positive_rate))
    print(render_reliability(reliability(before.evaluation, cross_fitted(before.evaluation))))
    return 0
