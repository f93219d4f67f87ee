"""Proposals: what else could stand at a site. Knows sites and rewrites; does not know how likely one is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from codetune_git.domain import Edit, LineRange, Site
from codetune_git.languages.table import by_name
from codetune_git.text.source import Source


@dataclass(frozen=True, slots=True)
class Proposal:
    """Write `site` as `variant` by `edits`, which change only `lines` of the staged file."""

    site: Site
    variant: str
    edits: tuple[Edit, ...]
    lines: LineRange


def _lines_of_edit(source: Source, edit: Edit) -> LineRange:
    """Inserting in front of a line changes that line; taking away the line feed at its end changes the next one too."""
    lines = source.lines_of(edit.start, edit.end)
    before = edit.replacement or source.text[max(0, edit.start - 1) : edit.start]
    takes_feed = edit.start < edit.end and source.text[edit.end - 1 : edit.end] == b"\n"
    joins = takes_feed and before != b"" and not before.endswith(b"\n") and edit.end < len(source.text)
    return LineRange(lines.first, source.line_of(edit.end)) if joins else lines


def lines_of_edits(source: Source, edits: Iterable[Edit]) -> LineRange:
    """The lines that the edits change, from the first to the last."""
    touched = [_lines_of_edit(source, edit) for edit in edits]
    return LineRange(min(t.first for t in touched), max(t.last for t in touched))


def follows(source: Source, site: Site, lines: LineRange) -> bool:
    """Whether an empty site lies right behind `lines`: what could stand there was left out with them."""
    return site.start == site.end == source.span_of(lines)[1]


def touching(source: Source, sites: Iterable[Site], lines: LineRange) -> tuple[Site, ...]:
    """The sites of which a part stands in `lines`, and those that follow them."""
    start, end = source.span_of(lines)
    near = (site for site in sites if start <= site.end and site.start <= end)
    return tuple(
        site for site in near if lines.touches(source.lines_of(site.start, site.end)) or follows(source, site, lines)
    )


def within(source: Source, sites: Iterable[Site], lines: LineRange) -> tuple[Site, ...]:
    """The sites that lie wholly inside `lines` or follow them."""
    near = touching(source, sites, lines)
    return tuple(
        site for site in near if lines.contains(source.lines_of(site.start, site.end)) or follows(source, site, lines)
    )


def _at_line_ends(source: Source, edits: Sequence[Edit]) -> tuple[Edit, ...]:
    """Blank lines that are inserted in front of a line, as inserted at the end of the line before: the same text."""
    return tuple(
        Edit(edit.start - 1, edit.end - 1, edit.replacement)
        if edit.start == edit.end
        and not edit.replacement.strip(b"\n")
        and source.text[edit.start - 1 : edit.start] == b"\n"
        else edit
        for edit in edits
    )


def proposals(source: Source, sites: Iterable[Site], lines: LineRange) -> Iterator[Proposal]:
    """For every site that touches `lines`, each other variant that can be written there without touching other lines.

    A site may reach out of them: what was added to an old list is asked about where the old lines can stay.
    """
    for site in touching(source, sites, lines):
        convention = by_name(site.convention)
        for variant in convention.variants:
            edits = None if variant == site.variant else convention.rewrite(source, site, variant)
            if edits and follows(source, site, lines):
                edits = _at_line_ends(source, edits)
            if edits and lines.contains(changed := lines_of_edits(source, edits)):
                yield Proposal(site, variant, edits, changed)
