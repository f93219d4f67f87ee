"""What a convention is. Knows how sites and rewrites are described; does not know which conventions there are.

A family file defines its conventions as values of `Convention`, whose two functions are pure:

    sites(source)                  yields a Site for every free choice in the file, in document order
    rewrite(source, site, variant) the edits that write the site in another variant, or None where that can't be done
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from codetune_git.domain import Edit, Site
from codetune_git.text.source import Source


@dataclass(frozen=True, slots=True)
class Convention:
    """A named choice between `variants`. `title` is how a suggestion names it to the user."""

    name: str
    title: str
    variants: tuple[str, ...]
    sites: Callable[[Source], Iterator[Site]]
    rewrite: Callable[[Source, Site, str], tuple[Edit, ...] | None]
