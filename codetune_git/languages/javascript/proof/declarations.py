"""Synonyms of declarations, by what their variables allow. Knows no other statement."""

from __future__ import annotations

from tree_sitter import Node

from codetune_git.languages.javascript.proof.forms import Form, Forms, Rule
from codetune_git.languages.javascript.proof.program import children
from codetune_git.languages.javascript.proof.variables import word_of


def _declaration(forms: Forms, node: Node) -> Form:
    """A declaration of variables by the strictest word that it may begin with."""
    _, *declarators = (child for child in children(node) if child.type != ";")
    return ("declaration", word_of(forms.program, node), *forms.each(declarators))


def _loop(forms: Forms, node: Node) -> Form | None:
    """A loop over what an object holds."""
    if (word := node.child_by_field_name("kind")) is None:
        return None
    *head, body = (child for child in children(node) if child != word)
    return ("loop", word_of(forms.program, node), *forms.each(head), forms.body(body))


RULES: dict[str, Rule] = {
    "variable_declaration": _declaration,
    "lexical_declaration": _declaration,
    "for_in_statement": _loop,
}
