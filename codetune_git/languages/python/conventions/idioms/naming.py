"""Case of local names: `first_name` or `firstName`.

Knows the names of two and more words that a function binds for itself only. Does not know parameters, attributes, or
names of modules and classes; a name that a nested function, class or comprehension binds or a nested function or class
mentions is left alone, and so is one that stands in a string of the function, and all names of a function that could
look them up at run time. This is the same notion as in
proof/renaming.py, which proves what is offered here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.idioms.choices import nodes_of
from codetune_git.languages.python.proof.renaming import REFLECTIVE
from codetune_git.text.source import Source

_CONVENTION = "local_naming"
_WORDS = re.compile(
    rb"(?<![\w.])(?:[a-z][a-z0-9]*(?:_[a-z0-9]+)+|[a-z][a-z0-9]*(?:[A-Z][a-z0-9]+)*[A-Z][a-z0-9]*)(?!\w)"
)
_STEP = re.compile(rb"_([a-z])")
_HUMP = re.compile(rb"([A-Z])")
_REFLECTIVE = re.compile(b"|".join(rb"\b%s\b" % name.encode() for name in sorted(REFLECTIVE)))
_BINDING_FIELDS = {
    "assignment": "left",
    "augmented_assignment": "left",
    "for_statement": "left",
    "for_in_clause": "left",
    "named_expression": "name",
    "default_parameter": "name",
}
_OTHER_NAMES = {"attribute": "attribute", "keyword_argument": "name"}
_PATTERNS = frozenset({"pattern_list", "tuple_pattern", "list_pattern", "list_splat_pattern", "tuple", "list"})
_FIXING = frozenset({"lambda_parameters", "dictionary_splat_pattern", "dotted_name", "aliased_import"})
_DECLARATIONS = frozenset({"global_statement", "nonlocal_statement"})
_FIXED_PLACES = frozenset({"case_pattern", "type_alias_statement"})
_SCOPES = frozenset({"function_definition", "class_definition"})
_KINDS = {"assignment": "assignment", "augmented_assignment": "assignment", "for_statement": "for"}


@dataclass(slots=True)
class _Name:
    """A name in a function: where it stands, where and how it is first bound ("": nowhere), whether it must stay."""

    spans: list[tuple[int, int]] = field(default_factory=list)
    first: int = 0
    bound: str = ""
    fixed: bool = False


def _other_case(name: bytes) -> tuple[str, str, bytes] | None:
    """The case of `name`, the other case, and the name in the other case; None if there is no way back."""
    if b"_" not in name:
        return "camel", "snake", _HUMP.sub(lambda match: b"_" + match[1].lower(), name)
    camel = _STEP.sub(lambda match: match[1].upper(), name)
    return ("snake", "camel", camel) if _WORDS.fullmatch(camel) and b"_" not in camel else None


def _in_text(node: Node) -> bool:
    """Whether `node` is the content of a string that is not a statement: a query, a template."""
    string = node.parent
    statement = string.parent if string is not None else None
    return node.type == "string_content" and statement is not None and statement.type != "expression_statement"


def _role(node: Node) -> str:
    """What the identifier `node` does to its name: "fixed", "use", or how it binds it; "" if it is not a variable."""
    below, above = node, node.parent
    while above is not None and above.type in _PATTERNS:
        below, above = above, above.parent
    kind = above.type if above is not None else ""
    if above is None or kind in _FIXING | _DECLARATIONS | _SCOPES:
        return "fixed"
    if kind in _OTHER_NAMES and above.child_by_field_name(_OTHER_NAMES[kind]) == below:
        return ""
    if kind == "interpolation":
        return "fixed" if any(child.type == "=" for child in above.children) else "use"
    if kind == "as_pattern_target":
        return "as"
    if kind not in _BINDING_FIELDS or above.child_by_field_name(_BINDING_FIELDS[kind]) != below:
        return "use"
    return "fixed" if kind in ("for_in_clause", "default_parameter") else _KINDS.get(kind, "other")


def _functions(node: Node) -> tuple[list[Node], bool]:
    """The functions around `node`, inmost first, and whether it stands in the own scope of the first."""
    functions: list[Node] = []
    own = True
    below, above = node, node.parent
    while above is not None:
        if above.type == "function_definition":
            own = own and (bool(functions) or above.child_by_field_name("body") == below)
            functions.append(above)
        elif above.type in _FIXED_PLACES or (above.type == "class_definition" and not functions):
            own = False
        below, above = above, above.parent
    return functions, own


def _enter(names: _Names, node: Node, word: bytes, role: str) -> None:
    functions, own = _functions(node)
    for function in functions[0 if not own or role == "fixed" else 1 :]:
        names.setdefault(function.id, {}).setdefault(word, _Name()).fixed = True
    if not own or not functions:
        return
    name = names.setdefault(functions[0].id, {}).setdefault(word, _Name())
    name.spans.append((node.start_byte, node.end_byte))
    if role not in ("use", "fixed") and not name.bound:
        name.first, name.bound = node.start_byte, role


_Names = dict[int, dict[bytes, _Name]]


def _names_in(source: Source, function: Node) -> _Names:
    """The names of two and more words in `function` and in the functions inside it, by function."""
    names: _Names = {}
    for match in _WORDS.finditer(source.text, function.start_byte, function.end_byte):
        node = function.descendant_for_byte_range(*match.span())
        if node is None:
            continue
        if _in_text(node):
            _enter(names, node, match[0], "fixed")
        elif node.type == "identifier" and (role := _role(node)):
            _enter(names, node, match[0], role)
    return names


def _locals(source: Source, function: Node) -> Iterator[tuple[Site, tuple[Edit, ...]]]:
    """The sites in a function and the functions inside it, each with the edits that write it in the other case."""
    reflective = _REFLECTIVE.search(source.text, function.start_byte, function.end_byte)
    for names in () if reflective else _names_in(source, function).values():
        for word, name in names.items():
            cases = _other_case(word)
            if not name.bound or name.fixed or cases is None or cases[2] in names:
                continue
            variant, _, other = cases
            size = "two" if len(_STEP.findall(word) or _HUMP.findall(word)) == 1 else "more"
            site = Site(_CONVENTION, name.first, name.first + len(word), variant, (name.bound, size))
            yield site, tuple(Edit(start, end, other) for start, end in name.spans)


def _outermost(source: Source) -> Iterator[Node]:
    end = -1
    for node in nodes_of(source, "function_definition"):
        if node.start_byte >= end:
            end = node.end_byte
            yield node


def _sites(source: Source) -> Iterator[Site]:
    found = [site for function in _outermost(source) for site, _ in _locals(source, function)]
    yield from sorted(found, key=lambda site: site.start)


def _rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    """The edits that rename the local at `site` everywhere in its function."""
    node = source.tree.root_node.descendant_for_byte_range(site.start, site.end)
    outermost = _functions(node)[0][-1:] if node is not None else []
    for function in outermost:
        for found, edits in _locals(source, function):
            if found == site and variant != site.variant:
                return edits
    return None


CONVENTIONS = (Convention(_CONVENTION, "case of local names", ("snake", "camel"), _sites, _rewrite),)
