"""A base and its adapter become one small folder that the light runtime loads without torch.

Knows how LoRA weights are merged and how ctranslate2 converts; does not know where the folder goes: `out` is new, and
the caller publishes it.

    model.bin config.json vocabulary.json    the converted model
    tokenizer.json                           the base's own
    light.json                               prompt format, context, and the identity of the base
"""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from codetune_git.errors import DataRefused, UsageError
from codetune_git.model.base import BaseModel
from codetune_git.model.light import Light, write_light
from codetune_git.model.loading import load_model, with_adapter

if TYPE_CHECKING:
    from ctranslate2.converters import TransformersConverter

_TOKENIZER = "tokenizer.json"

# Up to here weights are stored as float16 and computed with as float32: scores then agree with torch to a thousandth of
# a nat, where int8 is off by a hundredth or more and gains no speed at this size. Larger bases need int8 to fit.
_EXACT_BYTES = 256 << 20
EXACT, SMALL = ("float16", "float32"), ("int8", "int8_float32")


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


def can_compile(base: BaseModel) -> bool:
    """Whether the light runtime knows this architecture; raises Unavailable without torch."""
    from ctranslate2.converters import transformers as known

    return any(loader.architecture_name == base.architecture for loader in known._MODEL_LOADERS.values())


def merge_adapter(base: BaseModel, adapter: Path, out: Path) -> None:
    """Writes the base with `adapter` merged in to the new folder `out`, as any runtime loads it: configuration,
    safetensors, tokenizer. Raises DataRefused where the adapter does not fit, Unavailable without torch."""
    import torch

    model = with_adapter(load_model(base, dtype=torch.float32), adapter).merge_and_unload()
    model.to(torch.bfloat16).save_pretrained(out, safe_serialization=True)
    for name in (_TOKENIZER, "tokenizer_config.json"):
        if (base.folder / name).exists():
            shutil.copyfile(base.folder / name, out / name)


def compile_adapter(
    base: BaseModel, adapter: Path | None, out: Path, *, precision: tuple[str, str] | None = None
) -> None:
    """Writes the base, with `adapter` merged in, to the new folder `out`.

    `precision` is how weights are stored and computed with, in ctranslate2's names; by default what suits the size.
    Raises UsageError where `out` exists, DataRefused where the adapter does not fit or the light runtime cannot run
    this architecture, Unavailable without torch. A failure leaves no `out`.
    """
    if out.exists():
        raise UsageError(f"{out}: exists already; give a new folder for the compiled model")
    import torch

    stored, computed = precision or (EXACT if base.size <= _EXACT_BYTES else SMALL)
    model = load_model(base, dtype=torch.float32)
    if adapter is not None:
        model = with_adapter(model, adapter).merge_and_unload()
    try:
        _converter(base, model).convert(str(out), quantization=stored)
    except ValueError as error:
        shutil.rmtree(out, ignore_errors=True)
        raise DataRefused(f"{base.folder}: {base.architecture} cannot be compiled; score with torch") from error
    shutil.copyfile(base.folder / _TOKENIZER, out / _TOKENIZER)
    write_light(out, Light(base.family.name, base.identity, base.context, computed))
