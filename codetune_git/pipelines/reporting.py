"""Findings in the format that was asked for. Knows which formats there are; how each is written stands in report/."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command line asks for the names only
    from codetune_git.domain import Findings, StagedFile

FORMATS = ("text", "diff", "json", "rdjson", "sarif", "github", "junit")


def rendered(findings: Findings, files: Sequence[StagedFile], format_: str, *, color: bool) -> str:
    """What is printed; nothing for people where there are no suggestions, a whole document for programs.

    `files`: what was looked at, with the texts that the suggestions are about.
    """
    contents = {file.path: file.content for file in files}
    if format_ == "json":
        from codetune_git.report.json import render_json

        return render_json(findings)
    if format_ == "rdjson":
        from codetune_git.report.rdjson import render_rdjson

        return render_rdjson(findings, contents)
    if format_ == "sarif":
        from codetune_git.report.sarif import render_sarif

        return render_sarif(findings, contents)
    if format_ == "github":
        from codetune_git.report.github import render_github

        return render_github(findings, contents, {file.path: file.added for file in files})
    if format_ == "junit":
        from codetune_git.report.junit import render_junit

        return render_junit(findings, contents)
    if format_ == "diff":
        from codetune_git.report.diff import render_diff

        return render_diff(findings.suggestions, contents)
    from codetune_git.report.text import render_text

    return render_text(findings, color=color)
