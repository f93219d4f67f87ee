"""A language of which layout alone is known: its grammar's tables are all that has to be said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from codetune_git.domain import Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.language import Language, families, qualified
from codetune_git.languages.shared import (
    comments,
    indentation,
    members,
    operator_breaks,
    runs,
    spacing,
    whitespace,
    wrapping,
)
from codetune_git.languages.shared.equivalence import verifier
from codetune_git.languages.shared.phrases import PHRASES
from codetune_git.languages.shared.pragmas import silenced
from codetune_git.text.grammar import Grammar
from codetune_git.text.source import Source

# Raise this by one whenever a family of any grammar finds or rewrites its sites differently: counts are kept under it.
REVISION = 7


def _of(language: str, convention: Convention) -> Convention:
    """The convention under the name that it has in a language."""
    name = qualified(language, convention.name)

    def sites(source: Source) -> Iterator[Site]:
        for site in convention.sites(source):
            yield Site(name, site.start, site.end, site.variant, site.context)

    return replace(convention, name=name, sites=sites)


def layout_language(grammar: Grammar) -> Language:
    """The language of `grammar` with the conventions that any grammar has."""
    shared = families(
        spacing, comments, runs, whitespace, members, indentation, operator_breaks, wrapping, phrases=PHRASES
    )
    return Language(
        grammar=grammar,
        revision=REVISION,
        families={
            qualified(grammar.name, family): tuple(_of(grammar.name, each) for each in conventions)
            for family, conventions in shared.items()
        },
        verify=verifier(grammar),
        unprovable=lambda _: None,
        silenced=silenced,
    )
