"""Annotations: `Optional[X]` or `X | None`, `Union[X, Y]` or `X | Y`, `List[X]` or `list[X]`.

Knows annotations that stand in the code, and what the file imports from typing. Does not know annotations inside
strings, aliases of types, or which Python the project runs on. So the newer spelling can be written only where
annotations are not evaluated or the file already uses it, the older one only where the file imports a name for it.
Either is counted where the other cannot be written, too: it is how the repository annotates.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from tree_sitter import Node

from codetune_git.languages.python.conventions.idioms.choices import Choice, convention, spelling
from codetune_git.languages.python.conventions.idioms.file_facts import File
from codetune_git.languages.python.conventions.idioms.scopes import function_of
from codetune_git.languages.python.proof.module_facts import BUILTIN_GENERICS

_GENERIC_NAMES = {builtin: member for member, builtin in BUILTIN_GENERICS.items()}
_BAR = re.compile(rb"\|(?!=)")
_GENERIC = re.compile(rb"\b(?:list|dict|set|frozenset|tuple|type)(?=\[)")
_UNIONS = frozenset({"binary_operator", "union_type"})
_SUBSCRIPTED = frozenset({"generic_type", "subscript"})
_INSIDE = _UNIONS | _SUBSCRIPTED | {"type", "type_parameter", "list", "tuple"}
_ROLES = {
    "typed_parameter": "parameter",
    "typed_default_parameter": "parameter",
    "function_definition": "return",
    "assignment": "variable",
}


def _base(node: Node) -> Node | None:
    return node.child_by_field_name("value") or (node.children[0] if node.type == "generic_type" else None)


def _role(file: File, node: Node) -> str:
    """What the annotation around `node` is of: parameter, return or variable; "" if there is none or it is literal."""
    below, above = node, node.parent
    while above is not None and above.type in _INSIDE:
        base = _base(above) if above.type in _SUBSCRIPTED else None
        if base is not None and (base == below or file.typing_member(base) in ("Literal", "Annotated")):
            return ""
        below, above = above, above.parent
    return _ROLES.get(above.type, "") if above is not None and below.type == "type" else ""


def _unwrapped(node: Node) -> Node:
    return node.children[0] if node.type == "type" and node.child_count == 1 else node


def _is_union(node: Node) -> bool:
    return node.type == "union_type" or (node.type == "binary_operator" and node.children[1].type == "|")


def _is_evaluated(file: File, node: Node) -> bool:
    """Whether `node` stands in an annotation that Python looks at: not that of a function's own variable."""
    role = _role(file, node)
    return bool(role) and (role != "variable" or function_of(node) is None)


def _found_beside(file: File, node: Node, pattern: re.Pattern[bytes]) -> bool:
    """Whether another evaluated annotation is written as `pattern` says: this file is for a Python that knows it."""
    root = file.source.tree.root_node
    for match in pattern.finditer(file.text):
        if node.start_byte <= match.start() < node.end_byte:
            continue
        found = root.descendant_for_byte_range(match.start(), match.start() + 1)
        whole = found.parent if found is not None and found.type in ("|", "identifier") else None
        if whole is not None and whole.type in _UNIONS | _SUBSCRIPTED and _is_evaluated(file, whole):
            return True
    return False


def _members(node: Node) -> list[Node]:
    """The members of `A | B | C`."""
    node = _unwrapped(node)
    return [m for child in node.named_children for m in _members(child)] if _is_union(node) else [node]


def _arguments(node: Node) -> list[Node]:
    """What stands in the brackets of `A[B, C]`."""
    if node.type == "subscript":
        return node.children_by_field_name("subscript")
    return [_unwrapped(child) for child in node.children[-1].named_children]


def _typing_subscript(file: File, node: Node) -> str:
    """The member of typing that is subscripted at `node`, or ""."""
    base = _base(node) if node.type in _SUBSCRIPTED else None
    return file.typing_member(base) if base is not None else ""


def _written(file: File, member: str, content: bytes, node: Node) -> bytes | None:
    name = file.typing_name(member)
    return name.encode() + file.bracketed("[", content, node) if name else None


def _optional(file: File, members: list[Node], node: Node) -> Mapping[str, bytes | None]:
    """Both spellings of a union with None, the other members given."""
    names = [file.slice(member) for member in members]
    inner = names[0] if len(names) == 1 else _written(file, "Union", b", ".join(names), node)
    optional = _written(file, "Optional", inner, node) if inner else None
    return {"typing": optional, "pipe": b" | ".join([*names, b"None"])}


def _parts(file: File, node: Node) -> tuple[list[Node], bool]:
    """The members of a union but for None, and whether None is one; no members where the spelling is another."""
    if _is_union(node):
        members = _members(node)
        ends_in_none = members[-1].type == "none"
        members = members[:-1] if ends_in_none else members
    else:
        members, ends_in_none = _arguments(node), _typing_subscript(file, node) == "Optional"
        if ends_in_none and len(members) == 1 and _typing_subscript(file, members[0]) == "Union":
            members = _arguments(members[0])
    mixed = any(_is_union(m) or m.type == "none" or _typing_subscript(file, m) in _OLD for m in members)
    return ([] if mixed else members), ends_in_none


_OLD = ("Optional", "Union")


def _part_of_union(file: File, node: Node) -> bool:
    parent = node.parent
    while parent is not None and parent.type in ("type", "type_parameter"):
        parent = parent.parent
    return parent is not None and (_is_union(parent) or _typing_subscript(file, parent) in _OLD)


def _union(file: File, node: Node) -> tuple[str, Choice] | None:
    """The choice at a union, and which convention it belongs to."""
    old = _typing_subscript(file, node) in _OLD
    if not old and not _is_union(node):
        return None
    role = _role(file, node)
    if not role or _part_of_union(file, node):
        return None
    members, has_none = _parts(file, node)
    quoted = any(m.type == "string" for m in members)
    free = file.postponed or (not quoted and _found_beside(file, node, _BAR))
    if len(members) < (1 if has_none else 2):
        return None
    names = [file.slice(member) for member in members]
    if has_none:
        texts = _optional(file, members, node)
    else:
        texts = {"typing": _written(file, "Union", b", ".join(names), node), "pipe": b" | ".join(names)}
    if old and not free:
        texts = {**texts, "pipe": None}
    choice = spelling(file, (node.start_byte, node.end_byte), texts, (role, _evaluated(file)), counted=True)
    kind = "optional" if has_none and len(members) == 1 else "union"
    return (kind, choice) if choice else None


def _evaluated(file: File) -> str:
    return "postponed" if file.postponed else "evaluated"


def _optional_annotation(file: File, node: Node) -> Choice | None:
    found = _union(file, node)
    return found[1] if found and found[0] == "optional" else None


def _union_annotation(file: File, node: Node) -> Choice | None:
    found = _union(file, node)
    return found[1] if found and found[0] == "union" else None


def _generic_annotation(file: File, node: Node) -> Choice | None:
    base = _base(node)
    if base is None or not (role := _role(file, node)):
        return None
    member = file.typing_member(base)
    old = member in BUILTIN_GENERICS
    builtin = BUILTIN_GENERICS[member] if old else file.slice(base).decode(errors="replace")
    if builtin not in _GENERIC_NAMES or file.binds(builtin):
        return None
    free = not old or file.postponed or _found_beside(file, node, _GENERIC)
    name = file.typing_name(_GENERIC_NAMES[builtin])
    texts = {"typing": name.encode() if name else None, "builtin": builtin.encode() if free else None}
    return spelling(file, (base.start_byte, base.end_byte), texts, (role, builtin, _evaluated(file)), counted=True)


_NODES = _UNIONS | _SUBSCRIPTED
_EITHER = ("typing", "pipe")

CONVENTIONS = (
    convention("optional_annotation", "annotations with None", _EITHER, _NODES, choose=_optional_annotation),
    convention("union_annotation", "annotations with alternatives", _EITHER, _NODES, choose=_union_annotation),
    convention(
        "generic_annotation",
        "annotations of containers",
        ("typing", "builtin"),
        _SUBSCRIPTED,
        choose=_generic_annotation,
    ),
)
