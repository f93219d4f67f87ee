"""The tokens of a text, as bytes, against small texts and against all of a file."""

from __future__ import annotations

from random import Random

from support.convention_checks import standard_library

from codetune_git.languages.javascript.grammars import GRAMMAR as JAVASCRIPT
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.shared.tokens import leaves, tokens, tokens_read
from codetune_git.text.source import Source


def test_a_string_is_one_token() -> None:
    source = Source.parse(b"f(a, f'{b}')  # c\n", GRAMMAR)
    expected = [b"f", b"(", b"a", b",", b"f'{b}'", b")", b"# c"]
    assert [source.slice(node) for node in tokens(source, 0, len(source.text))] == expected
    assert [source.slice(node) for node in tokens(source, 2, 5)] == [b"a", b","]
    assert [source.slice(node) for node in tokens_read(source)] == expected


def test_line_feeds_that_end_a_statement_are_no_tokens_that_are_read() -> None:
    source = Source.parse(b"a\n;`b\n${c}`\n", JAVASCRIPT)
    assert [source.slice(node) for node in tokens_read(source)] == [b"a", b";", b"`b\n${c}`"]


def test_depth_is_counted_from_the_node_that_is_asked() -> None:
    source = Source.parse(b"f(a)\n", GRAMMAR)
    whole = [depth for depth, _ in leaves(source, source.tree.root_node, 0, 5)]
    inner = source.tree.root_node.children[0]
    assert [depth - 1 for depth in whole] == [depth for depth, _ in leaves(source, inner, 0, 5)]


def test_tokens_and_what_stands_between_them_are_the_file() -> None:
    for path in standard_library(Random(5), 3, most_bytes=9_000):
        source = Source.parse(path.read_bytes(), GRAMMAR)
        end = 0
        for node in tokens(source, 0, len(source.text)):
            assert not source.text[end : node.start_byte].strip(b" \t\n\\\f\r")
            end = node.end_byte
        assert not source.text[end:].strip()
