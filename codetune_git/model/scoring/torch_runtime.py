"""The full runtime: scores staged text with torch and the adapter as trained.

For bases that the light runtime cannot run, and to check it against. Knows torch, but no ctranslate2 and no training.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codetune_git.model.base.base_model import BaseModel
from codetune_git.model.base.loading import load_model, with_adapter
from codetune_git.model.scoring.scoring_model import EngineModel, Logits
from codetune_git.model.tokenizers.loading import load_tokenizer

if TYPE_CHECKING:
    import torch


class _TorchEngine:
    def __init__(self, model: Any, device: torch.device) -> None:
        self._model, self._device = model.to(device).eval(), device
        self.vocabulary = int(model.config.vocab_size)

    def logits(self, batch: Sequence[Sequence[int]], known: Sequence[int]) -> list[Logits]:
        import torch

        ids = torch.zeros((len(batch), max(len(row) for row in batch) - 1), dtype=torch.long)
        for number, row in enumerate(batch):
            ids[number, : len(row) - 1] = torch.tensor(row[:-1])
        kept = torch.arange(min(known) - 1, ids.shape[1])
        with torch.inference_mode():
            output = self._model(
                input_ids=ids.to(self._device), logits_to_keep=kept.to(self._device), use_cache=False
            ).logits
        whole = output.float().cpu().numpy()
        first = min(known)
        return [whole[n, known[n] - first : len(row) - first] for n, row in enumerate(batch)]

    def continued(self, prompt: Sequence[int], stops: Iterable[int], limit: int) -> list[int]:
        import torch

        with torch.inference_mode():
            output = self._model.generate(
                input_ids=torch.tensor([list(prompt)], device=self._device),
                attention_mask=torch.ones((1, len(prompt)), dtype=torch.long, device=self._device),
                max_new_tokens=limit,
                do_sample=False,
                eos_token_id=sorted(stops),
                pad_token_id=min(stops),
            )
        return [int(token) for token in output[0, len(prompt) :]]


class TorchModel(EngineModel):
    """A `domain.LanguageModel` on torch. `base` is the identity of its base."""

    base: str

    @classmethod
    def load(cls, base: BaseModel, adapter: Path | None = None, *, threads: int = 0) -> TorchModel:
        """The base, with `adapter` on top; on the GPU where there is one. `threads` 0 leaves their number to torch.

        Raises Unavailable without torch, DataRefused where base or adapter cannot be loaded.
        """
        model = load_model(base)
        if adapter is not None:
            model = with_adapter(model, adapter)
        import torch

        if threads:
            torch.set_num_threads(threads)
        device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        loaded = cls(_TorchEngine(model, device), load_tokenizer(base.folder), base.family, base.budget)
        loaded.base = base.identity
        return loaded
