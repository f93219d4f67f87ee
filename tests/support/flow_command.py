"""`git codetune` as a user calls it, what it said, what it left running, and what it changed.

Knows processes and files. Does not know what a command is for.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import time
import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from support.real_git import environment

SCRIPT = Path(sys.executable).with_name("git-codetune")
TORCH = (
    *(sys.executable, "-P", "-m", "torch.distributed.run", "--standalone", "--nproc_per_node", "2"),
    *("--module", "codetune_git"),
)
ACCELERATE = (
    *(sys.executable, "-P", "-m", "accelerate.commands.accelerate_cli", "launch", "--multi_gpu"),
    *("--num_processes", "2", "--module", "codetune_git"),
)
_MARK = "FLOW_OF_TESTS"
PATIENCE = 240.0  # seconds; a busy machine is no failure


def command_environment(**changes: str) -> dict[str, str]:
    """A user's environment with the console script on PATH; one thread, since the models are tiny."""
    path = f"{SCRIPT.parent}{os.pathsep}{os.environ['PATH']}"
    return environment(PATH=path, OMP_NUM_THREADS="1", CODETUNE_THREADS="1", **changes)


@dataclass(frozen=True)
class Outcome:
    code: int
    out: str
    err: str

    @property
    def remarks(self) -> list[str]:
        """What was said on the error stream beside the stages and how long each took."""
        return [line for line in self.err.splitlines() if not re.fullmatch(r"[A-Z][\w -]+( …|: \d+ s)", line)]

    @property
    def complaint(self) -> str:
        """The one line in which an error is to be said; fails where there is more."""
        lines = self.remarks
        assert len(lines) == 1, self.err
        assert lines[0].startswith("codetune: "), self.err
        return lines[0].removeprefix("codetune: ")

    @property
    def document(self) -> Any:
        return json.loads(self.out)


def codetune(folder: Path, *arguments: str, under: Sequence[str] = (), **variables: str) -> Outcome:
    """`git codetune ARGUMENTS` in `folder`; `under` is a command that starts it (such as `unshare -rn`)."""
    done = subprocess.run(
        [*under, "git", "codetune", *arguments],
        cwd=folder,
        capture_output=True,
        env=command_environment(**variables),
        timeout=PATIENCE,
        check=False,
    )
    out, err = (stream.decode("utf-8", "surrogateescape") for stream in (done.stdout, done.stderr))
    assert "Traceback" not in err, err
    return Outcome(done.returncode, out, err)


@dataclass(frozen=True)
class Running:
    """A command under way in a process group of its own; what it says goes to files."""

    process: subprocess.Popen[bytes]
    out: Path
    err: Path
    mark: str

    def said(self) -> str:
        return self.err.read_text()

    def wait_for(self, text: str) -> None:
        """Until `text` was said on the error stream; fails where the command ends before."""
        until = time.monotonic() + PATIENCE
        while text not in self.said():
            assert self.process.poll() is None, f"ended before {text!r}: {self.said()}"
            assert time.monotonic() < until, f"never said {text!r}: {self.said()}"
            time.sleep(0.005)

    def signal(self, number: signal.Signals, *, group: bool = False) -> None:
        """To the process alone, or to its group as a terminal does."""
        (os.killpg if group else os.kill)(self.process.pid, number)

    def ended(self) -> Outcome:
        code = self.process.wait(PATIENCE)
        return Outcome(code, self.out.read_text(), self.said())

    def launched(self, index: int) -> list[int]:
        """The process that a launcher gave this index, if it is there; Linux only."""
        found = _with(b"\0RANK=%d\0" % index, "environ", _marked(self.mark))
        return [pid for pid in found if pid not in self.workers()]

    def workers(self) -> list[int]:
        """Its worker processes that are there; Linux only."""
        return _with(b"popen_loky", "cmdline", _marked(self.mark))

    def left_running(self, patience: float = 20.0) -> list[int]:
        """Processes of this command that are still there after it ended and `patience` seconds; Linux only."""
        until = time.monotonic() + patience
        while (left := _marked(self.mark)) and time.monotonic() < until:
            time.sleep(0.05)
        return left


def _with(mark: bytes, file: str, processes: Iterable[int]) -> list[int]:
    """Those that have `mark` in this file of theirs below /proc; they may end at any moment."""
    found = []
    for pid in processes:
        with suppress(OSError):
            if mark in Path("/proc", str(pid), file).read_bytes():
                found.append(pid)
    return found


def _marked(mark: str) -> list[int]:
    return _with(mark.encode(), "environ", (int(name) for name in os.listdir("/proc") if name.isdigit()))


@contextmanager
def running(
    folder: Path, *arguments: str, notes: Path, command: Sequence[str] = (str(SCRIPT),), **variables: str
) -> Iterator[Running]:
    """`command` on `arguments` in `folder`, stopped at the end; `notes` is a folder for what it says."""
    mark = uuid.uuid4().hex
    out, err = notes / f"{mark}.out", notes / f"{mark}.err"
    with out.open("wb") as out_file, err.open("wb") as err_file:
        process = subprocess.Popen(
            [*command, *arguments],
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=out_file,
            stderr=err_file,
            env=command_environment(**variables) | {_MARK: mark},
            start_new_session=True,
        )
    try:
        yield Running(process, out, err, mark)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait()
        for pid in _marked(mark):
            os.kill(pid, signal.SIGKILL)


def _digest(path: Path) -> str:
    status = path.lstat()
    if stat.S_ISLNK(status.st_mode):
        return f"link to {os.readlink(path)}"
    if stat.S_ISDIR(status.st_mode):
        return "folder"
    return f"{stat.S_IMODE(status.st_mode):o} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def state_of(folder: Path, *, without: Sequence[str] = ("codetune",)) -> dict[str, str]:
    """Every file of a repository by its digest: work tree, index, refs, config, objects. Less what is the tool's own.

    `without` names folders below `.git` (or below a bare repository).
    """
    tops = {folder / base / name for base in (".git", "") for name in without}
    found = {}
    for root, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if Path(root, name) not in tops]
        for name in (*folders, *files):
            path = Path(root, name)
            found[os.fsdecode(path.relative_to(folder))] = _digest(path)
    return found


def learned_in(folder: Path) -> dict[str, str]:
    """What decides about suggestions: adapters and the pointer, by digest; neither lock nor cache.

    Nor what a killed run left half-written: the next one sweeps it away.
    """
    home = folder / ".git" / "codetune"
    found = state_of(home, without=()) if home.is_dir() else {}
    decides = (path for path in found if path == "active" or path.startswith("adapters/"))
    return {path: found[path] for path in decides if not path.startswith("adapters/.")}


_GUARD = """
import sys
def guard(event, arguments):
    if event in ("socket.connect", "socket.getaddrinfo") and not isinstance(arguments[-1], (str, bytes)):
        raise SystemExit("the network was asked for: %s %r" % (event, arguments[1:]))
sys.addaudithook(guard)
"""


def without_sockets(folder: Path) -> dict[str, str]:
    """Variables with which a Python process ends when it asks for the network; `folder` is for what does it."""
    folder.mkdir(exist_ok=True)
    (folder / "sitecustomize.py").write_text(_GUARD)
    return {"PYTHONPATH": os.pathsep.join((str(folder), os.environ.get("PYTHONPATH", "")))}


def hooked(folder: Path, out: Path) -> None:
    """Make `git commit` in `folder` ask `git codetune suggest --check`, whose JSON goes to `out`."""
    hook = folder / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\nexec git codetune suggest --check --format json > '{out}'\n")
    hook.chmod(0o755)


def committed(folder: Path, *arguments: str) -> int:
    """The exit code of `git commit ARGUMENTS`."""
    command = ["git", "commit", "-q", "-m", "A change", *arguments]
    return subprocess.run(command, cwd=folder, env=command_environment(), capture_output=True, check=False).returncode


@lru_cache(maxsize=1)
def without_network() -> tuple[str, ...]:
    """What starts a command without any network; empty where this machine does not allow that."""
    cut = ("unshare", "-rn")
    if shutil.which("unshare") is None:
        return ()
    return cut if subprocess.run([*cut, "true"], capture_output=True, check=False).returncode == 0 else ()
