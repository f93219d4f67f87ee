"""The way from a staged hunk to its truth: one that the rewrites reach, and how near they come to another one."""

from __future__ import annotations

import pytest
from support.house import parsed

from benchmarks.coverage import Way, way, way_of
from codetune_git.domain import LineRange

CODE = "a = f('x')\nb = g( \"y\",2 )\nc = 3\n"


def way_to(truth: str, code: str = CODE, lines: tuple[int, int] = (2, 2)) -> Way:
    return way(parsed(code), LineRange(*lines), truth)


def test_a_truth_that_is_reached() -> None:
    found = way_to("b = g('y', 2)\n")
    assert found.is_whole
    assert found.progress == 1.0
    assert found.reached == "b = g('y', 2)\n"
    assert {rewrite.partition("=")[0] for rewrite in found.rewrites} == {"quotes", "comma_spacing", "paren_padding"}
    assert list(found.left) == sorted(set(found.left), reverse=True)


def test_a_truth_that_no_rewrite_reaches() -> None:
    found = way_to("b = h('y', 2)\n")
    assert not found.is_whole
    assert (found.left[-1], found.reached) == (1, "b = g('y', 2)\n")
    assert found.progress == pytest.approx(1 - 1 / found.left[0])


def test_where_nothing_is_nearer_nothing_is_done() -> None:
    found = way_to('b = g( "y",2 )z\n')
    assert (found.rewrites, found.progress, len(found.left)) == ((), 0.0, 1)
    assert way_to('b = g( "y",2 )\n').is_whole


def test_lines_may_become_more_or_fewer() -> None:
    broken = "b = call(\n    one,\n    two\n)\n"
    found = way_to("b = call(one, two)\n", f"a = 1\n{broken}c = 3\n", (2, 5))
    assert (found.is_whole, found.rewrites) == (True, ("wrapping=flat",))
    assert way_to(broken, "a = 1\nb = call(one, two)\nc = 3\n").is_whole


def test_cases_are_read_where_their_language_is() -> None:
    case = {"files": [{"path": "a.py", "content": CODE}], "hunk": [1, 1], "truth": ['a = f("x")']}
    found = way_of(case)
    assert found is not None
    assert found.rewrites == ("quotes=double",)
    assert way_of({**case, "files": [{"path": "a.txt", "content": CODE}]}) is None
    assert way_of({**case, "files": [{"path": "a.py", "content": "a = (\n"}]}) is None
