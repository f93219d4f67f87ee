"""What one file says about itself beyond the place of a choice: blanks in brackets, quotes, what its names mean.

Knows one text and its tree, always whole, even where only a window of it is looked at. Does not know conventions.
Rewrites follow these facts, so that writing a place one way and back again restores it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property

from tree_sitter import Node

from codetune_git.text.source import Source

_CLOSING = {"(": b")", "[": b"]", "{": b"}"}
_BEFORE_QUOTE = (b"(", b"[", b" ", b"{")
_SUITE = re.compile(rb"^(?:async|class|def|for|if|try|while|with)\b[^\n]*:[ \t]*\n([ \t]+)(?=\S)", re.M)
_FROM_TYPING = re.compile(
    rb"^[ \t]*from[ \t]+typing(?:_extensions)?[ \t]+import[ \t]+(\([^)]*\)|(?:[^\n\\#]|\\\n)*)", re.M
)
_IMPORT_TYPING = re.compile(rb"^[ \t]*import[ \t]+typing(?:[ \t]+as[ \t]+(\w+))?[ \t]*(?:#.*)?$", re.M)
_POSTPONED = re.compile(rb"^from[ \t]+__future__[ \t]+import[ \t]+(\([^)]*\bannotations\b|.*\bannotations\b)", re.M)
_LOGGING = re.compile(rb"^[ \t]*(?:from|import)[ \t]+logging\b", re.M)
_PARAMETERS = frozenset(
    {"parameters", "lambda_parameters", "typed_parameter", "default_parameter", "typed_default_parameter"}
    | {"list_splat_pattern", "dictionary_splat_pattern"}
)
_TARGETS = frozenset(
    {"assignment", "augmented_assignment", "pattern_list", "tuple_pattern", "list_pattern", "for_statement"}
    | {"for_in_clause", "as_pattern_target", "named_expression", "dotted_name", "global_statement", "delete_statement"}
)
_TARGET_FIELDS = ("left", "name")
_IMPORTS = frozenset({"import_statement", "import_from_statement"})
_BRANCHES = frozenset({"block", "if_statement", "else_clause", "elif_clause", "try_statement", "except_clause"})


class File:
    """The facts of a file, each found when first asked for. What is said `beside` a node leaves the node itself out:
    it stays the same however the node is rewritten."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.text = source.text
        self._bindings: dict[tuple[str, bool], bool] = {}
        self._counts: dict[bytes, int] = {}

    def slice(self, node: Node) -> bytes:
        return self.text[node.start_byte : node.end_byte]

    def begins(self, node: Node, *words: bytes) -> bool:
        """Whether the text of `node` begins with one of `words`."""
        return self.text.startswith(words, node.start_byte)

    def count_beside(self, node: Node, *words: bytes) -> int:
        """How often `words` stand in the text outside of `node`."""
        found = 0
        for word in words:
            if word not in self._counts:
                self._counts[word] = self.text.count(word)
            found += self._counts[word] - self.text.count(word, node.start_byte, node.end_byte)
        return found

    def bracketed(self, opening: str, content: bytes, node: Node) -> bytes:
        """`content` in brackets as the file writes them beside `node`: with blanks inside or without."""
        bracket, closing = opening.encode(), _CLOSING[opening]
        filled = self.count_beside(node, bracket) - self.count_beside(node, bracket + closing, bracket + b"\n")
        pad = b" " if content and 2 * self.count_beside(node, bracket + b" ") > filled else b""
        return bracket + pad + content + pad + closing

    def quote_beside(self, node: Node) -> bytes:
        """The quote that most of the file's strings open with."""
        single = self.count_beside(node, *(opening + b"'" for opening in _BEFORE_QUOTE))
        double = self.count_beside(node, *(opening + b'"' for opening in _BEFORE_QUOTE))
        double -= self.count_beside(node, b' """')
        return b"'" if single > double else b'"'

    def indent_beside(self, node: Node) -> bytes:
        """The indentation of the file's first suite at the top; four blanks if there is none."""
        found = _SUITE.search(self.text, 0, node.start_byte) or _SUITE.search(self.text, node.end_byte)
        return found[1] if found else b"    "

    @cached_property
    def typing(self) -> Mapping[str, str]:
        """Members of typing that the file imports: their names in typing -> their names here."""
        names: dict[str, str] = {}
        for match in _FROM_TYPING.finditer(self.text):
            if not self._runs_with_module(match.start(1)):
                continue
            code = re.sub(rb"#.*", b"", match[1]).decode(errors="replace")
            for item in code.replace("\\\n", " ").strip("() \n").split(","):
                words = item.split()
                if len(words) in (1, 3):
                    names.setdefault(words[0], words[-1])
        return names

    @cached_property
    def typing_module(self) -> str | None:
        """The name of the module typing in this file, if it is imported."""
        found = (m for m in _IMPORT_TYPING.finditer(self.text) if self._runs_with_module(m.end() - 1))
        return next(((match[1] or b"typing").decode() for match in found), None)

    def _runs_with_module(self, offset: int) -> bool:
        """Whether an import around `offset` is there for the whole file: in no function, in no string, and not for type
        checkers only (unless annotations are not evaluated)."""
        node = self.source.tree.root_node.descendant_for_byte_range(offset, offset)
        while node is not None and node.type not in _IMPORTS:
            node = node.parent
        node = node.parent if node is not None else None
        while node is not None and node.type != "module":
            condition = node.child_by_field_name("condition") if node.type == "if_statement" else None
            checked = condition is not None and self.slice(condition).endswith(b"TYPE_CHECKING")
            if node.type not in _BRANCHES or (checked and not self.postponed):
                return False
            node = node.parent
        return node is not None

    def typing_name(self, member: str) -> str | None:
        """How this file would write a member of typing, or None if nothing is imported for it."""
        if member in self.typing:
            return self.typing[member]
        return f"{self.typing_module}.{member}" if self.typing_module else None

    @cached_property
    def typing_members(self) -> Mapping[str, str]:
        """The inverse of `typing`."""
        return {here: member for member, here in self.typing.items()}

    def typing_member(self, node: Node) -> str:
        """The member of typing that `node` names, or ""."""
        name = self.slice(node).decode(errors="replace")
        module, _, member = name.rpartition(".")
        return member if module and module == self.typing_module else self.typing_members.get(name, "")

    @cached_property
    def postponed(self) -> bool:
        """Whether annotations are not evaluated when the file is run."""
        return _POSTPONED.search(self.text) is not None

    @cached_property
    def imports_logging(self) -> bool:
        return _LOGGING.search(self.text) is not None

    def binds(self, name: str, *, parameters: bool = True) -> bool:
        """Whether the file gives `name` a meaning of its own somewhere, as a parameter or otherwise."""
        key = (name, parameters)
        if key not in self._bindings:
            self._bindings[key] = self._find_binding(name.encode(), parameters)
        return self._bindings[key]

    def _find_binding(self, name: bytes, parameters: bool) -> bool:
        if re.search(rb"\b(def|class|as|import)\s+" + name + rb"\b", self.text):
            return True
        kinds = _TARGETS | _PARAMETERS if parameters else _TARGETS
        root = self.source.tree.root_node
        for match in re.finditer(rb"(?<![\w.])" + name + rb"\b(?!\s*[(\[.])", self.text):
            node = root.descendant_for_byte_range(*match.span())
            parent = node.parent if node is not None and node.type == "identifier" else None
            if node is None or parent is None or parent.type not in kinds:
                continue
            named = [parent.child_by_field_name(field) for field in _TARGET_FIELDS]
            if not any(named) or any(child == node for child in named):
                return True
        return False
