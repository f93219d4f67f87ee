"""Where a syntax node stands, as far as its synonyms depend on it. Knows scopes; does not know any one synonym."""

from __future__ import annotations

from dataclasses import dataclass, field

from codetune_git.languages.python.proof.kinds import Flow
from codetune_git.languages.python.proof.module_facts import Facts
from codetune_git.text.assumptions import Assumption, Trust


@dataclass(frozen=True, slots=True)
class Method:
    """The class and first parameter of a method, and how far the file speaks for the class's name."""

    owner: str
    first: str
    trust: Trust


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node stands: the scopes around it, the method whose own scope this is, what may be assumed.

    `used`: what was assumed so far, here and at all places that were made from this one.
    """

    flow: Flow
    allowed: frozenset[Assumption] = frozenset()
    method: Method | None = None
    used: set[Assumption] = field(default_factory=set, compare=False)

    @property
    def facts(self) -> Facts:
        return self.flow.facts

    def may(self, assumption: Assumption, trust: Trust) -> bool:
        if trust is not Trust.SUPPORTED or assumption not in self.allowed:
            return trust is Trust.PROVEN
        self.used.add(assumption)
        return True
