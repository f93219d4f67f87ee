"""Corpus files as training samples without broken text: windows of plain text and holes cut at syntax nodes.

Knows files and samples; does not know tokens. Pure: randomness is passed in.
"""

from __future__ import annotations

import random

from codetune_git.domain import Sample, SampleKind
from codetune_git.text.source import Source

_CONTEXT_BYTES = 1500


def windows(path: str, text: str, room: float) -> list[Sample]:
    """The whole file as consecutive windows of whole lines, each of `room` characters and what its last line adds."""
    found: list[Sample] = []
    lines, size = [], 0
    for line in text.splitlines(keepends=True):
        lines.append(line)
        size += len(line)
        if size >= room:
            found.append(Sample(SampleKind.NEXT_TOKEN, path, "", "", "", "".join(lines)))
            lines, size = [], 0
    if size > 200 or not found:
        found.append(Sample(SampleKind.NEXT_TOKEN, path, "", "", "", "".join(lines)))
    return found


def holes(path: str, source: Source, rng: random.Random, count: int) -> list[Sample]:
    """At most `count` syntax nodes of one line to a few lines, each to be written from what stands around it."""
    nodes = [n for n in source.nodes if n.is_named and 8 <= n.end_byte - n.start_byte <= 500 and n.type != "comment"]
    found = []
    for node in rng.sample(nodes, min(count, len(nodes))):
        start, end = node.start_byte, node.end_byte
        before = source.text[max(0, start - rng.randrange(50, _CONTEXT_BYTES)) : start].decode("utf-8", "ignore")
        after = source.text[end : end + rng.randrange(50, 600)].decode("utf-8", "ignore")
        target = source.text[start:end].decode("utf-8", "ignore")
        found.append(Sample(SampleKind.INFILLING, path, before, "", after, target))
    return found
