"""Real checkpoints and real tokenizers, a few hundred kilobytes large, with random weights: of each family of bases.

Architectures, special tokens and the make of the tokenizers are those of the published bases; only the sizes are not.
"""

from __future__ import annotations

import json
import textwrap
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from pretraining.tokenizer import untrained

SPECIAL = ("<eos>", "<pad>", "<path>", "<before>", "<after>", "<staged>", "<target>", "<middle>")
STARCODER = (
    *("<|endoftext|>", "<fim_prefix>", "<fim_middle>", "<fim_suffix>", "<fim_pad>", "<filename>", "<gh_stars>"),
    *("<commit_before>", "<commit_msg>", "<commit_after>", "<reponame>"),
)
STARCODER2 = ("<|endoftext|>", "<fim_prefix>", "<fim_middle>", "<fim_suffix>", "<fim_pad>", "<repo_name>", "<file_sep>")
QWEN = (
    *("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>"),
    *("<|fim_pad|>", "<|repo_name|>", "<|file_sep|>"),
)
CODE_LLAMA = ("<unk>", "<s>", "</s>", "▁<PRE>", "▁<SUF>", "▁<MID>", "▁<EOT>")
GEMMA = ("<pad>", "<eos>", "<bos>", "<unk>", "<start_of_turn>", "<end_of_turn>")
CODE_GEMMA = (*GEMMA, "<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>", "<|file_separator|>")

# How Qwen's tokenizer cuts a text: what ends a line is one piece with its line break.
_QWEN_CUTS = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
_SIZES = {"hidden_size": 32, "intermediate_size": 64, "num_hidden_layers": 2, "num_attention_heads": 4}
# Wide enough that the random model has opinions: its log-probabilities differ by nats, not by noise.
_WIDE = {"initializer_range": 0.15, "max_position_embeddings": 512, "vocab_size": 640}


def _trained(tokenizer: Tokenizer, special: Sequence[str], size: int, alphabet: Sequence[str] = ()) -> Tokenizer:
    trainer = trainers.BpeTrainer(
        vocab_size=size, special_tokens=list(special), initial_alphabet=list(alphabet), show_progress=False
    )
    tokenizer.train([str(textwrap.__file__)], trainer)
    return tokenizer


def byte_level(special: Sequence[str], size: int, cuts: str = "") -> Tokenizer:
    """Every byte is a letter; with `cuts` a text is cut as that pattern says, and normalised first."""
    tokenizer = Tokenizer(models.BPE())
    letters = pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=not cuts)
    if cuts:
        tokenizer.normalizer = normalizers.NFC()
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([pre_tokenizers.Split(Regex(cuts), "isolated"), letters])
    else:
        tokenizer.pre_tokenizer = letters
    tokenizer.decoder = decoders.ByteLevel()
    return _trained(tokenizer, special, size, pre_tokenizers.ByteLevel.alphabet())


def own(special: Sequence[str], size: int) -> Tokenizer:
    """As this package makes its own."""
    return _trained(untrained(), special, size, pre_tokenizers.ByteLevel.alphabet())


def _with_bytes(tokenizer: Tokenizer) -> Tokenizer:
    """What SentencePiece does with characters that it has not learned: their bytes, each a token of its own."""
    content = json.loads(tokenizer.to_str())
    learned = content["model"]["vocab"]
    for byte in range(256):
        learned.setdefault(f"<0x{byte:02X}>", len(learned))
    content["model"] |= {"byte_fallback": True, "fuse_unk": True, "unk_token": "<unk>"}
    return Tokenizer.from_str(json.dumps(content))


def sentence_piece(special: Sequence[str], size: int) -> Tokenizer:
    """Blanks are letters, line breaks bytes, and a blank is put before every text: as Llama's are converted."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Replace(" ", "▁")
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"▁*[^▁\n]+|▁+"), "removed", invert=True)
    found = _with_bytes(_trained(tokenizer, special, size - 256))
    found.pre_tokenizer = None
    found.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    blanks = [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    found.decoder = decoders.Sequence(blanks)
    return found


def gemma_piece(special: Sequence[str], size: int) -> Tokenizer:
    """As Gemma's are converted: nothing is put before a text, and line breaks that follow each other are one token."""
    found = sentence_piece(special, size - 3)
    found.normalizer = normalizers.Replace(" ", "▁")
    found.pre_tokenizer = pre_tokenizers.Split(" ", "merged_with_previous")
    found.decoder = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
    found.add_tokens([AddedToken("\n" * number, normalized=False) for number in (1, 2, 3)])
    return found


# By the family whose format a base with this tokenizer has.
TOKENIZERS: dict[str, Callable[[], Tokenizer]] = {
    "embedded": partial(own, SPECIAL, 512),
    "starcoder": partial(byte_level, STARCODER, 600),
    "starcoder2": partial(byte_level, STARCODER2, 600),
    "codellama": partial(sentence_piece, CODE_LLAMA, 600),
    "qwen": partial(byte_level, QWEN, 600, _QWEN_CUTS),
    "codegemma": partial(gemma_piece, CODE_GEMMA, 600),
    "gemma": partial(gemma_piece, GEMMA, 600),
    "llama": partial(sentence_piece, CODE_LLAMA[:3], 600),
    "plain": partial(byte_level, SPECIAL[:2], 512),
}


def _save(config: Any, folder: Path, family: str) -> Path:
    import torch
    import transformers

    transformers.utils.logging.disable_progress_bar()
    folder.mkdir(parents=True, exist_ok=True)
    TOKENIZERS[family]().save(str(folder / "tokenizer.json"))
    torch.manual_seed(0)
    transformers.AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    return folder


def write_starcoder(folder: Path) -> Path:
    """All heads share their keys and values."""
    import transformers

    sizes = {"n_positions": 512, "n_embd": 32, "n_layer": 2, "n_head": 4, "multi_query": True}
    ends = {"bos_token_id": 0, "eos_token_id": 0}
    config = transformers.GPTBigCodeConfig(**sizes, **ends, vocab_size=640, initializer_range=0.15)
    return _save(config, folder, "starcoder")


def write_starcoder2(folder: Path) -> Path:
    """Each position sees the last 320 tokens only."""
    import transformers

    config = transformers.Starcoder2Config(**_SIZES, **_WIDE, num_key_value_heads=2, sliding_window=320)
    return _save(config, folder, "starcoder2")


def write_code_llama(folder: Path) -> Path:
    import transformers

    config = transformers.LlamaConfig(**_SIZES, **_WIDE, rope_theta=1e6, bos_token_id=1, eos_token_id=2)
    return _save(config, folder, "codellama")


def write_qwen2(folder: Path) -> Path:
    import transformers

    config = transformers.Qwen2Config(**_SIZES, **_WIDE, num_key_value_heads=2, tie_word_embeddings=True)
    return _save(config, folder, "qwen")


def write_qwen3(folder: Path) -> Path:
    import transformers

    config = transformers.Qwen3Config(**_SIZES, **_WIDE, num_key_value_heads=2, head_dim=16)
    return _save(config, folder, "qwen")


def write_gemma(folder: Path, *, family: str = "gemma", scale: int = 16) -> Path:
    """One layer sees the last 320 tokens only, the other everything; the root of `scale` divides attention's scores."""
    import transformers

    config = transformers.Gemma3TextConfig(
        **_SIZES,
        **_WIDE,
        num_key_value_heads=1,
        head_dim=16,
        query_pre_attn_scalar=scale,
        sliding_window=320,
        layer_types=["sliding_attention", "full_attention"],
    )
    return _save(config, folder, family)


def write_code_gemma(folder: Path) -> Path:
    """Its vocabulary in the same network."""
    return write_gemma(folder, family="codegemma")


def write_checkpoint(folder: Path) -> Path:
    """A Llama in the shape of the embedded base; `folder`, with config.json, weights and tokenizer.json in it."""
    import transformers

    config = transformers.LlamaConfig(
        vocab_size=512,
        hidden_size=48,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        rope_theta=20000.0,
        tie_word_embeddings=True,
        initializer_range=0.15,
        bos_token_id=None,
        eos_token_id=0,
        pad_token_id=1,
    )
    return _save(config, folder, "embedded")


def write_unfit(folder: Path) -> Path:
    """A decoder that always gives the logits of all positions."""
    import transformers

    sizes = {"d_model": 32, "decoder_layers": 1, "decoder_attention_heads": 2, "decoder_ffn_dim": 64}
    return _save(transformers.TrOCRConfig(**sizes, vocab_size=640, is_decoder=True), folder, "plain")


# The published bases, named as their format is; Qwen's has two architectures.
WRITERS: dict[str, Callable[[Path], Path]] = {
    "starcoder": write_starcoder,
    "starcoder2": write_starcoder2,
    "codellama": write_code_llama,
    "qwen": write_qwen2,
    "qwen3": write_qwen3,
    "codegemma": write_code_gemma,
    "gemma": write_gemma,
}
