"""Loads a base model's tokenizer without transformers. Knows one file; does not know prompt formats."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, normalizers, pre_tokenizers

from codetune_git.errors import DataRefused

# They put a blank before a text, or replace characters by what looks the same.
_CHANGING = (normalizers.Prepend, normalizers.NFC, normalizers.NFKC)


def _verbatim(tokenizer: Tokenizer) -> None:
    """Texts are encoded as they are, and as they would be amid others: a prompt is put together from several."""
    whole = tokenizer.normalizer
    parts: list[Any] = list(whole) if isinstance(whole, normalizers.Sequence) else [whole]  # type: ignore[call-overload]
    kept = [part for part in parts if not isinstance(part, _CHANGING)]
    if len(kept) != len(parts):
        tokenizer.normalizer = normalizers.Sequence(kept)
    if isinstance(tokenizer.pre_tokenizer, pre_tokenizers.Metaspace):
        tokenizer.pre_tokenizer.prepend_scheme = "never"


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
    _verbatim(tokenizer)
    return tokenizer


def line_breaks(tokenizer: Tokenizer) -> tuple[frozenset[int], frozenset[int]]:
    """The tokens that begin with a line break, and all that hold one: some vocabularies join `):` and its break."""
    byte_level = tokenizer.token_to_id("Ċ")
    line_break = "Ċ" if byte_level is not None and tokenizer.decode([byte_level]) == "\n" else "\n"
    names = ((name.replace("<0x0A>", line_break), token) for name, token in tokenizer.get_vocab().items())
    holding = [(name, token) for name, token in names if line_break in name]
    opening = frozenset(token for name, token in holding if name.startswith(line_break))
    return opening, frozenset(token for _, token in holding)
