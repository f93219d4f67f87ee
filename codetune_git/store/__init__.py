"""What codetune keeps for a repository in `<git common dir>/codetune/`: adapters, counts, evaluations, decisions, the
lock.

Knows how it is written so that a crash, a full disk or a second process harms nothing. Does not know git, models or
what the counts mean.
"""

from codetune_git.store.store import Store
from codetune_git.store.values import Adapter, Cursor, Decided, EvaluationRecord, FileRecord, Manifest

__all__ = ["Adapter", "Cursor", "Decided", "EvaluationRecord", "FileRecord", "Manifest", "Store"]
