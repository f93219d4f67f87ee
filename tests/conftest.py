"""Property tests draw the same examples in every run of continuous integration: a red run can be repeated.

Tests marked `gpu` need one. `--rehearse` runs them on the processor, but for what only a GPU can say.
"""

import os

import pytest
from hypothesis import settings

settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rehearse", action="store_true", help="run the tests marked gpu without a GPU")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    marked = [item for item in items if item.get_closest_marker("gpu")]
    if not marked or config.getoption("--rehearse"):
        return
    import torch  # which takes seconds: but whatever is marked has imported it

    if not torch.cuda.is_available():
        for item in marked:
            item.add_marker(pytest.mark.skip(reason="no GPU"))
