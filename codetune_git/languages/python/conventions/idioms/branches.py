"""What follows a branch that always leaves: in an `else`, right after the `if`, or after a blank line.

Knows the last `if` of a suite, all of whose branches return, raise, continue or break, and a few lines after it. Does
not know long rests, which nobody would indent, nor suites with strings over several lines, whose text would change.
The site begins at the statement that leaves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from tree_sitter import Node

from codetune_git.languages.python.conventions.idioms.choices import Choice, convention, spelling
from codetune_git.languages.python.conventions.idioms.file_facts import File

_LEAVING = frozenset({"return_statement", "raise_statement", "continue_statement", "break_statement"})
_LONGEST = 5  # lines
_BLANKS = b" \t"


@dataclass(frozen=True, slots=True)
class _Rest:
    """What follows the branches: its span from the end of the last branch, its lines without indentation, its size."""

    start: int
    end: int
    lines: tuple[bytes, ...]
    context: tuple[str, ...]


def _statements(block: Node) -> list[Node]:
    return [child for child in block.named_children if child.type != "comment"]


def _indentation(file: File, node: Node) -> bytes | None:
    """The blanks before `node`, if nothing else stands before it in its line."""
    start = node.start_byte - node.start_point.column
    blanks = file.text[start : node.start_byte]
    return blanks if not blanks.strip(_BLANKS) else None


def _branches(node: Node) -> list[Node]:
    """The suites of an `if` and its `elif`s."""
    clauses = [node, *(child for child in node.children if child.type == "elif_clause")]
    return [suite for clause in clauses if (suite := clause.child_by_field_name("consequence")) is not None]


def _lines(file: File, start: int, end: int, indentation: bytes) -> tuple[bytes, ...] | None:
    """The lines of a suite without their indentation; None where that is not all there is to indenting them."""
    text = file.text[start:end]
    lines = text.split(b"\n")
    if len(lines) > _LONGEST or b'"""' in text or b"'''" in text or b"\\\n" in text:
        return None
    if any(line and not line.startswith(indentation) for line in lines):
        return None
    return tuple(line[len(indentation) :] for line in lines)


def _rest(file: File, after: int, statements: list[Node], last: str) -> _Rest | None:
    """The lines from the first to the last of `statements`, which stand in the lines after the offset `after`."""
    first, end = statements[0], statements[-1].end_byte
    indentation = _indentation(file, first)
    following = file.text[end : end + 200].partition(b"\n")
    if indentation is None or following[0].strip() or following[2].lstrip().startswith(b"#"):
        return None
    lines = _lines(file, first.start_byte - len(indentation), end, indentation)
    if lines is None or first.type == "if_statement":
        return None
    kind = statements[-1].type
    ends = kind.partition("_")[0] if kind in _LEAVING else "other"
    return _Rest(after, end, lines, (last, ends, "line" if len(lines) == 1 else "lines"))


def _followed(file: File, node: Node, following: list[Node], after: int) -> list[Node]:
    """The statements after an `if` without an `else`, with at most one blank line before them."""
    if not following or following[0].type == "comment":
        return []
    between = file.text[after : following[0].start_byte]
    return following if not between.strip() and between.count(b"\n") in (1, 2) else []


def _otherwise(file: File, node: Node, clause: Node, after: int) -> list[Node]:
    """The statements in the `else`, if it stands alone in its line, right after the last branch."""
    body = clause.child_by_field_name("body")
    if body is None or file.text[after : clause.start_byte] != b"\n" + (_indentation(file, node) or b""):
        return []
    between = file.text[clause.start_byte : body.start_byte]
    return body.named_children if between.rstrip(_BLANKS) == b"else:\n" else []


def _else_after_return(file: File, node: Node) -> Choice | None:
    branches, parent = _branches(node), node.parent
    ends = [suite.named_children[-1] for suite in branches if suite.named_child_count]
    if parent is None or parent.type != "block" or len(ends) < len(branches) or {e.type for e in ends} - _LEAVING:
        return None
    siblings, after, clause = parent.named_children, branches[-1].end_byte, node.children[-1]
    following = siblings[siblings.index(node) + 1 :]
    if clause.type != "else_clause":
        statements = _followed(file, node, following, after)
    else:
        statements = [] if following else _otherwise(file, node, clause, after)
    outer, inner = _indentation(file, node), _indentation(file, branches[0])
    rest = _rest(file, after, statements, ends[-1].type.partition("_")[0]) if statements else None
    if rest is None or outer is None or inner is None:
        return None
    dedented = b"\n".join(line and outer + line for line in rest.lines)
    indented = b"\n".join(line and inner + line for line in rest.lines)
    texts: dict[str, bytes | None] = {
        "else": b"\n" + outer + b"else:\n" + indented,
        "close": b"\n" + dedented,
        "apart": b"\n\n" + dedented,
    }
    choice = spelling(file, (rest.start, rest.end), texts, rest.context)
    return replace(choice, start=ends[-1].start_byte) if choice is not None else None


CONVENTIONS = (
    convention(
        "else_after_return",
        "else after a branch that leaves",
        ("else", "close", "apart"),
        frozenset({"if_statement"}),
        choose=_else_after_return,
    ),
)
