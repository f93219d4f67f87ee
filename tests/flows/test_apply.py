"""Suggestions written, taken back, turned down and learned from, as a user does it."""

from __future__ import annotations

import json
from pathlib import Path

from support.flow_command import codetune, state_of
from support.flow_repository import MENDED_LINE, SLIP_LINE, copied, plant, some_module, with_slip
from support.real_git import git

from codetune_git.domain import Verdict
from codetune_git.git.repository import Repository
from codetune_git.pipelines.decided_hunks import decided_since
from codetune_git.store import Decided, Store
from codetune_git.suggesting.evaluation.results import EvalResults


def _contents(house: Path, path: str) -> tuple[str, str]:
    """Staged and in the work tree."""
    return git(house, "show", f":{path}").decode(), (house / path).read_text()


def _mended(text: str) -> str:
    return text.replace(SLIP_LINE, MENDED_LINE)


def _told(house: Path) -> list[str]:
    return [found["id"] for found in codetune(house, "suggest", "--format", "json").document["suggestions"]]


def test_one_is_written_by_its_id_and_taken_back(house: Path) -> None:
    path = plant(house)
    before, old = state_of(house), _contents(house, path)
    (name,) = _told(house)
    tried = codetune(house, "apply", name, "--dry-run")
    assert (tried.code, tried.out) == (0, f"Would write 1 suggestion to the index and work tree: {path}.\n")
    assert state_of(house) == before
    done = codetune(house, "apply", name[:6])
    assert (done.code, done.err) == (0, "")
    assert _contents(house, path) == tuple(map(_mended, old))
    assert codetune(house, "suggest").out == ""
    assert "accepted" in codetune(house, "decisions").out
    assert codetune(house, "apply", "--undo").out == f"Took back the last write to {path}.\n"
    # Blobs that nothing names any more are git's to collect.
    assert {p: d for p, d in state_of(house).items() if p in before} == before


def test_all_of_a_kind_and_the_index_only(house: Path) -> None:
    path = plant(house)
    old = _contents(house, path)
    assert codetune(house, "apply", "--kind", "indentation_width").out == "Nothing to write.\n"
    done = codetune(house, "apply", "--kind", "quotes", "--index-only")
    assert done.out.startswith("Wrote 1 suggestion to the index: ")
    assert _contents(house, path) == (_mended(old[0]), old[1])


def test_what_was_written_is_written_whether_it_can_be_remembered_or_not(house: Path) -> None:
    path = plant(house)
    database = house / ".git" / "codetune" / "codetune.sqlite"
    for file in database.parent.glob("codetune.sqlite*"):
        file.unlink()
    database.mkdir()
    done = codetune(house, "apply", "--all")
    assert done.code == 0
    assert done.out.startswith("Wrote 1 suggestion")
    assert "what was decided cannot be kept" in done.err
    assert MENDED_LINE in _contents(house, path)[0]


def test_from_a_file(house: Path, tmp_path: Path) -> None:
    path = plant(house)
    old, file = _contents(house, path), tmp_path / "found.json"
    file.write_text(codetune(house, "suggest", "--format", "json").out)
    (house / path).write_text("# in front\n" + old[1])
    assert codetune(house, "apply", "--file", str(file)).code == 0
    assert _contents(house, path) == (_mended(old[0]), "# in front\n" + _mended(old[1]))
    again = codetune(house, "apply", "--file", str(file))
    assert again.code == 5
    assert "is not what suggestion" in again.complaint


def test_files_that_are_no_suggestions(house: Path, tmp_path: Path) -> None:
    path = plant(house)
    document = codetune(house, "suggest", "--format", "json").document
    before = state_of(house)
    outside = json.dumps({**document, "suggestions": [{**document["suggestions"][0], "path": "../outside.py"}]})
    unproven = json.loads(json.dumps(document))
    unproven["suggestions"][0]["replacement"] = ["            found[name] = None"]
    broken = json.loads(json.dumps(document))
    broken["suggestions"][0]["replacement"] = ["            found[name] = ("]
    for text, says in (
        ("{", "no suggestions"),
        ("[]", "no suggestions"),
        ('{"version": 2, "suggestions": []}', "version 2"),
        ('{"version": 1, "suggestions": [{"id": "a"}]}', "KeyError"),
        (outside, "../outside.py"),
        (json.dumps(unproven), "not proven"),
        (json.dumps(broken), "not proven"),
    ):
        (tmp_path / "file.json").write_text(text)
        done = codetune(house, "apply", "--file", str(tmp_path / "file.json"))
        assert done.code in (4, 5), text
        assert says in done.complaint
    assert codetune(house, "apply", "--file", "nowhere.json").code == 2
    assert state_of(house) == before
    assert path


def test_what_is_asked_for_must_be_there(house: Path) -> None:
    plant(house)
    before = state_of(house)
    assert codetune(house, "apply").code == 2
    unknown = codetune(house, "apply", "zzzz")
    assert unknown.code == 2
    assert "zzzz" in unknown.complaint
    assert "nothing to undo" in codetune(house, "apply", "--undo").complaint
    assert codetune(house, "apply", "").code == 2
    assert codetune(house, "apply", "--undo", "--all").code == 2
    assert codetune(house, "apply", "--file", ".").code == 2
    assert state_of(house) == before


def test_an_unstaged_edit_there_is_told(house: Path) -> None:
    path = plant(house)
    (house / path).write_text((house / path).read_text().replace(SLIP_LINE, SLIP_LINE + "  # mine"))
    before = state_of(house)
    done = codetune(house, "apply", "--all")
    assert done.code == 5
    assert "--index-only" in done.complaint
    assert state_of(house) == before


def test_fix_writes_the_work_tree_and_with_index_the_index(house: Path) -> None:
    path = plant(house)
    old = _contents(house, path)
    done = codetune(house, "suggest", "--fix")
    assert done.code == 0
    assert "wrote 1 of 1 suggestions to the work tree" in done.err
    assert SLIP_LINE in done.out
    assert _contents(house, path) == (old[0], _mended(old[1]))
    assert codetune(house, "apply", "--undo").code == 0
    assert codetune(house, "suggest", "--fix", "--index", "--check").code == 1
    assert _contents(house, path) == tuple(map(_mended, old))
    assert codetune(house, "suggest", "--index").code == 2
    assert codetune(house, "suggest", "--fix", "--range", "HEAD~1..HEAD").code == 2


def _rejected(house: Path, path: str, *, at: str | None = None) -> None:
    """Somebody turns down what is suggested about the staged file."""
    (found,) = codetune(house, "suggest", "--format", "json").document["suggestions"]
    oid = git(house, "rev-parse", f":{path}").decode().strip()
    texts = tuple(found["original"]), tuple(found["replacement"])
    decided = Decided(0, 2_000_000_000, Verdict.REJECTED, at or path, oid, found["start_line"], found["kind"], *texts)
    Store(house / ".git" / "codetune").remember([decided])


def test_what_was_rejected_does_not_come_back(house: Path) -> None:
    path = plant(house)
    _rejected(house, path)
    document = codetune(house, "suggest", "--format", "json").document
    assert document["suggestions"] == []
    assert document["skipped"][0]["reason"] == "rejected before (see git codetune decisions)"
    listed = codetune(house, "decisions", "list").out.split()
    assert listed[:1] == ["1"]
    assert "rejected" in listed
    assert codetune(house, "decisions", "forget", "7").code == 2
    assert codetune(house, "decisions", "forget", "1").code == 0
    assert codetune(house, "decisions").out == "Nothing was decided here yet.\n"
    assert len(_told(house)) == 1


def test_a_twin_elsewhere_is_silent_after_two(house: Path) -> None:
    path = plant(house)
    _rejected(house, path, at="elsewhere.py")
    assert len(_told(house)) == 1
    _rejected(house, path, at="another.py")
    assert _told(house) == []


def test_decisions_become_hunks_as_they_have_settled(house: Path) -> None:
    """Rejected: the text as it was. Accepted: the replacement, unless the committed file has the old text again."""
    path = plant(house)
    _rejected(house, path)
    git(house, "commit", "-q", "-m", "As it was")
    repository, store = Repository.open(house), Store(house / ".git" / "codetune")
    tip = repository.head()
    assert tip is not None
    (kept,) = decided_since(repository, store, tip, 0)
    (lines,) = kept.added
    assert kept.text.decode().split("\n")[lines.first - 1] == SLIP_LINE
    (house / path).write_text(_mended((house / path).read_text()))
    git(house, "commit", "-q", "-a", "-m", "Mended after all")
    tip = repository.head()
    assert tip is not None
    (mended,) = decided_since(repository, store, tip, 0)
    assert mended.text.decode().split("\n")[lines.first - 1] == MENDED_LINE
    assert decided_since(repository, store, tip, 2_000_000_001) == ()


def _examined(house: Path, train: tuple[str, ...]) -> int:
    """How many hunks the adapter is known to have to be silent about, after another training."""
    assert codetune(house, *train).code == 0
    home = house / ".git" / "codetune"
    folder = home / "adapters" / (home / "active").read_text().strip()
    return EvalResults.from_json((folder / "exam.json").read_text()).clean_hunks


def test_a_training_examines_on_what_was_decided(longer: Path, train: tuple[str, ...], tmp_path: Path) -> None:
    path = some_module(longer)
    (longer / path).write_text(with_slip((longer / path).read_text()))
    git(longer, "add", path)
    undecided = copied(longer, tmp_path / "undecided")
    _rejected(longer, path)
    for house in (longer, undecided):
        git(house, "commit", "-q", "-m", "A slip that is meant so")
    assert _examined(longer, train) == _examined(undecided, train) + 1
