"""Comments of any grammar: the blanks around their mark, what they say, how they are indented, in small examples."""

from __future__ import annotations

import pytest
from support.convention_checks import Row, check_table

from codetune_git.domain import LineRange, Verification
from codetune_git.languages.convention import Convention
from codetune_git.languages.go.language import GO
from codetune_git.languages.java.language import JAVA
from codetune_git.languages.javascript.language import JAVASCRIPT
from codetune_git.languages.language import Language
from codetune_git.languages.python.conventions.spacing import comments as python_comments
from codetune_git.languages.python.grammar import GRAMMAR
from codetune_git.languages.shared.pragmas import is_for_tool
from codetune_git.text.source import Source

_, _, CAPITAL, STOP, INDENT = python_comments.CONVENTIONS

ROWS: dict[Convention, list[Row]] = {
    CAPITAL: [
        ("# say why it is so\n", "lower", "upper", "# Say why it is so\n"),
        ("x = 1  # Say why it is so\n", "upper", "lower", "x = 1  # say why it is so\n"),
        ("#say why it is\n# So, or not so much\n", "lower", "upper", "#Say why it is\n# So, or not so much\n"),
        ("# say why\n", None, None, None),
        ("# say / tell why it is so\n", None, None, None),
        ("# say why it is so\nx = ['say', 'it']\n", None, None, None),
        ("# say why it is so\nsay(1)\n", None, None, None),
        ("# say why it is so\nx.say\n", None, None, None),
        ("# HTTP is what it is\n", None, None, None),
        ("# say_it why it is so\n", None, None, None),
        ("# type: is what it is\n", None, None, None),
        ("# pylint: disable=all of it so\n", None, None, None),
        ("# x = f(all of it is so)\n", None, None, None),
        ("# see http://x.org why it is so\n", None, None, None),
        ("# copyright by all of us here\n", None, None, None),
        ("# - say why it is so\n", None, None, None),
        ("x = '# say why it is so'\n", None, None, None),
    ],
    STOP: [
        ("# Say why it is so\n", "none", "stop", "# Say why it is so.\n"),
        ("# Say why it is so.\n", "stop", "none", "# Say why it is so\n"),
        ("# Say why it is,\n# or why it is not\n", None, None, None),
        ("# Say why. Then it is so.\n", None, None, None),
        ("# Say why it is so:\n", None, None, None),
        ("# Say why it is so, etc.\n", None, None, None),
        ("# Say why it is so...\n", None, None, None),
        ("# Say why it is so\n#\n# or not\n", None, None, None),
    ],
    INDENT: [
        ("def f():\n    # why\n    x\n", "level", "off", "def f():\n     # why\n    x\n"),
        ("def f():\n   # why\n   # not\n    x\n", "left", "level", "def f():\n    # why\n    # not\n    x\n"),
        ("def f():\n       # why\n    x\n", "far", "level", "def f():\n    # why\n    x\n"),
        ("def f():\n        # why\n    x\n", None, None, None),
        ("def f():\n     # why\n\n    x\n", None, None, None),
        ("x = 1  # why\n       # not\ny\n", None, None, None),
        ("if x:\n\t# why\n\ty\n", None, None, None),
        ("# why", None, None, None),
    ],
}


@pytest.mark.parametrize("convention", ROWS, ids=lambda convention: convention.name)
def test_rows(convention: Convention) -> None:
    check_table(convention, ROWS[convention])


def test_contexts() -> None:
    text = b"# Say why it is so\nx = 1  # say why it is\n\n# Say why it is so,\n# or why it is not\n"
    found = [site.context for site in CAPITAL.sites(Source.parse(text, GRAMMAR))]
    assert found == [("own", "one"), ("trailing", "one"), ("own", "run")]


TEXTS = {
    "javascript": ("x = 1; //say why it is so\n//go on with it\n", "x = 1;  // Say why it is so.\n// go on with it\n"),
    "go": ("package a\n\n//say why it is so\nvar x = 1 // y\n", "package a\n\n// Say why it is so.\nvar x = 1  //y\n"),
    "java": ("class A {\n  //say why it is so\n  int x;\n}\n", "class A {\n   // Say why it is so.\n  int x;\n}\n"),
}


@pytest.mark.parametrize("language", [JAVASCRIPT, GO, JAVA], ids=lambda language: language.name)
def test_what_a_comment_says_is_proven_the_same(language: Language) -> None:
    before, after = (text.encode() for text in TEXTS[language.name])
    proof = language.verify(before, after)
    assert proof is not None
    assert proof.verification is Verification.SAFE
    for wrong in (after.replace(b"it is", b"it was"), after.replace(b"// Say", b"// SAY")):
        refused = language.verify(before, wrong)
        assert refused is not None
        assert refused.verification is Verification.UNSAFE


def test_comments_of_other_languages_have_the_same_choices() -> None:
    source = Source.parse(
        b"f(1);// say why it is so\n//Go on with this here.\n   // and so\n  g();\n", JAVASCRIPT.grammar
    )
    found: dict[str, list[tuple[int, str]]] = {}
    for convention in JAVASCRIPT.families["javascript/comments"]:
        for site in convention.sites(source):
            found.setdefault(convention.name, []).append((source.line_of(site.start), site.variant))
    assert found == {
        "javascript/comment_spacing": [(1, "spaced"), (2, "tight"), (3, "spaced")],
        "javascript/comment_gap": [(1, "none")],
        "javascript/comment_capital": [(1, "lower"), (2, "upper")],
        "javascript/comment_full_stop": [(1, "none"), (2, "stop")],
        "javascript/comment_indent": [(3, "off")],
    }


@pytest.mark.parametrize(
    "comment",
    [
        "//go:generate stringer -type=Pill",
        "//nolint:errcheck // it is so",
        "// eslint-disable-next-line no-console",
        "// @ts-ignore since it is so",
        "//# sourceMappingURL=a.map",
        "// istanbul ignore next it is",
        "// NOLINT it is what it is",
        "// prettier-ignore what is here",
        "// codetune: ignore",
        "// Output: what is said here",
        "//export this and that here",
        "// Deprecated: use something else here",
        "// +build linux and so on",
        "/// <reference path=it/>",
    ],
)
def test_what_a_tool_reads_stays_as_it_is(comment: str) -> None:
    source = Source.parse(f"f();\n{comment}\ng();\n".encode(), JAVASCRIPT.grammar)
    spacing, _, *others = JAVASCRIPT.families["javascript/comments"]
    assert [site for one in (spacing, *others[:2]) for site in one.sites(source)] == []
    assert is_for_tool(comment.encode()) or comment.startswith("///")
    other = b"//" + comment[2:].strip().encode() if comment.startswith("// ") else b"// " + comment[2:].encode()
    changed = source.text.replace(comment.encode(), other)
    proof = JAVASCRIPT.verify(source.text, changed)
    assert proof is not None
    assert proof.verification is Verification.UNSAFE


def test_a_run_that_goes_on_outside_a_window_is_no_site() -> None:
    text = b"# Say why it is,\n# and why it is not\n# and all of the rest\nx = 1\n"
    assert [site.variant for site in CAPITAL.sites(Source.parse(text, GRAMMAR))] == ["upper"]
    assert list(CAPITAL.sites(Source.parse(text, GRAMMAR, LineRange(2, 4)))) == []
