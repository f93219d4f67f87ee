"""A reading says what the sites say, shows a line for each way of writing, and survives being stored."""

from __future__ import annotations

import zlib
from random import Random

import pytest
from support.convention_checks import standard_library
from support.house import parsed, sites_of

from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.table import sites
from codetune_git.style.counting import tally_of
from codetune_git.style.reading import LONGEST_EXAMPLE, Example, Reading, read
from codetune_git.text.source import Source

CODE = """\
import os

def f(a, b):
    '''Say ä.'''
    return [ 'x', "y", 'z' ]
"""


def read_text(text: str) -> Reading:
    source = parsed(text)
    return read(source, sites(source))


def test_all_sites_are_counted() -> None:
    assert read_text(CODE).tally == tally_of(sites(parsed(CODE)))
    assert sum(n for key, n in read_text(CODE).tally.items() if key[0] == "quotes") == 3


def test_each_variant_is_shown_once_by_its_line() -> None:
    shown = [e for e in read_text(CODE).examples if e.convention == "quotes"]
    context = sites_of(CODE, "quotes")[0].context[:1]
    text = "return [ 'x', \"y\", 'z' ]"
    assert shown == [Example("quotes", variant, context, 5, text) for variant in ("single", "double")]


def test_a_long_line_shows_nothing_but_the_next_short_one_may() -> None:
    long = f"a = f('x', {'b' * LONGEST_EXAMPLE})\n"
    assert not [e for e in read_text(long).examples if e.convention == "quotes"]
    assert [e.line for e in read_text(long + "a = f('x', 'y')\n").examples if e.convention == "quotes"] == [2]


def test_examples_are_lines_of_the_text_and_differ_in_what_they_show() -> None:
    for path in standard_library(Random(3), 3, most_bytes=4_000):
        text = path.read_text()
        reading = read_text(text)
        lines = text.split("\n")
        assert all(e.text == lines[e.line - 1].strip() for e in reading.examples)
        assert all(0 < len(e.text) <= LONGEST_EXAMPLE for e in reading.examples)
        places = [(e.convention, e.variant, e.context) for e in reading.examples]
        assert len(places) == len(set(places))
        assert set(places) <= {(name, variant, context[:1]) for name, context, variant in reading.tally}


def test_the_stored_form_holds_everything_and_is_always_the_same() -> None:
    for path in standard_library(Random(4), 2, most_bytes=3_000):
        source = Source.parse(path.read_bytes(), GRAMMAR)
        reading = read(source, sites(source))
        stored = reading.to_bytes()
        assert Reading.from_bytes(stored) == reading
        assert Reading.from_bytes(stored).to_bytes() == stored == read(source, sites(source)).to_bytes()


def test_an_empty_file_says_nothing() -> None:
    assert read_text("") == Reading({}, ()) == Reading.from_bytes(Reading({}, ()).to_bytes())


@pytest.mark.parametrize("data", [b"", b"no zlib", read_text(CODE).to_bytes()[:-5], zlib.compress(b"no JSON")])
def test_other_bytes_are_refused(data: bytes) -> None:
    with pytest.raises((ValueError, zlib.error)):
        Reading.from_bytes(data)


@pytest.mark.parametrize("text", [b"3", b"[1,2,3]", b'[["a"],[]]', b'[[["a",["b"]]],[]]', b'[[],[["a","b"]]]'])
def test_other_values_are_refused(text: bytes) -> None:
    with pytest.raises((ValueError, zlib.error)):
        Reading.from_bytes(zlib.compress(text))
