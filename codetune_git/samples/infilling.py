"""Infilling and next-token samples: plain language modelling on the code that a commit wrote.

Knows syntax nodes and lines. Does not know conventions, nor in which order a base wants prefix and suffix.
"""

from __future__ import annotations

from random import Random

from codetune_git.domain import LineRange, Sample, SampleKind
from codetune_git.text.hunks import USUAL_CONTEXT, ContextSize, after, before, context_of
from codetune_git.text.source import Source

_NODE_BYTES = (8, 400)  # a middle worth learning: more than a name, less than a page


def _middles(source: Source, lines: LineRange) -> list[tuple[int, int]]:
    """The spans of the named nodes of moderate size that lie within `lines`."""
    start, end = source.span_of(lines)
    spans = dict.fromkeys(
        (node.start_byte, node.end_byte)
        for node in source.nodes
        if node.is_named and start <= node.start_byte and node.end_byte <= end
    )
    return [span for span in spans if _NODE_BYTES[0] <= span[1] - span[0] <= _NODE_BYTES[1]]


def infilling(
    path: str,
    source: Source,
    lines: LineRange,
    *,
    rng: Random,
    context: ContextSize = USUAL_CONTEXT,
) -> Sample | None:
    """A syntax node within `lines` as the missing middle; None where no node has a moderate size.

    `before` ends and `after` begins in the middle of a line. Raises UnicodeDecodeError for text that is not UTF-8.
    """
    spans = _middles(source, lines)
    if not spans:
        return None
    start, end = rng.choice(spans)
    return Sample(
        kind=SampleKind.INFILLING,
        path=path,
        before=before(source.text[:start], context.before).decode(),
        staged="",
        after=after(source.text[end:], context.after).decode(),
        target=source.text[start:end].decode(),
    )


def next_token(
    path: str,
    source: Source,
    lines: LineRange,
    *,
    context: ContextSize = USUAL_CONTEXT,
) -> Sample:
    """The added `lines` as they follow the lines before them. Raises UnicodeDecodeError for text that is not UTF-8."""
    start, end = source.span_of(lines)
    return Sample(
        kind=SampleKind.NEXT_TOKEN,
        path=path,
        before=context_of(source, lines, context)[0].decode(),
        staged="",
        after="",
        target=source.text[start:end].decode(),
    )
