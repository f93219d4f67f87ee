"""A review that GitHub can take: comments inside the diff's hunks, exact blocks, nothing else acts as Markdown."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token
from report.staged_cases import applied, cases, findings, report
from support.real_git import git
from support.suggestions import suggestion

from codetune_git.domain import LineRange, StagedFile, Suggestion
from codetune_git.report.formats import Report
from codetune_git.report.github import render
from codetune_git.text.line_edits import bare, lines_of

ALL = (LineRange(1, 10_000),)


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("repository")
    git(folder, "init", "-q")
    return folder


def review(content: bytes, *found: Suggestion, added: Sequence[LineRange] = ALL) -> dict[str, Any]:
    paths = {one.path for one in found}
    text = render(report(findings(*found), dict.fromkeys(paths, content), added))
    assert text.isascii()
    assert text.endswith("}\n")
    return json.loads(text)  # type: ignore[no-any-return]


def parsed(markdown: str) -> list[Token]:
    return MarkdownIt("commonmark").parse(markdown)


def block(comment: dict[str, Any]) -> list[str]:
    """The lines of the one suggestion block."""
    (fence,) = (token for token in parsed(comment["body"]) if token.type == "fence")
    assert fence.info == "suggestion"
    return fence.content.split("\n")[:-1]  # type: ignore[no-any-return]


def shown(markdown: str) -> Iterator[tuple[str, str]]:
    """What Markdown makes of it: the kind and the text of each part; a part of any other kind is an error."""
    for token in parsed(markdown):
        assert token.type in {"paragraph_open", "paragraph_close", "fence", "inline"}
        for part in token.children or [token] * (token.type == "fence"):
            assert part.type in {"text", "code_inline", "fence"}
            yield part.type, part.content


def test_the_request() -> None:
    found = suggestion("pkg/mod.py", 2, ["a", "b"], ["c"])
    content = {"pkg/mod.py": b"x\na\nb\n"}
    text = render(report(findings(found), content, [LineRange(2, 3)]))
    assert json.loads(text) == {
        "event": "COMMENT",
        "body": "codetune: 1 suggestion to write this as the repository does.",
        "comments": [
            {
                "path": "pkg/mod.py",
                "line": 3,
                "side": "RIGHT",
                "start_line": 2,
                "start_side": "RIGHT",
                "body": "` quotes: single quotes, as in 412 of 418 places here, e.g. pkg/mod.py:10  (97 % sure) `\n\n"
                "```suggestion\nc\n```",
            }
        ],
    }


def test_one_line_has_no_first_line() -> None:
    made = review(b"a\n", suggestion("f.py", 1, ["a"], ["b"]))
    assert set(made) == {"event", "body", "comments"}
    assert set(made["comments"][0]) == {"path", "line", "side", "body"}


@pytest.mark.parametrize(
    ("added", "first", "last", "inside"),
    [
        ([(10, 10)], 7, 13, True),
        ([(10, 10)], 6, 7, False),
        ([(10, 10)], 13, 14, False),
        ([(10, 10), (17, 17)], 12, 15, True),  # six lines between them: one hunk, as for git
        ([(17, 17), (10, 10)], 12, 15, True),
        ([(10, 10), (18, 18)], 12, 15, False),  # seven: two
        ([(1, 2)], 1, 5, True),
        ([], 1, 1, False),
    ],
)
def test_a_comment_lies_inside_one_hunk(added: list[tuple[int, int]], first: int, last: int, inside: bool) -> None:
    rows = [f"{n}" for n in range(1, 31)]
    found = suggestion("f.py", first, rows[first - 1 : last], ["new"])
    made = review("\n".join(rows).encode(), found, added=[LineRange(*one) for one in added])
    assert len(made["comments"]) == inside
    assert (f"` f.py:{first} `" in made["body"]) != inside


def hunks_by_git(folder: Path, old: Sequence[str], new: Sequence[str], context: int) -> list[LineRange]:
    """The lines of `new` that git's diff shows; a hunk without any is left out."""
    oids = [
        git(folder, "hash-object", "-w", "--stdin", stdin="".join(f"{row}\n" for row in rows).encode()).decode().strip()
        for rows in (old, new)
    ]
    diff = git(folder, "diff", "--no-ext-diff", f"-U{context}", *oids).decode()
    found = re.findall(r"^@@ -\S+ \+(\d+)(?:,(\d+))? @@", diff, re.MULTILINE)
    sizes = [(int(first), int(count or 1)) for first, count in found]
    return [LineRange(first, first + count - 1) for first, count in sizes if count]


letters = st.lists(st.sampled_from("abc"), min_size=1, max_size=30)


@hypothesis_settings(max_examples=30, deadline=None)
@given(letters, letters, st.data())
def test_what_a_comment_covers_git_shows_in_one_hunk(
    repository: Path, old: list[str], new: list[str], data: st.DataObject
) -> None:
    first = data.draw(st.integers(1, len(new)))
    last = data.draw(st.integers(first, len(new)))
    found = suggestion("f.py", first, new[first - 1 : last], ["new"])
    added = hunks_by_git(repository, old, new, 0)
    if review("\n".join(new).encode(), found, added=added)["comments"]:
        assert any(hunk.contains(found.lines) for hunk in hunks_by_git(repository, old, new, 3))


@pytest.mark.parametrize(
    ("new", "lines"), [([], []), ([""], [""]), (["", ""], ["", ""]), (["````", "~~~"], ["````", "~~~"])]
)
def test_the_block_holds_the_new_lines(new: list[str], lines: list[str]) -> None:
    assert block(review(b"a\r\nb\r\n", suggestion("f.py", 1, ["a"], new))["comments"][0]) == lines


def test_an_empty_line_without_an_end_is_no_line() -> None:
    assert block(review(b"a\nb", suggestion("f.py", 2, ["b"], [""]))["comments"][0]) == []
    assert block(review(b"a\nb", suggestion("f.py", 2, ["b"], ["c", ""]))["comments"][0]) == ["c"]


@given(cases())
def test_comments_say_what_applying_does(case: tuple[bytes, tuple[Suggestion, ...]]) -> None:
    content, found = case
    made = review(content, *found)
    by_line = {one.lines.last: one for one in found}
    kept = [by_line[comment["line"]] for comment in made["comments"]]
    rows = [bare(line) for line in lines_of(content)]
    for comment in reversed(made["comments"]):
        rows[comment.get("start_line", comment["line"]) - 1 : comment["line"]] = block(comment)
    assert rows == [bare(line) for line in lines_of(applied(content, *kept))]
    assert made["body"].count("\n\n` f.py:") == len(found) - len(kept)


@given(cases(), st.text(max_size=8))
def test_nothing_acts_outside_of_its_place(case: tuple[bytes, tuple[Suggestion, ...]], variant: str) -> None:
    content, found = case
    odd = [suggestion(o.path, o.lines.first, o.original, o.replacement, phrase=variant) for o in found]
    for comment in review(content, *odd)["comments"]:
        assert [kind for kind, _ in shown(comment["body"])] == ["code_inline", "fence"]
    parts = list(shown(review(content, *odd, added=())["body"]))
    ours = "Not shown beside the lines, which the diff does not show or a comment cannot say exactly:"
    assert {text for kind, text in parts if kind == "text"} <= {parts[0][1], ours, ": "}
    assert [kind for kind, _ in parts].count("fence") == len(odd)


@pytest.mark.parametrize("odd", ["`", "``", "` ``` <b>", "```", "</code> @me #1 www.a.b [x](y) **b**", "\\`"])
def test_texts_are_shown_as_they_are(odd: str) -> None:
    found = suggestion(f"{odd}.py", 1, [odd], [odd, "```"], phrase=odd)
    why = f"quotes: {odd}, as in 412 of 418 places here, e.g. pkg/mod.py:10  (97 % sure)"
    assert list(shown(review(odd.encode(), found)["comments"][0]["body"])) == [
        ("code_inline", why),
        ("fence", f"{odd}\n```\n"),
    ]
    parts = list(shown(review(odd.encode(), found, added=())["body"]))
    assert parts[2:] == [
        ("code_inline", f"{odd}.py:1"),
        ("text", ": "),
        ("code_inline", why),
        ("fence", f"-{odd}\n+{odd}\n+```\n"),
    ]


def test_what_a_block_cannot_say_is_told() -> None:
    found = [suggestion("f.py", n, ["a"], [new]) for n, new in enumerate(["x\ry", "x\x00", "\udcff", "fine"], 1)]
    made = review(b"a\n" * 4, *found, suggestion("\udcff.py", 1, ["a"], ["b"]))
    assert [comment["line"] for comment in made["comments"]] == [4]
    assert r"` \udcff.py:1 `" in made["body"]
    assert "```diff\n-a\n+x\\ry\n```" in made["body"]


def test_a_review_is_never_too_long() -> None:
    rows = ["a" * 9000] * 20
    found = [suggestion("f.py", n, [row], ["b"]) for n, row in enumerate(rows, 1)]
    found.append(suggestion("g.py", 1, rows, ["b" * 70_000]))
    content = "\n".join(rows).encode()
    files = [StagedFile("f.py", "", content, None, ()), StagedFile("g.py", "", content, None, ALL)]
    made = json.loads(render(Report(findings(*found), tuple(files))))
    assert made["comments"] == []
    assert len(made["body"]) <= 65_536
    assert made["body"].endswith("\n\n15 more do not fit here.")


def test_nothing_found_is_still_a_review() -> None:
    made = json.loads(render(report(findings(), {})))
    assert made == {
        "event": "COMMENT",
        "body": "codetune: 0 suggestions to write this as the repository does.",
        "comments": [],
    }
