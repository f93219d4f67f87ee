"""Whether two texts are the same program of JavaScript or TypeScript: the same tokens once all are written alike.

Strings in one quote, every semicolon that may be there, parentheses around the only parameter of an arrow, the text of JSX without the blanks around its line breaks,
which mean nothing: every JSX transform trims its lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from codetune_git.domain import Edit, Verification
from codetune_git.languages.javascript.conventions.commas import takes_no_comma
from codetune_git.languages.javascript.conventions.parameters import in_parentheses
from codetune_git.languages.javascript.conventions.quotes import in_one_quote
from codetune_git.languages.javascript.semicolons import missing
from codetune_git.languages.shared.commas import list_ends
from codetune_git.languages.shared.equivalence import verifier as same_tokens
from codetune_git.text.assumptions import Proof
from codetune_git.text.grammar import Grammar
from codetune_git.text.source import Source, apply_edits

_BLANKS = b" \t"


def _trimmed(source: Source) -> Iterator[Edit]:
    """The edits that take out the blanks around the line breaks in texts of JSX."""
    for node, _ in source.of_kinds(("jsx_text",)):
        first, *others = source.slice(node).split(b"\n")
        if others:
            lines = [first.rstrip(_BLANKS), *(line.strip(_BLANKS) for line in others[:-1]), others[-1].lstrip(_BLANKS)]
            yield Edit(node.start_byte, node.end_byte, b"\n".join(lines))


def _written_alike(source: Source) -> bytes:
    return apply_edits(
        source.text, [*in_one_quote(source), *missing(source), *in_parentheses(source), *_trimmed(source)]
    )


def _has_wrong_comma(source: Source) -> bool:
    return any(end.comma is not None and takes_no_comma(end) for end in list_ends(source))


def verifier(grammar: Grammar) -> Callable[[bytes, bytes], Proof | None]:
    """The proof for files of a grammar: None where one of them does not parse."""
    verify_tokens = same_tokens(grammar)

    def verify(before: bytes, after: bytes) -> Proof | None:
        old, new = (Source.parse(text, grammar) for text in (before, after))
        if old.has_error or new.has_error:
            return None
        if _has_wrong_comma(new):
            return Proof(Verification.UNSAFE)
        return verify_tokens(_written_alike(old), _written_alike(new))

    return verify
