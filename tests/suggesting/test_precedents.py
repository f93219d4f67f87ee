"""Lines of the repository that write a place the suggested way: near ones first, a few of each."""

from __future__ import annotations

from support.house import parsed, sites_of

from codetune_git.domain import Precedent, Site
from codetune_git.languages.table import sites
from codetune_git.style.reading import Example, read
from codetune_git.suggesting.precedents import PER_PLACE, Precedents

TIP = "c" * 40


def place(*context: str) -> Site:
    return Site("quotes", 0, 3, "double", context)


def example(line: int, variant: str = "single", context: str = "word", text: str = "f('x')") -> Example:
    return Example("quotes", variant, (context,), line, text)


def test_lines_of_real_files() -> None:
    files = {"a.py": "x = f('y')\n", "b.py": 'import os\nx = f("y")\n'}
    sources = {path: parsed(text) for path, text in files.items()}
    found = Precedents.of(((path, read(s, sites(s)).examples) for path, s in sources.items()), TIP)
    (site,) = sites_of("z = g('w')\n", "quotes")
    assert found.like(site, "single") == (Precedent("a.py", 1, TIP, "x = f('y')"),)
    assert found.like(site, "double") == (Precedent("b.py", 2, TIP, 'x = f("y")'),)


def test_the_first_few_of_each_place_are_kept() -> None:
    files = [(f"{i}.py", [example(i), example(10 + i, "double")]) for i in range(10)]
    found = Precedents.of(files, TIP)
    assert [p.path for p in found.like(place("word"), "single")] == ["0.py", "1.py", "2.py"]
    assert [p.line for p in found.like(place("word"), "double")] == [10, 11, 12]
    assert PER_PLACE == 3


def test_a_place_like_this_one_comes_before_another() -> None:
    found = Precedents.of([("a.py", [example(1, context="key"), example(2)])], TIP)
    assert [p.line for p in found.like(place("word", "argument"), "single")] == [2]
    assert [p.line for p in found.like(place("signs"), "single")] == [1]
    assert [p.line for p in found.like(place(), "single")] == [1]


def test_where_nobody_wrote_it_there_is_none() -> None:
    found = Precedents.of([("a.py", [example(1)])], TIP)
    assert found.like(place("word"), "double") == ()
    assert found.like(Site("naming", 0, 3, "a", ("word",)), "single") == ()
    assert Precedents({}).like(place("word"), "single") == ()
