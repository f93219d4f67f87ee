from __future__ import annotations

import pytest

from codetune_git.domain import LineRange
from codetune_git.git.patch import Hunk, read_entries

ZEROS, ONES, TWOS = "0" * 40, "1" * 40, "2" * 40


def lines(*rows: str) -> list[bytes]:
    return [row.encode("latin-1") + b"\n" for row in rows]


def test_records_and_hunks() -> None:
    log = lines(
        "\0first",
        "",
        f":100644 100644 {ONES} {TWOS} M\ta.py",
        f":000000 100644 {ZEROS} {ONES} A\tb.py",
        "",
        "diff --git a/a.py b/a.py",
        f"index {ONES}..{TWOS} 100644",
        "--- a/a.py",
        "+++ b/a.py",
        "@@ -3 +3,2 @@ def f():",
        "-@@ -1 +1 @@",
        "+diff --git a/x b/x",
        "+\0second",
        "@@ -9,2 +10,0 @@",
        "-:100644",
        "-\\ No newline at end of file",
        "diff --git a/b.py b/b.py",
        "new file mode 100644",
        "--- /dev/null",
        "+++ b/b.py",
        "@@ -0,0 +1 @@",
        "+x",
        "\\ No newline at end of file",
        "\0second",
    )
    first, second = read_entries(iter(log))
    assert (first.header, second.header, second.files) == (b"first", b"second", [])
    changed, added = first.files
    assert changed.hunks == [
        Hunk(3, [b"@@ -1 +1 @@\n"], 3, [b"diff --git a/x b/x\n", b"\0second\n"]),
        Hunk(9, [b":100644\n", b"\\ No newline at end of file\n"], 10, []),
    ]
    assert changed.added == (LineRange(3, 4),)
    assert (added.status, added.old_is_file, added.new_is_file) == ("A", False, True)
    assert added.hunks == [Hunk(0, [], 1, [b"x"])]


def test_line_feeds_that_are_missing_on_both_sides() -> None:
    log = lines(
        f":100644 100644 {ONES} {TWOS} M\ta.py",
        "diff --git a/a.py b/a.py",
        "@@ -1 +1,2 @@",
        "-x",
        "\\ No newline at end of file",
        "+x",
        "+y",
        "\\ No newline at end of file",
    )
    (entry,) = read_entries(iter(log))
    assert entry.files[0].hunks == [Hunk(1, [b"x"], 1, [b"x\n", b"y"])]


def test_a_changed_type_is_two_diffs_and_only_the_second_counts() -> None:
    log = lines(
        f":120000 100644 {ONES} {TWOS} T\ta.py",
        f":100644 100644 {ONES} {TWOS} M\tb.py",
        "diff --git a/a.py b/a.py",
        "@@ -1 +0,0 @@",
        "-target",
        "\\ No newline at end of file",
        "diff --git a/a.py b/a.py",
        "@@ -0,0 +1 @@",
        "+text",
        "diff --git a/b.py b/b.py",
        "@@ -0,0 +1 @@",
        "+other",
    )
    (entry,) = read_entries(iter(log))
    assert [file.hunks for file in entry.files] == [[Hunk(0, [], 1, [b"text\n"])], [Hunk(0, [], 1, [b"other\n"])]]


@pytest.mark.parametrize(
    ("printed", "path"),
    [
        ("a.py", "a.py"),
        ("caf\xe9.py", "caf\udce9.py"),
        ('"a\\nb.py"', "a\nb.py"),
        ('"a\\"b\\\\n.py"', 'a"b\\n.py'),
        ('"\\001\\t\\177.py"', "\1\t\x7f.py"),
        ('"\\303\\244\\n.py"', "ä\n.py"),
    ],
)
def test_names_are_unquoted(printed: str, path: str) -> None:
    (entry,) = read_entries(iter(lines(f":000000 100644 {ZEROS} {ONES} A\t{printed}")))
    assert entry.files[0].path == path


def test_a_rename_has_two_names() -> None:
    (entry,) = read_entries(iter(lines(f':100644 100644 {ONES} {ONES} R100\told.py\t"n\\tew.py"')))
    assert (entry.files[0].status, entry.files[0].old_path, entry.files[0].path) == ("R", "old.py", "n\tew.py")


def test_no_output_is_no_entry() -> None:
    assert list(read_entries(iter([]))) == []
