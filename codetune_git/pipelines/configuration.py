"""Resolves the configuration from its sources. Knows the sources and their order; does not know what the keys mean."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from codetune_git.errors import UsageError
from codetune_git.git.repository import Repository
from codetune_git.settings import Resolved, command_line_layer, environment_layer, file_layer, git_layers, resolve

_FILES = (("pyproject.toml", ("tool", "codetune")), (".codetune.toml", ()))
_MOST_BYTES = 1 << 20


def _content(path: Path) -> bytes:
    """The bytes of a settings file; none where there is no file. Raises UsageError where it is absurdly large."""
    if not path.is_file():
        return b""
    with open(path, "rb") as file:
        content = file.read(_MOST_BYTES + 1)
    if len(content) > _MOST_BYTES:
        raise UsageError(f"{path.name} is larger than {_MOST_BYTES >> 20} MiB: not read as settings")
    return content


def resolve_configuration(start: Path, given: Mapping[str, object]) -> Resolved:
    """The configuration of the repository around `start` with the options `given`. Raises UsageError and Unavailable.

    Lowest first: defaults, git's global configuration, the repository's files (safe keys only), git's local one,
    CODETUNE_*, `git -c`, the command line.
    """
    repository = Repository.open(start)
    for_all, for_this, for_this_call = git_layers(repository.config("codetune."))
    top = repository.worktree
    files = [file_layer(_content(top / name), name, table) for name, table in _FILES] if top else []
    environment = environment_layer(os.environ)
    return resolve([for_all, *files, for_this, environment, for_this_call, command_line_layer(given)])
