"""Metrics are counted by hand here; intervals are those of the literature."""

from __future__ import annotations

from dataclasses import replace

import pytest

from codetune_git.domain import REWRITE
from codetune_git.suggesting.calibration import SILENT, Calibration
from codetune_git.suggesting.evaluation.metrics import Metrics, combined, metrics_of
from codetune_git.suggesting.evaluation.scored_proposal import ScoredProposal
from codetune_git.suggesting.evaluation.share import Share
from codetune_git.suggesting.features import Features

# The first feature is the log-odds.
WORD = Calibration(0.0, Features(1.0), {}, threshold=0.9)
SURE, UNSURE = 4.0, 1.0


def clean(hunk: int, *said: float) -> list[ScoredProposal]:
    """The proposals, each at a site of its own, for a hunk as committed."""
    return [
        ScoredProposal("quotes", Features(x), False, hunk, 0, 10 * hunk, site, True, 0) for site, x in enumerate(said)
    ]


def broken(
    case: int, *said: tuple[float, bool], sites: int | None = None, kind: str = "quotes"
) -> list[ScoredProposal]:
    """Proposals for a broken hunk: how sure, whether right. `sites` were broken, by default as many as are right."""
    lost = sum(right for _, right in said) if sites is None else sites
    return [
        ScoredProposal(kind, Features(x, model=x), right, case, 0, case, site, False, lost)
        for site, (x, right) in enumerate(said)
    ]


@pytest.mark.parametrize(
    ("hits", "total", "low", "high"),
    [
        # R. G. Newcombe, Statistics in Medicine 17 (1998), table I, method 3
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
        # z^2 / (n + z^2)
        (0, 298, 0.0000, 0.0127),
    ],
)
def test_intervals_are_wilsons(hits: int, total: int, low: float, high: float) -> None:
    assert Share(hits, total).interval == pytest.approx((low, high), abs=5e-5)


def test_the_interval_is_the_same_from_the_other_side() -> None:
    low, high = Share(3, 40).interval
    assert Share(37, 40).interval == pytest.approx((1 - high, 1 - low))
    assert Share(40, 40).interval[1] == 1.0


def test_nothing_tried_says_nothing() -> None:
    assert (Share(0, 0).value, Share(0, 0).interval) == (0.0, (0.0, 1.0))


def test_shares_are_added_up() -> None:
    assert Share(1, 4) + Share(2, 3) == Share(3, 7)
    assert Share(1, 4).value == 0.25


def test_a_clean_hunk_is_flagged_once_however_much_is_said() -> None:
    rows = [*clean(0, SURE, SURE, UNSURE), *clean(1, UNSURE, -SURE), *clean(2, SURE)]
    found = metrics_of(rows, WORD, 10)
    assert found == Metrics(Share(2, 10), Share(0, 0), Share(0, 3), {})


def test_a_broken_case_is_restored_if_all_and_only_the_broken_is_put_right() -> None:
    cases = {
        "put right": broken(1, (SURE, True), (UNSURE, False)),
        "both sites": broken(2, (SURE, True), (SURE, True)),
        "too unsure": broken(3, (UNSURE, True)),
        "half of it": broken(4, (SURE, True), (UNSURE, True)),
        "something else too": broken(5, (SURE, True), (SURE, False)),
        "something else": broken(6, (UNSURE, True), (SURE, False)),
    }
    found = {title: metrics_of(rows, WORD, 0) for title, rows in cases.items()}
    restored = [title for title, one in found.items() if one.restored == Share(1, 1)]
    assert restored == ["put right", "both sites"]
    assert all(one.restored.total == 1 for one in found.values())
    assert [one.precision for one in found.values()] == [
        *(Share(1, 1), Share(2, 2), Share(0, 0)),
        *(Share(1, 1), Share(1, 2), Share(0, 1)),
    ]
    whole = metrics_of([row for rows in cases.values() for row in rows], WORD, 0)
    assert (whole.restored, whole.precision) == (Share(2, 6), Share(5, 7))


def test_a_free_rewrite_that_is_right_restores_all_of_a_hunk_at_once() -> None:
    heard = replace(WORD, rewrite=(0.0, 1.0), rewrite_threshold=0.95)
    free = broken(1, (SURE, True), sites=3, kind=REWRITE)
    assert metrics_of(free, heard, 1).restored == Share(1, 1)
    assert metrics_of(free, replace(heard, rewrite_threshold=0.999), 1).restored == Share(0, 1)
    wrong = broken(1, (SURE, False), sites=1, kind=REWRITE)
    assert metrics_of(wrong, heard, 1).restored == Share(0, 1)
    beside = [*free, *(replace(row, site=9) for row in broken(1, (SURE, False), sites=3))]
    assert metrics_of(beside, heard, 1).restored == Share(0, 1)


def test_silence_restores_nothing() -> None:
    rows = [*broken(1, (SURE, True)), *clean(2, SURE)]
    assert metrics_of(rows, SILENT, 1) == Metrics(Share(0, 1), Share(0, 1), Share(0, 0), {"quotes": Share(0, 1)})


def test_what_nothing_could_put_right_is_not_restored() -> None:
    ruled_out = broken(1, (UNSURE, False), sites=1)
    half_of_it = broken(2, (SURE, True), sites=2)
    assert metrics_of(ruled_out, WORD, 0).restored == Share(0, 1)
    assert metrics_of(half_of_it, WORD, 0).restored == Share(0, 1)


def test_a_case_of_which_nobody_knows_what_is_right_is_no_case() -> None:
    found = metrics_of(broken(1, (SURE, False), sites=0), WORD, 0)
    assert (found.restored, found.precision) == (Share(0, 0), Share(0, 1))


def test_at_each_site_the_surest_proposal_is_said() -> None:
    def case(*said: tuple[float, bool]) -> list[ScoredProposal]:
        return [ScoredProposal("blank_lines_top", Features(x), right, 1, 0, 1, 0, False, 1) for x, right in said]

    assert metrics_of(case((3.0, True), (4.0, False)), WORD, 0).restored == Share(0, 1)
    found = metrics_of(case((4.0, True), (3.0, False)), WORD, 0)
    assert (found.restored, found.precision) == (Share(1, 1), Share(1, 1))


def test_what_was_broken_is_told_by_convention() -> None:
    rows = [
        *broken(1, (SURE, True), kind="quotes"),
        *broken(2, (UNSURE, True), kind="quotes"),
        *broken(3, (SURE, True), kind="comma_spacing"),
    ]
    assert metrics_of(rows, WORD, 0).by_kind == {"comma_spacing": Share(1, 1), "quotes": Share(1, 2)}
    two = broken(4, (SURE, True), (SURE, True), sites=2)
    two[1] = replace(two[1], kind="naming")
    assert metrics_of(two, WORD, 0).by_kind == {"naming": Share(1, 1), "quotes": Share(1, 1)}


def test_parts_are_combined_as_if_they_were_one() -> None:
    odd = [*clean(0, SURE), *broken(1, (SURE, True))]
    even = [*clean(2, UNSURE), *broken(3, (UNSURE, True)), *broken(4, (SURE, True), kind="naming")]
    parts = combined([metrics_of(odd, WORD, 3), metrics_of(even, WORD, 4)])
    assert parts == metrics_of([*odd, *even], WORD, 7)
    assert combined([]) == Metrics(Share(0, 0), Share(0, 0), Share(0, 0), {})
