"""The catalogue of conventions: find their sites, name their variants, rewrite a site.

Knows which families there are. Does not know what is done with a site: counting, breaking, proposing and naming are
other rooms' work.
"""

from collections.abc import Iterable, Iterator
from hashlib import sha256

from codetune_git.domain import Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.comments.pragmas import silenced
from codetune_git.languages.python.conventions.idioms import (
    annotations,
    branches,
    classes,
    comparisons,
    default_arguments,
    formatting,
    lambdas,
    literals,
    naming,
    numbers,
    parentheses,
    quotes,
    statements,
)
from codetune_git.languages.python.conventions.layout import blank_lines, docstrings, imports, indentation, wrapping
from codetune_git.languages.python.conventions.spacing import (
    assignments,
    calls,
    comments,
    operators,
    padding,
    separators,
)
from codetune_git.text.source import Source

# Counts are cached per blob under VERSION: raise this by one whenever a family finds or rewrites its sites differently.
_REVISION = 8

_FAMILIES = (
    operators,
    assignments,
    separators,
    padding,
    calls,
    comments,
    blank_lines,
    indentation,
    wrapping,
    docstrings,
    imports,
    quotes,
    comparisons,
    parentheses,
    literals,
    numbers,
    default_arguments,
    annotations,
    formatting,
    statements,
    branches,
    lambdas,
    classes,
    naming,
)

CATALOGUE: tuple[Convention, ...] = tuple(convention for family in _FAMILIES for convention in family.CONVENTIONS)

_BY_NAME = {convention.name: convention for convention in CATALOGUE}
_FAMILY = {
    convention.name: family.__name__.rpartition(".")[2] for family in _FAMILIES for convention in family.CONVENTIONS
}


def _digest(conventions: Iterable[Convention]) -> str:
    names = [f"{convention.name}={'|'.join(convention.variants)}" for convention in conventions]
    return sha256("\n".join([str(_REVISION), *sorted(names)]).encode()).hexdigest()[:16]


VERSION: str = _digest(CATALOGUE)


def by_name(name: str) -> Convention:
    """The convention of that name; raises KeyError where there is none."""
    return _BY_NAME[name]


def family_of(name: str) -> str:
    """The family that the convention of that name belongs to; "" where there is none."""
    return _FAMILY.get(name, "")


def sites(source: Source) -> Iterator[Site]:
    """The sites of all conventions, one convention after another, but those that a comment for a tool silences.

    Where a tool was told to leave lines alone, they are no evidence of how the house writes, either.
    """
    hidden = silenced(source)
    for convention in CATALOGUE:
        for site in convention.sites(source):
            if not hidden.lines or not hidden.covers(source.lines_of(site.start, site.end), site.convention):
                yield site
