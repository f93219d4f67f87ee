"""The request to each command, as a frozen value that the command line makes. Does not know commands or click.

`start` is always the folder that the command was called in, `options` what is configured, all sources weighed.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from codetune_git.settings import Options


@dataclass(frozen=True, slots=True)
class TrainRequest:
    """`dry_run`: change nothing. `estimate`: say what memory and time it takes, load nothing.

    `at_least`: so many new commits, or nothing is done. `background`: go on without the terminal, at low priority.
    """

    start: Path
    options: Options
    dry_run: bool = False
    at_least: int = 1
    background: bool = False
    estimate: bool = False


@dataclass(frozen=True, slots=True)
class SuggestRequest:
    """`range` is `A..B` or None for what is staged; `format`: see report/formats; `check`: exit 1 on suggestions.

    `fix`: write what is proven to mean the same to the work tree, with `index` to the index as well.
    """

    start: Path
    options: Options
    range: str | None = None
    format: str = "text"
    check: bool = False
    color: bool = False
    fix: bool = False
    index: bool = False


@dataclass(frozen=True, slots=True)
class CheckRequest:
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


@dataclass(frozen=True, slots=True)
class AgentRequest:
    """`agent`: the name of a coding agent; its hooks or instructions are installed, with `uninstall` removed."""

    start: Path
    agent: str
    uninstall: bool = False


@dataclass(frozen=True, slots=True)
class AgentHookRequest:
    """`agent`: the name of the coding agent that calls; `files`: those that it names on the command line."""

    start: Path
    agent: str
    files: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class ServerRequest:
    """A server on standard input and output, for the repository around `start`."""

    start: Path


@dataclass(frozen=True, slots=True)
class HookRequest:
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


@dataclass(frozen=True, slots=True)
class HooksRequest:
    """`uninstall`: remove what was installed; `training`: also the hooks that train in the background."""

    start: Path
    uninstall: bool = False
    training: bool = False


@dataclass(frozen=True, slots=True)
class ApplyRequest:
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


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """`range` is `A..B` or None for what is staged; the rest as in ApplyRequest."""

    start: Path
    options: Options
    range: str | None = None
    index_only: bool = False
    dry_run: bool = False


@dataclass(frozen=True, slots=True)
class DecisionsRequest:
    """`forget`: the numbers of decisions to forget; none: list them."""

    start: Path
    forget: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class EvaluateRequest:
    """`limit`: at most so many commits; `adapters`: beginnings of ids, empty for the active one."""

    start: Path
    options: Options
    limit: int | None = None
    adapters: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConventionsRequest:
    """`drift`: how the habits changed over time, too."""

    start: Path
    options: Options
    drift: bool = False
    color: bool = False
    format: str = "text"


@dataclass(frozen=True, slots=True)
class ExportRequest:
    """`target`: the tool that is told of the conventions, or "agents". `write`: the file that has them between markers.

    `check`: only say whether that file is up to date, exit with 1 where it is not.
    """

    start: Path
    options: Options
    target: str
    write: Path | None = None
    check: bool = False


@dataclass(frozen=True, slots=True)
class AdaptersRequest:
    """`use`: the beginning of the id to activate; `keep`: remove all but so many; neither: list them."""

    start: Path
    use: str | None = None
    keep: int | None = None


@dataclass(frozen=True, slots=True)
class SharingRequest:
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


@dataclass(frozen=True, slots=True)
class StatusRequest:
    start: Path
    options: Options


@dataclass(frozen=True, slots=True)
class ConfigRequest:
    start: Path
    show_origin: bool = False


@dataclass(frozen=True, slots=True)
class LanguagesRequest:
    """`language`: list its conventions; all languages where it is empty."""

    language: str = ""


@dataclass(frozen=True, slots=True)
class DoctorRequest:
    start: Path
    options: Options
