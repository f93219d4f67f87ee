"""Random contents with suggestions for them, as the formats must be able to say them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from hypothesis import strategies as st
from support.suggestions import suggestion

from codetune_git.domain import Findings, LineRange, StagedFile, Suggestion
from codetune_git.report.formats import Report
from codetune_git.text.line_edits import apply_line_edits, line_edits, lines_of

BOM = b"\xef\xbb\xbf"
ODD = [
    "",
    "a",
    "x = 1",
    "\tif é:",
    "😀`",
    "```",
    "~~~~",
    "`` ` ``",
    "<b>&]]>",
    "{0} [a](1)",
    "@me #1",
    "a\rb",
    "\ufffe",
]
ODD += ["- x", "    y", "\x00", "\x1b[31m", "\u2028\u0085", "\u202e", "b\ufeff", "\\", " ", "www.a.b", "c" * 40]

words = st.one_of(
    st.sampled_from(ODD), st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=6)
).filter(lambda word: not word.endswith("\r") and not word.startswith("\ufeff"))


@st.composite
def cases(draw: st.DrawFn, path: str = "f.py") -> tuple[bytes, tuple[Suggestion, ...]]:
    """A content with line ends of either kind, perhaps a mark at its start or no end, and disjoint suggestions."""
    rows = draw(st.lists(words, min_size=1, max_size=12))
    ends = [draw(st.sampled_from(["\n", "\r\n"])) for _ in rows]
    if rows[-1] and draw(st.booleans()):
        ends[-1] = ""
    text = "".join(row + end for row, end in zip(rows, ends, strict=True))
    found, at = [], 0
    while at < len(rows):
        size = draw(st.integers(1, len(rows) - at))
        if draw(st.booleans()):
            found.append(suggestion(path, at + 1, rows[at : at + size], draw(st.lists(words, max_size=3))))
        at += size
    return draw(st.sampled_from([b"", BOM])) + text.encode(), tuple(draw(st.permutations(found)))


def findings(*found: Suggestion) -> Findings:
    return Findings(found, (), "adapter", "base")


def applied(content: bytes, *found: Suggestion) -> bytes:
    lines = lines_of(content)
    return apply_line_edits(lines, line_edits(lines, found))


def takes_first_line_away(found: tuple[Suggestion, ...]) -> bool:
    return any(one.lines.first == 1 and not one.replacement for one in found)


def report(found: Findings, contents: Mapping[str, bytes], added: Sequence[LineRange] = ()) -> Report:
    """The findings about staged files with these contents, all of which add the lines `added`."""
    return Report(found, tuple(StagedFile(path, "", text, None, tuple(added)) for path, text in contents.items()))
