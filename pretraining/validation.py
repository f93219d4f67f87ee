"""Draws the validation shards, which training is measured on while it runs, from the packages held out.

Knows what is asked of a base; does not know the model. Only what is to be written counts in their loss: of a hunk the
text that was committed (where another form of it is staged), of a hole its middle, of plain text all but the path.

    python -m pretraining.validation --corpus FOLDER --tokenizer FOLDER --out FOLDER [--tokens N] [--config FILE]
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from codetune_git.domain import Sample
from codetune_git.model.prompts.families import FAMILIES
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.text.grammar import Grammar
from codetune_git.text.source import Source
from pretraining import shards
from pretraining.configuration import USUAL, Mixture, read
from pretraining.documents import holes, windows
from pretraining.draw import Row, edit_samples, of_language, rows_of, style_samples
from pretraining.languages import grammar_of

_WINDOW = 3000
_PART = 6000

Drawn = Callable[[Row, Grammar, random.Random, Mixture], Iterable[Sample]]


def _text(row: Row, grammar: Grammar, rng: random.Random, mixture: Mixture) -> Iterator[Sample]:
    yield rng.choice(windows(row["path"], row["text"], _WINDOW))


def _holes(row: Row, grammar: Grammar, rng: random.Random, mixture: Mixture) -> Iterator[Sample]:
    yield from holes(row["path"], Source.parse(row["text"].encode(), grammar), rng, 1)


def _broken(row: Row, grammar: Grammar, rng: random.Random, mixture: Mixture) -> Iterator[Sample]:
    yield from (sample for sample in style_samples(row, grammar, rng, mixture) if sample.broken)


def _kinds(mixture: Mixture) -> dict[str, tuple[Drawn, Mixture]]:
    """By name: what is drawn from a file, and the mixture it is drawn with."""
    plain = replace(mixture, part=_PART, holes=0.0, unbroken=0.0, neighbours=0.0, restyled=0.75, laid_out=0.75)
    return {
        "text": (_text, mixture),
        "holes": (_holes, mixture),
        "catalogue": (_broken, replace(plain, catalogue=1.0)),
        "layout": (_broken, replace(plain, catalogue=0.0)),
        "neighbours": (_broken, replace(plain, catalogue=0.0, neighbours=1.0)),
        "edits": (edit_samples, replace(mixture, unbroken=0.0, before=(1500, 2000))),
    }


def _sequences(
    rows: Sequence[Row], kind: tuple[Drawn, Mixture], tokenizer: shards.Tokenizer, most: int
) -> Iterator[shards.Sequence]:
    """Sequences of about `most` tokens together, with a loss weight of 1 on what is to be written."""
    rng, total = random.Random(4), 0
    for row in rng.choices(rows, k=4000):
        grammar = grammar_of(row["path"])
        assert grammar is not None
        for sample in kind[0](row, grammar, rng, kind[1]):
            found = FAMILIES["embedded"].encode(tokenizer, sample, shards.LONG)
            if found is not None:
                total += len(found.ids)
                yield list(found.ids), [int(counts) for counts in found.loss]
        if total > most:
            return


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--corpus", type=Path, required=True)
    arguments.add_argument("--tokenizer", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--tokens", type=int, default=120_000, help="of each kind and language")
    arguments.add_argument("--config", type=Path, default=USUAL)
    given = arguments.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    tokenizer, mixture = load_tokenizer(given.tokenizer), read(given.config).mixture
    files, edits = rows_of(given.corpus / "held_out.jsonl"), rows_of(given.corpus / "held_out_edits.jsonl")
    for language in ("python", "javascript", "typescript"):
        for name, kind in _kinds(mixture).items():
            rows = edits if name == "edits" else files
            some = of_language(rows, language)
            if some and (name != "catalogue" or language == "python"):
                sequences = _sequences(some, kind, tokenizer, given.tokens)
                tokens = shards.write(given.out / f"validation-{language}-{name}.npz", sequences)
                print(f"{language} {name}: {tokens} tokens", flush=True)


if __name__ == "__main__":
    main()
