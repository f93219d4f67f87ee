"""Measures what an exported base says by heart: the longest verbatim spans of a file that it writes from its beginning.

Knows the exported folder and the corpus; does not know how the model was trained. It is given the path and some lines
of a file, writes on greedily, and the longest run of characters that stands in the rest of that file, but not in what
was given, is measured. Files it was trained on against files of held-out packages: the difference is memory, the rest
is what files of a language have in common. Written as one JSON object by files and language, spans in characters.

    python -m pretraining.memorisation --base codetune_git/base --corpus FOLDER [--files N]
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable, Sequence
from difflib import SequenceMatcher
from pathlib import Path
from typing import Any

import torch

from codetune_git.domain import Sample, SampleKind
from codetune_git.model.prompts.families import FAMILIES
from codetune_git.model.prompts.family import TokenBudget
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.model.tokenizers.tokenizer import Tokenizer
from pretraining.draw import Row, of_language, rows_of

_GIVEN_BYTES = 600
_WRITTEN_TOKENS = 96
_ROWS = 16
_LANGUAGES = ("python", "javascript", "typescript")


def verbatim(written: str, rest: str, given: str) -> str:
    """The longest run of characters of `written` that stands in `rest` and not in `given`, less blanks around it."""
    blocks = SequenceMatcher(None, written, rest, autojunk=False).get_matching_blocks()
    runs = [written[block.a : block.a + block.size].strip() for block in blocks]
    return max((run for run in runs if run not in given), key=len, default="")


class Writer:
    """The base, writing on."""

    def __init__(self, base: Path) -> None:
        from transformers import AutoModelForCausalLM

        self._model = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32).eval()
        self._tokenizer: Tokenizer = load_tokenizer(base)

    def _prompt(self, path: str, given: str) -> list[int]:
        sample = Sample(SampleKind.NEXT_TOKEN, path, given, "", "", "")
        found = FAMILIES["embedded"].segments(self._tokenizer, sample, TokenBudget())
        assert found is not None
        return [token for segment in found for token in segment.ids]

    @torch.no_grad()
    def written(self, beginnings: Iterable[tuple[str, str]]) -> list[str]:
        """What follows each (path, text), greedily."""
        prompts = [self._prompt(*beginning) for beginning in beginnings]
        width = max(map(len, prompts))
        ids = torch.tensor([[0] * (width - len(p)) + p for p in prompts])
        mask = torch.tensor([[0] * (width - len(p)) + [1] * len(p) for p in prompts])
        found = self._model.generate(
            input_ids=ids, attention_mask=mask, max_new_tokens=_WRITTEN_TOKENS, do_sample=False
        )
        return [self._tokenizer.text(row[width:].tolist()) for row in found]


def spans(writer: Writer, rows: Sequence[Row], count: int) -> list[str]:
    """The longest verbatim span of each of `count` files that are long enough to be gone on with."""
    long = [row for row in rows if len(row["text"]) > 3 * _GIVEN_BYTES]
    drawn = random.Random(5).sample(long, min(count, len(long)))
    found = []
    for first in range(0, len(drawn), _ROWS):
        part = drawn[first : first + _ROWS]
        given = [row["text"][:_GIVEN_BYTES].rpartition("\n")[0] for row in part]
        written = writer.written((row["path"], text) for row, text in zip(part, given, strict=True))
        found += [
            verbatim(text, row["text"][len(known) :], known)
            for text, row, known in zip(written, part, given, strict=True)
        ]
    return found


def summary(found: list[str]) -> dict[str, Any]:
    lengths = sorted(map(len, found))
    return {
        "files": len(lengths),
        "median": lengths[len(lengths) // 2],
        "p95": lengths[int(len(lengths) * 0.95)],
        "longest": lengths[-1],
        "longest_text": max(found, key=len),
    }


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--base", type=Path, required=True)
    arguments.add_argument("--corpus", type=Path, required=True)
    arguments.add_argument("--files", type=int, default=200, help="of each language")
    given = arguments.parse_args()
    writer = Writer(given.base)
    result = {}
    for name in ("corpus", "held_out"):
        rows = rows_of(given.corpus / f"{name}.jsonl")
        result[name] = {
            language: summary(spans(writer, of_language(rows, language), given.files)) for language in _LANGUAGES
        }
    print(json.dumps(result, indent=1))


if __name__ == "__main__":
    main()
