"""Which paths the repository's .gitattributes mark as generated, vendored or off limits, decided by git's own engine.

Knows the three attributes and what their values mean. Does not match any pattern itself.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory

from codetune_git.domain import Refusal
from codetune_git.git.process import Git
from codetune_git.git.repository import Repository
from codetune_git.git.rules import rule_files

_YES, _NO = frozenset({"set", "true"}), frozenset({"unset", "false"})
_REFUSALS = {
    "linguist-generated": (_YES, Refusal("generated (linguist-generated in .gitattributes)")),
    "linguist-vendored": (_YES, Refusal("vendored (linguist-vendored in .gitattributes)")),
    "codetune": (_NO, Refusal("excluded by -codetune in .gitattributes")),
}


def excluded(repository: Repository, paths: Iterable[str], tip: str | None) -> dict[str, Refusal]:
    """Those of `paths` that `tip`'s .gitattributes (and the user's own) exclude, each with why.

    The tip's files are laid out in a temporary folder: `check-attr --source` is younger than many a git. Raises
    Unavailable where git fails.
    """
    names = "".join(f"{path}\0" for path in paths)
    with TemporaryDirectory(prefix="codetune-") as empty, rule_files(repository, tip, ".gitattributes") as folder:
        worktree = folder or Path(empty)
        environment = {"GIT_WORK_TREE": os.fspath(worktree), "GIT_INDEX_FILE": os.path.join(empty, "index")}
        git = Git(worktree, repository.git.environment).with_environment(**environment)
        answers = git.run("check-attr", "-z", "--stdin", *_REFUSALS, stdin=os.fsencode(names))
    fields = os.fsdecode(answers).split("\0")
    found: dict[str, Refusal] = {}
    for path, attribute, value in zip(fields[0::3], fields[1::3], fields[2::3], strict=False):
        values, refusal = _REFUSALS[attribute]
        if value in values:
            found.setdefault(path, refusal)
    return found
