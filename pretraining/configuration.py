"""What a base model is made of, read from one file. Knows the file's sections; does not know what is done with them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

USUAL = Path(__file__).parent / "config.toml"


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of the model: a decoder of Llama's shape with tied embeddings."""

    vocabulary: int = 8192
    hidden: int = 384
    layers: int = 6
    heads: int = 6
    kv_heads: int = 2
    inner: int = 1024
    positions: int = 2048
    rope_theta: float = 10000.0
    epsilon: float = 1e-5

    @property
    def head(self) -> int:
        return self.hidden // self.heads

    @property
    def multiplied(self) -> int:
        """Parameters that every token is multiplied with: the layers' matrices and, as the output, the embedding."""
        attention = 2 * self.hidden * (self.hidden + self.kv_heads * self.head)
        return self.layers * (attention + 3 * self.hidden * self.inner) + self.vocabulary * self.hidden


@dataclass(frozen=True, slots=True)
class Mixture:
    """What is drawn from a file; shares lie between 0 and 1.

    `part` is the most characters of a file that are styled at once. `restyled` of the Python files get conventions of
    the catalogue of their own, `laid_out` of all files a layout. `hunks` of each are asked about, `unbroken` of them as
    they are, with `before` (shortest, longest) and a quarter as many bytes of context around, evenly in the logarithm;
    `catalogue` of Python's broken ones break a convention of the catalogue, the others the layout; `neighbours` of the
    hunks come with lines from elsewhere in the house. `holes` of the files also give `holes_each` nodes to write.
    """

    files: int
    part: int
    restyled: float
    laid_out: float
    unbroken: float
    hunks: int
    before: tuple[int, int]
    catalogue: float
    neighbours: float
    holes: float
    holes_each: int


@dataclass(frozen=True, slots=True)
class Training:
    """Learning rates of the matrices in the layers (Muon) and of all else (AdamW), and the sizes of a step.

    `style` is the share of a step's tokens that come from restyled files, from the first step to the last; `edits` the
    share that comes from edits of histories; `decay` is the last share of the time, over which the rates fall to zero.
    """

    matrices: float
    others: float
    row_tokens: int
    rows: int
    style: tuple[float, float]
    edits: float
    decay: float

    def shares(self, over: float) -> dict[str, float]:
        """The share of each stage when `over` of the training is over."""
        first, last = self.style
        style = first + (last - first) * over
        return {"text": 1 - style - self.edits, "style": style, "edits": self.edits}


@dataclass(frozen=True, slots=True)
class Configuration:
    """The sections of a configuration file. `corpus` and `tokenizer` are read by these steps as they stand.

    `further` is the training that begins with the weights of an earlier one.
    """

    corpus: Mapping[str, Any]
    tokenizer: Mapping[str, Any]
    shape: Shape
    mixture: Mixture
    training: Training
    further: Training


def _training(section: Mapping[str, Any]) -> Training:
    return Training(**{**section, "style": tuple(section["style"])})


def parse(text: str) -> Configuration:
    """Raises TypeError where a section lacks a name or has one too many, KeyError where a section is missing."""
    found = tomllib.loads(text)
    mixture = {**found["mixture"], "before": tuple(found["mixture"]["before"])}
    return Configuration(
        corpus=found["corpus"],
        tokenizer=found["tokenizer"],
        shape=Shape(vocabulary=found["tokenizer"]["vocabulary"], **found["shape"]),
        mixture=Mixture(**mixture),
        training=_training(found["training"]),
        further=_training({**found["training"], **found["further"]}),
    )


def read(path: Path = USUAL) -> Configuration:
    return parse(path.read_text(encoding="utf-8"))
