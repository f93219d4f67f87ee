"""Loads a base model's tokenizer without transformers. Knows one file; does not know prompt formats."""

from __future__ import annotations

from pathlib import Path

from tokenizers import Tokenizer

from codetune_git.errors import DataRefused


def load_tokenizer(folder: Path) -> Tokenizer:
    """The tokenizer of `folder`. Special tokens that stand in a text are encoded as ordinary text, never as control.

    Raises DataRefused where the folder has no usable tokenizer.json.
    """
    path = folder / "tokenizer.json"
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the binding raises bare Exception
        message = f"{path}: not a usable tokenizer ({error}); use a base model with a tokenizer.json"
        raise DataRefused(message) from error
    tokenizer.encode_special_tokens = True
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
