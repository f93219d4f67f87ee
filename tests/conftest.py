"""Property tests draw the same examples in every run of continuous integration: a red run can be repeated.

Tests marked `gpu` need one. `--rehearse` runs them on the processor, but for what only a GPU can say.
"""

import os
import shutil

import pytest
from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rehearse", action="store_true", help="run the tests marked gpu without a GPU")


def _on_gpu() -> bool:
    """torch, which takes seconds, is asked only where a driver is there."""
    if shutil.which("nvidia-smi") is None:
        return False
    import torch

    return torch.cuda.is_available()


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    marked = [item for item in items if item.get_closest_marker("gpu")]
    if marked and not config.getoption("--rehearse") and not _on_gpu():
        for item in marked:
            item.add_marker(pytest.mark.skip(reason="no GPU"))
