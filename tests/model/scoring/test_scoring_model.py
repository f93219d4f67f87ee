"""What is asked for and rewritten, shown with an engine that wants one text and says so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
import pytest
from support.tiny_checkpoint import TOKENIZERS

from codetune_git.domain import Question
from codetune_git.model.base.base_model import BaseModel
from codetune_git.model.prompts.families import FAMILIES
from codetune_git.model.prompts.family import Family, TokenBudget
from codetune_git.model.scoring.scoring_model import EngineModel, Logits
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.model.tokenizers.tokenizer import Tokenizer

STAGED = "one = 'a'\ntwo = call(1)\nthree = 3\n"


class Wanting:
    """Predicts `wanted` token by token as long as the answer so far agrees with it, and is sure of it by 5 nats."""

    def __init__(self, tokenizer: Tokenizer, family: Family, wanted: str) -> None:
        self.vocabulary = len(tokenizer.names)
        self.passes = 0
        self._wanted = family.encode_target(tokenizer, wanted)
        (self._target,) = family.marker(tokenizer, "target")

    def logits(self, batch: Sequence[Sequence[int]], known: Sequence[int]) -> list[Logits]:
        self.passes += 1
        found = []
        for ids, start in zip(batch, known, strict=True):
            rows = np.zeros((len(ids) - start, self.vocabulary), np.float32)
            for index in range(len(rows)):
                same = tuple(ids[start : start + index]) == self._wanted[:index]
                broadcast = same and index < len(self._wanted)
                rows[index, self._wanted[index] if broadcast else ids[start + index]] = 5.0
            found.append(rows)
        return found

    def continued(self, prompt: Sequence[int], stops: Iterable[int], limit: int) -> list[int]:
        start = len(prompt) - list(prompt)[::-1].index(self._target)
        written = []
        for token in self._wanted[len(prompt) - start :][:limit]:
            written.append(token)
            if token in set(stops):
                break
        return written


def model_wanting(base: BaseModel, wanted: str) -> EngineModel:
    tokenizer = load_tokenizer(base.folder)
    return EngineModel(Wanting(tokenizer, base.family, wanted), tokenizer, base.family, TokenBudget(512, 200, 60))


def joining(folder: Path) -> Tokenizer:
    """Where what ends a line is one token with its break."""
    TOKENIZERS["qwen"]().save(str(folder / "tokenizer.json"))
    tokenizer = load_tokenizer(folder)
    assert "):Ċ" in tokenizer.names
    return tokenizer


def asked(staged: str = STAGED, candidates: tuple[str, ...] = ()) -> Question:
    return Question("a.py", "zero = 0\n", staged, "four = 4\n", candidates)


def test_only_the_wanted_candidate_gains(base: BaseModel) -> None:
    wanted = STAGED.replace("'a'", '"a"')
    gaps = model_wanting(base, wanted).log_odds([asked(candidates=(wanted, STAGED.replace("3", "9"), STAGED))])
    assert gaps == [(5.0, -5.0, 0.0)]


@pytest.mark.parametrize(
    "wanted",
    [
        STAGED.replace("'a'", '"a"'),
        STAGED.replace("call(1)", "other(1, 2)"),
        STAGED.replace("call(1)", "call(1)  # why"),
        STAGED.replace("call(1)", "call"),
        STAGED.replace("three", "  three"),
        STAGED.replace("3", "33"),
    ],
    ids=["quotes", "call", "longer line", "shorter line", "indentation", "last line"],
)
def test_one_doubted_line_is_written_anew(base: BaseModel, wanted: str) -> None:
    assert model_wanting(base, wanted).write(asked()) == (wanted, 5.0)


def test_agreement_is_silence(base: BaseModel) -> None:
    assert model_wanting(base, STAGED).write(asked()) == (STAGED, 0.0)


@pytest.mark.parametrize(
    "wanted",
    [
        "one = 'a'\n",
        "one = 'a'\ntwo = call(1)\nthree = 3\nfour\n",
        "one = 'a'\ntwo = call(1)\n\nthree = 3\n",
        "one = 'a'\ntwo = call(" + "1, " * 200 + "1)\nthree = 3\n",
    ],
    ids=["ends early", "one more line", "one more blank line", "endless"],
)
def test_what_does_not_come_back_to_the_staged_text_is_dropped(base: BaseModel, wanted: str) -> None:
    text, gap = model_wanting(base, wanted).write(asked())
    assert (text, gap) == (STAGED, 0.0)


@pytest.mark.parametrize(
    ("staged", "wanted", "written"),
    [
        ("if one(2):\n    three()\n", "if one(22):\n    three()\n", True),
        ("one = two(2)\nthree()\n", "one = two((2))\nthree()\n", False),
        ("one(2)\ntwo = 3\n", "one(2)\ntwo = 33\n", True),
        ("one = 1\n", "one = cafe\u0301\n", True),
    ],
    ids=["the same end", "another end", "last line", "combined characters"],
)
def test_a_line_s_end_and_its_break_may_be_one_token(tmp_path: Path, staged: str, wanted: str, written: bool) -> None:
    tokenizer, family = joining(tmp_path), FAMILIES["qwen"]
    model = EngineModel(Wanting(tokenizer, family, wanted), tokenizer, family, TokenBudget(512, 200, 60))
    assert model.write(asked(staged)) == ((wanted, 5.0) if written else (staged, 0.0))


def test_what_the_vocabulary_cannot_say_is_not_rewritten(tmp_path: Path) -> None:
    """To this one a blank and the character that stands for blanks are the same."""
    TOKENIZERS["codellama"]().save(str(tmp_path / "tokenizer.json"))
    tokenizer, family = load_tokenizer(tmp_path), FAMILIES["codellama"]
    for mark, expected in (("▁", 0.0), ("_", 5.0)):
        engine = Wanting(tokenizer, family, f"one = '{mark}'\ntwo = 3\n")
        model = EngineModel(engine, tokenizer, family, TokenBudget(512, 200, 60))
        assert model.write(asked(f"one = '{mark}'\ntwo = 2\n"))[1] == expected


def test_rows_to_spare_are_no_tokens(base: BaseModel) -> None:
    """The output layer of a published base is often larger than its vocabulary."""

    class Padded(Wanting):
        def logits(self, batch: Sequence[Sequence[int]], known: Sequence[int]) -> list[Logits]:
            return [np.pad(rows, ((0, 0), (0, 8)), constant_values=9.0) for rows in super().logits(batch, known)]

    tokenizer, wanted = load_tokenizer(base.folder), STAGED.replace("3", "4")
    model = EngineModel(Padded(tokenizer, base.family, wanted), tokenizer, base.family, TokenBudget(512, 200, 60))
    assert model.write(asked()) == (wanted, 5.0)


def test_writing_what_was_scored_needs_no_second_pass(base: BaseModel) -> None:
    tokenizer = load_tokenizer(base.folder)
    engine = Wanting(tokenizer, base.family, STAGED.replace("3", "4"))
    model = EngineModel(engine, tokenizer, base.family, TokenBudget(512, 200, 60))
    model.log_odds([asked(), asked("one = 1\n")])
    assert engine.passes == 1
    model.write(asked())
    assert engine.passes == 1
    model.write(asked("two = 2\n"))
    assert engine.passes == 2


def test_batches_stay_within_memory(base: BaseModel) -> None:
    tokenizer = load_tokenizer(base.folder)
    engine = Wanting(tokenizer, base.family, STAGED)
    engine.vocabulary = 1 << 20  # 4 MiB of logits for each token: no two hunks fit together
    model = EngineModel(engine, tokenizer, base.family, TokenBudget(512, 200, 60))
    assert len(model.log_odds([asked(f"one = {i}\n") for i in range(3)])) == 3
    assert engine.passes == 3
