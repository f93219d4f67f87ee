"""The kinds of suggestions that the user selects: names of the catalogue, and free rewrites of the model.

Does not know what is done with them.
"""

from __future__ import annotations

from collections.abc import Iterable

from codetune_git.domain import REWRITE
from codetune_git.errors import UsageError
from codetune_git.languages.table import CATALOGUE


def wanted(kinds: Iterable[str], disabled: Iterable[str] = ()) -> frozenset[str]:
    """The names in `kinds`, or all where it is empty, without those in `disabled`. Raises UsageError for an unknown
    kind.

    An unknown name in `disabled` is no error: it disables nothing.
    """
    kinds_known = frozenset((REWRITE, *(convention.name for convention in CATALOGUE)))
    asked = frozenset(kinds)
    if unknown := sorted(asked - kinds_known):
        raise UsageError(f"no suggestion is of the kind {unknown[0]!r}; there are: {', '.join(sorted(kinds_known))}")
    return (asked or kinds_known) - frozenset(disabled)
