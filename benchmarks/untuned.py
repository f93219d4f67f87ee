"""Stands in for `git codetune` with what the package brings: the base as it is, no adapter, no counts, no calibration.

    python -m benchmarks.untuned train
    python -m benchmarks.untuned suggest --format json

A proposal's confidence is the sigmoid of the model's gap alone; it is said from `CODETUNE_THRESHOLD` on (0.5 if not
set). A quality benchmark that calls `git codetune` measures it when a script `git-codetune` with this call stands first
on PATH. Whoever wants an operating curve runs it once at a low threshold and filters by confidence.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from codetune_git.domain import Findings, LanguageModel, Suggestion
from codetune_git.git.repository import Repository
from codetune_git.model.base.base_model import EMBEDDED, open_base
from codetune_git.model.scoring.compile import compile_adapter
from codetune_git.model.scoring.light_runtime import LightModel
from codetune_git.pipelines.finder import select_files
from codetune_git.report.formats import Report, render
from codetune_git.settings import resolve
from codetune_git.style.counting import Counts
from codetune_git.suggesting.calibration import Calibration
from codetune_git.suggesting.features import Features
from codetune_git.suggesting.precedents import Precedents
from codetune_git.suggesting.profile import StyleProfile
from codetune_git.suggesting.suggestions import suggestions_in


def _light() -> Path:
    """The compiled base, made once a machine user."""
    folder = Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "codetune-untuned"
    light = folder / open_base(EMBEDDED).identity
    if not light.exists():
        folder.mkdir(parents=True, exist_ok=True)
        compile_adapter(open_base(EMBEDDED), None, light)
    return light


def _profile() -> StyleProfile:
    weights = Features(model=1.0)
    threshold = float(os.environ.get("CODETUNE_THRESHOLD", "0.5"))
    return StyleProfile(Counts.of([]), Calibration(0.0, weights, {}, threshold), Precedents({}))


def _suggest() -> None:
    profile, found = _profile(), list[Suggestion]()
    light = _light()

    def model() -> LanguageModel:
        return LightModel.load(light, threads=0)

    for file in select_files(Repository.open(), resolve().options).files:
        found += suggestions_in(file, profile, model)[0]
    sys.stdout.write(render(Report(Findings(tuple(found), (), "", "")), "json"))


def main() -> None:
    if sys.argv[1:2] == ["train"]:
        _light()
    else:
        _suggest()


if __name__ == "__main__":
    main()
