"""What a person reads: where, old, new, why; what differs is marked; nothing acts on the terminal."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st
from support.suggestions import suggestion

from codetune_git.domain import Findings, Skipped, Suggestion, Support, Verification
from codetune_git.report.formats import Report
from codetune_git.report.text import render, unread


def rendered(*found: Suggestion, color: bool = False, skipped: tuple[Skipped, ...] = ()) -> str:
    return render(Report(Findings(found, skipped, "a", "b"), color=color))


def test_a_suggestion_reads_like_this() -> None:
    assert rendered(suggestion("pkg/mod.py", 12, ['    x = "a"'], ["    x = 'a'"])) == (
        "pkg/mod.py:12\n"
        '  -     x = "a"\n'
        "            ^ ^\n"
        "  +     x = 'a'\n"
        "            ^ ^\n"
        "    quotes: single quotes, as in 412 of 418 places here, e.g. pkg/mod.py:10  (97 % sure)\n"
        "\n"
        "1 suggestion in 1 file\n"
    )


def test_colours_mark_what_changed_only_when_asked() -> None:
    found = suggestion("f.py", 1, ["f(a,b)"], ["f(a, b)"])
    assert "\x1b" not in rendered(found)
    lines = rendered(found, color=True).splitlines()
    assert lines[:3] == [
        "\x1b[1mf.py:1\x1b[0m",
        "  \x1b[31m- f(a,b)\x1b[0m",
        "  \x1b[32m+ f(a,\x1b[7m \x1b[27mb)\x1b[0m",
    ]


def test_inserted_and_deleted_characters_are_marked_where_they_are() -> None:
    assert rendered(suggestion("f.py", 1, ["f( a )"], ["f(a)"])).splitlines()[1:5] == [
        "  - f( a )",
        "      ^ ^",
        "  + f(a)",
        "    quotes: single quotes, as in 412 of 418 places here, e.g. pkg/mod.py:10  (97 % sure)",
    ]


def test_carets_stand_below_tabs_and_wide_characters() -> None:
    lines = rendered(suggestion("f.py", 1, ["\t漢 = e\u0301 +1"], ["\t漢 = e\u0301 + 1"])).splitlines()
    assert lines[2:4] == ["  + \t漢 = e\u0301 + 1", "    \t        ^"]


def test_lines_are_compared_in_pairs_or_shown_whole() -> None:
    text = rendered(suggestion("f.py", 3, ["f(", "    a,", "    b)"], ["f(", "    a,", "    b,", ")"]))
    assert text.splitlines()[:6] == ["f.py:3", "    f(", "        a,", "  -     b)", "  +     b,", "  + )"]


def test_lines_that_have_nothing_in_common_are_not_marked() -> None:
    assert "^" not in rendered(suggestion("f.py", 1, ["one"], ["two"]))
    assert "\x1b[7m" not in rendered(suggestion("f.py", 1, ["one"], ["two"]), color=True)


def test_deleted_lines_need_no_new_ones() -> None:
    assert rendered(suggestion("f.py", 1, ["", ""], [""])).splitlines()[1:4] == [
        "",
        "  -",
        "    quotes: single quotes, as in 412 of 418 places here, e.g. pkg/mod.py:10  (97 % sure)",
    ]


def test_the_reason_says_what_is_known() -> None:
    def why(**changes: object) -> str:
        return rendered(suggestion("f.py", 1, ["a"], ["b"], **changes)).splitlines()[3].strip()

    assert why(precedents=()) == "quotes: single quotes, as in 412 of 418 places here  (97 % sure)"
    nothing = {"support": Support(0, 0), "precedents": (), "kind": "rewrite", "kinds": ("rewrite",)}
    assert why(**nothing, phrase="", confidence=1.0) == "rewrite  (99 % sure)"
    assert why(**nothing, phrase="shorter", verification=Verification.UNSAFE) == (
        "rewrite: shorter, not proven to mean the same  (97 % sure)"
    )
    assumed = {"verification": Verification.ASSUMING, "assumption": "the operand is no tuple"}
    assert why(**nothing, phrase="shorter", **assumed) == (
        "rewrite: shorter, assuming that the operand is no tuple  (97 % sure)"
    )
    assert why(kinds=("quotes", "comma", "blank"), precedents=()) == (
        "quotes: single quotes, as in 412 of 418 places here, also comma, blank  (97 % sure)"
    )


def test_suggestions_are_in_the_order_of_files_and_lines() -> None:
    found = [suggestion(path, line, ["a"], ["b"]) for path, line in [("b.py", 2), ("a.py", 30), ("a.py", 4)]]
    text = rendered(*found)
    assert re.findall(r"^\w\.py:\d+$", text, re.MULTILINE) == ["a.py:4", "a.py:30", "b.py:2"]
    assert text.endswith("\n3 suggestions in 2 files\n")


def test_silence_where_there_is_nothing_to_suggest() -> None:
    assert rendered(skipped=(Skipped("f.py", "not UTF-8"),)) == ""


def test_files_that_were_not_looked_at_are_named() -> None:
    assert unread([Skipped("a.py", "does not parse"), Skipped("b.py", "quotes: not proven", 3)]) == (
        "a.py: not looked at: does not parse\n"
    )
    many = unread(Skipped(f"{number}\x1b.py", "binary") for number in range(12)).splitlines()
    assert many[0] == "0\\x1b.py: not looked at: binary"
    assert (len(many), many[-1]) == (11, "2 more files not looked at")


def test_what_was_left_out_is_summed_up() -> None:
    skipped = tuple(Skipped(f"{n}.py", reason) for n, reason in enumerate(["x", "y", "x", "z", "w", "v", "x", "y"]))
    assert rendered(suggestion("f.py", 1, ["a"], ["b"]), skipped=skipped).endswith(
        "1 suggestion in 1 file; left out: 3 x x, 2 x y, 1 x z, 2 more\n"
    )


hostile = st.text(st.sampled_from("a \t\x1b[31m\x07\x9b\r\u202e\u2066\u200b\ufeff\udcff\x00\x08b"), max_size=12)


@given(hostile, hostile, hostile)
def test_nothing_acts_on_the_terminal(old: str, new: str, path: str) -> None:
    text = rendered(suggestion(path, 1, [old], [new], phrase=new), skipped=(Skipped(path, old),))
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2066-\u2069\ufeff]", text)
    text.encode()


@given(st.lists(st.text("ab(), \t", max_size=8), max_size=4), st.lists(st.text("ab(), \t", max_size=8), max_size=4))
def test_colours_add_nothing_to_the_text(old: list[str], new: list[str]) -> None:
    if not old:
        old = ["x"]
    lines = rendered(suggestion("f.py", 1, old, new), color=True).splitlines()
    bare = [re.sub("\x1b\\[\\d+m", "", line) for line in lines]
    assert [line[4:] for line in bare[1:-3] if not line.startswith("  - ")] == new
    assert [line[4:] for line in bare[1:-3] if not line.startswith("  + ")] == old
