"""Whether two texts are the same program of JavaScript or TypeScript: the same tokens once all are in one quote."""

from __future__ import annotations

from collections.abc import Callable

from codetune_git.languages.javascript.conventions.quotes import in_one_quote
from codetune_git.languages.shared.equivalence import verifier as same_tokens
from codetune_git.text.assumptions import Proof
from codetune_git.text.grammar import Grammar
from codetune_git.text.source import Source


def verifier(grammar: Grammar) -> Callable[[bytes, bytes], Proof | None]:
    """The proof for files of a grammar: None where one of them does not parse."""
    verify_tokens = same_tokens(grammar)

    def verify(before: bytes, after: bytes) -> Proof | None:
        old, new = (Source.parse(text, grammar) for text in (before, after))
        if old.has_error or new.has_error:
            return None
        return verify_tokens(in_one_quote(old), in_one_quote(new))

    return verify
