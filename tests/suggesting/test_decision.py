"""Which proposals are accepted, how they are joined, and what is kept back although the numbers speak for it."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from support.house import applied, counts_of, parsed, profile_of, proposal_of, sites_of

from codetune_git.domain import Edit, LineRange, Skipped, Suggestion, Support, Verification
from codetune_git.languages.python.comments.pragmas import silenced
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.style.counting import Counts
from codetune_git.suggesting.calibration import SILENT, Calibration, OwnWeights
from codetune_git.suggesting.decision import FileContext, decide
from codetune_git.suggesting.evidence import Evidence
from codetune_git.suggesting.features import Features
from codetune_git.suggesting.precedents import Precedents
from codetune_git.suggesting.proposal import Proposal
from codetune_git.text.source import Source

FIRST = Calibration(0.0, Features(1.0), {}, threshold=0.9)
CODE = 'a = f("x", 1)\nb = g("y",2)\n'


def saying(proposal: Proposal, confidence: float = 0.95) -> Evidence:
    return Evidence(proposal, Features(math.log(confidence / (1 - confidence))))


def proposed(text: str, convention: str, variant: str, confidence: float = 0.95, *, nth: int = 0) -> Evidence:
    return saying(proposal_of(text, convention, variant, nth=nth), confidence)


def context(
    text: str, *, head: str | None = None, counts: Counts | None = None, path: str = "pkg/new.py"
) -> FileContext:
    return FileContext(
        path=path,
        source=parsed(text),
        head=None if head is None else head.encode(),
        counts=counts or Counts.of([]),
        calibration=FIRST,
        precedents=Precedents({}),
        silenced=silenced(parsed(text)),
    )


def decided(text: str, *found: Evidence, head: str | None = None) -> tuple[Suggestion, ...]:
    suggestions, skipped = decide(found, context(text, head=head))
    assert not skipped
    return suggestions


def test_a_suggestion_says_all_that_it_is() -> None:
    counts = counts_of("a = f('x', 1)\n" * 3)
    given = replace(context(CODE, counts=counts), precedents=profile_of("z = f('x', 1)\n").precedents)
    (found,), _ = decide([proposed(CODE, "quotes", "single")], given)
    assert found == Suggestion(
        id=found.id,
        path="pkg/new.py",
        lines=LineRange(1, 1),
        original=('a = f("x", 1)',),
        replacement=("a = f('x', 1)",),
        kind="quotes",
        kinds=("quotes",),
        variant="single",
        phrase="single quotes",
        score=pytest.approx(math.log(19), abs=1e-3),
        confidence=0.95,
        verification=Verification.SAFE,
        precedents=given.precedents.like(sites_of(CODE, "quotes")[0], "single"),
        support=Support(3, 0),
    )
    assert found.precedents[0].text == "z = f('x', 1)"


def test_the_threshold_itself_is_reached() -> None:
    found = proposed(CODE, "quotes", "single")
    exactly = FIRST.confidence("quotes", found.features)
    for threshold, said in ((exactly, 1), (math.nextafter(exactly, 1), 0)):
        given = replace(context(CODE), calibration=replace(FIRST, threshold=threshold))
        assert len(decide([found], given)[0]) == said


def test_silence_is_silent() -> None:
    found = Evidence(proposal_of(CODE, "quotes", "single"), Features(1e6, 1e6, 1e6, model=1e6))
    assert decide([found], replace(context(CODE), calibration=SILENT)) == ((), ())


def test_of_one_site_the_most_confident_variant_is_spoken() -> None:
    text = "import os\n\ndef f():\n    pass\n"
    ways = [proposed(text, "blank_lines_top", "2", 0.97), proposed(text, "blank_lines_top", "3", 0.93)]
    for order in (ways, ways[::-1]):
        (found,) = decided(text, *order)
        assert (found.variant, found.confidence) == ("2", 0.97)
        assert applied(text, [found]) == "import os\n\n\ndef f():\n    pass\n"


@pytest.mark.parametrize(("lines_between", "confidence", "said"), [(10, 0.8, 2), (12, 0.8, 1), (10, 0.7, 1)])
def test_the_same_change_nearby_follows_if_the_counts_are_for_it(
    lines_between: int, confidence: float, said: int
) -> None:
    text = 'a = f("x")\n' + "b = 1\n" * lines_between + 'c = f("y")\n'
    leader, other = proposed(text, "quotes", "single"), proposed(text, "quotes", "single", confidence, nth=1)
    assert len(decided(text, leader, other)) == said
    assert not decided(text, other)


def test_another_change_nearby_does_not_follow() -> None:
    assert (
        len(decided(CODE, proposed(CODE, "quotes", "single"), proposed(CODE, "comma_spacing", "spaced", 0.8, nth=1)))
        == 1
    )


def test_the_score_is_that_of_the_kind_of_change() -> None:
    text = "a = f(\n    bbb,\n    ccc,\n)\n"
    evidence = proposed(text, "wrapping", "flat", 0.5)
    own = {"wrapping": OwnWeights(-9.0), "wrapping=joined": OwnWeights(4.0)}
    (said,), _ = decide([evidence], replace(context(text), calibration=replace(FIRST, own=own)))
    assert isinstance(said, Suggestion)
    assert said.score == 4.0
    assert said.confidence == pytest.approx(1 / (1 + math.exp(-4)), abs=1e-4)


def test_separate_lines_are_separate_decisions_in_their_order() -> None:
    found = decided(CODE, proposed(CODE, "quotes", "single", 0.99, nth=1), proposed(CODE, "quotes", "single", 0.91))
    assert [s.lines for s in found] == [LineRange(1, 1), LineRange(2, 2)]
    assert applied(CODE, found[1:]) == CODE.replace('"y"', "'y'")
    assert applied(CODE, found) == CODE.replace('"', "'")


def test_what_changes_the_same_line_is_one_decision() -> None:
    (found,) = decided(
        CODE, proposed(CODE, "quotes", "single", 0.93, nth=1), proposed(CODE, "comma_spacing", "spaced", 0.98, nth=1)
    )
    assert found.kinds == ("comma_spacing", "quotes")
    assert (found.kind, found.variant, found.confidence) == ("comma_spacing", "spaced", 0.98)
    assert found.replacement == ("b = g('y', 2)",)


def test_several_sites_of_a_kind_name_it_once() -> None:
    text = 'a = f("x", "y")\n'
    (found,) = decided(text, proposed(text, "quotes", "single"), proposed(text, "quotes", "single", nth=1))
    assert found.kinds == ("quotes",)
    assert found.replacement == ("a = f('x', 'y')",)


def test_lines_are_joined_through_what_lies_between() -> None:
    text = 'a = f("""x\ny""", "z", """v\nw""", "u")\n'
    long = [proposed(text, "triple_quotes", "single", nth=n) for n in (0, 1)]
    short = [proposed(text, "quotes", "single", nth=n) for n in (0, 1)]
    assert [e.proposal.lines for e in (*long, *short)] == [
        *(LineRange(1, 2), LineRange(2, 3)),
        *(LineRange(2, 2), LineRange(3, 3)),
    ]
    (found,) = decided(text, *long, *short)
    assert found.lines == LineRange(1, 3)
    assert applied(text, [found]) == text.replace('"', "'")
    apart = decided(text, short[1], long[0])
    assert [s.lines for s in apart] == [LineRange(1, 2), LineRange(3, 3)]


def test_the_surest_leads_wherever_it_stands() -> None:
    text = 'a = f("""x\ny""", "z")\n'
    long, short = proposed(text, "triple_quotes", "single", 0.92), proposed(text, "quotes", "single", 0.97)
    (found,) = decided(text, long, short)
    assert (found.kind, found.kinds, found.confidence) == ("quotes", ("quotes", "triple_quotes"), 0.97)


def test_where_edits_meet_the_more_confident_one_is_made() -> None:
    text = 'a = f(u"x")\n'
    ways = [("quotes", "single", "u'x'"), ("unicode_prefix", "bare", '"x"')]
    for sure, doubtful in (ways, ways[::-1]):
        (found,) = decided(text, proposed(text, *doubtful[:2], 0.92), proposed(text, *sure[:2], 0.99))
        assert found.kinds == (sure[0],)
        assert found.replacement == (f"a = f({sure[2]})",)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('# codetune: off\na = f("x",1)\n', []),
        ('# codetune: off\n# codetune: on\na = f("x",1)\n', ["quotes", "comma_spacing"]),
        ('a = f("x",1)  # codetune: ignore\n', []),
        ('a = f("x",1)  # codetune: ignore[quotes]\n', ["comma_spacing"]),
        ('a = f("x",1)  # codetune: ignore[comma_spacing, quotes]\n', []),
        ('a = f("x",1)  # codetune: ignore[naming]\n', ["quotes", "comma_spacing"]),
    ],
)
def test_pragmas_silence(text: str, said: list[str]) -> None:
    suggestions = decided(text, proposed(text, "quotes", "single", 0.99), proposed(text, "comma_spacing", "spaced"))
    assert [kind for s in suggestions for kind in s.kinds] == said


def test_only_wanted_kinds_are_spoken() -> None:
    found = [proposed(CODE, "quotes", "single"), proposed(CODE, "comma_spacing", "spaced", nth=1)]
    (said,), skipped = decide(found, replace(context(CODE), kinds=frozenset({"comma_spacing"})))
    assert (said.kinds, skipped) == (("comma_spacing",), ())


def rewritten(text: str, *edits: tuple[str, str]) -> Evidence:
    """A proposal that writes something else than its convention would: the first of each text becomes the second."""
    site = sites_of(text, "quotes")[0]
    made = tuple(Edit(text.index(old), text.index(old) + len(old), new.encode()) for old, new in edits)
    source = parsed(text)
    lines = source.lines_of(min(e.start for e in made), max(e.end for e in made))
    return saying(Proposal(site, "single", made, lines))


NOT_PROVEN = "quotes: the rewrite could not be proven to mean the same"
NO_PYTHON = "quotes: the rewrite or the file does not parse as python"


@pytest.mark.parametrize(
    ("new", "reason"),
    [("'y'", NOT_PROVEN), ("'x', 0", NOT_PROVEN), ("b'x'", NOT_PROVEN), ("'x'if", NO_PYTHON), ("'''x", NO_PYTHON)],
)
def test_what_is_not_proven_to_mean_the_same_is_never_spoken(new: str, reason: str) -> None:
    found = decide([rewritten(CODE, ('"x"', new))], context(CODE))
    assert found == ((), (Skipped("pkg/new.py", reason, 1),))


def test_what_only_python_cannot_read_is_not_proven_either() -> None:
    text = 'print f("x")\n'
    found = decide([rewritten(text, ('"x"', "'x'"))], context(text))
    assert found == ((), (Skipped("pkg/new.py", NO_PYTHON, 1),))


def test_a_proven_renaming_is_spoken_as_such() -> None:
    text = 'def f():\n    aB = g("x")\n    return aB\n'
    renamed = rewritten(text, ("aB = g", "a_b = g"), ("return aB", "return a_b"))
    (found,) = decided(text, renamed)
    assert found.verification is Verification.RENAME
    assert applied(text, [found]) == text.replace("aB", "a_b")


def test_what_cannot_be_proven_does_not_silence_what_can_be_on_its_line() -> None:
    wrong = rewritten(CODE, ('"x"', "'y'"))
    (found,), skipped = decide([wrong, proposed(CODE, "comma_spacing", "tight", 0.91)], context(CODE))
    assert (found.kinds, found.replacement, skipped) == (("comma_spacing",), ('a = f("x",1)',), ())


def test_half_a_renaming_is_not() -> None:
    text = 'def f():\n    aB = g("x")\n    return aB\n'
    assert decide([rewritten(text, ("aB = g", "a_b = g"))], context(text))[0] == ()


UNDONE = "quotes: would undo this edit"


def test_the_authors_edit_is_not_undone() -> None:
    found = decide([proposed(CODE, "quotes", "single")], context(CODE, head="a = f('x', 1)\n"))
    assert found == ((), (Skipped("pkg/new.py", UNDONE, 1),))


def test_a_line_that_still_stands_elsewhere_was_not_taken_out() -> None:
    text = "a = f('x')\n" + 'a = f("x")\n'
    assert decided(text, proposed(text, "quotes", "single", nth=1), head="a = f('x')\n")


def test_a_line_that_was_moved_was_not_edited() -> None:
    head = "a = f('x')\n" + "".join(f"b{i} = {i}\n" for i in range(5))
    moved = head.removeprefix("a = f('x')\n") + 'a = f("x")\n'
    assert decided(moved, proposed(moved, "quotes", "single"), head=head)
    replaced = head.replace("'x'", '"x"').replace("b0 = 0\n", "b0 = 1\n")
    assert decide([proposed(replaced, "quotes", "single")], context(replaced, head=head))[1][0].reason == UNDONE


def test_what_most_places_write_in_yet_another_way_is_not_said() -> None:
    text = "class A:\n    pass\nclass B:\n    pass\n"
    seen = [
        f"class A{n}:\n    pass\n{blank}class B{n}:\n    pass\n" for n, blank in enumerate(["\n"] * 25 + ["\n\n"] * 35)
    ]
    one, two = (proposed(text, "blank_lines_top", variant) for variant in ("1", "2"))
    judged = replace(context(text), counts=counts_of(*seen))
    assert [found.variant for found in decide([one], judged)[0]] == []
    assert [found.variant for found in decide([two], judged)[0]] == ["2"]


def test_a_line_that_was_edited_was_edited_whatever_stands_elsewhere() -> None:
    head = "a = f('x')\nb = 1\nc = 2\na = f('x')\n"
    text = head.replace("'x'", '"x"', 1)
    assert decide([proposed(text, "quotes", "single")], context(text, head=head))[1][0].reason == UNDONE


def test_neither_is_it_where_many_lines_look_alike() -> None:
    head = "x = (\n    'a',\n    'b',\n    'a',\n    'c',\n)\n"
    text = head.replace("    'a',\n    'c'", "    \"a\",\n    'c'")
    found = [proposed(text, "quotes", "single", nth=2)]
    assert decide(found, context(text, head=head))[1] == (Skipped("pkg/new.py", UNDONE, 4),)
    copied = text.replace(")", "    'b',\n    'a',\n    'c',\n)")
    assert decided(copied, *[proposed(copied, "quotes", "single", nth=2)], head=head)


def test_an_edit_that_is_only_partly_undone_may_be_suggested() -> None:
    head = "b = g('y',2)\n"
    both = [proposed(CODE, "quotes", "single", nth=1), proposed(CODE, "comma_spacing", "spaced", nth=1)]
    assert decided(CODE, *both, head=head)[0].replacement == ("b = g('y', 2)",)
    assert decide(both[:1], context(CODE, head=head))[0] == ()


def test_neither_is_one_of_several_lines() -> None:
    text = 'a = f("""x\ny""", "z")\n'
    whole = [proposed(text, "triple_quotes", "single"), proposed(text, "quotes", "single")]
    (found,) = decided(text, *whole, head="a = f('''x\ny''')\n")
    assert found.replacement == ("a = f('''x", "y''', 'z')")
    assert decide(whole, context(text, head="a = f('''x\ny''', 'z')\n"))[0] == ()


def test_a_file_without_a_past_has_nothing_to_undo() -> None:
    assert decided(CODE, proposed(CODE, "quotes", "single"), head=None)
    assert decided(CODE, proposed(CODE, "quotes", "single"), head="")


@pytest.mark.parametrize(("was", "wrote", "line"), [("1", "2", 3), ("2", "1", 2), ("3", "1", 2)])
def test_blank_lines_are_not_put_back_as_they_were(was: str, wrote: str, line: int) -> None:
    head, text = ("import os\n" + int(n) * "\n" + "def f():\n    pass\n\n\ndef g():\n    pass\n" for n in (was, wrote))
    found = [proposed(text, "blank_lines_top", was)]
    assert decide(found, context(text, head=head)) == (
        (),
        (Skipped("pkg/new.py", "blank_lines_top: would undo this edit", line),),
    )
    assert decided(text, *found, head="import os\n")


def test_only_line_feeds_end_the_lines_that_are_compared() -> None:
    head, text = "a = f('x\x0cy', '\u2028')\n", "a = f(\"x\x0cy\", '\u2028')\n"
    assert decide([proposed(text, "quotes", "single")], context(text, head=head))[1][0].reason == UNDONE


def test_ids_name_what_is_written_where_it_is_written() -> None:
    (found,) = decided(CODE, proposed(CODE, "quotes", "single", 0.91))
    moved = "import os\n\n" + CODE
    (later,) = decided(moved, proposed(moved, "quotes", "single", 0.99))
    assert (found.id, found.lines) != (later.id, later.lines)
    assert found.id == later.id
    assert len(found.id) == 12
    other = decided(CODE, proposed(CODE, "quotes", "single", nth=1))[0]
    elsewhere = decide([proposed(CODE, "quotes", "single")], context(CODE, path="pkg/other.py"))[0][0]
    both = decided(CODE, proposed(CODE, "quotes", "single"), proposed(CODE, "comma_spacing", "tight"))[0]
    assert len({found.id, other.id, elsewhere.id, both.id}) == 4


def test_the_same_slip_in_two_places_is_two_decisions() -> None:
    text = 'a = f("x")\n' * 3
    found = decided(text, *(proposed(text, "quotes", "single", nth=nth) for nth in range(3)))
    assert len({one.id for one in found}) == 3
    (alone,) = decided(text[:11], proposed(text[:11], "quotes", "single"))
    assert alone.id == found[0].id


def test_a_path_may_be_any_bytes() -> None:
    path = b"pkg/\xff.py".decode("utf-8", "surrogateescape")
    (found,), _ = decide([proposed(CODE, "quotes", "single")], context(CODE, path=path))
    assert found.path == path


def test_support_is_counted_where_enough_was_seen() -> None:
    argument, element = "a = f('x')\n", "a = ['x']\n"
    near, far = sites_of(argument, "quotes")[0], sites_of(element, "quotes")[0]
    assert near.context != far.context
    text = 'a = f("x")\n'

    def support(*texts: str) -> Support:
        (found,), _ = decide([proposed(text, "quotes", "single")], context(text, counts=counts_of(*texts)))
        return found.support

    assert support(argument * 19, text, element * 50) == Support(19, 1)
    assert support(argument * 10, text, element * 50) == Support(60, 1)
    assert support(text) == Support(0, 1)
    assert support("") == Support(0, 0)


def test_lines_that_go_leave_nothing_behind() -> None:
    text = "import os\n\n\n\ndef f():\n    pass\n"
    (found,) = decided(text, proposed(text, "blank_lines_top", "2"))
    assert applied(text, [found]) == "import os\n\n\ndef f():\n    pass\n"
    assert all(line == "" for line in found.replacement)


@pytest.mark.parametrize("indent", ["", "    "])
def test_lines_that_are_joined_are_replaced_together(indent: str) -> None:
    text = (
        f'def f():\n    """Say.\n\n    More.\n{indent}"""\n    return 1\n'
        if indent
        else '"""Say.\n\nMore.\n"""\na = 1\n'
    )
    found = proposed(text, "docstring_closing", "end")
    (said,) = decided(text, found)
    assert said.lines == found.proposal.lines
    assert (len(said.original), len(said.replacement)) == (2, 1)
    assert applied(text, [said]) == text.replace(f'More.\n{indent}"""', 'More."""')


def test_a_file_may_end_without_a_line_feed() -> None:
    text = CODE.rstrip("\n")
    (found,) = decided(text, proposed(text, "quotes", "single", nth=1))
    assert (found.original, found.replacement) == (('b = g("y",2)',), ("b = g('y',2)",))
    assert Source.parse(applied(text, [found]).encode(), GRAMMAR).text.endswith(b"2)")


def test_an_id_stays_when_an_equal_slip_before_it_is_taken() -> None:
    text = 'a = f("x")\n' * 3
    found = decided(text, *(proposed(text, "quotes", "single", nth=n) for n in range(3)))
    after = applied(text, found[:1])
    rest = decided(after, *(proposed(after, "quotes", "single", nth=n) for n in (1, 2)))
    assert [one.id for one in rest] == [one.id for one in found[1:]]
    last = applied(text, found[:2])
    (alone,) = decided(last, proposed(last, "quotes", "single", nth=2))
    assert alone.id == found[2].id


def test_how_a_list_is_laid_out_waits_for_what_is_rewritten_inside_it() -> None:
    text = 'a = f(\n    "bbb",\n    ccc,\n)\nd = "e"\n'
    laid_out = proposed(text, "wrapping", "flat", 0.99)
    (alone,) = decided(text, laid_out)
    assert alone.kind == "wrapping"
    (inside,) = decided(text, laid_out, proposed(text, "quotes", "single"))
    assert (inside.kind, inside.lines) == ("quotes", LineRange(2, 2))
    assert {one.kind for one in decided(text, laid_out, proposed(text, "quotes", "single", nth=1))} == {
        "wrapping",
        "quotes",
    }


def test_a_blank_line_that_was_only_added_stays() -> None:
    text = "class A:\n    x = 1\n\n\n    def f(self):\n        return 1\n"
    fewer = proposed(text, "blank_lines_method", "1")
    assert decide([fewer], context(text, head=text.replace("\n\n\n", "\n\n")))[0] == ()
    (said,) = decided(text, fewer, head="class A:\n    y = 2\n")
    assert (said.lines, said.original, said.replacement) == (LineRange(4, 4), ("",), ())
