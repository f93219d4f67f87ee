from __future__ import annotations

from random import Random

import pytest
from support.convention_checks import standard_library

from codetune_git.domain import LineRange
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.text.hunks import (
    ContextSize,
    after,
    before,
    context_of,
    cut,
    part_around,
    runs,
    split_lines,
    statements,
)
from codetune_git.text.source import Source


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", ()),
        ("a", ("a",)),
        ("a\n", ("a\n",)),
        ("a\n\nb", ("a\n", "\n", "b")),
        ("a\x0cb\rc\u2028d\n", ("a\x0cb\rc\u2028d\n",)),
    ],
)
def test_only_line_feeds_end_lines(text: str, lines: tuple[str, ...]) -> None:
    assert split_lines(text) == lines
    assert "".join(lines) == text


@pytest.mark.parametrize(
    ("size", "expected"),
    [(0, b""), (1, b""), (2, b"c\n"), (3, b"c\n"), (5, b"bb\nc\n"), (7, b"bb\nc\n"), (9, b"aaa\nbb\nc\n")],
)
def test_context_before_begins_with_a_line(size: int, expected: bytes) -> None:
    assert before(b"aaa\nbb\nc\n", size) == expected


@pytest.mark.parametrize(("size", "expected"), [(0, b""), (3, b""), (4, b"aaa\n"), (6, b"aaa\n"), (9, b"aaa\nbb\nc\n")])
def test_context_after_ends_with_a_line(size: int, expected: bytes) -> None:
    assert after(b"aaa\nbb\nc\n", size) == expected


def test_context_is_what_stands_around() -> None:
    source = Source.parse(b"a = 1\nb = 2\nc = 3\nd = 4\n", GRAMMAR)
    assert context_of(source, LineRange(3, 3), ContextSize(6, 100)) == (b"b = 2\n", b"d = 4\n")
    assert context_of(source, LineRange(1, 4), ContextSize()) == (b"", b"")


CODE = b"""\
import os

def f(a):
    b = 1
    if a:
        b = 2
        c = 3
    return b

def g():
    pass
"""


def test_runs_are_what_overlaps() -> None:
    ranges = [LineRange(*lines) for lines in ((1, 3), (2, 2), (3, 5), (6, 6), (8, 7), (8, 9), (9, 12))]
    groups = [[ranges.index(one) for one in group] for group in runs(ranges, lambda one: one)]
    assert groups == [[0, 1, 2], [3], [4], [5, 6]]
    assert list(runs([], lambda one: one)) == []


def test_statements_of_every_block() -> None:
    found = statements(Source.parse(CODE, GRAMMAR))
    assert found == (
        *(LineRange(1, 1), LineRange(3, 8), LineRange(4, 4), LineRange(5, 7)),
        *(LineRange(6, 6), LineRange(7, 7), LineRange(8, 8), LineRange(10, 11), LineRange(11, 11)),
    )


@pytest.mark.parametrize(
    ("most", "pieces"),
    [
        (11, [(1, 11)]),
        (9, [(1, 9), (10, 11)]),
        (6, [(1, 4), (5, 9), (10, 11)]),
        (3, [(1, 2), (3, 4), (5, 7), (8, 9), (10, 11)]),
    ],
)
def test_long_ranges_are_cut_where_statements_begin(most: int, pieces: list[tuple[int, int]]) -> None:
    assert cut(Source.parse(CODE, GRAMMAR), LineRange(1, 11), most) == tuple(LineRange(*piece) for piece in pieces)


def test_a_long_statement_is_cut_by_its_lines() -> None:
    source = Source.parse(b"x = [\n" + b"    1,\n" * 10 + b"]\n", GRAMMAR)
    assert cut(source, LineRange(1, 12), 5) == (LineRange(1, 5), LineRange(6, 10), LineRange(11, 12))


def test_pieces_cover_a_real_file_and_are_short() -> None:
    rng = Random(1)
    for path in standard_library(rng, 10):
        source = Source.parse(path.read_bytes(), GRAMMAR)
        whole, most = LineRange(1, source.text.count(b"\n")), rng.randint(1, 20)
        pieces = cut(source, whole, most)
        assert [p.first for p in pieces] == [1, *(p.last + 1 for p in pieces[:-1])]
        assert pieces[-1].last == whole.last
        assert all(p.last - p.first < most for p in pieces)


CLASSES = b"""\
import os

@decorated
class A:
    class B(A):
        x = 1

        def f(self):
            return 1

        def g(self):
            return 2
    y = 3

def h():
    pass
"""


@pytest.mark.parametrize(
    ("lines", "part"),
    [
        ((1, 1), b"import os\n"),
        ((2, 2), b"\n"),
        ((9, 9), b"@decorated\nclass A:\n    class B(A):\n        def f(self):\n            return 1\n"),
        (
            (6, 8),
            b"@decorated\nclass A:\n    class B(A):\n        x = 1\n\n        def f(self):\n            return 1\n",
        ),
        ((13, 13), b"@decorated\nclass A:\n    y = 3\n"),
        ((15, 15), b"def h():\n    pass\n"),
    ],
)
def test_the_part_around_lines_parses_by_itself(lines: tuple[int, int], part: bytes) -> None:
    source = Source.parse(CLASSES, GRAMMAR)
    found = part_around(source, LineRange(*lines))
    assert found.header + source.text[found.start : found.end] == part


def test_lines_of_a_class_and_of_its_head_need_the_whole_class() -> None:
    source = Source.parse(CLASSES, GRAMMAR)
    found = part_around(source, LineRange(4, 6))
    assert found.header == b""
    assert source.text[found.start : found.end] == CLASSES[CLASSES.index(b"@") : CLASSES.index(b"\ndef h")]


def test_parts_of_real_files_parse_by_themselves() -> None:
    rng = Random(2)
    for path in standard_library(rng, 10):
        source = Source.parse(path.read_bytes(), GRAMMAR)
        for _ in range(10):
            first = rng.randint(1, source.text.count(b"\n"))
            part = part_around(source, LineRange(first, min(first + rng.randrange(10), source.text.count(b"\n"))))
            assert not Source.parse(part.header + source.text[part.start : part.end], GRAMMAR).has_error, (path, first)
