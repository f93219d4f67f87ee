"""Style edits of real histories: what changes the writing alone is kept with the text around it, nothing else."""

import json
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from support.repo_builder import RepoBuilder

from pretraining import edits
from pretraining.configuration import USUAL, parse
from pretraining.draw import edit_samples
from pretraining.languages import grammar_of

MIT = "Permission is hereby granted, free of charge, to any person obtaining a copy of this software\n"
PYTHON = """\
import os


def names(path, limit):
    found = os.listdir(path)
    return sorted(name for name in found if name != 'old')[:limit]


def first(path):
    # The first one by name, or nothing where there is none.
    return names(path, 1)[0] if names(path, 1) else None
""" + "\n".join(f"VALUE_{i} = {i}" for i in range(40))
SCRIPT = """\
function names(path, limit) {
  const found = list(path, 'all');
  return found.filter(name => name !== 'old').slice(0, limit);
}

function first(path) {
  // the first one by name
  return names(path, 1)[0];
}
""" + "\n".join(f"const value{i} = {i};" for i in range(40))

Collected = Callable[[str, str, str], list[dict[str, object]]]


def _text(path: str) -> str:
    return SCRIPT if path.endswith((".js", ".ts")) else PYTHON


@pytest.fixture
def repo(tmp_path: Path) -> RepoBuilder:
    return RepoBuilder(tmp_path / "repo")


@pytest.fixture
def collected(repo: RepoBuilder, tmp_path: Path) -> Collected:
    """What is collected of one commit that replaces a text in a file."""

    def collect(path: str, old: str, new: str) -> list[dict[str, object]]:
        text = _text(path)
        assert text.count(old) == 1
        repo.commit(files={"LICENSE": MIT, path: text})
        repo.commit(files={path: text.replace(old, new)})
        edits.collect([("a/b", str(repo.path))], tmp_path, processes=1, commits=10)
        return [json.loads(line) for line in (tmp_path / "edits.jsonl").read_text().splitlines()]

    return collect


@pytest.mark.parametrize(
    ("path", "old", "new", "kind"),
    [
        ("a.py", "'old'", '"old"', "marks"),
        ("a.py", "names(path, limit)", "names(path,limit)", "blanks"),
        ("a.py", "    found = os", "\n    found = os", "blank lines"),
        ("a.py", "os.listdir(path)\n", "os.listdir(path)  \n", "line ends"),
        ("a.py", "os.listdir(path)\n", "os.listdir(\n        path\n    )\n", "wrapping"),
        ("a.py", "# The first", "#The first", "blanks"),
        ("a.js", "'old'", '"old"', "marks"),
        ("a.js", "'all');", "'all')", "marks"),
        ("a.js", "name => name", "(name) => name", "marks"),
        ("a.ts", "const found", "let found", "marks"),
        ("a.js", "  const found", "\n  const found", "blank lines"),
        ("a.js", "list(path, 'all')", "list(\n    path,\n    'all',\n  )", "marks"),
    ],
)
def test_an_edit_of_the_writing_is_kept(path: str, old: str, new: str, kind: str, collected: Collected) -> None:
    text = _text(path)
    (row,) = collected(path, old, new)
    whole = str(row["before"]) + str(row["target"]) + str(row["after"])
    assert whole in text.replace(old, new)
    assert str(row["staged"]) in text
    assert (row["package"], row["path"], row["kind"]) == ("git:a/b", path, kind)


@pytest.mark.parametrize(
    ("path", "old", "new"),
    [
        ("a.py", "'old'", "'new'"),
        ("a.py", "name != 'old'", "'old' != name[0]"),
        ("a.py", "names(path, limit)", "names(limit, path)"),
        ("a.py", "The first one by name, or nothing", "Nothing, or the first"),
        ("a.js", "slice(0, limit)", "slice(limit, 0)"),
        ("a.js", "'all'", "'some'"),
        ("a.js", "{\n  const found", "{\n  if (limit) const found"),
        ("a.txt", "'old'", '"old"'),
        ("vendor/a.py", "'old'", '"old"'),
    ],
)
def test_an_edit_of_what_is_said_is_not(path: str, old: str, new: str, collected: Collected) -> None:
    assert collected(path, old, new) == []


def test_only_what_a_permissive_licence_covers_is_read(repo: RepoBuilder, tmp_path: Path) -> None:
    for licence in (None, "GNU GENERAL PUBLIC LICENSE\nVersion 3\n" + MIT):
        repo.commit(files={"a.py": PYTHON} | ({"COPYING": licence} if licence else {}))
        repo.commit(files={"a.py": PYTHON.replace("'old'", '"old"')})
        edits.collect([("a/b", str(repo.path))], tmp_path, processes=1, commits=10)
        assert (tmp_path / "edits.jsonl").read_text() == ""
        assert json.loads((tmp_path / "histories.json").read_text()) == []


def test_a_formatters_commit_and_a_robots_are_left_out(repo: RepoBuilder, tmp_path: Path) -> None:
    text = "".join(f"f('a{i}', {i})\n\n\n" for i in range(60))
    repo.commit(files={"LICENSE": MIT, "a.py": text, "b.py": PYTHON})
    repo.commit(files={"a.py": text.replace("'", '"')})
    repo.commit(
        files={"b.py": PYTHON.replace("'old'", '"old"')}, author="pre-commit-ci[bot] <x@users.noreply.github.com>"
    )
    edits.collect([("a/b", str(repo.path))], tmp_path, processes=1, commits=10)
    assert (tmp_path / "edits.jsonl").read_text() == ""


def test_histories_held_out_are_kept_apart(repo: RepoBuilder, tmp_path: Path) -> None:
    held_out = parse(USUAL.read_text()).corpus["held_out_histories"][0]
    repo.commit(files={"LICENSE": MIT, "a.py": PYTHON})
    repo.commit(files={"a.py": PYTHON.replace("'old'", '"old"')})
    edits.collect([(held_out, str(repo.path))], tmp_path, processes=1, commits=10)
    assert (tmp_path / "edits.jsonl").read_text() == ""
    assert len((tmp_path / "held_out_edits.jsonl").read_text().splitlines()) == 1


def test_an_edit_becomes_a_sample_or_what_it_made_is_left_alone(collected: Collected) -> None:
    (row,) = collected("a.py", "VALUE_30 = 30", "VALUE_30=30")
    grammar, mixture = grammar_of("a.py"), parse(USUAL.read_text()).mixture
    assert grammar is not None
    drawn = [edit_samples(row, grammar, Random(seed), mixture)[0] for seed in range(60)]
    assert {sample.target for sample in drawn} == {row["target"]}
    assert {sample.staged for sample in drawn} == {row["target"], row["staged"]}
    assert all((sample.staged == sample.target) == (not sample.broken) for sample in drawn)
    assert all(str(row["before"]).endswith(sample.before) for sample in drawn)
    assert len({len(sample.before) for sample in drawn}) > 5
