"""Restoration samples: a broken hunk and what was committed, or a committed hunk to leave alone.

Knows how a hunk, its context and its break become a sample. Does not know tokens: the model room cuts to its window.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from random import Random

from codetune_git.domain import LineRange, Sample, SampleKind, Site
from codetune_git.languages.table import sites
from codetune_git.samples.breaking import break_hunk
from codetune_git.text.hunks import USUAL_CONTEXT, ContextSize, context_of
from codetune_git.text.source import Source

_EVIDENCE = 4.0  # how much likelier a convention is broken of which the visible context has sites


def evidence(source: Source, lines: LineRange, context: ContextSize, known: Iterable[Site]) -> dict[str, float]:
    """Weights for breaking: conventions that the context around `lines` also decides come first, common ones last.

    A break that nothing visible speaks against trains the base's taste instead of reading the context. What has
    sites in every line would be broken in every hunk: a weight falls with the root of the sites in the file.
    """
    start, end = source.span_of(lines)
    low, high = start - context.before, end + context.after
    everywhere, seen = Counter[str](), set[str]()
    for site in known:
        everywhere[site.convention] += 1
        if low <= site.start < start or end <= site.start < high:
            seen.add(site.convention)
    return {name: (_EVIDENCE if name in seen else 1.0) / math.sqrt(count) for name, count in everywhere.items()}


def restoration(
    path: str,
    source: Source,
    lines: LineRange,
    *,
    rng: Random,
    context: ContextSize = USUAL_CONTEXT,
    unbroken: float = 0.4,
    known: Iterable[Site] | None = None,
) -> Sample:
    """The sample for the hunk `lines` of a file: broken, or with the chance `unbroken` as it is.

    A hunk in which nothing can be broken also stays as it is. Raises UnicodeDecodeError for text that is not UTF-8.
    """
    start, end = source.span_of(lines)
    target = source.text[start:end].decode()
    before, after = (part.decode() for part in context_of(source, lines, context))
    broken = None
    if rng.random() >= unbroken:
        known = tuple(sites(source) if known is None else known)
        weights = evidence(source, lines, context, known)
        broken = break_hunk(source, lines, rng=rng, known=known, weights=weights)
    return Sample(
        kind=SampleKind.RESTORATION,
        path=path,
        before=before,
        staged=broken.hunk.decode() if broken else target,
        after=after,
        target=target,
        broken=broken.broken if broken else (),
    )
