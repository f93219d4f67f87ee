"""The families of base models, one table: markers, special tokens and architectures of each.

Does not know how a prompt is made of them.
"""

from __future__ import annotations

from codetune_git.model.prompts.family import Family
from codetune_git.model.tokenizers.tokenizer import Tokenizer

_NAMES = ("path", "before", "after", "staged", "target", "middle")
_EMBEDDED = {**{name: f"<{name}>" for name in _NAMES}, "end": "<eos>"}
_PLAIN = {
    "path": "<<<<<<< path ",
    "before": "\n<<<<<<< before\n",
    "after": "\n<<<<<<< after\n",
    "staged": "\n<<<<<<< staged",
    "target": "\n=======",
    "middle": "\n<<<<<<< middle\n",
    "end": "\n>>>>>>> committed",
}

# The first family that fits is a base's. Each format is the one that the base was pretrained with as far as that goes:
# where the path stands, what a file begins with. The target of a base that knows no commits is what stands in the
# middle, which is what its token for that asks for; the staged text before it is what plain text has to say.
_TABLE = (
    Family("embedded", ("LlamaForCausalLM",), tuple(_EMBEDDED.values()), _EMBEDDED, near="<near>"),
    Family(
        "starcoder",
        ("GPTBigCodeForCausalLM",),
        (
            "<filename>",
            "<fim_prefix>",
            "<fim_suffix>",
            "<fim_middle>",
            "<commit_before>",
            "<commit_msg>",
            "<commit_after>",
            "<|endoftext|>",
        ),
        {
            "path": "<fim_prefix><filename>",
            "before": "\n",
            "after": "<fim_suffix>",
            "staged": "<commit_before>",
            "target": "<commit_msg>Follow the style of the repository<commit_after>",
            "middle": "<fim_middle>",
            "end": "<|endoftext|>",
        },
    ),
    Family(
        "starcoder2",
        ("Starcoder2ForCausalLM",),
        ("<file_sep>", "<fim_prefix>", "<fim_suffix>", "<fim_middle>", "<|endoftext|>"),
        {
            "path": "<file_sep><fim_prefix>",
            "before": "\n",
            "after": "<fim_suffix>",
            "staged": _PLAIN["staged"],
            "target": "<fim_middle>",
            "middle": "<fim_middle>",
            "end": "<|endoftext|>",
        },
    ),
    Family(
        "codellama",
        ("LlamaForCausalLM",),
        ("<s>", "▁<PRE>", "▁<SUF>", "▁<MID>", "▁<EOT>"),
        {
            "path": f"<s>{_PLAIN['path']}",
            "before": "▁<PRE>",
            "after": "▁<SUF>",
            "staged": _PLAIN["staged"],
            "target": "▁<MID>",
            "middle": "▁<MID>",
            "end": "▁<EOT>",
        },
    ),
    Family(
        "qwen",
        ("Qwen2ForCausalLM", "Qwen3ForCausalLM"),
        ("<|file_sep|>", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>", "<|endoftext|>"),
        {
            "path": "<|file_sep|>",
            "before": "\n<|fim_prefix|>",
            "after": "<|fim_suffix|>",
            "staged": _PLAIN["staged"],
            "target": "<|fim_middle|>",
            "middle": "<|fim_middle|>",
            "end": "<|endoftext|>",
        },
    ),
    Family(
        "codegemma",
        ("GemmaForCausalLM", "Gemma3ForCausalLM"),
        ("<bos>", "<|file_separator|>", "<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),
        {
            "path": f"<bos>{_PLAIN['path']}",
            "before": "\n<|fim_prefix|>",
            "after": "<|fim_suffix|>",
            "staged": _PLAIN["staged"],
            "target": "<|fim_middle|>",
            "middle": "<|fim_middle|>",
            "end": "<|file_separator|>",
        },
    ),
    Family(
        "gemma",
        ("GemmaForCausalLM", "Gemma2ForCausalLM", "Gemma3ForCausalLM"),
        ("<bos>", "<eos>"),
        {**_PLAIN, "path": f"<bos>{_PLAIN['path']}", "end": "<eos>"},
    ),
    Family(
        "llama",
        ("LlamaForCausalLM", "MistralForCausalLM"),
        ("<s>", "</s>"),
        {**_PLAIN, "path": f"<s>{_PLAIN['path']}", "end": "</s>"},
    ),
    Family("plain", (), (), _PLAIN),
)

FAMILIES: dict[str, Family] = {family.name: family for family in _TABLE}


def family_of(architecture: str, tokenizer: Tokenizer) -> Family:
    """The family of a base model by its architecture name and the special tokens that its vocabulary has."""
    return next(family for family in _TABLE if family.fits(architecture, tokenizer))
