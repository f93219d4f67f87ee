"""What may be staged: everything that is no plain Python text is left out with a reason, the rest is read as it is."""

from __future__ import annotations

import os
from pathlib import Path

from support.flow_command import codetune, state_of
from support.flow_repository import CLEAN, SLIP, SLIP_LINE, build, plant, some_module, with_slip
from support.real_git import commit, git


def _written(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    git(folder, "add", "--", name)


def _everything_odd(folder: Path) -> dict[str, str]:
    """Stages one file for every reason to leave it out, and others that are no Python; the reasons by path."""
    modules = sorted(path.relative_to(folder).as_posix() for path in (folder / "desk").glob("*.py"))
    slip = SLIP.encode()
    _written(folder, "syntax.py", slip + b"def (:\n")
    _written(folder, "latin.py", slip + b"# caf\xe9\n")
    _written(folder, "nul.py", slip + b"x = 1\0\n")
    _written(folder, "late_nul.py", slip * 40 + b"x = '\0'\n")
    _written(folder, "large.py", b"x = 1\n" * 900_000)
    _written(folder, "mixed.py", slip + b"y = 2\r\n")
    _written(folder, "lone_return.py", slip + b"y = 2\r@desk\r:100644 x\rdiff --git\n")
    _written(folder, "notes.txt", slip)
    _written(folder, "made_pb2.py", slip)
    (folder / "link.py").symlink_to(modules[0])
    git(folder, "add", "link.py")
    git(folder, "rm", "-q", modules[1])
    (folder / modules[2]).chmod(0o755)
    git(folder, "add", modules[2])
    (folder / "intended.py").write_bytes(slip)
    git(folder, "add", "--intent-to-add", "intended.py")
    build(folder / "inner.py", 1)
    git(folder, "-c", "advice.addEmbeddedRepo=false", "add", "inner.py")
    return {
        "syntax.py": "does not parse",
        "latin.py": "not UTF-8",
        "nul.py": "binary",
        "late_nul.py": "binary (NUL bytes)",
        "large.py": "too large",
        "mixed.py": "mixed line ends",
        "lone_return.py": "mixed line ends",
        "made_pb2.py": "generated",
        "link.py": "symbolic link",
        modules[1]: "deleted",
        modules[2]: "mode changed, content unchanged",
        "intended.py": "intent to add: nothing is staged yet",
        "inner.py": "submodule",
    }


def test_what_cannot_be_read_is_left_out_with_its_reason(house: Path) -> None:
    expected = _everything_odd(house)
    before = state_of(house)
    done = codetune(house, "suggest", "--format", "json")
    assert done.code == 0, done.err
    assert done.err == ""
    assert {one["path"]: one["reason"] for one in done.document["skipped"]} == expected
    assert done.document["suggestions"] == []
    assert state_of(house) == before


def _applied(folder: Path, diff: str) -> None:
    git(folder, "apply", "--cached", stdin=diff.encode("utf-8", "surrogateescape"))


def test_line_ends_marks_and_names_survive(house: Path) -> None:
    """A diff for files with CRLF, a byte order mark, no final line feed and odd names applies and changes one line."""
    slip, clean = SLIP.encode(), CLEAN.encode()
    contents = {
        "crlf.py": slip.replace(b"\n", b"\r\n"),
        "bom.py": b"\xef\xbb\xbf" + slip,
        "open_end.py": slip + b'\n\nNAME = "slip"',
        "two words.py": slip,
        'a "quoted" täb\there.py': slip,
        "-dash.py": slip,
        os.fsdecode(b"no_\xff_text.py"): slip,
    }
    for name, content in contents.items():
        _written(house, name, content)
    done = codetune(house, "suggest", "--format", "json")
    found = [(one["path"], one["kind"]) for one in done.document["suggestions"]]
    assert sorted(set(found)) == sorted((name, "quotes") for name in contents)
    assert done.document["skipped"] == []
    before = state_of(house)
    _applied(house, codetune(house, "suggest", "--format", "diff").out)
    mended = {
        "crlf.py": clean.replace(b"\n", b"\r\n"),
        "bom.py": b"\xef\xbb\xbf" + clean,
        "open_end.py": clean + b"\n\nNAME = 'slip'",
    }
    for name in contents:
        assert git(house, "cat-file", "blob", f":{name}") == mended.get(name, clean), name
    after = state_of(house)
    assert {name for name in before if before[name] != after[name]} == {".git/index"}


def test_a_merge_with_a_conflict(house: Path, train: tuple[str, ...]) -> None:
    """The file in conflict is left out; what else is staged is looked at."""
    path = some_module(house)
    text = (house / path).read_text()
    git(house, "switch", "-q", "-c", "theirs")
    commit(house, {path: text.replace("import os\n", "import os\nimport sys\n"), "other.py": SLIP})
    git(house, "switch", "-q", "main")
    commit(house, {path: text.replace("import os\n", "import os\nimport re\n")})
    try:
        git(house, "merge", "-q", "theirs")
    except AssertionError:
        pass
    else:
        raise AssertionError("the merge should conflict")
    before = state_of(house)
    done = codetune(house, "suggest", "--format", "json")
    assert done.code == 0, done.err
    assert done.document["skipped"] == [{"path": path, "reason": "merge conflict"}]
    assert [(one["path"], one["original"]) for one in done.document["suggestions"]] == [("other.py", [SLIP_LINE])]
    assert codetune(house, *train, "--dry-run").code == 0
    assert state_of(house) == before


def test_rules_of_the_repository_are_kept(house: Path) -> None:
    rules = {
        ".gitattributes": "made.py linguist-generated\nlib/*.py codetune\nlib/not.py -codetune\n",
        ".codetuneignore": "old/\n",
        ".gitignore": "*.local.py\n",
    }
    commit(house, rules)
    plant(house)
    for name in ("made.py", "lib/not.py", "old/one.py", "my.local.py", "lib/one.py"):
        (house / name).parent.mkdir(exist_ok=True)
        (house / name).write_text(SLIP)
        git(house, "add", "-f", name)
    before = state_of(house)
    done = codetune(house, "suggest", "--format", "json")
    assert {one["path"]: one["reason"] for one in done.document["skipped"]} == {
        "made.py": "generated (linguist-generated in .gitattributes)",
        "lib/not.py": "excluded by -codetune in .gitattributes",
        "old/one.py": "ignored by .codetuneignore",
        "my.local.py": "ignored by .gitignore",
    }
    assert {one["path"] for one in done.document["suggestions"]} == {some_module(house), "lib/one.py"}
    assert state_of(house) == before


def test_pragmas_silence_what_they_name(house: Path) -> None:
    code = SLIP_LINE.strip()
    comments = {"spoken": "", "all": "  # codetune: ignore", "named": "  # codetune: ignore[naming, quotes]"}
    comments["other"] = "  # codetune: ignore[naming]"
    pieces = [
        SLIP.replace(code, f"{code}{comment}").replace('"archive"', f'"{word}"') for word, comment in comments.items()
    ]
    off = SLIP.replace('"archive"', '"off"')
    plant(house, "\n\n".join([*pieces, f"# codetune: off\n{off}# codetune: on\n", SLIP]))
    done = codetune(house, "suggest", "--format", "json")
    words = [one["original"][0].split('"')[1] for one in done.document["suggestions"]]
    assert words == ["spoken", "other", "archive"]
    assert {one["kind"] for one in done.document["suggestions"]} == {"quotes"}


def test_only_what_is_staged_counts(house: Path) -> None:
    """A slip in the work tree alone is nobody's business yet; one that is staged is, whatever the work tree says."""
    path = some_module(house)
    text = (house / path).read_text()
    (house / path).write_text(with_slip(text))
    assert codetune(house, "suggest", "--check").out == ""
    git(house, "add", path)
    (house / path).write_text(with_slip(text, CLEAN))
    done = codetune(house, "suggest", "--format", "json", "--check")
    assert done.code == 1
    assert [one["original"] for one in done.document["suggestions"]] == [[SLIP_LINE]]
