"""Semicolons at the ends of statements and class fields. Knows which of them are free; does not know what follows."""

from __future__ import annotations

from collections.abc import Iterator

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.javascript.semicolons import End, ends
from codetune_git.text.source import Source

NAME = "javascript/semicolons"
_BRACE = 0x7D


def _shape(source: Source, end: End) -> str:
    """What the statement ends with: a body, or anything else; `inner` where a brace follows on its line."""
    if end.follows_on_line:
        return "inner"
    return "brace" if source.text[end.start - 1] == _BRACE else "plain"


def _sites(source: Source) -> Iterator[Site]:
    for end in source.once(ends):
        variant = "always" if end.has_semicolon else "never"
        yield Site(NAME, end.start, end.end, variant, (_shape(source, end), end.node.type))


def _rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    return (Edit(site.start, site.end, b";" if variant == "always" else b""),)


CONVENTIONS = (
    Convention(
        NAME,
        "semicolon at the end of a statement",
        ("always", "never"),
        _sites,
        _rewrite,
        decisive=1,
        phrases={"always": "a semicolon", "never": "no semicolon"},
    ),
)
