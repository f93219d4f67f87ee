"""What JavaScript and TypeScript leave open beside layout: quotes, semicolons, an arrow's parentheses, `===`.

Knows their node kinds. Proves nothing: whoever makes an edit parses the result again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tree_sitter import Node

from codetune_git.text.source import Source
from pretraining.choice import Choice

_STATEMENT_ENDS = frozenset(
    {
        "expression_statement", "lexical_declaration", "variable_declaration", "return_statement", "import_statement",
        "export_statement", "throw_statement", "break_statement", "continue_statement", "public_field_definition",
        "property_signature", "method_signature", "type_alias_declaration",
    }
)  # fmt: skip
_CONTINUING = re.compile(rb"\s*[(\[`+\-/*,.;?:&|=<>]")


def _script_string(source: Source, node: Node) -> Choice | None:
    text = source.slice(node)
    inner = text[1:-1]
    if text[:1] not in (b"'", b'"') or b"'" in inner or b'"' in inner or b"\\" in inner:
        return None
    other = ("double", b'"' + inner + b'"') if text[:1] == b"'" else ("single", b"'" + inner + b"'")
    attribute = node.parent is not None and node.parent.type == "jsx_attribute"
    key = "quotes jsx" if attribute else "quotes"
    return Choice((key,), node.start_byte, node.end_byte, "single" if other[0] == "double" else "double", (other,))


def _script_semicolon(source: Source, node: Node) -> Choice | None:
    children = [child for child in node.children if child.type != "comment"]
    text, end = source.text, children[-1].end_byte if children else node.end_byte
    if not re.match(rb"[ \t]*(\n|\Z|//)", text[end : end + 200]) or _CONTINUING.match(text[end:]):
        return None
    last = text[end - 1 : end]
    keys = (f"semicolon {node.type}", "semicolon")
    if last == b";":
        return Choice(keys, end - 1, end, "yes", (("no", b""),))
    if last in (b"}", b",") and node.type in ("export_statement", "method_signature", "property_signature"):
        return None
    return Choice(keys, end, end, "no", (("yes", b";"),))


def _script_arrow(source: Source, node: Node) -> Choice | None:
    single = node.child_by_field_name("parameter")
    if single is not None:
        new = b"(" + source.slice(single) + b")"
        return Choice(("arrow",), single.start_byte, single.end_byte, "bare", (("parenthesised", new),))
    several = node.child_by_field_name("parameters")
    if several is None or several.child_count != 3:
        return None
    inner = several.children[1]
    name = inner.children[0] if inner.type == "required_parameter" and inner.child_count == 1 else inner
    if name.type != "identifier":
        return None
    return Choice(("arrow",), several.start_byte, several.end_byte, "parenthesised", (("bare", source.slice(name)),))


def script(source: Source) -> Iterator[Choice]:
    """What JavaScript and TypeScript leave open beside layout: quotes, semicolons, an arrow's parentheses, `===`."""
    for node, kind in zip(source.nodes, source.kinds, strict=True):
        found = None
        if kind == "string":
            found = _script_string(source, node)
        elif kind in _STATEMENT_ENDS:
            found = _script_semicolon(source, node)
        elif kind == "arrow_function":
            found = _script_arrow(source, node)
        elif kind in ("==", "===", "!=", "!=="):
            other = kind + "=" if len(kind) == 2 else kind[:2]
            found = Choice(("equality",), node.start_byte, node.end_byte, kind, ((other, other.encode()),))
        if found is not None:
            yield found
