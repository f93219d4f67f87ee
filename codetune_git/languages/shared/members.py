"""Blank lines of languages whose blocks stand in braces: between members, and inside the braces."""

from __future__ import annotations

from tree_sitter import Node

from codetune_git.languages.convention import Convention
from codetune_git.languages.shared.blank_lines import Gap, convention, is_below


def _word(node: Node) -> str:
    return "comment" if node.is_extra else node.type


def _is_top(gap: Gap) -> bool:
    return gap.block.parent is None


def _edge(gap: Gap) -> tuple[str, ...] | None:
    if gap.before.is_named and gap.after.is_named:
        return None
    return ("last" if gap.before.is_named else "first", gap.block.type)


def _between(gap: Gap) -> tuple[str, ...] | None:
    if not (gap.before.is_named and gap.after.is_named) or gap.before.parent != gap.block:
        return None
    if gap.before.is_extra and gap.after.is_extra:  # what belongs together, or is no longer run
        return None
    before = gap.before.prev_sibling if gap.before.is_extra else None
    if gap.before.is_extra and (before is None or is_below(before, gap.before)):
        return None  # a comment belongs to what follows it
    return (_word(gap.after), _word(gap.before))


def _top(gap: Gap) -> tuple[str, ...] | None:
    return _between(gap) if _is_top(gap) else None


def _inside(gap: Gap) -> tuple[str, ...] | None:
    return None if _is_top(gap) else _between(gap)


CONVENTIONS: tuple[Convention, ...] = (
    convention("blank_lines_top", "blank lines between top-level members", _top),
    convention("blank_lines_body", "blank lines between members", _inside),
    convention("blank_lines_edge", "blank lines inside braces", _edge),
)
