"""One GPU that turns packed rows into gradients. Knows the network; does not know the optimiser or the data.

Stands in for the worker processes of a CPU.
"""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.attention.flex_attention import BlockMask

from pretraining.network import Network, document_mask
from pretraining.pool import Rows


class Accelerator:
    """The network on `device`, compiled there for rows of one shape.

    Attention by blocks is tried with the mask made inside of the compiled network, then outside; where neither can be
    compiled, a dense mask does the same at a higher price.
    """

    def __init__(self, network: Network, device: str, like: Rows) -> None:
        self._network, self._device = network, device
        self._compiled = torch.compile(network, dynamic=False) if device == "cuda" else network
        self._outside = False
        for blocks, outside in ((True, False), (True, True), (False, False)) if device == "cuda" else ():
            network.blocks, self._outside = blocks, outside
            try:
                self.gradients(like)
                print(f"attention by blocks: {blocks}, mask made outside: {outside}", flush=True)
                break
            except Exception as error:
                print(f"{blocks} {outside} failed: {type(error).__name__}: {str(error)[:1500]}", flush=True)
                torch.compiler.reset()

    def _moved(self, rows: Rows) -> tuple[Tensor | BlockMask, ...]:
        found = [torch.from_numpy(part) for part in (rows.ids, rows.labels, rows.weights, rows.documents)]
        if self._device == "cuda":
            found = [part.pin_memory().to(self._device, non_blocking=True) for part in found]
        return (*found[:3], document_mask(found[3], blocks=True)) if self._outside else tuple(found)

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
