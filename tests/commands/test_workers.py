"""Mapping on all cores: order, and nothing of the folder that the user stands in is imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from codetune_git.commands.workers import mapped

_SCRIPT = """
import sys
sys.path = [p for p in sys.path if p]
from codetune_git.commands.workers import mapped
if __name__ == "__main__":
    print(list(mapped(len, ["x" * n for n in range(40)], threads=2)) == list(range(40)))
"""


def test_few_items_need_no_process() -> None:
    assert list(mapped(len, ["a", "bb"])) == [1, 2]


def test_a_repository_cannot_run_code_in_the_workers(tmp_path: Path) -> None:
    repository, script = tmp_path / "repository", tmp_path / "elsewhere" / "script.py"
    for folder in (repository, script.parent):
        folder.mkdir()
    script.write_text(_SCRIPT)
    for name in ("multiprocessing", "signal", "codetune_git", "json"):
        (repository / f"{name}.py").write_text("open('was-run', 'w').close()\n")
    done = subprocess.run([sys.executable, script], cwd=repository, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "True", done.stderr
    assert not (repository / "was-run").exists()
