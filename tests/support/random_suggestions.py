"""Random staged files with random suggestions that can be taken in any subset. Knows the catalogue, not a judgement."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from random import Random

from codetune_git.domain import Edit, LineRange, Suggestion
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.table import by_name, sites
from codetune_git.text.source import Source, apply_edits
from support.flow_repository import module
from support.suggestions import suggestion

_TRIES = 12


def _parses(text: bytes) -> bool:
    try:
        ast.parse(text)
    except SyntaxError:
        return False
    return True


def _rewritten(source: Source, edits: Sequence[Edit], path: str) -> Suggestion:
    """The edits as whole lines."""
    lines = source.lines_of(min(edit.start for edit in edits), max(edit.end for edit in edits))
    start, end = source.span_of(lines)
    new = apply_edits(source.text, edits)
    inside = new[start : len(new) - (len(source.text) - end)]
    old, written = (text.decode().removesuffix("\n").split("\n") for text in (source.text[start:end], inside))
    return suggestion(path, lines.first, old, written if inside else ())


def random_file(rng: Random, path: str) -> tuple[str, tuple[Suggestion, ...]]:
    """A file of the house with line feeds, and disjoint rewrites of random sites of it, each of which parses."""
    text = module(rng, rng.randint(1, 2))
    source = Source.parse(text.encode(), GRAMMAR)
    known = tuple(sites(source))
    found: list[Suggestion] = []
    for site in rng.sample(known, min(_TRIES, len(known))):
        convention = by_name(site.convention)
        variant = rng.choice([v for v in convention.variants if v != site.variant])
        edits = convention.rewrite(source, site, variant)
        if not edits or edits[0].start == len(source.text) or not _parses(apply_edits(source.text, edits)):
            continue
        one = _rewritten(source, edits, path)
        if not any(_near(one.lines, other.lines) for other in found):
            found.append(one)
    return text, tuple(found)


def _near(one: LineRange, other: LineRange) -> bool:
    return one.first <= other.last and other.first <= one.last
