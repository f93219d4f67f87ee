"""Comments of Python: those of any grammar, under the names that people know them by.

Knows which comments Python's tools read: what stands behind their hash stays as it is.
"""

from __future__ import annotations

from codetune_git.languages.python.comments.tool_comments import pragmas_in
from codetune_git.languages.shared.comments import conventions

CONVENTIONS = conventions(
    lambda comment: bool(pragmas_in(comment)), spacing="comment_hash_spacing", gap="inline_comment_gap"
)
