"""What a convention is. Knows how sites and rewrites are described; does not know which conventions there are.

A family file defines its conventions as values of `Convention`, whose two functions are pure:

    sites(source)                  yields a Site for every free choice in the file, in document order
    rewrite(source, site, variant) the edits that write the site in another variant, or None where that can't be done
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from codetune_git.domain import Edit, Site
from codetune_git.text.source import Source


def _one_kind(staged: str, proposed: str) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Convention:
    """A named choice between `variants`. `title` is how a suggestion names it to the user.

    `usual` is the variant that nearly all houses write, where there is one: theirs has to show otherwise. `group` says
    of a staged and a proposed variant which kind of change that is, where some kinds are righter than others. So many
    words of the context are `decisive`: sites that do not share them say nothing about each other. `phrases` say in
    plain words how code is written as a variant, those included that are only found.
    """

    name: str
    title: str
    variants: tuple[str, ...]
    sites: Callable[[Source], Iterator[Site]]
    rewrite: Callable[[Source, Site, str], tuple[Edit, ...] | None]
    usual: str = ""
    group: Callable[[str, str], str] = _one_kind
    decisive: int = 0
    phrases: Mapping[str, str] = field(default_factory=dict, compare=False)

    def phrase(self, variant: str) -> str:
        """How code reads that is written as `variant`, in plain words."""
        return self.phrases.get(variant, variant.replace("_", " "))

    def judged_as(self, staged: str, proposed: str) -> str:
        """The name under which it is judged how often such a proposal is right."""
        group = self.group(staged, proposed)
        return f"{self.name}={group}" if group else self.name
