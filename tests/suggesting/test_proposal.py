"""What else could stand in the staged lines, and in no others."""

from __future__ import annotations

from random import Random

import pytest
from support.convention_checks import standard_library
from support.house import edited, parsed, proposal_of

from codetune_git.domain import Edit, LineRange
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.table import by_name, sites
from codetune_git.suggesting.proposal import lines_of_edits, proposals, touching, within
from codetune_git.text.source import Source

CODE = """\
import os
a = f('x', "y")
b = g('z',
      w)


def h():
    return None
"""


def proposed(text: str, lines: tuple[int, int], convention: str) -> list[str]:
    source = parsed(text)
    found = [s for s in sites(source) if s.convention == convention]
    return [edited(text, p.edits) for p in proposals(source, found, LineRange(*lines))]


def test_each_site_in_the_lines_in_each_other_variant() -> None:
    first, second = CODE.replace("'x'", '"x"'), CODE.replace('"y"', "'y'")
    assert proposed(CODE, (2, 2), "quotes") == [first, second]
    assert proposed(CODE, (2, 4), "quotes") == [first, second, CODE.replace("'z'", '"z"')]
    assert proposed(CODE, (4, 8), "quotes") == []


def test_a_proposal_says_what_it_changes() -> None:
    found = proposal_of(CODE, "quotes", "single", nth=1)
    assert (found.site.variant, found.variant, found.lines) == ("double", "single", LineRange(2, 2))
    assert edited(CODE, found.edits) == CODE.replace('"y"', "'y'")


def test_an_opening_quote_alone_is_not_rewritten() -> None:
    text = "a = '''b\nc'''\n"
    assert [proposed(text, lines, "triple_quotes") for lines in ((1, 1), (2, 2))] == [[], []]
    assert proposed(text, (1, 2), "triple_quotes") == ['a = """b\nc"""\n']


def test_an_element_added_to_an_old_list_is_asked_about() -> None:
    text = "a = [\n    first,\n    second,\n    third\n]\n"
    assert proposed(text, (4, 4), "trailing_comma") == [text.replace("third", "third,")]
    assert proposed(text, (2, 2), "trailing_comma") == []


def test_all_that_a_rewrite_changes_must_be_in_the_lines() -> None:
    text = "if a:\n    b = 1\n\n    c = 2\n"
    source = parsed(text)
    block = [s for s in sites(source) if s.convention == "indentation_width"]
    assert [s.variant for s in block] == ["4"]
    assert list(proposals(source, block, LineRange(2, 3))) == []
    assert "if a:\n  b = 1\n\n  c = 2\n" in proposed(text, (2, 4), "indentation_width")


def test_inserting_in_front_of_a_line_changes_that_line() -> None:
    text = "a = 1\n\ndef f():\n    pass\n"
    source = parsed(text)
    found = proposal_of(text, "blank_lines_top", "2")
    assert edited(text, found.edits) == "a = 1\n\n\ndef f():\n    pass\n"
    assert proposed(text, (1, 1), "blank_lines_top") == []
    assert proposed(text, (4, 4), "blank_lines_top") == []
    assert lines_of_edits(source, found.edits) == found.lines


def test_a_blank_line_left_out_at_the_end_is_inserted_there() -> None:
    text = "class A:\n    def f(self):\n        pass\n    def g(self):\n        pass\n"
    wanted = text.replace("    def g", "\n    def g")
    source = parsed(text)
    assert wanted in proposed(text, (2, 3), "blank_lines_method")
    (one,) = [p for p in proposals(source, sites(source), LineRange(2, 3)) if edited(text, p.edits) == wanted]
    assert one.lines == lines_of_edits(source, one.edits) == LineRange(3, 3)
    assert wanted in proposed(text, (4, 5), "blank_lines_method")
    assert proposed(text, (2, 2), "blank_lines_method") == []
    assert proposed(text.replace("    def g", "\n    def g"), (2, 3), "blank_lines_method") == []


@pytest.mark.parametrize(
    ("edit", "lines"),
    [
        (Edit(4, 6, b""), (2, 3)),  # b + feed: joined with c
        (Edit(5, 6, b" "), (2, 3)),
        (Edit(3, 6, b""), (2, 2)),  # the whole line
        (Edit(3, 6, b"x\n"), (2, 2)),
        (Edit(3, 6, b"x"), (2, 3)),
        (Edit(0, 3, b""), (1, 1)),
        (Edit(2, 6, b""), (1, 3)),
        (Edit(2, 6, b"\n"), (1, 2)),
        (Edit(3, 3, b"x"), (2, 2)),
        (Edit(3, 3, b"\n"), (2, 2)),
        (Edit(2, 2, b"\n"), (1, 1)),
        (Edit(8, 9, b""), (3, 3)),  # nothing follows
    ],
)
def test_lines_that_an_edit_changes(edit: Edit, lines: tuple[int, int]) -> None:
    source = parsed("aa\nbb\ncc\n")
    assert lines_of_edits(source, [edit]) == LineRange(*lines)


def test_a_rewrite_that_reaches_further_than_its_site_must_not_leave_the_lines() -> None:
    text = "def f():\n    first_name = g()\n    a = 1\n    return first_name\n"
    renamed = [text.replace("first_name", "firstName")]
    assert [proposed(text, (2, last), "local_naming") for last in (2, 3, 4)] == [[], [], renamed]


def test_what_joins_a_line_with_one_that_is_not_staged_is_no_proposal() -> None:
    text = '"""Say.\n\nMore.\n"""\na = 1\n'
    assert proposed(text, (1, 3), "docstring_closing") == []
    assert proposed(text, (1, 4), "docstring_closing") == ['"""Say.\n\nMore."""\na = 1\n']


def test_lines_of_several_edits_hold_all_of_them() -> None:
    found = proposal_of("if a:\n    b = 1\n    c = 2\nd = 3\n", "indentation_width", "2")
    assert len(found.edits) == 2
    assert found.lines == LineRange(2, 3)


def test_sites_of_a_real_file_are_proposed_inside_the_lines_only() -> None:
    rng = Random(5)
    for path in standard_library(rng, 3, most_bytes=4_000):
        source = Source.parse(path.read_bytes(), GRAMMAR)
        known = tuple(sites(source))
        first = rng.randrange(1, source.text.count(b"\n"))
        lines = LineRange(first, min(first + rng.randrange(30), source.text.count(b"\n")))
        start, end = source.span_of(lines)
        inside, near = within(source, known, lines), touching(source, known, lines)
        assert set(inside) <= set(near)
        behind = {s for s in known if s.start == s.end == end}
        assert set(inside) - behind == {s for s in known if start <= s.start and max(s.start + 1, s.end) <= end}
        for proposal in proposals(source, known, lines):
            text = edited(source.text.decode(), proposal.edits).encode()
            assert proposal.site in near
            assert proposal.variant in by_name(proposal.site.convention).variants
            assert proposal.variant != proposal.site.variant
            assert text != source.text
            assert text.startswith(source.text[:start])
            assert text.endswith(source.text[end:])
            assert lines.contains(proposal.lines)
