"""Gives a whole file a house style of its own, so that only its context says what is right there.

Knows the catalogue. Does not know any repository's style: the house is drawn at random, and it may be odd.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from random import Random

from codetune_git.domain import Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.table import language_in
from codetune_git.samples.breaking import new_errors
from codetune_git.samples.patch import Patch
from codetune_git.text.source import Source

_RULES = (2, 6)  # conventions that a house settles, from and to
_MIXED = 0.25  # the share of houses that do not keep all their rules everywhere
_BY_CONTEXT = 0.2  # the share of rules that ask for different variants in different contexts


class _Rule:
    """One convention of a house: which variant is wanted at a site."""

    def __init__(self, convention: Convention, found: Sequence[Site], rng: Random) -> None:
        self._convention = convention
        self._rng = rng
        self._by_context = rng.random() < _BY_CONTEXT
        usual = Counter(site.variant for site in found).most_common(1)[0][0]
        self._target = rng.choice([variant for variant in convention.variants if variant != usual])
        self._targets: dict[str, str] = {}

    def _wanted(self, site: Site) -> str:
        if not self._by_context or not site.context:
            return self._target
        if site.context[0] not in self._targets:
            self._targets[site.context[0]] = self._rng.choice(self._convention.variants)
        return self._targets[site.context[0]]

    def impose(self, source: Source, found: Sequence[Site], keep: float) -> Source | None:
        """`source` with the disjoint edits at `keep` of its sites; None where there are none or they break syntax."""
        patch = Patch()
        for site in found:
            variant = self._wanted(site)
            if variant != site.variant and (keep == 1 or self._rng.random() < keep):
                patch.add(self._convention.rewrite(source, site, variant) or ())
        if not len(patch):
            return None
        restyled = source.with_text(patch.apply(source.text))
        return None if new_errors(source, restyled) else restyled


def _settle(source: Source, convention: Convention, rng: Random, keep: float) -> Source | None:
    """`source` with one convention drawn anew and followed at `keep` of its sites; None where it changes nothing."""
    found = tuple(convention.sites(source))
    return _Rule(convention, found, rng).impose(source, found, keep) if found else None


def restyle(source: Source, *, rng: Random, share: float = 0.9) -> Source:
    """`source` in a house style of its own: a few conventions, each rewritten alike in the whole file.

    Now and then the house is a mixed one, which follows its rules at the share `share` of the places only.
    """
    keep = share if rng.random() < _MIXED else 1.0
    rules = rng.randint(*_RULES)
    catalogue = language_in(source).catalogue
    for convention in rng.sample(catalogue, len(catalogue)):
        if rules == 0:
            break
        restyled = _settle(source, convention, rng, keep)
        if restyled is not None:
            source, rules = restyled, rules - 1
    return source
