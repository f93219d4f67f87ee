"""What a sample looks like to each family of bases, and what comes back of it."""

from dataclasses import replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tiny_checkpoint import TOKENIZERS

import codetune_git.base
from codetune_git.domain import Sample, SampleKind
from codetune_git.errors import DataRefused
from codetune_git.model.prompts.families import FAMILIES, family_of
from codetune_git.model.prompts.family import TokenBudget
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.model.tokenizers.tokenizer import Tokenizer, line_breaks

TOKENIZER: Tokenizer = load_tokenizer(Path(codetune_git.base.__file__).parent)
EMBEDDED = FAMILIES["embedded"]
BEFORE = "import os\n\n\ndef first(x):\n    return x\n\n\n"
STAGED = 'def second(y):\n    return "a"\n'
TARGET = "def second(y):\n    return 'a'\n"
AFTER = "\n\nprint(first(1))\n"


def _restoration(**changes: str) -> Sample:
    values = {"path": "pkg/mod.py", "before": BEFORE, "staged": STAGED, "after": AFTER, "target": TARGET, **changes}
    return Sample(SampleKind.RESTORATION, **values)


TEXTS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="▁"), min_size=1, max_size=80)
every_family = pytest.mark.parametrize("name", sorted(FAMILIES))


@cache
def tokenizer_of(name: str) -> Tokenizer:
    """As a base of that family has it, small."""
    with TemporaryDirectory() as folder:
        TOKENIZERS[name]().save(f"{folder}/tokenizer.json")
        return load_tokenizer(Path(folder))


def _decoded(ids: tuple[int, ...]) -> str:
    return TOKENIZER.text(ids)


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_the_tokenizer_loses_nothing(text: str) -> None:
    assert TOKENIZER.text(TOKENIZER.ids(text)) == text


def test_marker_names_in_a_text_stay_text() -> None:
    ids = TOKENIZER.ids("x = '<eos><target>'")
    assert TOKENIZER.names["<eos>"] not in ids
    assert TOKENIZER.text(ids) == "x = '<eos><target>'"


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
    a, b = TOKENIZER.ids(one), TOKENIZER.ids(other)
    shared = next(i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y)
    common = len(TOKENIZER.text(a[:shared]))
    differing = next(i for i, (x, y) in enumerate(zip(one, other, strict=False)) if x != y)
    assert differing - common <= len(TOKENIZER.name(a[shared]) or "")
    assert one[:common] == other[:common]


def test_a_quote_never_merges_with_its_string() -> None:
    assert [TOKENIZER.name(token) for token in TOKENIZER.ids("f('ab')")] == ["f", "(", "'", "ab", "'", ")"]


def test_restoration_is_laid_out_in_order() -> None:
    encoded = EMBEDDED.encode(TOKENIZER, _restoration(), TokenBudget())
    assert encoded is not None
    assert _decoded(encoded.ids) == (
        f"<path>pkg/mod.py<before>{BEFORE[:-1]}<after>\n{AFTER[:-1]}<staged>\n{STAGED[:-1]}<target>\n{TARGET[:-1]}<eos>"
    )


def test_the_loss_is_on_the_target_and_the_end_only() -> None:
    encoded = EMBEDDED.encode(TOKENIZER, _restoration(), TokenBudget())
    assert encoded is not None
    counted = tuple(i for i, loss in zip(encoded.ids, encoded.loss, strict=True) if loss)
    assert _decoded(counted) == f"\n{TARGET[:-1]}<eos>"


@every_family
def test_prompt_and_target_together_are_the_encoded_sample(name: str) -> None:
    family, tokenizer, sample = FAMILIES[name], tokenizer_of(name), _restoration()
    encoded = family.encode(tokenizer, sample, TokenBudget())
    prompt = family.encode_prompt(tokenizer, sample.path, BEFORE, STAGED, after=AFTER, budget=TokenBudget())
    assert encoded is not None
    assert prompt is not None
    assert encoded.ids == prompt + family.encode_target(tokenizer, TARGET)
    assert encoded.loss.count(True) == len(family.encode_target(tokenizer, TARGET))


@every_family
@given(text=TEXTS.map(lambda t: t.rstrip("\n") + "x\n"))
@settings(max_examples=100, deadline=None)
def test_a_target_comes_back_as_it_was(name: str, text: str) -> None:
    family, tokenizer = FAMILIES[name], tokenizer_of(name)
    assert family.decode_target(tokenizer, family.encode_target(tokenizer, text)) == text


@every_family
@pytest.mark.parametrize(
    "text", ["", " x\n", "x\n\n\n\n    y\n", "cafe\u0301 = '\u2126'\n", "\tx \n", "f(\n):\n    '日'\n"]
)
def test_layout_and_rare_characters_come_back(name: str, text: str) -> None:
    family, tokenizer = FAMILIES[name], tokenizer_of(name)
    assert family.decode_target(tokenizer, family.encode_target(tokenizer, text)) == text


@every_family
def test_no_family_s_tokens_come_from_a_text(name: str) -> None:
    family, tokenizer = FAMILIES[name], tokenizer_of(name)
    ids = family.encode_target(tokenizer, f"x = '{' '.join(family.special)}'\n")
    end = family.marker(tokenizer, "end")
    assert not {tokenizer.names[token] for token in family.special} & set(ids[: -len(end)])


SHOWN = {
    "starcoder": (
        f"<fim_prefix><filename>pkg/mod.py\n{BEFORE[:-1]}<fim_suffix>\n{AFTER[:-1]}<commit_before>\n{STAGED[:-1]}"
        f"<commit_msg>Follow the style of the repository<commit_after>\n{TARGET[:-1]}<|endoftext|>"
    ),
    "starcoder2": (
        f"<file_sep><fim_prefix>pkg/mod.py\n{BEFORE[:-1]}<fim_suffix>\n{AFTER[:-1]}\n<<<<<<< staged\n{STAGED[:-1]}"
        f"<fim_middle>\n{TARGET[:-1]}<|endoftext|>"
    ),
    "codellama": (
        f"<s><<<<<<< path pkg/mod.py <PRE>{BEFORE[:-1]} <SUF>\n{AFTER[:-1]}\n<<<<<<< staged\n{STAGED[:-1]}"
        f" <MID>\n{TARGET[:-1]} <EOT>"
    ),
    "qwen": (
        f"<|file_sep|>pkg/mod.py\n<|fim_prefix|>{BEFORE[:-1]}<|fim_suffix|>\n{AFTER[:-1]}\n<<<<<<< staged"
        f"\n{STAGED[:-1]}<|fim_middle|>\n{TARGET[:-1]}<|endoftext|>"
    ),
    "gemma": (
        f"<bos><<<<<<< path pkg/mod.py\n<<<<<<< before\n{BEFORE[:-1]}\n<<<<<<< after\n\n{AFTER[:-1]}"
        f"\n<<<<<<< staged\n{STAGED[:-1]}\n=======\n{TARGET[:-1]}<eos>"
    ),
}


@pytest.mark.parametrize("name", sorted(SHOWN))
def test_each_base_is_shown_what_it_knows(name: str) -> None:
    family, tokenizer = FAMILIES[name], tokenizer_of(name)
    encoded = family.encode(tokenizer, _restoration(), TokenBudget())
    assert encoded is not None
    assert tokenizer.text(encoded.ids) == SHOWN[name]
    shown = SHOWN[name].replace(" <", "▁<")
    tokens = [token for token in map(tokenizer.name, encoded.ids) if token in family.special]
    assert sorted(tokens) == sorted(token for token in family.special for _ in range(shown.count(token)))


def test_no_blank_is_put_before_a_part_of_the_prompt() -> None:
    family, tokenizer = FAMILIES["codellama"], tokenizer_of("codellama")
    prompt = family.encode_prompt(tokenizer, "a.py", "x\n", "y\n", after="z\n", budget=TokenBudget())
    assert prompt is not None
    tokens = [tokenizer.name(token) for token in prompt]
    assert tokens[tokens.index("▁<PRE>") + 1] == "x"
    assert tokens[tokens.index("▁<SUF>") + 1] == "<0x0A>"


@pytest.mark.parametrize("length", [0, 50, 400, 2000])
def test_long_context_keeps_what_is_nearest_to_the_hunk(length: int) -> None:
    before = "".join(f"before_{i} = {i}\n" for i in range(length))
    after = "".join(f"after_{i} = {i}\n" for i in range(length))
    encoded = EMBEDDED.encode(TOKENIZER, _restoration(before=before, after=after), TokenBudget())
    assert encoded is not None
    assert len(encoded.ids) <= 1024
    text = _decoded(encoded.ids)
    if length:
        assert f"before_{length - 1} = {length - 1}<after>\nafter_0 = 0" in text


def test_a_hunk_that_does_not_fit_is_said_so() -> None:
    long = "".join(f"value_{i} = {i}\n" for i in range(300))
    assert EMBEDDED.encode(TOKENIZER, _restoration(staged=long), TokenBudget()) is None
    assert EMBEDDED.encode_prompt(TOKENIZER, "a.py", BEFORE, long, after=AFTER, budget=TokenBudget()) is None


def test_infilling_asks_for_the_middle() -> None:
    sample = Sample(SampleKind.INFILLING, "a.py", "x = [\n    ", "", "\n]\n", "f(1)")
    encoded = EMBEDDED.encode(TOKENIZER, sample, TokenBudget())
    assert encoded is not None
    assert _decoded(encoded.ids) == "<path>a.py<before>x = [<after>\n]\n<middle>\n    f(1)<eos>"


def test_next_token_is_plain_text_behind_its_path() -> None:
    sample = Sample(SampleKind.NEXT_TOKEN, "a.py", "x = 1\n", "", "", "y = 2\n")
    encoded = EMBEDDED.encode(TOKENIZER, sample, TokenBudget())
    assert encoded is not None
    assert _decoded(encoded.ids) == "<path>a.py<before>x = 1\ny = 2\n"
    assert _decoded(tuple(i for i, loss in zip(encoded.ids, encoded.loss, strict=True) if loss)) == "y = 2\n"


ARCHITECTURES = [
    ("LlamaForCausalLM", "embedded", "embedded"),
    ("GPTBigCodeForCausalLM", "starcoder", "starcoder"),
    ("Starcoder2ForCausalLM", "starcoder2", "starcoder2"),
    ("LlamaForCausalLM", "codellama", "codellama"),
    ("Qwen2ForCausalLM", "qwen", "qwen"),
    ("Qwen3ForCausalLM", "qwen", "qwen"),
    ("Gemma3ForCausalLM", "gemma", "gemma"),
    ("Gemma3ForCausalLM", "codegemma", "codegemma"),
    ("GPT2LMHeadModel", "embedded", "plain"),  # the tokens alone do not make a family
    ("GPTBigCodeForCausalLM", "starcoder2", "plain"),  # nor does the architecture
    ("LlamaForCausalLM", "llama", "llama"),  # the larger Code Llamas were not trained to infill
    ("MistralForCausalLM", "codellama", "llama"),
    ("LlamaForCausalLM", "plain", "plain"),
]


@pytest.mark.parametrize(("architecture", "vocabulary", "expected"), ARCHITECTURES)
def test_architecture_and_vocabulary_make_the_family(architecture: str, vocabulary: str, expected: str) -> None:
    assert family_of(architecture, tokenizer_of(vocabulary)).name == expected


@pytest.mark.parametrize("token", FAMILIES["codellama"].special)
def test_a_base_that_lacks_one_token_gets_a_plainer_format(token: str, tmp_path: Path) -> None:
    lacking = TOKENIZERS["codellama"]().to_str().replace(f'"{token}"', '"<renamed>"')
    (tmp_path / "tokenizer.json").write_text(lacking)
    without = load_tokenizer(tmp_path)
    assert family_of("LlamaForCausalLM", without).name == ("plain" if token == "<s>" else "llama")
    with pytest.raises(ValueError, match=token):
        FAMILIES["codellama"].encode(without, _restoration(), TokenBudget())


def test_a_folder_without_a_tokenizer_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataRefused, match=r"tokenizer\.json"):
        load_tokenizer(tmp_path)


@pytest.mark.parametrize(
    ("name", "opening", "some_within"),
    [
        ("embedded", {"Ċ"}, set()),
        ("qwen", {"Ċ"}, {"):Ċ", ",Ċ"}),
        ("codellama", {"<0x0A>"}, set()),
        ("gemma", {"<0x0A>", "\n", "\n\n", "\n\n\n"}, set()),
    ],
)
def test_what_ends_a_line(name: str, opening: set[str], some_within: set[str]) -> None:
    tokenizer = tokenizer_of(name)
    opened, holding = ({tokenizer.name(token) for token in some} for some in line_breaks(tokenizer))
    assert opened == opening
    assert holding >= opening | some_within
    assert all(tokenizer.text([tokenizer.names[token]]).endswith("\n") for token in holding)


NEAR = ("def least(a):\n    return a\n", "def most(b):\n    return 'b'\n")


def _nearby(near: tuple[str, ...], budget: TokenBudget = TokenBudget(), **changes: str) -> tuple[int, ...] | None:  # noqa: B008
    values = {"path": "pkg/mod.py", "before": BEFORE, "staged": STAGED, "after": AFTER, **changes}
    return EMBEDDED.encode_prompt(
        TOKENIZER, values["path"], values["before"], values["staged"], after=values["after"], budget=budget, near=near
    )


def test_neighbours_stand_before_everything() -> None:
    prompt, alone = _nearby(NEAR), _nearby(())
    assert prompt is not None
    assert alone is not None
    assert TOKENIZER.text(prompt) == "".join(f"<near>\n{text[:-1]}" for text in NEAR) + TOKENIZER.text(alone)
    encoded = EMBEDDED.encode(TOKENIZER, replace(_restoration(), near=NEAR), TokenBudget())
    assert encoded is not None
    assert encoded.ids == prompt + EMBEDDED.encode_target(TOKENIZER, TARGET)
    assert encoded.loss.count(True) == len(EMBEDDED.encode_target(TOKENIZER, TARGET))


def test_a_neighbour_s_text_holds_no_markers() -> None:
    prompt = _nearby(("x = '<near><path>'\n",))
    assert prompt is not None
    assert [TOKENIZER.names[token] for token in ("<near>", "<path>")] == [
        token for token in prompt if TOKENIZER.name(token) in ("<near>", "<path>")
    ]


@given(
    lengths=st.lists(st.integers(0, 400), max_size=5),
    before=st.integers(0, 400),
    staged=st.integers(1, 60),
    total=st.sampled_from([400, 1024, 2048]),
)
@settings(max_examples=60, deadline=None)
def test_neighbours_take_a_third_of_the_room_before_and_never_exceed_the_budget(
    lengths: list[int], before: int, staged: int, total: int
) -> None:
    budget = TokenBudget(total=total)
    near = tuple("".join(f"near_{i} = {i}\n" for i in range(length)) for length in lengths)
    lines = {"before": before, "staged": staged, "after": 60}
    texts = {name: "".join(f"{name}_{i} = {i}\n" for i in range(n)) for name, n in lines.items()}
    prompt = _nearby(near, budget, **texts)
    assert (prompt is None) == (_nearby((), budget, **texts) is None)
    if prompt is not None:
        hunk = len(EMBEDDED.encode_target(TOKENIZER, texts["staged"]))
        assert len(prompt) + hunk <= total
        path = prompt.index(TOKENIZER.names["<path>"])
        assert path <= budget.before // 3
        assert prompt[:path].count(TOKENIZER.names["<near>"]) in (0, len(near))
        shown = TOKENIZER.text(prompt).partition("<before>")[2].partition("<after>")[0]
        assert texts["before"].removesuffix("\n").endswith(shown)


def test_a_tokenizer_that_lacks_the_marker_ignores_neighbours(tmp_path: Path) -> None:
    TOKENIZERS["embedded"]().save(str(tmp_path / "tokenizer.json"))
    former = load_tokenizer(tmp_path)
    assert "<near>" not in former.names
    sample = _restoration()
    assert EMBEDDED.encode(former, replace(sample, near=NEAR), TokenBudget()) == EMBEDDED.encode(
        former, sample, TokenBudget()
    )


@pytest.mark.parametrize("name", sorted(set(FAMILIES) - {"embedded"}))
def test_no_other_family_shows_neighbours(name: str) -> None:
    family, tokenizer, sample = FAMILIES[name], tokenizer_of(name), _restoration()
    assert family.encode(tokenizer, replace(sample, near=NEAR), TokenBudget()) == family.encode(
        tokenizer, sample, TokenBudget()
    )
