"""The review as a person does it: in a terminal, on a trained repository, with what was accepted written at the end."""

from __future__ import annotations

import json
from pathlib import Path

from support.flow_command import SCRIPT, codetune, command_environment, state_of
from support.flow_repository import COMMITS, MENDED_LINE, SLIP, SLIP_LINE, build, plant, with_slip
from support.real_git import git
from support.terminal import Terminal, terminal


def _reviewed(house: Path, keys: str, *arguments: str) -> str:
    """What is said after the screen when `keys` are typed at the first suggestion."""
    with terminal([str(SCRIPT), "review", *arguments], command_environment(), house) as one:
        one.shows("found[name]")
        one.type(keys)
        return _after(one)


def _after(one: Terminal) -> str:
    one.process.wait(60)
    one.read_until(lambda written: written.endswith(b"\n") and b"\x1b[?1049l" in written)
    return bytes(one.written).rpartition(b"\x1b[?1049l")[2].decode()


def _mended(text: str) -> str:
    return text.replace(SLIP_LINE, MENDED_LINE)


def test_what_is_accepted_is_written_and_remembered(house: Path) -> None:
    path = plant(house)
    (house / path).write_text("# unstaged\n" + (house / path).read_text())
    old = git(house, "show", f":{path}").decode()
    assert "Wrote 1 suggestion to the index and work tree" in _reviewed(house, "yq")
    assert git(house, "show", f":{path}").decode() == _mended(old)
    assert (house / path).read_text() == "# unstaged\n" + _mended(old)
    assert "accepted" in codetune(house, "decisions").out


def test_before_any_training_it_says_that_counts_judge(tmp_path: Path) -> None:
    folder = build(tmp_path / "house", COMMITS)
    plant(folder)
    with terminal([str(SCRIPT), "review"], command_environment(), folder) as one:
        one.shows("by counts; `git codetune train` adds the model")
        one.type("q")
        assert "Nothing to write" in _after(one)


def test_what_is_rejected_stays_away(house: Path) -> None:
    plant(house)
    before = state_of(house)
    assert "Wrote" not in _reviewed(house, "nq")
    assert state_of(house) == before
    assert codetune(house, "suggest").out == ""
    assert "rejected" in codetune(house, "decisions").out


def test_a_dry_run_and_an_interrupt_change_nothing(house: Path) -> None:
    plant(house)

    def state() -> dict[str, str]:
        """Everything but the cache of verdicts and the lock."""
        found = state_of(house, without=())
        return {p: d for p, d in found.items() if "codetune/apply" not in p and "codetune.sqlite" not in p}

    before = state()
    assert "Would write 1 suggestion to the index" in _reviewed(house, "yq", "--dry-run", "--index-only")
    assert "interrupted" in _reviewed(house, "y\x03")
    assert state() == before
    assert "Nothing was decided" in codetune(house, "decisions").out


def test_what_cannot_be_written_is_kept(house: Path) -> None:
    """A review is work: where somebody's edits are in the way at the end, nothing of it is lost."""
    path = plant(house)
    (house / path).write_text((house / path).read_text().replace(SLIP_LINE, SLIP_LINE + "  # mine"))
    before = state_of(house)
    said = _reviewed(house, "yq")
    assert "other edits on these lines" in said
    kept = house / ".git" / "codetune" / "accepted.json"
    assert str(kept) in said.replace("\r\n", "")
    assert state_of(house) == before
    assert json.loads(kept.read_text())["suggestions"][0]["replacement"] == [MENDED_LINE]
    assert codetune(house, "apply", "--file", str(kept), "--index-only").code == 0
    assert MENDED_LINE in git(house, "show", f":{path}").decode()


def test_rejections_are_kept_where_the_write_fails_and_earlier_work_too(house: Path) -> None:
    path = plant(house)
    second = with_slip((house / path).read_text(), SLIP.replace("load_slips", "load_more").replace("archive", "hidden"))
    (house / path).write_text(second)
    git(house, "add", path)
    (house / path).write_text(second.replace(SLIP_LINE, SLIP_LINE + "  # mine"))
    for name, keys in (("accepted.json", "ynq"), ("accepted-2.json", "yq")):
        assert name in _reviewed(house, keys).replace("\r\n", "")
        assert len(json.loads((house / ".git" / "codetune" / name).read_text())["suggestions"]) == 1
    assert "rejected" in codetune(house, "decisions").out


def test_keys_come_from_git_s_configuration(house: Path) -> None:
    plant(house)
    git(house, "config", "codetune.key.accept", "x")
    assert "Wrote 1 suggestion" in _reviewed(house, "xq")
    git(house, "config", "codetune.key.acept", "z")
    with terminal([str(SCRIPT), "review"], command_environment(), house) as one:
        one.process.wait(60)
    assert one.process.returncode == 2


def test_without_a_terminal_or_anything_staged(house: Path) -> None:
    done = codetune(house, "review")
    assert done.code == 4
    assert "needs a terminal" in done.complaint
    with terminal([str(SCRIPT), "review"], command_environment(), house) as one:
        one.read_until(lambda written: b"Nothing to review" in written)
    assert one.process.returncode == 0
