"""Idioms on real files: every rewrite is found again, reversible, and proven to mean the same."""

from __future__ import annotations

from pathlib import Path
from random import Random

from support.convention_checks import check_properties, standard_library

from codetune_git.domain import LineRange, Verification
from codetune_git.languages.python.conventions.idioms import (
    annotations,
    branches,
    classes,
    comparisons,
    default_arguments,
    formatting,
    lambdas,
    literals,
    naming,
    numbers,
    parentheses,
    quotes,
    statements,
)
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.python.proof.equivalence import verify
from codetune_git.text.assumptions import Proof
from codetune_git.text.source import Source

IDIOMS = tuple(
    convention
    for room in (
        *(branches, classes, comparisons, default_arguments, formatting, lambdas, literals),
        *(naming, numbers, parentheses, quotes, statements),
    )
    for convention in room.CONVENTIONS
)
RENAMING = {convention.name for convention in naming.CONVENTIONS}

HOUSE = '''\
from __future__ import annotations

import logging
import typing
from typing import Dict, List, Optional, Union

log = logging.getLogger(__name__)
area = 0xFF * 1.0e5


class House(object):
    rooms: List[Optional[int]] = []

    def __init__(self, rooms: list[int] | None, owner: Union[str, bytes]) -> typing.Dict[str, int]:
        super(House, self).__init__()
        found_rooms = set([1, 2])
        for (at, room) in enumerate(rooms):
            log.info("room %s of %s", at, owner)
            if not room in found_rooms and at in [1, 2]:
                assert 0 < at and at < 9, "room %s" % room
                raise ValueError()
        log.warning(f"{len(rooms)} rooms")
        assert (rooms or owner)
        named = dict(first=1., second=.5)
        text = """a
        b"""
        return (named)

    def close(self): ...

    def size(self):
        while 1:
            if self.rooms == None:
                return None
            else:
                return "{0} and {1}".format(self, range(0, 9))
'''


# What these rest on, many files say nothing about.
ASSUMED = frozenset(
    {"chained_comparison", "comprehension_constructor", "lambda_assignment", "logging_arguments", "none_comparison"}
    | {"raise_form", "string_formatting", "super_form"}
)


def _is_program(before: bytes, after: bytes) -> bool:
    return verify(before, after) is not None


def _proven(before: bytes, after: bytes) -> bool:
    proof = verify(before, after)
    return proof is not None and proof.verification in (Verification.SAFE, Verification.RENAME)


def test_every_rewrite_on_the_standard_library_is_proven() -> None:
    rng = Random(20)
    free = [idiom for idiom in IDIOMS if idiom.name not in ASSUMED]
    assumed = [idiom for idiom in IDIOMS if idiom.name in ASSUMED]
    # A star import may bring another `range`: then nothing is proven about it.
    files = [path for path in standard_library(rng, 15, most_bytes=20_000) if b"import *" not in path.read_bytes()]
    checked = check_properties(free, files, rng, equal=_proven)
    checked += check_properties(assumed, files, rng, equal=_is_program)
    assert sum(checked.values()) > 200
    assert len(+checked) > 20


def test_every_idiom_is_rewritten_in_a_house_full_of_them(tmp_path: Path) -> None:
    path = tmp_path / "house.py"
    path.write_text(HOUSE + "\n\nwith open('a') as a_file:\n    square = lambda x: x\n    x = u'a'\n")
    every = (*IDIOMS, *annotations.CONVENTIONS)
    checked = check_properties(every, [path], Random(1), equal=_is_program, samples=9)
    assert {convention.name for convention in every} - set(+checked) == set()


def test_a_renaming_is_proven_as_such() -> None:
    before = b"def f():\n    a_b = 1\n    return a_b\n"
    (idiom,) = naming.CONVENTIONS
    (site,) = idiom.sites(Source.parse(before, GRAMMAR))
    (edit, use) = idiom.rewrite(Source.parse(before, GRAMMAR), site, "camel") or ()
    assert (edit.replacement, use.replacement) == (b"aB", b"aB")
    assert {"local_naming"} == RENAMING
    assert verify(before, before.replace(b"a_b", b"aB")) == Proof(Verification.RENAME)


def test_a_window_has_the_same_sites_as_the_whole_file() -> None:
    code = HOUSE.encode()
    whole = Source.parse(code, GRAMMAR)
    for first in range(1, len(whole.line_starts) - 4, 4):
        lines = LineRange(first, first + 3)
        window = Source.parse(code, GRAMMAR, lines)
        for idiom in (*IDIOMS, *annotations.CONVENTIONS):
            inside = [s for s in idiom.sites(whole) if lines.contains(whole.lines_of(s.start, s.end))]
            found = [s for s in idiom.sites(window) if lines.contains(whole.lines_of(s.start, s.end))]
            assert found == inside, idiom.name


def test_broken_code_and_python_2_are_no_reason_to_fail() -> None:
    rng = Random(3)
    for code in (HOUSE.encode(), b"print 'a %s' % b\nexec 'a'\nraise E, 'a'\nx = 0777 <> `a`\n"):
        for _ in range(40):
            start = rng.randrange(len(code))
            broken = Source.parse(code[:start] + code[start + rng.randrange(9) :], GRAMMAR)
            for idiom in (*IDIOMS, *annotations.CONVENTIONS):
                for site in list(idiom.sites(broken))[:3]:
                    for variant in idiom.variants:
                        idiom.rewrite(broken, site, variant)
