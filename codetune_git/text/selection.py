"""What must not be trained on or judged, each with its reason.

Knows texts, trees and author names. Does not know paths (the languages do), ignore rules, attributes or secrets.
Every function returns a refusal, or None.
"""

from __future__ import annotations

import re

from tree_sitter import Node

from codetune_git.domain import LineRange, Refusal
from codetune_git.text.source import Source

MAX_BYTES = 300_000
MAX_LINE = 2_000
MEAN_LINE = 160
MAX_ERROR_SHARE = 0.05
_HEADER_LINES = 20

_GENERATED_HEADER = re.compile(
    rb"@generated|do not (edit|modify)|(auto-?|automatically )generated"
    rb"|^\s*#.*\bgenerated (by|from|with|using)\b"
    rb"|^\s*(//|/?\*+)\s*((this|the) (file|code|module) (is|was|has been) )?generated (by|from|with|using)\b"
    rb"|\bfile (was|is) generated\b",
    re.IGNORECASE | re.MULTILINE,
)
_BOT = re.compile(
    r"\[bot\]|\b(dependabot|renovate|pre-commit-ci|greenkeeper|pyup-bot|snyk-bot|imgbot|github-actions)\b",
    re.IGNORECASE,
)


def refuse_author(author: str) -> Refusal | None:
    """`author` as git has it, with or without the mail address."""
    return Refusal("written by a bot") if _BOT.search(author) else None


def refuse_text(text: bytes) -> Refusal | None:
    """`text` is a file's content, decoded to UTF-8 with line feeds."""
    if len(text) > MAX_BYTES:
        return Refusal(f"larger than {MAX_BYTES // 1000} kB")
    lines = text.split(b"\n")
    if max(map(len, lines)) > MAX_LINE or len(text) > MEAN_LINE * len(lines):
        return Refusal("minified or data (very long lines)")
    if _GENERATED_HEADER.search(b"\n".join(lines[:_HEADER_LINES])):
        return Refusal("generated")
    return None


def _errors(node: Node) -> list[Node]:
    """The outermost nodes that the parser could not make sense of."""
    if node.is_error or node.is_missing:
        return [node]
    return [error for child in node.children if child.has_error for error in _errors(child)]


def refuse_syntax(source: Source) -> Refusal | None:
    """Refuses a file of which the parser understands too little."""
    if not source.has_error:
        return None
    lost = sum(error.end_byte - error.start_byte for error in _errors(source.tree.root_node))
    return Refusal("does not parse") if lost > MAX_ERROR_SHARE * len(source.text) else None


def refuse_lines(source: Source, lines: LineRange) -> Refusal | None:
    """Refuses lines that say nothing (blank or comments only) and lines with a syntax error."""
    start, end = source.span_of(lines)
    comment = source.grammar.comment.encode()
    code = (line.lstrip() for line in source.text[start:end].split(b"\n"))
    if not any(line and not line.startswith(comment) for line in code):
        return Refusal("only blank lines or comments")
    if source.has_error:
        errors = _errors(source.tree.root_node)
        if any(source.lines_of(error.start_byte, error.end_byte).touches(lines) for error in errors):
            return Refusal("syntax error in the hunk")
    return None
