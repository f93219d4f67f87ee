"""Writes a checkpoint as a folder that stock transformers loads: configuration, bf16 weights, tokenizer, card.

Knows checkpoints and file names; does not judge the model. The weights are the running mean over the last few hundred
steps (it stands in for a decay that has not happened yet) or, after a decay, the last ones.

    python -m pretraining.export --run FOLDER --tokenizer FOLDER --out codetune_git/base [--last]
"""

from __future__ import annotations

import argparse
import json
import shutil
from pathlib import Path

import torch
from safetensors.torch import save_file

from pretraining.configuration import read
from pretraining.network import Network, to_llama
from pretraining.train import restore

_GENERATION = {"eos_token_id": 1, "pad_token_id": 0, "do_sample": False, "max_new_tokens": 256}
_TOKENIZER = {
    "tokenizer_class": "PreTrainedTokenizerFast",
    "eos_token": "<eos>",
    "pad_token": "<pad>",
    "model_max_length": 2048,
    "clean_up_tokenization_spaces": False,
}


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2) + "\n", encoding="utf-8")


def write_model(network: Network, tokenizer: Path, out: Path) -> None:
    """The model files of `network`; each is replaced as a whole."""
    config, weights = to_llama(network)
    out.mkdir(parents=True, exist_ok=True)
    rounded = {name: value.to(torch.bfloat16) for name, value in weights.items()}
    save_file(rounded, out / "model.safetensors.tmp", metadata={"format": "pt"})
    (out / "model.safetensors.tmp").chmod(0o644)
    (out / "model.safetensors.tmp").replace(out / "model.safetensors")
    shutil.copyfile(tokenizer / "tokenizer.json", out / "tokenizer.json")
    _write_json(out / "config.json", config)
    _write_json(out / "generation_config.json", _GENERATION)
    _write_json(out / "tokenizer_config.json", _TOKENIZER)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--run", type=Path, required=True)
    arguments.add_argument("--tokenizer", type=Path, required=True)
    arguments.add_argument("--out", type=Path, required=True)
    arguments.add_argument("--last", action="store_true", help="the last weights instead of their running mean")
    given = arguments.parse_args()
    network, optimiser, progress = restore(given.run, read())
    if not given.last:
        network.load_state_dict(optimiser.mean)
    write_model(network, given.tokenizer, given.out)
    print(f"{progress.tokens} tokens, {sum(p.numel() for p in network.parameters())} parameters -> {given.out}")


if __name__ == "__main__":
    main()
