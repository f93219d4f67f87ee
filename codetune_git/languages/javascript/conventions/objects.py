"""Members of objects: `{ a }` or `{ a: a }`, and keys in quotes or not. Knows objects; no classes, no patterns."""

from __future__ import annotations

from collections.abc import Iterator

from tree_sitter import Node

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.javascript.conventions.choices import Choice, convention, place_of
from codetune_git.languages.javascript.proof.literals import is_key
from codetune_git.text.source import Source

_QUOTED = "javascript/key_quotes"


def _shorthand(source: Source, node: Node) -> Choice | None:
    """`{ a }` or `{ a: a }`."""
    text = source.slice(node)
    if node.type == "shorthand_property_identifier":
        name, variant = text, "short"
    else:
        key, value = node.child_by_field_name("key"), node.child_by_field_name("value")
        if key is None or value is None or key.type != "property_identifier" or value.type != "identifier":
            return None
        name, variant = source.slice(key), "long"
        if name != source.slice(value) or node.child_count != 3:
            return None
    if not is_key(name):
        return None
    texts = {"short": name, "long": name + b": " + name}
    context = ("" if node.parent is None else place_of(node.parent),)
    return Choice(node.start_byte, node.end_byte, variant, context, texts.get)


def _keys(source: Source, node: Node) -> list[Node]:
    """The keys of an object that may stand with or without quotes."""
    keys = (child.child_by_field_name("key") for child in node.children if child.type == "pair")
    return [key for key in keys if key is not None and _name(source, key)]


def _name(source: Source, key: Node) -> bytes:
    """A key without quotes, where it may stand without them; else nothing."""
    text = source.slice(key)
    if key.type == "string":
        return text[1:-1] if is_key(text[1:-1]) else b""
    return text if key.type == "property_identifier" and is_key(text) else b""


def _needs_quotes(source: Source, node: Node) -> bool:
    """Whether another key of an object must stand in quotes."""
    keys = (child.child_by_field_name("key") for child in node.children if child.type == "pair")
    return any(key is not None and key.type == "string" and not is_key(source.slice(key)[1:-1]) for key in keys)


def _quote_sites(source: Source) -> Iterator[Site]:
    for node, _ in source.outside_opaque(("object",)):
        keys = _keys(source, node)
        context = ("beside" if keys and _needs_quotes(source, node) else "free",)
        for key in keys:
            variant = "quoted" if key.type == "string" else "bare"
            yield Site(_QUOTED, key.start_byte, key.end_byte, variant, context)


def _requote(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    text = source.text[site.start : site.end]
    if variant == "bare":
        return (Edit(site.start, site.end, text[1:-1]),)
    strings = [source.slice(node)[:1] for node, _ in source.of_kinds(("string",))]
    quote = max((b"'", b'"'), key=strings.count)
    return (Edit(site.start, site.end, quote + text + quote),)


CONVENTIONS = (
    convention(
        "shorthand",
        "members named like their value",
        {"short": "`{ name }`", "long": "`{ name: name }`"},
        ("shorthand_property_identifier", "pair"),
        _shorthand,
    ),
    Convention(
        _QUOTED,
        "quotes of keys",
        ("bare", "quoted"),
        _quote_sites,
        _requote,
        decisive=1,
        phrases={"bare": "keys without quotes", "quoted": "keys in quotes"},
    ),
)
