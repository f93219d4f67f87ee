"""What a form is, and what a rule of the tables of synonyms is. Knows no rule."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import Protocol

from tree_sitter import Node

from codetune_git.languages.javascript.proof.program import Program
from codetune_git.text.assumptions import Assumption

Form = Hashable
"""What stands for a part of a program: equal forms are the same program."""


class Forms(Protocol):
    """What makes the forms of one program's nodes."""

    program: Program

    def of(self, node: Node) -> Form:
        """The form of a node."""

    def plain(self, node: Node) -> Form:
        """The form of a node by no rule of its own."""

    def each(self, nodes: Iterable[Node]) -> tuple[Form, ...]:
        """The forms of several nodes."""

    def may(self, assumption: Assumption) -> bool:
        """Whether something may be assumed; it is noted that it was."""

    def body(self, node: Node) -> Form:
        """The form of the body of a branch or a loop."""


Rule = Callable[[Forms, Node], Form | None]
"""The form of a node of a kind; None where the rule does not speak."""
