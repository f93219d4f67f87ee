"""Coding agents' hooks: called with the JSON that the agents send, and taken in and out of their settings."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from flows.test_check import slipped, told
from support.flow_command import codetune, command_environment, state_of
from support.flow_repository import MENDED_LINE, SLIP_LINE
from support.real_git import git

CLAUDE, CURSOR, CODEX = ".claude/settings.json", ".cursor/hooks.json", ".codex/hooks.json"
AIDER, COPILOT = ".aider.conf.yml", ".github/copilot-instructions.md"
FULL = """\
{
    "permissions": {"allow": ["Bash(npm run lint)"], "deny": []},
    "hooks": {
        "PostToolUse": [{"matcher": "Bash", "hooks": [{"type": "command", "command": "true"}]}],
        "stop": [{"command": "./done.sh"}]
    },
    "größe": 1.50
}"""


def claude(folder: Path, event: str, **more: object) -> tuple[int, bytes, str]:
    """What the hook of Claude Code answers, called as the settings say."""
    settings = json.loads((folder / CLAUDE).read_text())
    (command,) = (hook["command"] for entry in settings["hooks"][event] for hook in entry["hooks"])
    sent = {"session_id": "a", "transcript_path": "/dev/null", "cwd": str(folder), "hook_event_name": event, **more}
    done = subprocess.run(
        ["sh", "-c", command],
        cwd=folder,
        input=json.dumps(sent).encode(),
        capture_output=True,
        env=command_environment(),
        check=False,
    )
    return done.returncode, done.stdout, done.stderr.decode()


def test_claude_code_mends_what_it_wrote_and_ends(counted: Path) -> None:
    assert codetune(counted, "agent", "install", "claude").code == 0
    path = slipped(counted)
    before = state_of(counted)
    wrote = {"tool_name": "Write", "tool_input": {"file_path": str(counted / path), "content": ""}}
    code, out, err = claude(counted, "PostToolUse", **wrote)
    assert (code, out) == (2, b"")
    assert f"{path}:" in err
    assert len(err.splitlines()) <= 10
    assert claude(counted, "Stop", stop_hook_active=False) == (2, b"", err)
    assert claude(counted, "Stop", stop_hook_active=True) == (0, b"", "")
    assert state_of(counted) == before
    (counted / path).write_text((counted / path).read_text().replace(SLIP_LINE, MENDED_LINE))
    assert claude(counted, "PostToolUse", **wrote) == (0, b"", "")
    assert claude(counted, "Stop", stop_hook_active=False) == (0, b"", "")


def test_claude_code_is_told_of_the_file_that_it_wrote_alone(counted: Path) -> None:
    codetune(counted, "agent", "install", "claude")
    slipped(counted)
    for name in ("desk/other.py", "notes.md", "gone.py"):
        if name != "gone.py":
            (counted / name).write_text("x = 1\n")
        sent = {"tool_name": "Edit", "tool_input": {"file_path": str(counted / name)}}
        assert claude(counted, "PostToolUse", **sent) == (0, b"", "")


def test_cursor_is_sent_back_once(counted: Path, tmp_path: Path) -> None:
    path = slipped(counted)
    sent = {"conversation_id": "a", "hook_event_name": "stop", "workspace_roots": [str(counted)]}
    for status, loops, said in (("completed", 0, True), ("completed", 1, False), ("aborted", 0, False)):
        text = json.dumps({**sent, "status": status, "loop_count": loops}).encode()
        code, out, err = told(tmp_path, text, "agent", "hook", "cursor")
        assert (code, err) == (0, "")
        assert (f"{path}:" in json.loads(out).get("followup_message", "")) == said


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"[]",
        b"{",
        b'{"tool_input": 3, "cwd": []}',
        b'{"tool_input": {"file_path": ""}}',
        b"[" * 100_000,
        b'{"cwd": "\\ud800"}',
    ],
    ids=["nothing", "list", "cut", "shapes", "empty", "deep", "surrogate"],
)
def test_what_no_agent_sends_is_no_fault_of_the_agent(tmp_path: Path, sent: bytes) -> None:
    code, out, err = told(tmp_path, sent, "agent", "hook", "claude")
    assert (code, out) == (0, b"")
    assert err.startswith("codetune: not looked at: ")


def test_nothing_is_said_while_git_merges(counted: Path) -> None:
    slipped(counted)
    (counted / ".git" / "MERGE_HEAD").write_bytes(git(counted, "rev-parse", "HEAD"))
    sent = json.dumps({"cwd": str(counted), "hook_event_name": "Stop", "stop_hook_active": False}).encode()
    assert told(counted, sent, "agent", "hook", "claude") == (0, b"", "")


@pytest.mark.parametrize(("name", "place"), [("claude", CLAUDE), ("cursor", CURSOR), ("codex", CODEX)])
@pytest.mark.parametrize("text", [None, "", "{}", FULL, FULL.replace("\n", "\r\n") + "\r\n"])
def test_in_and_out_again_to_the_byte(tmp_path: Path, name: str, place: str, text: str | None) -> None:
    git(tmp_path, "init", "-q", "house")
    folder, file = tmp_path / "house", tmp_path / "house" / place
    if text is not None:
        file.parent.mkdir()
        file.write_bytes(text.encode())
        file.chmod(0o640)
    before = state_of(folder)
    assert codetune(folder, "agent", "install", name).code == 0
    command = f"git codetune agent hook {name}"
    installed = file.read_text()
    assert command in installed
    assert installed.count("Bash(npm run lint)") == (text or "").count("Bash(npm run lint)")
    assert codetune(folder, "agent", "install", name).out == f"{file} has the hooks already.\n"
    assert file.read_text() == installed
    assert codetune(folder, "agent", "uninstall", name).code == 0
    assert state_of(folder) == before


def test_codex_is_sent_back_once(counted: Path) -> None:
    assert codetune(counted, "agent", "install", "codex").code == 0
    path = slipped(counted)
    ((entry,),) = json.loads((counted / CODEX).read_text())["hooks"].values()
    command = entry["hooks"][0]["command"]
    sent = {"session_id": "a", "turn_id": "1", "cwd": str(counted), "hook_event_name": "Stop", "model": "m"}
    for active, said in ((False, True), (True, False)):
        done = subprocess.run(
            ["sh", "-c", command],
            cwd=counted / "desk",
            input=json.dumps({**sent, "stop_hook_active": active, "last_assistant_message": None}).encode(),
            capture_output=True,
            env=command_environment(),
            check=True,
        )
        answer = json.loads(done.stdout)
        assert answer.get("decision") == ("block" if said else None)
        assert (f"{path}:" in answer.get("reason", "")) == said


def lint(folder: Path, *files: str) -> tuple[int, str]:
    """What Aider's lint command answers, called as Aider does: with the files' names at its end."""
    (line,) = (line for line in (folder / AIDER).read_text().splitlines() if line.startswith("lint-cmd: "))
    command = " ".join([line.removeprefix("lint-cmd: "), *files])
    done = subprocess.run(
        command, shell=True, cwd=folder, capture_output=True, text=True, env=command_environment(), check=False
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


def test_aider_mends_what_it_wrote_whether_it_has_committed_that_or_not(counted: Path) -> None:
    assert codetune(counted, "agent", "install", "aider").code == 0
    path = slipped(counted)
    code, said = lint(counted, path)
    assert (code, f"{path}:" in said) == (1, True)
    assert lint(counted, "desk/gone.py", "notes.md") == (0, "")
    git(counted, "commit", "-q", "-m", "A slip", path)
    assert lint(counted, path) == (1, said)
    (counted / path).write_text((counted / path).read_text().replace(SLIP_LINE, MENDED_LINE))
    git(counted, "commit", "-q", "-m", "Mended", path)
    assert lint(counted, path) == (0, "")


@pytest.mark.parametrize("text", [None, "", "model: sonnet\nread: [A.md]", "# mine\r\nmodel: a\r\n"])
def test_aiders_settings_in_and_out_again_to_the_byte(tmp_path: Path, text: str | None) -> None:
    git(tmp_path, "init", "-q", "house")
    folder = tmp_path / "house"
    if text is not None:
        (folder / AIDER).write_bytes(text.encode())
    before = state_of(folder)
    assert codetune(folder, "agent", "install", "aider").code == 0
    assert "already" in codetune(folder, "agent", "install", "aider").out
    assert codetune(folder, "agent", "uninstall", "aider").code == 0
    assert state_of(folder) == before
    (folder / AIDER).write_text("lint-cmd: ruff check\n")
    done = codetune(folder, "agent", "install", "aider")
    assert done.code == 5
    assert "lint-cmd: git codetune agent hook aider" in done.complaint


@pytest.mark.parametrize("text", [None, "", "# Ours\n\nUse Bazel.", "# Ours\r\n"])
def test_copilots_instructions_in_and_out_again_to_the_byte(counted: Path, text: str | None) -> None:
    file = counted / COPILOT
    if text is not None:
        file.parent.mkdir()
        file.write_bytes(text.encode())
    before = state_of(counted)
    assert codetune(counted, "agent", "install", "copilot").code == 0
    written = file.read_bytes().decode()
    assert written.startswith(text or "")
    assert "quotes of strings: single quotes" in written
    assert codetune(counted, "agent", "install", "copilot").out == f"{file} has the instructions already.\n"
    assert codetune(counted, "agent", "uninstall", "copilot").code == 0
    assert state_of(counted) == before
    assert codetune(counted, "agent", "hook", "copilot").code == 2


def test_settings_that_were_edited_since_keep_the_edit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", ".")
    codetune(tmp_path, "agent", "install", "claude")
    settings = json.loads((tmp_path / CLAUDE).read_text())
    (tmp_path / CLAUDE).write_text(json.dumps({"model": "a", **settings}))
    codetune(tmp_path, "agent", "uninstall", "claude")
    assert json.loads((tmp_path / CLAUDE).read_text()) == {"model": "a"}
    assert (
        codetune(tmp_path, "agent", "uninstall", "claude").out == f"{tmp_path / CLAUDE} has no hooks of git codetune.\n"
    )


def test_settings_that_cannot_be_read_stay(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", ".")
    (tmp_path / ".claude").mkdir()
    (tmp_path / CLAUDE).write_text("// mine\n{}\n")
    before = state_of(tmp_path)
    done = codetune(tmp_path, "agent", "install", "claude")
    assert done.code == 5
    assert "stays as it is, it is no JSON" in done.complaint
    assert "git codetune agent hook claude" in done.complaint
    assert state_of(tmp_path) == before


def test_a_file_outside_of_the_house_does_not_hide_one_inside(counted: Path, tmp_path: Path) -> None:
    path = slipped(counted)
    outside = tmp_path / "x.py"
    outside.write_text("x = 1\n")
    done = codetune(counted, "agent", "hook", "aider", path, str(outside))
    assert done.code == 1
    assert path in done.out
    assert codetune(counted, "agent", "hook", "aider", str(outside), "n" * 300 + ".py").code == 0
