from pathlib import Path

import codetune_git.base
from pretraining.memorisation import Writer, verbatim

BASE = Path(codetune_git.base.__file__).parent


def test_the_longest_span_is_what_stands_in_the_rest_only() -> None:
    assert verbatim("def seen(a):\n    unseen", "x = 1\ndef seen(b):\n    unseen", "") == "):\n    unseen"
    assert verbatim("import os\nvalue = 17", "import os\nvalue = 18", "import os") == "import os\nvalue = 1"
    assert verbatim("abc", "xyz", "") == ""
    assert verbatim("given", "given", "what was given") == ""


def test_a_row_is_written_as_it_would_be_alone() -> None:
    """Rows of different lengths are padded: that must not change what is written."""
    writer = Writer(BASE)
    beginnings = [("a.py", "import os\n\n\ndef main():\n"), ("b.py", "x = 1\n"), ("c/d.py", "class A:\n" * 20)]
    together = writer.written(beginnings)
    assert together == [writer.written([beginning])[0] for beginning in beginnings]
    assert all(together)
