"""The base model in plain torch: Llama's shape with joined projections, made for fast training.

Knows the computation; does not know data or optimisation. `to_llama` names the weights as transformers does.
A row holds one sequence, padded on the right (causal attention alone keeps padding out of sight), or several documents
end to end: then a mask keeps each to itself. Rotary positions are relative, so they need not start anew.
"""

from __future__ import annotations

from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn
from torch.nn.attention.flex_attention import BlockMask, create_block_mask, flex_attention

from pretraining.configuration import Shape

_LAYER = (
    *(f"self_attn.{name}_proj" for name in "qkvo"),
    *("mlp.gate_proj", "mlp.up_proj", "mlp.down_proj", "input_layernorm", "post_attention_layernorm"),
)


def _rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    half = x.shape[-1] // 2
    swapped = torch.cat((-x[..., half:], x[..., :half]), dim=-1)
    return x * cos + swapped * sin


def _norm(x: Tensor, weight: Tensor, epsilon: float) -> Tensor:
    wide = x.float()
    return (wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + epsilon)).to(x.dtype) * weight.to(x.dtype)


def document_mask(documents: Tensor, blocks: bool) -> Tensor | BlockMask:
    """Which positions see which: earlier ones of the same document. `documents`: (rows, length) numbers.

    With `blocks`, those that nobody sees are never computed, which only a GPU has a backward pass for.
    """

    def seen(row: Tensor, _head: Tensor, query: Tensor, key: Tensor) -> Tensor:
        return (query >= key) & (documents[row, query] == documents[row, key])

    rows, length = documents.shape
    if blocks:
        return create_block_mask(seen, rows, None, length, length, device=documents.device)
    causal = torch.ones(length, length, dtype=torch.bool, device=documents.device).tril()
    return (causal & (documents[:, :, None] == documents[:, None, :]))[:, None]


def _attend(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | BlockMask | None) -> Tensor:
    if isinstance(mask, BlockMask):
        seen: Tensor = flex_attention(q, k, v, block_mask=mask)
        return seen
    return F.scaled_dot_product_attention(q, k, v, attn_mask=mask, is_causal=mask is None)


class Layer(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        joined = (shape.heads + 2 * shape.kv_heads) * shape.head
        self.norm_attention = nn.Parameter(torch.ones(shape.hidden))
        self.norm_mlp = nn.Parameter(torch.ones(shape.hidden))
        self.qkv = nn.Parameter(torch.randn(joined, shape.hidden) * shape.hidden**-0.5)
        self.out = nn.Parameter(torch.randn(shape.hidden, shape.hidden) * (shape.hidden * 2 * shape.layers) ** -0.5)
        self.gate_up = nn.Parameter(torch.randn(2 * shape.inner, shape.hidden) * shape.hidden**-0.5)
        self.down = nn.Parameter(torch.randn(shape.hidden, shape.inner) * (shape.inner * 2 * shape.layers) ** -0.5)

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, mask: Tensor | BlockMask | None) -> Tensor:
        s, (batch, length, _) = self.shape, x.shape
        joined = F.linear(_norm(x, self.norm_attention, s.epsilon), self.qkv.to(x.dtype))
        joined = joined.view(batch, length, s.heads + 2 * s.kv_heads, s.head).transpose(1, 2)
        q, k, v = joined.split((s.heads, s.kv_heads, s.kv_heads), dim=1)
        q, k = _rotate(q, cos, sin), _rotate(k, cos, sin)
        k, v = (t.repeat_interleave(s.heads // s.kv_heads, dim=1) for t in (k, v))
        seen = _attend(q, k, v, mask)
        x = x + F.linear(seen.transpose(1, 2).reshape(batch, length, -1), self.out.to(x.dtype))
        gate, up = F.linear(_norm(x, self.norm_mlp, s.epsilon), self.gate_up.to(x.dtype)).chunk(2, dim=-1)
        return x + F.linear(F.silu(gate) * up, self.down.to(x.dtype))


class Network(nn.Module):
    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.shape = shape
        self.blocks = False  # whether attention skips the blocks that nobody sees
        self.embedding = nn.Parameter(torch.randn(shape.vocabulary, shape.hidden) * 0.02)
        self.norm = nn.Parameter(torch.ones(shape.hidden))
        self.layers = nn.ModuleList(Layer(shape) for _ in range(shape.layers))
        steps = torch.arange(0, shape.head, 2).float() / shape.head
        angles = torch.outer(torch.arange(shape.positions).float(), shape.rope_theta**-steps)
        self.register_buffer("angles", torch.cat((angles, angles), dim=-1), persistent=False)

    def forward(self, ids: Tensor, labels: Tensor, weights: Tensor, documents: Tensor | None = None) -> Tensor:
        """Summed cross-entropy in nats of the shifted `labels`, each times its weight; all of shape (rows, length).

        `documents` numbers what each position belongs to, where a row holds several.
        """
        mask = None if documents is None else document_mask(documents, self.blocks)
        angles = self.angles[: ids.shape[1]]
        cos, sin = angles.cos().bfloat16(), angles.sin().bfloat16()
        table = self.embedding.bfloat16()
        x = F.embedding(ids, table)
        for layer in self.layers:
            x = layer(x, cos, sin, mask)
        x = _norm(x, self.norm, self.shape.epsilon)
        logits = F.linear(x.view(-1, self.shape.hidden), table)
        losses = F.cross_entropy(logits.float(), labels.view(-1), reduction="none")
        return (losses * weights.view(-1)).sum()


def to_llama(network: Network) -> tuple[dict[str, object], dict[str, Tensor]]:
    """The configuration and the weights under the names of transformers' LlamaForCausalLM."""
    s = network.shape
    weights = {"model.embed_tokens.weight": network.embedding, "model.norm.weight": network.norm}
    for i, layer in enumerate(network.layers):
        assert isinstance(layer, Layer)
        q, k, v = layer.qkv.split([s.heads * s.head, s.kv_heads * s.head, s.kv_heads * s.head])
        gate, up = layer.gate_up.chunk(2)
        named = {
            "self_attn.q_proj": q, "self_attn.k_proj": k, "self_attn.v_proj": v, "self_attn.o_proj": layer.out,
            "mlp.gate_proj": gate, "mlp.up_proj": up, "mlp.down_proj": layer.down,
            "input_layernorm": layer.norm_attention, "post_attention_layernorm": layer.norm_mlp,
        }  # fmt: skip
        weights |= {f"model.layers.{i}.{name}.weight": value for name, value in named.items()}
    config: dict[str, object] = {
        "architectures": ["LlamaForCausalLM"], "model_type": "llama", "vocab_size": s.vocabulary,
        "hidden_size": s.hidden, "intermediate_size": s.inner, "num_hidden_layers": s.layers,
        "num_attention_heads": s.heads, "num_key_value_heads": s.kv_heads, "head_dim": s.head, "hidden_act": "silu",
        "max_position_embeddings": s.positions, "rms_norm_eps": s.epsilon, "rope_theta": s.rope_theta,
        "tie_word_embeddings": True, "attention_bias": False, "mlp_bias": False, "dtype": "bfloat16",
        "pad_token_id": 0, "eos_token_id": 1, "bos_token_id": None,
    }  # fmt: skip
    return config, {name: value.detach().clone().contiguous() for name, value in weights.items()}


def from_llama(config: dict[str, Any], weights: dict[str, Tensor]) -> Network:
    """The inverse of `to_llama`. Raises KeyError where a weight is missing."""
    network = Network(
        Shape(
            vocabulary=config["vocab_size"],
            hidden=config["hidden_size"],
            layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"],
            kv_heads=config["num_key_value_heads"],
            inner=config["intermediate_size"],
            positions=config["max_position_embeddings"],
            rope_theta=config["rope_theta"],
            epsilon=config["rms_norm_eps"],
        )
    )
    state = {"embedding": weights["model.embed_tokens.weight"], "norm": weights["model.norm.weight"]}
    for i in range(network.shape.layers):
        own = {name: weights[f"model.layers.{i}.{name}.weight"] for name in _LAYER}
        state |= {
            f"layers.{i}.norm_attention": own["input_layernorm"],
            f"layers.{i}.norm_mlp": own["post_attention_layernorm"],
            f"layers.{i}.qkv": torch.cat([own[f"self_attn.{name}_proj"] for name in "qkv"]),
            f"layers.{i}.out": own["self_attn.o_proj"],
            f"layers.{i}.gate_up": torch.cat([own["mlp.gate_proj"], own["mlp.up_proj"]]),
            f"layers.{i}.down": own["mlp.down_proj"],
        }
    network.load_state_dict({name: value.float() for name, value in state.items()})
    return network
