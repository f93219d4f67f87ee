"""`git codetune train`: from new commits to an active adapter. Knows the order of the steps; the how is in the rooms.

1 the cursor; nothing new: done
2 the new commits, what is left out of them and why; what people decided about suggestions meanwhile
3 how the repository writes, by counting: today, and before the commits that will examine
4 exam before lesson: the active adapter on the new commits, which it has never seen
5 the lessons; train a LoRA adapter from the active one; the same lessons that a stopped run had: go on where it was
6 compile it for the light runtime, where that can run its base
7 calibrate by counts on all settled hunks; ask the new adapter about a sample of the commits held out of the lessons
8 gate: weights that do no better on the held-out samples than the active ones are not taken, and a profile that is
  silent, or restores less, replaces none that speaks
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
from codetune_git.calls import TrainSettings
from codetune_git.domain import Commit
from codetune_git.errors import DataRefused, Unavailable
from codetune_git.git.history import commit_oids
from codetune_git.git.repository import Repository
from codetune_git.languages.table import RECORDED
from codetune_git.model.training.memorisation import memorised_in
from codetune_git.pipelines.admission import UNSUPPORTED, unsupported
from codetune_git.pipelines.budget import Budget
from codetune_git.pipelines.commits import Mined, by_reason, committed_files, mine, replayable
from codetune_git.pipelines.counts_profile import counted_exam
from codetune_git.pipelines.decided_hunks import decided_since
from codetune_git.pipelines.evaluation import MOST_ASKED, Answers, Asked, answered_in, drafted, known_answers
from codetune_git.pipelines.publish_gate import Profile, profile_of, why_kept, with_decided
from codetune_git.pipelines.resume_point import Start, start_of
from codetune_git.pipelines.style_counts import Readings, readings_at, texts_at
from codetune_git.pipelines.training_outcome import Taught, print_profile, print_summary
from codetune_git.process.interrupts import interrupts_noted
from codetune_git.process.terminal import Stages
from codetune_git.store import Adapter, Cursor, Exam, Manifest, Store
from codetune_git.style.counting import Counts
from codetune_git.suggesting import answers, record
from codetune_git.suggesting.calibration import Calibration
from codetune_git.suggesting.exam import CommittedFile, clean_rows, sampled
from codetune_git.suggesting.judgement import Judgement
from codetune_git.suggesting.marks import marks
from codetune_git.suggesting.precedents import Precedents

if TYPE_CHECKING:
    from codetune_git.model.base.base_model import BaseModel
    from codetune_git.model.training.distributed import Together

EXAM_HUNKS = 800
MOST_TIPS = 32
MOST_LEFT_OUT = 2000
SEED = 20


@dataclass(frozen=True, slots=True)
class _Run:
    """What every step needs: the settings, what is joined, and when the run began (monotonic seconds)."""

    settings: TrainSettings
    repository: Repository
    store: Store
    stages: Stages
    start: Start
    tip: str
    started: float
    began: int  # seconds since the epoch: what is decided from then on is for the next training
    together: Together
    decided: tuple[CommittedFile, ...] = ()  # what people chose since the last training

    @property
    def base(self) -> BaseModel:
        return self.start.base

    @property
    def budget(self) -> Budget:
        return Budget(self.settings.options.budget, self.started)


def _readings(run: _Run, revision: str, title: str) -> Readings:
    """Step 3."""
    with run.stages.stage(title) as advance:
        return readings_at(run.repository, run.store, revision, lambda done, all_: advance(done, all_, "files"))


def _exam(run: _Run, adapter: Path, commits: Sequence[Commit], counts: Counts, title: str) -> Asked:
    """Steps 4 and 7: the adapter in the folder `adapter` about a sample of what `commits` wrote."""
    from codetune_git.model.scoring.runtimes import open_model

    paths = sorted({change.path for commit in commits for change in commit.changes})
    files = [*run.decided, *committed_files(commits, texts_at(run.repository, run.tip, paths), first=len(run.decided))]
    with run.stages.stage("Breaking hunks") as advance:
        found = sampled(drafted(files, counts, most_hunks=EXAM_HUNKS, advance=advance), MOST_ASKED, seed=SEED)
    with run.stages.stage(title) as advance:
        model = open_model(adapter, run.settings.options)
        return answered_in(found, model, run.budget.exam, advance)


def _counts_before(run: _Run, commits: Sequence[Commit]) -> Counts:
    """How the repository wrote before the first of `commits`: an examiner must not know the answers."""
    parent = run.repository.resolve(f"{commits[0].oid}^") if commits else None
    if parent is None:
        return Counts.of([])
    return _readings(run, parent, "Counting before the exam").counts


def _teach(run: _Run, commits: Sequence[Commit], held: Sequence[Commit], parent: Adapter | None, out: Path) -> Taught:
    """Step 5: the adapter's PEFT folder in `out`."""
    from codetune_git.model.training.config import FitProgress, FitSettings, Keep, Probe
    from codetune_git.model.training.fit import fit as fit_adapter
    from codetune_git.pipelines.sampling_extent import Extent
    from codetune_git.pipelines.training_data import Past, lessons

    older = replayable(run.repository, run.tip, run.start.cursor)
    run.budget.check_learning()
    extent = Extent(run.store.checkpoint, f"{run.tip} {parent.id if parent else ''} {run.budget.seconds:g}")
    with run.stages.stage("Drawing samples"):
        seconds = run.budget.lessons(exams=2 if parent else 1)
        goes_on = extent.limit(time.monotonic() + run.budget.drawing)
        past = Past(commits, older, held)
        taught = lessons(run.base, past, decided=run.decided, seconds=seconds, seed=SEED, goes_on=goes_on)
    if not taught.examples:
        reasons = ", ".join(f"{number} × {reason}" for reason, number in by_reason(taught.skipped))
        raise Unavailable(f"nothing in these {len(commits)} commits can be learned from: {reasons}")
    extent.keep(taught.read)
    precision = run.settings.options.precision
    with run.stages.stage("Training") as advance, interrupts_noted() as interrupted:

        def show(p: FitProgress) -> None:
            if p.resumed:
                run.stages.say(f"Going on from step {p.step} of {p.steps}, where a training was stopped.")
            advance(p.step, p.steps, f"loss {p.loss:.3f}, {p.tokens / max(p.seconds, 1e-3):.0f} tokens/s")

        work = partial(
            fit_adapter,
            run.base,
            taught.examples,
            taught.held_out,
            settings=FitSettings(run.budget.learning, epochs=1.0, precision=precision, seed=SEED),
            out=out,
            parent=parent.weights if parent else None,
            keep=Keep(run.store.checkpoint, work=f"budget {run.budget.seconds:g}"),
            probe=Probe(taught.unlearned, run.budget.probe),
        )
        report = run.together(work)(progress=show, should_stop=interrupted)
    return Taught.of(report, taught)


def _compile(run: _Run, weights: Path, out: Path) -> None:
    """Step 6."""
    from codetune_git.model.scoring.compile import compile_adapter

    with run.stages.stage("Compiling for the light runtime"):
        compiled = compile_adapter(run.base, weights, out)
    if not compiled:
        print(f"The light runtime cannot run {run.base.architecture}: suggestions take torch, and the base itself.")


def _copy(source: Path, target: Path) -> None:
    """A flat folder; raises OSError as it is, which `copytree` would hide in an error of its own."""
    target.mkdir()
    for path in source.iterdir():
        shutil.copyfile(path, target / path.name)


def _weights(run: _Run, mined: Mined, parent: Adapter | None, staged: Path) -> Taught:
    """Steps 5, 6 and 8: `adapter/` and `light/` in the staged folder."""
    for folder in ("adapter", "light"):
        (staged / folder).rmdir()
    taught = _teach(run, mined.lessons or mined.commits, mined.held_out, parent, staged / "adapter")
    if parent and not taught.gained:
        shutil.rmtree(staged / "adapter")
        _copy(parent.weights, staged / "adapter")
        _copy(parent.light, staged / "light")
        taught = replace(taught, memorised=memorised_in(parent.manifest.metrics))
    else:
        _compile(run, staged / "adapter", staged / "light")
    return taught


@dataclass(frozen=True, slots=True)
class _Examined:
    """What the model has answered by now, how far this run's sample got, and what goes on record of it."""

    answers: Answers
    asked: Asked
    exam: Exam | None = None


def _first_exam(run: _Run, mined: Mined, staged: Path) -> _Examined:
    """Step 7 of a first run: the new adapter on the commits held out of its lessons."""
    held = mined.held_out
    asked = _exam(run, staged, held, _counts_before(run, held), "Examining on held-out commits")
    return _Examined(answers.joined(((), 0), (asked.rows, asked.clean), EXAM_HUNKS), asked)


def _calibration(adapter: Adapter) -> Calibration | None:
    """What an adapter is judged by; None where another version wrote it: this training is the mend."""
    try:
        return record.from_json(adapter.calibration.read_text()).calibration
    except DataRefused:
        return None


def _exam_before_lesson(run: _Run, mined: Mined, parent: Adapter) -> _Examined:
    """Step 4: the active adapter, by its own judgement, on commits that it has never seen.

    The answers with earlier ones, and what goes on record once these commits are learned.
    """
    before = _counts_before(run, mined.commits)
    asked = _exam(run, parent.folder, mined.commits, before, "Exam before lesson")
    joined = answers.joined(known_answers(parent.folder), (asked.rows, asked.clean), EXAM_HUNKS)
    calibration = _calibration(parent)
    if calibration is None:
        return _Examined(joined, asked)
    result = marks(asked.rows, calibration, asked.clean)
    metrics = {"false_alarms": result.false_alarms.value, "restored": result.restored.value}
    return _Examined(joined, asked, Exam(parent.id, int(time.time()), metrics))


def _profile(run: _Run, today: Readings, answered: Answers) -> Profile:
    """Step 7: the calibration by counts, with what people decided, and the model's part where it pays."""
    with run.stages.stage("Calibrating by counts"):
        exam = counted_exam(run.repository, today, run.tip)
        rows, hunks = clean_rows(run.decided, today.counts)
        return profile_of(with_decided(exam, rows, hunks), answered[0], run.settings.options.false_positive_rate)


def _manifest(run: _Run, mined: Mined, parent: Adapter | None, taught: Taught, profile: Profile) -> Manifest:
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
        samples=taught.kinds,
        metrics={
            **({} if taught.loss_after is None else {"held_out_loss": round(taught.loss_after, 4)}),
            "false_alarms": round(profile.flagged.value, 4),
            "restored": round(profile.restored.value, 4),
            **(taught.memorised.metrics() if taught.memorised else {}),
        },
    )


def _tips(cursor: Cursor, tip: str) -> tuple[str, ...]:
    """All tips that were learned from, the newest last: whoever changes branches does not learn twice."""
    return (*(old for old in cursor.tips if old != tip), tip)[-MOST_TIPS:]


def _trained(run: _Run) -> int:
    cursor = run.start.cursor
    run.budget.check_learning()
    with run.stages.stage("Reading commits"):
        mined = mine(run.repository, run.tip, cursor)
    if not mined.commits:
        print(f"Nothing to learn from in {mined.read} new commits.")
        for reason, number in by_reason(mined.skipped):
            print(f"Left out: {number} × {reason}")
        return 0
    active = run.start.active
    parent = run.store.load(active.id) if active else None  # every byte of it is looked at before it is trained on
    since = parent.manifest.created if parent else 0
    run = replace(run, decided=decided_since(run.repository, run.store, run.tip, since))
    today = _readings(run, run.tip, "Counting conventions")
    with run.store.staging() as staged:
        examined = _exam_before_lesson(run, mined, parent) if parent else None
        taught = _weights(run, mined, parent, staged)
        examined = examined or _first_exam(run, mined, staged)
        profile = _profile(run, today, examined.answers)
        if kept := why_kept(profile, _calibration(parent) if parent else None, decided=bool(run.decided)):
            print(f"Nothing published: {kept}. {parent.id if parent else ''} stays active.")
            return 0
        judgement = Judgement(today.counts, profile.calibration, Precedents.of(today.examples, run.tip))
        (staged / "calibration.json").write_text(record.to_json(judgement))
        (staged / "exam.json").write_text(answers.to_json(*examined.answers))
        manifest = _manifest(run, mined, parent, taught, profile)
        moved = Cursor(_tips(cursor, run.tip), mined.fingerprints, taught.beyond[:MOST_LEFT_OUT])
        if examined.exam:
            run.store.record_exam(examined.exam)  # not before: a run that is stopped would take the same exam again
        adapter = run.store.publish(staged, manifest, moved)
    print_summary(replace(mined, skipped=mined.skipped + today.skipped), taught)
    print_profile(profile, examined.asked)
    print(f"Took {time.monotonic() - run.started:.0f} s.")
    print(f"Active adapter: {adapter}" + ("" if taught.gained or not parent else " (weights of its parent kept)"))
    return 0


def _foretold(run: _Run) -> int:
    """What a training would do, without doing it."""
    mined = mine(run.repository, run.tip, run.start.cursor)
    learned, held = len(mined.lessons), len(mined.held_out)
    print(f"Would read {mined.read} commits, learn from {learned} of them and hold {held} out.")
    for reason, number in by_reason(mined.skipped):
        print(f"Would leave out: {number} × {reason}")
    return 0


def run(settings: TrainSettings, together: Together = lambda work: work) -> int:
    """Train within the budget; raises CodetuneError. Whatever happens before the last step changes no adapter."""
    started = time.monotonic()
    repository = Repository.open(settings.start).with_object_database()
    tip = repository.head()
    if tip is None:
        raise Unavailable("this branch has no commits yet: commit something, then run git codetune train")
    if unsupported(repository, tip):
        print(f"Nothing done: {UNSUPPORTED}.")
        return 0
    store = Store(repository.codetune_dir)
    start = start_of(settings.options, store)
    this = _Run(settings, repository, store, Stages(), start, tip, started, int(time.time()), together)
    if tip in start.cursor.tips:
        print("Nothing new: this commit was learned already.")
        return 0
    if (
        settings.at_least > 1
        and (new := len(commit_oids(repository, tip, exclude=start.cursor.tips))) < settings.at_least
    ):
        print(f"{new} new commits are fewer than {settings.at_least}: nothing is done yet.")
        return 0
    if start.outgrown:
        print(f"This version brings another base than the one of {start.outgrown}: all is learned anew.")
    if settings.dry_run:
        return _foretold(this)
    with store.lock("train"):
        # Looked at again: somebody may have trained just before the lock was free.
        return _trained(replace(this, start=start_of(settings.options, store)))
