"""Blanks before and after the hash, in small examples."""

from __future__ import annotations

import pytest
from support.convention_checks import check_table

from codetune_git.languages.python.conventions.spacing.comments import CONVENTIONS
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.table import sites
from codetune_git.text.source import Source, apply_edits

HASH, GAP, *_ = CONVENTIONS


def test_hash_rows() -> None:
    check_table(
        HASH,
        [
            ("# why\n", "spaced", "tight", "#why\n"),
            ("x = 1  #why\n", "tight", "spaced", "x = 1  # why\n"),
            ("#!/usr/bin/python\n", None, None, None),
            ("#: the docs\n", None, None, None),
            ("## why\n", None, None, None),
            ("#\n", None, None, None),
            ("#----\n", None, None, None),
            ("# -- why --\n", None, None, None),
            ("# boxed #\n", None, None, None),
            ("#   indented\n", None, None, None),
            ("# -*- coding: utf-8 -*-\n", None, None, None),
            ("#coding=utf-8\n", None, None, None),
            ("x = 1  #type: ignore\n", None, None, None),
            ("x = 1  #noqa\n", None, None, None),
            ("x = '# why'\n", None, None, None),
        ],
    )


def test_gap_rows() -> None:
    check_table(
        GAP,
        [
            ("x = 1  # why\n", "two", "one", "x = 1 # why\n"),
            ("x = 1 # why\n", "one", "two", "x = 1  # why\n"),
            ("x = 1# why\n", "none", "two", "x = 1  # why\n"),
            ("f(  #why\n)\n", "two", "one", "f( #why\n)\n"),
            ("# why\n", None, None, None),
            ("def f():\n  # why\n  pass\n", None, None, None),
            ("x = 1   # why\n", None, None, None),
            ("x = 1\t# why\n", None, None, None),
            ("x = 1    # why\nlong = 1 # why\n", None, None, None),
            ("x = 1  # why\nxy = 1 # why\n", None, None, None),
            ("x = 1  # why\n       # and more\n", None, None, None),
        ],
    )


@pytest.mark.parametrize(
    ("comment", "kind"),
    [
        ("# x = f(y)", "code"),
        ("#self.net.start()", "code"),
        ("# if x in y:", "code"),
        ("# from os import path", "code"),
        ("#print('first lookup failed')", "code"),
        ("# If the caller wants it, copy", "prose"),
        ("# from the user", "prose"),
        ("# Send the request.", "prose"),
        ("# for all of them", "prose"),
    ],
)
def test_code_and_prose(comment: str, kind: str) -> None:
    assert [site.context for site in HASH.sites(Source.parse(comment.encode(), GRAMMAR))] == [(kind,)]


@pytest.mark.parametrize(
    "comment",
    [
        "# noqa",
        "#nopep8",
        "#pytype: disable=name-error",
        "#pyre-ignore[5]",
        "#noinspection PyUnresolvedReferences",
        "#autopep8: off",
        "#sourcery skip",
        "#cspell:ignore foobar",
        "#nosemgrep",
        "#pyright: basic",
        "# type:ignore",
        "#type: int",
        "#region fold",
        "# why  # noqa: E501",
    ],
)
def test_comments_for_tools_stay_as_they_are(comment: str) -> None:
    source = Source.parse(f"x = 1  {comment}\n{comment}\ny = 1  # why not\n".encode(), GRAMMAR)
    assert [source.line_of(site.start) for site in HASH.sites(source)] == [3]
    (gap, _) = GAP.sites(source)
    assert apply_edits(source.text, GAP.rewrite(source, gap, "one")) == source.text.replace(b"x = 1  ", b"x = 1 ")


@pytest.mark.parametrize(
    ("comment", "seen"), [("noqa", 1), ("noqa: E261", 1), ("noqa: E501", 2), ("pragma: no cover", 2)]
)
def test_the_gap_before_a_comment_for_a_tool_stays_where_the_tool_was_told_so(comment: str, seen: int) -> None:
    source = Source.parse(f"x = 1 # {comment}\ny = 1  # why not\n".encode(), GRAMMAR)
    assert len([site for site in sites(source) if site.convention == GAP.name]) == seen
