"""A language that the package does not have is counted, suggested in and applied: nothing but its folder knows it.

Of its files there are enough for a pool, whose processes must know it, too.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.flow_command import command_environment
from support.flow_training import arguments
from support.repo_builder import RepoBuilder

WRAPPER = Path(__file__).parents[1] / "support" / "second_language" / "codetune.py"
FILES, COMMITS = 30, 60  # files enough for a pool of processes
SLIP = 'function last(a) {\n  return call("last", a);\n}\n'


def _functions(commit: int) -> str:
    condition, call = "a === 'x{k}'", "call('{commit}', 'v{k}')"
    one = (
        f"function f{{commit}}_{{k}}(a) {{{{\n  if ({condition}) {{{{\n    return {call};\n  }}}}\n  return a;\n}}}}\n"
    )
    return "".join(one.format(commit=commit, k=k) for k in range(5))


@pytest.fixture(scope="module")
def scripts(tmp_path_factory: pytest.TempPathFactory) -> RepoBuilder:
    """Scripts in single quotes throughout, some Python beside them, and a staged function in double quotes."""
    repo = RepoBuilder(tmp_path_factory.mktemp("scripts") / "repo")
    texts = dict.fromkeys((f"m{i}.js" for i in range(FILES)), "")
    for commit in range(COMMITS):
        name = f"m{commit % FILES}.js"
        texts[name] += _functions(commit)
        repo.commit(files={name: texts[name], **({} if commit else {"a.py": "X = 1\n"})})
    repo.write("m0.js", texts["m0.js"] + SLIP)
    repo.stage("m0.js")
    return repo


def _codetune(repo: RepoBuilder, *arguments: str) -> str:
    command = [sys.executable, str(WRAPPER), *arguments]
    environment = command_environment()
    done = subprocess.run(command, cwd=repo.path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode in (0, 1), done.stderr
    return done.stdout


def test_1_it_is_counted_beside_the_others(scripts: RepoBuilder) -> None:
    assert "quotes of scripts" in _codetune(scripts, "conventions")


def test_2_what_differs_is_suggested(scripts: RepoBuilder) -> None:
    found = json.loads(_codetune(scripts, "suggest", "--format", "json"))
    (suggestion,) = found["suggestions"]
    for kind, heard in (("quotes", 1), ("scripts/quotes", 1), ("python/quotes", 0)):
        asked = json.loads(_codetune(scripts, "suggest", "--format", "json", "--kind", kind))
        assert len(asked["suggestions"]) == heard, kind
    assert (suggestion["path"], suggestion["kind"], suggestion["verification"]) == ("m0.js", "scripts/quotes", "safe")


def test_3_it_is_applied(scripts: RepoBuilder) -> None:
    _codetune(scripts, "apply", "--all")
    assert scripts.git("show", ":m0.js").endswith(SLIP.replace('"', "'").rstrip("\n"))
    assert json.loads(_codetune(scripts, "suggest", "--format", "json"))["suggestions"] == []


def test_4_a_training_learns_from_it(scripts: RepoBuilder, checkpoint: Path) -> None:
    said = _codetune(scripts, *arguments(checkpoint))
    (adapter,) = (scripts.path / ".git" / "codetune" / "adapters").glob("[0-9]*")
    assert re.search(r"learned from .*\d restoration", said)  # hardly any of Python: it has one line
    assert re.search(r"of [1-9]\d* broken ones restored", said)
    assert "scripts/quotes" in (adapter / "calibration.json").read_text()


def test_5_the_package_alone_does_not_read_it(scripts: RepoBuilder) -> None:
    scripts.write("m1.js", SLIP)
    scripts.stage("m1.js")
    command = [sys.executable, "-m", "codetune_git", "suggest", "--format", "json"]
    done = subprocess.run(
        command, cwd=scripts.path, env=command_environment(), capture_output=True, text=True, check=True
    )
    assert json.loads(done.stdout)["suggestions"] == []
