"""Which JavaScript and TypeScript files nobody of the house wrote, by their paths."""

from __future__ import annotations

import re

from codetune_git.domain import Refusal
from codetune_git.languages.vendored import is_vendored

# What package managers and bundlers write, where they keep it in the repository.
_COPIED = frozenset({"bower_components", "jspm_packages", ".yarn"})
_BUILT = frozenset({"dist", ".next", ".nuxt", ".svelte-kit", "storybook-static"})
_BUILT_NAMES = re.compile(
    r"[.-]min\.[cm]?js$|\.(bundle|chunk|generated|gen)\.[cm]?[jt]sx?$|^\.pnp\.(c?js|loader\.mjs)$"
)


def refuse_path(path: str) -> Refusal | None:
    """The reason why the file is not read, or None."""
    *folders, name = path.split("/")
    if is_vendored(path) or not _COPIED.isdisjoint(folders):
        return Refusal("vendored")
    if not _BUILT.isdisjoint(folders) or _BUILT_NAMES.search(name):
        return Refusal("generated")
    return None
