"""What is read off a syntax tree alone, for one grammar: how it is parsed, and the node kinds that any reader asks for.

Knows a grammar's wheel and words. Does not know conventions or what texts mean: that is the language's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache

import tree_sitter
from tree_sitter import Parser, Tree


@cache
def _parser(wheel: Callable[[], object]) -> Parser:
    return Parser(tree_sitter.Language(wheel()))


@dataclass(frozen=True, slots=True)
class Grammar:
    """A tree-sitter grammar. `wheel` is the function of its package that gives the pointer to it.

    `suffixes` end the names of its files. `comment` begins a comment that ends with its line. `opaque` are the kinds of
    nodes whose inside is text, `blocks` those whose children are statements, `classes` those whose body parses after
    their head alone, `wrappers` those that hold such a node last, `imports` those that bring names from elsewhere.

    For layout: `lists` are the nodes that hold elements in brackets, each with a word for what it is. A comma behind
    the last element means nothing in `trailing_commas`, but for `comma_makes`, where it makes one element a list, and
    behind elements of the kinds `no_comma_after`. `heads` are the words of definitions whose elements hang
    twice as far, since a body follows at the same depth. `chains` are
    operators with their operands, `concatenations` strings that stand next to each other. Behind a word of
    `no_break_after` a line break means something. The lines inside an opaque node of `flowing` may begin anywhere.
    `switches` are the blocks of `cases`, whose statements stand in no braces. `unbraced` are the statements that may
    hold another one without braces.
    """

    name: str
    suffixes: tuple[str, ...]
    wheel: Callable[[], object]
    comment: str
    opaque: frozenset[str]
    blocks: frozenset[str]
    classes: frozenset[str] = frozenset()
    wrappers: frozenset[str] = frozenset()
    imports: frozenset[str] = frozenset()
    lists: Mapping[str, str] = field(default_factory=dict)
    trailing_commas: frozenset[str] = frozenset()
    comma_makes: frozenset[str] = frozenset()
    no_comma_after: frozenset[str] = frozenset()
    heads: frozenset[str] = frozenset()
    chains: frozenset[str] = frozenset()
    concatenations: frozenset[str] = frozenset()
    no_break_after: frozenset[str] = frozenset()
    flowing: frozenset[str] = frozenset()
    switches: frozenset[str] = frozenset()
    cases: frozenset[str] = frozenset()
    unbraced: frozenset[str] = frozenset()

    def tree(self, text: bytes) -> Tree:
        """The syntax tree of a UTF-8 text, with error nodes where it makes no sense."""
        return _parser(self.wheel).parse(text)
