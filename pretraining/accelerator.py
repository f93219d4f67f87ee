"""One GPU that turns packed rows into gradients. Knows the network; does not know the optimiser or the data.

Stands in for the worker processes of a CPU.
"""

from __future__ import annotations

import torch
from torch import Tensor

from pretraining.network import Network
from pretraining.pool import Rows


class Accelerator:
    """The network on `device`, compiled there for rows of one shape.

    Attention goes by blocks; where those cannot be compiled, a dense mask does the same at a higher price.
    """

    def __init__(self, network: Network, device: str, like: Rows) -> None:
        self._network, self._device = network, device
        self._compiled = torch.compile(network, dynamic=False) if device == "cuda" else network
        if device == "cuda":
            network.blocks = True
            try:
                self.gradients(like)
            except Exception as error:
                print(f"attention by blocks: {type(error).__name__}: {str(error)[:1500]}", flush=True)
                torch.compiler.reset()
                network.blocks = False

    def _moved(self, rows: Rows) -> tuple[Tensor, ...]:
        found = (torch.from_numpy(part) for part in (rows.ids, rows.labels, rows.weights, rows.documents))
        if self._device == "cuda":
            return tuple(part.pin_memory().to(self._device, non_blocking=True) for part in found)
        return tuple(found)

    def gradients(self, rows: Rows) -> tuple[dict[str, Tensor], Tensor]:
        """Gradients of the weighted mean loss, and that loss in nats."""
        self._network.zero_grad()
        loss = self._compiled(*self._moved(rows)) / float(rows.weights.sum())
        loss.backward()
        return {name: p.grad for name, p in self._network.named_parameters() if p.grad is not None}, loss.detach()

    def loss(self, rows: Rows) -> float:
        """The weighted mean loss in nats. Gradients are left on: without them all would be compiled once more."""
        return float(self._compiled(*self._moved(rows)).detach()) / max(1.0, float(rows.weights.sum()))

    def stop(self) -> None:
        """Nothing runs beside this process."""
