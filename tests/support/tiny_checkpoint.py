"""A real Llama checkpoint and tokenizer, a few hundred kilobytes large, with random weights."""

from __future__ import annotations

import textwrap
from pathlib import Path

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


def write_checkpoint(
    folder: Path, *, vocabulary: int = 512, hidden: int = 48, layers: int = 2, context: int = 512, seed: int = 0
) -> Path:
    """`folder`, with config.json, model.safetensors and tokenizer.json in it."""
    import torch
    import transformers

    transformers.utils.logging.disable_progress_bar()
    folder.mkdir(parents=True, exist_ok=True)
    write_tokenizer(folder, vocabulary=vocabulary)
    torch.manual_seed(seed)
    config = transformers.LlamaConfig(
        vocab_size=vocabulary,
        hidden_size=hidden,
        intermediate_size=2 * hidden,
        num_hidden_layers=layers,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=context,
        rope_theta=20000.0,
        tie_word_embeddings=True,
        # Wide enough that the random model has opinions: its log-probabilities differ by nats, not by noise.
        initializer_range=0.15,
        bos_token_id=None,
        eos_token_id=0,
        pad_token_id=1,
    )
    transformers.LlamaForCausalLM(config).save_pretrained(folder)
    return folder
