"""Breaks the conventions of a committed hunk: what a person might have staged instead.

Knows the catalogue and the hunk's lines. Does not know which variant is the repository's: committed code is taken as
right, and every other variant as wrong, in whatever direction.

    1 the sites that lie inside the hunk, by convention
    2 draw conventions evenly (not by their sites: rare ones are to be learned too), or by the given weights
    3 draw one site of each, or now and then all of its sites there: real slips are often consistent
    4 draw another variant; keep the edits if they stay inside the hunk and meet no others
    5 make the edits together; the file must parse as well as it did
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from tree_sitter import Node

from codetune_git.domain import Edit, LineRange, Site
from codetune_git.languages.table import by_name, sites, usual
from codetune_git.samples.patch import Patch, within
from codetune_git.text.hunks import part_around
from codetune_git.text.source import Source

_ATTEMPTS = 3
_UNUSUAL = 0.2
_TOP = LineRange(1, 1)  # of a tree that is asked for errors, no node is looked at
_CONSISTENT = 0.25  # the share of breaks that take all sites of a convention in the hunk
_COUNTS = (1, 1, 1, 2, 2, 3)  # conventions broken at once: most slips are single


@dataclass(frozen=True, slots=True)
class Broken:
    """The whole file with a broken hunk: `hunk` is what now stands at `lines`; `broken` names the conventions."""

    text: bytes
    lines: LineRange
    hunk: bytes
    broken: tuple[str, ...]


def _errors(node: Node) -> int:
    return (node.is_error or node.is_missing) + sum(_errors(child) for child in node.children if child.has_error)


def new_errors(old: Source, new: Source) -> bool:
    """Whether `new` has syntax errors that `old` has not."""
    return new.has_error and (not old.has_error or _errors(new.tree.root_node) > _errors(old.tree.root_node))


def _near(known: Iterable[Site], span: tuple[int, int]) -> dict[str, list[Site]]:
    found: dict[str, list[Site]] = {}
    for site in known:
        if span[0] <= site.end and site.start < span[1]:
            found.setdefault(site.convention, []).append(site)
    return found


def _drawn(names: Iterable[str], count: int, rng: Random, weights: Mapping[str, float]) -> list[str]:
    """`count` names in a random order; a name's chance to be early is proportional to its weight.

    Where none is given it is 1, less for what any line could have and hardly any has: trailing blanks.
    """
    chances = {name: weights.get(name, _UNUSUAL if usual(name) else 1.0) for name in names}
    weighted = [(rng.random() ** (1 / chance), name) for name, chance in chances.items() if chance > 0]
    return [name for _, name in sorted(weighted, reverse=True)[:count]]


def _rewritten(source: Source, site: Site, rng: Random, span: tuple[int, int]) -> tuple[str, tuple[Edit, ...]] | None:
    """Another variant of `site` and its edits, drawn among those that stay inside `span`."""
    convention = by_name(site.convention)
    others = [variant for variant in convention.variants if variant != site.variant]
    for variant in rng.sample(others, len(others)):
        edits = convention.rewrite(source, site, variant)
        if edits and within(edits, span):
            return variant, edits
    return None


def _break_convention(
    source: Source, found: Sequence[Site], patch: Patch, *, rng: Random, span: tuple[int, int], consistent: float
) -> bool:
    """Add the edits for one site of `found`, or for all of them alike, to `patch`; False where there are none."""
    order = rng.sample(found, len(found))
    for position, site in enumerate(order):
        drawn = _rewritten(source, site, rng, span)
        if drawn is None or not patch.add(drawn[1]):
            continue
        if rng.random() < consistent:
            for other in (later for later in order[position + 1 :] if later.variant == site.variant):
                edits = by_name(other.convention).rewrite(source, other, drawn[0])
                if edits and within(edits, span):
                    patch.add(edits)
        return True
    return False


def _parses(source: Source, lines: LineRange, text: bytes) -> bool:
    """Whether `text`, which differs from `source` in `lines` only, has no syntax error that `source` has not."""
    part = part_around(source, lines)
    end = part.end + len(text) - len(source.text)
    written = source.with_text(part.header + text[part.start : end], _TOP)
    if not written.has_error or not source.has_error:
        return not written.has_error
    return not new_errors(source.with_text(part.header + source.text[part.start : part.end], _TOP), written)


def _broken(source: Source, lines: LineRange, patch: Patch, names: Sequence[str]) -> Broken | None:
    start, end = source.span_of(lines)
    text = patch.apply(source.text)
    hunk = text[start : end + len(text) - len(source.text)]
    whole = hunk.endswith(b"\n") == source.text[start:end].endswith(b"\n")
    if not hunk or not whole or text == source.text or not _parses(source, lines, text):
        return None
    count = hunk.count(b"\n") + (not hunk.endswith(b"\n"))
    return Broken(text, LineRange(lines.first, lines.first + count - 1), hunk, tuple(names))


def break_hunk(
    source: Source,
    lines: LineRange,
    *,
    rng: Random,
    known: Iterable[Site] | None = None,
    weights: Mapping[str, float] | None = None,
    consistent: float = _CONSISTENT,
) -> Broken | None:
    """Break one to three conventions in `lines`; None where nothing there can be broken.

    `known`: the sites of `source` if they have been found already (a file's hunks are usually broken one after
    another). `weights`: relative chances of conventions by name, 1 where not given, 0 for never. `consistent`: the
    share of breaks that take all sites of a convention in the hunk.
    """
    span = source.span_of(lines)
    found = _near(sites(source) if known is None else known, span)
    for _ in range(_ATTEMPTS if found else 0):
        patch, names = Patch(), list[str]()
        count = rng.choice(_COUNTS)
        for name in _drawn(found, len(found), rng, weights or {}):
            if len(names) < count and _break_convention(
                source, found[name], patch, rng=rng, span=span, consistent=consistent
            ):
                names.append(name)
        if names and (broken := _broken(source, lines, patch, names)) is not None:
            return broken
    return None
