"""Two processes under torch's launcher make the steps that one makes, also where one is left without a sample."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

from safetensors.torch import load_file

from codetune_git.model.base import BaseModel

SCRIPT = """
    import json, sys
    from pathlib import Path
    sys.path[:0] = [sys.argv[1]]
    import torch
    torch.set_num_threads(1)
    from accelerate import Accelerator
    from support.examples import examples_of
    from codetune_git.model.base import open_base
    from codetune_git.model.fitting import FitSettings
    from codetune_git.model.training import fit

    base, out = open_base(Path(sys.argv[2])), Path(sys.argv[3])
    settings = FitSettings(600, precision="fp32", learning_rate=5e-3, epochs=2, evaluations=3, batch_samples=4)
    losses = []
    # Thirteen samples, four a step: the last step of each pass has one, and so nothing for a second process.
    report = fit(base, examples_of(base, 0, 13), examples_of(base, 100, 116), settings=settings, out=out,
                 progress=lambda seen: losses.append(seen.loss))
    if Accelerator().is_main_process:
        found = [Accelerator().num_processes, report.steps, report.held_out_loss_after, *losses]
        out.with_suffix(".json").write_text(json.dumps(found))
"""


def _trained(processes: int, base: BaseModel, folder: Path) -> tuple[list[float], Path]:
    script, out = folder / "script.py", folder / f"of-{processes}"
    script.write_text(textwrap.dedent(SCRIPT))
    launch = ["-m", "torch.distributed.run", "--standalone", "--nproc_per_node", str(processes)]
    known = [str(script), str(Path(__file__).parents[1]), str(base.folder), str(out)]
    # accelerate's own launcher starts several processes on GPUs only.
    environment = {**os.environ, "ACCELERATE_USE_CPU": "true", "OMP_NUM_THREADS": "1"}
    done = subprocess.run(
        [sys.executable, *launch, *known], capture_output=True, text=True, env=environment, check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(out.with_suffix(".json").read_text()), out


def test_two_processes_learn_what_one_learns(base: BaseModel, tmp_path: Path) -> None:
    (one, alone), (two, together) = (_trained(number, base, tmp_path) for number in (1, 2))
    assert (one.pop(0), two.pop(0)) == (1, 2)
    assert one[0] == two[0] == 8
    assert all(abs(a - b) < 1e-4 for a, b in zip(one, two, strict=True)), (one, two)
    left, right = (load_file(folder / "adapter_model.safetensors") for folder in (alone, together))
    assert max(float((left[name] - right[name]).abs().max()) for name in left) < 1e-4
    assert max(float(left[name].abs().max()) for name in left if "lora_B" in name) > 1e-2
