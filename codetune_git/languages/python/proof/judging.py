"""How far a file speaks for each assumption at one place: proven, supported, or against it (or silent).

Knows what names are bound to and which words the file uses. Does not know which spellings rest on which assumption:
that is said in synonyms.py and normal_form.py.
"""

from __future__ import annotations

import ast
import builtins
import re
import sys
from collections.abc import Iterable, Sequence

from codetune_git.languages.python.proof.bindings import How
from codetune_git.languages.python.proof.kinds import EXCEPTION, IMMUTABLE, OWN, Flow, is_exception_name
from codetune_git.languages.python.proof.module_facts import Facts
from codetune_git.languages.python.proof.uses import TUPLE, Known, dotted
from codetune_git.text.assumptions import Trust

# `ctypes.WinError` is a function.
EXCEPTION_NAME = re.compile(
    r"(?!WinError$)[A-Z]\w*(Error|Exception|Warning)|KeyboardInterrupt|SystemExit|Stop(Async)?Iteration"
)
_FORMATTED_OTHERWISE = ("__format__", "enum", "Enum", "IntEnum", "StrEnum", "Flag", "IntFlag")
_COMPARED_OTHERWISE = ("__eq__", "__ne__", "numpy", "pandas", "sqlalchemy", "polars", "peewee", "pyspark", "torch")
_NAMES_READ = (
    *("__name__", "__qualname__", "pickle", "dill", "cloudpickle", "shelve", "copyreg", "multiprocessing"),
    *("ProcessPoolExecutor", "wraps", "update_wrapper", "getsource", "signature", "__annotations__"),
)
_ANNOTATIONS_READ = (
    *("__annotations__", "get_type_hints", "get_annotations", "get_args", "get_origin", "signature"),
    *("singledispatch", "singledispatchmethod", "pydantic", "typer", "fastapi"),
)
_IMPORTED_FOR_EFFECT = frozenset(
    {"antigravity", "eventlet", "gevent", "monkey", "patch_all", "pyximport", "readline", "this", "__future__"}
)
_CLASS_HOOKS = frozenset({"__init_subclass__", "__prepare__", "__new__", "__class_getitem__"})
_PURE = frozenset(
    {"abs", "ascii", "bool", "chr", "float", "hex", "int", "isinstance", "len", "ord", "repr", "round", "sorted"}
    | {"str", "sum", "type"}
)


def _least(trusts: Iterable[Trust]) -> Trust:
    return min(trusts, default=Trust.PROVEN)


# Classes


def _bases(node: ast.ClassDef, facts: Facts, hooks: frozenset[str]) -> Trust:
    """Whether all that stands above a class is known: built-in classes and plain classes of this file."""
    if node.keywords or any(getattr(part, "name", "") in hooks for part in node.body):
        return Trust.AGAINST
    trust = Trust.PROVEN
    for base in node.bases:
        name = dotted(base)
        if facts.means_builtin(name) and isinstance(getattr(builtins, name), type):
            continue
        own = facts.classes.get(name)
        if own is not None and own is not node and not own.decorator_list:
            trust = min(trust, _bases(own, facts, hooks))
        else:
            trust = min(trust, Trust.SUPPORTED)
    return trust


def _above(node: ast.ClassDef, facts: Facts) -> list[str]:
    """The names of all bases, those of bases in this file included."""
    names: list[str] = []
    for base in node.bases:
        name = dotted(base.value if isinstance(base, ast.Subscript) else base)
        names.append(name)
        own = facts.classes.get(name)
        if own is not None and own is not node:
            names += _above(own, facts)
    return names


def class_kept(node: ast.ClassDef, facts: Facts) -> Trust:
    """Whether the name of a class stands for it in its methods: bound once, not decorated, not mangled."""
    mangled = node.name.startswith("__") and not node.name.endswith("__")
    if mangled or node.decorator_list or facts.times.get(node.name) != 1 or facts.star:
        return Trust.AGAINST
    return _bases(node, facts, _CLASS_HOOKS - {"__new__", "__class_getitem__"})


def _is_own(kind: str, facts: Facts, *, without: Sequence[str], bases: Sequence[str]) -> bool:
    """Whether a kind is a class of this file, all known, that defines none of `without` and has none of `bases`."""
    own = facts.classes.get(kind.removeprefix(OWN)) if kind.startswith(OWN) else None
    if own is None:
        return False
    above = _above(own, facts)
    chain = [own, *(facts.classes[name] for name in above if name in facts.classes)]
    defined = {getattr(part, "name", "") for one in chain for part in one.body}
    known = all(name in facts.classes or facts.means_builtin(name) for name in above)
    return known and not defined & set(without) and not {name.rpartition(".")[2] for name in above} & set(bases)


def _of_kinds(known: Known | None, facts: Facts, *, without: Sequence[str], bases: Sequence[str]) -> Trust:
    if known is None:
        return Trust.AGAINST
    owns = [kind for kind in known.kinds if kind.startswith(OWN)]
    if not all(_is_own(kind, facts, without=without, bases=bases) for kind in owns):
        return Trust.AGAINST
    if known.kinds & {EXCEPTION, *owns}:
        return Trust.SUPPORTED
    return Trust.PROVEN if known.proven else Trust.SUPPORTED


# Operands


def no_tuple(node: ast.expr, flow: Flow) -> Trust:
    known = flow.known(node)
    if known is None or TUPLE in known.kinds:
        return Trust.AGAINST
    if known.proven and not any(kind.startswith(OWN) for kind in known.kinds):
        return Trust.PROVEN
    return _of_kinds(known, flow.facts, without=(), bases=("tuple", "NamedTuple"))


def formats_plainly(node: ast.expr, flow: Flow) -> Trust:
    """Whether `format(x, "")` is `str(x)`, which the language says of every class that does not say otherwise."""
    known = flow.known(node)
    if known is not None:
        return _of_kinds(known, flow.facts, without=("__format__",), bases=("Enum", "IntEnum", "StrEnum"))
    return Trust.AGAINST if flow.facts.mentions(*_FORMATTED_OTHERWISE) else Trust.SUPPORTED


def equals_plainly(node: ast.Compare, flow: Flow) -> Trust:
    """Whether `==` with None asks for nothing but identity: by the kind of the other side, or since it is tested."""
    sides = [node.left, *node.comparators]
    others = [side for side in sides if not (isinstance(side, ast.Constant) and side.value is None)]
    if not others:
        return Trust.PROVEN
    known = _least(_of_kinds(flow.known(o), flow.facts, without=("__eq__", "__ne__"), bases=()) for o in others)
    if known is not Trust.AGAINST or any(flow.known(other) for other in others):
        return known
    tested = id(node) in flow.facts.tested and not flow.facts.mentions(*_COMPARED_OTHERWISE)
    return Trust.SUPPORTED if tested else Trust.AGAINST


def _immutable(node: ast.expr, flow: Flow) -> bool:
    known = flow.known(node)
    return known is not None and known.proven and known.kinds <= IMMUTABLE


def _root(node: ast.expr) -> str:
    return dotted(node).partition(".")[0]


def _silent(node: ast.expr, flow: Flow) -> bool:
    """Whether evaluating `node` does nothing, and nothing that happens before can change what it gives."""
    if isinstance(node, ast.Name):
        return flow.is_local(node.id)
    return isinstance(node, ast.Constant)


def _independent(node: ast.expr, earlier: Sequence[ast.expr], flow: Flow) -> Trust:
    """Whether it does not matter that the text of what stands `earlier` is made before `node` is evaluated."""
    if all(_immutable(one, flow) for one in earlier) or _silent(node, flow):
        return Trust.PROVEN
    if any(isinstance(part, ast.NamedExpr | ast.Await | ast.Yield | ast.YieldFrom) for part in ast.walk(node)):
        return Trust.AGAINST
    roots = {_root(one) or "?" for one in earlier if not _immutable(one, flow)}
    for call in (part for part in ast.walk(node) if isinstance(part, ast.Call)):
        pure = isinstance(call.func, ast.Name) and call.func.id in _PURE and flow.facts.means_builtin(call.func.id)
        names = {part.id for part in ast.walk(call) if isinstance(part, ast.Name)}
        if not pure and (roots & names or "?" in roots):
            return Trust.AGAINST
    return Trust.SUPPORTED


def order_is_free(operands: Sequence[ast.expr], flow: Flow) -> Trust:
    """Whether each operand's text may be made before the next operand is evaluated, or after all of them."""
    return _least(_independent(operands[i], operands[:i], flow) for i in range(1, len(operands)))


def twice(node: ast.expr, flow: Flow) -> Trust:
    """Whether a name may be read twice, with a comparison in between."""
    return Trust.PROVEN if _silent(node, flow) else Trust.SUPPORTED


def asked_once(node: ast.Compare, flow: Flow) -> Trust:
    """Whether it does not matter how often the parts of a chain are asked for their truth."""
    plain = all(_immutable(operand, flow) for operand in (node.left, *node.comparators))
    return Trust.PROVEN if plain or id(node) not in flow.facts.asked_twice else Trust.SUPPORTED


# Loggers


def is_logger(node: ast.expr, flow: Flow) -> Trust:
    """Whether a call of its method is one of the module logging or of its loggers."""
    if flow.source(node) == "logging":
        return Trust.PROVEN
    if isinstance(node, ast.Call):
        return Trust.PROVEN if _makes_logger(node, flow) else Trust.AGAINST
    if isinstance(node, ast.Name):
        return _least_bound(node.id, flow)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        own = flow.scopes[-1].owner if node.value.id in (flow.scopes[-1].first, "cls") else None
        return _attribute_logger(own, node.attr, flow) if own is not None else Trust.AGAINST
    return Trust.AGAINST


def _makes_logger(node: ast.expr, flow: Flow) -> bool:
    if not isinstance(node, ast.Call):
        return False
    made = flow.source(node.func) in ("logging:getLogger", "logging:Logger")
    child = isinstance(node.func, ast.Attribute) and node.func.attr == "getChild"
    return made or (child and isinstance(node.func, ast.Attribute) and is_logger(node.func.value, flow) > Trust.AGAINST)


def _least_bound(name: str, flow: Flow) -> Trust:
    bindings = flow.bindings(name)
    if not bindings:
        return Trust.AGAINST
    for bound in bindings:
        annotated = bound.annotation is not None and flow.source(bound.annotation) == "logging:Logger"
        made = bound.how is How.VALUE and isinstance(bound.node, ast.expr) and _makes_logger(bound.node, flow)
        if not made and not (annotated and bound.how in (How.PARAMETER, How.VALUE)):
            return Trust.AGAINST
    parameter = any(bound.how is How.PARAMETER for bound in bindings)
    return Trust.SUPPORTED if parameter else Trust.PROVEN


def _attribute_logger(own: ast.ClassDef, attr: str, flow: Flow) -> Trust:
    """An attribute that the class of a method binds to loggers only; the name must stand in no other assignment."""
    values = [
        _makes_logger(node.value, flow)
        for node in ast.walk(own)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if dotted(target).rpartition(".")[2] == attr
    ]
    return Trust.SUPPORTED if values and all(values) else Trust.AGAINST


# Exceptions


def is_exception_class(node: ast.expr, flow: Flow) -> Trust:
    """Whether `raise X()` and `raise X` raise the same: X is a class, by where its name comes from."""
    name = dotted(node)
    if flow.facts.means_builtin(name):
        return Trust.PROVEN if is_exception_name(name) else Trust.AGAINST
    hows = {bound.how for bound in flow.bindings(name)}
    if hows == {How.CLASS} and name in flow.facts.classes:
        own = flow.facts.classes[name]
        return Trust.AGAINST if own.decorator_list else _bases(own, flow.facts, _CLASS_HOOKS - {"__init_subclass__"})
    imported = bool(flow.source(node)) and EXCEPTION_NAME.fullmatch(name.rpartition(".")[2])
    return Trust.SUPPORTED if imported else Trust.AGAINST


# Comprehensions


def _quiet(node: ast.expr) -> bool:
    if isinstance(node, ast.Tuple):
        return all(map(_quiet, node.elts))
    return isinstance(node, ast.Name | ast.Constant)


def stops_nowhere(elements: Sequence[ast.expr], generators: Sequence[ast.comprehension], facts: Facts) -> Trust:
    """Whether nothing that a generator evaluates raises StopIteration, which a comprehension would let through."""
    inside: list[ast.AST] = [
        *elements,
        *(test for g in generators for test in g.ifs),
        *(g.iter for g in generators[1:]),
    ]
    words = {getattr(part, "id", getattr(part, "attr", "")) for node in inside for part in ast.walk(node)}
    if words & {"next", "__next__", "send", "throw"} or facts.mentions("StopIteration"):
        return Trust.AGAINST
    simple = len(generators) == 1 and not generators[0].ifs and isinstance(generators[0].target, ast.Name)
    return Trust.PROVEN if simple and all(map(_quiet, elements)) else Trust.SUPPORTED


# Imports, annotations, functions


def import_is_free(module: str, facts: Facts) -> Trust:
    """Whether a module can be imported before or after others: those of the standard library do not know each other."""
    name = module.lstrip(".").partition(".")[0]
    if name in _IMPORTED_FOR_EFFECT or facts.mentions("monkey", "patch_all"):
        return Trust.AGAINST
    return Trust.PROVEN if not module.startswith(".") and name in sys.stdlib_module_names else Trust.SUPPORTED


def annotations_unread(facts: Facts) -> Trust:
    return Trust.AGAINST if facts.mentions(*_ANNOTATIONS_READ) else Trust.SUPPORTED


def joins(members: Sequence[ast.expr], flow: Flow) -> Trust:
    """Whether `|` can be evaluated between the members of a union."""
    return _least(_joins(member, flow) for member in members)


def _joins(node: ast.expr, flow: Flow) -> Trust:
    if isinstance(node, ast.Constant):
        return Trust.PROVEN if node.value is None else Trust.AGAINST
    if isinstance(node, ast.Subscript):
        return _joins(node.value, flow)
    if flow.facts.typing_member(node):
        return Trust.PROVEN
    name = dotted(node)
    if flow.facts.means_builtin(name):
        return Trust.PROVEN if isinstance(getattr(builtins, name), type) else Trust.AGAINST
    if name in flow.facts.classes:
        return _bases(flow.facts.classes[name], flow.facts, frozenset({"__or__", "__ror__"}))
    return _imported_class(name, flow)


def _imported_class(name: str, flow: Flow) -> Trust:
    """A name from elsewhere is a class where the file derives from it, catches it or asks for its objects."""
    module = flow.scopes[0].node
    for node in ast.walk(module):
        asked = node.args[1:2] if isinstance(node, ast.Call) and dotted(node.func) == "isinstance" else []
        caught = [node.type] if isinstance(node, ast.ExceptHandler) and node.type is not None else []
        derived = node.bases if isinstance(node, ast.ClassDef) else []
        for one in (*asked, *caught, *derived):
            parts = one.elts if isinstance(one, ast.Tuple) else [one]
            if any(dotted(part) == name for part in parts):
                return Trust.SUPPORTED
    return Trust.AGAINST


def name_unread(name: str, facts: Facts) -> Trust:
    """Whether a function's own name is nowhere read: the file only calls it, and looks at no function's name."""
    called = facts.called.get(name, 0)
    only_called = called > 0 and facts.loaded.get(name, 0) == called and facts.times.get(name) == 1
    return Trust.SUPPORTED if only_called and not facts.mentions(*_NAMES_READ) else Trust.AGAINST
