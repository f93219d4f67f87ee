"""Where a syntax node stands, as far as its synonyms depend on it. Knows scopes; does not know any one synonym."""

from __future__ import annotations

from dataclasses import dataclass

from codetune_git.text.assumptions import Assumption, Trust
from codetune_git.text.kinds import Flow
from codetune_git.text.module_facts import Facts


@dataclass(frozen=True, slots=True)
class Method:
    """The class and first parameter of a method, and how far the file speaks for the class's name."""

    owner: str
    first: str
    trust: Trust


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: the scopes around it, the method whose own scope this is, what may be assumed."""

    flow: Flow
    allowed: frozenset[Assumption] = frozenset()
    method: Method | None = None

    @property
    def facts(self) -> Facts:
        return self.flow.facts

    def may(self, assumption: Assumption, trust: Trust) -> bool:
        return trust is Trust.PROVEN or (trust is Trust.SUPPORTED and assumption in self.allowed)
