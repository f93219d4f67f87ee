"""Worker processes that turn packed rows into gradients. Knows the network; does not know the optimiser or the data.

One thread each: on a machine that others use too, threads that wait for each other at every operation cost more than
processes that meet once a step. Weights and gradients lie in shared memory; a free worker takes the next row.
"""

from __future__ import annotations

import queue
from multiprocessing import parent_process
from typing import Any

import torch
from torch import Tensor
from torch import multiprocessing as mp

from pretraining.network import Network
from pretraining.pool import Rows

_ASKED_AGAIN = 2.0  # seconds between two looks at whether the caller is still there


def _work(network: Network, gradients: dict[str, Tensor], jobs: Any, done: Any) -> None:
    torch.set_num_threads(1)
    caller = parent_process()
    compiled = torch.compile(network, dynamic=True)
    while caller is None or caller.is_alive():
        try:
            job = jobs.get(timeout=_ASKED_AGAIN)
        except queue.Empty:
            continue
        if job is None:
            return
        rows, scale = job
        loss = compiled(*rows)
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
        self._network = network
        self._jobs, self._done = context.Queue(), context.Queue()
        self._names = [name for name, _ in network.named_parameters()]
        self._gradients = []
        self._processes = []
        for _ in range(count):
            buffers = {n: torch.zeros_like(p.data).share_memory_() for n, p in network.named_parameters()}
            self._gradients.append(buffers)
            process = context.Process(target=_work, args=(network, buffers, self._jobs, self._done), daemon=True)
            process.start()
            self._processes.append(process)

    def gradients(self, rows: Rows) -> tuple[dict[str, Tensor], float]:
        """Gradients of the weighted mean loss, and that loss in nats."""
        counted = float(rows.weights.sum())
        parts = [torch.from_numpy(part) for part in (rows.ids, rows.labels, rows.weights, rows.documents)]
        for row in range(len(rows.ids)):
            self._jobs.put((tuple(part[row : row + 1] for part in parts), 1.0 / counted))
        loss = sum(self._answer() for _ in range(len(rows.ids)))
        total = {n: torch.stack([buffers[n] for buffers in self._gradients]).sum(0) for n in self._names}
        for buffers in self._gradients:
            for buffer in buffers.values():
                buffer.zero_()
        return total, loss / counted

    def _answer(self) -> float:
        """What the next finished row cost. Raises RuntimeError where a worker is gone: its row would never come."""
        while True:
            try:
                return float(self._done.get(timeout=10))
            except queue.Empty:
                if not all(process.is_alive() for process in self._processes):
                    raise RuntimeError("a worker process has ended") from None

    @torch.no_grad()
    def loss(self, rows: Rows) -> float:
        """The weighted mean loss in nats."""
        parts = [torch.from_numpy(part) for part in (rows.ids, rows.labels, rows.weights, rows.documents)]
        each = (self._network(*(part[row : row + 1] for part in parts)) for row in range(len(rows.ids)))
        return float(sum(map(float, each))) / max(1.0, float(rows.weights.sum()))

    def stop(self) -> None:
        for _ in self._processes:
            self._jobs.put(None)
        for process in self._processes:
            process.join(timeout=30)
