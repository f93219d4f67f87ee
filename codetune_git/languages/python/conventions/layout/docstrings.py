"""How docstrings are quoted and indented, where their text begins and where the closing quotes stand.

Knows the string and its indentation. Every rewrite keeps what `inspect.cleandoc` makes of the docstring, but for blanks
at the ends of lines. Does not know what the text says (summaries.py).
"""

from __future__ import annotations

from collections.abc import Iterator

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.layout.docstring_parts import Parts, around, every, plain
from codetune_git.text.source import Source

_QUOTES = {"double3": b'"""', "single3": b"'''", "double1": b'"', "single1": b"'"}
_NAMES = {quotes: name for name, quotes in _QUOTES.items()}


# Quotes


def _quotable(parts: Parts, quotes: bytes) -> bool:
    """Whether the content can stand between `quotes` as it is."""
    if len(quotes) == 1 and (b"\n" in parts.content or quotes in parts.content):
        return False
    return quotes not in parts.content


def _quotes_sites(source: Source) -> Iterator[Site]:
    for parts, kind in plain(source):
        edges = parts.content[:1] + parts.content[-1:]
        if parts.first - parts.start != len(parts.quotes) or edges.strip(b"\"'") != edges:
            continue
        if any(_quotable(parts, quotes) for quotes in _NAMES if quotes != parts.quotes):
            lines = "multi" if b"\n" in parts.content else "one"
            yield Site("docstring_quotes", parts.start, parts.end, _NAMES[parts.quotes], (lines, kind))


def _quote(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    parts, quotes = around(source, site), _QUOTES[variant]
    if parts is None or not _quotable(parts, quotes):
        return None
    return Edit(parts.start, parts.first, quotes), Edit(parts.last, parts.end, quotes)


# The first line


def _margin(lines: list[bytes], otherwise: bytes) -> bytes:
    """The indentation that all `lines` with text share; `otherwise` where there is no text."""
    widths = [len(line) - len(line.lstrip(b" ")) for line in lines if line.strip()]
    return b" " * min(widths) if widths else otherwise


def _begins(parts: Parts) -> str | None:
    """Where the text begins, if it could begin in the other place as well."""
    first, *others = parts.lines
    if not others or first[:1] == b" ":
        return None
    if first:
        return "same"
    margin = _margin(others[1:], parts.indent)
    begins = others[0][len(margin) : len(margin) + 1]
    return "next" if others[0].startswith(margin) and begins.strip() else None


def _first_line_sites(source: Source) -> Iterator[Site]:
    for parts, kind in plain(source):
        variant = _begins(parts)
        if variant:
            end = parts.end - len(parts.quotes) - len(parts.content.lstrip()) + 1
            yield Site("docstring_first_line", parts.start, end, variant, (kind,))


def _begin(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    parts = around(source, site)
    if parts is None:
        return None
    if variant == "same":
        return (Edit(parts.first, site.end - 1, b""),)
    return (Edit(parts.first, parts.first, b"\n" + _margin(parts.lines[1:], parts.indent)),)


# Blanks inside the quotes

_PADDINGS = {(b"", b""): "tight", (b" ", b" "): "padded"}


def _edges(parts: Parts) -> tuple[bytes, bytes]:
    """The blanks before and after the text; in several lines what stands before the closing quotes is no padding."""
    content = parts.content
    before = content[: len(content) - len(content.lstrip(b" "))]
    return before, before if b"\n" in content else content[len(content.rstrip(b" ")) :]


def _padding_sites(source: Source) -> Iterator[Site]:
    for parts, kind in plain(source):
        text = parts.content.strip(b" ")
        if text[:1] in (b"\n", b'"', b"'") or text[-1:] in (b'"', b"'"):
            continue
        lines = "multi" if b"\n" in text else "one"
        end = parts.first + len(parts.content) - len(text) + 1 if lines == "multi" else parts.last
        yield Site("docstring_padding", parts.first, end, _PADDINGS.get(_edges(parts), "mixed"), (lines, kind))


def _pad(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    parts = around(source, site)
    if parts is None:
        return None
    gap, (before, after) = b" " if variant == "padded" else b"", _edges(parts)
    opening = Edit(parts.first, parts.first + len(before), gap)
    return (opening,) if b"\n" in parts.content else (opening, Edit(parts.last - len(after), parts.last, gap))


# The lines below the first one


def _further(parts: Parts) -> list[tuple[int, bytes]]:
    """The lines with text below the first line, each with where it begins."""
    return [(start, line) for start, line in list(parts.rows)[1:] if line.strip()]


def _column(parts: Parts) -> bytes:
    """The blanks under which the text begins that stands behind the opening quotes."""
    return parts.indent + b" " * (parts.first - parts.start)


def _indent_sites(source: Source) -> Iterator[Site]:
    for parts, kind in plain(source):
        further = _further(parts)
        if not further or b"\t" in parts.indent or b">>>" in parts.content:
            continue
        margin = _margin([line for _, line in further], b"")
        variant = {parts.indent: "level", _column(parts): "aligned"}.get(margin, "off")
        first = "next" if parts.lines[0] == b"" else "same"
        yield Site("docstring_indent", further[0][0], parts.last, variant, (first, kind))


def _indent(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    parts = around(source, site)
    if parts is None:
        return None
    further = _further(parts)
    margin = len(_margin([line for _, line in further], b""))
    indent = parts.indent if variant == "level" else _column(parts)
    return tuple(Edit(start, start + margin, indent) for start, _ in further)


# The closing quotes


def _closes(parts: Parts, lines: list[bytes], *, is_short: bool) -> str | None:
    """Where the closing quotes stand, if they could stand in the other place as well; "off" below no indentation."""
    *others, last = lines
    before = others[-1] if others else b""
    if len(parts.quotes) == 1 or before.endswith(b"\\") or (is_short and not lines[0].strip()):
        return None
    if not last.strip() and before == before.rstrip() != b"":
        if before.endswith((b'"', b"'")):
            return None
        return "own" if last == parts.indent else "off"
    ending = last[-1:]
    return "end" if ending.strip() and ending not in (b'"', b"'", b"\\") else None


def _closing_sites(source: Source) -> Iterator[Site]:
    for parts, kind in source.once(every):
        lines = parts.lines
        is_short = sum(bool(line.strip()) for line in lines) < 2
        variant = _closes(parts, lines, is_short=is_short)
        if variant:
            start = parts.first + len(parts.content.rstrip())
            begins = "one" if is_short else "next" if lines[0] == b"" else "same"
            yield Site("docstring_closing", start, parts.end, variant, (begins, kind))


def _close(source: Source, site: Site, variant: str) -> tuple[Edit, ...] | None:
    parts = around(source, site)
    if parts is None:
        return None
    start = parts.first + len(parts.content) - len(parts.lines[-1]) if site.variant == "off" else site.start
    if variant == "end":
        return (Edit(site.start, parts.last, b""),)
    return (Edit(start, parts.last, parts.indent if site.variant == "off" else b"\n" + parts.indent),)


CONVENTIONS: tuple[Convention, ...] = (
    Convention("docstring_quotes", "quotes of docstrings", tuple(_QUOTES), _quotes_sites, _quote),
    Convention("docstring_first_line", "first line of docstrings", ("same", "next"), _first_line_sites, _begin),
    Convention("docstring_closing", "closing quotes of docstrings", ("own", "end"), _closing_sites, _close, decisive=1),
    Convention("docstring_padding", "blanks inside docstring quotes", ("tight", "padded"), _padding_sites, _pad),
    Convention("docstring_indent", "indentation of docstrings", ("level", "aligned"), _indent_sites, _indent),
)
