"""What the fields and sections of a docstring are called, where tools take two words for the same.

Knows Sphinx's `:return:` or `:returns:` and `:raise X:` or `:raises X:`, and Google's `Args:` or `Arguments:`. Does not
know what stands in them, nor sections that go by one word alone. A rewrite changes what `__doc__` is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from codetune_git.domain import Edit, Site
from codetune_git.languages.convention import Convention
from codetune_git.languages.python.conventions.layout.docstring_parts import every
from codetune_git.text.source import Source

_FIELD = re.compile(rb"[ \t]*(?::(returns?)(?=:)|:(raises?)(?= [\w.`~]+ ?:)|(Args|Arguments):[ \t]*$)")
_LONG = {b"return": b"returns", b"raise": b"raises", b"Args": b"Arguments"}
_SHORT = {long: short for short, long in _LONG.items()}


def _sites(source: Source) -> Iterator[Site]:
    for parts, _ in source.once(every):
        for start, line in parts.rows:
            found = _FIELD.match(line)
            if found is not None and b">>>" not in parts.content:
                word = found[found.lastindex or 0]
                short = _SHORT.get(word, word)
                first = start + found.start(found.lastindex or 0)
                variant = "short" if word == short else "long"
                yield Site("docstring_field", first, first + len(word), variant, (short.decode().lower(),))


def _rewrite(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    word = source.text[site.start : site.end]
    return (Edit(site.start, site.end, _LONG[word] if variant == "long" else _SHORT[word]),)


CONVENTIONS: tuple[Convention, ...] = (
    Convention("docstring_field", "names of docstring fields", ("short", "long"), _sites, _rewrite, decisive=1),
)
