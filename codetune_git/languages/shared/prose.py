"""Sentences in comments and docstrings: where one ends, and how its first letter and full stop are written otherwise.

Knows what looks like an abbreviation. Does not know what the text says, nor which texts are asked about.
"""

from __future__ import annotations

import re

from codetune_git.domain import Edit, Site
from codetune_git.text.source import Source

SENTENCE_ENDS = re.compile(rb"[.!?:;]\s")
ABBREVIATED = re.compile(rb"(?:\b(?:etc|e\.g|i\.e|vs|cf|al|resp)|\.)\.$")


def rewrite_capital(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    """The letter of the site as a capital (`upper`) or a small one."""
    letter = source.text[site.start : site.end]
    return (Edit(site.start, site.end, letter.upper() if variant == "upper" else letter.lower()),)


def rewrite_full_stop(source: Source, site: Site, variant: str) -> tuple[Edit, ...]:
    """A full stop behind the last character, which is the site (`stop`), or that character, a full stop, taken out."""
    return (Edit(site.end, site.end, b"."),) if variant == "stop" else (Edit(site.end - 1, site.end, b""),)
