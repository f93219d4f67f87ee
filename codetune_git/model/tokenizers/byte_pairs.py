"""The tokenizer that this package's own bases have, through tiktoken. Knows the tokenizer.json that
`pretraining/tokenizer.py` writes: byte-level BPE over the pieces of one pattern, nothing normalised.

The light installation is what this is for: `tokenizers`, which reads every other file, brings the Hugging Face hub's
client along and takes 27 MB more than tiktoken. Does not know other tokenizers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from typing import TYPE_CHECKING, Any

from codetune_git.model.tokenizers.tokenizer import Tokenizer

if TYPE_CHECKING:
    from tiktoken import Encoding

_SCRIPT = r" ?(?:!==|=>|&&=?|\|\|=?|\?\?=?|\?\.(?!\d)|\+\+|--|</|/>|\$\{|/\*+|\*+/)"  # operators that Python lacks
PIECES = (
    r"\n[ \t]*",
    r" ?_*(?:\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{Lo}\p{Lm}\p{Lt}\p{M}]+|\p{Lu})",
    r" ?\p{N}{1,3}",
    r" ?[()\[\]{}]",
    r""" ?(?:\"\"\"|'''|"|')""",
    r" ?(?:={3,}|-{3,}|\*{3,}|~{3,}|\^{3,}|\+{3,}|\.{2,}|#{2,})",
    _SCRIPT,
    r" ?(?:->|:=|(?:\*\*|//|<<|>>)=?|[-+*/%&|^@=!<>]=|[-+*/%&|^~<>=@!])",
    r" ?_+",
    r" ?[.,:;#\\`$?]",
    r" +(?= [^ \t\n])",
    r"[ \t]+",
    r"\s",
    r"[^\s]",
)
# No other patterns are taken: with an adapter's file from elsewhere, one could keep tiktoken busy, or have it panic.
# The second one is that of the first base, which read Python alone: its adapters are still in use.
_PATTERNS = ("|".join(PIECES), "|".join(piece for piece in PIECES if piece != _SCRIPT))
_OWN = "<staged>"  # a special token that no published base has


def _alphabet() -> dict[str, int]:
    """The byte of each letter of byte-level BPE (GPT-2): itself where it can be printed, else one from U+0100 on."""
    printed = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = zip(count(0x100), sorted(set(range(0x100)) - set(printed)), strict=False)
    return {chr(byte): byte for byte in printed} | {chr(letter): byte for letter, byte in others}


def _own(content: Mapping[str, Any]) -> bool:
    """Whether it is made as this package makes it. Raises LookupError or TypeError where it is another file."""
    cut, letters = content["pre_tokenizer"]["pretokenizers"]
    return (
        _OWN in {token["content"] for token in content["added_tokens"]}
        and content["normalizer"] is None
        and content["model"]["type"] == "BPE"
        and (cut["type"], cut["behavior"], cut["invert"]) == ("Split", "Isolated", False)
        and cut["pattern"]["Regex"] in _PATTERNS
        and (letters["type"], letters["add_prefix_space"], letters["use_regex"]) == ("ByteLevel", False, False)
    )


class BytePairs(Tokenizer):
    """Merges by rank: a token's id is its rank, for each was learned by one merge, in this order."""

    def __init__(self, encoding: Encoding, names: Mapping[str, int]) -> None:
        super().__init__(names)
        self._encoding = encoding

    def ids(self, text: str) -> tuple[int, ...]:
        return tuple(self._encoding.encode_ordinary(text))

    def text(self, ids: Sequence[int]) -> str:
        return str(self._encoding.decode([token for token in ids if self.name(token) is not None]))


def _encoding(pattern: str, learned: Mapping[str, int], special: Mapping[str, int]) -> Encoding:
    """Raises LookupError, TypeError, ValueError or OverflowError where the vocabulary is not whole."""
    from tiktoken import Encoding

    letters = _alphabet()
    if not set(letters) <= set(learned) or len({*learned.values(), *special.values()}) < len(learned) + len(special):
        raise ValueError("a byte without a token, or a token that stands for two texts")
    ranks = {bytes(letters[letter] for letter in name): token for name, token in learned.items()}
    return Encoding("own", pat_str=pattern, mergeable_ranks=ranks, special_tokens=dict(special))


def byte_pairs(content: Mapping[str, Any]) -> BytePairs | None:
    """The tokenizer that a parsed tokenizer.json describes; None where it is not of this package's make.

    Raises ValueError where it is, and is broken.
    """
    try:
        if not _own(content):
            return None
    except (LookupError, TypeError, ValueError):
        return None
    try:
        special = {token["content"]: token["id"] for token in content["added_tokens"]}
        learned = {name: token for name, token in content["model"]["vocab"].items() if name not in special}
        pattern = content["pre_tokenizer"]["pretokenizers"][0]["pattern"]["Regex"]
        return BytePairs(_encoding(pattern, learned, special), learned | special)
    except (LookupError, TypeError, AttributeError, OverflowError) as error:
        raise ValueError(f"its vocabulary is broken at {error}") from error
