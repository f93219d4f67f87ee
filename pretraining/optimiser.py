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


def _orthogonal(gradient: Tensor) -> Tensor:
    a, b, c = _NEWTON_SCHULZ
    tall = gradient.shape[0] > gradient.shape[1]
    x = (gradient.T if tall else gradient).bfloat16()
    x = x / (x.norm() + 1e-7)
    for _ in range(5):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return (x.T if tall else x).float()


class Muon:
    """Updates one joined matrix part by part. State: its momentum."""

    def __init__(self, weight: Tensor, parts: tuple[int, ...]) -> None:
        self.weight, self.parts = weight, parts
        self.momentum = torch.zeros_like(weight)

    def step(self, gradient: Tensor, rate: float) -> None:
        self.momentum.mul_(0.95).add_(gradient)
        update = gradient + 0.95 * self.momentum
        for weight, part in zip(self.weight.split(self.parts), update.split(self.parts), strict=True):
            scale = max(1.0, part.shape[0] / part.shape[1]) ** 0.5
            weight.mul_(1 - 0.1 * rate).add_(_orthogonal(part), alpha=-rate * scale)


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
        self.muons = {
            name: Muon(p.data, _parts(name, network.shape))
            for name, p in self.parameters.items()
            if p.ndim == 2 and name.startswith("layers")
        }
        self.adams = {name: Adam(p.data) for name, p in self.parameters.items() if name not in self.muons}
        self.mean = {name: p.data.clone() for name, p in self.parameters.items()}

    @torch.no_grad()
    def step(self, gradients: dict[str, Tensor], factor: float) -> None:
        """One update at `factor` times the full learning rates."""
        self.number += 1
        norm = torch.stack([g.norm() for g in gradients.values()]).norm()
        shrink = min(1.0, 1.0 / (float(norm) + 1e-6))
        for name, gradient in gradients.items():
            if name in self.muons:
                self.muons[name].step(gradient, self.rates.matrices * factor)
            else:
                self.adams[name].step(gradient * shrink, self.rates.others * factor, self.number)
        share = min(0.995, (1 + self.number) / (20 + self.number))
        for name, parameter in self.parameters.items():
            self.mean[name].lerp_(parameter.data, 1 - share)

    def state(self) -> dict[str, object]:
        return {
            "number": self.number,
            "momentum": {name: m.momentum for name, m in self.muons.items()},
            "moments": {name: (a.first, a.second) for name, a in self.adams.items()},
            "mean": self.mean,
        }

    def load(self, state: dict[str, object]) -> None:
        saved: dict[str, dict[str, object]] = state  # type: ignore[assignment]
        self.number = int(state["number"])  # type: ignore[call-overload]
        for name, muon in self.muons.items():
            muon.momentum.copy_(saved["momentum"][name])  # type: ignore[arg-type]
        for name, adam in self.adams.items():
            first, second = saved["moments"][name]  # type: ignore[misc]
            adam.first.copy_(first)
            adam.second.copy_(second)
        for name, mean in self.mean.items():
            mean.copy_(saved["mean"][name])  # type: ignore[arg-type]
