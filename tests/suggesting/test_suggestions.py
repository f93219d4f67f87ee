"""A staged file in, suggestions out: right where a slip stands in a consistent house, silent everywhere else."""

from __future__ import annotations

import sys
from dataclasses import replace

import pytest
from support.fake_model import TableModel
from support.house import TRUSTING, applied, asking, never, profile_of, staged

from codetune_git.domain import REWRITE, LineRange, Question, Skipped, Verification
from codetune_git.suggesting.calibration import SILENT, sigmoid
from codetune_git.suggesting.suggestions import suggestions_in
from codetune_git.text.assumptions import HOLDS

THIS_PYTHON = f"Python {sys.version_info.major}.{sys.version_info.minor}"
MODULE = """\
import os


def load(path, mode='r'):
    with open(path, mode) as f:
        return [line.strip() for line in f if line != 'end']


def save(path, lines, sep=', '):
    if not lines:
        return None
    with open(path, 'w') as f:
        f.write(sep.join(lines))
    return {'path': path, 'lines': len(lines)}
"""
HOUSE = tuple(MODULE.replace("path", name) for name in ("path", "name", "target", "file_name", "where", "place"))
NEW = """\
import os


def copy(source, target, buffer=1024):
    for part in parts(source, 'rb'):
        write(target, part, buffer)
    return {'source': source, 'target': target}
"""
SLIP = NEW.replace("'rb'", '"rb"')
LIKES_SINGLE = {"'": 1.0}


def test_the_new_code_as_the_house_writes_it_is_left_alone() -> None:
    assert suggestions_in(staged(NEW), profile_of(*HOUSE), asking(TableModel(LIKES_SINGLE))) == ((), ())


def test_a_slip_is_found_and_nothing_else() -> None:
    model = TableModel(LIKES_SINGLE)
    (found,), skipped = suggestions_in(staged(SLIP), profile_of(*HOUSE), asking(model))
    assert skipped == ()
    assert (found.path, found.lines, found.kind, found.variant) == ("pkg/new.py", LineRange(5, 5), "quotes", "single")
    assert found.original == ('    for part in parts(source, "rb"):',)
    assert found.replacement == ("    for part in parts(source, 'rb'):",)
    assert found.verification is Verification.SAFE
    assert found.confidence > TRUSTING.threshold
    assert found.support.agree >= 20
    assert found.support.differ == 0
    assert found.precedents
    assert all("'" in p.text and p.path.startswith("pkg/") and p.line for p in found.precedents)


def test_applied_it_is_silent_and_what_was_meant() -> None:
    profile, model = profile_of(*HOUSE), TableModel(LIKES_SINGLE)
    found, _ = suggestions_in(staged(SLIP), profile, asking(model))
    once = applied(SLIP, found)
    assert once == NEW
    assert suggestions_in(staged(once, head=SLIP), profile, asking(model)) == ((), ())


def test_what_rests_on_an_assumption_is_believed_as_far_as_that_is() -> None:
    house = [f"def {name}(x):\n    if x is None:\n        return 1\n    return x\n" for name in "abcdefghijklmnopqrst"]
    slip = "def k(x):\n    if x == None:\n        return 1\n    return x\n"
    (found,), _ = suggestions_in(staged(slip), profile_of(*house), asking(TableModel()))
    assert found.verification is Verification.ASSUMING
    assert found.confidence == pytest.approx(HOLDS * sigmoid(found.score), abs=1e-3)


def test_the_other_house_says_the_opposite() -> None:
    odd = [text.replace("'", '"') for text in HOUSE]
    for profile, wrong, right in ((profile_of(*HOUSE), '"', "'"), (profile_of(*odd), "'", '"')):
        slip, meant = (f"def f(a):\n    return g(a, {quote}rb{quote})\n" for quote in (wrong, right))
        (found,), _ = suggestions_in(staged(slip), profile, asking(TableModel()))
        assert applied(slip, [found]) == meant
        assert suggestions_in(staged(meant), profile, asking(TableModel())) == ((), ())


def test_each_kind_of_slip_is_found_where_it_stands() -> None:
    text = SLIP.replace("import os\n\n\n", "import os\n\n").replace("part, buffer", "part,buffer")
    found, _ = suggestions_in(staged(text), profile_of(*HOUSE), asking(TableModel()))
    assert [(s.lines.first, s.kinds) for s in found] == [
        (2, ("blank_lines_top",)),
        (4, ("quotes",)),
        (5, ("comma_spacing",)),
    ]
    assert applied(text, found) == NEW
    for left_out in range(3):
        some = [s for place, s in enumerate(found) if place != left_out]
        again, _ = suggestions_in(staged(applied(text, some)), profile_of(*HOUSE), asking(TableModel()))
        assert [s.kinds for s in again] == [found[left_out].kinds]


def test_lines_that_are_not_staged_are_never_touched() -> None:
    text = SLIP.replace("part, buffer", "part,buffer")
    profile = profile_of(*HOUSE)
    for first, last, kinds in ((1, 4, []), (5, 5, ["quotes"]), (6, 7, ["comma_spacing"]), (7, 7, [])):
        found, _ = suggestions_in(staged(text, (first, last)), profile, asking(TableModel()))
        assert [s.kind for s in found] == kinds
        assert all(LineRange(first, last).contains(s.lines) for s in found)
    both, _ = suggestions_in(staged(text, (5, 5), (6, 6)), profile, asking(TableModel()))
    assert [s.kind for s in both] == ["quotes", "comma_spacing"]


def test_the_model_can_hold_back_what_the_counts_would_say() -> None:
    against = TableModel({"'rb'": -8.0})
    assert suggestions_in(staged(SLIP), profile_of(*HOUSE), asking(against)) == ((), ())
    assert against.asked


def test_the_model_can_speak_where_the_counts_are_undecided() -> None:
    mixed = profile_of(HOUSE[0], HOUSE[0].replace("'", '"'))
    assert suggestions_in(staged(SLIP), mixed, asking(TableModel())) == ((), ())
    (found,), _ = suggestions_in(staged(SLIP), mixed, asking(TableModel({"'": 2.0})))
    assert found.lines == LineRange(5, 5)


def test_the_file_itself_counts_as_well() -> None:
    mixed = profile_of(HOUSE[0], HOUSE[0].replace("'", '"'))
    own = SLIP + "".join(f"\n\ndef f{i}(a):\n    return g(a, 'b', 'c')\n" for i in range(12))
    (found,), _ = suggestions_in(staged(own, (4, 7)), mixed, asking(TableModel()))
    assert (found.lines, found.variant) == (LineRange(5, 5), "single")


def test_only_wanted_kinds() -> None:
    text = SLIP.replace("part, buffer", "part,buffer")
    for kind in ("quotes", "comma_spacing"):
        (found,), _ = suggestions_in(staged(text), profile_of(*HOUSE), asking(TableModel()), kinds=frozenset({kind}))
        assert found.kinds == (kind,)


def test_the_model_is_asked_about_doubted_places_only() -> None:
    model = TableModel()
    suggestions_in(staged(SLIP), profile_of(*HOUSE), asking(model))
    question, *again = model.asked
    assert all(one.staged == NEW for one in again)  # what the suggestion makes of the file
    assert question.staged == SLIP
    assert NEW in question.candidates
    assert len(question.candidates) < 6


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("", ()),
        ("import os\n", ()),
        (SLIP.replace(":\n", ":  # codetune: ignore[quotes]\n").replace("= {", "= { "), ("quotes",)),
        ("# codetune: off\n" + SLIP, ()),
        (SLIP, ("lambda_colon",)),
    ],
)
def test_the_model_is_not_asked_where_nothing_can_be_said(text: str, kinds: tuple[str, ...]) -> None:
    assert suggestions_in(staged(text), profile_of(*HOUSE), never, kinds=frozenset(kinds)) == ((), ())


def test_nor_where_nothing_was_learned_nor_where_nothing_is_staged() -> None:
    assert suggestions_in(staged(SLIP), profile_of(*HOUSE, calibration=SILENT), never) == ((), ())
    nothing = replace(staged(SLIP), added=())
    assert suggestions_in(nothing, profile_of(*HOUSE), never) == ((), ())


def test_nor_where_its_answer_could_not_matter() -> None:
    deaf = replace(TRUSTING, weights=(*TRUSTING.weights[:-1], 0.0), threshold=0.9999)
    assert suggestions_in(staged(SLIP, (5, 5)), profile_of(HOUSE[0], calibration=deaf), never) == ((), ())


def test_the_authors_edit_stays() -> None:
    found, skipped = suggestions_in(staged(SLIP, (5, 5), head=NEW), profile_of(*HOUSE), asking(TableModel()))
    assert found == ()
    assert skipped == (Skipped("pkg/new.py", "quotes: would undo this edit", 5),)


def test_so_it_does_whatever_the_line_ends_were() -> None:
    for old, new in (("\n", "\r\n"), ("\r\n", "\n")):
        head, text = (t.replace("\n", end).encode() for t, end in ((NEW, old), (SLIP, new)))
        assert suggestions_in(staged(text, (5, 5), head=head), profile_of(*HOUSE), asking(TableModel()))[0] == ()


def test_a_past_that_cannot_be_read_does_not_silence() -> None:
    head = NEW.encode() + "# ä\n".encode("latin-1")
    assert suggestions_in(staged(SLIP, (5, 5), head=head), profile_of(*HOUSE), asking(TableModel()))[0]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (SLIP.replace("copy(", "copy(("), "does not parse"),
        (
            SLIP + "print 'of an older Python'\n",
            f"does not parse as {THIS_PYTHON}, with which codetune runs",
        ),
        (SLIP.encode() + b"\0\n", "binary (NUL bytes)"),
        (SLIP.encode() + "# ä\n".encode("latin-1"), "not UTF-8"),
        (SLIP.encode().replace(b"\n", b"\r\n", 3), "mixed line ends"),
        (SLIP.encode() + b"#" * 500_000, "larger than 500 kB"),
    ],
)
def test_what_cannot_be_analysed_is_left_out_with_a_reason(content: str | bytes, reason: str) -> None:
    assert suggestions_in(staged(content), profile_of(*HOUSE), never) == ((), (Skipped("pkg/new.py", reason),))


@pytest.mark.parametrize(
    "content",
    [
        SLIP.encode().replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + SLIP.encode(),
        b"\xef\xbb\xbf" + SLIP.encode().replace(b"\n", b"\r\n"),
        SLIP.encode().rstrip(b"\n"),
    ],
)
def test_bytes_around_the_text_change_nothing(content: bytes) -> None:
    plain, _ = suggestions_in(staged(SLIP), profile_of(*HOUSE), asking(TableModel()))
    assert suggestions_in(staged(content), profile_of(*HOUSE), asking(TableModel())) == (plain, ())


def test_the_first_line_after_a_byte_order_mark_and_the_last_without_an_end() -> None:
    text = b'\xef\xbb\xbfa = f("x")\r\nb = f("y")'
    found, _ = suggestions_in(staged(text), profile_of(*HOUSE), asking(TableModel()))
    assert [(s.original, s.replacement) for s in found] == [
        (('a = f("x")',), ("a = f('x')",)),
        (('b = f("y")',), ("b = f('y')",)),
    ]


def test_the_same_input_always_gives_the_same_output() -> None:
    one, other = (suggestions_in(staged(SLIP), profile_of(*HOUSE), asking(TableModel())) for _ in range(2))
    assert one == other


FREE = replace(TRUSTING, rewrite=(-30.0, 1.0), rewrite_threshold=0.9)
SPREAD = "def f(values):\n    assert g( 'a', sum((values)))\n"
JOINS = {"((values))": "(values)"}


def test_what_the_model_writes_of_its_own_accord_is_heard_once_it_has_earned_it() -> None:
    """No convention counts what these houses do, so only the model can find it."""
    writes = TableModel(writes=JOINS)
    sure = replace(FREE, rewrite=(5.0, 1.0))
    found, _ = suggestions_in(staged(SPREAD), profile_of(*HOUSE, calibration=sure), asking(writes))
    (free,) = [one for one in found if one.kind == REWRITE]
    assert (free.lines, free.verification) == (LineRange(2, 2), Verification.SAFE)
    assert (free.support.agree, free.support.differ, free.precedents) == (0, 0, ())
    assert "sum(values)" in free.replacement[0]
    for unheard in (TRUSTING, FREE, replace(sure, rewrite_threshold=2.0)):
        found, _ = suggestions_in(staged(SPREAD), profile_of(*HOUSE, calibration=unheard), asking(writes))
        assert REWRITE not in {kind for one in found for kind in one.kinds}


def test_a_free_rewrite_must_be_proven_and_wanted() -> None:
    sure = profile_of(*HOUSE, calibration=replace(FREE, rewrite=(5.0, 1.0)))
    other = TableModel(writes={"sum(values)": "max(values)"})
    found, _ = suggestions_in(staged(SPREAD), sure, asking(other))
    assert REWRITE not in {one.kind for one in found}
    writes = TableModel(writes=JOINS)
    found, _ = suggestions_in(staged(SPREAD), sure, asking(writes), kinds=frozenset({"quotes"}))
    assert REWRITE not in {kind for one in found for kind in one.kinds}
    silenced = SPREAD.replace(")))", ")))  # codetune: ignore[rewrite]")
    found, _ = suggestions_in(staged(silenced), sure, asking(writes))
    assert REWRITE not in {kind for one in found for kind in one.kinds}


def test_the_model_does_not_undo_what_the_counts_decided() -> None:
    """The counts want single quotes; the model, once they are single, writes them double again."""
    back = TableModel(writes={"'rb'": '"rb"'})
    sure = replace(FREE, rewrite=(5.0, 1.0))
    found, skipped = suggestions_in(staged(SLIP), profile_of(*HOUSE, calibration=sure), asking(back))
    assert (applied(SLIP, found), skipped) == (NEW, ())


class Wavering(TableModel):
    """Writes it one way when it is the other, and back again."""

    def write(self, question: Question, least: float = 0.0) -> tuple[str, float]:
        wide, narrow = "h(0x1)", "h(1)"
        old, new = (wide, narrow) if wide in question.staged else (narrow, wide)
        return question.staged.replace(old, new), self.certainty


def test_what_the_next_look_would_take_back_is_not_said() -> None:
    sure = profile_of(*HOUSE, calibration=replace(FREE, rewrite=(5.0, 1.0)))
    text = "def f(values):\n    g( values )\n    assert h(0x1)\n"
    found, skipped = suggestions_in(staged(text), sure, asking(Wavering()))
    assert applied(text, found) == text.replace("( values )", "(values)")
    assert skipped == (Skipped("pkg/new.py", "rewrite: what follows from it would undo it", 3),)
