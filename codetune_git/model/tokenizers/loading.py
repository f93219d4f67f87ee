"""Loads a base model's tokenizer, without transformers. Knows one file and who can read it; knows no prompt formats."""

from __future__ import annotations

import json
from pathlib import Path

from codetune_git.errors import DataRefused, ExtraMissing
from codetune_git.model.tokenizers.byte_pairs import byte_pairs
from codetune_git.model.tokenizers.tokenizer import Tokenizer


def _hugging_face(path: Path) -> Tokenizer:
    try:
        from codetune_git.model.tokenizers.hugging_face import AnyTokenizer
    except ImportError as error:
        raise ExtraMissing.of("bases", f"{path}: only the embedded base's tokenizer can be read") from error
    return AnyTokenizer.from_file(path)


def load_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of `folder`.

    Raises DataRefused where the folder has no usable tokenizer.json, ExtraMissing where nothing installed reads it.
    """
    path = folder / "tokenizer.json"
    try:
        content = json.loads(path.read_bytes())
        found = byte_pairs(content) if isinstance(content, dict) else None
    except ImportError as error:
        raise ExtraMissing.of("light", f"{path}: reading it needs tiktoken") from error
    except (OSError, ValueError, RecursionError) as error:
        message = f"{path}: not a usable tokenizer ({error}); use a base model with a tokenizer.json"
        raise DataRefused(message) from error
    return found or _hugging_face(path)
