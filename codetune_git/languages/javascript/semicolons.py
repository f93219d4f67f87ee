"""Where a statement ends with a semicolon that may be left out: ECMAScript's automatic semicolon insertion.

Knows the kinds of statements, and what a following line may begin with without going on with the statement. Takes too
few ends rather than too many: where a following token could go on with a statement in any dialect, its semicolon is
none that may come or go. Does not know what a house writes.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from tree_sitter import Node

from codetune_git.text.source import Source

_STATEMENTS = frozenset(
    {"expression_statement", "lexical_declaration", "variable_declaration", "return_statement", "throw_statement"}
    | {"break_statement", "continue_statement", "debugger_statement", "import_statement", "export_statement"}
    | {"type_alias_declaration"}
)
_FIELDS = frozenset({"field_definition", "public_field_definition"})
_KINDS = _STATEMENTS | _FIELDS
_WITH_BODY = re.compile(r"function|class|enum|interface|namespace|module")
_OPAQUE = frozenset({"string", "template_string", "regex"})
_HEADERS = frozenset({"for_statement", "for_in_statement", "do_statement"})
_BLANK = re.compile(rb"(?:[ \t\n]|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_GOES_ON = frozenset(b"([`+-*/,.?:<>=&|^%!;{")
_WORDS_THAT_GO_ON = re.compile(rb"(?:in|instanceof|of|as|is|satisfies|extends|implements|with|assert|from|while)\b")
# Words that are names as well: a statement that ends with one may be read on in the next line.
_OPEN_END = re.compile(
    rb"(?<![\w$.])(?:async|await|yield|get|set|static|accessor|let|type|interface|declare|abstract|module|namespace"
    rb"|global|using|asserts|infer|keyof|readonly|unique|new|typeof|public|private|protected|override|default)\Z"
)


class End(NamedTuple):
    """The end of a statement: its last token ends at `start`, a semicolon, if there is one, at `end`."""

    node: Node
    start: int
    end: int
    follows_on_line: bool

    @property
    def has_semicolon(self) -> bool:
        return self.end > self.start


def _is_statement(node: Node, kind: str) -> bool:
    """Whether the node is a statement that a semicolon ends, and no part of another one."""
    parent = node.parent
    if parent is None or parent.type in _HEADERS or node.has_error or not node.child_count:
        return False
    if kind != "export_statement":
        return True
    named = [child for child in node.named_children if not child.is_extra]
    is_plain = bool(named) and _WITH_BODY.search(named[-1].type) is None
    return is_plain and node.child_by_field_name("declaration") is None


def _last(node: Node, semicolon: Node | None) -> Node:
    """The last token of a statement, its semicolon and the comments behind it left out."""
    while True:
        inside = [child for child in node.children if not child.is_extra and child != semicolon]
        if not inside or node.type in _OPAQUE:
            return node
        node = inside[-1]


def _end(source: Source, node: Node, kind: str) -> End | None:
    """The end of a statement of which the semicolon may be there or not; None where it has to stay as it is."""
    last_child = node.next_sibling if kind in _FIELDS else node.children[-1]
    semicolon = last_child if last_child is not None and last_child.type == ";" else None
    last, text = _last(node, semicolon), source.text
    start = last.end_byte
    end = start if semicolon is None else semicolon.end_byte
    if semicolon is not None and semicolon.start_byte != start:
        return None
    gap = _BLANK.match(text, end)
    following = end if gap is None else gap.end()
    if following == len(text) or text[following] == 0x7D:
        return End(node, start, end, text.find(b"\n", end, following) < 0 and following < len(text))
    line = text.find(b"\n", end)
    is_apart = 0 <= line < following and b"/*" not in text[end:following]
    if not is_apart or text[following] in _GOES_ON or _WORDS_THAT_GO_ON.match(text, following):
        return None
    if _OPEN_END.search(text, max(node.start_byte, start - 12), start):
        return None
    return End(node, start, end, follows_on_line=False)


def ends(source: Source) -> list[End]:
    """The ends of all statements and class fields at which a semicolon is free, in document order."""
    found = []
    for node, kind in source.of_kinds(_KINDS):
        if _is_statement(node, kind) and (end := _end(source, node, kind)) is not None:
            found.append(end)
    return sorted(found, key=lambda end: end.start)
