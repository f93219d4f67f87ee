from pathlib import Path

import torch

import codetune_git.base
from pretraining.configuration import Shape
from pretraining.export import write_model
from pretraining.memorisation import Writer, verbatim
from pretraining.network import Network

BASE = Path(codetune_git.base.__file__).parent
SMALL = Shape(hidden=64, layers=2, heads=1, kv_heads=1, inner=96)


def test_the_longest_span_is_what_stands_in_the_rest_only() -> None:
    assert verbatim("def seen(a):\n    unseen", "x = 1\ndef seen(b):\n    unseen", "") == "):\n    unseen"
    assert verbatim("import os\nvalue = 17", "import os\nvalue = 18", "import os") == "import os\nvalue = 1"
    assert verbatim("abc", "xyz", "") == ""
    assert verbatim("given", "given", "what was given") == ""


def test_a_row_is_written_as_it_would_be_alone(tmp_path: Path) -> None:
    """Rows of different lengths are padded: that must not change what is written."""
    torch.manual_seed(0)
    write_model(Network(SMALL), BASE, tmp_path)
    writer = Writer(tmp_path)
    beginnings = [("a.py", "import os\n\n\ndef main():\n"), ("b.py", "x = 1\n"), ("c/d.py", "class A:\n" * 20)]
    together = writer.written(beginnings)
    assert together == [writer.written([beginning])[0] for beginning in beginnings]
    assert all(together)
