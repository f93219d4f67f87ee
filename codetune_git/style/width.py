"""How wide lines may become, read off where lists stop standing on one line. Knows counts; does not know texts."""

from __future__ import annotations

from itertools import pairwise

from codetune_git.domain import Site
from codetune_git.languages.language import qualified
from codetune_git.languages.shared.layouts import FLAT
from codetune_git.languages.shared.wrapping import NAME, WIDTHS, width_class
from codetune_git.style.counting import Counted

_FEWEST = 3  # lists of one class of width that must be broken: fewer may have another reason


def line_limit(counts: Counted, language: str) -> int:
    """The columns that a house keeps the lines of a language within: beyond them most lists are broken.

    0 where nothing tells.
    """
    for width, wider in pairwise((*WIDTHS, WIDTHS[-1] + 1)):
        seen = counts.at(Site(qualified(language, NAME), 0, 0, FLAT, (width_class(wider),)), 1)
        broken = sum(n for variant, n in seen.items() if variant != FLAT)
        if broken >= _FEWEST and broken > seen.get(FLAT, 0):
            return width
    return 0
