"""git applies the diff to the index, whatever the line ends, the names and the subset of suggestions."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, assume, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from support.real_git import git
from support.suggestions import suggestion

from codetune_git.domain import Suggestion
from codetune_git.report.diff import unified_diff

ODD_NAMES = [
    "plain.py",
    "with blank.py",
    "tab\there.py",
    'quo"te.py',
    "new\nline.py",
    "übung.py",
    "\udcff.py",
    "b\\s.py",
]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    git(folder, "init", "-q")
    return folder


def stage(folder: Path, contents: Mapping[str, bytes]) -> None:
    for path, content in contents.items():
        oid = git(folder, "hash-object", "-w", "--stdin", stdin=content).strip().decode()
        git(folder, "update-index", "-z", "--index-info", stdin=f"100644 {oid}\t".encode() + os.fsencode(path) + b"\0")


def apply(folder: Path, suggestions: Iterable[Suggestion], contents: Mapping[str, bytes]) -> dict[str, bytes]:
    """What the index holds once git has applied the diff; the work tree, which is empty, is not asked."""
    stage(folder, contents)
    diff = unified_diff(suggestions, contents)
    if diff:
        git(folder, "apply", "--cached", "--whitespace=nowarn", "-", stdin=diff.encode("utf-8", "surrogateescape"))
    return {path: git(folder, "cat-file", "blob", f":{path}") for path in contents}


words = st.sampled_from(["a", "b", "", "x = 1", "\tif y:", "\f", "é", "\r", "-", "--- a/x", "@@ -1 +1 @@", " "])


@st.composite
def staged(draw: st.DrawFn) -> tuple[bytes, list[Suggestion], bytes]:
    """A content, suggestions for it of which some may touch each other, and the content once they are made."""
    newline = draw(st.sampled_from(["\n", "\r\n"]))
    lines = draw(st.lists(words.filter(lambda w: w != "\r"), min_size=1, max_size=40))
    final = draw(st.booleans()) or lines[-1] == ""
    starts = sorted(draw(st.sets(st.integers(0, len(lines) - 1), max_size=6)))
    found, expected, at = [], [], 0
    for n, start in enumerate(starts):
        most = (starts[n + 1] if n + 1 < len(starts) else len(lines)) - start
        end = start + draw(st.integers(1, most))
        new = draw(st.lists(words.filter(lambda w: w != "\r"), max_size=4))
        reaches_end_without_newline = end == len(lines) and not final
        if reaches_end_without_newline and (not new or new[-1] == ""):
            new = [*new, "last"]
        found.append(suggestion("f.py", start + 1, lines[start:end], new))
        expected += [*lines[at:start], *new]
        at = end
    expected += lines[at:]

    def text(rows: list[str]) -> bytes:
        return "".join(row + newline for row in rows).encode()

    before, after = text(lines), text(expected)
    return (before, found, after) if final else (_cut(before, newline), found, _cut(after, newline))


def _cut(content: bytes, newline: str) -> bytes:
    return content.removesuffix(newline.encode())


@hypothesis_settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(staged())
def test_git_applies_it(repository: Path, case: tuple[bytes, list[Suggestion], bytes]) -> None:
    before, found, after = case
    assume(b"\n" in before)  # a file of one unfinished line does not say how its lines end
    assert apply(repository, found, {"f.py": before}) == {"f.py": after}


def test_any_subset_of_several_files_applies(repository: Path) -> None:
    rows = [f"line {n}" for n in range(1, 31)]
    contents = {path: "".join(f"{row}\n" for row in rows).encode() for path in ("a.py", "pkg/b.py")}
    found = [
        suggestion(path, first, rows[first - 1 : last], new)
        for path in contents
        for first, last, new in [
            (1, 1, ["one"]),
            (4, 6, ["four", "five", "more", "six"]),
            (7, 8, []),
            (30, 30, ["end"]),
        ]
    ]
    for chosen in range(2 ** len(found)):
        if chosen % 7 and chosen != 2 ** len(found) - 1:  # every seventh of the 256, and all at once
            continue
        subset = [one for n, one in enumerate(found) if chosen >> n & 1]
        expected = {}
        for path in contents:
            kept = list(rows)
            for one in sorted((s for s in subset if s.path == path), key=lambda s: -s.lines.first):
                kept[one.lines.first - 1 : one.lines.last] = one.replacement
            expected[path] = "".join(f"{row}\n" for row in kept).encode()
        assert apply(repository, subset, contents) == expected


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names(repository: Path, name: str) -> None:
    assert apply(repository, [suggestion(name, 1, ["a"], ["b"])], {name: b"a\n"}) == {name: b"b\n"}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\xef\xbb\xbfa\nb\n", b"\xef\xbb\xbfA\nb\n"),
        (b"a\r\nb\n", b"A\r\nb\n"),
        (b"a", b"A"),
        (b"a\n\xff\xfe\n", b"A\n\xff\xfe\n"),
    ],
)
def test_what_is_not_suggested_stays_byte_by_byte(repository: Path, before: bytes, after: bytes) -> None:
    assert apply(repository, [suggestion("f.py", 1, ["a"], ["A"])], {"f.py": before}) == {"f.py": after}


def test_it_looks_as_git_writes_it(repository: Path) -> None:
    rows = [f"{n}" for n in range(1, 25)]
    contents = {"f.py": "\n".join(rows).encode()}
    found = [suggestion("f.py", 5, ["5", "6"], ["5", "six", "6b"]), suggestion("f.py", 24, ["24"], ["end"])]
    after = apply(repository, found, contents)["f.py"]
    old = git(repository, "hash-object", "-w", "--stdin", stdin=contents["f.py"]).decode().strip()
    new = git(repository, "hash-object", "-w", "--stdin", stdin=after).decode().strip()
    by_git = git(repository, "diff", "--no-ext-diff", old, new).decode().splitlines()
    assert unified_diff(found, contents).splitlines()[3:] == by_git[4:]


def test_a_suggestion_for_other_lines_is_refused() -> None:
    with pytest.raises(ValueError, match=r"f.py:1 is not what"):
        unified_diff([suggestion("f.py", 1, ["a"], ["b"])], {"f.py": b"changed\n"})
    with pytest.raises(ValueError, match="overlap"):
        unified_diff(
            [suggestion("f.py", 1, ["a", "b"], ["c", "d"]), suggestion("f.py", 2, ["b"], ["e"])], {"f.py": b"a\nb\n"}
        )


def test_nothing_suggested_is_no_diff() -> None:
    assert unified_diff([], {}) == ""
    assert unified_diff([suggestion("f.py", 1, ["a"], ["a"])], {"f.py": b"a\n"}) == ""
