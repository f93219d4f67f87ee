"""What ends a member of an interface or of an object type: `;`, `,` or the line alone. Knows members; no layout."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.javascript.proof.types import is_mapped
from codetune_git.text.source import Source

NAME = "javascript/member_delimiter"
_SIGNS = {"semicolon": b";", "comma": b",", "none": b""}
_NAMES = {sign: name for name, sign in _SIGNS.items()}
_OWNERS = ("interface_body", "object_type")


def _delimiters(source: Source, owner: Node) -> Iterator[tuple[int, int, str]]:
    """Where each member ends, where what ends it does, and whether more follows on its line."""
    children = [child for child in owner.children if not child.is_extra]
    for place, member in enumerate(children[:-1]):
        following = children[place + 1]
        if not member.is_named:
            continue
        is_delimited = following.type in (";", ",")
        end = following.end_byte if is_delimited else member.end_byte
        if is_delimited and following.start_byte != member.end_byte:
            continue
        after = children[place + 2] if is_delimited else following
        is_broken = source.text.find(b"\n", end, after.start_byte) >= 0
        yield member.end_byte, end, "broken" if is_broken else "last" if after == children[-1] else "inner"


def _sites(source: Source) -> Iterator[Site]:
    found = []
    for owner, kind in source.of_kinds(_OWNERS):
        if not owner.has_error and not is_mapped(owner):
            for start, end, place in _delimiters(source, owner):
                found.append(Site(NAME, start, end, _NAMES[source.text[start:end]], (place, kind)))
    yield from sorted(found, key=lambda site: site.start)


def _rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    if variant == "none" and site.context[:1] == ("inner",):
        return None
    return (Edit(site.start, site.end, _SIGNS[variant]),)


CONVENTIONS = (
    Convention(
        NAME,
        "end of a member",
        tuple(_SIGNS),
        _sites,
        _rewrite,
        decisive=1,
        phrases={"semicolon": "a semicolon", "comma": "a comma", "none": "no sign"},
    ),
)
