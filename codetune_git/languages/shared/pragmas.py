"""Comments that tell tools to leave lines alone, in any language with comments that end with their line.

Knows our own comments, and the ones of formatters that are written alike in many languages; a language may read more of
them (`Read`). Does not know how far a statement reaches: what is about the next one silences the lines up to the end of
the node that begins there.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from enum import Enum, auto
from typing import NamedTuple

from tree_sitter import Node

from codetune_git.domain import LineRange
from codetune_git.languages.language import qualified
from codetune_git.languages.silenced import ALL, Silenced
from codetune_git.text.source import Source


class Reach(Enum):
    """Which lines a comment is about."""

    FROM_HERE = auto()
    UP_TO_HERE = auto()
    LINE = auto()
    NEXT_LINE = auto()
    NEXT_NODE = auto()
    FILE = auto()


class Mark(NamedTuple):
    """What a comment tells tools: about which lines, and about which conventions, named without their language."""

    reach: Reach
    kinds: frozenset[str] = ALL


Read = Callable[[bytes], Mark | None]
"""What a comment tells the tools of a language; None where it tells them nothing."""

_OWN = re.compile(rb"codetune:\s*(off|on|ignore)(?:\[([\w/, -]*)\])?")
_OWN_REACH = {b"off": Reach.FROM_HERE, b"on": Reach.UP_TO_HERE, b"ignore": Reach.LINE}
_REACHES = (
    (re.compile(rb"(?:clang-format|@formatter:|fmt:)\s*off"), Reach.FROM_HERE),
    (re.compile(rb"(?:clang-format|@formatter:|fmt:)\s*on"), Reach.UP_TO_HERE),
    (re.compile(rb"NOLINT(?!NEXTLINE)|nolint"), Reach.LINE),
    (re.compile(rb"(?:deno-fmt|dprint)-ignore(?!-)"), Reach.NEXT_NODE),
    (re.compile(rb"(?:deno-fmt|dprint)-ignore-file|Code generated .* DO NOT EDIT"), Reach.FILE),
)
_TOOL = re.compile(
    rb"\W*(?:[@+]\w|[\w./-]+[:=]\S|(?:type|pragma|noqa|nosec|nosonar|nopmd|nolint|lint|[tejs]{1,2}s?lint|jshint|jscs|"
    rb"istanbul|c8|v8|node:coverage|prettier|stylelint|biome|deno|dprint|webpack|flow|codetune|clang-format|formatter|"
    rb"cspell|spell-?checker|codespell|checkstyle|noinspection|spotless|region|endregion|line|export|exported|globals?|"
    rb"extern|sysn?b?|spdx|vim?|code generated|(?:unordered )?output|deprecated)\b)",
    re.IGNORECASE,
)


def is_for_tool(comment: bytes) -> bool:
    """Whether a comment, from its mark on, may be read by a tool, in any language."""
    return _TOOL.match(comment) is not None


def _nothing(comment: bytes) -> Mark | None:
    return None


def _mark(comment: bytes, read: Read) -> Mark | None:
    """What a comment tells us, or tools."""
    if own := _OWN.search(comment):
        names = None if own[2] is None or own[1] != b"ignore" else own[2].decode().split(",")
        return Mark(_OWN_REACH[own[1]], ALL if names is None else _bare(names))
    reach = next((reach for pattern, reach in _REACHES if pattern.search(comment)), None)
    return read(comment) if reach is None else Mark(reach)


def _bare(names: list[str]) -> frozenset[str]:
    """The conventions that are named, with their language or without it."""
    return frozenset(bare for name in names if (bare := name.strip().rpartition("/")[2]))


def _following(node: Node) -> LineRange:
    """The lines of a comment and of the node that it stands before, further comments left out."""
    holder = node.parent
    # In JSX a comment stands in braces of its own, and text between it and what it is about.
    after = holder if holder is not None and holder.type == "jsx_expression" and not node.next_named_sibling else node
    following = after.next_named_sibling
    while following is not None and (following.is_extra or following.type == "jsx_text"):
        following = following.next_named_sibling
    last = node if following is None else following
    return LineRange(node.start_point.row + 1, last.end_point.row + 1)


def _spans(source: Source, read: Read) -> Iterator[tuple[LineRange, str]]:
    """The lines that comments silence, each with a convention without its language, or `*`."""
    last = len(source.line_starts)
    begun: dict[str, int] = {}
    for node in source.nodes:
        mark = _mark(source.slice(node), read) if node.is_extra else None
        if mark is None:
            continue
        line, end = node.start_point.row + 1, node.end_point.row + 1
        if mark.reach is Reach.FROM_HERE:
            begun = {**dict.fromkeys(mark.kinds, line), **begun}
        elif mark.reach is Reach.UP_TO_HERE:
            ended = begun.keys() if mark.kinds == ALL else begun.keys() & mark.kinds
            yield from ((LineRange(begun[kind], line), kind) for kind in ended)
            begun = {kind: first for kind, first in begun.items() if kind not in ended}
        else:
            lines = {
                Reach.LINE: LineRange(line, end),
                Reach.NEXT_LINE: LineRange(end, min(end + 1, last)),
                Reach.NEXT_NODE: _following(node),
            }.get(mark.reach, LineRange(1, last))
            yield from ((lines, kind) for kind in mark.kinds)
    yield from ((LineRange(first, last), kind) for kind, first in begun.items())


def silenced(source: Source, read: Read = _nothing) -> Silenced:
    """What the comments of `source` silence; `read` says what they tell the tools of its language."""
    lines: dict[int, set[str]] = {}
    for span, kind in _spans(source, read):
        name = kind if kind in ALL else qualified(source.grammar.name, kind)
        for line in range(span.first, span.last + 1):
            lines.setdefault(line, set()).add(name)
    return Silenced({line: ALL if ALL & kinds else frozenset(kinds) for line, kinds in lines.items()})
