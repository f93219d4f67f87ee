"""Classes: `super()` or `super(A, self)`, `class A`, `class A()` or `class A(object)`.

Knows a class and its methods. Does not know other classes. Python 3 is assumed.
"""

from __future__ import annotations

from tree_sitter import Node

from codetune_git.languages.python.conventions.idioms.choices import Choice, convention, spelling
from codetune_git.languages.python.conventions.idioms.file_facts import File
from codetune_git.languages.python.conventions.idioms.scopes import function_of, is_decorated, scope_around


def _nameable_class(function: Node) -> Node | None:
    """The class whose method `function` is, if the method can name it: a decorator may replace it by another class."""
    owner = scope_around(function)
    if owner is None or owner.type != "class_definition" or is_decorated(owner):
        return None
    outer = scope_around(owner)
    return owner if outer is not None and outer.type != "class_definition" else None


def _super_form(file: File, node: Node) -> Choice | None:
    """`super()` or `super(A, self)`, directly in a method of a class A that its name surely stands for."""
    if not file.begins(node, b"super("):
        return None
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is None or arguments is None or file.slice(function) != b"super" or arguments.type != "argument_list":
        return None
    method = function_of(node)
    owner = _nameable_class(method) if method is not None else None
    parameters = method.child_by_field_name("parameters") if method is not None else None
    if method is None or owner is None or parameters is None or not parameters.named_child_count or file.binds("super"):
        return None
    first, name = parameters.named_children[0], owner.child_by_field_name("name")
    if first.type != "identifier" or name is None or file.binds(file.slice(first).decode(), parameters=False):
        return None
    texts: dict[str, bytes | None] = {
        "bare": b"super()",
        "arguments": b"super" + file.bracketed("(", file.slice(name) + b", " + file.slice(first), node),
    }
    method_name = method.child_by_field_name("name")
    context = "init" if method_name is not None and file.slice(method_name) == b"__init__" else "other"
    return spelling(file, (node.start_byte, node.end_byte), texts, (context,))


def _object_base(file: File, node: Node) -> Choice | None:
    name, bases = node.child_by_field_name("name"), node.child_by_field_name("superclasses")
    if name is None or file.binds("object") or node.child_by_field_name("type_parameters") is not None:
        return None
    if bases is not None and any(file.slice(base) != b"object" for base in bases.named_children):
        return None
    end = bases.end_byte if bases is not None else name.end_byte
    if file.text[end : end + 1] != b":":
        return None
    written = file.slice(name)
    texts: dict[str, bytes | None] = {
        "object": written + file.bracketed("(", b"object", node),
        "bare": written,
        "empty": written + b"()",
    }
    return spelling(file, (name.start_byte, end), texts, ())


CONVENTIONS = (
    convention("super_form", "form of super", ("bare", "arguments"), frozenset({"call"}), choose=_super_form),
    convention(
        "object_base",
        "classes without bases",
        ("object", "bare", "empty"),
        frozenset({"class_definition"}),
        choose=_object_base,
    ),
)
