"""What the review needs from the repository, as a protocol. Does not know how it is answered."""

from __future__ import annotations

from typing import Protocol

from codetune_git.domain import Precedent, Suggestion
from codetune_git.text.assumptions import Proof


class ReviewBackend(Protocol):
    """Each answer may take a while: it is asked for in a thread, where nothing on the screen waits for it."""

    def precedent(self, precedent: Precedent) -> tuple[str, ...]:
        """The lines of `precedent.path` at `precedent.commit`; empty if they cannot be read."""
        ...

    def verified(self, suggestion: Suggestion, replacement: tuple[str, ...]) -> Proof | None:
        """What is proven about `suggestion` with the text `replacement`; None: it does not parse."""
        ...
