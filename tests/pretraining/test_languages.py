from hypothesis import given, settings
from hypothesis import strategies as st

from codetune_git.text.source import Source
from pretraining.languages import grammar_of


def test_a_file_s_language_is_in_the_end_of_its_name() -> None:
    names = {
        "python": ["a.py", "b/c.d/e.py"],
        "javascript": ["a.js", "a.mjs", "a.cjs", "a.jsx", "a.min.js"],
        "typescript": ["a.ts", "a.mts", "a.cts", "a.d.ts"],
        "tsx": ["a.tsx"],
        "": ["a", "py", "a.pyi", "a.json", "a.py/b", "a.js/", "", ".", "a.PY"],
    }
    found = {name: [language.name if (language := grammar_of(p)) else "" for p in some] for name, some in names.items()}
    assert found == {name: [name] * len(some) for name, some in names.items()}


def test_a_text_is_parsed_as_what_it_is(name: str, texts: dict[str, str]) -> None:
    language, text = grammar_of(name), texts[name].encode()
    assert language is not None
    source = Source.parse(text, language)
    assert not source.has_error
    assert source.text == text
    assert {"string", "comment"} <= set(source.kinds) & language.opaque
    assert set(source.kinds) & language.blocks
    places = {node.id: place for place, node in enumerate(source.nodes)}
    assert all(node.parent is None or places[node.parent.id] < places[node.id] for node in source.nodes)


@given(st.text(max_size=60))
@settings(deadline=None)
def test_any_text_is_parsed(text: str) -> None:
    for path in ("a.py", "a.js", "a.ts", "a.tsx"):
        language = grammar_of(path)
        assert language is not None
        assert Source.parse(text.encode(), language).text == text.encode()
