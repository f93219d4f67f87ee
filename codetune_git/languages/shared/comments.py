"""Comments that end with their line: the blanks around their mark, their first letter, full stop and indentation.

Knows a grammar's mark, prose and commented-out code apart, roughly, and which words a file uses as names. Does not know
what comments say. No sites are what a tool may read (`IsForTool`), rulers, boxes, empty comments and marks of another
kind (`#!`, `#:`, `///`); of what is said, neither code, addresses and lists nor who owns the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.shared.columns import blanks_before, column
from codetune_git.languages.shared.lines import opens_line
from codetune_git.languages.shared.names import names
from codetune_git.languages.shared.pragmas import is_for_tool
from codetune_git.languages.shared.prose import ABBREVIATED, SENTENCE_ENDS, rewrite_capital, rewrite_full_stop
from codetune_git.text.grammar import Grammar
from codetune_git.text.source import Source

_CODE = re.compile(
    rb"[\w.]+(?:\[[^\]]*\])? ?[-+*/|&]?= ?[^= ].*"  # an assignment
    rb"|[\w.]+\(.*[)\](,:;\"']$"  # a call
    rb"|(?:import [\w.]+|from [\w.]+ import .*)$"
    rb"|(?:def|class|return|if|elif|for|while|with|except|print|assert|raise|del|const|var|function|func|throw)\b"
    rb".*(?:\w[(\[]|\w\.\w|[=:]).*"
    rb"|(?!.*[a-z]{2} [a-z]{2,} [a-z]{2,}).*[(){}\[\],=:;\\]$"  # ends like code and has no three words in a row
)
_PROSE = re.compile(rb"(?=.*[a-z]{2} [a-z]+ [a-z]{2})[A-Za-z][^=;{}<>|\\]*$")
_ADDRESS = re.compile(rb"://|\w@\w")
_OWNED = re.compile(rb"copyright|licen[cs]e|\bauthor", re.IGNORECASE)
_WORD = re.compile(rb"[A-Za-z][a-z]+(?= [a-z\"'`(])")
_GAPS = {b"": "none", b" ": "one", b"  ": "two"}
_STEPS = {0: "level", 1: "off", -1: "left", 3: "far", -3: "far"}

IsForTool = Callable[[bytes], bool]
"""Whether a comment, from its mark on, is read by a tool, which may know it only as it is."""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment of one line: its span without blanks at its end, its mark, and whether it has the line to itself."""

    start: int
    end: int
    mark: bytes
    alone: bool
    text: bytes

    @property
    def words(self) -> bytes:
        """What stands behind the mark and a blank."""
        return self.text[len(self.mark) :].removeprefix(b" ")

    @property
    def first(self) -> int:
        """Where the words begin."""
        return self.end - len(self.words)

    @property
    def is_prose(self) -> bool:
        words = self.words
        return bool(_PROSE.match(words)) and not (_CODE.match(words) or _ADDRESS.search(words) or _OWNED.search(words))


def comment_of(source: Source, node: Node) -> Comment | None:
    """The comment of a node; None where it does not begin with the mark."""
    mark, text, start = source.grammar.comment.encode(), source.slice(node).rstrip(), node.start_byte
    if not node.is_extra or not text.startswith(mark):
        return None
    return Comment(start, start + len(text), mark, opens_line(source.text, start), text)


def _comments(source: Source) -> tuple[Comment, ...]:
    found = (comment_of(source, node) for node, _ in source.of_kinds(source.grammar.opaque))
    return tuple(comment for comment in found if comment is not None)


def said(comment: bytes, grammar: Grammar) -> bytes:
    """What a comment says to people: without the blank behind its mark, the first letter's case and the full stop."""
    mark = grammar.comment.encode()
    words = comment[len(mark) :].removeprefix(b" ")
    if not comment.startswith(mark) or not words[:1].isalnum() or is_for_tool(comment):
        return comment
    return mark + words[:1].lower() + words[1:].removesuffix(b".")


# The blanks around the mark


def _mark_sites(source: Source, name: str, is_for_tool: IsForTool) -> Iterator[Site]:
    for comment in source.once(_comments):
        words, end = comment.words, len(comment.mark)
        if words[:1].isalnum() and not comment.text.endswith(comment.mark[-1:]) and not is_for_tool(comment.text):
            variant = "spaced" if comment.text[end : end + 1] == b" " else "tight"
            kind = "code" if _CODE.match(words) else "prose"
            yield Site(name, comment.start, comment.first, variant, (kind,))


def _rewrite_mark(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    mark = source.text[site.start : site.end].rstrip(b" ")
    return (Edit(site.start, site.end, mark + b" " if variant == "spaced" else mark),)


def _is_aligned(source: Source, comment: Comment, code_end: int) -> bool:
    """Whether one of the two gaps would put the comment in a column with others, which keep another distance."""
    text = source.text
    return any(
        place - blanks_before(text, place) != gap
        for gap in (1, 2)
        for place in column(source, code_end + gap, comment.mark)
    )


def _gap_sites(source: Source, name: str) -> Iterator[Site]:
    for comment in source.once(_comments):
        first = blanks_before(source.text, comment.start)
        variant = None if comment.alone else _GAPS.get(source.text[first : comment.start])
        # Where one of the two gaps makes a column of comments, layout decides and not habit.
        if variant is not None and not _is_aligned(source, comment, first):
            yield Site(name, first, comment.start + len(comment.mark), variant)


def _rewrite_gap(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    mark = source.text[site.start : site.end].lstrip(b" ")
    return (Edit(site.start, site.end, (b" " if variant == "one" else b"  ") + mark),)


# Runs of lines


def _line(source: Source, number: int) -> bytes:
    """The text of a line, counted from one; empty where there is none."""
    starts = source.line_starts
    if not 0 < number <= len(starts):
        return b""
    return source.text[starts[number - 1] : starts[number] if number < len(starts) else len(source.text)].rstrip(b"\n")


def _runs(source: Source) -> tuple[tuple[Comment, ...], ...]:
    """Comments that follow each other in one column, each on a line of its own but for the first.

    Those that go on where nobody has read the nodes are left out: they would be other runs there.
    """
    runs: list[list[Comment]] = []
    for comment in source.once(_comments):
        if runs and _is_below(source, runs[-1][-1], comment):
            runs[-1].append(comment)
        else:
            runs.append([comment])
    return tuple(tuple(run) for run in runs if _is_whole(source, run))


def _column(source: Source, comment: Comment) -> int:
    return comment.start - source.line_starts[source.line_of(comment.start) - 1]


def _is_below(source: Source, above: Comment, below: Comment) -> bool:
    """Whether a comment begins in the line after another, alone there and in its column."""
    follows = source.line_of(above.start) + 1 == source.line_of(below.start)
    return follows and below.alone and _column(source, above) == _column(source, below)


def _is_whole(source: Source, run: Sequence[Comment]) -> bool:
    """Whether no line above or below the run goes on with it."""
    place, mark = _column(source, run[0]), run[0].mark
    above = _line(source, source.line_of(run[0].start) - 1)
    below = _line(source, source.line_of(run[-1].start) + 1)
    return not (run[0].alone and above.startswith(mark, place)) and not below.startswith(b" " * place + mark)


def _spoken(source: Source, is_for_tool: IsForTool) -> Iterator[tuple[Comment, ...]]:
    """The runs that are prose from their first line to the last."""
    for run in source.once(_runs):
        if all(line.is_prose and not is_for_tool(line.text) for line in run[:1] + run[-1:]):
            words = b" ".join(line.words for line in run)
            if not _OWNED.search(words) and all(line.words[:1].isalnum() for line in run):
                yield run


def _place(run: tuple[Comment, ...]) -> tuple[str, ...]:
    return ("own" if run[0].alone else "trailing", "one" if len(run) == 1 else "run")


def _capital_sites(source: Source, is_for_tool: IsForTool) -> Iterator[Site]:
    for run in _spoken(source, is_for_tool):
        word, start = _WORD.match(run[0].words), run[0].first
        if word and word[0].lower() not in source.once(names):
            variant = "upper" if word[0][:1].isupper() else "lower"
            yield Site("comment_capital", start, start + 1, variant, _place(run))


def _stop_sites(source: Source, is_for_tool: IsForTool) -> Iterator[Site]:
    """Comments of one line: what fills several is a text, whose last sentence ends as texts do."""
    for run in _spoken(source, is_for_tool):
        words, end = run[-1].words, run[-1].end
        ending = words[:-1] if words.endswith(b".") else words
        is_sentence = not SENTENCE_ENDS.search(words) and not ABBREVIATED.search(words)
        if len(run) == 1 and ending[-1:].isalnum() and is_sentence:
            variant = "stop" if words.endswith(b".") else "none"
            yield Site("comment_full_stop", end - 1, end, variant, _place(run)[:1])


# Indentation


def _blanks(line: bytes) -> bytes:
    return line[: len(line) - len(line.lstrip(b" \t"))]


def _indent_sites(source: Source) -> Iterator[Site]:
    """Runs above a line of code that begins in the same column, or in one that no block stands in."""
    for run in source.once(_runs):
        line = source.line_of(run[0].start)
        own, code = _blanks(_line(source, line)), _line(source, line + len(run))
        variant = _STEPS.get(len(own) - len(_blanks(code)))
        if not code.strip() or code.lstrip().startswith(run[0].mark) or b"\t" in own + _blanks(code):
            continue
        if variant and run[0].alone:
            start = source.line_starts[line - 1]
            yield Site("comment_indent", start, run[-1].start + 1, variant, ("one" if len(run) == 1 else "run",))


def _indent(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    """The lines of the run moved to the column of the code below, or one further."""
    first, last = source.lines_of(site.start, site.end)
    width = len(_blanks(_line(source, first)))
    indent = _blanks(_line(source, last + 1)) + (b" " if variant == "off" else b"")
    return tuple(Edit(start, start + width, indent) for start in source.line_starts[first - 1 : last])


def conventions(
    is_for_tool: IsForTool = is_for_tool, *, spacing: str = "comment_spacing", gap: str = "comment_gap"
) -> tuple[Convention, ...]:
    """The conventions of a language: which comments its tools read, and how those of the blanks are called there."""
    return (
        Convention(
            spacing,
            "blank after the mark of a comment",
            ("spaced", "tight"),
            lambda source: _mark_sites(source, spacing, is_for_tool),
            _rewrite_mark,
        ),
        Convention(
            gap,
            "blanks before a trailing comment",
            ("one", "two"),
            lambda source: _gap_sites(source, gap),
            _rewrite_gap,
        ),
        Convention(
            "comment_capital",
            "first letter of a comment",
            ("upper", "lower"),
            lambda source: _capital_sites(source, is_for_tool),
            rewrite_capital,
            decisive=1,
        ),
        Convention(
            "comment_full_stop",
            "full stop of a comment",
            ("stop", "none"),
            lambda source: _stop_sites(source, is_for_tool),
            rewrite_full_stop,
            decisive=1,
        ),
        Convention("comment_indent", "indentation of a comment", ("level", "off"), _indent_sites, _indent, "level"),
    )


CONVENTIONS = conventions()
