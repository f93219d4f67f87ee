"""Comments that silence: from where to where, and which conventions."""

from __future__ import annotations

import pytest

from codetune_git.domain import LineRange
from codetune_git.languages.python.comments.pragmas import silenced
from codetune_git.languages.python.comments.tool_comments import ALL
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.text.source import Source


def lines(text: str) -> dict[int, frozenset[str]]:
    return dict(silenced(Source.parse(text.encode(), GRAMMAR)).lines)


def test_nothing_is_silenced_without_a_pragma() -> None:
    assert lines("a = 1\n# codetune is a tool\n# tuned: off\n") == {}


def test_off_and_on_silence_what_is_between_them() -> None:
    text = "a = 1\n# codetune: off\nb = 2\n\n# codetune: on\nc = 3\n"
    assert lines(text) == {2: ALL, 3: ALL, 4: ALL}


def test_off_may_last_to_the_end() -> None:
    assert lines("a = 1\nb = 2  # codetune: off\nc = 3") == {2: ALL, 3: ALL}


def test_it_can_be_switched_several_times() -> None:
    text = "# codetune: off\n# codetune: off\n# codetune: on\na\n# codetune: on\n# codetune: off\n# codetune: on\n"
    assert set(lines(text)) == {1, 2, 6}


@pytest.mark.parametrize(
    ("comment", "kinds"),
    [
        ("# codetune: ignore", ALL),
        ("#codetune:ignore", ALL),
        ("#  codetune:  ignore  # because", ALL),
        ("# codetune: ignore[quotes]", {"quotes"}),
        ("# codetune: ignore[python/quotes, naming]", {"quotes", "naming"}),
        ("# codetune: ignore [ quotes , naming ]", {"quotes", "naming"}),
        ("# why not  # codetune: ignore[quotes]", {"quotes"}),
    ],
)
def test_ignore_silences_its_own_line(comment: str, kinds: set[str]) -> None:
    assert lines(f"a = 1\nb = 2  {comment}\nc = 3\n") == {2: kinds}


@pytest.mark.parametrize("comment", ["# codetune: offset", "# codetune: ignored", "# codetune: once", "# codetune off"])
def test_other_words_are_no_pragmas(comment: str) -> None:
    assert lines(f"a = 1  {comment}\n") == {}


def test_off_counts_for_more_than_what_is_ignored_inside() -> None:
    assert lines("# codetune: off\na = 1  # codetune: ignore[quotes]") == {1: ALL, 2: ALL}


def test_one_silenced_line_silences_what_would_change_it() -> None:
    found = silenced(
        Source.parse(b"a = f(\n    b,  # codetune: ignore[quotes]\n)\nc = 3  # codetune: ignore\n", GRAMMAR)
    )
    assert found.covers(LineRange(1, 3), "quotes")
    assert not found.covers(LineRange(1, 3), "naming")
    assert not found.covers(LineRange(3, 3), "quotes")
    assert found.covers(LineRange(4, 4), "naming")


def test_line_numbers_are_those_of_the_analysed_text() -> None:
    assert set(lines("a = '\x0c\u2028'\nb = 2  # codetune: ignore\n")) == {2}


@pytest.mark.parametrize(
    "text", ['a = "# codetune: off"\nb = 1\n', 'a = """\n# codetune: ignore\n"""\n', "a = '# fmt: off'\n"]
)
def test_a_string_is_no_comment(text: str) -> None:
    assert lines(text) == {}
