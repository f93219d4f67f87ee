from __future__ import annotations

from random import Random

from codetune_git.domain import Edit
from codetune_git.samples.patch import Patch, within


def test_edits_that_overlap_an_earlier_one_are_left_out_together() -> None:
    patch = Patch()
    assert patch.add([Edit(4, 6, b"X")])
    assert not patch.add([Edit(0, 1, b"Y"), Edit(5, 7, b"Z")])
    assert patch.add([Edit(6, 8, b"Z"), Edit(4, 4, b"W")])
    assert len(patch) == 3
    assert patch.apply(b"0123456789") == b"0123WXZ89"


def test_two_insertions_at_one_place_meet() -> None:
    patch = Patch()
    assert patch.add([Edit(3, 3, b"a")])
    assert not patch.add([Edit(3, 3, b"b")])


def test_an_insertion_inside_a_replaced_span_meets_it() -> None:
    patch = Patch()
    assert patch.add([Edit(2, 6, b"")])
    assert not patch.add([Edit(4, 4, b"b")])


def test_whatever_is_taken_can_be_applied() -> None:
    rng, text = Random(5), bytes(range(60))
    for _ in range(200):
        patch, taken = Patch(), set[int]()
        for _ in range(30):
            start = rng.randrange(60)
            end = min(60, start + rng.randrange(4))
            free = taken.isdisjoint(range(start, end))
            if patch.add([Edit(start, end, b"")]):
                assert free
                taken.update(range(start, end))
        assert patch.apply(text) == bytes(i for i in text if i not in taken)


def test_edits_lie_within_a_span_that_holds_all_of_them() -> None:
    edits = [Edit(2, 4, b""), Edit(6, 6, b"x")]
    assert within(edits, (2, 6))
    assert not within(edits, (3, 6))
    assert not within(edits, (2, 5))
