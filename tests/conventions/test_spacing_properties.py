"""The families of spacing on real files: every rewrite keeps the program, is found again and goes back byte for byte."""

from __future__ import annotations

from random import Random

from support.convention_checks import check_properties, own_package, standard_library

from codetune_git.conventions import assignments, calls, comments, operators, padding, separators

FAMILIES = (operators, assignments, separators, padding, comments, calls)
CONVENTIONS = tuple(convention for family in FAMILIES for convention in family.CONVENTIONS)


def test_rewrites_keep_the_program_and_go_back() -> None:
    checked = check_properties(CONVENTIONS, [*standard_library(Random(7), 25), *own_package()], Random(7))
    assert all(checked[convention.name] > 0 for convention in CONVENTIONS), checked
