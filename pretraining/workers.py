"""Worker processes that turn micro-batches into gradients. Knows the network; does not know the optimiser or the data.

One thread each: on a machine that others use too, threads that wait for each other at every operation cost more than
processes that meet once a step. Weights and gradients lie in shared memory; a free worker takes the next micro-batch.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor
from torch import multiprocessing as mp

from pretraining.network import Network

Batch = tuple[Tensor, Tensor, Tensor]


def _work(network: Network, gradients: dict[str, Tensor], jobs: Any, done: Any) -> None:
    torch.set_num_threads(1)
    parent = os.getppid()
    compiled = torch.compile(network, dynamic=True)
    while os.getppid() == parent:
        job = jobs.get()
        if job is None:
            return
        ids, labels, weights, scale = job
        loss = compiled(ids, labels, weights)
        (loss * scale).backward()
        with torch.no_grad():
            for name, parameter in network.named_parameters():
                if parameter.grad is not None:
                    gradients[name].add_(parameter.grad)
                    parameter.grad = None
        done.put(float(loss.detach()))


class Workers:
    """`count` processes that share the weights of `network`."""

    def __init__(self, network: Network, count: int) -> None:
        network.share_memory()
        context = mp.get_context("spawn")
        self._jobs, self._done = context.SimpleQueue(), context.SimpleQueue()
        self._names = [name for name, _ in network.named_parameters()]
        self._gradients = []
        self._processes = []
        for _ in range(count):
            buffers = {n: torch.zeros_like(p.data).share_memory_() for n, p in network.named_parameters()}
            self._gradients.append(buffers)
            process = context.Process(target=_work, args=(network, buffers, self._jobs, self._done), daemon=True)
            process.start()
            self._processes.append(process)

    def gradients(self, batches: Sequence[Batch]) -> tuple[dict[str, Tensor], float, float]:
        """Gradients of the weighted mean loss, the summed loss in nats and the summed weights."""
        counted = sum(float(weights.sum()) for _, _, weights in batches)
        for batch in batches:
            self._jobs.put((*batch, 1.0 / counted))
        loss = sum(self._done.get() for _ in batches)
        total = {n: torch.stack([buffers[n] for buffers in self._gradients]).sum(0) for n in self._names}
        for buffers in self._gradients:
            for buffer in buffers.values():
                buffer.zero_()
        return total, loss, counted

    def stop(self) -> None:
        for _ in self._processes:
            self._jobs.put(None)
        for process in self._processes:
            process.join(timeout=30)
