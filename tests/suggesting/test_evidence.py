"""What speaks for a proposal has a positive sign, what speaks against it a negative one; much against it ends it."""

from __future__ import annotations

import math

import pytest
from support.house import counts_of, parsed, proposal_of, sites_of

from codetune_git.domain import LineRange
from codetune_git.languages.table import usual
from codetune_git.style.counting import Counts
from codetune_git.suggesting.evidence import (
    RULED_OUT,
    Evidence,
    Habits,
    Neighbours,
    Standing,
    weigh,
    with_neighbours,
)
from codetune_git.suggesting.features import LOG_ODDS_CLIP, Features
from codetune_git.suggesting.proposal import proposals

SINGLE, DOUBLE = "a = f('x')\n", 'a = f("x")\n'
NOTHING = Counts.of([])


def evidence(text: str, repository: Counts, file: Counts = NOTHING, *, variant: str = "single") -> Evidence | None:
    """What speaks for writing the first string of `text` as `variant`."""
    found = weigh([proposal_of(text, "quotes", variant)], sites_of(text, "quotes"), Habits(repository, file))
    return found[0] if found else None


def features(
    text: str, repository: Counts, file: Counts = NOTHING, *, variant: str = "single"
) -> dict[str, float] | None:
    found = evidence(text, repository, file, variant=variant)
    return found.features._asdict() if found else None


def test_where_nothing_is_known_nothing_speaks() -> None:
    assert features(DOUBLE, NOTHING) == Features()._asdict()


def test_the_repository_speaks_for_its_habit() -> None:
    found = features(DOUBLE, counts_of(SINGLE * 10))
    assert found is not None
    # ten and a half to a half; the context only shrinks it: (10 + 2) / 14 to 2 / 14 and the floor
    assert found["convention"] == pytest.approx(math.log(10.5 / 0.5))
    assert found["convention"] + found["context"] == pytest.approx(math.log(6), rel=1e-2)


@pytest.mark.parametrize("often", [1, 10, 10_000])
def test_a_file_that_says_nothing_adds_nothing(often: int) -> None:
    repository = Counts.of([{key: n * often for key, n in counts_of(SINGLE).tally.items()}])
    found = features(DOUBLE, repository)
    assert found is not None
    assert found["file"] == 0.0
    assert found["convention"] + found["context"] > 0


def test_and_against_the_other() -> None:
    found = features(DOUBLE, counts_of(DOUBLE * 2 + SINGLE))
    assert found is not None
    assert found["convention"] == pytest.approx(math.log(1.5 / 2.5))
    assert found["convention"] + found["context"] < 0


def test_places_like_this_one_may_say_otherwise_than_the_whole() -> None:
    prints, calls = 'print("a b c")\n', "a = f(['x'])\n"
    assert sites_of(prints, "quotes")[0].context[0] != sites_of(calls, "quotes")[0].context[0]
    repository = counts_of(prints * 30, calls * 20)
    here, there = features(calls.replace("'", '"'), repository), features(prints, repository)
    assert here is not None
    assert here["convention"] < 0 < here["context"]
    assert here["convention"] + here["context"] > 1
    assert there is None


def test_the_file_may_say_otherwise_than_the_repository() -> None:
    repository = counts_of(SINGLE * 5 + DOUBLE * 5)
    followed = features(DOUBLE, repository, counts_of(SINGLE * 8))
    undecided = features(DOUBLE, repository)
    assert followed is not None
    assert undecided is not None
    assert followed["file"] > 1
    assert (followed["convention"], followed["context"]) == (undecided["convention"], undecided["context"])
    against = features(DOUBLE, repository, counts_of(DOUBLE * 3))
    assert against is not None
    assert against["file"] < 0


def test_neighbours_in_the_hunk_are_counted_without_the_site_itself() -> None:
    text = "a = f(\"x\", 'y', 'z', \"w\")\n"
    found = features(text, NOTHING)
    assert found is not None
    assert found["hunk_agrees"] == pytest.approx(math.log(3))
    assert found["hunk_differs"] == pytest.approx(math.log(2))


def test_other_conventions_say_whose_habits_these_are() -> None:
    standing = Standing.of([("quotes", 3.0), ("quotes", 1.0), ("a", 9.0), ("b", -1.0), ("c", 0.5), ("c", -2.5)])
    assert standing.against == {"quotes": 2.0, "a": 9.0, "b": -1.0, "c": -1.0}
    # The site's own convention is none of them, and no other says more than four nats' worth.
    assert standing.around("quotes", 1, 2) == Neighbours(1, 2, others_differ=4.0, others_agree=2.0)
    assert standing.around("a", 0, 0) == Neighbours(0, 0, others_differ=2.0, others_agree=2.0)
    assert Standing.of([]).around("quotes", 0, 0) == Neighbours(0, 0)


def test_a_hunk_as_one_is_heard_where_nothing_in_it_agrees() -> None:
    counted = Features(2.0, 1.0, 0.5)
    alone = with_neighbours(counted, Neighbours(0, 3, others_differ=1.0, others_agree=2.0))
    assert alone.counted == counted.counted == 3.5
    assert (alone.hunk_agrees, alone.hunk_differs) == (0.0, pytest.approx(math.log(4)))
    assert (alone.others_differ, alone.others_agree) == (math.log1p(1), math.log1p(2))
    assert alone.as_one == pytest.approx(3.5 * math.log(4))
    assert alone.as_others == pytest.approx(3.5 * math.log(2))
    assert with_neighbours(counted, Neighbours(1, 3)).as_one == 0.0
    # What the counts are against is not made more of by company.
    against = with_neighbours(Features(-2.0, 0.5), Neighbours(0, 3, others_differ=1.0))
    assert (against.as_one, against.as_others, against.model) == (0.0, 0.0, 0.0)


def test_who_writes_much_otherwise_is_told_from_who_writes_one_so() -> None:
    habits = Habits(counts_of("a = f('x')\nb = g(1, 2)\n" * 50), NOTHING)

    def quotes(text: str) -> Features:
        found = [*sites_of(text, "quotes"), *sites_of(text, "comma_spacing")]
        evidence = weigh(proposals(parsed(text), found, LineRange(1, 2)), found, habits)
        return next(e.features for e in evidence if e.kind == "quotes")

    one, many = quotes('a = f("x")\nb = g(1, 2)\n'), quotes('a = f("x")\nb = g(1,2)\n')
    assert one.others_differ == one.as_others == many.others_agree == 0.0 < one.others_agree
    assert many.others_differ == pytest.approx(one.others_agree)
    assert many.as_others > 0
    assert one.counted == many.counted


def test_what_is_usual_anywhere_needs_no_house() -> None:
    def odds(text: str, variant: str) -> float:
        sites = sites_of(text, "trailing_whitespace")
        found = weigh([proposal_of(text, "trailing_whitespace", variant)], sites, Habits(NOTHING, NOTHING))
        return found[0].features.counted if found else -math.inf

    assert usual("trailing_whitespace") == "none"
    assert odds("a = 1 \n", "none") > 3
    assert odds("a = 1\n", "some") == -math.inf
    assert usual("quotes") == ""


def test_what_the_counts_speak_against_is_not_even_asked_about() -> None:
    assert math.exp(-RULED_OUT) > 4
    most = [n for n in range(1, 40) if evidence(SINGLE, counts_of(SINGLE * n), variant="double")]
    # (n + 2) to 2 passes e^1.5 = 4.48 to one at about n = 7
    assert most == list(range(1, len(most) + 1))
    assert 5 <= len(most) <= 8
    assert evidence(SINGLE, NOTHING, counts_of(SINGLE * 60), variant="double") is None
    assert evidence(SINGLE, counts_of(SINGLE * 60), counts_of(DOUBLE * 60), variant="double") is not None


def test_each_proposal_is_weighed_by_itself() -> None:
    text = "a = f('x')\nb = g(1, 2)\n"
    source = parsed(text)
    both = [*sites_of(text, "quotes"), *sites_of(text, "comma_spacing")]
    habits = Habits(counts_of(SINGLE * 50 + "b = g(1,2)\n" * 50), NOTHING)
    found = weigh(proposals(source, both, LineRange(1, 2)), both, habits)
    assert [(e.kind, e.proposal.variant) for e in found] == [("comma_spacing", "tight")]


def test_the_models_answer_is_filled_in_last_and_clipped() -> None:
    found = evidence(DOUBLE, NOTHING)
    assert found is not None
    assert found.with_log_odds(3.5).features == found.features._replace(model=3.5)
    clipped = [found.with_log_odds(log_odds).features.model for log_odds in (math.inf, -100.0)]
    assert clipped == [LOG_ODDS_CLIP, -LOG_ODDS_CLIP]
    assert found.with_log_odds(3.5).proposal is found.proposal


def test_a_staged_spelling_that_cannot_be_proposed_is_weighed_too() -> None:
    text = "a = b +c\n"
    (site,) = sites_of(text, "arithmetic_spacing")
    assert site.variant == "mixed"
    found = weigh(
        [proposal_of(text, site.convention, "spaced")], [site], Habits(counts_of("a = b + c\n" * 20), NOTHING)
    )
    assert found[0].features.convention > 3
