from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

import codetune_git.base
from codetune_git.domain import Sample, SampleKind
from codetune_git.errors import DataRefused
from codetune_git.model.families import FAMILIES, Budget, family_of
from codetune_git.model.tokenizer import load_tokenizer

TOKENIZER: Tokenizer = load_tokenizer(Path(codetune_git.base.__file__).parent)
EMBEDDED = FAMILIES["embedded"]
BEFORE = "import os\n\n\ndef first(x):\n    return x\n\n\n"
STAGED = 'def second(y):\n    return "a"\n'
TARGET = "def second(y):\n    return 'a'\n"
AFTER = "\n\nprint(first(1))\n"


def _restoration(**changes: str) -> Sample:
    values = {"path": "pkg/mod.py", "before": BEFORE, "staged": STAGED, "after": AFTER, "target": TARGET, **changes}
    return Sample(SampleKind.RESTORATION, **values)


def _decoded(ids: tuple[int, ...]) -> str:
    return str(TOKENIZER.decode(list(ids), skip_special_tokens=False))


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_the_tokenizer_loses_nothing(text: str) -> None:
    assert TOKENIZER.decode(TOKENIZER.encode(text).ids, skip_special_tokens=False) == text


def test_marker_names_in_a_text_stay_text() -> None:
    ids = TOKENIZER.encode("x = '<eos><target>'").ids
    assert TOKENIZER.token_to_id("<eos>") not in ids
    assert TOKENIZER.decode(ids) == "x = '<eos><target>'"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("x = 'a'", 'x = "a"'),
        ("f(x)", "f( x )"),
        ("f(a=1)", "f(a = 1)"),
        ("[1, 2]", "[1,2]"),
        ("x  # why", "x # why"),
        ("get_name()", "getName()"),
        ("a\n    b", "a\n  b"),
        ("a\n\nb", "a\n\n\nb"),
    ],
)
def test_styles_part_at_the_first_token_that_differs_in_text(one: str, other: str) -> None:
    a, b = TOKENIZER.encode(one).tokens, TOKENIZER.encode(other).tokens
    shared = next(i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y)
    common = len(TOKENIZER.decode([TOKENIZER.token_to_id(t) for t in a[:shared]]))
    differing = next(i for i, (x, y) in enumerate(zip(one, other, strict=False)) if x != y)
    assert differing - common <= len(a[shared])
    assert one[:common] == other[:common]


def test_a_quote_never_merges_with_its_string() -> None:
    assert TOKENIZER.encode("f('ab')").tokens == ["f", "(", "'", "ab", "'", ")"]


def test_restoration_is_laid_out_in_order() -> None:
    encoded = EMBEDDED.encode(TOKENIZER, _restoration(), Budget())
    assert encoded is not None
    assert _decoded(encoded.ids) == (
        f"<path>pkg/mod.py<before>{BEFORE[:-1]}<after>\n{AFTER[:-1]}<staged>\n{STAGED[:-1]}<target>\n{TARGET[:-1]}<eos>"
    )


def test_the_loss_is_on_the_target_and_the_end_only() -> None:
    encoded = EMBEDDED.encode(TOKENIZER, _restoration(), Budget())
    assert encoded is not None
    counted = tuple(i for i, loss in zip(encoded.ids, encoded.loss, strict=True) if loss)
    assert _decoded(counted) == f"\n{TARGET[:-1]}<eos>"


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_prompt_and_target_together_are_the_encoded_sample(name: str) -> None:
    family, sample = FAMILIES[name], _restoration()
    encoded = family.encode(TOKENIZER, sample, Budget())
    prompt = family.encode_prompt(TOKENIZER, sample.path, BEFORE, STAGED, after=AFTER, budget=Budget())
    assert encoded is not None
    assert prompt is not None
    assert encoded.ids == prompt + family.encode_target(TOKENIZER, TARGET)
    assert encoded.loss.count(True) == len(family.encode_target(TOKENIZER, TARGET))


@pytest.mark.parametrize("name", sorted(FAMILIES))
@given(
    text=st.text(st.characters(blacklist_categories=("Cs",)), min_size=1, max_size=80).map(
        lambda t: t.rstrip("\n") + "x\n"
    )
)
@settings(max_examples=100, deadline=None)
def test_a_target_comes_back_as_it_was(name: str, text: str) -> None:
    family = FAMILIES[name]
    assert family.decode_target(TOKENIZER, family.encode_target(TOKENIZER, text)) == text


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_an_empty_target_comes_back_empty(name: str) -> None:
    family = FAMILIES[name]
    assert family.decode_target(TOKENIZER, family.encode_target(TOKENIZER, "")) == ""


@pytest.mark.parametrize("length", [0, 50, 400, 2000])
def test_long_context_keeps_what_is_nearest_to_the_hunk(length: int) -> None:
    before = "".join(f"before_{i} = {i}\n" for i in range(length))
    after = "".join(f"after_{i} = {i}\n" for i in range(length))
    encoded = EMBEDDED.encode(TOKENIZER, _restoration(before=before, after=after), Budget())
    assert encoded is not None
    assert len(encoded.ids) <= 1024
    text = _decoded(encoded.ids)
    if length:
        assert f"before_{length - 1} = {length - 1}<after>\nafter_0 = 0" in text


def test_a_hunk_that_does_not_fit_is_said_so() -> None:
    long = "".join(f"value_{i} = {i}\n" for i in range(300))
    assert EMBEDDED.encode(TOKENIZER, _restoration(staged=long), Budget()) is None
    assert EMBEDDED.encode_prompt(TOKENIZER, "a.py", BEFORE, long, after=AFTER, budget=Budget()) is None


def test_infilling_asks_for_the_middle() -> None:
    sample = Sample(SampleKind.INFILLING, "a.py", "x = [\n    ", "", "\n]\n", "f(1)")
    encoded = EMBEDDED.encode(TOKENIZER, sample, Budget())
    assert encoded is not None
    assert _decoded(encoded.ids) == "<path>a.py<before>x = [<after>\n]\n<middle>\n    f(1)<eos>"


def test_next_token_is_plain_text_behind_its_path() -> None:
    sample = Sample(SampleKind.NEXT_TOKEN, "a.py", "x = 1\n", "", "", "y = 2\n")
    encoded = EMBEDDED.encode(TOKENIZER, sample, Budget())
    assert encoded is not None
    assert _decoded(encoded.ids) == "<path>a.py<before>x = 1\ny = 2\n"
    assert _decoded(tuple(i for i, loss in zip(encoded.ids, encoded.loss, strict=True) if loss)) == "y = 2\n"


def test_a_model_without_the_markers_gets_the_plain_format() -> None:
    other = Tokenizer.from_str(TOKENIZER.to_str().replace("<staged>", "<renamed>"))
    assert family_of("LlamaForCausalLM", TOKENIZER).name == "embedded"
    assert family_of("LlamaForCausalLM", other).name == "plain"
    assert family_of("GPT2LMHeadModel", TOKENIZER).name == "plain"
    with pytest.raises(ValueError, match="<staged>"):
        EMBEDDED.encode(other, _restoration(), Budget())


def test_a_folder_without_a_tokenizer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataRefused, match=r"tokenizer\.json"):
        load_tokenizer(tmp_path)
