"""The formats of `git codetune suggest --format`: their names, and what a renderer is given.

A format is a module of this room with a function `render(report)` that returns its text, and its name here.
Knows no format: the module is loaded when its format is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command line asks for the names only
    from codetune_git.domain import Findings, StagedFile

FORMATS = (
    "text",
    "diff",
    "json",
    "rdjson",
    "sarif",
    "github",
    "junit",
)


@dataclass(frozen=True, slots=True)
class Report:
    """Findings to show, the files that they are about, and whether colours may be used."""

    findings: Findings
    files: tuple[StagedFile, ...] = ()
    color: bool = False

    @property
    def contents(self) -> dict[str, bytes]:
        """The staged bytes by path."""
        return {file.path: file.content for file in self.files}


def render(report: Report, name: str) -> str:
    """The report in the format of that name: empty or a whole document where there are no suggestions.

    Raises ValueError where a suggestion does not fit its file, KeyError where its file is missing.
    """
    renderer: Callable[[Report], str] = import_module(f"codetune_git.report.{name}").render
    return renderer(report)
