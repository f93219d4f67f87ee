from __future__ import annotations

import hashlib
import random
import subprocess
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import pytest
from support.repo_builder import FIRST_TIME, RepoBuilder, isolated_environment

from codetune_git.domain import Commit, FileChange, LineRange
from codetune_git.errors import Unavailable
from codetune_git.git import history
from codetune_git.git.attributes import excluded
from codetune_git.git.history import commit_oids, diffs, walk
from codetune_git.git.ignore import ignored
from codetune_git.git.repository import Repository
from codetune_git.git.staged import changed, staged
from codetune_git.git.tree import tree_files

ODD_NAMES = [
    "line\nfeed.py",
    "byte\udcff.py",
    'quo"te.py',
    "-dash.py",
    "tab\t.py",
    "glob*?[a].py",
    "back\\slash.py",
    ":(top).py",
]


def walked(repo: RepoBuilder, tip: str = "HEAD", **options: object) -> list[Commit]:
    return list(walk(Repository.open(repo.path), tip, **options))  # type: ignore[arg-type]


def oids(repo: RepoBuilder, tip: str = "HEAD", **options: object) -> list[str]:
    return [commit.oid for commit in walked(repo, tip, **options)]


def only(commit: Commit) -> FileChange:
    (change,) = commit.changes
    return change


def fast_import(repo: RepoBuilder, stream: Iterator[bytes]) -> None:
    """Thousands of commits in a moment."""
    command = ["git", "fast-import", "--quiet"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, cwd=repo.path, env=isolated_environment()) as process:
        assert process.stdin is not None
        for piece in stream:
            process.stdin.write(piece)
    assert process.returncode == 0


def imported(number: int, path: str, content: bytes) -> bytes:
    return (
        (
            f"commit refs/heads/main\ncommitter A <a@b> {FIRST_TIME + number} +0000\ndata 1\nm\n"
            f"M 100644 inline {path}\ndata {len(content)}\n"
        ).encode()
        + content
        + b"\n"
    )


def test_a_commit_is_copied_out_whole(repo: RepoBuilder) -> None:
    repo.commit(files={"a.py": "one\ntwo\nthree\n"})
    oid = repo.commit("Subject\nstill subject\n\nBody", {"a.py": "one\n2\nthree\nfour\nfive\n"}, author="Zoë <z@é.org>")
    commit = walked(repo)[-1]
    assert commit == Commit(
        oid=oid,
        fingerprint=commit.fingerprint,
        author="Zoë <z@é.org>",
        time=FIRST_TIME + 60,
        subject="Subject still subject",
        changes=(
            FileChange(
                path="a.py",
                old_path="a.py",
                old_oid=repo.git("rev-parse", "HEAD~:a.py"),
                new_oid=repo.git("rev-parse", "HEAD:a.py"),
                old=b"one\ntwo\nthree\n",
                new=b"one\n2\nthree\nfour\nfive\n",
                added=(LineRange(2, 2), LineRange(4, 5)),
            ),
        ),
    )


def test_oldest_first_and_the_newest_of_a_limit(repo: RepoBuilder) -> None:
    made = [repo.commit(files={"a.py": f"{number}\n"}) for number in range(5)]
    assert oids(repo) == made
    assert oids(repo, limit=2) == made[-2:]
    assert oids(repo, limit=0) == []
    assert list(commit_oids(Repository.open(repo.path), "HEAD", limit=3)) == made[-3:]


def test_an_unborn_branch_has_no_commits(repo: RepoBuilder) -> None:
    assert walked(repo) == []
    assert commit_oids(Repository.open(repo.path), "HEAD") == ()


def test_what_commits_took_away_and_wrote(repo: RepoBuilder) -> None:
    repo.commit(files={"a.py": "a=1\nb = 2\n", "n.txt": "a\n"})
    repo.commit(files={"a.py": "a = 1\nb = 2\n", "n.txt": "b\n"})
    tip = repo.commit(files={"b.py": "c\n"})
    commits = diffs(Repository.open(repo.path), tip, limit=2)
    found = [[(file.path, hunk.removed, hunk.added) for file in files for hunk in file.hunks] for files in commits]
    assert found == [[("a.py", [b"a=1\n"], [b"a = 1\n"])], [("b.py", [], [b"c\n"])]]


def test_only_files_with_the_suffixes(repo: RepoBuilder) -> None:
    python = repo.commit(files={"a.py": "x\n", "a.txt": "x\n", "deep/er/b.py": "y\n"})
    text = repo.commit(files={"a.txt": "y\n"})
    script = repo.commit(files={"c.rb": "z\n"})
    assert [(commit.oid, [change.path for change in commit.changes]) for commit in walked(repo)] == [
        (python, ["a.py", "deep/er/b.py"])
    ]
    assert oids(repo, suffixes=(".py", ".rb")) == [python, script]
    assert oids(repo, suffixes=()) == [python, text, script]
    assert commit_oids(Repository.open(repo.path), "HEAD") == (python, text, script)


def test_merges_are_skipped_and_both_sides_are_read(repo: RepoBuilder) -> None:
    base = repo.commit(files={"a.py": "1\n2\n3\n4\n5\n"})
    repo.git("checkout", "--quiet", "-b", "side")
    side = repo.commit(files={"a.py": "1\n2\n3\n4\nside\n"})
    repo.git("checkout", "--quiet", "main")
    main = repo.commit(files={"a.py": "main\n2\n3\n4\n5\n"})
    repo.git("merge", "--quiet", "--no-edit", "side")
    after = repo.commit(files={"a.py": "main\n2\nafter\n4\nside\n"})
    commits = walked(repo)
    assert [commit.oid for commit in commits] == [base, side, main, after]
    assert only(commits[-1]).old == b"main\n2\n3\n4\nside\n"  # which only the merge wrote
    assert only(commits[-1]).added == (LineRange(3, 3),)


def test_changes_on_both_sides_of_a_merge_are_seen_whatever_the_merge_kept(repo: RepoBuilder) -> None:
    base = repo.commit(files={"a.py": "1\n"})
    repo.git("checkout", "--quiet", "-b", "side")
    side = repo.commit(files={"a.py": "dropped\n"})
    repo.git("checkout", "--quiet", "main")
    main = repo.commit(files={"a.py": "kept\n"})
    repo.git("merge", "--quiet", "--no-edit", "-X", "ours", "side")
    assert oids(repo) == [base, side, main]


def test_renames_are_followed(repo: RepoBuilder) -> None:
    text = "".join(f"line {number}\n" for number in range(20))
    repo.commit(files={"old.py": text, "plain.py": "a\nb\nc\n"})
    repo.git("mv", "old.py", "new.py")
    repo.git("mv", "plain.py", "moved.py")
    repo.commit(files={"new.py": text + "more\n"})
    commit = walked(repo)[-1]
    changes = {change.path: change for change in commit.changes}
    assert set(changes) == {"new.py", "moved.py"}
    assert (changes["new.py"].old_path, changes["new.py"].added) == ("old.py", (LineRange(21, 21),))
    assert (changes["moved.py"].old_path, changes["moved.py"].added) == ("plain.py", ())
    assert changes["moved.py"].old == changes["moved.py"].new == b"a\nb\nc\n"


def test_added_and_deleted_files(repo: RepoBuilder) -> None:
    repo.commit(files={"a.py": "1\n2\n", "empty.py": ""})
    repo.commit(files={"a.py": None, "empty.py": None})
    first, second = walked(repo)
    assert [(c.path, c.old_path, c.old, c.new, c.added) for c in first.changes] == [
        ("a.py", None, None, b"1\n2\n", (LineRange(1, 2),)),
        ("empty.py", None, None, b"", ()),
    ]
    assert [(c.path, c.old_path, c.old, c.new, c.added) for c in second.changes] == [
        ("a.py", "a.py", b"1\n2\n", None, ()),
        ("empty.py", "empty.py", b"", None, ()),
    ]


def test_odd_names_and_contents(repo: RepoBuilder) -> None:
    contents = [
        b"caf\xe9\n",
        b"nul\0byte\n",
        b"\r\rlone\r\n",
        b"no line feed",
        b"",
        b"\xff\xfe\n\n",
        b"+\n-\n@@\n\\ No\n",
        b"diff --git a b\n",
    ]
    files = dict(zip(ODD_NAMES, contents, strict=True))
    repo.commit(files=files)
    repo.commit(files={name: content + b"\nmore" for name, content in files.items()})
    first, second = walked(repo)
    assert {change.path: change.new for change in first.changes} == files
    assert {change.path: (change.old, change.new) for change in second.changes} == {
        name: (content, content + b"\nmore") for name, content in files.items()
    }


def test_large_links_submodules_and_modes_are_left_out(repo: RepoBuilder) -> None:
    first = repo.commit(files={"a.py": "x\n", "large.py": (b"x" * 5_000 + b"\n") * 1000})
    (repo.path / "link.py").symlink_to("a.py")
    repo.stage("link.py")
    repo.git("update-index", "--add", "--cacheinfo", f"160000,{first},module.py")
    repo.commit("Only a link and a submodule")
    (repo.path / "a.py").chmod(0o755)
    repo.git("update-index", "--chmod=+x", "a.py")
    repo.commit("Only a mode")
    last = repo.commit(files={"large.py": "small\n", "a.py": "y\n"})
    repo.git("rm", "--quiet", "--cached", "module.py")
    (repo.path / "link.py").unlink()
    typed = repo.commit("A link becomes a file", {"link.py": "text\n"})
    commits = walked(repo)
    assert [commit.oid for commit in commits] == [first, last, typed]
    assert [[change.path for change in commit.changes] for commit in commits] == [["a.py"], ["a.py"], ["link.py"]]
    change = only(commits[-1])
    assert (change.old_path, change.old, change.new, change.added) == (None, None, b"text\n", (LineRange(1, 1),))
    assert len(oids(repo, max_blob=10_000_000)) == 3
    assert [change.path for change in walked(repo, max_blob=10_000_000)[0].changes] == ["a.py", "large.py"]


def test_a_file_that_becomes_a_link_counts_as_deleted(repo: RepoBuilder) -> None:
    repo.commit(files={"a.py": "x\n"})
    (repo.path / "a.py").unlink()
    (repo.path / "a.py").symlink_to("b.py")
    repo.stage("a.py")
    repo.commit()
    change = only(walked(repo)[-1])
    assert (change.old, change.new, change.added) == (b"x\n", None, ())


def test_exclude_is_a_cursor_of_several_tips(repo: RepoBuilder) -> None:
    base = repo.commit(files={"a.py": "1\n"})
    repo.git("checkout", "--quiet", "-b", "side")
    side = repo.commit(files={"b.py": "1\n"})
    repo.git("checkout", "--quiet", "main")
    main = repo.commit(files={"c.py": "1\n"})
    repo.git("merge", "--quiet", "--no-edit", "side")
    new = repo.commit(files={"c.py": "2\n"})
    assert oids(repo, exclude=(main,)) == [side, new]
    assert oids(repo, exclude=(main, side)) == [new]
    assert oids(repo, exclude=(new,)) == []
    assert oids(repo, exclude=("1" * 40, base, "gone-branch")) == [side, main, new]
    assert commit_oids(Repository.open(repo.path), "HEAD", exclude=(main, "1" * 40)) == (side, new)


def test_after_a_rebase_the_old_tip_may_be_gone_and_fingerprints_recognise_the_changes(repo: RepoBuilder) -> None:
    repo.commit(files={"a.py": "1\n"})
    repo.git("checkout", "--quiet", "-b", "side")
    repo.commit("Mine", {"b.py": "1\n"})
    old = walked(repo)[-1]
    repo.git("checkout", "--quiet", "main")
    theirs = repo.commit("Theirs", {"c.py": "1\n"})
    repo.git("checkout", "--quiet", "side")
    repo.git("rebase", "--quiet", "main")
    repo.git("reflog", "expire", "--expire=now", "--all")
    repo.git("gc", "--quiet", "--prune=now")
    assert Repository.open(repo.path).resolve(old.oid) is None
    new = walked(repo, exclude=(old.oid,))
    assert theirs in [commit.oid for commit in new]
    assert [commit.oid for commit in new if commit.fingerprint == old.fingerprint] == [repo.git("rev-parse", "side")]


def test_fingerprints_tell_changes_apart(repo: RepoBuilder) -> None:
    repo.commit(files={"a.py": "1\n"})
    repo.commit(files={"a.py": "2\n"})
    repo.commit(files={"a.py": "1\n"})
    repo.commit(files={"b.py": "1\n"})
    assert len({commit.fingerprint for commit in walked(repo)}) == 4


def test_the_boundary_of_a_shallow_clone_is_no_commit(repo: RepoBuilder, tmp_path: Path) -> None:
    made = [repo.commit(files={"a.py": f"{number}\n", "b.py": "x\n"}) for number in range(5)]
    repo.git("clone", "--quiet", "--depth=3", f"file://{repo.path}", tmp_path / "shallow")
    shallow = Repository.open(tmp_path / "shallow")
    assert [commit.oid for commit in walk(shallow, "HEAD")] == made[-2:]
    assert commit_oids(shallow, "HEAD") == tuple(made[-2:])
    rewritten = [[hunk.removed for file in files for hunk in file.hunks] for files in diffs(shallow, "HEAD", limit=9)]
    assert rewritten == [[[b"2\n"]], [[b"3\n"]]]


def test_bare_sha256_and_linked_worktrees(tmp_path: Path) -> None:
    repo = RepoBuilder(tmp_path / "repo", object_format="sha256")
    made = [repo.commit(files={"a.py": f"{number}\n"}) for number in range(3)]
    repo.git("clone", "--quiet", "--bare", repo.path, tmp_path / "bare.git")
    repo.git("worktree", "add", "--quiet", "--detach", tmp_path / "linked")
    for place in (repo.path, tmp_path / "bare.git", tmp_path / "linked"):
        commits = list(walk(Repository.open(place), "HEAD"))
        assert [commit.oid for commit in commits] == made
        assert [only(commit).new for commit in commits] == [b"0\n", b"1\n", b"2\n"]


def test_settings_of_the_user_bend_nothing(repo: RepoBuilder) -> None:
    repo.commit(files={"a.py": "a\nb\nc\nd\ne\nf\n", ".gitattributes": "*.py -diff diff=odd\n"})
    repo.git("mv", "a.py", "b.py")
    repo.commit(files={"b.py": "a\nb\nc\nD\ne\nF\n"})
    plain = walked(repo)
    for key, value in {
        "diff.context": "10",
        "diff.interHunkContext": "10",
        "diff.renames": "false",
        "diff.noprefix": "true",
        "diff.external": "false",
        "diff.odd.textconv": "false",
        "diff.orderFile": "/nonexistent",
        "diff.relative": "true",
        "diff.algorithm": "patience",
        "log.showSignature": "true",
        "log.showRoot": "false",
        "log.follow": "true",
        "color.ui": "always",
        "core.quotePath": "true",
        "core.pager": "false",
        "core.abbrev": "4",
        "format.pretty": "raw",
        "i18n.logOutputEncoding": "latin-1",
    }.items():
        repo.git("config", key, value)
    assert walked(repo) == plain
    assert only(plain[-1]).added == (LineRange(4, 4), LineRange(6, 6))


def test_a_broken_history_is_an_error(repo: RepoBuilder) -> None:
    repo.commit(files={"a.py": "1\n"})
    repo.commit(files={"a.py": "2\n"})
    blob = repo.git("rev-parse", "HEAD:a.py")
    (repo.path / ".git" / "objects" / blob[:2] / blob[2:]).unlink()
    with pytest.raises(Unavailable, match="git fsck"):
        walked(repo)


def test_a_date_that_git_cannot_read_is_no_error(repo: RepoBuilder) -> None:
    """Tools of old have written such time zones: git shows the date as nothing."""
    repo.commit(files={"a.py": "1\n"})
    text = repo.git("cat-file", "commit", "HEAD").replace("+0000", "--700")
    (repo.path / "commit").write_text(text + "\n")
    oid = repo.git("hash-object", "-t", "commit", "-w", "--literally", "commit")
    repo.git("update-ref", "HEAD", oid)
    assert [(commit.oid, commit.time) for commit in walked(repo)] == [(oid, 0)]


def test_leaving_early_leaves_no_process(repo: RepoBuilder) -> None:
    fast_import(repo, (imported(number, "a.py", b"%d\n" % number * 5000) for number in range(200)))
    commits = walk(Repository.open(repo.path), "main")
    next(commits)
    commits.close()  # type: ignore[attr-defined]
    children = Path("/proc/self/task")
    assert all(not (task / "children").read_text() for task in children.iterdir())


def digest_of(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        state = path.lstat()
        digest.update(f"{path} {state.st_mode} {state.st_mtime_ns} {state.st_size}".encode())
        if path.is_file():
            digest.update(path.read_bytes())
    return digest.hexdigest()


def test_reading_writes_nothing(repo: RepoBuilder) -> None:
    for number in range(5):
        repo.commit(files={"a.py": f"{number}\n", ".codetuneignore": "x\n", ".gitattributes": "*.py text\n"})
    repo.write("a.py", "unstaged\n")
    repo.git("config", "core.splitIndex", "true")
    repo.git("config", "core.untrackedCache", "true")
    repo.git("config", "gc.auto", "1")
    before = digest_of(repo.path)
    found = Repository.open(repo.path)
    list(walk(found, "HEAD"))
    staged(found)
    changed(found, "HEAD~2", "HEAD")
    tree_files(found, "HEAD")
    ignored(found, ["a.py", "x"], "HEAD")
    excluded(found, ["a.py"], "HEAD")
    found.config("codetune.")
    assert digest_of(repo.path) == before


def random_text(rng: random.Random) -> bytes:
    words = [
        b"a",
        b"b",
        b"",
        b"    return x",
        b"\tpass",
        b"x\r",
        b"\r",
        b"\0",
        b"caf\xe9",
        b"-",
        b"+",
        b"\\",
        b"@@ -1 +1 @@",
    ]
    lines = [rng.choice(words) for _ in range(rng.randrange(30))]
    return b"\n".join(lines) + rng.choice([b"", b"\n"])


def edited(text: bytes, rng: random.Random) -> bytes:
    lines = text.split(b"\n")
    for _ in range(rng.randrange(1, 5)):
        start = rng.randrange(len(lines) + 1)
        lines[start : start + rng.randrange(4)] = random_text(rng).split(b"\n")[: rng.randrange(4)]
    return b"\n".join(lines)


def is_subsequence(part: list[bytes], whole: list[bytes]) -> bool:
    rest = iter(whole)
    return all(line in rest for line in part)


@pytest.mark.parametrize("seed", range(3))
def test_any_text_is_rebuilt_exactly_and_unadded_lines_are_old(repo: RepoBuilder, seed: int) -> None:
    rng = random.Random(seed)
    texts = {f"{name}.py": random_text(rng) for name in "abcd"}
    stream = []
    for number in range(150):
        path = rng.choice(sorted(texts))
        texts[path] = random_text(rng) if rng.random() < 0.1 else edited(texts[path], rng)
        stream.append(imported(number, path, texts[path]))
    fast_import(repo, iter(stream))
    commits = walked(repo, "main")
    assert len(commits) > 100
    for commit in commits:
        for change in commit.changes:
            new = change.new or b""
            assert hashlib.sha1(b"blob %d\0%s" % (len(new), new)).hexdigest() == change.new_oid
            lines = (new + b"$").split(b"\n")
            added = {line for span in change.added for line in range(span.first, span.last + 1)}
            kept = [line for number, line in enumerate(lines, 1) if number not in added]
            assert is_subsequence(kept[:-1], (change.old or b"").split(b"\n"))


def test_memory_does_not_grow_with_the_history(repo: RepoBuilder, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = [b"some line of text, number %d\n" % number for number in range(500)]

    def stream() -> Iterator[bytes]:
        for number in range(1200):
            lines[number % 500] = b"changed in commit %d\n" % number
            yield imported(number, f"{number % 7}.py", b"".join(lines))

    fast_import(repo, stream())
    monkeypatch.setattr(history, "_KEPT", 1 << 20)
    tracemalloc.start()
    commits = sum(1 for _ in walk(Repository.open(repo.path), "main"))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert commits == 1200
    assert peak < 8 << 20, "16 MB of texts went through"
