from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from random import Random

from support.commits import change, commit

from codetune_git.domain import Sample, SampleKind
from codetune_git.samples.mixture import history_samples, plan, with_replay


def sample(name: str, *broken: str, kind: SampleKind = SampleKind.RESTORATION) -> Sample:
    return Sample(kind, "a.py", "", f"{name} staged", "", name, origin=f"{name}:a.py:1-1", broken=broken)


def one(_: Sample) -> int:
    return 1


def test_of_the_same_lines_the_newest_stay() -> None:
    code = "def join(a, b):\n    return a + b\n"
    moved = "class A:\n    def join(a, b):\n        return a + b\n"
    commits = [
        commit("c1", change("a.py", None, code)),
        commit("c2", change("b.py", None, code)),
        commit("c3", change("c.py", None, moved)),
    ]
    samples, skipped = history_samples(commits, rng=Random(1))
    assert {s.origin.split(":")[0] for s in samples} == {"c2", "c3"}
    assert [(s.path, s.reason) for s in skipped] == [("a.py", "duplicate of newer lines")]


def test_samples_come_in_the_order_of_their_commits_and_the_seed_decides() -> None:
    commits = [commit(f"c{i}", change(f"m{i}.py", None, f"def f{i}(a, b):\n    return a + b\n")) for i in range(8)]
    samples, _ = history_samples(commits, rng=Random(1))
    order = [s.origin.split(":")[0] for s in samples]
    assert order == sorted(order)
    assert set(order) == {f"c{i}" for i in range(8)}
    assert samples == history_samples(iter(commits), rng=Random(1))[0] != history_samples(commits, rng=Random(2))[0]


def test_a_pool_of_processes_draws_the_same() -> None:
    commits = [commit(f"c{i}", change(f"m{i}.py", None, f"def f{i}(a, b):\n    return a + b\n")) for i in range(4)]
    with ProcessPoolExecutor(2, get_context("spawn")) as pool:
        assert history_samples(commits, rng=Random(1), each=pool.map) == history_samples(commits, rng=Random(1))


def test_what_a_commit_gives_does_not_depend_on_the_others() -> None:
    first, second = (commit(f"c{i}", change(f"m{i}.py", None, f"def f{i}(a, b):\n    pass\n")) for i in range(2))
    alone, _ = history_samples([second], rng=Random(1))
    together, _ = history_samples([first, second], rng=Random(1))
    assert [s for s in together if s.path == "m1.py"] == list(alone)


def test_replay_is_a_share_of_the_whole() -> None:
    new, old = [sample(f"n{i}") for i in range(80)], [sample(f"o{i}") for i in range(500)]
    mixed = with_replay(new, old, rng=Random(1), share=0.2)
    assert len(mixed) == 100
    assert list(mixed[20:]) == new
    assert len(set(mixed)) == 100
    assert with_replay(new, old[:3], rng=Random(1)) == (*old[:3], *new)
    assert with_replay(new, [], rng=Random(1)) == tuple(new)


def test_a_budget_that_holds_everything_leaves_nothing_out() -> None:
    samples = [sample(f"c{i}") for i in range(10)]
    assert plan(samples, 10, tokens=one) == (tuple(samples), ())
    assert plan([], 10, tokens=one) == ((), ())


def test_the_budget_takes_the_newest_and_says_what_it_left_out() -> None:
    samples = [sample(f"c{i}") for i in range(10)]
    kept, left_out = plan(samples, 9, tokens=lambda _: 3)
    assert list(kept) == samples[7:]
    assert [s.path for s in left_out] == [s.origin for s in samples[:7]]
    assert {s.reason for s in left_out} == {"beyond the budget"}


def test_style_edits_and_rare_conventions_come_first() -> None:
    for first in (sample("edit", kind=SampleKind.STYLE_EDIT), sample("rare", "quotes")):
        samples = [first, *(sample(f"c{i}", "comma_spacing") for i in range(99))]
        kept, _ = plan(samples, 30, tokens=one)
        assert first in kept
        assert sample("c0", "comma_spacing") not in kept


def test_a_budget_keeps_the_share_of_unbroken_samples() -> None:
    rng = Random(3)
    samples = [
        sample(f"c{i}", *([f"convention {min(9, int(rng.expovariate(0.4)))}"] if rng.random() < 0.6 else []))
        for i in range(2000)
    ]
    kept, _ = plan(samples, 500, tokens=one)
    counts = Counter(bool(s.broken) for s in kept)
    assert 0.3 < counts[False] / 500 < 0.5
