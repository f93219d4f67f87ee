"""Packages with their tests: fetched, copied, rewritten into a house's style, tested before and after.

Knows pip, pytest and `python -m test`. Does not know which packages there are, what the rewrites are, nor where results
are kept. The command `git-codetune` is the one on PATH.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
import time
import xml.etree.ElementTree
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.safety_subjects import Module, Package, Subject

_FAILED = re.compile(r"^(?:FAIL|ERROR): (\S+ \(\S+?\))", re.MULTILINE)
_TESTS = frozenset({"tests", "test", "testing", "testsuite"})
_BUILDERS = [
    "pytest",
    "setuptools",
    "wheel",
    "flit_core",
    "hatchling",
    "hatch-vcs",
    "hatch-fancy-pypi-readme",
    "setuptools-scm",
    "poetry-core",
]
_STYLE = ("-c", "core.autocrlf=false")


@dataclass(frozen=True, slots=True)
class Limits:
    """Seconds for what may take long."""

    install: float = 300.0
    rewrite: float = 900.0
    test: float = 240.0


@dataclass(frozen=True, slots=True)
class Tested:
    """A run of tests: how many there were, and those that failed."""

    ran: int
    failed: frozenset[str]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The files as they are after the rewrite by their paths below the subject, how many lines differ, and what was
    suggested: by verification, and by verification and kind."""

    files: Mapping[str, bytes]
    lines: int
    by_class: Mapping[str, int]
    by_kind: Mapping[str, int]


class Failed(Exception):
    """What kept a subject from being judged, in words."""


def _run(command: Sequence[str], folder: Path, seconds: float, **variables: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONHASHSEED": "0", "PYTHONDONTWRITEBYTECODE": "1", **variables}
    try:
        return subprocess.run(
            command, cwd=folder, env=environment, timeout=seconds, capture_output=True, text=True, errors="replace"
        )
    except subprocess.TimeoutExpired as error:
        raise Failed(f"{' '.join(map(str, command[:4]))}: not done in {seconds:g} s") from error


def _must(command: Sequence[str], folder: Path, seconds: float, **variables: str) -> str:
    done = _run(command, folder, seconds, **variables)
    if done.returncode:
        raise Failed(f"{' '.join(map(str, command[:5]))}: {(done.stderr or done.stdout).strip()[-300:]}")
    return done.stdout


@dataclass(frozen=True, slots=True)
class Workshop:
    """A folder with everything that is fetched once: distributions, sources, an environment for tests."""

    folder: Path
    limits: Limits = field(default_factory=Limits)

    @property
    def python(self) -> str:
        """The interpreter of the environment, made when it is first asked for, and anew where that was cut off."""
        place = self.folder / "environment"
        python, ready = place / "bin" / "python", place / "ready"
        if not ready.exists():
            shutil.rmtree(place, ignore_errors=True)
            _must([sys.executable, "-m", "venv", str(place)], self.folder, self.limits.install)
            _must([str(python), "-m", "pip", "install", "-q", "-U", *_BUILDERS], self.folder, self.limits.install)
            ready.touch()
        return str(python)

    def source(self, package: Package) -> Path:
        """The unpacked source distribution; with the package's own metadata and its tests' needs installed."""
        place = self.folder / "sources" / package.name
        if place.exists():
            return place
        kept = self.folder / "distributions" / package.name
        kept.mkdir(parents=True, exist_ok=True)
        pip = [self.python, "-m", "pip"]
        options = ("--no-deps", "--no-binary", ":all:", "--no-build-isolation", "-q", "-d", str(kept))
        _must([*pip, "download", *options, package.name], self.folder, self.limits.install)
        _must([*pip, "install", "-q", package.name, *package.needs], self.folder, self.limits.install)
        archive = next(kept.glob("*.tar.gz"), None)
        if archive is None:
            raise Failed(f"{package.name}: no .tar.gz among {sorted(path.name for path in kept.iterdir())}")
        draft = self.folder / "drafts"
        shutil.rmtree(draft, ignore_errors=True)
        with tarfile.open(archive) as opened:
            opened.extractall(draft, filter="data")
        place.parent.mkdir(exist_ok=True)
        next(draft.iterdir()).rename(place)
        return place


def _is_own(path: Path) -> bool:
    """Whether it is the package's own code: its tests are left alone."""
    parts = path.parts
    return not any(part in _TESTS for part in parts) and not path.name.startswith(("test_", "conftest"))


def texts(workshop: Workshop, subject: Subject) -> dict[str, bytes]:
    """The files that are to be rewritten, by their paths below the subject."""
    if isinstance(subject, Module):
        return {f"{subject.name}.py": Path(sysconfig.get_path("stdlib"), f"{subject.name}.py").read_bytes()}
    root = workshop.source(subject) / subject.below
    place = root / subject.source
    found = [place] if place.is_file() else sorted(place.rglob("*.py"))
    own = [path for path in found if _is_own(path.relative_to(root))]
    if not own:
        raise Failed(f"{subject.name}: nothing at {place}")
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in own}


def _tested_module(module: Module, files: Mapping[str, bytes], scratch: Path, seconds: float) -> Tested:
    for name, text in files.items():
        (scratch / name).write_bytes(text)
    command = (sys.executable, "-m", "test", "-v", f"test_{module.name}")
    done = _run(command, Path("/"), seconds, PYTHONPATH=str(scratch))
    said = done.stdout + done.stderr
    ran = sum(int(number) for number in re.findall(r"^Ran (\d+) tests?", said, re.MULTILINE))
    failed = frozenset(_FAILED.findall(said))
    if done.returncode and not failed:
        failed = frozenset({f"exit {done.returncode}: {said.strip()[-200:]}"})
    return Tested(ran, failed)


def _tested_package(
    workshop: Workshop, package: Package, files: Mapping[str, bytes], scratch: Path, seconds: float
) -> Tested:
    copy = scratch / package.name
    shutil.copytree(workshop.source(package), copy)
    root = copy / package.below
    for name, text in files.items():
        (root / name).write_bytes(text)
    report = scratch / "report.xml"
    command = (workshop.python, "-m", "pytest", "-q", "--tb=no", "-p", "no:cacheprovider", f"--junitxml={report}")
    done = _run((*command, "-o", "addopts=", *package.tests), root, seconds, PYTHONPATH=str(root))
    if not report.exists():
        return Tested(0, frozenset({f"pytest: {(done.stdout + done.stderr).strip()[-300:]}"}))
    cases = list(xml.etree.ElementTree.parse(report).getroot().iter("testcase"))
    failed = frozenset(
        f"{case.get('classname')}::{case.get('name')}"
        for case in cases
        if case.find("failure") is not None or case.find("error") is not None
    )
    return Tested(len(cases), failed)


def tested(workshop: Workshop, subject: Subject, files: Mapping[str, bytes], scratch: Path) -> Tested:
    """The tests of `subject` with `files` in their places; tests that do not even start, or end, count as a failure.

    `scratch` is an empty folder. Raises Failed where the subject cannot be fetched.
    """
    seconds = workshop.limits.test
    if isinstance(subject, Module):
        return _tested_module(subject, files, scratch, seconds)
    workshop.source(subject)
    return _tested_package(workshop, subject, files, scratch, seconds)


def _differing(before: bytes, after: bytes) -> int:
    """How many lines of the new text the old one has not."""
    return sum((Counter(after.splitlines()) - Counter(before.splitlines())).values())


def rewritten(house: Path, files: Mapping[str, bytes], limits: Limits, *, assuming: bool) -> Rewritten:
    """`files` as they are once every suggestion is taken in a copy of a `house`; with `assuming` also those that rest
    on an assumption. What was written is taken back, what was judged stays known. Raises Failed."""
    git = ("git", *_STYLE)
    _must((*git, "reset", "-q", "--hard"), house, 60)
    for name, text in files.items():
        place = house / "lib" / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(text)
    _must((*git, "add", "-f", "lib"), house, 60)
    said = json.loads(_must((*git, "codetune", "suggest", "--format", "json"), house, limits.rewrite))
    found = said["suggestions"]
    if found:
        _must((*git, "codetune", "apply", "--all", *(("--assuming",) if assuming else ())), house, limits.rewrite)
    after = {name: (house / "lib" / name).read_bytes() for name in files}
    _must((*git, "reset", "-q", "--hard"), house, 60)
    return Rewritten(
        after,
        sum(_differing(text, after[name]) for name, text in files.items()),
        Counter(one["verification"] for one in found),
        Counter(f"{one['verification']} {one['kind']}" for one in found),
    )


def seconds_since(start: float) -> float:
    return round(time.monotonic() - start, 1)
