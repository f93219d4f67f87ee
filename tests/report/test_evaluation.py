"""Metrics as a person reads them: one row for each way of judging, and what was hardest."""

from __future__ import annotations

from codetune_git.report.evaluation import Measured, render_metrics
from codetune_git.suggesting.evaluation.metrics import Metrics
from codetune_git.suggesting.evaluation.share import Share

KINDS = {"quotes": Share(9, 10), "naming": Share(1, 4), "comma_spacing": Share(9, 10)}
BOTH = Measured("counts and model", Metrics(Share(0, 298), Share(412, 596), Share(412, 420), KINDS))
COUNTS = Measured(
    "counts only", Metrics(Share(3, 298), Share(301, 596), Share(301, 350), {"lambda_colon": Share(1, 1)})
)


def test_an_evaluation_reads_like_this() -> None:
    assert render_metrics([BOTH, COUNTS], 40, 0.01).split("\n") == [
        "40 commits that the adapter has not seen; at most 1.0% of clean hunks may be flagged.",
        "",
        "judged by                            clean hunks flagged     broken restored precision",
        "counts and model                     0/298 [0.0% 1.3%]        69.1% of 596       98.1%",
        "counts only                          3/298 [0.3% 2.9%]        50.5% of 596       86.0%",
        "",
        "Restored by what was broken (counts and model):",
        "  naming                          1/4       25%",
        "  comma_spacing                   9/10      90%",
        "  quotes                          9/10      90%",
    ]


def test_columns_stand_below_their_heads() -> None:
    head, row = render_metrics([BOTH], 1, 0.015).split("\n")[2:4]
    assert head.index("clean") == row.index("0/298")
    assert len(head) == len(row)


def test_an_evaluation_without_cases() -> None:
    empty = Measured("counts only", Metrics(Share(0, 0), Share(0, 0), Share(0, 0), {}))
    rows = render_metrics([empty], 0, 0.02).split("\n")
    assert "0/0 [0.0% 100.0%]" in rows[3]
    assert rows[-1] == "Restored by what was broken (counts only):"
