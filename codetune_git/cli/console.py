"""The console script: the exit code of a command becomes that of the process, an error one line.

Knows exit codes and streams. Does not know what the verbs are or do.
"""

from __future__ import annotations

import errno
import io
import os
import sys
from collections.abc import Callable, Sequence

import click

from codetune_git.cli.verbs import COMPLETING, NAME, PROGRAM, codetune
from codetune_git.errors import CodetuneError, Interrupted, Unavailable, UsageError

_PIPE_CLOSED = 141  # what the shell reports for a process that SIGPIPE ended
_ENVIRONMENT_ERRORS = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EROFS, errno.EACCES, errno.EPERM)


def _flush() -> None:
    if sys.stdout is not None and not sys.stdout.closed:  # by whoever started this process, or a server at its end
        sys.stdout.flush()


def _let_go_of_stdout() -> None:
    """Drop what cannot be written any more: the flush at the end of the interpreter must not change the exit code."""
    try:
        _flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _invoked(arguments: Sequence[str]) -> int:
    """The exit code of the command; click's own exceptions and all others pass through."""
    if instruction := os.environ.get(COMPLETING):
        from click.shell_completion import shell_complete

        return shell_complete(codetune, {}, PROGRAM, COMPLETING, instruction)
    try:
        # Not `codetune.main`: it would end the process by itself when a pipe is closed, and with code 1.
        with codetune.make_context(NAME, list(arguments)) as context:
            code = codetune.invoke(context)
    except click.exceptions.Exit as end:
        code = end.exit_code
    _flush()
    return int(code or 0)


def _interrupted(error: BaseException) -> bool:
    """Whether Ctrl-C caused it. An extension module turns a Ctrl-C during its loading into an ImportError."""
    return isinstance(error, KeyboardInterrupt) or (error.__cause__ is not None and _interrupted(error.__cause__))


def _mapped(error: BaseException) -> CodetuneError | None:
    """The error to show for a foreign one; None where it is a fault of this program."""
    if isinstance(error, CodetuneError):
        return error
    if isinstance(error, click.Abort) or _interrupted(error):
        return Interrupted("interrupted")
    if isinstance(error, click.UsageError):
        path = error.ctx.command_path if error.ctx else NAME
        return UsageError(f"{error.format_message()} (see `{path} --help`)")
    if isinstance(error, MemoryError):
        return Unavailable("out of memory: close other programs, or train with a smaller base or fewer threads")
    if isinstance(error, OSError) and error.errno in _ENVIRONMENT_ERRORS:
        place = f": {os.fsdecode(error.filename)}" if isinstance(error.filename, (str, bytes)) else ""
        return Unavailable(f"{error.strerror}{place}")
    return None


def _guarded(action: Callable[[], int]) -> int:
    """The exit code of `action`. An error that the user can act on is printed as one line."""
    try:
        return action()
    except BrokenPipeError:
        return _PIPE_CLOSED
    except BaseException as error:
        mapped = _mapped(error)
        if mapped is None:
            raise
        print(f"codetune: {' '.join(str(mapped).split())}", file=sys.stderr)
        return mapped.exit_code
    finally:
        _let_go_of_stdout()


def main() -> None:
    """The console script `git-codetune`."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A diff must carry the bytes of any path and line, whatever the locale.
        sys.stdout.reconfigure(encoding="utf-8", errors="surrogateescape", newline="\n")
    if isinstance(sys.stderr, io.TextIOWrapper):
        sys.stderr.reconfigure(errors="backslashreplace")
    sys.exit(_guarded(lambda: _invoked(sys.argv[1:])))
