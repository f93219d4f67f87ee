"""Containers and what could be called instead: `{}` or `dict()`, `{'a': b}` or `dict(a=b)`, `[..]` or `list(..)`.

Knows displays, comprehensions and calls of the built-in constructors. Does not know strings or numbers. Where the file
gives a constructor's name a meaning of its own, there is no choice.
"""

from __future__ import annotations

import keyword

from tree_sitter import Node

from codetune_git.languages.python.conventions.idioms.choices import Choice, convention, place_of, spelling
from codetune_git.languages.python.conventions.idioms.file_facts import File

_EMPTY = {"dictionary": ("dict", b"{}"), "list": ("list", b"[]"), "tuple": ("tuple", b"()")}
_BY_NAME = {name.encode(): (name, text) for name, text in _EMPTY.values()}
# `Callable[[], None]`
_ANNOTATIONS = frozenset({"type", "type_parameter", "subscript"})
_COMPREHENSIONS = {"list_comprehension": "list", "set_comprehension": "set", "dictionary_comprehension": "dict"}


def _called(file: File, node: Node) -> tuple[bytes, Node] | None:
    """The name of the function that a call calls, and its arguments; None unless it is a plain name."""
    function, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if function is None or arguments is None or function.type != "identifier":
        return None
    return file.slice(function), arguments


def _one_line(node: Node) -> bool:
    return node.start_point.row == node.end_point.row


def _empty_literal(file: File, node: Node) -> Choice | None:
    if node.type == "call":
        called = _called(file, node) if file.begins(node, b"dict()", b"list()", b"tuple()") else None
        kind = _BY_NAME.get(called[0]) if called and file.slice(called[1]) == b"()" else None
    else:
        kind = None if node.named_child_count else _EMPTY[node.type]
    if kind is None or file.binds(kind[0]) or (node.parent is not None and node.parent.type in _ANNOTATIONS):
        return None
    texts: dict[str, bytes | None] = {"literal": kind[1], "call": kind[0].encode() + b"()"}
    return spelling(file, (node.start_byte, node.end_byte), texts, (kind[0], place_of(node)))


def _keyword_arguments(file: File, arguments: Node) -> list[tuple[bytes, bytes]] | None:
    pairs = [
        (child.child_by_field_name("name"), child.child_by_field_name("value")) for child in arguments.named_children
    ]
    if not pairs or arguments.type != "argument_list":
        return None
    return (
        None
        if None in sum(pairs, ())
        else [(file.slice(name), file.slice(value)) for name, value in pairs if name and value]
    )


def _string_keys(file: File, node: Node) -> list[tuple[bytes, bytes]] | None:
    """Keys and values of a dict whose keys are all strings that could be names of arguments."""
    pairs: list[tuple[bytes, bytes]] = []
    for child in node.named_children:
        key, value = child.child_by_field_name("key"), child.child_by_field_name("value")
        if key is None or value is None or key.type != "string":
            return None
        name = file.slice(key)[1:-1]
        if not name.isascii() or not name.decode().isidentifier() or keyword.iskeyword(name.decode()):
            return None
        pairs.append((name, file.slice(value)))
    return pairs if pairs and len({name for name, _ in pairs}) == len(pairs) else None


def _dict_constructor(file: File, node: Node) -> Choice | None:
    """`{'a': b}` or `dict(a=b)`, on one line, spelled as the file spells brackets and quotes."""
    if not _one_line(node) or (node.type == "call" and not file.begins(node, b"dict(")):
        return None
    called = _called(file, node) if node.type == "call" else None
    if node.type == "call":
        pairs = _keyword_arguments(file, called[1]) if called and called[0] == b"dict" else None
    else:
        pairs = _string_keys(file, node)
    if pairs is None or file.binds("dict"):
        return None
    quote = file.quote_beside(node)
    texts: dict[str, bytes | None] = {
        "literal": file.bracketed("{", b", ".join(quote + name + quote + b": " + value for name, value in pairs), node),
        "call": b"dict" + file.bracketed("(", b", ".join(name + b"=" + value for name, value in pairs), node),
    }
    size = "one" if len(pairs) == 1 else "few" if len(pairs) < 4 else "many"
    return spelling(file, (node.start_byte, node.end_byte), texts, (place_of(node), size))


def _content(file: File, node: Node) -> bytes:
    """What stands between the first and the last token of `node`, without the blanks at its ends."""
    return file.text[node.children[0].end_byte : node.children[-1].start_byte].strip(b" ")


def _head_and_tail(file: File, node: Node) -> tuple[Node, bytes] | None:
    """The element of a comprehension or generator, and its clauses as they are written after it."""
    body = node.child_by_field_name("body")
    if body is None:
        return None
    return body, file.text[body.end_byte : node.children[-1].start_byte].rstrip(b" ")


def _pair(file: File, body: Node) -> tuple[bytes, bytes] | None:
    """Key and value of `k: v` or `(k, v)`."""
    if body.type not in ("pair", "tuple") or body.named_child_count != 2:
        return None
    key, value = body.named_children
    return None if "splat" in key.type + value.type else (file.slice(key), file.slice(value))


def _comprehension_texts(file: File, kind: str, filled: Node, node: Node) -> dict[str, bytes | None] | None:
    """The spellings of a list, set or dict, now at `node`, that `filled` (a comprehension or a generator) fills."""
    parts = _head_and_tail(file, filled)
    if parts is None:
        return None
    body, clauses = parts
    opening = "[" if kind == "list" else "{"
    element = file.slice(body)
    display = element
    if kind == "dict":
        pair = _pair(file, body)
        if pair is None:
            return None
        display, element = b": ".join(pair), file.bracketed("(", b", ".join(pair), node)
    elif body.type in ("list_splat", "named_expression"):
        return None
    name = kind.encode()
    listed = file.bracketed("[", element + clauses, node)
    return {
        "display": file.bracketed(opening, display + clauses, node),
        "call": name + file.bracketed("(", element + clauses, node),
        "call_list": None if kind == "list" else name + file.bracketed("(", listed, node),
    }


def _set_texts(file: File, filled: Node, node: Node) -> dict[str, bytes | None] | None:
    """The spellings of a set, now at `node`, with the elements of `filled` (a set or a list)."""
    content = _content(file, filled)
    if not content or content.endswith(b","):
        return None
    listed = file.bracketed("[", content, node)
    return {"display": file.bracketed("{", content, node), "call_list": b"set" + file.bracketed("(", listed, node)}


def _comprehension_constructor(file: File, node: Node) -> Choice | None:
    """A list, set or dict written as a display or comprehension, or by its constructor, on one line."""
    if not _one_line(node) or (node.type == "call" and not file.begins(node, b"list(", b"set(", b"dict(")):
        return None
    if node.type == "call":
        called = _called(file, node)
        if called is None:
            return None
        kind, filled = called[0].decode(), called[1]
        if filled.type == "argument_list" and filled.named_child_count == 1:
            filled = filled.named_children[0]
    else:
        kind, filled = _COMPREHENSIONS.get(node.type, "set"), node
    if filled.type in ("generator_expression", *_COMPREHENSIONS):
        what, texts = "comprehension", _comprehension_texts(file, kind, filled, node)
    elif kind == "set" and filled.type in ("set", "list"):
        what, texts = "elements", _set_texts(file, filled, node)
    else:
        return None
    if texts is None or file.binds(kind):
        return None
    return spelling(file, (node.start_byte, node.end_byte), texts, (what, kind, place_of(node)))


_DISPLAYS = frozenset({"dictionary", "list", "tuple", "call"})

CONVENTIONS = (
    convention("empty_literal", "empty containers", ("literal", "call"), _DISPLAYS, choose=_empty_literal),
    convention(
        "dict_constructor",
        "dicts with named keys",
        ("literal", "call"),
        frozenset({"dictionary", "call"}),
        choose=_dict_constructor,
    ),
    convention(
        "comprehension_constructor",
        "displays and comprehensions",
        ("display", "call", "call_list"),
        frozenset({"call", "set", *_COMPREHENSIONS}),
        choose=_comprehension_constructor,
    ),
)
