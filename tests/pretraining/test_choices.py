"""Where a text chose its layout, what it is called, and what it would be otherwise."""

import pytest

from codetune_git.samples.breaking import new_errors
from codetune_git.text.source import Source
from pretraining.choice import Choice
from pretraining.choices import choices, indentation_unit, leaves
from pretraining.languages import grammar_of

PAIR = "call(first_argument, second_argument)"
# path, text, kind, the bytes that the choice is about, variant, the text by other variant
EXAMPLES = [
    ("a.py", "x = f(a,b)\n", "gap", "", "none", {"one": "x = f(a, b)\n"}),
    ("a.py", "x=1\n", "gap", "", "none", {"one": "x =1\n"}),
    ("a.js", "if(a) b();\n", "gap", "", "none", {"one": "if (a) b();\n"}),
    ("a.py", "x = 1 # why\n", "comment_gap", " ", "1", {"two": "x = 1  # why\n"}),
    ("a.js", "f();  // why\n", "comment_gap", "  ", "2", {"one": "f(); // why\n"}),
    (
        "a.py",
        f"x = {PAIR}\n",
        "wrap",
        PAIR[4:],
        "flat",
        {
            "hanging": "x = call(\n    first_argument,\n    second_argument\n)\n",
            "hanging,": "x = call(\n    first_argument,\n    second_argument,\n)\n",
            "hanging_tight": "x = call(\n    first_argument,\n    second_argument)\n",
            "filled": "x = call(\n    first_argument, second_argument\n)\n",
            "aligned": "x = call(first_argument,\n         second_argument)\n",
        },
    ),
    ("a.py", "x = [\n    1,\n    2\n]\n", "last_comma", "", "no", {"yes": "x = [\n    1,\n    2,\n]\n"}),
    ("a.py", "x = [\n    1,\n    2,\n]\n", "last_comma", ",", "yes", {"no": "x = [\n    1,\n    2\n]\n"}),
    ("a.py", "a()\n\n\nb()\n", "blank", "\n\n\n", "2", {"0": "a()\nb()\n", "1": "a()\n\nb()\n"}),
    ("a.py", "a()  \n", "line_end", "  ", "some", {"none": "a()\n"}),
    ("a.py", "#why not\n", "comment_blank", "", "none", {"one": "# why not\n"}),
    ("a.js", "// why not\n", "comment_blank", " ", "one", {"none": "//why not\n"}),
    ("a.py", "# why not\n", "comment_case", "w", "lower", {"upper": "# Why not\n"}),
    ("a.py", 'def f():\n    """say it."""\n', "doc_case", "s", "lower", {"upper": 'def f():\n    """Say it."""\n'}),
    ("a.py", 'def f():\n    """Say it."""\n', "doc_stop", ".", "yes", {"no": 'def f():\n    """Say it"""\n'}),
    ("a.js", "/** Say it */\nf();\n", "doc_stop", "", "no", {"yes": "/** Say it. */\nf();\n"}),
    ("a.js", "f('a');\n", "quotes", "'a'", "single", {"double": 'f("a");\n'}),
    ("a.ts", 'f("a");\n', "quotes", '"a"', "double", {"single": "f('a');\n"}),
    ("a.js", "f();\n", "semicolon", ";", "yes", {"no": "f()\n"}),
    ("a.ts", "let a: b\n", "semicolon", "", "no", {"yes": "let a: b;\n"}),
    ("a.js", "f(x => x);\n", "arrow", "x", "bare", {"parenthesised": "f((x) => x);\n"}),
    ("a.ts", "f((x) => x);\n", "arrow", "(x)", "parenthesised", {"bare": "f(x => x);\n"}),
    ("a.js", "f(a == b);\n", "equality", "==", "==", {"===": "f(a === b);\n"}),
    ("a.js", "f(a !== b);\n", "equality", "!==", "!==", {"!=": "f(a != b);\n"}),
    ("a.js", "if (a) {\n}\nelse {\n}\n", "brace", "\n", "newline", {"one": "if (a) {\n} else {\n}\n"}),
]
# How many choices of a kind a text leaves.
LEFT = [
    ("a.py", "x = 'a'\n", "quotes", 0),  # the catalogue's, not a layout of any grammar
    ("a.js", "f('it\"s');\n", "quotes", 0),
    ("a.js", "f();\n(g)();\n", "semicolon", 1),
    ("a.js", "f()\ng();\n[c] = d;\n", "semicolon", 2),
    ("a.js", "f((a, b) => a);\n", "arrow", 0),
    ("a.ts", "f((a: string) => a);\n", "arrow", 0),
    ("a.js", "const a = `b  \nc`;\n", "line_end", 1),
    ("a.py", "#!/usr/bin/env python\n", "comment_blank", 0),
    ("a.js", "const [, a] = [, b];\n", "wrap", 0),
    ("a.js", "const [\n  a,\n  ...b\n] = c;\n", "last_comma", 0),
]


def _source(path: str, text: str) -> Source:
    grammar = grammar_of(path)
    assert grammar is not None
    return Source.parse(text.encode(), grammar)


def _kind(choice: Choice) -> str:
    return choice.keys[-1].split(" ", 1)[0]


def _made(source: Source, choice: Choice, new: bytes) -> str:
    return (source.text[: choice.start] + new + source.text[choice.end :]).decode()


@pytest.mark.parametrize(("path", "text", "kind", "at", "variant", "others"), EXAMPLES)
def test_a_choice_is_named_and_made_otherwise(
    path: str, text: str, kind: str, at: str, variant: str, others: dict[str, str]
) -> None:
    source = _source(path, text)
    found = [
        (source.text[c.start : c.end].decode(), c.variant, {name: _made(source, c, new) for name, new in c.others})
        for c in choices(source)
        if _kind(c) == kind
    ]
    assert any(
        (there, name) == (at, variant) and all(made.get(other) == wanted for other, wanted in others.items())
        for there, name, made in found
    ), found


@pytest.mark.parametrize(("path", "text", "kind", "at", "variant", "others"), EXAMPLES)
def test_what_was_chosen_otherwise_is_named_so(
    path: str, text: str, kind: str, at: str, variant: str, others: dict[str, str]
) -> None:
    """The other variant's text, read again, has a choice of that variant (but for counts, which have no one name)."""
    same = {"comment_gap": {"one": "1", "two": "2"}}.get(kind, {})
    for name, made in others.items():
        source = _source(path, made)
        variants = {choice.variant for choice in choices(source) if _kind(choice) in (kind, "gap")}
        assert same.get(name, name) in variants, made


@pytest.mark.parametrize(("path", "text", "kind", "number"), LEFT)
def test_only_what_may_be_otherwise_is_a_choice(path: str, text: str, kind: str, number: int) -> None:
    source = _source(path, text)
    assert len([choice for choice in choices(source) if _kind(choice) == kind]) == number


def test_every_choice_made_otherwise_parses_and_changes_something(name: str, texts: dict[str, str]) -> None:
    source = _source(name, texts[name])
    for choice in choices(source):
        assert choice.keys
        for variant, new in choice.others:
            assert new != source.text[choice.start : choice.end], choice
            made = source.with_text(_made(source, choice, new).encode())
            assert not new_errors(source, made), (choice, variant)


def test_tokens_are_whole_and_in_order(name: str, texts: dict[str, str]) -> None:
    """Between two tokens stand blanks only; strings, templates and comments are one token."""
    source = _source(name, texts[name])
    found = leaves(source)
    gaps = zip([0, *(leaf.end for leaf in found)], [*(leaf.start for leaf in found), len(source.text)], strict=True)
    assert not b"".join(source.text[end:start] for end, start in gaps).strip()
    assert any(leaf.kind == "comment" for leaf in found)
    assert not {"string_content", "string_fragment", "template_substitution"} & {leaf.kind for leaf in found}


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("a {\n  b\n}\n", "  "),
        ("a {\n\tb\n}\n", "\t"),
        ("a:\n    b:\n        c\n", "    "),
        ("/*\n * a\n */\n", "    "),
    ],
)
def test_the_unit_of_indentation_is_the_least_that_lines_begin_with(text: str, unit: str) -> None:
    assert indentation_unit(_source("a.js", text)) == unit.encode()
