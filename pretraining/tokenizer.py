"""Trains the base model's tokenizer: byte-level BPE over pieces in which choices of style never merge with neighbours.

Knows the pieces and the special tokens; not models. A newline is one piece with the indentation after it, a word is cut
at case changes and underscores, and every bracket, quote run and operator is a piece of its own, each with at most one
leading blank. So two styles of a line differ in the first token at the place where they differ.

    python -m pretraining.tokenizer --corpus FOLDER --out FOLDER [--vocabulary N]
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path

from tokenizers import Regex, Tokenizer, decoders, models, pre_tokenizers, trainers

from codetune_git.model.tokenizers.byte_pairs import PIECES
from pretraining.configuration import read

SPECIALS = (
    *("<pad>", "<eos>", "<path>", "<before>", "<after>", "<staged>", "<target>", "<middle>"),
    "<near>",
    *(f"<reserved_{i}>" for i in range(7)),
)


def untrained() -> Tokenizer:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex("|".join(PIECES)), behavior="isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def texts(corpus: Path, limit: int) -> Iterator[str]:
    """Texts of the corpus until about `limit` bytes of UTF-8 are read."""
    total = 0
    with corpus.open(encoding="utf-8") as lines:
        for line in lines:
            text = json.loads(line)["text"]
            total += len(text.encode())
            yield text
            if total > limit:
                return


def train(samples: Iterator[str], vocabulary: int) -> Tokenizer:
    tokenizer = untrained()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=list(SPECIALS),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train_from_iterator(samples, trainer)
    return tokenizer


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--corpus", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--vocabulary", type=int, default=read().tokenizer["vocabulary"])
    given = arguments.parse_args()
    tokenizer = train(texts(given.corpus / "corpus.jsonl", read().tokenizer["sample_bytes"]), given.vocabulary)
    given.out.mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(given.out / "tokenizer.json"))
    held_out = list(texts(given.corpus / "held_out.jsonl", 2_000_000))
    tokens = sum(len(encoding.ids) for encoding in tokenizer.encode_batch(held_out))
    print(f"{tokenizer.get_vocab_size()} tokens, {sum(len(t.encode()) for t in held_out) / tokens:.3f} bytes per token")


if __name__ == "__main__":
    main()
