"""The kinds of suggestions that the user selects: names of the catalogue, and free rewrites of the model.

Does not know what is done with them.
"""

from __future__ import annotations

from collections.abc import Iterable

from codetune_git.domain import REWRITE
from codetune_git.errors import UsageError
from codetune_git.languages.table import CATALOGUE, kinds_named


def _meant(name: str) -> frozenset[str]:
    return frozenset({REWRITE}) if name == REWRITE else kinds_named(name)


def wanted(kinds: Iterable[str], disabled: Iterable[str] = ()) -> frozenset[str]:
    """The kinds that the names in `kinds` mean, or all where it is empty, without those in `disabled`.

    Raises UsageError for an unknown kind. An unknown name in `disabled` is no error: it disables nothing.
    """
    known = frozenset((REWRITE, *(convention.name for convention in CATALOGUE)))
    asked = {name: _meant(name) for name in kinds}
    if unknown := sorted(name for name, meant in asked.items() if not meant):
        raise UsageError(f"no suggestion is of the kind {unknown[0]!r}; there are: {', '.join(sorted(known))}")
    return (frozenset().union(*asked.values()) or known) - frozenset().union(*map(_meant, disabled))
