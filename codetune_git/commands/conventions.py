"""`git codetune conventions`: how the repository writes, by counting. Joins the habits and their report."""

from __future__ import annotations

import sys

from codetune_git.git.repository import Repository
from codetune_git.pipelines.habits import counted_habits
from codetune_git.pipelines.kinds import wanted
from codetune_git.process.terminal import warn
from codetune_git.report.habits import RENDERERS
from codetune_git.requests import ConventionsRequest
from codetune_git.store import Store


def run(request: ConventionsRequest) -> int:
    """Print the habits; raises CodetuneError."""
    kinds = wanted(request.options.kinds)
    repository = Repository.open(request.start)
    store = Store(repository.codetune_dir)
    counted = counted_habits(repository, store, kinds, drift=request.drift)
    sys.stdout.write(RENDERERS[request.format](counted.habits, counted.tip))
    sample = counted.today.sample
    warn([*store.warnings, *([str(sample)] if sample.share < 1 else [])])
    return 0
