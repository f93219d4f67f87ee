"""Starting git: one fixed environment for every call, so that nobody's configuration changes what is read.

Knows processes, arguments and exit codes. Does not know what a repository is or what the output means.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread
from typing import IO, NamedTuple

from codetune_git.errors import Unavailable

# Reading starts no program of the repository's (fsmonitor, pager), prints names as they are, and logs show all.
_CONFIGURATION = (
    "--no-pager",
    *("-c", "core.quotePath=false"),
    *("-c", "core.fsmonitor=false"),
    *("-c", "log.showRoot=true"),
    *("-c", "log.follow=false"),
)

# For every command that compares trees: records and hunks, no external programs, nothing that a user's diff.* settings
# or the repository's attributes can bend.
DIFF_OPTIONS = (
    "--raw",
    "--patch",
    "--unified=0",
    "--inter-hunk-context=0",
    "--text",
    "-M",
    "--diff-algorithm=myers",
    "--indent-heuristic",
    "--no-ext-diff",
    "--no-textconv",
    "--no-color",
    "--no-relative",
    "--no-abbrev",
    "--ignore-submodules=none",
    "-O/dev/null",
)

_FIXED = {
    "LC_ALL": "C",  # messages are matched
    "GIT_OPTIONAL_LOCKS": "0",  # reading does not write
    "GIT_NO_LAZY_FETCH": "1",  # a partial clone stays offline
    "GIT_TERMINAL_PROMPT": "0",
}
_UNSET = (
    "GIT_EXTERNAL_DIFF",
    "GIT_DIFF_OPTS",
    "GIT_LITERAL_PATHSPECS",
    "GIT_GLOB_PATHSPECS",
    "GIT_NOGLOB_PATHSPECS",
    "GIT_ICASE_PATHSPECS",
    "GIT_ATTR_SOURCE",
)


def fixed_environment() -> dict[str, str]:
    """This process's environment without what would change git's reading."""
    inherited = {name: value for name, value in os.environ.items() if name not in _UNSET}
    return inherited | _FIXED


def last_line(stderr: bytes) -> str:
    """What git said last, without its `fatal:`."""
    lines = os.fsdecode(stderr).strip().splitlines()
    return lines[-1].removeprefix("fatal: ").removeprefix("error: ") if lines else "no message"


class Pipes(NamedTuple):
    """The two ends of a running process."""

    stdin: IO[bytes]
    stdout: IO[bytes]


@dataclass(frozen=True, slots=True)
class Git:
    """Calls git in `folder` with `environment`. All methods raise Unavailable where there is no git to start."""

    folder: Path
    environment: Mapping[str, str]

    def with_environment(self, **changes: str) -> Git:
        return Git(self.folder, {**self.environment, **changes})

    def attempt(self, *arguments: str, stdin: bytes = b"") -> subprocess.CompletedProcess[bytes]:
        """Run to the end, whatever the exit code."""
        try:
            return subprocess.run(
                _command(arguments),
                input=stdin,
                capture_output=True,
                cwd=self.folder,
                env=self.environment,
                check=False,
            )
        except FileNotFoundError as error:
            raise _cannot_start(self.folder) from error

    def run(self, *arguments: str, stdin: bytes = b"") -> bytes:
        """The standard output of a call that must succeed; raises Unavailable with git's own words."""
        done = self.attempt(*arguments, stdin=stdin)
        if done.returncode:
            raise _failed(arguments, self.folder, done.stderr)
        return done.stdout

    @contextmanager
    def stream(self, *arguments: str) -> Iterator[Pipes]:
        """The pipes of a running git; leaving early stops it. Raises Unavailable where it failed by itself."""
        process = self._start(arguments)
        assert process.stdin is not None
        assert process.stdout is not None
        said: list[bytes] = []
        listener = Thread(target=_listen, args=(process, said), daemon=True)
        listener.start()
        try:
            yield Pipes(process.stdin, process.stdout)
        except BrokenPipeError:
            pass  # git is gone: its exit code and its words say why
        except BaseException:
            process.kill()
            raise
        finally:
            process.stdout.close()
            with suppress(BrokenPipeError):
                process.stdin.close()
            process.wait()
            listener.join()
        if process.returncode:
            raise _failed(arguments, self.folder, b"".join(said))

    def _start(self, arguments: Sequence[str]) -> subprocess.Popen[bytes]:
        try:
            return subprocess.Popen(
                _command(arguments),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                bufsize=1 << 16,
                cwd=self.folder,
                env=self.environment,
            )
        except FileNotFoundError as error:
            raise _cannot_start(self.folder) from error


def _command(arguments: Sequence[str]) -> list[str]:
    return ["git", *_CONFIGURATION, *arguments]


def _name(arguments: Sequence[str]) -> str:
    """The command among `arguments`, which may begin with `-c key=value`."""
    return next(argument for argument in arguments if not argument.startswith("-") and "=" not in argument)


def _cannot_start(folder: Path) -> Unavailable:
    if not folder.is_dir():
        return Unavailable(f"no such folder: {folder}")
    return Unavailable("the git executable is not on PATH: install git 2.31 or later")


def _listen(process: subprocess.Popen[bytes], said: list[bytes]) -> None:
    """Takes what git says on standard error while somebody else reads its output: neither pipe may fill up."""
    assert process.stderr is not None
    with process.stderr:
        said.extend(process.stderr)


def _failed(arguments: Sequence[str], folder: Path, stderr: bytes) -> Unavailable:
    what = f"git {_name(arguments)} failed in {folder}: {last_line(stderr)}"
    if b"promisor remote" in stderr:
        return Unavailable(f"{what}; a partial clone lacks contents: fetch them with `git fetch --refetch --no-filter`")
    return Unavailable(f"{what}; `git fsck` tells what is broken")
