"""Comments that tell tools to leave lines alone, in any language with comments that end with their line.

Knows our own comments, and the ones of formatters that are written alike in many languages. Does not know how far a
statement reaches: what is about the next one silences the lines up to the end of the node that begins there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from codetune_git.domain import LineRange
from codetune_git.languages.language import qualified
from codetune_git.languages.silenced import ALL, Silenced
from codetune_git.text.source import Source

_OWN = re.compile(rb"codetune:\s*(off|on|ignore)(?:\[([\w/, -]*)\])?")
_OFF = re.compile(rb"(?:clang-format|@formatter:|fmt:)\s*off|eslint-disable(?!-)")
_ON = re.compile(rb"(?:clang-format|@formatter:|fmt:)\s*on|eslint-enable")
_NEXT = re.compile(rb"prettier-ignore(?!-)|eslint-disable-next-line|deno-fmt-ignore(?!-)|dprint-ignore(?!-)")
_LINE = re.compile(rb"eslint-disable-line|NOLINT(?!NEXTLINE)|nolint")
_FILE = re.compile(rb"deno-fmt-ignore-file|dprint-ignore-file|Code generated .* DO NOT EDIT")
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


def _comments(source: Source) -> Iterator[tuple[Node, bytes]]:
    for node in source.nodes:
        if node.is_extra:
            yield node, source.slice(node)


def _following(node: Node) -> LineRange:
    after = node.next_named_sibling
    last = after.end_point.row + 1 if after is not None else node.end_point.row + 1
    return LineRange(node.end_point.row + 1, last)


def _kinds(names: bytes | None, language: str) -> frozenset[str]:
    """The conventions that are named, with their language or without it."""
    if names is None:
        return ALL
    bare = [name.strip().decode().rpartition("/")[2] for name in names.split(b",")]
    return frozenset(qualified(language, name) for name in bare if name)


def silenced(source: Source) -> Silenced:
    """What the comments of `source` silence."""
    last = len(source.line_starts)
    spans: list[tuple[LineRange, frozenset[str]]] = []
    begun: int | None = None
    for node, text in _comments(source):
        line = node.start_point.row + 1
        own = _OWN.search(text)
        if (own and own[1] == b"off") or _OFF.search(text):
            begun = line if begun is None else begun
        elif (own and own[1] == b"on") or _ON.search(text):
            spans += [] if begun is None else [(LineRange(begun, line), ALL)]
            begun = None
        elif own or _LINE.search(text):
            spans.append((LineRange(line, line), _kinds(own[2], source.grammar.name) if own else ALL))
        elif _NEXT.search(text):
            spans.append((_following(node), ALL))
        elif _FILE.search(text):
            spans.append((LineRange(1, last), ALL))
    spans += [] if begun is None else [(LineRange(begun, last), ALL)]
    lines: dict[int, frozenset[str]] = {}
    for span, kinds in spans:
        for line in range(span.first, span.last + 1):
            lines[line] = ALL if ALL & (lines.get(line, frozenset()) | kinds) else lines.get(line, frozenset()) | kinds
    return Silenced(lines)
