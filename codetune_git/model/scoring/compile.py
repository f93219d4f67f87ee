"""A base and its adapter become one small folder that the light runtime loads without torch.

Knows how LoRA weights are merged and how ctranslate2 converts; does not know where the folder goes: `out` is new, and
the caller publishes it.

    model.bin config.json vocabulary.json    the converted model
    tokenizer.json                           the base's own
    light.json                               prompt format, context, and the identity of the base

Where the light runtime cannot run the base, or does not say of a text what torch says of it, light.json is all there
is, and says so.
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from codetune_git.errors import UsageError
from codetune_git.model.base.base_model import BaseModel
from codetune_git.model.base.loading import load_model, require_training, with_adapter
from codetune_git.model.scoring.light_folder import Light, write_light
from codetune_git.model.scoring.scoring_model import Logits
from codetune_git.model.tokenizers.loading import load_tokenizer

if TYPE_CHECKING:
    from ctranslate2.converters import TransformersConverter

_TOKENIZER = "tokenizer.json"

# Up to here weights are stored as float16 and computed with as float32: scores then agree with torch to a thousandth of
# a nat, where int8 is off by a hundredth or more and gains no speed at this size. Larger bases need int8 to fit.
_EXACT_BYTES = 256 << 20
EXACT, SMALL = ("float16", "float32"), ("int8", "int8_float32")

# The converter knows architectures, but not every field of their configurations: with one that it does not know, all
# probabilities come out wrong, by nats. Rounding to int8 moves them by hundredths.
_PROBE_TOKENS, _PROBED, _MOST_APART = 512, 64, 0.2


def _converter(base: BaseModel, model: Any) -> TransformersConverter:
    """ctranslate2's converter, given the merged model instead of a folder to load one from."""
    from ctranslate2.converters import TransformersConverter
    from transformers import PreTrainedTokenizerFast

    class Merged(TransformersConverter):  # type: ignore[misc]
        def load_model(self, *_: Any, **__: Any) -> Any:
            return model

        def load_tokenizer(self, *_: Any, **__: Any) -> Any:
            tokenizer = PreTrainedTokenizerFast(tokenizer_file=str(base.folder / _TOKENIZER))
            # The runtime is only ever given token ids and its own ends; ctranslate2 wants names nevertheless.
            name = tokenizer.convert_ids_to_tokens(0)
            tokenizer.add_special_tokens({"bos_token": name, "eos_token": name, "unk_token": name})
            return tokenizer

    return Merged(str(base.folder))


def _known(base: BaseModel) -> bool:
    """Whether the light runtime knows this architecture."""
    from ctranslate2.converters import transformers as known

    return any(loader.architecture_name == base.architecture for loader in known._MODEL_LOADERS.values())


def _probe(base: BaseModel) -> list[int]:
    """The tokens of a text to compare runtimes on: this file."""
    ids = load_tokenizer(base.folder).ids(Path(__file__).read_text())
    return list(ids[: min(_PROBE_TOKENS, base.context)])


def _by_torch(model: Any, ids: list[int]) -> Logits:
    import torch

    with torch.inference_mode():
        output = model(input_ids=torch.tensor([ids[:-1]]), logits_to_keep=_PROBED, use_cache=False).logits
    return np.asarray(output[0].log_softmax(-1))


def _by_light(folder: Path, computation: str, ids: list[int]) -> Logits:
    import ctranslate2

    generator = ctranslate2.Generator(str(folder), compute_type=computation)
    return np.asarray(generator.forward_batch([ids[:-1]], return_log_probs=True))[0, -_PROBED:]


def merge_adapter(base: BaseModel, adapter: Path, out: Path) -> None:
    """Writes the base with `adapter` merged in to the new folder `out`, as any runtime loads it: configuration,
    safetensors, tokenizer. Raises DataRefused where the adapter does not fit, Unavailable without torch."""
    require_training()
    import torch

    model = with_adapter(load_model(base, dtype=torch.float32), adapter).merge_and_unload()
    model.to(torch.bfloat16).save_pretrained(out, safe_serialization=True)
    for name in (_TOKENIZER, "tokenizer_config.json"):
        if (base.folder / name).exists():
            shutil.copyfile(base.folder / name, out / name)


def _compiled(base: BaseModel, model: Any, out: Path, precision: tuple[str, str]) -> bool:
    """Whether `out` is now a folder of the light runtime that says what `model` does; if not, there is no `out`.

    Nothing is left of `model` afterwards: the converter takes its parts.
    """
    stored, computed = precision
    ids = _probe(base)
    wanted = _by_torch(model, ids)
    tokens = np.arange(len(wanted)), ids[-len(wanted) :]
    try:
        _converter(base, model).convert(str(out), quantization=stored)
        apart = np.abs(_by_light(out, computed, ids)[tokens] - wanted[tokens]).mean()
    except (ValueError, RuntimeError):  # what converter and runtime say of a base that they cannot run
        apart = np.inf
    if not apart <= _MOST_APART:
        shutil.rmtree(out, ignore_errors=True)
    return bool(apart <= _MOST_APART)


def _merged(base: BaseModel, adapter: Path | None) -> Any:
    """The base with `adapter` merged in, in float32, to be asked."""
    import torch

    model = load_model(base, dtype=torch.float32)
    return (model if adapter is None else with_adapter(model, adapter).merge_and_unload()).eval()


def compile_adapter(
    base: BaseModel, adapter: Path | None, out: Path, *, precision: tuple[str, str] | None = None
) -> bool:
    """Writes the base, with `adapter` merged in, to the new folder `out`; False where torch has to score it instead.

    `precision` is how weights are stored and computed with, in ctranslate2's names; by default what suits the size.
    Some processors multiply int8 with saturation, and are off by too much: there the exact one is taken instead.
    Raises UsageError where `out` exists, DataRefused where the adapter does not fit, Unavailable without torch.
    """
    if out.exists():
        raise UsageError(f"{out}: exists already; give a new folder for the compiled model")
    require_training()
    chosen = precision or (EXACT if base.size <= _EXACT_BYTES else SMALL)
    tried = dict.fromkeys((chosen, EXACT)) if _known(base) else {}
    believed = next((each for each in tried if _compiled(base, _merged(base, adapter), out, each)), None)
    out.mkdir(exist_ok=True)
    shutil.copyfile(base.folder / _TOKENIZER, out / _TOKENIZER)  # a server that scores wants it in any case
    write_light(out, Light(base.family.name, base.identity, base.context, believed[1] if believed else None))
    return believed is not None
