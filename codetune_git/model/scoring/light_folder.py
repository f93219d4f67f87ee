"""What an adapter's light folder says about itself (light.json): prompt format, context, base. Knows no engine."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from codetune_git.errors import DataRefused
from codetune_git.model.prompts.families import FAMILIES

_NAME = "light.json"


@dataclass(frozen=True, slots=True)
class Light:
    """`base` is the identity of the base that was compiled in, `context` its longest sequence in tokens.

    `computation` is the precision to compute in, in ctranslate2's names; None: nothing was compiled, torch scores.
    """

    family: str
    base: str
    context: int
    computation: str | None


def write_light(folder: Path, light: Light) -> None:
    (folder / _NAME).write_text(json.dumps({"version": 1, **asdict(light)}, indent=1) + "\n")


def read_light(folder: Path) -> Light:
    """What light.json in `folder` says; raises DataRefused where it is missing or says what this version cannot do."""
    try:
        found = json.loads((folder / _NAME).read_bytes())
        computation = found["computation"] and str(found["computation"])
        light = Light(str(found["family"]), str(found["base"]), int(found["context"]), computation)
        known = found["version"] == 1 and light.family in FAMILIES
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise DataRefused(f"{folder / _NAME}: unreadable ({error}); run `git codetune train` again") from error
    if not known:
        raise DataRefused(f"{folder / _NAME}: written by another version; run `git codetune train` again")
    return light
