"""In which order imports and imported names stand, and whether they share a statement.

Knows statements that follow each other line by line in one block. A blank line, a comment, an import of another form or
anything else between them ends such a run, and so does what could matter to a program: `try` blocks, `import *`,
`__future__`. Does not know which modules belong to the project.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.layout.ordering import VARIANTS, Item, choices, name_keys, reorder
from codetune_git.languages.shared.lines import indent_at, opens_line
from codetune_git.text.source import Source

_PLAIN, _FROM = "import_statement", "import_from_statement"
_FORMS = {_PLAIN: "import", _FROM: "from"}
_SHARED = frozenset({"module", "if_statement", "function_definition", "with_statement"})
_STANDARD = sys.stdlib_module_names
_WIDEST = 99  # wider imports are wrapped, which is another choice


@dataclass(frozen=True, slots=True)
class _Import:
    """An import statement in whole lines: its span, form, module and imported names (for `import`: the modules)."""

    node: Node
    form: str
    module: bytes
    names: tuple[Node, ...]
    first: int
    last: int

    @property
    def start(self) -> int:
        return self.node.start_byte

    @property
    def end(self) -> int:
        return self.node.end_byte


def _import(source: Source, node: Node) -> _Import | None:
    """The import; None where it shares its lines with something else, has comments in it, or imports everything."""
    form, text = _FORMS[node.type], source.text
    names = tuple(node.children_by_field_name("name"))
    end = node.end_byte
    if not names or node.has_error or any(child.type == "comment" for child in node.children):
        return None
    if not opens_line(text, node.start_byte) or text[end : end + 1].strip(b"\n"):
        return None
    owner = node.child_by_field_name("module_name") if form == "from" else names[0]
    module = source.slice(owner).partition(b" ")[0] if owner else b""
    return _Import(node, form, module, names, node.start_point.row, node.end_point.row)


def _follows(a: _Import, b: _Import) -> bool:
    return a.form == b.form and a.last + 1 == b.first and a.node.start_point.column == b.node.start_point.column


def _runs(source: Source, body: Node) -> Iterator[list[_Import]]:
    """The imports of a body in runs of neighbours."""
    run: list[_Import] = []
    for child in body.named_children:
        found = _import(source, child) if child.type in _FORMS else None
        if found and run and _follows(run[-1], found):
            run.append(found)
            continue
        if run:
            yield run
        run = [found] if found else []
    if run:
        yield run


def _is_shared(body: Node) -> bool:
    """Whether the order of imports in a body is layout: not in `try`, where the first one that works wins."""
    return body.type == "module" or (body.parent is not None and body.parent.type in _SHARED)


def _bodies(source: Source) -> Iterator[tuple[Node, str]]:
    """Bodies with imports in them, and whether they are the module's or local ones."""
    known: set[int] = set()  # asking every import for its parent would cost the square of their number
    for node, _ in source.of_kinds(_FORMS):
        if node.start_byte not in known and (body := node.parent):
            known.update(child.start_byte for child in body.named_children if child.type in _FORMS)
            yield body, "module" if body.type == "module" else "local"


def _in_order(found: Iterable[Site]) -> Iterator[Site]:
    return iter(sorted(found, key=lambda site: (site.start, site.end)))


# The order of statements and of names


def _group(module: bytes) -> str:
    """Modules that are sorted among each other: relative ones by depth, the standard library, all others."""
    dots = len(module) - len(module.lstrip(b"."))
    if dots:
        return "." * dots
    return "standard" if module.partition(b".")[0].decode() in _STANDARD else "other"


def _statements(run: Sequence[_Import]) -> list[Item]:
    return [Item(i.start, i.end, _group(i.module), name_keys(i.module)) for i in run]


def _single_runs(source: Source, body: Node) -> Iterator[list[_Import]]:
    """Runs in which every statement imports from, or is, one module."""
    for run in _runs(source, body):
        for is_single, part in groupby(run, key=lambda i: i.form == "from" or len(i.names) == 1):
            if is_single:
                yield list(part)


def _order_sites(source: Source) -> Iterator[Site]:
    found = []
    for body, place in _bodies(source):
        if not _is_shared(body):
            continue
        for run in _single_runs(source, body):
            for i, j, variant in choices(_statements(run)):
                found.append(Site("import_order", run[i].start, run[j].end, variant, (run[i].form, place)))
    return _in_order(found)


def _within(items: Iterable[Item], site: Site) -> list[Item]:
    return [item for item in items if site.start <= item.start and item.end <= site.end]


def _reorder(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    body = source.tree.root_node.descendant_for_byte_range(site.start, site.end)
    parts = (_within(_statements(run), site) for run in _single_runs(source, body)) if body else iter(())
    return next((reorder(source.text, items, variant) for items in parts if len(items) > 1), None)


def _names(source: Source, node: Node) -> list[Item]:
    """The imported names of one statement; none where a comment could lose its name."""
    if any(child.type == "comment" for child in node.children):
        return []
    names = node.children_by_field_name("name")
    return [Item(n.start_byte, n.end_byte, "", name_keys(source.slice(n).partition(b" ")[0])) for n in names]


def _names_sites(source: Source) -> Iterator[Site]:
    for node, _ in source.of_kinds((_FROM,)):
        if node.has_error:
            continue
        items = _names(source, node)
        lines = "one" if node.start_point.row == node.end_point.row else "multi"
        for i, j, variant in choices(items):
            yield Site("import_names_order", items[i].start, items[j].end, variant, (lines,))


def _reorder_names(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    node = source.tree.root_node.descendant_for_byte_range(site.start, site.end)
    return reorder(source.text, _within(_names(source, node), site), variant) if node else None


# One statement or several


def _written(source: Source, parts: Sequence[_Import], variant: str) -> bytes:
    """All that `parts` import, in one statement or in one for each name."""
    head = b"import " if parts[0].form == "import" else b"from " + parts[0].module + b" import "
    separator = b"\n" + indent_at(source.text, parts[0].start) + head if variant == "separate" else b", "
    return head + separator.join(source.slice(name) for part in parts for name in part.names)


def _neighbours(run: Sequence[_Import]) -> Iterator[Sequence[_Import]]:
    """Statements of a run of `import`s that could share one, or share it: two neighbours, or one alone."""
    for i, one in enumerate(run):
        if len(one.names) > 1:
            yield run[i : i + 1]
        elif i + 1 < len(run) and all(len(j.names) == 1 and j.names[0].type == "dotted_name" for j in run[i : i + 2]):
            yield run[i : i + 2]


def _same_module(run: Sequence[_Import]) -> Iterator[Sequence[_Import]]:
    """The same for a run of `from` imports: all names of a module belong together."""
    for _, group in groupby(run, key=lambda i: i.module):
        same = tuple(group)
        is_one = len(same) == 1 and len(same[0].names) > 1
        if is_one or (len(same) > 1 and all(len(i.names) == 1 and i.first == i.last for i in same)):
            yield same


def _sharing(source: Source, parts: Sequence[_Import]) -> str | None:
    """How `parts` share a statement now; None where all their names do not fit into one line."""
    joined = _written(source, parts, "together")
    if len(joined) > _WIDEST:
        return None
    if len(parts) > 1:
        return "separate"
    is_exact = source.slice(parts[0].node) == joined and (parts[0].form == "from" or len(parts[0].names) == 2)
    return "together" if is_exact else "other"


def _sharing_sites(source: Source) -> Iterator[Site]:
    found = []
    for body, place in _bodies(source):
        for run in _runs(source, body):
            form = run[0].form
            for parts in _neighbours(run) if form == "import" else _same_module(run):
                variant = _sharing(source, parts)
                if variant:
                    found.append(Site("imports_per_line", parts[0].start, parts[-1].end, variant, (form, place)))
    return _in_order(found)


def _parts(source: Source, site: Site) -> list[_Import]:
    node = source.tree.root_node.descendant_for_byte_range(site.start, site.end)
    nodes = [node] if node and node.type in _FORMS else node.named_children if node else []
    inside = [n for n in nodes if n.type in _FORMS and site.start <= n.start_byte and n.end_byte <= site.end]
    return [found for n in inside if (found := _import(source, n))]


def _share(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    parts = _parts(source, site)
    if variant == "together" and site.variant != "separate":
        return None
    return (Edit(site.start, site.end, _written(source, parts, variant)),)


CONVENTIONS: tuple[Convention, ...] = (
    Convention("import_order", "order of imports", VARIANTS, _order_sites, _reorder),
    Convention("import_names_order", "order of imported names", VARIANTS, _names_sites, _reorder_names),
    Convention(
        "imports_per_line", "imports in one statement or several", ("together", "separate"), _sharing_sites, _share
    ),
)
