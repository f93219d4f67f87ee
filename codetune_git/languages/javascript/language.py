"""JavaScript as a language of the table, TypeScript and JSX included: one house writes them alike."""

from __future__ import annotations

from dataclasses import replace

from codetune_git.languages.javascript.conventions import braces, commas, delimiters, parameters, quotes, semicolons
from codetune_git.languages.javascript.grammars import GRAMMAR, TSX, TYPESCRIPT
from codetune_git.languages.javascript.pragmas import silenced
from codetune_git.languages.javascript.proof.equivalence import verifier
from codetune_git.languages.shared.layout_language import layout_language

_LAYOUT = layout_language(GRAMMAR)
_PLAIN = replace(
    _LAYOUT,
    families={
        **_LAYOUT.families,
        "javascript/quotes": quotes.CONVENTIONS,
        "javascript/semicolons": semicolons.CONVENTIONS,
        "javascript/commas": commas.CONVENTIONS,
        "javascript/parameters": parameters.CONVENTIONS,
        "javascript/braces": braces.CONVENTIONS,
        "javascript/delimiters": delimiters.CONVENTIONS,
    },
    verify=verifier(GRAMMAR),
    silenced=silenced,
)

JAVASCRIPT = replace(
    _PLAIN,
    dialects=tuple(replace(_PLAIN, grammar=grammar, verify=verifier(grammar)) for grammar in (TYPESCRIPT, TSX)),
)
