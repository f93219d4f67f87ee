"""Bytes, lines and nodes of a file agree with each other; edits replace bytes and nothing else."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.convention_checks import standard_library

from codetune_git.domain import Edit, LineRange
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.text.source import Source, apply_edits

TEXT = "a = 'ä'\n\ndef f():\n    return a\n".encode()


@pytest.mark.parametrize(
    ("text", "starts"), [(b"", (0,)), (b"a", (0,)), (b"a\n", (0, 2)), (b"a\n\n b", (0, 2, 3)), (b"a\x0cb\rc", (0,))]
)
def test_only_line_feeds_begin_lines(text: bytes, starts: tuple[int, ...]) -> None:
    assert Source.parse(text, GRAMMAR).line_starts == starts


def test_offsets_are_bytes() -> None:
    source = Source.parse(TEXT, GRAMMAR)
    name = TEXT.index(b"f()")
    assert source.line_of(0) == 1
    assert source.line_of(TEXT.index(b"\n")) == 1
    assert source.line_of(name) == 3
    assert [source.slice(node) for node in source.nodes if node.type == "string"] == ["'ä'".encode()]


def test_an_empty_span_touches_the_line_it_lies_in() -> None:
    source = Source.parse(TEXT, GRAMMAR)
    third = source.line_starts[2]
    assert source.lines_of(third, third) == LineRange(3, 3)
    assert source.lines_of(third - 1, third) == LineRange(2, 2)
    assert source.lines_of(0, third + 1) == LineRange(1, 3)


@pytest.mark.parametrize(
    ("lines", "span"),
    [((1, 1), b"a = '\xc3\xa4'\n"), ((2, 2), b"\n"), ((3, 4), b"def f():\n    return a\n"), ((1, 4), TEXT)],
)
def test_lines_span_their_line_feeds(lines: tuple[int, int], span: bytes) -> None:
    start, end = Source.parse(TEXT, GRAMMAR).span_of(LineRange(*lines))
    assert TEXT[start:end] == span


def test_the_last_line_may_end_without_a_line_feed() -> None:
    source = Source.parse(TEXT[:-1], GRAMMAR)
    assert source.span_of(LineRange(4, 4))[1] == len(TEXT) - 1
    assert Source.parse(b"", GRAMMAR).span_of(LineRange(1, 1)) == (0, 0)


def test_errors_are_told_and_survived() -> None:
    assert not Source.parse(TEXT, GRAMMAR).has_error
    assert Source.parse(b"def f(:\n    pass\n", GRAMMAR).has_error


def test_nodes_are_in_document_order_parents_first() -> None:
    for path in standard_library(Random(1), 2, most_bytes=3_000):
        source = Source.parse(path.read_bytes(), GRAMMAR)
        seen: set[int] = set()
        for node in source.nodes:
            assert node.parent is None or node.parent.id in seen
            seen.add(node.id)
        starts = [node.start_byte for node in source.nodes]
        assert starts == sorted(starts)
        assert len(source.nodes) == source.tree.root_node.descendant_count


def test_a_window_has_the_nodes_that_touch_its_lines() -> None:
    rng = Random(2)
    for path in standard_library(rng, 3, most_bytes=3_000):
        whole = Source.parse(path.read_bytes(), GRAMMAR)
        for _ in range(8):
            first = rng.randrange(1, len(whole.line_starts))
            lines = LineRange(first, min(len(whole.line_starts), first + rng.randrange(20)))
            start, end = whole.span_of(lines)
            touching = [n for n in whole.nodes if n.start_byte <= end and start <= n.end_byte]
            window = Source.parse(whole.text, GRAMMAR, lines)
            assert [(n.type, n.start_byte, n.end_byte) for n in window.nodes] == [
                (n.type, n.start_byte, n.end_byte) for n in touching
            ]
            assert window.line_starts == whole.line_starts


def test_nodes_are_found_by_type() -> None:
    source = Source.parse(TEXT, GRAMMAR)
    assert source.kinds == tuple(node.type for node in source.nodes)
    assert {kind: [source.nodes[i].type for i in places] for kind, places in source.places.items()} == {
        kind: [kind] * source.kinds.count(kind) for kind in source.kinds
    }
    assert all(list(places) == sorted(places) for places in source.places.values())


def test_what_lies_inside_a_string_is_left_out() -> None:
    source = Source.parse(b"f(x, f'{g(y)}', 'z')  # h(i)\n", GRAMMAR)
    assert [source.slice(node) for node, _ in source.outside_opaque(("call",))] == [source.text[:20]]
    assert [source.slice(node) for node, _ in source.of_kinds(("call",))] == [source.text[:20], b"g(y)"]
    assert [source.slice(node) for node, _ in source.outside_opaque(GRAMMAR.opaque)] == [
        b"f'{g(y)}'",
        b"'z'",
        b"# h(i)",
    ]


def test_nodes_inside_opaque_ones_are_those_with_one_above_them() -> None:
    for path in standard_library(Random(3), 2, most_bytes=3_000):
        source = Source.parse(path.read_bytes(), GRAMMAR)
        for place, node in enumerate(source.nodes):
            above = node.parent
            while above is not None and above.type not in GRAMMAR.opaque:
                above = above.parent
            assert (place in source.inside_opaque) == (above is not None and node.start_byte < above.end_byte)


def test_a_reader_is_asked_once() -> None:
    asked = []

    def words(source: Source) -> list[bytes]:
        asked.append(source)
        return source.text.split()

    source = Source.parse(b"x = 1\n", GRAMMAR)
    assert source.once(words) == source.once(words) == [b"x", b"=", b"1"]
    assert source.with_text(b"y\n").once(words) == [b"y"]
    assert len(asked) == 2


def test_edits_are_made_in_any_order() -> None:
    edits = [Edit(4, 5, b"2"), Edit(0, 1, b"xyz"), Edit(1, 1, b"!"), Edit(5, 5, b"3")]
    assert apply_edits(b"a = 1\n", edits) == b"xyz! = 23\n"
    assert apply_edits(b"a = 1\n", []) == b"a = 1\n"


@pytest.mark.parametrize("edits", [[(0, 3), (2, 4)], [(2, 4), (0, 3)], [(1, 2), (1, 2)], [(0, 4), (2, 2)]])
def test_overlapping_edits_are_refused(edits: list[tuple[int, int]]) -> None:
    with pytest.raises(ValueError, match="overlapping edits at byte"):
        apply_edits(b"abcdef", [Edit(start, end, b"") for start, end in edits])


@given(st.binary(max_size=40), st.data())
def test_what_no_edit_spans_stays(text: bytes, data: st.DataObject) -> None:
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=8)))
    spans = list(zip(cuts[::2], cuts[1::2], strict=False))
    written = data.draw(st.lists(st.binary(max_size=3), min_size=len(spans), max_size=len(spans)))
    edits = [Edit(start, end, new) for (start, end), new in zip(spans, written, strict=True)]
    expected = text
    for edit in reversed(edits):
        expected = expected[: edit.start] + edit.replacement + expected[edit.end :]
    assert apply_edits(text, data.draw(st.permutations(edits))) == expected
