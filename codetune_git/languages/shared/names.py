"""Which words a file uses as names, so that prose which begins with one is no choice of a first letter.

Knows how names stand in code of any grammar: called, assigned, imported, defined, passed, quoted. Takes too many rather
than too few: a word in a list of prose is taken as well.
"""

from __future__ import annotations

import re

from codetune_git.text.source import Source

_NAMES = re.compile(
    rb"\b(\w++)(?=\(|\[| *:?=[^=]|\.\w)"  # called, subscribed, assigned, asked for an attribute
    rb"|[.(@*](\w++)"
    rb"|,\s*(\w++)(?=[,)=:])"
    rb"|[\"'`](\w++)[\"'`]"
    rb"|\b(?:import|from|as|class|def|func|function|type|var|let|const) +(\w++)"
)


def names(source: Source) -> frozenset[bytes]:
    """The words that the file uses as names, in lower case."""
    return frozenset(name.lower() for groups in _NAMES.findall(source.text) for name in groups if name)
