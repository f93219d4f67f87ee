"""Which JavaScript and TypeScript files nobody of the house wrote, by their paths."""

from __future__ import annotations

import re

from codetune_git.domain import Refusal
from codetune_git.languages.vendored import is_vendored

# What package managers and bundlers write, where they keep it in the repository.
_COPIED = frozenset({"bower_components", "jspm_packages", "web_modules", ".yarn"})
_BUILT = frozenset(
    {"dist", "__generated__", "generated", "coverage", "lib-cov", "storybook-static"}
    | {".next", ".nuxt", ".output", ".svelte-kit", ".docusaurus", ".angular", ".vite", ".parcel-cache", ".turbo"}
    | {".vercel", ".netlify", ".serverless", ".cache"}
)
_BUILT_NAMES = re.compile(
    r"[.-]min\.[cm]?js$|[.-](bundle|chunk)\.[cm]?js$|\.(generated|gen|pb)(\.d)?\.[cm]?[jt]sx?$"
    r"|_pb(_service)?(\.d)?\.[jt]s$|\.(umd|iife)\.js$|^\.pnp\.(c?js|loader\.mjs)$"
)
_RELEASED = re.compile(r"^[A-Za-z][\w.]*-v?\d+\.\d+(\.\d+)?(\.slim)?\.js$")  # a library with its version


def refuse_path(path: str) -> Refusal | None:
    """The reason why the file is not read, or None."""
    *folders, name = path.split("/")
    if is_vendored(path) or not _COPIED.isdisjoint(folders) or _RELEASED.search(name):
        return Refusal("vendored")
    if not _BUILT.isdisjoint(folders) or _BUILT_NAMES.search(name):
        return Refusal("generated")
    return None
