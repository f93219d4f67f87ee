"""Which languages are read, and what can be said of each, as a user asks for it."""

from __future__ import annotations

from pathlib import Path

from support.command_line import codetune

from codetune_git.languages.known import LANGUAGES
from codetune_git.languages.suffixes import SUFFIXES


def test_every_language_is_listed_with_its_files(tmp_path: Path) -> None:
    done = codetune(tmp_path, "languages")
    assert (done.code, done.err) == (0, "")
    rows = [line.split() for line in done.out.splitlines()]
    assert [row[0] for row in rows] == [language.name for language in LANGUAGES]
    assert {word for row in rows for word in row if word.startswith(".")} == set(SUFFIXES)


def test_every_convention_of_a_language_is_listed(tmp_path: Path) -> None:
    done = codetune(tmp_path, "languages", "javascript")
    (javascript,) = (language for language in LANGUAGES if language.name == "javascript")
    assert [line.split()[0] for line in done.out.splitlines()] == [each.name for each in javascript.catalogue]
    assert "javascript/semicolons" in done.out
    assert "a semicolon; no semicolon" in done.out


def test_a_language_that_is_not_known_is_one_line(tmp_path: Path) -> None:
    done = codetune(tmp_path, "languages", "cobol")
    assert (done.code, done.out) == (2, "")
    assert done.err == "codetune: no language 'cobol': there are python, javascript, go, java\n"
