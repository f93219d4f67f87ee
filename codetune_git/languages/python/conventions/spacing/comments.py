"""Blanks before and after the hash of a comment.

Knows prose and commented-out code apart, roughly. Does not know what comments say.
Shebangs, `#!`, `#:`, `##`, rulers, boxes and empty comments are no sites. Neither is the hash of a comment for a tool,
which may read it only as it is; what stands before the hash no tool reads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.comments.tool_comments import pragmas_in
from codetune_git.languages.python.conventions.spacing.gaps import blanks_before, column, starts_line, walk
from codetune_git.text.source import Source

_COMMENT = frozenset({"comment"})
_CODE = re.compile(
    rb"# ?(?:"
    rb"[\w.]+(?:\[[^\]]*\])? ?[-+*/|&]?= ?[^= ].*"  # an assignment
    rb"|[\w.]+\(.*[)\](,:\"']$"  # a call
    rb"|(?:import [\w.]+|from [\w.]+ import .*)$"
    rb"|(?:def|class|return|if|elif|for|while|with|except|print|assert|raise|del)\b.*(?:\w[(\[]|\w\.\w|[=:]).*"
    rb"|(?!.*[a-z]{2} [a-z]{2,} [a-z]{2,}).*[(){}\[\],=:;\\]$"  # ends like code and has no three words in a row
    rb")"
)


def _hash_sites(source: Source) -> Iterator[Site]:
    text = source.text
    for node, _, _ in walk(source, _COMMENT):
        start = node.start_byte
        comment = text[start : node.end_byte].rstrip()
        gap = 1 if comment[1:2] == b" " else 0
        if not comment[1 + gap : 2 + gap].isalnum() or comment.endswith(b"#") or pragmas_in(comment):
            continue
        kind = "code" if _CODE.match(comment) else "prose"
        yield Site("comment_hash_spacing", start, start + 1 + gap, "spaced" if gap else "tight", (kind,))


def _rewrite_hash(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    return (Edit(site.start, site.end, b"# " if variant == "spaced" else b"#"),)


_GAPS = {b"": "none", b" ": "one", b"  ": "two"}


def _is_aligned(source: Source, code_end: int, gap: int) -> bool:
    """Whether a comment `gap` blanks after the code were in a column with others, which keep another distance."""
    text = source.text
    return any(place - blanks_before(text, place) != gap for place in column(source, code_end + gap, b"#"))


def _gap_sites(source: Source) -> Iterator[Site]:
    text = source.text
    for node, _, _ in walk(source, _COMMENT):
        start = node.start_byte
        first = blanks_before(text, start)
        variant = _GAPS.get(text[first:start])
        if variant is None or starts_line(text, first):
            continue
        # Where one of the two gaps makes a column of comments, layout decides and not habit.
        if _is_aligned(source, first, 1) or _is_aligned(source, first, 2):
            continue
        yield Site("inline_comment_gap", first, start + 1, variant)


def _rewrite_gap(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    return (Edit(site.start, site.end, b" #" if variant == "one" else b"  #"),)


CONVENTIONS: tuple[Convention, ...] = (
    Convention(
        "comment_hash_spacing", "blank after the hash of a comment", ("spaced", "tight"), _hash_sites, _rewrite_hash
    ),
    Convention("inline_comment_gap", "blanks before a trailing comment", ("one", "two"), _gap_sites, _rewrite_gap),
)
