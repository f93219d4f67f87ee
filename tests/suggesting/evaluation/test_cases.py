"""Committed code as the truth: clean cases are all wrong, broken ones say what would restore what was committed."""

from __future__ import annotations

from dataclasses import replace
from random import Random

import pytest
from support.convention_checks import standard_library
from support.fake_model import TableModel
from support.house import counts_of, edited

from codetune_git.domain import REWRITE, LineRange
from codetune_git.style.counting import Counts
from codetune_git.suggesting.continuation import LEAST_LOG_ODDS
from codetune_git.suggesting.evaluation.cases import (
    HUNK_LINES,
    MOST_HUNKS,
    CommittedFile,
    EvalCase,
    clean_results,
    make_cases,
    sampled,
    score_cases,
)
from codetune_git.suggesting.features import Features
from codetune_git.suggesting.questions import Asked

NOTHING = Counts.of([])
CODE = """\
import os


def load(path, mode='r'):
    with open(path, mode) as f:
        return [line.strip() for line in f if line != 'end']
"""


def committed(text: str, *added: tuple[int, int], number: int = 0, settled: str | None = None) -> CommittedFile:
    today = frozenset((text if settled is None else settled).encode().split(b"\n"))
    ranges = added or ((1, text.count("\n")),)
    return CommittedFile("pkg/mod.py", text.encode(), tuple(LineRange(*lines) for lines in ranges), today, number)


def library(seed: int, count: int, *, most_bytes: int = 6_000) -> list[CommittedFile]:
    paths = standard_library(Random(seed), count, most_bytes=most_bytes)
    return [committed(path.read_text(), number=i) for i, path in enumerate(paths)]


def begin_of(case: EvalCase, text: str) -> int:
    """The byte of `text` at which the case's hunk begins: what stands before it is as committed."""
    before = case.asked[0].question.before
    assert text.startswith(before) or text.count(before) == 1
    return len(text[: text.index(before) + len(before)].encode())


def put_right(case: EvalCase, begin: int) -> str:
    """The hunk (of one piece, at the byte `begin`) with the right proposals made."""
    edits = [edit for e, right in zip(case.evidence, case.right, strict=True) if right for edit in e.proposal.edits]
    return edited(case.asked[0].question.staged, [replace(e, start=e.start - begin, end=e.end - begin) for e in edits])


def test_the_hunk_as_committed_comes_first_and_nothing_said_about_it_is_right() -> None:
    first, *others = make_cases(committed(CODE), NOTHING, seed=0, broken_each=2)
    assert first.clean
    assert first.broken == 0
    assert first.asked[0].question.staged == CODE
    assert first.evidence
    assert not any(first.right)
    assert not any(case.clean for case in others)
    assert {case.hunk for case in (first, *others)} == {0}


def test_a_broken_case_is_another_text_with_a_way_back() -> None:
    cases = [
        d for seed in range(10) for d in make_cases(committed(CODE), NOTHING, seed=seed, broken_each=2) if not d.clean
    ]
    assert all(case.asked[0].question.staged != CODE for case in cases)
    known = [case for case in cases if case.broken]
    assert len(known) >= 18
    for case in known:
        assert sum(case.right) == case.broken
        assert put_right(case, 0) == CODE


def test_each_site_is_to_be_written_as_it_was() -> None:
    text = "a = f('x')\nb = f(\"y\")\nc = f('z')\nd = f(\"w\")\n"
    cases = [
        d for seed in range(40) for d in make_cases(committed(text), NOTHING, seed=seed, broken_each=1) if d.broken
    ]
    quotes = [
        case for case in cases if any(r and e.kind == "quotes" for e, r in zip(case.evidence, case.right, strict=True))
    ]
    assert len(quotes) > 3
    assert all(put_right(case, 0) == text for case in quotes if sum(case.right) == case.broken)


def test_right_proposals_restore_what_was_committed_in_real_files() -> None:
    done, unknown = 0, 0
    for file in library(1, 6, most_bytes=2_000):
        text = file.text.decode()
        for case in make_cases(file, NOTHING, seed=1, broken_each=2):
            unknown += not case.broken and not case.clean
            right = [e.proposal.site for e, right in zip(case.evidence, case.right, strict=True) if right]
            assert len(right) == len(set(right))
            if not case.broken or len(case.asked) != 1 or len(right) != case.broken:
                continue
            question = case.asked[0].question
            begin = begin_of(case, text)
            back = put_right(case, begin).encode()
            assert question.staged.encode() != back
            assert file.text[begin:].startswith(back)
            assert file.text[begin + len(back) :].startswith(question.after.encode())
            done += 1
    assert done > 20
    assert unknown < done / 10


def test_what_the_counts_rule_out_is_broken_all_the_same() -> None:
    text = "".join(f"a{i} = f('x{i}')\n" for i in range(8))
    against = Counts.of([dict.fromkeys(counts_of('a = f("x")\n').tally, 1000)])
    lost = [
        case
        for seed in range(10)
        for case in make_cases(committed(text), against, seed=seed, broken_each=2)
        if '"' in "".join(one.question.staged for one in case.asked)
    ]
    assert lost
    assert all(case.broken > sum(case.right) for case in lost)


def test_habits_are_those_of_the_file_outside_the_hunk() -> None:
    old = "".join(f"a{i} = f('x{i}')\n" for i in range(20))
    text = old + 'b = g("y")\n'

    def single(file: CommittedFile) -> float:
        (case,) = make_cases(file, NOTHING, seed=0, broken_each=0)
        (found,) = (e for e in case.evidence if e.proposal.site.variant == "double" and e.kind == "quotes")
        return found.features.file

    assert single(committed(text, (21, 21))) > 2
    assert single(committed("b = g(\"y\")\na = f('x')\n")) == 0.0


def test_pieces_that_did_not_last_examine_nobody() -> None:
    text = "".join(f"a{i} = f('x{i}')\n" for i in range(3 * HUNK_LINES))
    gone = text.replace("a0 =", "b0 =").replace(f"a{HUNK_LINES} =", "c =")
    all_, some = (make_cases(committed(text, settled=s), NOTHING, seed=0, broken_each=0) for s in (text, gone))
    staged = [case.committed for case in (*all_, *some)]
    assert [len(piece.splitlines()) for piece in staged] == [HUNK_LINES] * 4
    assert "".join(staged[:3]) == text
    assert staged[3] == staged[2]
    assert make_cases(committed(text, settled=""), NOTHING, seed=0, broken_each=2) == ()


def test_a_last_line_without_an_end_has_settled_too() -> None:
    text = "a = f('x')\nb = f('y')\n"
    for today in (text, text.rstrip("\n")):
        assert make_cases(committed(text, settled=today), NOTHING, seed=0, broken_each=0)


def test_long_files_are_evaluated_in_some_places_only() -> None:
    text = "".join(f"a{i} = f('x{i}')\n" for i in range(20 * HUNK_LINES))
    found = make_cases(committed(text, number=5), NOTHING, seed=0, broken_each=1)
    hunks = [case.hunk for case in found if case.clean]
    assert hunks == list(range(5 * MOST_HUNKS, 6 * MOST_HUNKS))
    assert {case.hunk for case in found} == set(hunks)
    assert all(case.committed for case in found)


@pytest.mark.parametrize("text", ["def f(:\n    pass\n", ""])
def test_what_cannot_be_parsed_or_is_empty_examines_nobody(text: str) -> None:
    file = CommittedFile("a.py", text.encode(), (LineRange(1, 1),), frozenset(text.encode().split(b"\n")), 0)
    assert all(not case.evidence for case in make_cases(file, NOTHING, seed=0, broken_each=2))


def test_drawing_depends_on_the_seed_and_the_file_alone() -> None:
    file = library(3, 1, most_bytes=1_500)[0]
    once = make_cases(file, NOTHING, seed=4, broken_each=2)
    assert make_cases(file, NOTHING, seed=4, broken_each=2) == once
    assert make_cases(file, NOTHING, seed=5, broken_each=2) != once
    other = make_cases(replace(file, number=9), NOTHING, seed=4, broken_each=2)
    assert [case.asked for case in other] != [case.asked for case in once]


def test_answers_are_filled_in_case_by_case() -> None:
    found = [
        case for file in library(4, 2, most_bytes=1_500) for case in make_cases(file, NOTHING, seed=0, broken_each=1)
    ]
    model = TableModel({"'": 0.5, '"': -0.25})
    rows = score_cases(found, model, first=7)
    assert len(rows) == sum(len(case.evidence) for case in found)
    assert len(model.asked) == sum(len(case.asked) for case in found)
    at = iter(rows)
    for number, case in enumerate(found, 7):
        mine = [next(at) for _ in case.evidence]
        assert {(r.case, r.hunk, r.clean, r.broken) for r in mine} <= {(number, case.hunk, case.clean, case.broken)}
        assert [r.kind for r in mine] == [e.judged_as for e in case.evidence]
        assert [r.right for r in mine] == list(case.right)
        assert [r.features.with_model(0) for r in mine] == [e.features for e in case.evidence]
        places = [(e.kind, e.proposal.site.start, e.proposal.site.end) for e in case.evidence]
        assert len({(r.site, place) for r, place in zip(mine, places, strict=True)}) == len(set(places))
    quotes = [r for r in rows if r.kind == "quotes"]
    assert {abs(r.features.model) for r in quotes} == {1.5}


def test_what_the_model_writes_freely_is_right_where_it_leaves_the_hunk_as_committed() -> None:
    text = "def name(values):\n    return sum(values) / max(len(values), 1)\n"
    found = make_cases(committed(text), NOTHING, seed=0, broken_each=0)
    odd = {"sum(values) / max": "sum(values)   /   max"}
    (wrong,) = [row for row in score_cases(found, TableModel(writes=odd)) if row.kind == REWRITE]
    assert (wrong.right, wrong.clean, wrong.features) == (False, True, Features(model=8.0))
    unproven = {"sum(values)": "max(values)"}
    assert not [row for row in score_cases(found, TableModel(writes=unproven)) if row.kind == REWRITE]
    unsure = TableModel(writes=odd, certainty=LEAST_LOG_ODDS - 0.1)
    assert not [row for row in score_cases(found, unsure) if row.kind == REWRITE]
    # Two conventions broken at once: no proposal of one convention is the way back, and only the model finds it.
    staged = "def name(values):\n    return sum( values )/max( len( values ),1 )\n"
    broken = replace(
        found[0], clean=False, committed=text, asked=tuple(_staged_instead(one, staged) for one in found[0].asked)
    )
    (right,) = [row for row in score_cases([broken], TableModel(writes={staged: text})) if row.kind == REWRITE]
    assert (right.right, right.clean) == (True, False)


def _staged_instead(asked: Asked, staged: str) -> Asked:
    question = replace(asked.question, staged=staged)
    return replace(asked, question=question, part=staged.encode(), offset=0)


def _drawn(count: int) -> list[EvalCase]:
    files = (committed(CODE.replace("path", f"path_{number}"), number=number) for number in range(count))
    return [case for file in files for case in make_cases(file, NOTHING, seed=0, broken_each=2)]


def test_a_sample_is_fair_wherever_it_ends() -> None:
    found = _drawn(20)
    whole = sampled(found, 1000, seed=1)
    assert sorted(whole, key=found.index) == found
    for end in (2, 10, 30):
        part = sampled(found, end, seed=1)
        assert part == whole[:end]
        assert sum(case.clean for case in part) == end // 2
    assert sampled(found, 30, seed=2) != sampled(found, 30, seed=1)
    kinds = [{e.kind for e, right in zip(d.evidence, d.right, strict=True) if right} for d in whole[:20] if not d.clean]
    assert len({min(some) for some in kinds if some}) > 5


def test_what_people_decided_about_is_clean() -> None:
    results = clean_results([committed(CODE), committed(CODE, number=1)], NOTHING)
    assert results.clean_hunks == 2
    assert results.proposals
    assert all(row.clean and not row.right for row in results.proposals)
    assert {row.hunk for row in results.proposals} == {0, MOST_HUNKS}
