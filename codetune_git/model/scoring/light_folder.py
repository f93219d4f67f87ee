"""light.json in an adapter's light folder: prompt format, context, base. Knows no engine."""

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
        document = json.loads((folder / _NAME).read_bytes())
        computation = document["computation"] and str(document["computation"])
        light = Light(str(document["family"]), str(document["base"]), int(document["context"]), computation)
        readable = document["version"] == 1 and light.family in FAMILIES
    except (OSError, ValueError, LookupError, TypeError) as error:
        raise DataRefused(f"{folder / _NAME}: unreadable ({error}); run `git codetune train` again") from error
    if not readable:
        raise DataRefused(f"{folder / _NAME}: written by another version; run `git codetune train` again")
    return light
