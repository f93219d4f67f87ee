"""The features of a proposal, by name. Knows what they are called; does not know how they are found nor weighed.

Most are log-odds of the proposed variant against the staged one; a weight of one takes them at their word. Those of
the neighbours are the logarithm of one plus a count or a sum of log-odds.
"""

from __future__ import annotations

from typing import NamedTuple

LOG_ODDS_CLIP = 8.0


class Features(NamedTuple):
    """What speaks for a proposal, or the weights of that. Zero says nothing.

    convention     how the repository writes the convention everywhere
    context        what places like this one add to that (counts with backing off)
    file           what the rest of the staged file, outside the hunk, adds to that
    hunk_agrees    how many other staged sites of the convention agree with the proposal
    hunk_differs   how many of them are written as the site is
    others_differ  by how many log-odds other conventions of the hunk go against the house's habit: who writes many
                   things otherwise brings habits along, and who writes one so has perhaps a reason
    others_agree   by how many log-odds other conventions of the hunk go with the house's habit
    as_one         the log-odds of all counts, times the differing sites of the hunk, if none agrees
    as_others      the log-odds of all counts, times what other conventions say against the house: own people write
                   otherwise in places where that is nearly usual, others do so anywhere
    model          the model: log p(proposal) - log p(staged text), in nats
    """

    convention: float = 0.0
    context: float = 0.0
    file: float = 0.0
    hunk_agrees: float = 0.0
    hunk_differs: float = 0.0
    others_differ: float = 0.0
    others_agree: float = 0.0
    as_one: float = 0.0
    as_others: float = 0.0
    model: float = 0.0

    @property
    def counted(self) -> float:
        """The log-odds of all counts."""
        return self.convention + self.context + self.file

    def with_model(self, log_odds: float) -> Features:
        """The features with the model's log-odds, clipped: no single answer is to outweigh everything."""
        return self._replace(model=max(-LOG_ODDS_CLIP, min(LOG_ODDS_CLIP, log_odds)))


NOTHING = Features()
_FORMER_NAMES = {"gap": "model"}


def current_names(names: list[str]) -> tuple[str, ...]:
    """The names of features in a record, those of earlier versions replaced by today's."""
    return tuple(_FORMER_NAMES.get(name, name) for name in names)
