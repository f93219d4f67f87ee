from __future__ import annotations

from pathlib import Path

from support.command_line import codetune
from support.real_git import commit, git


def test_it_names_what_is_wrong_and_the_fix(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    commit(tmp_path, {"a.py": "x = 1\n", ".gitignore": "*.log\n"})
    done = codetune(tmp_path, "doctor")
    assert done.code == 5
    assert "see above: hook" in done.err
    lines = {line[4:14].strip(): line for line in done.out.splitlines()}
    assert lines["adapter"].startswith("ok")
    assert "by counts, from the first suggestion on" in lines["judgement"]
    assert "git codetune train" in lines["adapter"]
    assert "git codetune hook install" in lines["hook"]
    assert lines["base"].startswith("ok")
    assert ".gitignore at the top" in lines["rules"]
    assert codetune(tmp_path, "hook", "install").code == 0
    assert "hook       " in codetune(tmp_path, "doctor").out
    assert "hook" not in codetune(tmp_path, "doctor").err


def test_outside_a_repository_it_says_so(tmp_path: Path) -> None:
    done = codetune(tmp_path, "doctor")
    assert done.code == 4
    assert "not a git repository" in done.err
