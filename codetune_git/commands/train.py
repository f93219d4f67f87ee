"""`git codetune train`: from new commits to an active adapter. Knows the order of the steps; the how is in the rooms.

1 the cursor; nothing new: done
2 the new commits, what is left out of them and why; what people decided about suggestions meanwhile
3 how the repository writes, by counting: today, and before the commits to evaluate on
4 prequential evaluation: the active adapter on the new commits, which it has never seen
5 the training data; train a LoRA adapter from the active one; where a stopped run had the same data, go on from it
6 compile it for the light runtime, where that can run its base
7 calibrate by counts on all settled hunks; ask the new adapter about a sample of the held-out commits
8 gate: weights that do no better on the held-out samples than the active ones are not taken, and a profile that is
  silent, or restores less, replaces none that suggests
9 publish and move the cursor, in one step
"""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from codetune_git import __version__
from codetune_git.domain import Commit
from codetune_git.errors import DataRefused, Unavailable
from codetune_git.git.history import commit_oids
from codetune_git.git.repository import Repository
from codetune_git.languages.table import RECORDED
from codetune_git.model.training.memorisation import memorised_in
from codetune_git.pipelines.admission import UNSUPPORTED, unsupported
from codetune_git.pipelines.budget import Budget
from codetune_git.pipelines.commits import MinedCommits, by_reason, committed_files, mine_commits, replayable
from codetune_git.pipelines.counts_profile import counts_evaluation
from codetune_git.pipelines.decided_hunks import decided_since
from codetune_git.pipelines.evaluation import MOST_ASKED, ModelAnswers, ask_model, drawn_cases, saved_results
from codetune_git.pipelines.publish_gate import CalibrationResult, calibrate, reason_to_keep, with_decided
from codetune_git.pipelines.resume_point import ResumePoint, resume_point
from codetune_git.pipelines.style_counts import Readings, readings_at, texts_at
from codetune_git.pipelines.training_outcome import TrainingOutcome, print_calibration, print_summary
from codetune_git.process.interrupts import interrupts_noted
from codetune_git.process.terminal import Stages
from codetune_git.requests import TrainRequest
from codetune_git.store import Adapter, Cursor, EvaluationRecord, Manifest, Store
from codetune_git.style.counting import Counts
from codetune_git.suggesting.calibration import Calibration
from codetune_git.suggesting.evaluation.cases import CommittedFile, clean_results, sampled
from codetune_git.suggesting.evaluation.metrics import metrics_of
from codetune_git.suggesting.evaluation.results import EvalResults
from codetune_git.suggesting.precedents import Precedents
from codetune_git.suggesting.profile import StyleProfile

if TYPE_CHECKING:
    from codetune_git.model.base.base_model import BaseModel
    from codetune_git.model.training.distributed import RunDistributed

EVALUATION_HUNKS = 800
MOST_TIPS = 32
MOST_LEFT_OUT = 2000
SEED = 20


@dataclass(frozen=True, slots=True)
class _Run:
    """What every step needs: the request, the repository and store, and when the run began (monotonic seconds)."""

    request: TrainRequest
    repository: Repository
    store: Store
    stages: Stages
    resume: ResumePoint
    tip: str
    started: float
    began: int  # seconds since the epoch: what is decided from then on is for the next training
    run_distributed: RunDistributed
    decided: tuple[CommittedFile, ...] = ()  # what people chose since the last training

    @property
    def base(self) -> BaseModel:
        return self.resume.base

    @property
    def budget(self) -> Budget:
        return Budget(self.request.options.budget, self.started)


def _readings(run: _Run, revision: str, title: str) -> Readings:
    """Step 3."""
    with run.stages.stage(title) as advance:
        return readings_at(run.repository, run.store, revision, lambda done, all_: advance(done, all_, "files"))


def _evaluate(run: _Run, adapter: Path, commits: Sequence[Commit], counts: Counts, *, title: str) -> ModelAnswers:
    """Steps 4 and 7: the adapter in the folder `adapter` about a sample of what `commits` wrote."""
    from codetune_git.model.scoring.runtimes import open_model

    paths = sorted({change.path for commit in commits for change in commit.changes})
    files = [*run.decided, *committed_files(commits, texts_at(run.repository, run.tip, paths), first=len(run.decided))]
    with run.stages.stage("Breaking hunks") as advance:
        drawn = drawn_cases(files, counts, most_hunks=EVALUATION_HUNKS, advance=advance)
        cases = sampled(drawn, MOST_ASKED, seed=SEED)
    with run.stages.stage(title) as advance:
        model = open_model(adapter, run.request.options)
        return ask_model(cases, model, run.budget.evaluation, advance)


def _counts_before(run: _Run, commits: Sequence[Commit]) -> Counts:
    """How the repository wrote before the first of `commits`: an evaluation must not know the answers."""
    parent = run.repository.resolve(f"{commits[0].oid}^") if commits else None
    if parent is None:
        return Counts.of([])
    return _readings(run, parent, "Counting before the evaluation").counts


def _train_adapter(
    run: _Run, commits: Sequence[Commit], held: Sequence[Commit], *, parent: Adapter | None, out: Path
) -> TrainingOutcome:
    """Step 5: the adapter's PEFT folder in `out`."""
    from codetune_git.model.training.config import CheckpointConfig, Probe, StepMetrics, TrainingConfig
    from codetune_git.model.training.fit import fit as fit_adapter
    from codetune_git.pipelines.sampling_extent import SamplingExtent
    from codetune_git.pipelines.training_data import TrainingCommits, draw_training_data

    older = replayable(run.repository, run.tip, run.resume.cursor)
    run.budget.check_training_left()
    extent = SamplingExtent(run.store.checkpoint, f"{run.tip} {parent.id if parent else ''} {run.budget.seconds:g}")
    with run.stages.stage("Drawing samples"):
        seconds = run.budget.training(evaluations=2 if parent else 1)
        goes_on = extent.limit(time.monotonic() + run.budget.drawing)
        past = TrainingCommits(commits, older, held)
        data = draw_training_data(run.base, past, decided=run.decided, seconds=seconds, seed=SEED, goes_on=goes_on)
    if not data.examples:
        reasons = ", ".join(f"{number} × {reason}" for reason, number in by_reason(data.skipped))
        raise Unavailable(f"nothing in these {len(commits)} commits can be learned from: {reasons}")
    extent.save(data.commits_read)
    precision = run.request.options.precision
    with run.stages.stage("Training") as advance, interrupts_noted() as interrupted:

        def show(p: StepMetrics) -> None:
            if p.resumed:
                run.stages.say(f"Going on from step {p.step} of {p.steps}, where a training was stopped.")
            advance(p.step, p.steps, f"loss {p.loss:.3f}, {p.tokens / max(p.seconds, 1e-3):.0f} tokens/s")

        work = partial(
            fit_adapter,
            run.base,
            data.examples,
            data.held_out,
            settings=TrainingConfig(run.budget.training_left, epochs=1.0, precision=precision, seed=SEED),
            out=out,
            parent=parent.weights if parent else None,
            checkpoint=CheckpointConfig(run.store.checkpoint, work=f"budget {run.budget.seconds:g}"),
            probe=Probe(data.unlearned, run.budget.probe),
        )
        report = run.run_distributed(work)(report=show, should_stop=interrupted)
    return TrainingOutcome.of(report, data)


def _compile(run: _Run, weights: Path, out: Path) -> None:
    """Step 6."""
    from codetune_git.model.scoring.compile import compile_adapter

    with run.stages.stage("Compiling for the light runtime"):
        compiled = compile_adapter(run.base, weights, out)
    if not compiled:
        print(f"The light runtime cannot run {run.base.architecture}: suggestions take torch, and the base itself.")


def _copy(source: Path, target: Path) -> None:
    """Copy a flat folder. Raises OSError as it is, which `copytree` would wrap."""
    target.mkdir()
    for path in source.iterdir():
        shutil.copyfile(path, target / path.name)


def _weights(run: _Run, mined: MinedCommits, parent: Adapter | None, staged: Path) -> TrainingOutcome:
    """Steps 5, 6 and 8: `adapter/` and `light/` in the staged folder."""
    for folder in ("adapter", "light"):
        (staged / folder).rmdir()
    outcome = _train_adapter(
        run, mined.training or mined.commits, mined.held_out, parent=parent, out=staged / "adapter"
    )
    if parent and not outcome.gained:
        shutil.rmtree(staged / "adapter")
        _copy(parent.weights, staged / "adapter")
        _copy(parent.light, staged / "light")
        outcome = replace(outcome, memorised=memorised_in(parent.manifest.metrics))
    else:
        _compile(run, staged / "adapter", staged / "light")
    return outcome


@dataclass(frozen=True, slots=True)
class _Evaluated:
    """The results so far, how far this run's sample got, and the record to store."""

    results: EvalResults
    asked: ModelAnswers
    record: EvaluationRecord | None = None


def _first_evaluation(run: _Run, mined: MinedCommits, staged: Path) -> _Evaluated:
    """Step 7 of a first run: the new adapter on the held-out commits."""
    held = mined.held_out
    asked = _evaluate(run, staged, held, _counts_before(run, held), title="Evaluating on held-out commits")
    return _Evaluated(EvalResults().followed_by(asked.results, EVALUATION_HUNKS), asked)


def _calibration(adapter: Adapter) -> Calibration | None:
    """The calibration of an adapter; None where another version wrote it, which this training replaces."""
    try:
        return StyleProfile.from_json(adapter.calibration.read_text()).calibration
    except DataRefused:
        return None


def _prequential_evaluation(run: _Run, mined: MinedCommits, parent: Adapter) -> _Evaluated:
    """Step 4: the active adapter, by its own profile, on commits that it has never seen.

    The results with earlier ones, and the record to store once these commits are learned.
    """
    before = _counts_before(run, mined.commits)
    asked = _evaluate(run, parent.folder, mined.commits, before, title="Prequential evaluation")
    results = saved_results(parent.folder).followed_by(asked.results, EVALUATION_HUNKS)
    calibration = _calibration(parent)
    if calibration is None:
        return _Evaluated(results, asked)
    measured = metrics_of(asked.results.proposals, calibration, asked.results.clean_hunks)
    metrics = {"false_alarms": measured.false_alarms.value, "restored": measured.restored.value}
    return _Evaluated(results, asked, EvaluationRecord(parent.id, int(time.time()), metrics))


def _calibrate(run: _Run, today: Readings, answered: EvalResults) -> CalibrationResult:
    """Step 7: the calibration by counts, with what people decided, and the model's part where it pays."""
    with run.stages.stage("Calibrating by counts"):
        evaluation = counts_evaluation(run.repository, today, run.tip)
        evaluation = with_decided(evaluation, clean_results(run.decided, today.counts))
        return calibrate(evaluation, answered.proposals, run.request.options.false_positive_rate)


def _manifest(
    run: _Run, mined: MinedCommits, parent: Adapter | None, *, outcome: TrainingOutcome, result: CalibrationResult
) -> Manifest:
    return Manifest(
        name=(run.repository.worktree or run.repository.git_dir).name,
        parent=parent.id if parent else None,
        base=run.base.identity,
        family=run.base.family.name,
        created=run.began,
        codetune_version=__version__,
        catalogue_version=RECORDED,
        commits=mined.read,
        first_commit=mined.first,
        last_commit=mined.last,
        samples=outcome.kinds,
        metrics={
            **({} if outcome.loss_after is None else {"held_out_loss": round(outcome.loss_after, 4)}),
            "false_alarms": round(result.flagged.value, 4),
            "restored": round(result.restored.value, 4),
            **(outcome.memorised.metrics() if outcome.memorised else {}),
        },
    )


def _tips(cursor: Cursor, tip: str) -> tuple[str, ...]:
    """All tips that were learned from, the newest last: after a change of branches nothing is learned twice."""
    return (*(old for old in cursor.tips if old != tip), tip)[-MOST_TIPS:]


def _train(run: _Run) -> int:
    cursor = run.resume.cursor
    run.budget.check_training_left()
    with run.stages.stage("Reading commits"):
        mined = mine_commits(run.repository, run.tip, cursor)
    if not mined.commits:
        print(f"Nothing to learn from in {mined.read} new commits.")
        for reason, number in by_reason(mined.skipped):
            print(f"Left out: {number} × {reason}")
        return 0
    active = run.resume.active
    parent = run.store.load(active.id) if active else None  # every byte of it is looked at before it is trained on
    since = parent.manifest.created if parent else 0
    run = replace(run, decided=decided_since(run.repository, run.store, run.tip, since))
    today = _readings(run, run.tip, "Counting conventions")
    with run.store.staging() as staged:
        evaluated = _prequential_evaluation(run, mined, parent) if parent else None
        outcome = _weights(run, mined, parent, staged)
        evaluated = evaluated or _first_evaluation(run, mined, staged)
        result = _calibrate(run, today, evaluated.results)
        if kept := reason_to_keep(result, _calibration(parent) if parent else None, decided=bool(run.decided)):
            print(f"Nothing published: {kept}. {parent.id if parent else ''} stays active.")
            return 0
        profile = StyleProfile(today.counts, result.calibration, Precedents.of(today.examples, run.tip))
        (staged / "calibration.json").write_text(profile.to_json())
        (staged / "exam.json").write_text(evaluated.results.to_json())
        manifest = _manifest(run, mined, parent, outcome=outcome, result=result)
        moved = Cursor(_tips(cursor, run.tip), mined.fingerprints, outcome.over_budget[:MOST_LEFT_OUT])
        if evaluated.record:
            # Not before: a run that is stopped would be evaluated on the same commits again.
            run.store.record_evaluation(evaluated.record)
        adapter = run.store.publish(staged, manifest, moved)
    print_summary(replace(mined, skipped=mined.skipped + today.skipped), outcome)
    print_calibration(result, evaluated.asked)
    print(f"Took {time.monotonic() - run.started:.0f} s.")
    print(f"Active adapter: {adapter}" + ("" if outcome.gained or not parent else " (weights of its parent kept)"))
    return 0


def _dry_run(run: _Run) -> int:
    """What a training would do, without doing it."""
    mined = mine_commits(run.repository, run.tip, run.resume.cursor)
    learned, held = len(mined.training), len(mined.held_out)
    print(f"Would read {mined.read} commits, learn from {learned} of them and hold {held} out.")
    for reason, number in by_reason(mined.skipped):
        print(f"Would leave out: {number} × {reason}")
    return 0


def run(request: TrainRequest, run_distributed: RunDistributed = lambda work: work) -> int:
    """Train within the budget; raises CodetuneError. Whatever happens before the last step changes no adapter."""
    started = time.monotonic()
    repository = Repository.open(request.start).with_object_database()
    tip = repository.head()
    if tip is None:
        raise Unavailable("this branch has no commits yet: commit something, then run git codetune train")
    if unsupported(repository, tip):
        print(f"Nothing done: {UNSUPPORTED}.")
        return 0
    store = Store(repository.codetune_dir)
    resume = resume_point(request.options, store)
    this = _Run(request, repository, store, Stages(), resume, tip, started, int(time.time()), run_distributed)
    if tip in resume.cursor.tips:
        print("Nothing new: this commit was learned already.")
        return 0
    if (
        request.at_least > 1
        and (new := len(commit_oids(repository, tip, exclude=resume.cursor.tips))) < request.at_least
    ):
        print(f"{new} new commits are fewer than {request.at_least}: nothing is done yet.")
        return 0
    if resume.outgrown:
        print(f"This version brings another base than the one of {resume.outgrown}: all is learned anew.")
    if request.dry_run:
        return _dry_run(this)
    with store.lock("train"):
        # Looked at again: somebody may have trained just before the lock was free.
        return _train(replace(this, resume=resume_point(request.options, store)))
