"""What is not staged yet, checked as people, editors and coding agents do it; nothing is written unless asked."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from support.flow_command import SCRIPT, Outcome, codetune, command_environment, state_of
from support.flow_repository import MENDED_LINE, SLIP, SLIP_LINE, some_module, with_slip
from support.real_git import git


def slipped(folder: Path) -> str:
    """A slip at the end of a module, not staged; the module's path."""
    path = some_module(folder)
    (folder / path).write_text(with_slip((folder / path).read_text()))
    return path


def paths_found(folder: Path, *arguments: str) -> set[str]:
    document = codetune(folder, "check", "--format", "json", *arguments).document
    return {suggestion["path"] for suggestion in document["suggestions"]}


def told(folder: Path, text: bytes, *arguments: str) -> tuple[int, bytes, str]:
    """`git codetune` with something on standard input."""
    command, environment = [str(SCRIPT), *arguments], command_environment()
    done = subprocess.run(command, cwd=folder, input=text, capture_output=True, env=environment, check=False)
    assert b"Traceback" not in done.stderr, done.stderr.decode()
    return done.returncode, done.stdout, done.stderr.decode()


def test_the_work_tree_the_index_a_range_and_a_text_say_the_same(counted: Path) -> None:
    path = slipped(counted)
    before = state_of(counted)
    done = codetune(counted, "check")
    assert (done.code, done.err) == (1, "")
    assert f"+ {MENDED_LINE}" in done.out
    assert state_of(counted) == before
    assert codetune(counted, "check", "--staged") == Outcome(0, "", "")
    folder, _, name = path.partition("/")
    text = (counted / path).read_bytes()
    assert told(counted / folder, text, "check", "--stdin-filename", name) == (1, done.out.encode(), "")
    git(counted, "add", path)
    assert codetune(counted, "check", "--staged") == done
    assert codetune(counted, "suggest").out == done.out
    git(counted, "commit", "-q", "-m", "A slip")
    assert codetune(counted, "check") == Outcome(0, "", "")
    assert codetune(counted, "check", "--range", "HEAD~1..HEAD").out == done.out


def test_files_that_are_named_and_new_ones(counted: Path) -> None:
    path = slipped(counted)
    (counted / "desk" / "new.py").write_text(f"import os\n\n\n{SLIP}")
    (counted / ".gitignore").write_text("made/\n")
    (counted / "made").mkdir()
    (counted / "made" / "a.py").write_text(SLIP)
    assert paths_found(counted) == {path, "desk/new.py"}
    assert {one["path"] for one in codetune(counted, "check", "--format", "json", path).document["suggestions"]} == {
        path
    }
    assert paths_found(counted / "desk", "new.py", "..//made") == {"desk/new.py"}
    outside = codetune(counted, "check", "/etc")
    assert outside.code == 2
    assert "/etc is not in the work tree" in outside.complaint


def test_whole_files(counted: Path) -> None:
    path = slipped(counted)
    git(counted, "commit", "-q", "-a", "-m", "A slip")
    assert codetune(counted, "check", path) == Outcome(0, "", "")
    # A line of HEAD counts for itself, too: it is less sure than before it was committed.
    assert MENDED_LINE in codetune(counted, "check", "--whole", path, "--threshold", "0.5").out
    assert codetune(counted, "check", "--whole", "--threshold", "0.5") == Outcome(0, "", "")


def test_the_last_line_of_a_whole_file_is_looked_at_without_its_line_end(counted: Path) -> None:
    (counted / "desk" / "end.py").write_text('import os\n\nname = os.name\nkind = "draft"')
    (found,) = codetune(counted, "check", "--whole", "--kind", "quotes", "--format", "json", "desk/end.py").document[
        "suggestions"
    ]
    assert found["start_line"] == 4


def test_a_file_that_is_not_there_is_told(counted: Path) -> None:
    done = codetune(counted, "check", "desk/nowhere.py")
    assert (done.code, done.out, done.err) == (0, "", "codetune: desk/nowhere.py: there is no such file\n")


@pytest.mark.parametrize("name", [".git/x.py", "", ".", "a" * 300 + ".py"])
def test_what_is_no_name_of_a_file_is_refused(counted: Path, name: str) -> None:
    done = codetune(counted, "check", "--stdin-filename", name)
    assert (done.code, done.err.count("\n")) == (2, 1)


def test_a_fix_is_written_where_the_file_is_and_can_be_undone(counted: Path) -> None:
    path = slipped(counted)
    new = counted / "desk" / "new.py"
    new.write_bytes(f"import os\n\n\n{SLIP}".replace("\n", "\r\n").encode())
    before, index = (counted / path).read_text(), (counted / ".git" / "index").read_bytes()
    old = new.read_bytes()
    done = codetune(counted, "check", "--fix")
    assert (done.code, done.out) == (0, "")
    assert done.remarks == [
        "codetune: wrote 2 of 2 suggestions to the work tree; git codetune apply --undo takes it back"
    ]
    assert (counted / path).read_text() == before.replace(SLIP_LINE, MENDED_LINE)
    assert new.read_bytes() == old.replace(SLIP_LINE.encode(), MENDED_LINE.encode())
    assert (counted / ".git" / "index").read_bytes() == index
    assert codetune(counted, "check") == Outcome(0, "", "")
    assert codetune(counted, "apply", "--undo").code == 0
    assert ((counted / path).read_text(), new.read_bytes()) == (before, old)


@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_a_text_that_is_fixed_is_printed(counted: Path, end: bytes) -> None:
    text = f"import os\n\n\n{SLIP}".encode().replace(b"\n", end)
    before = state_of(counted)
    code, out, _ = told(counted, text, "check", "--fix", "--stdin-filename", "desk/new.py")
    assert (code, out) == (0, text.replace(SLIP_LINE.encode(), MENDED_LINE.encode()))
    assert told(counted, out, "check", "--fix", "--stdin-filename", "desk/new.py") == (0, out, "")
    assert state_of(counted) == before


def test_an_agent_is_told_in_a_few_lines_and_with_its_own_exit_code(counted: Path) -> None:
    path = slipped(counted)
    done = codetune(counted, "check", "--agent")
    assert (done.code, done.out) == (2, "")
    first, second, last = done.err.splitlines()
    assert first == "codetune: 1 place to write as this repository does; mend what you wrote:"
    assert second.startswith(f"{path}:")
    assert f"write `{MENDED_LINE.strip()}` for `{SLIP_LINE.strip()}` (quotes: single quotes, " in second
    assert last == "`git codetune check --fix` mends 1 of 1: proven to mean the same"
    (counted / path).write_text((counted / path).read_text().replace(SLIP_LINE, MENDED_LINE))
    assert codetune(counted, "check", "--agent") == Outcome(0, "", "")


def test_what_keeps_it_from_looking_is_nothing_that_an_agent_can_mend(counted: Path, tmp_path: Path) -> None:
    slipped(counted)
    git(counted, "config", "codetune.threshold", "much")
    assert codetune(counted, "check").code == 2
    for folder in (counted, tmp_path):
        done = codetune(folder, "check", "--agent")
        assert done.code == 0
        assert done.complaint.startswith("not looked at: ")


def test_what_does_not_go_together(counted: Path) -> None:
    for arguments in (("--range", "HEAD~1..HEAD", "--fix"), ("--stdin-filename", "a.py", "--staged")):
        assert codetune(counted, "check", *arguments).code == 2
