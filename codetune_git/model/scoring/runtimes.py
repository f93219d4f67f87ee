"""Opens an adapter's model: in the light runtime where it was compiled, else by torch on its base.

Knows an adapter's two folders and how the base is found; does not know the store, or how either runtime works.
"""

from __future__ import annotations

from pathlib import Path

from codetune_git.errors import Unavailable
from codetune_git.model.base.base_model import BaseModel, named_base
from codetune_git.model.scoring.light_folder import Light, read_light
from codetune_git.model.scoring.scoring_model import EngineModel
from codetune_git.settings import Options


def _base_of(light: Light, options: Options) -> BaseModel:
    base = named_base(options)
    if base.identity != light.base:
        raise Unavailable(
            f"the adapter needs its base {light.base[:12]} to score, and {base.folder} is {base.identity[:12]}: "
            "name that one with --base, or for good with `git config codetune.base`"
        )
    return base


def open_model(folder: Path, options: Options) -> EngineModel:
    """The model of the adapter in `folder`: its `light/`, or the base that `options` name with its `adapter/`, if any.

    Raises Unavailable where what it runs on is missing, DataRefused where a part cannot be loaded.
    """
    light = read_light(folder / "light")
    if light.computation is not None:
        from codetune_git.model.scoring.light_runtime import LightModel

        return LightModel.load(folder / "light", threads=options.threads)
    from codetune_git.model.scoring.torch_runtime import TorchModel

    weights = folder / "adapter"
    return TorchModel.load(_base_of(light, options), weights if weights.is_dir() else None, threads=options.threads)
