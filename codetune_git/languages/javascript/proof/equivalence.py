"""Whether a rewritten file of JavaScript or TypeScript is still the same program: proven, or not.

Knows whole files as bytes. Does not know which edits were made; nothing is executed.

    1 parse both; a file that does not parse proves nothing
    2 find the smallest nodes outside of which the two are spelled alike
    3 compare their normal forms (normal_form.py), and the comments in them: each stands by a word it stood by. Equal
      forms are SAFE; then what variables allow is looked up; then all is assumed that may be, and what is needed of it
      is found by leaving out one after another
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from tree_sitter import Node

from codetune_git.domain import Verification
from codetune_git.languages.javascript.proof.forms import Form
from codetune_git.languages.javascript.proof.normal_form import NormalForm
from codetune_git.languages.javascript.proof.program import Program, is_doubtful
from codetune_git.languages.javascript.proof.synonyms import RUNS, statements
from codetune_git.languages.shared.comments import said
from codetune_git.text.assumptions import Assumption, Proof
from codetune_git.text.grammar import Grammar

# What begins a comment in a script (ECMAScript, "HTML-like Comments"); the grammar reads operators there.
_HTML = (b"<!--", b"-->")
_NOTHING = frozenset[Assumption]()
# What these mean depends on what they stand in.
_CLOSED = frozenset({"string", "template_string", "arguments", "formal_parameters"})


def _are_alike(old: Program, one: Node, new: Program, other: Node) -> bool:
    return one.type == other.type and old.slice(one) == new.slice(other)


def _common(old: Program, left: list[Node], new: Program, right: list[Node]) -> int:
    """How many nodes two lists have in common at the start."""
    pairs = enumerate(zip(left, right, strict=False))
    return next((i for i, (a, b) in pairs if not _are_alike(old, a, new, b)), min(len(left), len(right)))


@dataclass(frozen=True, slots=True)
class _Part:
    """A node of a program outside of which another one is spelled alike, and what in it is not."""

    program: Program
    node: Node
    inside: list[Node]

    def form(self, allowed: frozenset[Assumption], *, by_names: bool) -> tuple[Form, set[Assumption]]:
        """The normal form, and what of `allowed` was assumed for it."""
        forms = NormalForm(self.program, allowed, by_names=by_names)
        form = statements(forms, self.node, self.inside) if self.is_run else forms.of(self.node)
        return form, forms.used

    @property
    def is_run(self) -> bool:
        """Whether it holds statements, each of which is compared for itself."""
        return self.node.type in RUNS

    @property
    def compared(self) -> list[Node]:
        return self.inside if self.is_run else [self.node]


def _difference(old: Program, new: Program) -> tuple[_Part, _Part] | None:
    """The smallest nodes of one kind outside of which two programs are spelled alike; None where all of them are."""
    one, other = old.root, new.root
    while True:
        left, right = one.children, other.children
        start = _common(old, left, new, right)
        left, right = left[start:], right[start:]
        tail = _common(old, left[::-1], new, right[::-1])
        left, right = left[: len(left) - tail], right[: len(right) - tail]
        if is_doubtful(old, one) or is_doubtful(new, other):
            return _Part(old, one, one.children), _Part(new, other, other.children)
        if not left and not right:
            return None
        is_one = len(left) == len(right) == 1 and left[0].type == right[0].type
        if not is_one or left[0].type in _CLOSED or not (left[0].child_count and right[0].child_count):
            return _Part(old, one, left), _Part(new, other, right)
        one, other = left[0], right[0]


def _leaves(program: Program, nodes: Sequence[Node]) -> Iterator[Node]:
    """The words in some nodes: names, values and comments."""
    stack = [*reversed(nodes)]
    while stack:
        node = stack.pop()
        if node.child_count == 0 or node.type in program.grammar.opaque:
            if node.is_named:
                yield node
        else:
            stack += reversed(node.children)


def _comments(part: _Part) -> list[tuple[bytes, bytes, bytes]]:
    """Each comment in what is compared with the words before and after it, quotes left out."""
    program = part.program
    found: list[tuple[bytes, bytes, bytes]] = []
    before, waiting = b"", list[bytes]()
    for leaf in _leaves(program, part.compared):
        word = program.slice(leaf)
        if leaf.is_extra:
            lines = b"\n".join(line.strip() for line in word.split(b"\n"))
            waiting.append(said(lines, program.grammar))
        else:
            after = word.strip(b"'\"`")
            found += [(comment, before, after) for comment in waiting]
            before, waiting = after, []
    return found + [(comment, before, b"") for comment in waiting]


def _keep_their_places(old: list[tuple[bytes, bytes, bytes]], new: list[tuple[bytes, bytes, bytes]]) -> bool:
    """Whether comments are the same, each by a word it stood by."""
    if len(old) != len(new):
        return False
    pairs = zip(old, new, strict=True)
    return all(a == b and (before == first or after == last) for (a, before, after), (b, first, last) in pairs)


def _assumed(
    parts: tuple[_Part, _Part], allowed: frozenset[Assumption] = _NOTHING, *, by_names: bool = True
) -> set[Assumption] | None:
    """What of `allowed` was assumed for two forms that are equal; None where they differ."""
    (old, there), (new, here) = (part.form(allowed, by_names=by_names) for part in parts)
    return there | here if old == new else None


def _proof(parts: tuple[_Part, _Part]) -> Proof:
    if any(_assumed(parts, by_names=by_names) is not None for by_names in (False, True)):
        return Proof(Verification.SAFE)
    used = _assumed(parts, frozenset(Assumption))
    if used is None:
        return Proof(Verification.UNSAFE)
    needed = [one for one in Assumption if one in used]
    for one in tuple(needed):
        without = [other for other in needed if other is not one]
        if _assumed(parts, frozenset(without)) is not None:
            needed = without
    return Proof(Verification.ASSUMING, tuple(needed))


def verifier(grammar: Grammar) -> Callable[[bytes, bytes], Proof | None]:
    """The proof for files of a grammar: None where one of them does not parse."""

    @lru_cache(maxsize=4)
    def parsed(text: bytes) -> Program:
        return Program.parse(text, grammar)

    def verify(before: bytes, after: bytes) -> Proof | None:
        old, new = parsed(before), parsed(after)
        if old.root.has_error or new.root.has_error:
            return None
        if any(before.count(mark) != after.count(mark) for mark in _HTML):
            return Proof(Verification.UNSAFE)
        parts = _difference(old, new)
        if parts is None:
            return Proof(Verification.SAFE)
        if not _keep_their_places(_comments(parts[0]), _comments(parts[1])):
            return Proof(Verification.UNSAFE)
        try:
            return _proof(parts)
        except RecursionError:  # an expression too deep to walk: nothing is proven
            return Proof(Verification.UNSAFE)

    return verify
