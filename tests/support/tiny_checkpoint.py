"""Real checkpoints and a real tokenizer, a few hundred kilobytes large, with random weights."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import Any

from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers

SPECIAL = ("<eos>", "<pad>", "<path>", "<before>", "<after>", "<staged>", "<target>", "<middle>")


def write_tokenizer(folder: Path, *, vocabulary: int = 512) -> None:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary,
        special_tokens=list(SPECIAL),
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    tokenizer.train([str(textwrap.__file__)], trainer)
    tokenizer.save(str(folder / "tokenizer.json"))


def _save(config: Any, folder: Path) -> Path:
    import torch
    import transformers

    transformers.utils.logging.disable_progress_bar()
    folder.mkdir(parents=True, exist_ok=True)
    write_tokenizer(folder, vocabulary=config.vocab_size)
    torch.manual_seed(0)
    transformers.AutoModelForCausalLM.from_config(config).save_pretrained(folder)
    return folder


def write_starcoder(folder: Path) -> Path:
    import transformers

    config = transformers.GPTBigCodeConfig(
        vocab_size=512, n_positions=512, n_embd=48, n_layer=2, n_head=4, initializer_range=0.15
    )
    return _save(config, folder)


def write_starcoder2(folder: Path) -> Path:
    import transformers

    sizes = {"hidden_size": 48, "intermediate_size": 96, "num_hidden_layers": 2}
    config = transformers.Starcoder2Config(
        **sizes, vocab_size=512, num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=512
    )
    return _save(config, folder)


def write_qwen(folder: Path) -> Path:
    import transformers

    sizes = {"hidden_size": 48, "intermediate_size": 96, "num_hidden_layers": 2}
    config = transformers.Qwen2Config(
        **sizes, vocab_size=512, num_attention_heads=4, num_key_value_heads=2, max_position_embeddings=512
    )
    return _save(config, folder)


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
        # Wide enough that the random model has opinions: its log-probabilities differ by nats, not by noise.
        initializer_range=0.15,
        bos_token_id=None,
        eos_token_id=0,
        pad_token_id=1,
    )
    return _save(config, folder)
