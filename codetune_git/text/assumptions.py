"""What a proof may rest on beyond the language: each assumption by the words in which it is shown.

Knows how far a file speaks for an assumption. Does not know syntax: who judges a place is the proof of the language.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum

from codetune_git.domain import Verification

# How often what a rewrite assumes was so, by the tests of rewritten packages (docs/experiments.md): 101 of 106.
HOLDS = 0.95


class Trust(IntEnum):
    """How far one file speaks for an assumption at one place; AGAINST also where it says nothing."""

    AGAINST = 0
    SUPPORTED = 1
    PROVEN = 2


class Assumption(StrEnum):
    """What must hold for two spellings to mean the same; each name stands in the table of synonyms."""

    NO_TUPLE = "the operand is no tuple"
    FORMAT = "the operand formats as `str`"
    ORDER = "evaluating one changes no other"
    LOGGER = "the logger is `logging`'s own"
    LATER = "the message may format later"
    NONE = "`== None` is not overloaded"
    EXCEPTION = "the raised name is a class"
    OWNER = "the class keeps its name"
    STOP_ITERATION = "no element raises StopIteration"
    IMPORTS = "the order of imports is free"
    ANNOTATIONS = "nobody reads the annotations' form"
    BAR = "the types can be joined"
    DOCSTRINGS = "only people read the docstrings"
    FUNCTION_NAME = "nobody reads the function's name"
    NOT_MADE = "nobody makes objects with the function"
    ONE_TYPE = "both sides are of one type"


@dataclass(frozen=True, slots=True)
class Proof:
    """What is proven about a rewrite, and under which assumptions (none but for ASSUMING)."""

    verification: Verification
    assumptions: tuple[Assumption, ...] = ()

    @property
    def assumption(self) -> str:
        """The assumptions in words; "" for none."""
        return ", ".join(self.assumptions)
