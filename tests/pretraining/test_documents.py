"""What is drawn from a file without breaking anything, and with a house of its own."""

from dataclasses import replace
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from codetune_git.domain import SampleKind
from codetune_git.text.source import Source
from pretraining.configuration import read
from pretraining.documents import holes, windows
from pretraining.draw import style_samples, text_samples
from pretraining.languages import grammar_of

MIXTURE = read().mixture


def _row(name: str, texts: dict[str, str]) -> dict[str, str]:
    return {"package": "p", "path": f"src/{name}", "text": texts[name]}


@given(st.lists(st.text("ab \té", max_size=60), min_size=1).map("\n".join), st.integers(1, 500))
@settings(deadline=None)
def test_windows_hold_the_whole_text_but_a_short_rest(text: str, room: int) -> None:
    found = windows("a.py", text, room)
    joined = "".join(sample.target for sample in found)
    assert text.startswith(joined)
    assert len(text) - len(joined) <= 200
    assert all(len(sample.target) >= room for sample in found[:-1])


def test_a_hole_and_its_surroundings_are_the_file(name: str, texts: dict[str, str]) -> None:
    grammar = grammar_of(name)
    assert grammar is not None
    found = holes(name, Source.parse(texts[name].encode(), grammar), Random(0), 20)
    assert len(found) == 20
    for sample in found:
        assert sample.target
        assert sample.before + sample.target + sample.after in texts[name]


def test_the_text_stage_reads_the_file_as_it_is(name: str, texts: dict[str, str]) -> None:
    grammar = grammar_of(name)
    assert grammar is not None
    found = [s for seed in range(6) for s in text_samples(_row(name, texts), grammar, Random(seed), MIXTURE)]
    assert len({sample.kind for sample in found}) == 3
    assert all(sample.before + sample.target + sample.after in texts[name] for sample in found)


def test_the_style_stage_restores_what_the_drawn_house_wrote(name: str, texts: dict[str, str]) -> None:
    grammar = grammar_of(name)
    assert grammar is not None
    found = [s for seed in range(12) for s in style_samples(_row(name, texts), grammar, Random(seed), MIXTURE)]
    restorations = [sample for sample in found if sample.kind is SampleKind.RESTORATION]
    assert any(sample.broken for sample in restorations)
    assert all(bool(sample.broken) == (sample.staged != sample.target) for sample in restorations)
    assert any(sample.before + sample.target not in texts[name] for sample in restorations)
    assert any(sample.near for sample in restorations)


def test_neighbours_stand_in_the_file_but_not_in_the_context(name: str, texts: dict[str, str]) -> None:
    grammar = grammar_of(name)
    assert grammar is not None
    mixture = replace(MIXTURE, neighbours=1.0, restyled=0.0, laid_out=0.0, holes=0.0, before=(50, 300))
    seen = 0
    for seed in range(6):
        for sample in style_samples(_row(name, texts), grammar, Random(seed), mixture):
            shown = sample.before + sample.target + sample.after
            assert all(text in texts[name] and text not in shown for text in sample.near)
            assert len(sample.near) <= 3
            seen += len(sample.near)
    assert seen > 10


def test_a_share_of_zero_draws_nothing_of_its_kind(texts: dict[str, str]) -> None:
    grammar = grammar_of("sample.py")
    assert grammar is not None
    mixture = replace(MIXTURE, restyled=0.0, laid_out=0.0, unbroken=1.0, neighbours=0.0, holes=0.0)
    found = [s for seed in range(5) for s in style_samples(_row("sample.py", texts), grammar, Random(seed), mixture)]
    assert all(sample.kind is SampleKind.RESTORATION and not sample.near and not sample.broken for sample in found)
    assert all(sample.before + sample.target + sample.after in texts["sample.py"] for sample in found)


def test_a_part_of_a_long_file_is_whole_lines_that_parse(name: str, texts: dict[str, str]) -> None:
    grammar = grammar_of(name)
    assert grammar is not None
    text = texts[name]
    mixture = replace(MIXTURE, part=400, restyled=0.0, laid_out=0.0, holes=0.0, before=(2000, 2000), neighbours=0.0)
    for seed in range(12):
        for sample in style_samples({"path": name, "text": text}, grammar, Random(seed), mixture):
            part = sample.before + sample.target + sample.after
            assert part in text
            assert len(part) < len(text)


def test_what_is_drawn_depends_on_the_randomness_only(name: str, texts: dict[str, str]) -> None:
    grammar = grammar_of(name)
    assert grammar is not None
    for stage in (text_samples, style_samples):
        first, second = (stage(_row(name, texts), grammar, Random(5), MIXTURE) for _ in range(2))
        assert first == second
