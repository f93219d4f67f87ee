"""The staged diff held against what was learned: what is said, how, with which exit code, and how little is loaded."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from support.flow_command import (
    SCRIPT,
    codetune,
    command_environment,
    committed,
    hooked,
    state_of,
    without_network,
    without_sockets,
)
from support.flow_repository import CLEAN, MENDED_LINE, SLIP, SLIP_LINE, plant, some_module, with_slip
from support.real_git import git
from support.terminal import terminal

HEAVY = {"torch", "transformers", "peft", "accelerate", "ctranslate2", "numpy", "tokenizers", "safetensors"}
HEAVY |= {"tree_sitter", "pygit2", "rich", "textual", "sqlite3"}
FIELDS = {
    "id": str,
    "path": str,
    "start_line": int,
    "end_line": int,
    "original": list,
    "replacement": list,
    "kind": str,
    "score": float,
    "confidence": float,
    "verification": str,
    "precedents": list,
    "support": dict,
}


def test_a_slip_is_found_and_the_contract_is_kept(house: Path) -> None:
    path = plant(house)
    before = state_of(house)
    done = codetune(house, "suggest", "--format", "json")
    assert (done.code, done.err) == (0, "")
    document = done.document
    assert document["version"] == 1
    assert document["adapter"] == (house / ".git" / "codetune" / "active").read_text().strip()
    assert document["skipped"] == []
    (found,) = document["suggestions"]
    assert {name: type(found[name]) for name in FIELDS} == FIELDS
    assert (found["path"], found["kind"], found["verification"]) == (path, "quotes", "safe")
    assert (found["original"], found["replacement"]) == ([SLIP_LINE], [MENDED_LINE])
    assert found["start_line"] == found["end_line"]
    assert (house / path).read_text().splitlines()[found["start_line"] - 1] == SLIP_LINE
    assert 0.5 <= found["confidence"] <= 1.0
    assert found["support"]["agree"] > 50 > found["support"]["differ"]
    for precedent in found["precedents"]:
        assert precedent.keys() == {"path", "line", "commit", "text"}
        text = git(house, "show", f"{precedent['commit']}:{precedent['path']}").decode()
        assert text.splitlines()[precedent["line"] - 1].strip() == precedent["text"].strip()
    assert found["precedents"]
    assert state_of(house) == before


def test_the_text_names_the_why_and_check_blocks(house: Path) -> None:
    path = plant(house)
    done = codetune(house, "suggest", "--check")
    assert (done.code, done.err) == (1, "")
    assert f"- {SLIP_LINE}" in done.out
    assert f"+ {MENDED_LINE}" in done.out
    assert re.search(r"quotes: single quotes, as in \d+ of \d+ places here, e\.g\. desk/\w+\.py:\d+", done.out)
    assert done.out.startswith(f"{path}:")
    assert done.out.endswith("1 suggestion in 1 file\n")
    assert "\x1b" not in done.out


def test_the_diff_applies_and_then_there_is_nothing_to_say(house: Path) -> None:
    path = plant(house)
    head = git(house, "cat-file", "blob", f"HEAD:{path}").decode()
    diff = codetune(house, "suggest", "--format", "diff").out.encode()
    git(house, "apply", "--cached", "--check", stdin=diff)
    git(house, "apply", "--cached", stdin=diff)
    assert git(house, "cat-file", "blob", f":{path}").decode() == with_slip(head, CLEAN)
    again = codetune(house, "suggest", "--check")
    assert (again.code, again.out) == (0, "")


def test_clean_code_is_left_alone(house: Path) -> None:
    plant(house, CLEAN)
    done = codetune(house, "suggest", "--check")
    assert (done.code, done.out, done.err) == (0, "", "")


def test_several_slips_are_decisions_of_their_own(house: Path) -> None:
    padded = CLEAN.replace("load_slips", "load_others").replace("len(found)", "len( found )")
    plant(house, f"{SLIP}\n\n{padded}")
    found = codetune(house, "suggest", "--format", "json").document["suggestions"]
    assert [one["kind"] for one in found] == ["quotes", "paren_padding"]
    only = codetune(house, "suggest", "--kind", "paren_padding", "--format", "json").document["suggestions"]
    assert only == found[1:]
    unheard = codetune(house, "suggest", "--check", CODETUNE_DISABLED_KINDS="quotes,paren_padding")
    assert (unheard.code, unheard.out) == (0, "")
    misspelt = codetune(house, "suggest", "--check", "--kind", "qoutes")
    assert (misspelt.code, misspelt.out) == (2, "")
    assert "'qoutes'" in misspelt.complaint
    elsewhere = codetune(house, "suggest", "--check", "--path", "lib/")
    assert (elsewhere.code, elsewhere.out) == (0, "")


def test_a_disabled_kind_does_not_silence_others_on_its_line(house: Path) -> None:
    plant(house, SLIP.replace(SLIP_LINE, SLIP_LINE.replace("(path, ", "( path,")))
    (both,) = codetune(house, "suggest", "--format", "json").document["suggestions"]
    assert {"quotes", "paren_padding", "comma_spacing"} == set(both["kinds"])
    done = codetune(house, "suggest", "--format", "json", CODETUNE_DISABLED_KINDS="quotes,comma_spacing")
    (one,) = done.document["suggestions"]
    assert one["kinds"] == ["paren_padding"]
    assert one["replacement"] == [SLIP_LINE.replace("(path, ", "(path,")]


def test_a_range_says_the_same_as_staging(house: Path) -> None:
    plant(house)
    staged = codetune(house, "suggest", "--format", "json").document
    git(house, "switch", "-q", "-c", "topic")
    git(house, "commit", "-q", "-m", "Slip")
    for range_ in ("main..topic", "main..", "main...topic", "HEAD^..HEAD"):
        ranged = codetune(house, "suggest", "--format", "json", "--range", range_, "--check")
        assert ranged.code == 1
        assert ranged.document == staged
    before = state_of(house)
    for range_ in ("main", "nowhere..topic", "main..nowhere", "..topic", "--all..topic"):
        done = codetune(house, "suggest", f"--range={range_}")
        assert (done.code, done.out) == (2, ""), range_
        assert done.complaint
    assert state_of(house) == before


def test_without_an_adapter(house: Path) -> None:
    (house / ".git" / "codetune").rename(house.parent / "away")
    nothing = codetune(house, "suggest", "--check")
    assert (nothing.code, nothing.out, nothing.err) == (0, "", "")
    plant(house)
    done = codetune(house, "suggest")
    assert done.code == 0
    assert done.out.endswith("by counts; `git codetune train` adds the model\n")
    assert not list((house / ".git" / "codetune").glob("adapters*"))


def _loaded(folder: Path, *arguments: str) -> set[str]:
    done = codetune(folder, *arguments, PYTHONPROFILEIMPORTTIME="1")
    assert done.code == 0
    modules = {line.rpartition("|")[2].strip() for line in done.err.splitlines() if line.startswith("import time:")}
    assert "codetune_git.cli" in modules
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize("stage", ["nothing", "other files", "a deletion", "an ignored path"])
def test_nothing_heavy_is_loaded_where_there_is_nothing_to_look_at(house: Path, stage: str) -> None:
    if stage == "other files":
        (house / "notes.txt").write_text("A note.\n")
        git(house, "add", "notes.txt")
    if stage == "a deletion":
        git(house, "rm", "-q", some_module(house))
    if stage == "an ignored path":
        (house / "vendor").mkdir()
        (house / "vendor" / "one.py").write_text(SLIP)
        git(house, "add", "vendor/one.py")
    # To judge a path, the rules of selection are loaded, and they know the parser's types.
    allowed = {"tree_sitter"} if stage == "an ignored path" else set()
    assert _loaded(house, "suggest") & HEAVY <= allowed


def test_training_packages_are_never_loaded_to_suggest(house: Path) -> None:
    plant(house)
    loaded = _loaded(house, "suggest", "--threshold", "0.5")
    assert loaded & {"torch", "transformers", "peft", "accelerate"} == set()
    assert "tree_sitter" in loaded


def test_nothing_is_asked_of_a_network_nor_of_a_model_that_adds_nothing(house: Path, tmp_path: Path) -> None:
    """The tiny base knows less than the counts, so its training has left the judgement to them."""
    guard = without_sockets(tmp_path / "guard")
    asking = [sys.executable, "-c", "import socket; socket.create_connection(('127.0.0.1', 9))"]
    asked = subprocess.run(asking, env=command_environment(**guard), capture_output=True, text=True, check=False)
    assert "the network was asked for" in asked.stderr
    plant(house)
    # At a threshold of nothing every proposal counts, so no counts can spare the model.
    arguments = ("suggest", "--threshold", "0", "--format", "json")
    offline = codetune(house, *arguments, under=without_network(), **guard)
    assert offline.code == 0, offline.err
    assert offline.document == codetune(house, *arguments).document
    # Another threshold: what was judged before would be answered from what is kept.
    assert "ctranslate2" not in _loaded(house, "suggest", "--threshold", "0.001", "--format", "json")


def test_a_hook_looks_at_the_index_of_the_commit(house: Path, tmp_path: Path) -> None:
    """`git commit -a` and `git commit PATH` build an index of their own, which is not the one that lies there."""
    out = tmp_path / "said.json"
    hooked(house, out)
    path, other = sorted(path.relative_to(house).as_posix() for path in (house / "desk").glob("*.py"))[:2]
    (house / path).write_text(with_slip((house / path).read_text()))
    head = git(house, "rev-parse", "HEAD")
    assert committed(house, "-a") == 1
    assert [one["path"] for one in json.loads(out.read_text())["suggestions"]] == [path]
    (house / other).write_text(with_slip((house / other).read_text()))
    git(house, "add", other)
    assert committed(house, "--", path) == 1
    assert [one["path"] for one in json.loads(out.read_text())["suggestions"]] == [path]
    assert committed(house) == 1
    assert [one["path"] for one in json.loads(out.read_text())["suggestions"]] == [other]
    assert git(house, "rev-parse", "HEAD") == head
    (house / path).write_text((house / path).read_text().replace(SLIP_LINE, MENDED_LINE))
    assert committed(house, "--", path) == 0
    assert git(house, "diff", "--name-only", "HEAD").decode().split() == [other]


def test_a_renamed_file_is_judged_by_its_new_lines(house: Path) -> None:
    path = plant(house)
    git(house, "mv", path, "moved.py")
    (one,) = codetune(house, "suggest", "--format", "json").document["suggestions"]
    assert (one["path"], one["original"]) == ("moved.py", [SLIP_LINE])
    git(house, "reset", "-q", "--hard")
    git(house, "mv", path, "moved.py")
    done = codetune(house, "suggest", "--format", "json").document
    assert done["suggestions"] == []
    assert [skipped["path"] for skipped in done["skipped"]] == ["moved.py"]


@pytest.mark.parametrize("upgraded", [False, True], ids=["same-version", "newer-version"])
def test_the_habits_are_those_of_today(house: Path, upgraded: bool) -> None:
    """A house that changed its mind after the training is not told to go back, whatever version trained."""
    if upgraded:
        manifest = next((house / ".git" / "codetune" / "adapters").glob("*/manifest.json"))
        known = json.loads(manifest.read_text())
        manifest.write_text(json.dumps({**known, "catalogue_version": "of-before"}))
    for module in (house / "desk").glob("*.py"):
        module.write_text(module.read_text().replace("'", '"'))
    git(house, "commit", "-q", "-a", "-m", "Write all quotes double")
    plant(house, CLEAN.replace("'", '"'))
    assert codetune(house, "suggest", "--format", "json").document["suggestions"] == []
    git(house, "reset", "-q", "--hard")
    plant(house, SLIP.replace("'", '"').replace('"archive", name)', "'archive', name)"))
    (found,) = codetune(house, "suggest", "--format", "json").document["suggestions"]
    assert (found["original"], found["replacement"]) == ([MENDED_LINE], [SLIP_LINE])
    assert found["support"]["agree"] > 50 > found["support"]["differ"]
    head = git(house, "rev-parse", "HEAD").decode().strip()
    assert found["precedents"][0]["commit"] == head


def test_conventions_are_counted_with_an_example(house: Path) -> None:
    before = state_of(house)
    done = codetune(house, "conventions", "--kind", "quotes", "--drift")
    assert done.code == 0
    assert re.search(r"█+ 100\.0% +\d{3}  single quotes", done.out)
    example = re.search(r"(desk/\w+\.py):(\d+)  (.*)", done.out)
    assert example is not None
    lines = (house / example[1]).read_text().splitlines()
    assert lines[int(example[2]) - 1].strip() == example[3].strip()
    assert "over time" in done.out
    told = codetune(house, "conventions", "--kind", "quotes", "--format", "json").document
    assert told["commit"] == git(house, "rev-parse", "HEAD").decode().strip()
    ((single,),) = ([*one["variants"]] for one in told["conventions"])
    shown = single["example"]
    assert (house / shown["path"]).read_text().splitlines()[shown["line"] - 1] == shown["lines"][0]
    assert state_of(house) == before
    wrong = codetune(house, "conventions", "--kind", "qoutes")
    assert (wrong.code, wrong.out) == (2, "")
    assert "'qoutes'" in wrong.complaint


def test_a_terminal_is_told_how_much_was_looked_at_where_nothing_is_to_be_said(house: Path) -> None:
    plant(house, CLEAN)
    assert codetune(house, "suggest").out == ""
    with terminal([str(SCRIPT), "suggest"], command_environment(), house) as one:
        one.shows("all as this repository writes them")
        assert one.process.wait(60) == 0
        assert re.search(rb"silent: 1 file, [1-9]\d+ sites, all as this repository writes them", bytes(one.written))
    git(house, "reset", "-q", "--hard")
    with terminal([str(SCRIPT), "suggest"], command_environment(), house) as one:
        one.shows("silent: nothing is staged in a language that is read")
        assert one.process.wait(60) == 0


def test_a_terminal_is_told_which_file_was_not_looked_at_and_why(house: Path) -> None:
    for name, text in {"broken.py": "def f(:\n", "older.py": "print 'of an older Python'\n"}.items():
        (house / name).write_text(text)
        git(house, "add", name)
    assert codetune(house, "suggest").out == ""
    with terminal([str(SCRIPT), "suggest"], command_environment(), house) as one:
        one.shows("silent: nothing could be looked at")
        assert one.process.wait(60) == 0
        assert b"broken.py: not looked at: does not parse\r\n" in bytes(one.written)
        assert b"older.py: not looked at: does not parse as Python" in bytes(one.written)
