"""Loads a base model's tokenizer, without transformers. Knows one file and who can read it; knows no prompt formats."""

from __future__ import annotations

import json
from pathlib import Path

from codetune_git.errors import DataRefused, Unavailable
from codetune_git.model.byte_pairs import byte_pairs
from codetune_git.model.tokens import Tokenizer


def _hugging_face(path: Path) -> Tokenizer:
    try:
        from codetune_git.model.any_tokenizer import AnyTokenizer
    except ImportError as error:
        raise Unavailable(
            f"{path}: only the embedded base's tokenizer can be read: run `pip install 'codetune-git[bases]'`"
        ) from error
    return AnyTokenizer.from_file(path)


def load_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of `folder`.

    Raises DataRefused where the folder has no usable tokenizer.json, Unavailable where nothing installed reads it.
    """
    path = folder / "tokenizer.json"
    try:
        content = json.loads(path.read_bytes())
        found = byte_pairs(content) if isinstance(content, dict) else None
    except (OSError, ValueError, RecursionError) as error:
        message = f"{path}: not a usable tokenizer ({error}); use a base model with a tokenizer.json"
        raise DataRefused(message) from error
    return found or _hugging_face(path)
