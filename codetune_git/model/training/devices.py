"""Where a training would run and how much memory is free there. Knows torch's, psutil's and accelerate's answers.

Does not know what memory is wanted for. torch is only imported where there may be a GPU: to say what a machine without
one has free takes no seconds.
"""

from __future__ import annotations

import ctypes
import gc
import os
import shutil
import sys
from dataclasses import dataclass
from typing import Any

from codetune_git.errors import UsageError


@dataclass(frozen=True, slots=True)
class Free:
    """`bytes` that can be had on `device`, named for people."""

    device: str
    bytes: int
    on_cpu: bool


_MMAP_THRESHOLD = -3  # of glibc's mallopt
_LARGE = 1 << 20
_UNTRIED = ("DEEPSPEED", "MEGATRON_LM", "PARALLELISM_CONFIG")
_TRIED = "git codetune trains on whole weights or with FSDP 2 (fsdp_version: 2)"


def _on_gpu() -> Free | None:
    import torch

    if not torch.cuda.is_available():
        return None
    return Free(torch.cuda.get_device_name(), torch.cuda.mem_get_info()[0], False)


def free_memory() -> Free:
    """What is free on the device that accelerate would choose."""
    if ("torch" in sys.modules or shutil.which("nvidia-smi") or shutil.which("rocm-smi")) and (found := _on_gpu()):
        return found
    import psutil

    return Free("the processor", int(psutil.virtual_memory().available), True)


def _configured(name: str) -> bool:
    """Whether accelerate's launcher was told to use it."""
    return os.environ.get(f"ACCELERATE_USE_{name}", "").lower() == "true"


def check_configuration() -> None:
    """Raises UsageError where accelerate is configured to split a training in a way that has not been tried here."""
    for name in _UNTRIED:
        if _configured(name):
            raise UsageError(f"accelerate is configured for {name.lower()}: {_TRIED}")
    if _configured("FSDP") and os.environ.get("FSDP_VERSION") != "2":
        raise UsageError(f"accelerate is configured for FSDP 1: {_TRIED}")


def accelerator() -> Any:
    """accelerate's view of this process's device and of the other processes: by itself it joins them on GPUs only.

    Raises UsageError as `check_configuration` does, and where accelerate would leave FSDP out without a word.
    """
    check_configuration()
    import torch
    from accelerate import Accelerator, DistributedType

    made = Accelerator(mixed_precision="no", cpu=not torch.accelerator.is_available())
    if _configured("FSDP") and made.distributed_type != DistributedType.FSDP:
        raise UsageError("accelerate is configured for FSDP, which it has for several GPUs only: leave that out here")
    return made


def _of_glibc(call: str, *numbers: int) -> None:
    """Without effect on other C libraries."""
    if sys.platform == "linux" and hasattr(ctypes.CDLL(None), call):
        getattr(ctypes.CDLL(None), call)(*numbers)


def give_back_when_freed() -> None:
    """From now on large blocks go back to the system when they are freed.

    glibc would keep them for later: an embedded base's training then peaks at 1.0 to 1.2 GB instead of 0.67 GB. It
    costs a third of the time, for pages are cleared again and again.
    """
    _of_glibc("mallopt", _MMAP_THRESHOLD, _LARGE)


def give_back_what_was_freed() -> None:
    """What glibc has kept, at once: a gigabyte after a training, beside which an evaluation needs its own."""
    gc.collect()  # layers and their hooks refer to each other
    _of_glibc("malloc_trim", 0)
