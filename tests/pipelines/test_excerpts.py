"""What is shown of a convention: the fewest lines that show it whole, from a real repository."""

from __future__ import annotations

from pathlib import Path

import pytest
from support.repo_builder import RepoBuilder, isolate

from codetune_git.domain import Excerpt
from codetune_git.git.repository import Repository
from codetune_git.pipelines.excerpts import excerpts
from codetune_git.pipelines.style_counts import readings_at
from codetune_git.store import Store

LONG = """\
x = f(
    1,
    2,
    3,
)
"""
SHORT = '''\
def f(a):
    """Say why.

    It is so.
    """
    return g(
        a,
        2,
    )


def g(a, b):
    return "a"
'''


def test_the_fewest_lines_are_shown_with_what_frames_them(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    isolate(monkeypatch)
    builder = RepoBuilder(tmp_path / "house")
    tip = builder.commit("Begin", {"a.py": LONG, "b.py": SHORT})
    repository = Repository.open(builder.path)
    readings = readings_at(repository, Store(repository.codetune_dir), tip, lambda done, all_: None)
    builder.write("b.py", "x = 1\n")  # what is committed counts
    found = excerpts(repository, tip, readings)
    assert found["wrapping", "hang_each_close"] == Excerpt(
        "b.py", 6, ("    return g(", "        a,", "        2,", "    )")
    )
    assert found["quotes", "double"] == Excerpt("b.py", 13, ('    return "a"',))
    assert found["blank_lines_top", "2"] == Excerpt("b.py", 9, ("    )", "", "", "def g(a, b):"))
    assert found["docstring_summary_blank", "blank"].lines == ('    """Say why.', "", "    It is so.")
    assert found["end_of_file", "newline"].lines[-1] == '    return "a"'
