"""The variables of a file: where each is declared, read and written, by the scopes of ECMAScript.

Knows syntax alone. Does not know what may be concluded. A file that looks names up at run time (`eval`, `with`) has no
clear variable, nor has one that spells a name with escapes, nor a name that is declared twice, or in a block as a
function. In a file that is nested too deep to walk there is none either.
Source: ECMAScript, "Scope Analysis".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from codetune_git.languages.javascript.proof.program import Program

FUNCTIONS = frozenset(
    {"function_declaration", "generator_function_declaration", "function_expression", "generator_function"}
    | {"arrow_function", "method_definition", "function_signature", "class_static_block", "internal_module", "module"}
)
_HOISTED = frozenset({"function_declaration", "generator_function_declaration", "function_signature"})
_CLASSES = frozenset({"class_declaration", "abstract_class_declaration", "class"})
_TYPES = frozenset({"interface_declaration", "type_alias_declaration", "enum_declaration", "import_alias"})
_BLOCKS = frozenset({"statement_block", "for_statement", "for_in_statement", "switch_body", "catch_clause"})
NAMES = frozenset({"identifier", "shorthand_property_identifier", "shorthand_property_identifier_pattern"})
_PATTERNS = frozenset(
    {"array_pattern", "object_pattern", "pair_pattern", "rest_pattern", "assignment_pattern", "required_parameter"}
    | {"non_null_expression", "as_expression", "satisfies_expression", "type_assertion"}
    | {"object_assignment_pattern", "optional_parameter", "formal_parameters", "parenthesized_expression"}
)
_WRITES = {"assignment_expression": "left", "augmented_assignment_expression": "left", "update_expression": "argument"}


@dataclass(slots=True, eq=False)
class Scope:
    """What names are known in: a function or the file, a block, or the head of a loop."""

    node: Node
    parent: Scope | None
    is_function: bool
    names: dict[bytes, Binding] = field(default_factory=dict)

    @property
    def function(self) -> Scope:
        """The scope of the function around it."""
        return self if self.is_function or self.parent is None else self.parent.function

    def chain(self) -> Iterator[Scope]:
        """It and the scopes around it."""
        scope: Scope | None = self
        while scope is not None:
            yield scope
            scope = scope.parent


@dataclass(slots=True, eq=False)
class Binding:
    """A variable: how it is declared (`kind`), where (`home`), by which name nodes, and where it is used.

    `values` are the declarators and loops that declare it. `is_clear`: its declaration is the only one.
    """

    name: bytes
    kind: str
    home: Scope
    declared: list[Node]
    values: list[Node] = field(default_factory=list)
    uses: list[Use] = field(default_factory=list)
    is_clear: bool = True

    @property
    def is_written(self) -> bool:
        """Whether it gets a value beside the one that it is declared with."""
        return any(use.is_write for use in self.uses)


@dataclass(frozen=True, slots=True)
class Use:
    """Where a name stands for a value."""

    node: Node
    scope: Scope
    is_write: bool


@dataclass(slots=True)
class Bindings:
    """The variables of a file. `by_place` has them by the offset of each name that stands for one."""

    root: Scope
    is_blind: bool = False
    by_place: dict[int, Binding] = field(default_factory=dict)
    free: dict[bytes, list[Use]] = field(default_factory=dict)
    all: list[Binding] = field(default_factory=list)


class _Reader:
    """Walks a tree once: scopes and what they declare first, then which declaration each name means."""

    def __init__(self, program: Program) -> None:
        self.program = program
        self.found = Bindings(Scope(program.root, None, True))
        self.uses: list[Use] = []

    def read(self) -> Bindings:
        for child in self.program.root.children:
            self.visit(child, self.found.root)
        for use in self.uses:
            name = self.program.slice(use.node)
            self.found.is_blind = self.found.is_blind or b"\\" in name
            binding = next((s.names[name] for s in use.scope.chain() if name in s.names), None)
            if binding is None:
                self.found.free.setdefault(name, []).append(use)
            else:
                binding.uses.append(use)
                self.found.by_place[use.node.start_byte] = binding
        self.found.is_blind = self.found.is_blind or b"eval" in self.found.free
        return self.found

    def declare(self, node: Node, kind: str, home: Scope, value: Node | None = None) -> None:
        """Declare the name that a node is; that of a `var` is known in all of its function."""
        name = self.program.slice(node)
        scope = home.function if kind == "var" else home
        binding = scope.names.get(name)
        if binding is None:
            binding = scope.names[name] = Binding(name, kind, home, [node])
            self.found.all.append(binding)
        else:
            binding.declared.append(node)
            binding.is_clear = False
        if value is not None:
            binding.values.append(value)
        for between in home.chain():
            if between is scope:
                break
            if name in between.names:
                between.names[name].is_clear = binding.is_clear = False
        self.found.by_place[node.start_byte] = binding

    def names(self, pattern: Node, scope: Scope) -> Iterator[Node]:
        """The names that a pattern gives values to; what else stands in it is visited."""
        kind = pattern.type
        if kind in NAMES:
            yield pattern
        elif kind in _PATTERNS:
            inside = pattern.named_children
            if kind == "pair_pattern":
                self.visit(inside[0], scope)
                inside = inside[1:]
            elif kind in (
                "assignment_pattern",
                "object_assignment_pattern",
                "required_parameter",
                "optional_parameter",
            ):
                target = pattern.child_by_field_name("left") or pattern.child_by_field_name("pattern")
                for child in inside:
                    if child != target:
                        self.visit(child, scope)
                inside = [] if target is None else [target]
            for child in inside:
                yield from self.names(child, scope)
        else:
            self.visit(pattern, scope)

    def bind(self, pattern: Node | None, kind: str, home: Scope, value: Node | None = None) -> None:
        """Declare all names of a pattern."""
        for name in [] if pattern is None else self.names(pattern, home):
            self.declare(name, kind, home, value)

    def visit(self, node: Node, scope: Scope) -> None:
        kind = node.type
        if kind in NAMES or kind == "type_identifier":
            self.uses.append(Use(node, scope, False))
        elif node.child_count:
            self._visit_inner(node, kind, scope)

    def _visit_inner(self, node: Node, kind: str, scope: Scope) -> None:
        if kind in ("variable_declaration", "lexical_declaration", "using_declaration"):
            self._declaration(node, scope)
        elif kind in FUNCTIONS:
            self._function(node, kind, scope)
        elif kind in _CLASSES:
            self._class(node, scope)
        elif kind in _WRITES:
            self._write(node, node.child_by_field_name(_WRITES[kind]), scope)
        elif kind == "for_in_statement":
            self._loop(node, Scope(node, scope, False))
        elif kind == "catch_clause":
            inner = Scope(node, scope, False)
            self.bind(node.child_by_field_name("parameter"), "catch", inner)
            self._rest(node, inner, node.child_by_field_name("parameter"))
        elif kind in ("import_specifier", "namespace_import", "import_clause", "import_require_clause"):
            self._imported(node, scope)
        elif kind == "export_specifier":
            self.visit(node.named_children[0], scope)
        elif kind in _TYPES:
            name = node.child_by_field_name("name") or node.named_children[0]
            self.declare(name, "type", scope)
            self._rest(node, scope, name)
        else:
            self.found.is_blind = self.found.is_blind or kind == "with_statement"
            self._rest(node, Scope(node, scope, False) if kind in _BLOCKS else scope)

    def _rest(self, node: Node, scope: Scope, *known: Node | None) -> None:
        for child in node.named_children:
            if child not in known:
                self.visit(child, scope)

    def _declaration(self, node: Node, scope: Scope) -> None:
        word = self.program.slice(node.children[0]).decode()
        for declarator in node.named_children:
            if declarator.type == "variable_declarator":
                pattern = declarator.child_by_field_name("name")
                self._rest(declarator, scope, pattern)
                self.bind(pattern, word, scope, declarator)

    def _function(self, node: Node, kind: str, scope: Scope) -> None:
        name = node.child_by_field_name("name")
        inner = Scope(node, scope, True)
        if name is not None and kind in _HOISTED:
            self.declare(name, "function", scope)
            if not scope.is_function:  # in loose code it is known in the function, too
                self.declare(name, "function", scope.function)
                self.found.by_place[name.start_byte].is_clear = scope.names[self.program.slice(name)].is_clear = False
        elif name is not None and name.type == "identifier":
            inner = Scope(node, Scope(node, scope, False), True)
            self.declare(name, "function name", inner.parent or scope)
        elif name is not None:
            self.visit(name, scope)
        one = node.child_by_field_name("parameter")
        parameters, body = node.child_by_field_name("parameters"), node.child_by_field_name("body")
        for pattern in (one, parameters):
            self.bind(pattern, "parameter", inner)
        self._rest(node, inner, name, one, parameters, body)
        if body is not None and body.type == "statement_block":
            self._rest(body, inner)
        elif body is not None:
            self.visit(body, inner)

    def _class(self, node: Node, scope: Scope) -> None:
        name = node.child_by_field_name("name")
        inner = Scope(node, scope, True)  # what its fields mention is looked up when an object is made
        if name is not None:
            self.declare(name, "class", scope if node.type != "class" else inner)
        self._rest(node, inner, name)

    def _write(self, node: Node, target: Node | None, scope: Scope) -> None:
        self._rest(node, scope, target)
        if target is not None:
            self.uses += [Use(name, scope, True) for name in self.names(target, scope)]

    def _loop(self, node: Node, scope: Scope) -> None:
        word, left = node.child_by_field_name("kind"), node.child_by_field_name("left")
        if word is not None:
            self.bind(left, word.type, scope, node)
            self._rest(node, scope, left)
        else:
            self._write(node, left, scope)

    def _imported(self, node: Node, scope: Scope) -> None:
        names = [child for child in node.named_children if child.type == "identifier"]
        for name in names[-1:]:
            self.declare(name, "import", scope)
        self._rest(node, scope, *names)


def bindings(program: Program) -> Bindings:
    """The variables of a program; read once."""
    if bindings not in program.notes:
        try:
            program.notes[bindings] = _Reader(program).read()
        except RecursionError:
            program.notes[bindings] = Bindings(Scope(program.root, None, True), is_blind=True)
    found: Bindings = program.notes[bindings]
    return found
