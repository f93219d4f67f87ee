"""Python as a language of the table."""

from __future__ import annotations

from codetune_git.languages.language import Language
from codetune_git.languages.python.comments.pragmas import silenced
from codetune_git.languages.python.conventions import FAMILIES, REVISION
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.python.proof.equivalence import unprovable, verify

PYTHON = Language(
    grammar=GRAMMAR,
    revision=REVISION,
    families=FAMILIES,
    verify=verify,
    unprovable=unprovable,
    silenced=silenced,
)
