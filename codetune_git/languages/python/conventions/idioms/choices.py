"""Conventions that are said as choices: at a syntax node, what stands there and what could stand there instead.

Knows how choices become the sites and rewrites of a convention. Does not know any one convention. Code inside the
braces of an f-string and broken code are never a place to choose.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.idioms.file_facts import File
from codetune_git.text.source import Source

_HIDDEN = frozenset({"interpolation", "ERROR"})


@dataclass(frozen=True, slots=True)
class Choice:
    """The bytes `[start, end)` are written as `variant`; `edits` write them as each other variant that is possible."""

    start: int
    end: int
    variant: str
    context: tuple[str, ...]
    edits: Mapping[str, tuple[Edit, ...]]


Choose = Callable[[File, Node], Choice | None]


def spelling(
    file: File,
    span: tuple[int, int],
    texts: Mapping[str, bytes | None],
    context: tuple[str, ...],
    *,
    counted: bool = False,
) -> Choice | None:
    """The choice among whole `texts` for the bytes of `span`, by variant (None: can't be written here).

    None where the text is none of them: only what can be restored byte by byte is a site. `counted`: it is a site even
    where no other variant can be written.
    """
    written = file.text[span[0] : span[1]]
    variant = next((name for name, text in texts.items() if text == written), None)
    others = {name: (Edit(*span, text),) for name, text in texts.items() if text is not None and text != written}
    return Choice(*span, variant, context, others) if variant and (others or counted) else None


def statement_of(node: Node) -> str:
    """The kind of the innermost statement or clause around `node`, in one short word."""
    parent = node.parent
    while parent is not None and not parent.type.endswith(("_statement", "_clause", "_definition", "block", "module")):
        parent = parent.parent
    return parent.type.partition("_")[0] if parent is not None else "module"


_PLACES = {
    "argument_list": "argument",
    "keyword_argument": "keyword",
    "subscript": "subscript",
    "comparison_operator": "comparison",
    "default_parameter": "default",
    "typed_default_parameter": "default",
    "return_statement": "return",
    "list": "element",
    "tuple": "element",
    "set": "element",
    "expression_list": "element",
    "concatenated_string": "concatenation",
    "binary_operator": "operand",
    "boolean_operator": "boolean",
    "conditional_expression": "conditional",
    "raise_statement": "raise",
    "attribute": "receiver",
    "call": "receiver",
    "for_statement": "for",
    "for_in_clause": "for",
    "expression_statement": "statement",
}


def place_of(node: Node) -> str:
    """What an expression is used as, in one short word: argument, default, key, value, element, return and so on."""
    parent = node.parent
    while parent is not None and parent.type == "parenthesized_expression":
        parent = parent.parent
    if parent is None:
        return "other"
    if parent.type == "pair":
        return "key" if parent.child_by_field_name("key") == node else "value"
    if parent.type in ("assignment", "augmented_assignment"):
        return "assignment"
    return _PLACES.get(parent.type, "other")


class _Identity:
    """A source as a key of a cache: the object itself, not what it holds."""

    __slots__ = ("source",)

    def __init__(self, source: Source) -> None:
        self.source = source

    def __hash__(self) -> int:
        return id(self.source)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Identity) and other.source is self.source


@dataclass(frozen=True, slots=True)
class _Page:
    """A source read once for all conventions: its facts, and its nodes by type where there is a choice at all."""

    file: File
    nodes: Mapping[str, Sequence[Node]]


@lru_cache(maxsize=2)
def _page(key: _Identity) -> _Page:
    nodes: dict[str, list[Node]] = {}
    hidden_until = -1
    for node in key.source.nodes:
        if node.start_byte < hidden_until:
            continue
        kind = node.type
        if kind in _HIDDEN:
            hidden_until = node.end_byte
        nodes.setdefault(kind, []).append(node)
    return _Page(File(key.source), nodes)


def nodes_of(source: Source, kind: str) -> Sequence[Node]:
    """The nodes of a type, in document order, outside of f-strings' braces and broken code."""
    return _page(_Identity(source)).nodes.get(kind, ())


def _sites(convention: str, types: frozenset[str], choose: Choose, source: Source) -> Iterator[Site]:
    page = _page(_Identity(source))
    nodes = (node for kind in types for node in page.nodes.get(kind, ()))
    found = [choice for node in nodes if (choice := choose(page.file, node)) is not None]
    for choice in sorted(found, key=lambda c: (c.start, c.end)):
        yield Site(convention, choice.start, choice.end, choice.variant, choice.context)


def _rewrite(
    types: frozenset[str], choose: Choose, source: Source, site: Site, variant: str
) -> tuple[Edit, ...] | None:
    """The edits of the choice at `site`: at a node that spans it, or at one that begins where it begins."""
    file = _page(_Identity(source)).file
    root = source.tree.root_node
    for end in (site.end, site.start + 1):
        node = root.descendant_for_byte_range(site.start, end)
        while node is not None:
            choice = choose(file, node) if node.type in types else None
            if choice is not None and (choice.start, choice.end) == (site.start, site.end):
                return choice.edits.get(variant)
            node = node.parent
    return None


def convention(
    name: str, title: str, variants: tuple[str, ...], types: frozenset[str], *, choose: Choose
) -> Convention:
    """A convention whose places are nodes of `types`."""
    return Convention(
        name,
        title,
        variants,
        lambda source: _sites(name, types, choose, source),
        lambda source, site, variant: _rewrite(types, choose, source, site, variant),
    )
