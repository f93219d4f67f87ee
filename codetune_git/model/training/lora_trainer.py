"""Trains one LoRA adapter: batches in, losses out. Knows torch, accelerate and PEFT.

Does not know time, plans, files to write or when to stop.

Sequences are padded on the right and no attention mask is given: the model is causal, so padding is never looked at.
Only positions whose prediction counts in the loss go through the output layer; for a small base that saves a third.
Both are rounded up to a grid: torch keeps prepared kernels and memory for every shape that it meets, gigabytes of it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import torch
from peft import LoraConfig, TaskType, get_peft_model, get_peft_model_state_dict
from peft.helpers import rescale_adapter_scale

from codetune_git.errors import DataRefused, UsageError
from codetune_git.model.base.base_model import BaseModel
from codetune_git.model.base.dimensions import dimensions_of
from codetune_git.model.base.loading import can_quantise, load_model, load_quantised, out_of_memory, with_adapter
from codetune_git.model.training.batching import Batch, Example, split
from codetune_git.model.training.checkpoint import StateDict, flattened, nested
from codetune_git.model.training.config import TrainingConfig
from codetune_git.model.training.devices import accelerator, free_memory, give_back_when_freed
from codetune_git.model.training.memory import MemoryPlan, plan_memory
from codetune_git.model.training.shards import split_like, whole

_CLIP = 1.0
_GRID = 64

Decision = TypeVar("Decision", bool, int, float)
Result = TypeVar("Result")


class TokenPredictions(NamedTuple):
    """Of each token with a loss, in order: the loss in nats, and whether the token is the likeliest one."""

    losses: tuple[float, ...]
    likeliest: tuple[bool, ...]


def _held(base: BaseModel, plan: MemoryPlan, device: torch.device) -> Any:
    """The base as the plan holds it. Nothing of it is widened, as PEFT's preparation for k-bit training would do:
    normalisation computes in full precision anyway, and wide embeddings cost more than 4-bit layers."""
    if plan.precision == "nf4":
        return load_quantised(base, device)
    return load_model(base, dtype=torch.float32 if plan.precision == "fp32" else torch.bfloat16)


def _adapted(model: Any, base: BaseModel, settings: TrainingConfig, parent: Path | None) -> Any:
    """The base with a fresh adapter (which changes nothing yet) or the parent's."""
    if parent is not None:
        return with_adapter(model, parent, trainable=True)
    config = LoraConfig(
        task_type=TaskType.CAUSAL_LM,
        r=settings.rank,
        lora_alpha=settings.alpha,
        lora_dropout=settings.dropout,
        use_rslora=True,
        target_modules="all-linear",
    )
    try:
        return get_peft_model(model, config)
    except ValueError as error:
        raise DataRefused(f"{base.folder}: no linear layer to adapt ({error}); choose another base model") from error


def _optimiser(
    plan: MemoryPlan, weights: Sequence[torch.nn.Parameter], settings: TrainingConfig
) -> torch.optim.Optimizer:
    rate, decay = settings.learning_rate, settings.weight_decay
    if not plan.eight_bit:
        return torch.optim.AdamW(weights, lr=rate, weight_decay=decay)
    from bitsandbytes.optim import AdamW8bit

    made: torch.optim.Optimizer = AdamW8bit(weights, lr=rate, weight_decay=decay)
    return made


def _rounded(size: int) -> int:
    return -(-size // _GRID) * _GRID


def _collated(examples: Sequence[Example], device: torch.device) -> tuple[torch.Tensor, ...]:
    """The examples as tensors, padded on the right; B examples, T tokens, P positions whose next token has a loss.

    Token ids (B, T) int64; positions (P,) int64; target ids (B, P) int64; loss weights (B, P) float32. T and P are
    rounded up to the grid; padded positions have weight 0.
    """
    longest = _rounded(max(example.length for example in examples))
    ids = torch.zeros((len(examples), longest), dtype=torch.long)
    weights = torch.zeros((len(examples), longest))
    for row, example in enumerate(examples):
        ids[row, : example.length] = torch.tensor(example.encoded.ids)
        weights[row, : example.length] = torch.tensor(example.encoded.loss) * example.weight
    counting = weights[:, 1:].any(dim=0).nonzero().squeeze(1)
    counted = torch.cat((counting, counting.new_zeros(_rounded(len(counting)) - len(counting))))
    kept = weights[:, counted + 1]
    kept[:, len(counting) :] = 0.0
    return tuple(t.to(device) for t in (ids, counted, ids[:, counted + 1], kept))


class LoraTrainer:
    """A LoRA adapter on a base, its optimiser, and the devices that accelerate found."""

    def __init__(self, base: BaseModel, settings: TrainingConfig, parent: Path | None) -> None:
        torch.manual_seed(settings.seed)
        self._settings = settings
        self._accelerator = accelerator()
        self._split = bool(getattr(self._accelerator, "is_fsdp2", False))
        self.plan = plan = self._planned(base)
        if self.on_cpu and not plan.loose:
            give_back_when_freed()
        model = _adapted(_held(base, plan, self._accelerator.device), base, settings, parent)
        if plan.checkpointing:
            # Not reentrant: gradients then reach the adapter although no input of the first layer needs one.
            model.gradient_checkpointing_enable(gradient_checkpointing_kwargs={"use_reentrant": False})
        self._config = model.peft_config["default"]
        trained = [weight for weight in model.parameters() if weight.requires_grad]
        optimiser = _optimiser(plan, trained, settings)
        names = set(get_peft_model_state_dict(model, save_embedding_layers=False))
        self._model, self._optimiser = self._accelerator.prepare(model, optimiser)
        if names != set(self._saved()):
            raise UsageError("accelerate is told to wrap layers (compile, activation checkpointing): leave that out")
        self.bf16 = False

    def _planned(self, base: BaseModel) -> MemoryPlan:
        """How this training fits into the memory of the first device, which the others are taken to equal.

        The processor's memory is that of all its processes.
        """
        return plan_memory(
            dimensions_of(base.folder),
            self.broadcast(free_memory().bytes // (self.devices if self.on_cpu else 1)),
            self._settings,
            longest=base.budget.total,
            quantising=can_quantise(),
            on_cpu=self.on_cpu,
            split=self.devices if self._split else 1,
        )

    @property
    def devices(self) -> int:
        return int(self._accelerator.num_processes)

    @property
    def index(self) -> int:
        """Which of the devices this process is; 0 decides and writes."""
        return int(self._accelerator.process_index)

    @property
    def on_cpu(self) -> bool:
        return bool(self._accelerator.device.type == "cpu")

    def broadcast(self, decision: Decision) -> Decision:
        """The value that the first device has, on every device."""
        if self.devices == 1:
            return decision
        from accelerate.utils import broadcast_object_list

        shared = [decision]
        broadcast_object_list(shared)
        return shared[0]

    def _logits(self, model: Any, ids: torch.Tensor, counted: torch.Tensor) -> torch.Tensor:
        with torch.autocast(self._accelerator.device.type, torch.bfloat16, enabled=self.bf16):
            logits: torch.Tensor = model(input_ids=ids, logits_to_keep=counted, use_cache=False).logits
        return logits

    def _loss(self, model: Any, examples: Sequence[Example]) -> tuple[torch.Tensor, float]:
        """The weighted sum of the token losses in nats, a scalar tensor with gradient, and the sum of the weights."""
        ids, counted, wanted, weights = _collated(examples, self._accelerator.device)
        logits = self._logits(model, ids, counted)
        losses = torch.nn.functional.cross_entropy(logits.float().flatten(0, 1), wanted.flatten(), reduction="none")
        return (losses * weights.flatten()).sum(), float(weights.sum())

    def _parts(self, examples: Sequence[Example], batch: Batch) -> list[list[Example]]:
        """The batch in micro-batches that fit into memory."""
        lengths = [example.length for example in examples]
        order = sorted(batch, key=lambda index: lengths[index])
        return [[examples[i] for i in part] for part in split(lengths, order, self.plan.batch_tokens)]

    def _within_memory(self, work: Callable[[], Result], examples: Sequence[Example], batch: Batch) -> Result:
        """The result of `work` on the batch, which is done anew with half as many tokens at once where memory ran out.

        Raises the allocator's error where one example alone is too much, and on several devices: those exchange their
        gradients with the last part, so none may repeat a step by itself.
        """
        while True:
            try:
                return work()
            except (MemoryError, RuntimeError) as error:
                parts = self._parts(examples, batch)
                if not out_of_memory(error) or self.devices > 1 or len(parts) == len(batch):
                    raise
                largest = max(len(part) * max(example.length for example in part) for part in parts)
            # Out here the error is gone, and with it the tensors that its traceback held.
            self.plan = replace(self.plan, batch_tokens=min(self.plan.batch_tokens, largest) // 2)
            self._optimiser.zero_grad()
            if self._accelerator.device.type == "cuda":
                torch.cuda.empty_cache()

    def _backward(self, model: Any, examples: Sequence[Example], batch: Batch, scale: float) -> float:
        """Gradients of the batch's losses, added up and scaled; what they add up to, unscaled."""
        total = 0.0
        parts = self._parts(examples, batch)
        turns = self._turns(parts, parts)
        for number, (part, counts) in enumerate(turns, 1):
            # Devices may have different numbers of parts: they exchange gradients once a step, with the last part.
            with nullcontext() if number == len(turns) else self._accelerator.no_sync(model):
                summed, _ = self._loss(model, part)
                self._accelerator.backward(summed * (scale if counts else 0.0))
            total += float(summed.detach()) if counts else 0.0
        return total

    def _turns(self, own: Sequence[list[Example]], parts: Sequence[list[Example]]) -> list[tuple[list[Example], bool]]:
        """What this device has to read, and whether it counts: its `own` of the `parts`.

        Where weights are split, each is gathered from all devices: who has read its parts reads on without effect.
        """
        turns = [(part, True) for part in own]
        if self._split:
            most = int(self._accelerator.gather(torch.tensor([len(own)], device=self._accelerator.device)).max())
            turns += [(parts[0], False) for _ in range(len(own), most)]
        return turns

    def _summed(self, own: float) -> float:
        """The sum over all devices."""
        if self.devices == 1:
            return own
        return float(self._accelerator.reduce(torch.tensor(own, device=self._accelerator.device), reduction="sum"))

    def rehearse(self, examples: Sequence[Example], batch: Batch) -> None:
        """The forward and backward pass of a step, without a change of the weights."""
        model = self._accelerator.unwrap_model(self._model).train()
        self._within_memory(lambda: self._backward(model, examples, batch, 1.0), examples, batch)
        self._optimiser.zero_grad()

    def step(self, examples: Sequence[Example], batch: Batch, rate: float, number: int) -> float:
        """One optimiser step at the share `rate` of the peak learning rate; returns the mean loss in nats a token.

        Each device takes its share of the batch, and the step is the one that a single device would make. What drops
        out is a matter of the step's `number`, counted from 0, and of the device: nothing that came before has to be
        known to go on from here.
        """
        torch.manual_seed(self._settings.seed + number * self.devices + self.index)
        for group in self._optimiser.param_groups:
            group["lr"] = self._settings.learning_rate * rate
        self._model.train()
        weight = sum(examples[i].mass for i in batch) or 1.0
        own = batch[self.index :: self.devices]
        # Gradients are averaged over the devices. One that is left without examples takes part with nothing to add.
        scale, taken = (self.devices / weight, own) if own else (0.0, batch[:1])
        summed = self._within_memory(lambda: self._backward(self._model, examples, taken, scale), examples, taken)
        self._accelerator.clip_grad_norm_(self._model.parameters(), _CLIP)
        self._optimiser.step()
        self._optimiser.zero_grad()
        return self._summed(summed if own else 0.0) / weight

    def _sums(self, examples: Sequence[Example], batch: Batch) -> torch.Tensor:
        """This device's weighted loss in nats and its sum of weights, a tensor (2,)."""
        model = self._accelerator.unwrap_model(self._model).eval()
        sums = torch.zeros(2, device=self._accelerator.device)
        parts = self._parts(examples, batch)
        with torch.no_grad():
            for part, counts in self._turns(parts[self.index :: self.devices], parts):
                summed, weight = self._loss(model, part)
                if counts:
                    sums += torch.stack((summed, torch.as_tensor(weight, device=sums.device)))
        return sums

    def evaluate(self, examples: Sequence[Example]) -> float:
        """The weighted mean loss in nats a token, over all devices."""
        batch = tuple(range(len(examples)))
        sums = self._within_memory(lambda: self._sums(examples, batch), examples, batch)
        total, weight = self._accelerator.reduce(sums, reduction="sum").tolist()
        return float(total / (weight or 1.0))

    def _predict(self, model: Any, examples: Sequence[Example]) -> list[TokenPredictions]:
        ids, counted, wanted, weights = _collated(examples, self._accelerator.device)
        logits = self._logits(model, ids, counted).float()
        losses = torch.nn.functional.cross_entropy(logits.transpose(1, 2), wanted, reduction="none")
        rows = zip(losses, logits.argmax(-1) == wanted, weights != 0, strict=True)
        return [TokenPredictions(tuple(loss[row].tolist()), tuple(same[row].tolist())) for loss, same, row in rows]

    def predict(self, examples: Sequence[Example], scale: float = 1.0) -> list[TokenPredictions]:
        """The predictions for each example, with the adapter multiplied by `scale` (0: the base alone).

        Every device computes all of them, so that none waits for another.
        """
        model, batch = self._accelerator.unwrap_model(self._model).eval(), tuple(range(len(examples)))

        def asked() -> dict[int, TokenPredictions]:
            parts = [(part, self._predict(model, part)) for part in self._parts(examples, batch)]
            return {id(one): said for part, of in parts for one, said in zip(part, of, strict=True)}

        with torch.no_grad(), rescale_adapter_scale(model, scale):
            predictions = self._within_memory(asked, examples, batch)
        return [predictions[id(example)] for example in examples]

    def load_adapter(self, state: StateDict) -> None:
        """Set the adapter's weights to those of `state`, named as PEFT stores them."""
        with torch.no_grad():
            for name, weight in self._saved().items():  # they share their memory with the model's
                weight.copy_(split_like(weight, state[name]))

    def adapter_state(self) -> StateDict:
        """A copy of the adapter's weights in float32 on the processor, named as PEFT stores them."""
        tensors = sorted(self._saved().items())
        return {name: whole(tensor).detach().float().cpu().clone().contiguous() for name, tensor in tensors}

    def _saved(self) -> dict[str, torch.Tensor]:
        model = self._accelerator.unwrap_model(self._model)
        tensors: dict[str, torch.Tensor] = get_peft_model_state_dict(model, save_embedding_layers=False)
        return tensors

    def state_dict(self) -> StateDict:
        """The adapter's weights and the optimiser's state, by path: all that a further step depends on."""
        return dict(flattened(whole({"weights": self._trained(), "optimiser": self._optimiser.state_dict()["state"]})))

    def load_state_dict(self, state: StateDict) -> None:
        """Take over the weights and the optimiser of the trainer whose `state_dict` this is."""
        saved, trained = nested(state), self._trained()
        with torch.no_grad():
            for name, weight in trained.items():
                weight.copy_(split_like(weight, saved["weights"][name]))
        optimiser = {
            number: {what: split_like(weight, value) for what, value in saved["optimiser"][str(number)].items()}
            for number, weight in enumerate(trained.values())
        }
        self._optimiser.load_state_dict({**self._optimiser.state_dict(), "state": optimiser})

    def _trained(self) -> dict[str, torch.Tensor]:
        named = self._accelerator.unwrap_model(self._model).named_parameters()
        return {name: weight for name, weight in named if weight.requires_grad}

    def configuration(self) -> dict[str, Any]:
        """What adapter_config.json holds, the same for the same adapter, and no path of this machine."""
        fields = {name: sorted(v) if isinstance(v, set) else v for name, v in self._config.to_dict().items()}
        return {**fields, "base_model_name_or_path": None, "inference_mode": True}
