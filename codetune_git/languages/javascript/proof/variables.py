"""The words that may declare a variable: `const` if it gets one value, `let` for a `var` that its block could end.

Knows variables and where they stand. A `var` is a `let` where nobody can see it before its declaration, after its block
or from one round of a loop in the next: then neither the dead zone before it nor a copy of its own for each round makes
a difference. Code on the top level of a file that may be a script of a page is left alone: it makes properties there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from codetune_git.languages.javascript.proof.bindings import FUNCTIONS, Binding, Bindings, Scope, bindings
from codetune_git.languages.javascript.proof.program import Program

_DECLARED = ("function_declaration", "generator_function_declaration")
_LOOPS = frozenset({"for_statement", "for_in_statement", "while_statement", "do_statement"})
_HELD = frozenset({"object", "pair", "array", "parenthesized_expression"})
_LISTS = frozenset(
    {"program", "statement_block", "switch_case", "switch_default", "for_statement", "class_static_block"}
)
_UNNAMED = frozenset({"function_expression", "generator_function"})
_VALUES = frozenset({"function_expression", "arrow_function", "generator_function", "method_definition"})
_MODULE = frozenset({"import_statement", "export_statement"})
# Values whose type is no narrower where the variable never gets another one.
_WIDE = frozenset({"call_expression", "new_expression", "object", "array", "await_expression", "arrow_function"})
# Names that node gives to each file, and a word of the language.
_TAKEN = frozenset({b"let", b"arguments", b"exports", b"require", b"module", b"__filename", b"__dirname"})
_GUESSED = re.compile(rb"typeof\s*\(?\s*(?:module|exports|require|define)\b")


def _ancestors(node: Node, top: Node | None) -> Iterator[Node]:
    """The nodes around a node, up to one of them; None: all."""
    outer = node.parent
    while outer is not None and outer != top:
        yield outer
        outer = outer.parent


def is_module(program: Program) -> bool:
    """Whether what a file declares is its own: it imports or exports, and does not ask whether it can."""
    if any(node.type in _MODULE for node in program.root.named_children):
        return True
    free = bindings(program).free
    asked = any(
        _is_of_node(program, use.node) for name in (b"require", b"module", b"exports") for use in free.get(name, ())
    )
    return asked and not _GUESSED.search(program.text)


def _is_of_node(program: Program, name: Node) -> bool:
    """Whether a name is used as node's modules do: `require('a')`, `module.exports`, `exports.a`."""
    outer = name.parent
    if outer is None or outer.children[0] != name:
        return False
    if program.slice(name) == b"require":
        given = outer.child_by_field_name("arguments") if outer.type == "call_expression" else None
        return given is not None and given.named_child_count == 1 and given.named_children[0].type == "string"
    is_member = outer.type in ("member_expression", "subscript_expression")
    return is_member and (program.slice(name) == b"exports" or program.slice(outer) == b"module.exports")


def first_mentions(program: Program, found: Bindings, function: Scope) -> dict[bytes, int]:
    """From which offset on each name may have been used by code that runs in a function's body.

    What a hoisted function mentions is used once the function itself is mentioned; one that is exported, wherever that
    is said, may be called by a module that imports this one in a circle.
    """
    key = (first_mentions, function.node.id)
    if key in program.notes:
        known: dict[bytes, int] = program.notes[key]
        return known
    inside: dict[bytes, set[bytes]] = {}
    first: dict[bytes, int] = {}
    stack: list[tuple[Node, bytes | None]] = [(function.node, None)]
    while stack:
        node, owner = stack.pop()
        if node.type in _DECLARED and node != function.node and owner is None:
            name = node.child_by_field_name("name")
            owner = b"" if name is None else program.slice(name)
            inside.setdefault(owner, set())
            if node.parent is not None and node.parent.type == "export_statement":
                first[owner] = 0
            stack += [(child, owner) for child in node.named_children if child != name]
        elif node.child_count:
            stack += [(child, owner) for child in node.named_children]
        elif node.parent is not None and node.parent.type == "export_specifier":
            first[program.slice(node)] = 0
        elif owner is not None:
            inside[owner].add(program.slice(node))
        else:
            mentioned = program.slice(node)
            first[mentioned] = min(first.get(mentioned, node.start_byte), node.start_byte)
    waiting = sorted((place, owner) for owner, place in first.items() if owner in inside)
    while waiting:
        place, called = waiting.pop()
        for mentioned in inside[called]:
            if place < first.get(mentioned, len(program.text) + 1):
                first[mentioned] = place
                if mentioned in inside:
                    waiting.append((place, mentioned))
    program.notes[key] = first
    return first


def _outermost_function(node: Node, top: Node) -> Node | None:
    functions = [outer for outer in _ancestors(node, top) if outer.type in FUNCTIONS]
    return functions[-1] if functions else None


def _is_seen_late(program: Program, found: Bindings, binding: Binding, declarator: Node) -> bool:
    """Whether each use of a variable comes after its declaration, also in functions that may be called earlier."""
    function = binding.home.function
    looped = declarator.child_by_field_name("right") if declarator.type == "for_in_statement" else None
    end = (declarator if looped is None else looped).end_byte
    for use in binding.uses:
        inner = _outermost_function(use.node, function.node)
        if inner is None:
            if use.node.start_byte < end:
                return False
        elif inner.type in _DECLARED:
            name = inner.child_by_field_name("name")
            mentions = first_mentions(program, found, function)
            if name is None or mentions.get(program.slice(name), end) < end:
                return False
        elif _is_exported_by_default(inner) or (inner.start_byte < end and not _is_value(inner, declarator)):
            return False
    return True


def _is_exported_by_default(function: Node) -> bool:
    """Whether a function without a name is what its module exports: it is hoisted as one with a name."""
    return function.type in _UNNAMED and function.parent is not None and function.parent.type == "export_statement"


def _is_value(function: Node, declarator: Node) -> bool:
    """Whether a function is what a variable gets, or stands in it: nobody calls it before the variable has it.

    A pattern takes its value apart, which may run what stands in it.
    """
    name = declarator.child_by_field_name("name")
    if name is None or name.type != "identifier":
        return False
    between = [outer.type for outer in _ancestors(function, declarator)]
    return function.type in _VALUES and _HELD.issuperset(between)


def _is_shared_between_rounds(binding: Binding, declarator: Node) -> bool:
    """Whether a loop could see one copy where it saw another, or what is left of the last round."""
    home, function = binding.home.node, binding.home.function.node
    loop = next((outer for outer in (home, *_ancestors(home, function)) if outer.type in _LOOPS), None)
    if home == function or loop is None:
        return False
    has_value = declarator.type == "for_in_statement" or declarator.child_by_field_name("value") is not None
    is_taken_along = any(use.scope.function is not binding.home.function for use in binding.uses)
    return is_taken_along or not has_value


def _is_shared(binding: Binding, declarator: Node) -> bool:
    """Whether another module may see a variable before it is declared, or nothing but types is declared."""
    exported = (use.node.parent for use in binding.uses)
    return (
        any(node is not None and node.type == "export_specifier" for node in exported)
        or any(outer.type == "export_statement" for outer in _ancestors(declarator, binding.home.node))
        or any(outer.type == "ambient_declaration" for outer in _ancestors(declarator, None))
    )


def _stands_in_list(declarator: Node) -> bool:
    """Whether a declaration stands where one by `let` may: in a list of statements or the head of a loop."""
    declaration = declarator if declarator.type == "for_in_statement" else declarator.parent
    outer = None if declaration is None else declaration.parent
    return declaration == declarator or (outer is not None and outer.type in _LISTS)


def may_be_let(program: Program, binding: Binding) -> bool:
    """Whether a variable that `var` declares is what `let` would make of it."""
    found = bindings(program)
    if found.is_blind or not binding.is_clear or len(binding.values) != 1 or binding.name in _TAKEN:
        return False
    home = binding.home
    if home.node.type == "switch_body" or (home.node.type == "program" and not is_module(program)):
        return False
    declarator = binding.values[0]
    if not _stands_in_list(declarator) or _is_shared(binding, declarator):
        return False
    if any(home not in use.scope.chain() for use in binding.uses):
        return False
    return _is_seen_late(program, found, binding, declarator) and not _is_shared_between_rounds(binding, declarator)


def may_be_const(program: Program, binding: Binding) -> bool:
    """Whether a variable gets one value, with its declaration."""
    if bindings(program).is_blind or not binding.is_clear or len(binding.values) != 1 or binding.is_written:
        return False
    declarator = binding.values[0]
    return declarator.type == "for_in_statement" or declarator.child_by_field_name("value") is not None


def _declared(program: Program, node: Node) -> list[Binding]:
    """The variables that a declaration or the head of a loop declares."""
    inside = {node.id} if node.type == "for_in_statement" else {child.id for child in node.named_children}
    return [each for each in bindings(program).all if any(value.id in inside for value in each.values)]


def _is_typed_alike(program: Program, binding: Binding) -> bool:
    """Whether TypeScript infers one type, whether the variable may get another value or not."""
    declarator = binding.values[0]
    if not program.is_typed or declarator.type == "for_in_statement":
        return True
    value, home = declarator.child_by_field_name("value"), binding.home.function
    if declarator.child_by_field_name("type") is None and (value is None or value.type not in _WIDE):
        return False
    return all(use.scope.function is home for use in binding.uses)


def word_of(program: Program, node: Node) -> str:
    """The strictest of `var`, `let` and `const` that a declaration or the head of a loop may begin with."""
    word = node.child_by_field_name("kind") or node.children[0]
    found = _declared(program, node)
    if word.type == "const" and any(each.is_written for each in found):
        return "const that is written"
    if word.type not in ("var", "let", "const") or not found:
        return word.type
    if word.type == "var" and not all(may_be_let(program, each) for each in found):
        return "var"
    is_const = all(may_be_const(program, each) and _is_typed_alike(program, each) for each in found)
    return "const" if is_const else "let" if word.type == "var" else word.type
