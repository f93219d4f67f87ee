"""Blanks before and after the hash, in small examples."""

from __future__ import annotations

import pytest
from support.convention_checks import check_table

from codetune_git.conventions.comments import CONVENTIONS
from codetune_git.text.source import Source

HASH, GAP = CONVENTIONS


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
    assert [site.context for site in HASH.sites(Source.parse(comment.encode()))] == [(kind,)]


def test_pragmas_are_counted_apart() -> None:
    source = Source.parse(b"x = 1  # noqa\ny = 1  # why not\n")
    assert [site.context for site in GAP.sites(source)] == [("pragma",), ("text",)]
