"""What can go wrong and the exit code of each: one tree, mapped to one line for the user in cli.py.

CodetuneError
    UsageError        2    bad option or setting
      RevisionMissing 2    a commit that is not there
    AdapterMissing    3    no adapter where one is required
    Unavailable       4    not a repository, not owned, out of memory
      ExtraMissing    4    a part that was not installed, such as torch
    DataRefused       5    adapter or data that fails its checks
    IndexChanged      6    the index changed meanwhile
    OverBudget        75   time budget exceeded where required
    Interrupted       130  Ctrl-C
"""

from __future__ import annotations


class CodetuneError(Exception):
    """Says what, where and what to do next, in one line. `exit_code` is the process's."""

    exit_code = 1


class UsageError(CodetuneError):
    exit_code = 2


class RevisionMissing(UsageError):
    """A commit that somebody named is not in the repository."""


class AdapterMissing(CodetuneError):
    exit_code = 3


class Unavailable(CodetuneError):
    """The environment lacks something: a repository, a library, memory, disk space, the lock."""

    exit_code = 4


class ExtraMissing(Unavailable):
    """A part is not installed that an extra of the package brings."""

    @classmethod
    def of(cls, extra: str, what: str) -> ExtraMissing:
        """`what` is missing or cannot be done, in words."""
        return cls(f"{what}: run `pip install 'codetune-git[{extra}]'`")


class DataRefused(CodetuneError):
    exit_code = 5


class IndexChanged(CodetuneError):
    exit_code = 6


class OverBudget(CodetuneError):
    exit_code = 75


class Interrupted(CodetuneError):
    exit_code = 130
