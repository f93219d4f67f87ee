"""Lines of one commit are cut into hunks by how new they are, and each is held against what is older."""

from __future__ import annotations

from support.house import parsed

from codetune_git.domain import LineRange
from codetune_git.languages.table import sites
from codetune_git.style.reading import read
from codetune_git.suggesting.strata import HUNK_LINES, DatedFile, Older, PlacedSite, settled_hunks

QUOTES = PlacedSite("quotes", (), "single", ("double",))


def dated(text: str, *newer: tuple[tuple[int, int], ...], path: str = "a.py") -> DatedFile:
    source = parsed(text)
    found = [site for site in sites(source) if site.convention == "quotes"]  # one a line
    return DatedFile(path, read(source, found), tuple(tuple(LineRange(*r) for r in some) for some in newer))


def quotes(counts: object, variant: str) -> int:
    place = next(s for s in sites(parsed("a = f('x')\n")) if s.convention == "quotes")
    return counts.at(place, 0).get(variant, 0)  # type: ignore[attr-defined, no-any-return]


def test_the_newest_lines_come_first_and_hunks_stay_short() -> None:
    text = "a = f('x')\n" * 30
    hunks = settled_hunks([dated(text, ((3, 4),), ((3, 6),))])
    assert [hunk.stratum for hunk in hunks] == [0, 1, 2, 2, 2]
    written = [sum(site.convention == "quotes" for site in hunk.sites) for hunk in hunks]
    assert written == [2, 2, 2, HUNK_LINES, HUNK_LINES]


def test_a_hunk_is_held_against_what_is_older() -> None:
    text = "a = f('x')\nb = f('x')\nc = f(\"x\")\nd = f(\"x\")\n"
    files = [dated(text, ((4, 4),), ((3, 4),)), dated("e = f('x')\n", ((1, 1),), ((1, 1),), path="b.py")]
    older, (newest, other, middle, oldest) = Older.of(files), settled_hunks(files)
    assert [(hunk.file, hunk.stratum) for hunk in (newest, other, middle, oldest)] == [(0, 0), (1, 0), (0, 1), (0, 2)]
    assert (quotes(older.repository(newest), "single"), quotes(older.repository(newest), "double")) == (2, 1)
    assert (quotes(older.repository(middle), "single"), quotes(older.repository(middle), "double")) == (2, 0)
    # The oldest lines have nothing older: other files judge them.
    assert (quotes(older.repository(oldest), "single"), quotes(older.repository(oldest), "double")) == (1, 0)


def test_no_hunk_is_evidence_for_itself() -> None:
    files = [dated("a = f('x')\nb = f(\"x\")\n", ((2, 2),))]
    older, (newest, oldest) = Older.of(files), settled_hunks(files)
    assert (quotes(older.file(newest), "single"), quotes(older.file(newest), "double")) == (1, 0)
    assert (quotes(older.file(oldest), "single"), quotes(older.file(oldest), "double")) == (0, 1)


def test_a_file_without_anything_to_say() -> None:
    assert settled_hunks([dated("")]) == ()
    assert settled_hunks([]) == ()
    assert Older.of([]).whole.tally == {}
