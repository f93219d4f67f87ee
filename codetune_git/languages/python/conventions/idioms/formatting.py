"""String formatting: `'a %s' % b`, `'a {}'.format(b)` or `f'a {b}'`; numbered fields; a logger's arguments.

Knows where formatting stands. Does not know types: a single operand of `%` is taken not to be a tuple. How templates
are read and written is in templates.py.
"""

from __future__ import annotations

from tree_sitter import Node

from codetune_git.languages.python.conventions.idioms import templates
from codetune_git.languages.python.conventions.idioms.choices import Choice, convention, place_of, spelling
from codetune_git.languages.python.conventions.idioms.file_facts import File
from codetune_git.languages.python.conventions.idioms.templates import Template
from codetune_git.languages.python.proof.formats import LOG_METHODS, LOGGER
from codetune_git.languages.python.proof.placeholders import Field, brace_parts, in_order

_TIGHT = frozenset({"*", "/", "//", "%", "@", "**"})
_BINDING = frozenset({"attribute", "unary_operator", "await", "concatenated_string", "call", "subscript"})


def _logger_call(file: File, node: Node) -> str:
    """The method, if `node` calls a logger's method; "" otherwise."""
    function = node.child_by_field_name("function") if node.type == "call" else None
    if function is None or function.type != "attribute":
        return ""
    method = file.slice(function.children[-1]).decode(errors="replace")
    if method not in LOG_METHODS or not file.imports_logging:
        return ""
    receiver = file.slice(function.children[0]).decode(errors="replace").rpartition(".")[2]
    return method if LOGGER.fullmatch(receiver) else ""


def _call_around(node: Node) -> Node | None:
    parent = node.parent
    return parent.parent if parent is not None and parent.type == "argument_list" else None


def _use(file: File, node: Node) -> str:
    call = _call_around(node)
    if call is None:
        return place_of(node)
    if call.parent is not None and call.parent.type == "raise_statement":
        return "raise"
    function = call.child_by_field_name("function")
    return "print" if function is not None and file.slice(function) == b"print" else "argument"


def _needs_parentheses(node: Node) -> bool:
    """Whether `%` would bind less tightly here than what stands around it."""
    parent = node.parent
    if parent is None or parent.type in _BINDING:
        return True
    return parent.type == "binary_operator" and parent.children[1].type in _TIGHT


def _size(template: Template) -> str:
    fields = sum(isinstance(part, Field) for part in template.parts)
    return str(fields) if fields < 4 else "many"


def _string_formatting(file: File, node: Node) -> Choice | None:
    template = templates.read(file, node)
    parent = node.parent if template is not None else None
    if template is None or parent is None or parent.type in ("concatenated_string", "expression_statement"):
        return None
    call = _call_around(node)
    if call is not None and _logger_call(file, call):
        return None
    texts = {
        "percent": None if _needs_parentheses(node) else templates.as_percent(file, template, node),
        "format": templates.as_format(file, template, node),
        "fstring": templates.as_f_string(template),
    }
    return spelling(file, (node.start_byte, node.end_byte), texts, (_use(file, node), _size(template)))


def _lazy(file: File, positional: list[Node]) -> Template | None:
    return templates.percent_template(file, positional[0], positional[1:])


def _logging_arguments(file: File, node: Node) -> Choice | None:
    """`log.info('a %s', b)` or a message that is formatted before the logger is called."""
    method = _logger_call(file, node)
    arguments = node.child_by_field_name("arguments")
    if not method or arguments is None or arguments.type != "argument_list":
        return None
    positional = [child for child in arguments.named_children if child.type not in ("keyword_argument", "comment")]
    if not positional or positional != arguments.named_children[: len(positional)]:
        return None
    template = _lazy(file, positional) if len(positional) > 1 else templates.read(file, positional[0])
    string = templates.percent_string(template) if template else None
    if template is None or string is None:
        return None
    texts = {
        "lazy": string + b", " + template.joined(),
        "percent": templates.as_percent(file, template, node),
        "format": templates.as_format(file, template, node),
        "fstring": templates.as_f_string(template),
    }
    span = positional[0].start_byte, positional[-1].end_byte
    return spelling(file, span, texts, (method, _size(template)))


def _format_fields(file: File, node: Node) -> Choice | None:
    """`'{} {}'.format(a, b)` or `'{0} {1}'.format(a, b)`."""
    call = templates.format_call(file, node)
    string = templates.plain_string(file, call[0]) if call else None
    parts = brace_parts(string[1]) if string else None
    if call is None or string is None or parts is None or not in_order(parts, len(call[1]), ()) or not call[1]:
        return None
    if any(argument.type in ("list_splat", "dictionary_splat", "keyword_argument", "comment") for argument in call[1]):
        return None
    template = Template(parts, (), False, string[0])
    texts: dict[str, bytes | None] = {
        "automatic": templates.brace_string(template, numbered=False),
        "numbered": templates.brace_string(template, numbered=True),
    }
    return spelling(file, (call[0].start_byte, call[0].end_byte), texts, (_size(template),))


CONVENTIONS = (
    convention(
        "string_formatting",
        "string formatting",
        ("percent", "format", "fstring"),
        frozenset({"binary_operator", "call", "string"}),
        choose=_string_formatting,
    ),
    convention(
        "logging_arguments",
        "arguments of log messages",
        ("lazy", "percent", "format", "fstring"),
        frozenset({"call"}),
        choose=_logging_arguments,
    ),
    convention(
        "format_fields",
        "fields of format strings",
        ("automatic", "numbered"),
        frozenset({"call"}),
        choose=_format_fields,
    ),
)
