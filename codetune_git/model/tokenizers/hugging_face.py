"""Any tokenizer.json, through `tokenizers`, which need not be installed. Does not know where there is a lighter way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import tokenizers
from tokenizers import normalizers, pre_tokenizers

from codetune_git.errors import DataRefused
from codetune_git.model.tokenizers.tokenizer import Tokenizer

# They put a blank before a text, or replace characters by what looks the same.
_CHANGING = (normalizers.Prepend, normalizers.NFC, normalizers.NFKC)


def _verbatim(tokenizer: tokenizers.Tokenizer) -> None:
    """Texts are encoded as they are, and as they would be amid others: a prompt is put together from several."""
    whole = tokenizer.normalizer
    parts: list[Any] = list(whole) if isinstance(whole, normalizers.Sequence) else [whole]  # type: ignore[call-overload]
    kept = [part for part in parts if not isinstance(part, _CHANGING)]
    if len(kept) != len(parts):
        tokenizer.normalizer = normalizers.Sequence(kept)
    if isinstance(tokenizer.pre_tokenizer, pre_tokenizers.Metaspace):
        tokenizer.pre_tokenizer.prepend_scheme = "never"


class AnyTokenizer(Tokenizer):
    def __init__(self, tokenizer: tokenizers.Tokenizer) -> None:
        tokenizer.encode_special_tokens = True
        tokenizer.no_truncation()
        tokenizer.no_padding()
        _verbatim(tokenizer)
        self._tokenizer = tokenizer
        super().__init__(tokenizer.get_vocab())

    @classmethod
    def from_file(cls, path: Path) -> AnyTokenizer:
        """Raises DataRefused where it is no tokenizer.json."""
        try:
            return cls(tokenizers.Tokenizer.from_file(str(path)))
        except Exception as error:  # the binding raises bare Exception
            message = f"{path}: not a usable tokenizer ({error}); use a base model with a tokenizer.json"
            raise DataRefused(message) from error

    def ids(self, text: str) -> tuple[int, ...]:
        return tuple(self._tokenizer.encode(text, add_special_tokens=False).ids)

    def text(self, ids: Sequence[int]) -> str:
        return str(self._tokenizer.decode(list(ids), skip_special_tokens=False))
