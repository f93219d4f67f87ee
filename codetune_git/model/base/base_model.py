"""The base model as a checkpoint folder: what it is, which prompt format it has, and whether it is whole.

Knows file names and the few fields of config.json that matter here, and where downloaded models lie; imports
no torch. Does not know adapters or training: it never downloads, and it never runs code that lies in a checkpoint.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from codetune_git.errors import DataRefused, ExtraMissing, Unavailable, UsageError
from codetune_git.model.base.identity import identity_of
from codetune_git.model.prompts.families import family_of
from codetune_git.model.prompts.family import Family, TokenBudget
from codetune_git.model.tokenizers.loading import load_tokenizer
from codetune_git.settings import Options
from codetune_git.weight_files import tensors_in

EMBEDDED = Path(__file__).resolve().parents[2] / "base"

_CONFIG, _TOKENIZER, _INDEX = "config.json", "tokenizer.json", "model.safetensors.index.json"
_CONTEXT_FIELDS = ("max_position_embeddings", "n_positions", "n_ctx", "seq_length")
_USUAL_CONTEXT = 2048
_NAME = re.compile(r"[\w-][\w.-]*/[\w-][\w.-]*", re.ASCII)  # owner/name, as the Hugging Face hub has them
_WHOLE = "give the folder of a whole checkpoint: config.json, tokenizer.json, safetensors weights"


@dataclass(frozen=True, slots=True)
class BaseModel:
    """A checkpoint that passed its checks. `identity` is the SHA-256 of configuration, tokenizer and weights in hex.

    `context` is in tokens, the longest sequence that the model has positions for and all its layers see whole; `size`
    is the weights' in bytes.
    """

    folder: Path
    identity: str
    architecture: str
    family: Family
    context: int
    size: int

    @property
    def budget(self) -> TokenBudget:
        """How much of a file is shown to this model."""
        return budget_for(self.context)


def budget_for(context: int) -> TokenBudget:
    """The prompt's token limits within `context` tokens: the defaults where they fit, else shares of it."""
    usual = TokenBudget()
    if context >= usual.total:
        return usual
    return TokenBudget(context, usual.before * context // usual.total, usual.after * context // usual.total)


def shapes_of(path: Path) -> dict[str, tuple[int, ...]]:
    """The shape of each tensor in `path`; raises DataRefused where it is missing, cut off or of another format."""
    try:
        return {name: tensor.shape for name, tensor in tensors_in(path).items()}
    except (OSError, ValueError) as error:
        raise DataRefused(f"{path}: not a whole safetensors file ({error}); fetch or train it again") from error


def _object(path: Path) -> dict[str, Any]:
    try:
        document = json.loads(path.read_bytes())
    except OSError as error:
        raise DataRefused(f"{path}: cannot be read ({error.strerror}); the base model is incomplete") from error
    except ValueError as error:
        raise DataRefused(f"{path}: not JSON ({error}); the base model is damaged, fetch it again") from error
    if not isinstance(document, dict):
        raise DataRefused(f"{path}: holds no JSON object; the base model is damaged, fetch it again")
    return document


def _context(config: dict[str, Any]) -> int:
    """The context in tokens, within the window of the local layers: beyond it the light runtime gives up."""
    positions = next((int(config[name]) for name in _CONTEXT_FIELDS if config.get(name)), _USUAL_CONTEXT)
    window = config.get("sliding_window") if config.get("use_sliding_window", True) else None
    return min(positions, int(window or positions))


def _weights_in(folder: Path, mend: str) -> tuple[Path, ...]:
    """The weight files, checked to be whole; raises DataRefused where one is missing or cut off."""
    if (folder / _INDEX).exists():
        names = sorted(set(_object(folder / _INDEX).get("weight_map", {}).values()))
    else:
        names = ["model.safetensors"]
        if not (folder / names[0]).exists() and (pickled := sorted(folder.glob("*.bin"))):
            raise DataRefused(
                f"{folder}: its weights are pickled ({pickled[0].name}), and loading them could run code: "
                "choose a version of this model with safetensors weights"
            )
    for name in names:
        if not (folder / name).is_file():
            raise DataRefused(f"{folder}: {name} is missing: {mend}")
        shapes_of(folder / name)
    return tuple(folder / name for name in names)


def open_base(folder: Path, *, mend: str = _WHOLE) -> BaseModel:
    """The base model in `folder`.

    `mend` says how the user gets what is missing. Raises Unavailable where there is no such folder, DataRefused where
    it is not a whole checkpoint with safetensors weights and a tokenizer.json, or wants to run code of its own.
    """
    if not (folder / _CONFIG).is_file():
        raise Unavailable(f"{folder}: no base model there: {mend}")
    config = _object(folder / _CONFIG)
    if "auto_map" in config:
        raise DataRefused(f"{folder}: wants to run its own code (auto_map in config.json); use a base model without")
    weights = _weights_in(folder, mend)
    if not (folder / _TOKENIZER).is_file():
        raise DataRefused(f"{folder}: {_TOKENIZER} is missing: {mend}")
    tokenizer = load_tokenizer(folder)
    architecture = str((config.get("architectures") or ["unknown"])[0])
    return BaseModel(
        folder,
        identity_of((folder / _CONFIG, folder / _TOKENIZER, *weights)),
        architecture,
        family_of(architecture, tokenizer),
        _context(config),
        sum(path.stat().st_size for path in weights),
    )


def _downloaded(name: str, revision: str | None) -> BaseModel:
    """The model that the user has fetched under this name before; nothing is fetched here."""
    try:
        from huggingface_hub import try_to_load_from_cache
    except ImportError as error:
        said = f"{name} is no folder, and nothing is installed that finds its download"
        raise ExtraMissing.of("bases", said) from error
    mend = f"`hf download {name}{f' --revision {revision}' if revision else ''}` fetches it"
    try:
        config = try_to_load_from_cache(name, _CONFIG, revision=revision)
    except ValueError as error:
        raise UsageError(f"{name!r} names no base model: {error}") from error
    if not isinstance(config, str):
        version = f" (revision {revision})" if revision else ""
        raise Unavailable(
            f"{name}{version} is no folder, nor among the models of Hugging Face that were downloaded here: {mend}; "
            "where its licence must be accepted first, do that on its page and run `hf auth login`"
        )
    return open_base(Path(config).parent, mend=mend)


def named_base(options: Options) -> BaseModel:
    """The base that the user names by a folder or by its name on the Hugging Face hub, or else the embedded one.

    Raises as `open_base` does, and UsageError for a revision of what has none.
    """
    name, revision = options.base, options.base_revision
    folder = Path(name).expanduser() if name else EMBEDDED
    if name and not folder.is_dir() and _NAME.fullmatch(name):
        return _downloaded(name, revision)
    if revision:
        raise UsageError(f"base-revision is {revision!r}, but {folder} has no revisions: name a base as owner/name")
    return open_base(folder)
