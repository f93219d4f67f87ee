"""Spellings of expressions and statements that mean the same, each with what it depends on.

Knows single nodes and what they hold. Does not know names: what depends on a variable stands elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from tree_sitter import Node

from codetune_git.languages.javascript.proof import literal_forms
from codetune_git.languages.javascript.proof.forms import Form, Forms, Rule
from codetune_git.languages.javascript.proof.literals import is_key
from codetune_git.languages.javascript.proof.program import children

RUNS = frozenset({"program", "statement_block"})
# Statements that declare no name of the block they stand in.
_STATED = frozenset(
    {"expression_statement", "variable_declaration", "if_statement", "for_statement", "for_in_statement"}
    | {"while_statement", "do_statement", "return_statement", "throw_statement", "break_statement"}
    | {"continue_statement", "try_statement", "switch_statement"}
)
_CHAINED = frozenset({"member_expression", "subscript_expression", "call_expression", "non_null_expression"})
# Operands that only parentheses may stand around (ECMAScript: `-a ** b`, `a ?? b || c` are no programs).
_STRICT = frozenset({"**", "??"})
# Where what stands in parentheses is read in another way without them.
_KEPT_IN = frozenset(
    {"export_statement", "class_heritage", "extends_clause", "decorator", "new_expression", "array_pattern"}
    | {"object_pattern", "rest_pattern", "pair_pattern", "augmented_assignment_expression", "for_in_statement"}
)
_SEQUENCES_IN = frozenset({"return_statement", "throw_statement", "expression_statement", "arrow_function"})
# What reaches as far as it can, and what would then reach into it.
_LOOSE = frozenset(
    {"arrow_function", "yield_expression", "assignment_expression", "augmented_assignment_expression"}
    | {"ternary_expression", "as_expression", "satisfies_expression"}
)
_TIGHT = _CHAINED | {
    "binary_expression", "unary_expression", "await_expression", "update_expression", "ternary_expression",
    "as_expression", "satisfies_expression", "type_assertion",
}  # fmt: skip
# Names that are words of the language in front of some others.
_WORDS = re.compile(rb"let\b|(?:async|await|eval|yield)$")


def _has_chain(node: Node) -> bool:
    """Whether `?.` stands in a chain of members and calls."""
    while node.type in _CHAINED and node.child_count:
        if any(child.type in ("optional_chain", "?.") for child in node.children):
            return True
        node = node.children[0]
    return False


def _is_kept(forms: Forms, node: Node, inner: Node, parent: Node) -> bool:
    """Whether parentheses around an expression say something."""
    kind, text = parent.type, forms.program.slice(inner)
    before = node.prev_sibling
    # A comment in front may say which type it is that stands in parentheses.
    if kind in _KEPT_IN or forms.program.text[max(0, node.start_byte - 99) : node.start_byte].rstrip().endswith(b"*/"):
        return True
    if kind == "assignment_expression" and before is None:
        return True
    if inner.type in _LOOSE and kind in _TIGHT:
        return True
    if inner.type == "sequence_expression" and kind not in _SEQUENCES_IN:
        return True
    if inner.type in ("string", "template_string") and kind == "expression_statement":
        return True
    if _WORDS.match(text) or (kind in _CHAINED and _has_chain(inner)):
        return True
    operators = [child.type for node in (parent, inner) if node.type == "binary_expression" for child in node.children]
    return not _STRICT.isdisjoint(operators)


def _parenthesized(forms: Forms, node: Node) -> Form | None:
    inside, parent = node.named_children, node.parent
    if parent is None or len(inside) != 1 or node.child_count != 3:
        return None
    return None if _is_kept(forms, node, inside[0], parent) else forms.of(inside[0])


def _access(forms: Forms, node: Node) -> Form | None:
    """`a.b` and `a['b']`; in TypeScript the second sees private members, too."""
    owner, key = node.child_by_field_name("object"), node.child_by_field_name("index")
    key = key or node.child_by_field_name("property")
    if owner is None or key is None or key.type not in ("string", "property_identifier"):
        return None
    text = forms.program.slice(key)
    if key.type == "string" and (forms.program.is_typed or not is_key(text[1:-1])):
        return None
    name = text[1:-1] if key.type == "string" else text
    is_optional = any(child.type in ("optional_chain", "?.") for child in node.children)
    return ("access", forms.of(owner), name, is_optional)


def _new(forms: Forms, node: Node) -> Form | None:
    """`new A` and `new A()`."""
    inside = children(node)
    if inside[-1].type == "arguments" and len(children(inside[-1])) == 2:
        inside = inside[:-1]
    return ("new", *forms.each(inside))


# Statements


def body_form(forms: Forms, node: Node) -> Form:
    """The body of a branch or a loop: braces around one statement say nothing unless it declares a name."""
    if node.type == "empty_statement":
        return "empty"
    if node.type != "statement_block":
        return forms.of(node)
    inside = [child for child in children(node)[1:-1] if child.type != "empty_statement"]
    if not inside:
        return "empty"
    is_bare = len(inside) == 1 and inside[0].type in _STATED
    return body_form(forms, inside[0]) if is_bare else forms.of(node)


def _owner(forms: Forms, node: Node) -> Form:
    """A statement that holds another one, last or before its `else` or `while`."""
    held = node.child_by_field_name("consequence") or node.child_by_field_name("body") or node.children[-1]
    inside = [child for child in children(node) if child.type != ";" or node.type == "for_statement"]
    return (node.type, *(body_form(forms, child) if child == held else forms.of(child) for child in inside))


def _statement(forms: Forms, node: Node) -> Form | None:
    """A string as a statement: at the beginning of a body it is a directive as it is spelled."""
    inside = [child for child in children(node) if child.type != ";"]
    if len(inside) == 1 and inside[0].type == "string":
        return ("directive", forms.program.slice(inside[0])[1:-1])
    return None


def statements(forms: Forms, block: Node, inside: Iterable[Node]) -> Form:
    """Statements in a row of a block; empty ones do nothing, but a string behind one at the start is no directive."""
    guarded = _guarded(children(block))
    kept = [node for node in inside if node.type != "empty_statement" and not node.is_extra]
    return (block.type, str(guarded), *forms.each(kept))


def _block(forms: Forms, node: Node) -> Form:
    return statements(forms, node, children(node))


def _guarded(inside: list[Node]) -> int | None:
    """From which statement on a string is no directive since an empty one stands before it; None where none does."""
    held = [node for node in inside if node.is_named and not node.is_extra]
    for place, node in enumerate(held):
        if node.type == "empty_statement":
            return place if _has_string(held) else None
        if node.type != "expression_statement" or node.children[0].type != "string":
            return None
    return None


def _has_string(statements: list[Node]) -> bool:
    return any(child.type == "string" for statement in statements for child in statement.children)


RULES: dict[str, Rule] = {
    **literal_forms.RULES,
    "parenthesized_expression": _parenthesized,
    "subscript_expression": _access,
    "member_expression": _access,
    "new_expression": _new,
    "if_statement": _owner,
    "else_clause": _owner,
    "for_statement": _owner,
    "for_in_statement": _owner,
    "while_statement": _owner,
    "do_statement": _owner,
    "with_statement": _owner,
    "expression_statement": _statement,
    "statement_block": _block,
    "program": _block,
}
