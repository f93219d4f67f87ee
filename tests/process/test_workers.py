"""Mapping on all cores: order, and nothing of the folder that the user stands in is imported."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from codetune_git.process.workers import mapped

_SCRIPT = """
import sys
sys.path = [p for p in sys.path if p]
from codetune_git.process.workers import mapped
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


_SCREEN = """
import sys
from contextlib import redirect_stderr
from codetune_git.process.workers import mapped

class Captured:
    def write(self, text): pass
    def flush(self): pass
    def fileno(self): return -1

if __name__ == "__main__":
    with redirect_stderr(Captured()):
        print(list(mapped(len, ["x" * n for n in range(40)], threads=2)) == list(range(40)))
"""


def test_inside_a_screen_that_captures_the_error_stream(tmp_path: Path) -> None:
    (script := tmp_path / "script.py").write_text(_SCREEN)
    done = subprocess.run([sys.executable, script], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout.strip() == "True", done.stderr
