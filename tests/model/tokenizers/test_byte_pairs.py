"""The light way to read the embedded base's tokenizer gives the tokens that the usual one gives, on every text."""

import argparse
import asyncio.events
import json
import sys
import turtle
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.tiny_checkpoint import TOKENIZERS
from tokenizers import Tokenizer, pre_tokenizers, trainers

from codetune_git.errors import DataRefused, Unavailable
from codetune_git.model.base.base_model import EMBEDDED
from codetune_git.model.tokenizers.byte_pairs import PIECES as PATTERN
from codetune_git.model.tokenizers.byte_pairs import BytePairs
from codetune_git.model.tokenizers.hugging_face import AnyTokenizer
from codetune_git.model.tokenizers.loading import load_tokenizer
from pretraining.tokenizer import untrained

LIGHT, USUAL = load_tokenizer(EMBEDDED), AnyTokenizer.from_file(EMBEDDED / "tokenizer.json")
PIECES = st.sampled_from([*"aZ_09 \t\n\r'\"#.=(){}[]*/<>-+é漢\u0300\u200d", "\r\n", "<eos>", "<staged>", "self", "🎉"])


def test_the_embedded_base_is_read_the_light_way() -> None:
    assert isinstance(LIGHT, BytePairs)
    assert LIGHT.names == USUAL.names


def test_every_token_and_every_two_of_the_first_are_cut_alike() -> None:
    texts = [USUAL.text([token]) for token in sorted(USUAL.names.values())]
    texts += [one + other for one in texts[:300] for other in texts[:300]]
    assert [text for text in texts if LIGHT.ids(text) != USUAL.ids(text)] == []


@pytest.mark.parametrize("module", [argparse, asyncio.events, turtle])
def test_modules_are_cut_alike(module: Any) -> None:
    text = Path(module.__file__).read_text()
    ids = LIGHT.ids(text)
    assert ids == USUAL.ids(text)
    assert LIGHT.text(ids) == text


@given(st.lists(PIECES, max_size=60).map("".join) | st.text(max_size=120))
@settings(max_examples=500, deadline=None)
def test_any_text_is_cut_alike(text: str) -> None:
    ids = LIGHT.ids(text)
    assert ids == USUAL.ids(text)
    assert LIGHT.text(ids) == text == USUAL.text(ids)


def test_halves_of_characters_and_numbers_that_are_no_token_are_shown_alike() -> None:
    ids = [LIGHT.names["<eos>"], *LIGHT.ids("漢")[:1], 999_999]
    assert LIGHT.text(ids) == USUAL.text(ids)


def _broken(change: Callable[[dict[str, Any]], object], folder: Path) -> Path:
    content = json.loads((EMBEDDED / "tokenizer.json").read_text())
    change(content)
    (folder / "tokenizer.json").write_text(json.dumps(content))
    return folder


@pytest.mark.parametrize(
    "change",
    [
        lambda content: content["model"]["vocab"].pop("a"),
        lambda content: content["model"]["vocab"].update(twice=300),
        lambda content: content["model"]["vocab"].update({"\n": 5000}),
        lambda content: content["model"]["vocab"].update(word="300"),
        lambda content: content["model"]["vocab"].update(word=-1),
        lambda content: content["model"]["vocab"].update(word=1 << 40),
    ],
)
def test_a_broken_one_is_refused_with_its_path(change: Callable[[dict[str, Any]], object], tmp_path: Path) -> None:
    with pytest.raises(DataRefused, match=r"tokenizer\.json: not a usable tokenizer"):
        load_tokenizer(_broken(change, tmp_path))


def test_one_that_is_nested_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text('{"added_tokens":' + "[" * 200_000)
    with pytest.raises(DataRefused, match=r"tokenizer\.json: not a usable tokenizer"):
        load_tokenizer(tmp_path)


@pytest.mark.parametrize("pattern", ["", "(?=(a+)+$)a|(a|aa)+\\1\\1$|."])
def test_another_pattern_never_comes_to_tiktoken(pattern: str, tmp_path: Path) -> None:
    """It panics on these, past every `except Exception`: on the first with any text, on the second with many an a."""
    folder = _broken(
        lambda content: content["pre_tokenizer"]["pretokenizers"][0]["pattern"].update(Regex=pattern), tmp_path
    )
    assert isinstance(load_tokenizer(folder), AnyTokenizer)


@pytest.mark.parametrize("name", sorted(set(TOKENIZERS) - {"embedded"}))
def test_others_need_a_package_that_the_light_installation_lacks(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    TOKENIZERS[name]().save(str(tmp_path / "tokenizer.json"))
    assert isinstance(load_tokenizer(tmp_path), AnyTokenizer)
    for module in [found for found in sys.modules if found.partition(".")[0] == "tokenizers"]:
        monkeypatch.setitem(sys.modules, module, None)
    monkeypatch.delitem(sys.modules, "codetune_git.model.tokenizers.hugging_face")
    with pytest.raises(Unavailable, match=r"codetune-git\[bases\]"):
        load_tokenizer(tmp_path)
    assert isinstance(load_tokenizer(EMBEDDED), BytePairs)


def _former(folder: Path) -> Path:
    """A tokenizer as the first base has it: cut by a pattern that lacks the operators of scripts."""
    pieces = "|".join(piece for piece in PATTERN if "=>" not in piece)
    assert pieces != "|".join(PATTERN)
    content = json.loads(untrained().to_str())
    content["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"] = pieces
    tokenizer = Tokenizer.from_str(json.dumps(content))
    trainer = trainers.BpeTrainer(
        vocab_size=600,
        special_tokens=["<pad>", "<eos>", "<path>", "<before>", "<after>", "<staged>", "<target>", "<middle>"],
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train([str(turtle.__file__)], trainer)
    tokenizer.save(str(folder / "tokenizer.json"))
    return folder


@pytest.fixture(scope="module")
def former(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, AnyTokenizer]:
    """Read the light way and the usual one."""
    folder = _former(tmp_path_factory.mktemp("former"))
    return load_tokenizer(folder), AnyTokenizer.from_file(folder / "tokenizer.json")


def test_the_former_base_s_tokenizer_is_read_the_light_way(former: tuple[Any, AnyTokenizer]) -> None:
    light, usual = former
    assert isinstance(light, BytePairs)
    assert light.names == usual.names
    text = Path(argparse.__file__).read_text() + "f((a) => a === b && `${c?.d}` !== e++ /* why */ ?? </p>\n"
    ids = light.ids(text)
    assert ids == usual.ids(text)
    assert light.text(ids) == text


@given(st.lists(PIECES | st.sampled_from(["=>", "===", "&&", "?.", "${", "/*"]), max_size=40).map("".join))
@settings(max_examples=200, deadline=None)
def test_any_text_is_cut_alike_by_the_former_tokenizer(former: tuple[Any, AnyTokenizer], text: str) -> None:
    light, usual = former
    assert light.ids(text) == usual.ids(text)
    assert light.text(light.ids(text)) == text


@pytest.mark.parametrize("operator", [" =>", " ===", " !==", " &&", " ||", "?.", "${", "/*", "*/", "++", "</"])
def test_an_operator_of_scripts_is_a_piece_of_its_own(operator: str) -> None:
    ids = LIGHT.ids(f"a{operator}b")
    assert [LIGHT.text([token]) for token in ids] == ["a", operator, "b"]
