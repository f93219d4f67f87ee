"""The request to each command, as a frozen value that the command line makes. Does not know commands or click.

`start` is always the folder that the command was called in, `options` what is configured, all sources weighed.
Every call of the program defines all of them: as NamedTuples in an eighth of the time that frozen dataclasses take.
"""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from codetune_git.settings import Options


class TrainRequest(NamedTuple):
    """`dry_run`: change nothing. `estimate`: say what memory and time it takes, load nothing.

    `at_least`: so many new commits, or nothing is done. `background`: go on without the terminal, at low priority.
    """

    start: Path
    options: Options
    dry_run: bool = False
    at_least: int = 1
    background: bool = False
    estimate: bool = False


class SuggestRequest(NamedTuple):
    """`range` is `A..B` or None for what is staged; `format`: see report/formats; `check`: exit 1 on suggestions.

    `fix`: write what is proven to mean the same to the work tree, with `to_index` to the index as well.
    """

    start: Path
    options: Options
    range: str | None = None
    format: str = "text"
    check: bool = False
    color: bool = False
    fix: bool = False
    to_index: bool = False


class CheckRequest(NamedTuple):
    """`paths`: these files and folders only (none: all). Looked at are the changed lines of the work tree, or with
    `staged` those of the index, with `range` those of `A..B`, with `stdin_filename` those of `text`, which is the file
    of that name as somebody has it in memory, or with `patch` those of the files that this unified diff would change in
    the work tree. `whole`: all lines of the files; those of `paths` need not be changed.

    `fix`: write what is proven to mean the same to the work tree; the text of `stdin_filename` is printed instead.
    `agent`: a few lines for a coding agent on the error stream, and exit code 2. `format`: see report/formats.
    """

    start: Path
    options: Options
    paths: tuple[str, ...] = ()
    staged: bool = False
    range: str | None = None
    stdin_filename: str | None = None
    text: bytes | None = None
    patch: bytes | None = None
    whole: bool = False
    fix: bool = False
    agent: bool = False
    format: str = "text"
    color: bool = False


class AgentRequest(NamedTuple):
    """`agent`: the name of a coding agent; its hooks or instructions are installed, with `uninstall` removed."""

    start: Path
    agent: str
    uninstall: bool = False


class AgentHookRequest(NamedTuple):
    """`agent`: the name of the coding agent that calls; `files`: those that it names on the command line."""

    start: Path
    agent: str
    files: tuple[Path, ...] = ()


class ServerRequest(NamedTuple):
    """A server on standard input and output, for the repository around `start`."""

    start: Path


class HookRequest(NamedTuple):
    """`files`: look at these only (none: all); `range` is `A..B` or None for what is staged.

    `check`: exit 1 on suggestions. `required`: what keeps the hook from looking is an error.
    """

    start: Path
    options: Options
    files: tuple[str, ...] = ()
    range: str | None = None
    check: bool = False
    required: bool = False
    color: bool = False


class HooksRequest(NamedTuple):
    """`uninstall`: remove what was installed; `training`: also the hooks that train in the background."""

    start: Path
    uninstall: bool = False
    training: bool = False


class ApplyRequest(NamedTuple):
    """Which suggestions to write: those whose ids begin so, `kinds`, or `all`; made now, or read from `file`.

    `assuming`: those that rest on an assumption as well; those named by their ids are taken in any case.
    `undo`: take back the last write instead. `index_only`: leave the work tree alone. `dry_run`: change nothing.
    """

    start: Path
    options: Options
    ids: tuple[str, ...] = ()
    all: bool = False
    file: Path | None = None
    assuming: bool = False
    undo: bool = False
    index_only: bool = False
    dry_run: bool = False


class ReviewRequest(NamedTuple):
    """`range` is `A..B` or None for what is staged; the rest as in ApplyRequest."""

    start: Path
    options: Options
    range: str | None = None
    index_only: bool = False
    dry_run: bool = False


class DecisionsRequest(NamedTuple):
    """`forget`: the numbers of decisions to forget; none: list them."""

    start: Path
    forget: tuple[int, ...] = ()


class EvaluateRequest(NamedTuple):
    """`limit`: at most so many commits; `adapters`: beginnings of ids, empty for the active one."""

    start: Path
    options: Options
    limit: int | None = None
    adapters: tuple[str, ...] = ()


class ConventionsRequest(NamedTuple):
    """`drift`: how the habits changed over time, too."""

    start: Path
    options: Options
    drift: bool = False
    color: bool = False
    format: str = "text"


class ExportRequest(NamedTuple):
    """`target`: the tool that is told of the conventions, or "agents". `write`: the file that has them between markers.

    `check`: only say whether that file is up to date, exit with 1 where it is not.
    """

    start: Path
    options: Options
    target: str
    write: Path | None = None
    check: bool = False


class AdaptersRequest(NamedTuple):
    """`use`: the beginning of the id to activate; `keep`: remove all but so many; neither: list them."""

    start: Path
    use: str | None = None
    keep: int | None = None


class SharingRequest(NamedTuple):
    """`push` the active adapter to `remote` under `name`, or fetch it; or export it to the new folder `out`.

    `merged`: as a whole checkpoint instead of a PEFT adapter.
    """

    start: Path
    options: Options
    push: bool = False
    remote: str = "origin"
    name: str = "default"
    out: Path | None = None
    merged: bool = False


class StatusRequest(NamedTuple):
    start: Path
    options: Options


class ConfigRequest(NamedTuple):
    start: Path
    show_origin: bool = False


class LanguagesRequest(NamedTuple):
    """`language`: list its conventions; all languages where it is empty."""

    language: str = ""


class DoctorRequest(NamedTuple):
    start: Path
    options: Options
