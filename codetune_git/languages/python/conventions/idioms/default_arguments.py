"""Arguments that could be left out: `range(0, n)` or `range(n)`, `open(path, 'r')` or `open(path)`.

Knows two built-in functions. Does not know functions that a file or a library defines.
"""

from __future__ import annotations

from tree_sitter import Node

from codetune_git.languages.python.conventions.idioms.choices import Choice, convention, place_of, spelling
from codetune_git.languages.python.conventions.idioms.file_facts import File


def _default_arguments(file: File, node: Node) -> tuple[Node, list[Node]] | None:
    arguments = node.child_by_field_name("arguments")
    if arguments is None or arguments.type != "argument_list" or not arguments.named_child_count:
        return None
    if any(child.type in ("list_splat", "dictionary_splat", "comment") for child in arguments.named_children):
        return None
    return arguments, arguments.named_children


def _range_start(file: File, node: Node) -> Choice | None:
    """`range(n)` or `range(0, n)`."""
    function = node.child_by_field_name("function") if file.begins(node, b"range", b"xrange") else None
    if (
        function is None
        or file.slice(function) not in (b"range", b"xrange")
        or file.binds(file.slice(function).decode())
    ):
        return None
    found = _default_arguments(file, node)
    if found is None or len(found[1]) > 2 or any(child.type == "keyword_argument" for child in found[1]):
        return None
    last, arguments = found[1][-1], found[0]
    content = file.text[arguments.start_byte + 1 : last.start_byte].lstrip(b" ")
    start = last.start_byte - len(content)
    if len(found[1]) == 2 and file.slice(found[1][0]) != b"0":
        return None
    return spelling(file, (start, last.end_byte), {"implicit": file.slice(last), "zero": b"0, " + file.slice(last)}, ())


def _open_mode(file: File, node: Node) -> Choice | None:
    """`open(path)` or `open(path, 'r')`."""
    if not file.begins(node, b"open("):
        return None
    function = node.child_by_field_name("function")
    found = _default_arguments(file, node)
    if function is None or file.slice(function) != b"open" or found is None or file.binds("open"):
        return None
    positional = [child for child in found[1] if child.type != "keyword_argument"]
    names = [child.child_by_field_name("name") for child in found[1] if child.type == "keyword_argument"]
    if len(positional) not in (1, 2) or any(
        name is not None and file.slice(name) in (b"mode", b"file") for name in names
    ):
        return None
    path, end = file.slice(positional[0]), positional[-1].end_byte
    quote = file.quote_beside(node)
    texts: dict[str, bytes | None] = {"implicit": path, "written": path + b", " + quote + b"r" + quote}
    return spelling(file, (positional[0].start_byte, end), texts, ("keywords" if names else "alone", place_of(node)))


_CALL = frozenset({"call"})

CONVENTIONS = (
    convention("range_start", "start of ranges", ("implicit", "zero"), _CALL, choose=_range_start),
    convention("open_mode", "mode of opened files", ("implicit", "written"), _CALL, choose=_open_mode),
)
