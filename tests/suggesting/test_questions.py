"""What the model is asked is exactly what would be staged; its answers go where they belong."""

from __future__ import annotations

from random import Random

import pytest
from support.convention_checks import standard_library
from support.fake_model import TableModel
from support.house import edited, parsed, sites_of

from codetune_git.domain import LineRange
from codetune_git.languages.table import sites
from codetune_git.style.counting import Counts
from codetune_git.suggesting.evidence import Evidence, Habits, weigh
from codetune_git.suggesting.features import LOG_ODDS_CLIP
from codetune_git.suggesting.proposal import proposals, within
from codetune_git.suggesting.questions import CONTEXT, PIECE_LINES, answered, questions
from codetune_git.text.source import Source

NOTHING = Habits(Counts.of([]), Counts.of([]))


def doubted(source: Source, hunk: LineRange, *kinds: str) -> tuple[Evidence, ...]:
    inside = within(source, (s for s in sites(source) if not kinds or s.convention in kinds), hunk)
    return weigh(proposals(source, inside, hunk), inside, NOTHING)


def test_a_candidate_is_the_staged_text_with_the_proposal_made() -> None:
    text = 'import os\na = "ä"\nb = "ö", f(1,2)\nc = 3\n'
    source = parsed(text)
    found = doubted(source, LineRange(2, 3), "quotes", "comma_spacing")
    (asked,) = questions("pkg/new.py", source, LineRange(2, 3), found)
    question = asked.question
    assert (question.path, question.before, question.after) == ("pkg/new.py", "import os\n", "c = 3\n")
    assert question.staged == 'a = "ä"\nb = "ö", f(1,2)\n'
    assert set(question.candidates) == {
        'a = "ä"\nb = "ö",f(1,2)\n',
        'a = "ä"\nb = "ö", f(1, 2)\n',
        "a = 'ä'\nb = \"ö\", f(1,2)\n",
        "a = \"ä\"\nb = 'ö', f(1,2)\n",
    }
    assert asked.places == tuple(range(len(found)))


def test_every_candidate_of_a_real_file_is_what_would_be_staged() -> None:
    rng = Random(7)
    for path in standard_library(rng, 3, most_bytes=4_000):
        text = path.read_text()
        source = parsed(text)
        last = text.count("\n")
        first = rng.randrange(1, max(2, last - 30))
        hunk = LineRange(first, min(last, first + 30))
        found = doubted(source, hunk)
        for asked in questions(str(path), source, hunk, found):
            question = asked.question
            around = question.before + question.staged + question.after
            assert around in text
            assert question.staged.count("\n") <= PIECE_LINES
            assert len(question.before.encode()) <= CONTEXT.before
            assert len(question.after.encode()) <= CONTEXT.after
            for place, candidate in zip(asked.places, question.candidates, strict=True):
                whole = edited(text, found[place].proposal.edits)
                assert whole == text.replace(around, question.before + candidate + question.after)


def test_long_hunks_are_asked_about_in_pieces() -> None:
    text = "".join(f"a{i} = f('x', {i})\n" for i in range(50))
    source, hunk = parsed(text), LineRange(1, 50)
    found = doubted(source, hunk, "quotes")
    asked = questions("p.py", source, hunk, found)
    assert len(asked) == 4
    assert "".join(one.question.staged for one in asked) == text
    assert [place for one in asked for place in one.places] == list(range(50))
    assert all(one.question.before + one.question.staged in text for one in asked)
    assert asked[1].question.before.endswith(asked[0].question.staged)


def test_what_no_piece_holds_whole_is_not_asked_about() -> None:
    text = "def f():\n" + "".join(f"    a{i} = g('x', {i})\n" for i in range(40))
    source, hunk = parsed(text), LineRange(1, 41)
    long, short = doubted(source, hunk, "indentation_width"), doubted(source, hunk, "quotes")
    assert long
    asked = questions("p.py", source, hunk, (*long, *short))
    assert sorted(place for one in asked for place in one.places) == [len(long) + i for i in range(40)]
    assert questions("p.py", source, hunk, long) == ()


def test_a_piece_with_nothing_to_ask_is_no_question() -> None:
    text = "".join(f"a{i} = {i}\n" for i in range(40)) + "b = f('x')\n"
    source = parsed(text)
    (asked,) = questions("p.py", source, LineRange(1, 41), doubted(source, LineRange(1, 41), "quotes"))
    assert asked.question.staged.endswith("b = f('x')\n")
    assert "a0 " not in asked.question.staged


def test_answers_go_to_the_evidence_that_was_asked_about() -> None:
    text = "def f():\n" + "".join(f'    a{i} = g("x{i}", {i})\n' for i in range(40))
    source, hunk = parsed(text), LineRange(1, 41)
    found = doubted(source, hunk, "indentation_width", "quotes")
    model = TableModel({f"'x{i}'": i / 10 for i in range(40)} | {"  ": -100.0})
    asked = questions("p.py", source, hunk, found)
    filled = answered(found, asked, model.log_odds([one.question for one in asked]))
    order = {site: i for i, site in enumerate(sites_of(text, "quotes"))}
    assert len(filled) == len(found)
    for before, after in zip(found, filled, strict=True):
        assert after.proposal == before.proposal
        assert after.features.with_model(0) == before.features.with_model(0)
        wanted = order[after.proposal.site] / 10 if after.kind == "quotes" else 0.0
        assert after.features.model == pytest.approx(wanted)
    assert len(model.asked) == 3


def test_answers_are_clipped() -> None:
    source = parsed('a = "x"\n')
    found = doubted(source, LineRange(1, 1), "quotes")
    asked = questions("p.py", source, LineRange(1, 1), found)
    assert answered(found, asked, [(1e9,)])[0].features.model == LOG_ODDS_CLIP


def test_a_model_that_answers_too_little_is_noticed() -> None:
    source = parsed('a = "x"\n')
    found = doubted(source, LineRange(1, 1), "quotes")
    asked = questions("p.py", source, LineRange(1, 1), found)
    with pytest.raises(ValueError, match="zip"):
        answered(found, asked, [])
    with pytest.raises(ValueError, match="zip"):
        answered(found, asked, [()])
