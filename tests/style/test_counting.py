"""Counts add up; the backing off is done by hand here, level by level."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.house import counts_of, sites_of

from codetune_git.domain import Site
from codetune_git.style.counting import NOISE, PRIOR_STRENGTH, Counted, Counts, backed_off, tally_of, with_noise

AB = ("a", "b")


def site(*context: str, variant: str = "a") -> Site:
    return Site("c", 0, 1, variant, context)


def counts(**tally: int) -> Counts:
    """By names like `x_y__a`: so often variant a in the context (x, y)."""
    parts = {name: name.rpartition("__") for name in tally}
    return Counts.of([{("c", tuple(filter(None, p[0].split("_"))), p[2]): tally[n] for n, p in parts.items()}])


def distribution(
    said: Counted, place: Site, variants: tuple[str, ...], wider: Counted | None = None
) -> dict[str, float]:
    """As the evidence asks: from uniform through the wider counts to the narrower ones, and a little for each."""
    p = {variant: 1.0 / len(variants) for variant in variants}
    if wider is not None:
        p = backed_off(wider, place, p)
    return with_noise(backed_off(said, place, p))


def floored(*p: float) -> dict[str, float]:
    return {v: (1 - NOISE) * x + NOISE / len(p) for v, x in zip("abc", p, strict=False)}


def test_a_tally_says_how_often_what_stands_where() -> None:
    found = [site("x"), site("x"), site("x", variant="b"), site(), Site("d", 5, 6, "a")]
    assert tally_of(found) == {("c", ("x",), "a"): 2, ("c", ("x",), "b"): 1, ("c", (), "a"): 1, ("d", (), "a"): 1}


def test_counts_are_kept_for_every_prefix_of_a_context() -> None:
    found = counts(x_y__a=3, x_z__b=2, w__a=1)
    assert found.at(site("x", "y")) == {"a": 3}
    assert found.at(site("x", "y"), 1) == {"a": 3, "b": 2}
    assert found.at(site("x", "y"), 0) == {"a": 4, "b": 2}
    assert found.at(site("v")) == {}
    assert found.at(Site("d", 0, 1, "a")) == {}


def test_tallies_are_added_up() -> None:
    one, other = Counter({("c", ("x",), "a"): 3}), Counter({("c", ("x",), "a"): 4, ("c", ("x",), "b"): 1})
    both = Counts.of([one, other])
    assert both.tally == {("c", ("x",), "a"): 7, ("c", ("x",), "b"): 1}
    assert both.at(site("x")) == {"a": 7, "b": 1}
    assert one == {("c", ("x",), "a"): 3}


def test_nothing_known_is_uniform() -> None:
    assert distribution(Counts.of([]), site("x"), AB) == pytest.approx({"a": 0.5, "b": 0.5})
    assert distribution(Counts.of([]), site(), ("a", "b", "c", "d")) == pytest.approx(dict.fromkeys("abcd", 0.25))


def test_without_context_half_a_prior_goes_to_each_of_two() -> None:
    assert PRIOR_STRENGTH == 4
    # (16 + 4 / 2) / (16 + 4), (0 + 4 / 2) / (16 + 4)
    assert distribution(counts(__a=16), site(), AB) == pytest.approx(floored(0.9, 0.1))


def test_a_context_of_one_word_counts_what_is_there_and_then_the_rest() -> None:
    found = counts(x__a=4, y__b=12)
    # elsewhere 0 : 12 -> p_0 = 2/16, 14/16; here 4 : 0 -> (4 + 4 * 2/16) / 8
    assert distribution(found, site("x"), AB) == pytest.approx(floored(4.5 / 8, 3.5 / 8))
    # elsewhere 4 : 0 -> 6/8, 2/8; here 0 : 12 -> 4 * 6/8 / 16
    assert distribution(found, site("y"), AB) == pytest.approx(floored(3 / 16, 13 / 16))
    # never seen: elsewhere is everything, and nothing is here: (4 + 2) / 20
    assert distribution(found, site("z"), AB) == pytest.approx(floored(6 / 20, 14 / 20))


def test_each_level_counts_only_what_no_narrower_one_counts() -> None:
    found = counts(w__b=6, x_v__a=3, x_v__b=1, x_y__b=8)
    # other first words  0 : 6 -> (0 + 2) / 10 = 0.2
    # x but not x_y      3 : 1 -> (3 + 4 * 0.2) / 8 = 0.475
    # x_y                0 : 8 -> (0 + 4 * 0.475) / 12
    a = 4 * 0.475 / 12
    assert distribution(found, site("x", "y"), AB) == pytest.approx(floored(a, 1 - a))


def test_what_was_seen_in_one_place_only_is_not_counted_at_every_level() -> None:
    found = counts(x_y__a=4)
    assert distribution(found, site("x", "y"), AB) == pytest.approx(floored(6 / 8, 2 / 8))


def test_wider_counts_take_the_place_of_the_uniform_distribution() -> None:
    wider = counts(x__b=6, y__b=6)
    # (0 + 2) / 10 elsewhere, (0 + 4 * 0.2) / 10 here, and then these four: (4 + 4 * 0.08) / 8
    assert distribution(counts(x__a=4), site("x"), AB, wider) == pytest.approx(floored(4.32 / 8, 3.68 / 8))


def test_who_says_nothing_repeats_what_the_wider_counts_say() -> None:
    wider = counts(x__b=10**6, y__a=3)
    said = distribution(wider, site("x"), AB)
    assert distribution(Counts.of([]), site("x"), AB, wider) == said
    assert distribution(counts(z__a=0), site("x"), AB, wider) == pytest.approx(said)


def test_variants_that_are_not_asked_about_do_not_count() -> None:
    assert distribution(counts(__a=4, __c=100), site(), AB) == pytest.approx(floored(6 / 8, 2 / 8))


def test_however_often_it_was_seen_the_other_stays_possible() -> None:
    found = distribution(counts(__a=10**9), site(), ("a", "b", "c"))
    assert found["b"] == found["c"] == pytest.approx(NOISE / 3, rel=1e-3)


words = st.lists(st.sampled_from("xyz"), max_size=3).map(tuple)


@given(st.dictionaries(st.tuples(st.just("c"), words, st.sampled_from("ab")), st.integers(1, 1000)), words)
def test_a_distribution_sums_to_one_and_rules_nothing_out(
    tally: dict[tuple[str, tuple[str, ...], str], int], context: tuple[str, ...]
) -> None:
    p = distribution(Counts.of([tally]), site(*context), AB)
    assert sum(p.values()) == pytest.approx(1)
    assert min(p.values()) >= NOISE / 2


@given(words, st.integers(0, 50), st.integers(0, 50))
def test_seeing_it_once_more_makes_it_likelier(context: tuple[str, ...], a: int, b: int) -> None:
    def p(n: int) -> float:
        return distribution(Counts.of([{("c", context, "a"): n, ("c", context, "b"): b}]), site(*context), AB)["a"]

    assert p(a) < p(a + 1)


def test_real_code_is_counted_by_place() -> None:
    code = "def f(a = 'x'):\n    return g('y', \"z\")\n"
    quotes = {(s.context, s.variant) for s in sites_of(code, "quotes")}
    found = counts_of(code, code)
    assert len(quotes) == 3
    assert {(key[1], key[2]) for key in found.tally if key[0] == "quotes"} == quotes
    assert {n for key, n in found.tally.items() if key[0] == "quotes"} == {2}
    assert found.at(sites_of(code, "quotes")[0], 0) == {"single": 4, "double": 2}
