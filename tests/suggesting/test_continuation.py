"""What the model writes of its own accord: a candidate only where it is new, doubted enough and proven."""

from __future__ import annotations

import pytest
from support.fake_model import TableModel
from support.house import edited, parsed, sites_of

from codetune_git.domain import LineRange
from codetune_git.languages.table import CATALOGUE
from codetune_git.suggesting.continuation import LEAST_LOG_ODDS, continuation, evidence_of
from codetune_git.suggesting.evidence import Evidence
from codetune_git.suggesting.features import NOTHING
from codetune_git.suggesting.proposal import proposals
from codetune_git.suggesting.questions import Asked, questions
from codetune_git.text.source import Source

BEFORE = "import os\n\n\nclass Shelf:\n    kept = 'ä'\n\n"
STAGED = "    def load(self, path):\n        return  read( path,  'ö' )[1 : 2]\n"
AFTER = "\n    def save(self):\n        return None\n"
LINES = LineRange(7, 8)
EVERY = frozenset(convention.name for convention in CATALOGUE)


def asked_about(staged: str) -> tuple[Source, Asked]:
    text = BEFORE + staged + AFTER
    source = parsed(text)
    found = [
        Evidence(p, NOTHING) for p in proposals(source, sites_of(text, "quotes"), LINES) if LINES.contains(p.lines)
    ]
    (asked,) = questions("shelf.py", source, LINES, found)
    return source, asked


@pytest.mark.parametrize(
    ("part", "better"),
    [("[1 : 2]", "[1:2]"), ("( path,  'ö' )", "(path, 'ö')"), ("read( path,  'ö' )[1 : 2]", "read(path, 'ö')[1:2]")],
)
def test_a_proven_continuation_is_an_edit_of_what_differs(part: str, better: str) -> None:
    source, asked = asked_about(STAGED)
    found = continuation(asked, EVERY, TableModel(writes={part: better}))
    assert found is not None
    evidence = evidence_of(source, asked, found)
    text = source.text.decode()
    assert edited(text, evidence.proposal.edits) == text.replace(part, better)
    assert evidence.proposal.lines == LineRange(8, 8)
    assert len(evidence.proposal.edits[0].replacement) < len(STAGED)


@pytest.mark.parametrize(
    "writes",
    [
        {},
        {"'ö'": '"ö"'},  # the catalogue's own candidate
        {"'ö'": "'ü'"},
        {"return": "yield"},
        {"return read(": "return read(("},
        {"self, path": "self, place"},  # others may call it by that name
        {"[1 : 2]\n": "[1:2]  # the second\n"},
    ],
)
def test_what_is_known_already_or_not_proven_is_none(writes: dict[str, str]) -> None:
    _, asked = asked_about(STAGED)
    assert continuation(asked, EVERY, TableModel(writes=writes)) is None


def test_comments_keep_their_words() -> None:
    _, asked = asked_about(STAGED.replace("[1 : 2]", "[1 : 2]  #the  second"))
    assert continuation(asked, EVERY, TableModel(writes={"#the  second": "# the second"})) is not None
    for other in ("# the third", "# second the", ""):
        assert continuation(asked, EVERY, TableModel(writes={"#the  second": other})) is None


def test_a_doubt_that_may_be_chance_is_none() -> None:
    _, asked = asked_about(STAGED)
    writes = {"[1 : 2]": "[1:2]"}
    assert continuation(asked, EVERY, TableModel(writes=writes, certainty=LEAST_LOG_ODDS)) is None
    assert continuation(asked, EVERY, TableModel(writes=writes, certainty=LEAST_LOG_ODDS + 0.01)) is not None


def test_it_does_nothing_under_its_own_name_that_a_silenced_convention_would_do() -> None:
    _, asked = asked_about(STAGED)
    padded = TableModel(writes={"( path,  'ö' )": "(path, 'ö')"})
    assert continuation(asked, EVERY - {"paren_padding"}, padded) is None
    assert continuation(asked, EVERY - {"extra_blanks"}, TableModel(writes={"return  ": "return "})) is None
    assert continuation(asked, frozenset(), TableModel(writes={"[1 : 2]": "[0x1 : 2]"})) is not None  # nobody's matter


def test_what_is_put_in_stands_before_the_last_line_feed() -> None:
    source, asked = asked_about(STAGED.replace("[1 : 2]\n", "[1 : 2]\n\n"))
    found = continuation(asked, EVERY, TableModel(writes={"[1 : 2]\n": "[1 : 2]\n\n"}))
    if found is not None:
        assert LINES.contains(evidence_of(source, asked, found).proposal.lines)
