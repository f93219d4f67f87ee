"""What codetune keeps for a repository in `<git common dir>/codetune/`: adapters, counts, evaluations, decisions, the
lock.

Knows how it is written so that a crash, a full disk or a second process harms nothing. Does not know git, models or
what the counts mean.
"""

from typing import TYPE_CHECKING

from codetune_git.store.store import Store

if TYPE_CHECKING:
    from codetune_git.store.values import Adapter, Cursor, Decided, EvaluationRecord, FileRecord, Manifest

__all__ = ["Adapter", "Cursor", "Decided", "EvaluationRecord", "FileRecord", "Manifest", "Store"]


def __getattr__(name: str) -> object:
    """The values, loaded when somebody names one: a hook that has judged a text before needs none of them."""
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from codetune_git.store import values

    return getattr(values, name)
