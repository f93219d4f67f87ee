"""How every convention is tested: a table of small examples, and properties that must hold on real files.

Knows the contract of `Convention`. Does not know any one convention, nor which edits keep the meaning: that is `equal`.
"""

from __future__ import annotations

import ast
import sysconfig
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from random import Random

import codetune_git
from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.text.source import Source, apply_edits

Row = tuple[str, str | None, str | None, str | None]
Equal = Callable[[bytes, bytes], bool]


def standard_library(rng: Random, count: int, *, most_bytes: int = 30_000) -> list[Path]:
    """`count` modules of the running Python's standard library, of 1 kB to `most_bytes` each, drawn by `rng`."""
    root = Path(sysconfig.get_path("stdlib"))
    skipped = {"site-packages", "dist-packages", "test", "tests", "idle_test", "lib2to3"}
    paths = (path for path in sorted(root.rglob("*.py")) if not skipped & set(path.relative_to(root).parts))
    return rng.sample([path for path in paths if 1_000 <= path.stat().st_size <= most_bytes], count)


def own_package() -> list[Path]:
    """The modules of codetune_git itself."""
    return sorted(Path(codetune_git.__file__).parent.rglob("*.py"))


@lru_cache(maxsize=8)
def _dump(text: bytes) -> str:
    return ast.dump(ast.parse(text))


def same_ast(before: bytes, after: bytes) -> bool:
    """Whether Python's own parser sees the same program; raises SyntaxError where it sees none."""
    return _dump(before) == _dump(after)


def _moved(offset: int, edits: Iterable[Edit], *, is_end: bool) -> int:
    """Where `offset` of the old text lies in the new one; inside an edit it goes to the edit's start (end)."""
    shift = 0
    for edit in sorted(edits, key=lambda e: (e.start, e.end)):
        growth = len(edit.replacement) - (edit.end - edit.start)
        if edit.end < offset or (edit.end == offset and (is_end or edit.start < edit.end)):
            shift += growth
        elif edit.start < offset:
            return edit.start + shift + (len(edit.replacement) if is_end else 0)
    return offset + shift


def site_after(convention: Convention, site: Site, edits: tuple[Edit, ...], after: Source) -> Site | None:
    """The convention's site in the edited text that lies where `site` lay, or None."""
    start, end = _moved(site.start, edits, is_end=False), _moved(site.end, edits, is_end=True)
    near = [s for s in convention.sites(after) if s.start <= end and start <= s.end]
    return min(near, key=lambda s: abs(s.start - start) + abs(s.end - end), default=None)


def check_rewrite(
    convention: Convention, source: Source, site: Site, variant: str, *, one_way: bool = False
) -> bytes | None:
    """The text with `site` written as `variant` (None: not possible here), after checking that it is found again.

    Where the site's own variant is one that can be written, writing it back must restore every byte. `one_way`: there
    are many texts for a variant, so that the way back need not be there.
    """
    edits = convention.rewrite(source, site, variant)
    if edits is None:
        return None
    where = f"{convention.name}: {site.variant} -> {variant} at {_excerpt(source.text, site)}"
    after = Source.parse(apply_edits(source.text, edits), GRAMMAR)
    assert after.text != source.text, f"{where}: nothing changed"
    found = site_after(convention, site, edits, after)
    assert found is not None, f"{where}: no site in the rewritten text"
    assert found.variant == variant, f"{where}: the rewritten text is found as {found.variant}"
    if site.variant in convention.variants and not one_way:
        back = convention.rewrite(after, found, site.variant)
        assert back is not None, f"{where}: no way back"
        assert apply_edits(after.text, back) == source.text, f"{where}: the way back does not restore the text"
    return after.text


def _excerpt(text: bytes, site: Site) -> str:
    lines_before = text.count(b"\n", 0, site.start)
    line = text.split(b"\n")[lines_before]
    return f"line {lines_before + 1}, {line.decode()!r}"


def check_table(convention: Convention, rows: Iterable[Row]) -> None:
    """Checks each row: (code, variant found, other variant, rewritten code).

    The *first* site of the code is the one in question. A variant found of None says that the code has no site at all;
    a rewritten code of None says that this variant can't be written here. Everything rewritten is also written back.
    """
    for code, variant, other, rewritten in rows:
        source = Source.parse(code.encode(), GRAMMAR)
        sites = list(convention.sites(source))
        if variant is None:
            assert not sites, f"{convention.name}: {code!r} has sites {sites}"
            continue
        assert sites, f"{convention.name}: {code!r} has no site"
        assert sites[0].variant == variant, f"{convention.name}: {code!r} is found as {sites[0].variant}"
        if other is not None:
            after = check_rewrite(convention, source, sites[0], other)
            assert (None if after is None else after.decode()) == rewritten, f"{convention.name}: {code!r} -> {after!r}"


def check_properties(
    conventions: Sequence[Convention],
    files: Iterable[Path],
    rng: Random,
    *,
    equal: Equal = same_ast,
    samples: int = 2,
    one_way: frozenset[str] = frozenset(),
) -> Counter[str]:
    """Checks `samples` sites a convention and file, drawn by `rng`, in every variant that can be written there.

    Sites must be well-formed and in document order, at least one other variant writable, the rewritten text
    `equal(before, after)` (by default: the same syntax tree; it may raise), found again, and reversible.
    Those named `one_way` need not be reversible.
    Returns how many rewrites were checked, by convention: a test should assert that none is zero.
    """
    checked: Counter[str] = Counter()
    for path in files:
        source = Source.parse(path.read_bytes(), GRAMMAR)
        if source.has_error:
            continue
        for convention in conventions:
            sites = list(convention.sites(source))
            _check_sites(convention, source, sites)
            for site in rng.sample(sites, min(samples, len(sites))):
                checked[convention.name] += _check_site(convention, source, site, equal, one_way)
    return checked


def _check_sites(convention: Convention, source: Source, sites: list[Site]) -> None:
    assert [s.start for s in sites] == sorted(s.start for s in sites), f"{convention.name}: sites out of order"
    assert len({(s.start, s.end) for s in sites}) == len(sites), f"{convention.name}: two sites at one place"
    for site in sites:
        assert site.convention == convention.name
        assert 0 <= site.start <= site.end <= len(source.text)


def _check_site(convention: Convention, source: Source, site: Site, equal: Equal, one_way: frozenset[str]) -> int:
    checked, is_one_way = 0, convention.name in one_way
    for variant in convention.variants:
        after = (
            None if variant == site.variant else check_rewrite(convention, source, site, variant, one_way=is_one_way)
        )
        if after is not None:
            checked += 1
            where = f"{convention.name}: {site.variant} -> {variant} at {_excerpt(source.text, site)}"
            assert equal(source.text, after), f"{where}: the meaning changed"
    assert checked or is_one_way, f"{convention.name}: no other variant can be written at {_excerpt(source.text, site)}"
    return checked
