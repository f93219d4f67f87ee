"""JavaScript as a language of the table, TypeScript and JSX included: one house writes them alike."""

from __future__ import annotations

from dataclasses import replace

from codetune_git.languages.javascript.conventions import (
    braces,
    commas,
    comparisons,
    declarations,
    delimiters,
    expressions,
    functions,
    objects,
    openings,
    parameters,
    quotes,
    semicolons,
    types,
)
from codetune_git.languages.javascript.grammars import GRAMMAR, TSX, TYPESCRIPT
from codetune_git.languages.javascript.pragmas import silenced
from codetune_git.languages.javascript.proof.equivalence import verifier
from codetune_git.languages.language import families, qualified
from codetune_git.languages.shared.layout_language import layout_language

_FAMILIES = (
    quotes,
    semicolons,
    commas,
    parameters,
    braces,
    openings,
    delimiters,
    declarations,
    objects,
    functions,
    comparisons,
    expressions,
    types,
)
_LAYOUT = layout_language(GRAMMAR)
_PLAIN = replace(
    _LAYOUT,
    families={
        **_LAYOUT.families,
        **{qualified(GRAMMAR.name, name): found for name, found in families(*_FAMILIES).items()},
    },
    verify=verifier(GRAMMAR),
    silenced=silenced,
)

JAVASCRIPT = replace(
    _PLAIN,
    dialects=tuple(replace(_PLAIN, grammar=grammar, verify=verifier(grammar)) for grammar in (TYPESCRIPT, TSX)),
)
