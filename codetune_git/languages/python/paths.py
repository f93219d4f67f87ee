"""Which Python files nobody of the house wrote, by their paths."""

from __future__ import annotations

import re
from itertools import pairwise

from codetune_git.domain import Refusal
from codetune_git.languages.vendored import is_vendored

# Before dependencies were declared, these were copied into a folder `packages` or as single files.
_COPIED_PACKAGES = frozenset({"chardet", "charade", "urllib3", "idna", "certifi", "six", "simplejson"})
_COPIED_FILES = frozenset({"six.py", "ez_setup.py", "distribute_setup.py", "versioneer.py", "get-pip.py"})
_GENERATED_NAMES = re.compile(r"_pb2(_grpc)?\.py$")


def refuse_path(path: str) -> Refusal | None:
    """Why the file is not read, or None."""
    *folders, name = path.split("/")
    copied = any(above == "packages" and below in _COPIED_PACKAGES for above, below in pairwise(folders))
    if copied or name in _COPIED_FILES or is_vendored(path):
        return Refusal("vendored")
    return Refusal("generated") if _GENERATED_NAMES.search(name) else None
