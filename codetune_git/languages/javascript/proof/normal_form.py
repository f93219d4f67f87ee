"""The normal form of a syntax tree of JavaScript or TypeScript: equal forms are the same program.

Knows what no program depends on: semicolons that end a statement, a comma behind the last element, comments. The
spellings that mean the same stand in the tables of synonyms. What no rule knows stays as it is, token for token: to say
too little is only silence. What the grammar cannot be believed about stays as it is written.
"""

from __future__ import annotations

from collections.abc import Iterable

from tree_sitter import Node

from codetune_git.languages.javascript.proof import declarations, functions, operators, synonyms, types
from codetune_git.languages.javascript.proof.forms import Form
from codetune_git.languages.javascript.proof.program import Program, children, is_doubtful, takes_no_comma
from codetune_git.text.assumptions import Assumption

_RULES = {**synonyms.RULES, **functions.RULES, **operators.RULES, **types.RULES}
_BY_NAMES = {**_RULES, **declarations.RULES}
_ENDED = frozenset(
    {"expression_statement", "lexical_declaration", "variable_declaration", "using_declaration", "return_statement"}
    | {"throw_statement", "break_statement", "continue_statement", "debugger_statement", "do_statement"}
    | {"import_statement", "export_statement", "class_body", "type_alias_declaration", "import_alias"}
    | {"function_signature", "ambient_declaration", "abstract_method_signature", "method_signature"}
)


class NormalForm:
    """The forms of one program's nodes. `by_names`: what depends on variables is said, too, which costs more.

    `allowed`: what may be assumed; `used`: what was.
    """

    def __init__(self, program: Program, allowed: frozenset[Assumption], *, by_names: bool) -> None:
        self.program = program
        self.used: set[Assumption] = set()
        self._allowed = allowed
        self._rules = _BY_NAMES if by_names else _RULES

    def of(self, node: Node) -> Form:
        if is_doubtful(self.program, node):
            return ("as written", node.type, self.program.slice(node))
        rule = self._rules.get(node.type) if node.is_named else None
        form = rule(self, node) if rule is not None else None
        return self.plain(node) if form is None else form

    def plain(self, node: Node) -> Form:
        """The kind of a node and the forms of what it holds, or its text."""
        kind = node.type
        if not node.is_named:
            return kind
        if node.child_count == 0 or kind in self.program.grammar.opaque:
            return (kind, self.program.slice(node))
        inside = children(node)
        if kind in _ENDED:
            inside = [child for child in inside if child.type != ";"]
        elif (
            kind in self.program.grammar.trailing_commas
            and _ends_with_comma(inside)
            and self._may_end_with_comma(node, inside)
        ):
            inside.pop(-2)
        return (kind, *self.each(inside))

    def _may_end_with_comma(self, node: Node, inside: list[Node]) -> bool:
        """Whether the comma at the end of a list says nothing; behind what is left over it is an error."""
        return inside[-3].type not in self.program.grammar.no_comma_after and not takes_no_comma(node)

    def each(self, nodes: Iterable[Node]) -> tuple[Form, ...]:
        """The forms of several nodes."""
        return tuple(map(self.of, nodes))

    def may(self, assumption: Assumption) -> bool:
        """Whether something may be assumed; it is noted that it was."""
        if assumption in self._allowed:
            self.used.add(assumption)
        return assumption in self._allowed

    def body(self, node: Node) -> Form:
        """The form of the body of a branch or a loop."""
        return synonyms.body_form(self, node)


def _ends_with_comma(inside: list[Node]) -> bool:
    """Whether a list ends with a comma that makes no hole."""
    return len(inside) > 3 and inside[-2].type == "," and inside[-3].type != ","
