"""The pure core: where one is, what is decided, what undo gives back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from tui.reviewing import ACCEPTED, REJECTED, findings, outcome, runs_file, three_files

from codetune_git.domain import Decision, FileFindings, LineRange, Suggestion, Verification
from codetune_git.tui.choices import Edited
from codetune_git.tui.selection import Filter
from codetune_git.tui.session import Session
from codetune_git.tui.splitting import parts

FILES = (*three_files(), runs_file())


def session_of(*files: FileFindings, ended: bool = True) -> Session:
    session = Session(len(files))
    for one in files:
        session = session.arrived(one)
    return session.ended() if ended else session


def edited(session: Session) -> Session:
    current = session.current
    return session.edited(current, Edited(("edited",), Verification.RENAME)) if current else session


def taken_apart(session: Session) -> Session:
    current = session.current
    apart = parts(current, session.choices.proposed(current).replacement) if current else ()
    return session.split(current, apart) if current and apart else session


CHOICES: list[Callable[[Session], Session]] = [
    lambda s: s.decided(ACCEPTED),
    lambda s: s.decided(REJECTED),
    lambda s: s.decided_file(ACCEPTED),
    lambda s: s.decided_file(REJECTED),
    Session.toggled,
    edited,
    taken_apart,
]
MOVES: list[Callable[[Session], Session]] = [
    lambda s: s.stepped(1),
    lambda s: s.stepped(-1),
    lambda s: s.stepped_file(1),
    lambda s: s.stepped_file(-1),
    lambda s: s.found("B.py", further=True),
    lambda s: s.filtered(Filter(frozenset({"quotes"}))),
    lambda s: s.filtered(Filter(least=99)),
    lambda s: s.filtered(Filter()),
]
STEPS = st.lists(st.sampled_from([*CHOICES, *MOVES, Session.undone]), max_size=30)


def sound(session: Session) -> None:
    """What holds after every step."""
    assert (session.current is None) == (not session.shown)
    assert len({s.id for s in session.listed}) == len(session.listed)
    assert sum(session.counts.values()) == len(session.listed)
    assert len(session.shown) + session.hidden == len(session.listed)


@given(STEPS, STEPS)
def test_undoing_everything_gives_back_what_was_decided_at_first(
    before: list[Callable[[Session], Session]], after: list[Callable[[Session], Session]]
) -> None:
    session = session_of(*FILES[:2], ended=False)
    for step in before:
        session = step(session)
        sound(session)
    for one in FILES[2:]:
        session = session.arrived(one)
    for step in after:
        session = step(session)
        sound(session)
    while session.past:
        session = session.undone()
        sound(session)
    assert session.decisions == ()
    assert session.choices == Session(0).choices
    assert session.filtered(Filter()).shown == session_of(*FILES).shown


@given(STEPS)
def test_decisions_do_not_overlap_and_keep_their_order(steps: list[Callable[[Session], Session]]) -> None:
    session = session_of(*FILES)
    for step in steps:
        session = step(session)
    order = [f.path for f in FILES]
    places = [(order.index(d.suggestion.path), d.suggestion.lines) for d in session.decisions]
    assert places == sorted(places)
    assert all(one[0] != two[0] or one[1].last < two[1].first for one, two in pairwise(places))


@given(STEPS, st.integers(0, 20))
def test_one_undo_takes_back_one_choice(steps: list[Callable[[Session], Session]], chosen: int) -> None:
    session = session_of(*FILES)
    for step in steps:
        session = step(session)
    after = CHOICES[chosen % len(CHOICES)](session)
    if after.past != session.past:
        assert after.undone().choices == session.choices
        assert after.undone().current_id == session.current_id


def test_files_come_in_and_the_first_suggestion_is_looked_at() -> None:
    session = Session(3)
    assert session.current is None
    session = session.arrived(findings("quiet.py"))
    assert (session.seen, session.files, session.current) == (1, (), None)
    session = session.arrived(findings("a.py", 3, 20))
    assert session.current_id == "a.py:3"


def test_suggestions_of_a_file_come_in_the_order_of_lines() -> None:
    assert [s.lines.first for s in session_of(findings("a.py", 20, 3)).listed] == [3, 20]


def test_while_files_come_nobody_is_taken_back() -> None:
    session = session_of(findings("a.py", 1, 2, 3), ended=False).stepped(1).decided(ACCEPTED).decided(ACCEPTED)
    assert session.current_id == "a.py:3"
    assert session.waiting
    assert session.ended().current_id == "a.py:1"
    assert session.arrived(findings("b.py", 4)).current_id == "b.py:4"


def test_a_hidden_one_gives_way_to_the_nearest_shown() -> None:
    files = (findings("a.py", 1), findings("b.py", 1, kind="wrapping"), findings("c.py", 1))
    session = session_of(*files).stepped(1)
    assert session.filtered(Filter(frozenset({"wrapping"}))).current_id == "c.py:1"
    last = session.stepped(1).filtered(Filter(frozenset({"quotes"})))
    assert last.current_id == "b.py:1"
    assert last.filtered(Filter(frozenset({"quotes", "wrapping"}))).current is None
    assert last.filtered(Filter(frozenset({"quotes", "wrapping"}))).filtered(Filter()).current is not None


def test_a_kind_that_comes_later_is_shown() -> None:
    session = session_of(findings("a.py", 1), ended=False).filtered(Filter(frozenset({"quotes"})))
    assert session.current is None
    assert session.arrived(findings("b.py", 1, kind="wrapping")).current_id == "b.py:1"


def test_a_filter_by_percent_includes_its_bound() -> None:
    assert Filter(least=90).shows(findings("a.py", 1, confidence=0.9).suggestions[0])
    assert not Filter(least=90).shows(findings("a.py", 1, confidence=0.899).suggestions[0])


def test_search_finds_in_path_kind_and_both_texts() -> None:
    session = session_of(*FILES)
    found = [session.found(query, further=False).current_id for query in ("c.PY", "line 9'", 'line 20"', "single")]
    assert found == ["c.py:1", "b.py:9", "a.py:20", "a.py:3"]
    assert session.found("nowhere", further=True) is session


def test_an_edited_text_is_what_is_accepted_and_what_is_taken_apart() -> None:
    session = edited(session_of(runs_file()))
    assert session.decisions == (Decision(session.listed[0], ACCEPTED, ("edited",)),)
    assert session.choices.proposed(session.listed[0]).verification is Verification.RENAME


def test_parts_of_parts() -> None:
    def part(of: Suggestion, number: int) -> Suggestion:
        return replace(of, id=f"{of.id}.{number}", lines=LineRange(number, number))

    (whole,) = runs_file().suggestions
    first, second = part(whole, 1), part(whole, 2)
    session = session_of(runs_file()).split(whole, (first, second))
    session = session.at(second).split(second, (part(second, 1), part(second, 2)))
    assert [s.id for s in session.listed] == ["whole.1", "whole.2.1", "whole.2.2"]
    assert session.current_id == "whole.2.1"
    assert [id for id, _ in outcome(session.decided_file(ACCEPTED).decisions)] == [s.id for s in session.listed]
    assert [s.id for s in session.undone().listed] == ["whole.1", "whole.2"]


def test_what_rests_on_an_assumption_is_accepted_one_by_one() -> None:
    first, *others = three_files()[0].suggestions
    assert others
    assumed = tuple(replace(s, verification=Verification.ASSUMING, assumption="it holds") for s in others)
    file = replace(three_files()[0], suggestions=(first, *assumed))
    session = session_of(file).at(first).decided_file(ACCEPTED)
    assert [session.verdict(s) for s in session.listed] == [ACCEPTED, *[None] * len(assumed)]
    assert session.at(assumed[0]).decided(ACCEPTED).verdict(assumed[0]) is ACCEPTED
    rejected = session_of(file).at(first).decided_file(REJECTED)
    assert {rejected.verdict(s) for s in rejected.listed} == {REJECTED}
