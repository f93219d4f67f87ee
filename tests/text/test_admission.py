"""One gate for contents, whoever asks: what is counted is what is learned from, evaluated on and judged."""

from __future__ import annotations

import pytest

from codetune_git.domain import FileChange, LineRange, Skipped, StagedFile
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.pipelines.style_counts import NOTHING, Content, reading_of
from codetune_git.samples.changed_file import opened
from codetune_git.style.counting import Counts
from codetune_git.suggesting.calibration import SILENT
from codetune_git.suggesting.precedents import Precedents
from codetune_git.suggesting.profile import StyleProfile
from codetune_git.suggesting.suggestions import suggestions_in
from codetune_git.text.admission import admitted, readable
from codetune_git.text.source import Source

CODE = b"def f(a, b):\n    return a\n"
REFUSED = [
    (b"x = '\0'\n", "binary (NUL bytes)"),
    (b"x = '\xff'\n", "not UTF-8"),
    (b"x = 1\r\ny = 2\n", "mixed line ends"),
    (b"# @generated\n" + CODE, "generated"),
    (b"x = '" + b"y" * 3000 + b"'\n", "minified or data (very long lines)"),
    (CODE * 15_000, "larger than 300 kB"),
    (b"function f() { return {a: 1}; }\n", "does not parse"),
]


@pytest.mark.parametrize(("content", "reason"), REFUSED, ids=[reason for _, reason in REFUSED])
def test_whoever_asks_is_told_the_same(content: bytes, reason: str) -> None:
    assert admitted(content, GRAMMAR) == reason
    assert reading_of(Content("a.py", content)) == NOTHING
    change = FileChange("a.py", None, "", "", None, content, (LineRange(1, 1),))
    assert opened(change) == reason
    staged = StagedFile("a.py", "", content, None, (LineRange(1, 1),))
    assert suggestions_in(
        staged, StyleProfile(Counts.of([]), SILENT, Precedents({})), lambda: pytest.fail("asked")
    ) == (
        (),
        (Skipped("a.py", reason),),
    )


def test_a_text_is_given_with_line_feeds_and_without_its_mark() -> None:
    content = b"\xef\xbb\xbf" + CODE.replace(b"\n", b"\r\n")
    source = admitted(content, GRAMMAR)
    assert isinstance(source, Source)
    assert source.text == readable(content) == CODE


def test_a_small_part_may_make_no_sense() -> None:
    source = admitted(CODE * 20 + b"x = (\n", GRAMMAR)
    assert isinstance(source, Source)
    assert source.has_error


def test_the_nodes_of_some_lines_are_enough() -> None:
    source = admitted(CODE * 20, GRAMMAR, LineRange(3, 4))
    assert isinstance(source, Source)
    assert {source.line_of(node.start_byte) for node, _ in source.of_kinds(("return_statement",))} == {4}
