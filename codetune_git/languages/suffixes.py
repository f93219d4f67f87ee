"""How the names of files end that are read, by language. Imports nothing: asked before there is anything to read."""

from __future__ import annotations

from collections.abc import Mapping

BY_LANGUAGE: Mapping[str, tuple[str, ...]] = {
    "python": (".py", ".pyw"),
    "javascript": (".js", ".mjs", ".cjs", ".jsx"),
    "typescript": (".ts", ".mts", ".cts"),
    "tsx": (".tsx",),
    "go": (".go",),
    "java": (".java",),
}

SUFFIXES: tuple[str, ...] = tuple(suffix for suffixes in BY_LANGUAGE.values() for suffix in suffixes)
