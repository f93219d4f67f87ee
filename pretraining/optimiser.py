"""Muon for the matrices inside the layers, AdamW for the embedding and the norms. Knows gradients; not the schedule.

Muon: momentum whose update is replaced by its nearest semi-orthogonal matrix (five Newton-Schulz steps).
Source: K. Jordan et al., "Muon: an optimizer for hidden layers in neural networks", 2024.
"""

from __future__ import annotations

import torch
from torch import Tensor

from pretraining.configuration import Shape, Training
from pretraining.network import Network

_NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)


def _orthogonal(gradients: Tensor) -> Tensor:
    """The nearest semi-orthogonal matrix of each of `gradients`, shape (number, rows, columns)."""
    a, b, c = _NEWTON_SCHULZ
    tall = gradients.shape[1] > gradients.shape[2]
    x = (gradients.mT if tall else gradients).bfloat16()
    x = x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)
    for _ in range(5):
        gram = x @ x.mT
        x = a * x + (b * gram + c * gram @ gram) @ x
    return (x.mT if tall else x).float()


class Muon:
    """Updates joined matrices part by part, all parts of one shape at once. State: a momentum for each matrix."""

    def __init__(self, weights: dict[str, Tensor], parts: dict[str, tuple[int, ...]]) -> None:
        self.weights, self.parts = weights, parts
        self.momentum = {name: torch.zeros_like(weight) for name, weight in weights.items()}

    def step(self, gradients: dict[str, Tensor], rate: float) -> None:
        groups: dict[tuple[int, ...], list[tuple[Tensor, Tensor]]] = {}
        for name, weight in self.weights.items():
            momentum, gradient = self.momentum[name], gradients[name]
            momentum.mul_(0.95).add_(gradient)
            update = gradient + 0.95 * momentum
            for pair in zip(weight.split(self.parts[name]), update.split(self.parts[name]), strict=True):
                groups.setdefault(tuple(pair[0].shape), []).append(pair)
        for (rows, columns), pairs in groups.items():
            scale = max(1.0, rows / columns) ** 0.5
            for (weight, _), update in zip(pairs, _orthogonal(torch.stack([u for _, u in pairs])), strict=True):
                weight.mul_(1 - 0.1 * rate).add_(update, alpha=-rate * scale)


class Adam:
    """AdamW without decay. State: both moments and the number of steps."""

    def __init__(self, weight: Tensor) -> None:
        self.weight = weight
        self.first, self.second = torch.zeros_like(weight), torch.zeros_like(weight)

    def step(self, gradient: Tensor, rate: float, number: int) -> None:
        self.first.lerp_(gradient, 0.1)
        self.second.lerp_(gradient.square(), 0.05)
        mean, spread = self.first / (1 - 0.9**number), self.second / (1 - 0.95**number)
        self.weight.addcdiv_(mean, spread.sqrt() + 1e-8, value=-rate)


def _parts(name: str, shape: Shape) -> tuple[int, ...]:
    """How many rows of a joined matrix belong to each projection."""
    if name.endswith("qkv"):
        return (shape.heads * shape.head, shape.kv_heads * shape.head, shape.kv_heads * shape.head)
    if name.endswith("gate_up"):
        return (shape.inner, shape.inner)
    return (shape.inner,) if name.endswith("inner") else (shape.hidden,)


class Optimiser:
    """Both optimisers over a network, with a running mean of the weights."""

    def __init__(self, network: Network, rates: Training) -> None:
        self.parameters = dict(network.named_parameters())
        self.rates = rates
        self.number = 0
        matrices = {n: p.data for n, p in self.parameters.items() if p.ndim == 2 and n.startswith("layers")}
        self.muon = Muon(matrices, {name: _parts(name, network.shape) for name in matrices})
        self.adams = {name: Adam(p.data) for name, p in self.parameters.items() if name not in matrices}
        self.mean = {name: p.data.clone() for name, p in self.parameters.items()}

    @torch.no_grad()
    def step(self, gradients: dict[str, Tensor], factor: float) -> None:
        """One update at `factor` times the full learning rates."""
        self.number += 1
        norm = torch.stack([g.norm() for g in gradients.values()]).norm()
        shrink = min(1.0, 1.0 / (float(norm) + 1e-6))
        self.muon.step(gradients, self.rates.matrices * factor)
        for name, adam in self.adams.items():
            adam.step(gradients[name] * shrink, self.rates.others * factor, self.number)
        share = min(0.995, (1 + self.number) / (20 + self.number))
        for name, parameter in self.parameters.items():
            self.mean[name].lerp_(parameter.data, 1 - share)

    def state(self) -> dict[str, object]:
        return {
            "number": self.number,
            "momentum": self.muon.momentum,
            "moments": {name: (a.first, a.second) for name, a in self.adams.items()},
            "mean": self.mean,
        }

    def load(self, state: dict[str, object]) -> None:
        saved: dict[str, dict[str, object]] = state  # type: ignore[assignment]
        self.number = int(state["number"])  # type: ignore[call-overload]
        for name, momentum in self.muon.momentum.items():
            momentum.copy_(saved["momentum"][name])  # type: ignore[arg-type]
        for name, adam in self.adams.items():
            first, second = saved["moments"][name]  # type: ignore[misc]
            adam.first.copy_(first)
            adam.second.copy_(second)
        for name, mean in self.mean.items():
            mean.copy_(saved["mean"][name])  # type: ignore[arg-type]
