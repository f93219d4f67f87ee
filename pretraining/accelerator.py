"""One GPU that turns micro-batches into gradients: the sequences packed into full rows, each kept to itself by a mask.

Knows the network; does not know the optimiser or the data. Stands in for the worker processes of a CPU.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from pretraining.network import Network, document_mask
from pretraining.workers import Batch


def packed(batches: Sequence[Batch], length: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """The sequences of padded batches end to end in rows of `length`: ids, labels, weights and document numbers.

    Longest first, each into the first row with room. What is left of a row is a document of its own with no weight.
    """
    sequences = [
        (ids[i, :size], labels[i, :size], weights[i, :size])
        for ids, labels, weights in batches
        for i, size in enumerate((ids > 0).sum(1).tolist())
    ]
    rows: list[list[int]] = []
    room: list[int] = []
    for number in sorted(range(len(sequences)), key=lambda n: -len(sequences[n][0])):
        size = len(sequences[number][0])
        row = next((r for r, left in enumerate(room) if left >= size), len(rows))
        if row == len(rows):
            rows.append([])
            room.append(length)
        rows[row].append(number)
        room[row] -= size
    ids = torch.zeros(len(rows), length, dtype=torch.long)
    labels, documents, weights = torch.zeros_like(ids), torch.zeros_like(ids), torch.zeros(len(rows), length)
    for row, numbers in enumerate(rows):
        at = 0
        for number in numbers:
            part = slice(at, at + len(sequences[number][0]))
            ids[row, part], labels[row, part], weights[row, part] = sequences[number]
            documents[row, part] = number + 1
            at = part.stop
    return ids, labels, weights, documents


class Accelerator:
    """The network on `device`, compiled there. Rows are `length` tokens long."""

    def __init__(self, network: Network, device: str, length: int) -> None:
        self._network, self._device, self._length = network, device, length
        self._compiled = torch.compile(network, dynamic=False) if device == "cuda" else network

    def gradients(self, batches: Sequence[Batch]) -> tuple[dict[str, Tensor], float, float]:
        """Gradients of the weighted mean loss, the summed loss in nats and the summed weights."""
        counted = sum(float(weights.sum()) for _, _, weights in batches)
        self._network.zero_grad()
        total = 0.0
        for batch in batches:
            ids, labels, weights, documents = (t.to(self._device) for t in packed([batch], self._length))
            loss = self._compiled(ids, labels, weights, document_mask(documents))
            (loss / counted).backward()
            total += float(loss.detach())
        found = {name: p.grad for name, p in self._network.named_parameters() if p.grad is not None}
        return found, total, counted

    def stop(self) -> None:
        """Nothing runs beside this process."""
