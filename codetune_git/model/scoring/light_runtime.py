"""The light runtime: a compiled folder scores staged text through ctranslate2, without torch.

Knows ctranslate2, all that a hook loads beside a tokenizer. Does not know training or how folders come about.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from codetune_git.errors import DataRefused, ExtraMissing
from codetune_git.model.base.base_model import budget_for
from codetune_git.model.prompts.families import FAMILIES
from codetune_git.model.scoring.light_folder import read_light
from codetune_git.model.scoring.scoring_model import EngineModel, Logits
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.model.tokenizers.tokenizer import Tokenizer

if TYPE_CHECKING:
    from ctranslate2 import Generator


class _LightEngine:
    def __init__(self, generator: Generator, tokenizer: Tokenizer) -> None:
        self._generator, self._tokenizer = generator, tokenizer
        self.vocabulary = len(tokenizer.names)

    def logits(self, batch: Sequence[Sequence[int]], known: Sequence[int]) -> list[Logits]:
        lengths = [len(ids) - 1 for ids in batch]  # the last token predicts nothing that is asked for
        found = np.asarray(self._generator.forward_batch([list(ids[:-1]) for ids in batch]))
        return [found[row, known[row] - 1 : length] for row, length in enumerate(lengths)]

    def continued(self, prompt: Sequence[int], stops: Iterable[int], limit: int) -> list[int]:
        name = self._tokenizer.name
        (result,) = self._generator.generate_batch(
            [[name(token) for token in prompt]],
            max_length=limit,
            end_token=[name(token) for token in stops],
            return_end_token=True,
            include_prompt_in_result=False,
        )
        return list(result.sequences_ids[0])


class LightModel(EngineModel):
    """A `domain.LanguageModel` that loads in a fraction of a second. `base` is the identity of the base compiled in."""

    base: str

    @classmethod
    def load(cls, folder: Path, *, threads: int = 0) -> LightModel:
        """The model that `compile_adapter` wrote to `folder`; `threads` 0 leaves their number to ctranslate2.

        Raises DataRefused where the folder is not whole, ExtraMissing where ctranslate2 or a tokenizer is.
        """
        light = read_light(folder)
        if light.computation is None:
            raise DataRefused(f"{folder}: holds no compiled model; score with torch on the base")
        tokenizer = load_tokenizer(folder)
        try:
            import ctranslate2

            generator = ctranslate2.Generator(str(folder), compute_type=light.computation, intra_threads=threads)
        except ImportError as error:
            raise ExtraMissing.of("light", "the adapter's model needs ctranslate2") from error
        except (RuntimeError, ValueError) as error:
            raise DataRefused(f"{folder}: cannot be loaded ({error}); run `git codetune train` again") from error
        model = cls(_LightEngine(generator, tokenizer), tokenizer, FAMILIES[light.family], budget_for(light.context))
        model.base = light.base
        return model
