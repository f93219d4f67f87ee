import json
import random

from codetune_git.domain import SampleKind
from codetune_git.text.source import Source
from pretraining.configuration import read
from pretraining.documents import holes, windows
from pretraining.prepare import PHASES

MIXTURE = read().mixture
TEXT = '"""Doc."""\n\nimport os\n\n\n' + "".join(
    f'def function_{i}(first, second=1):\n    x = {{"a": first, "b": second}}\n    return os.path.join("é", x)\n\n\n'
    for i in range(40)
)


def test_windows_hold_the_whole_text_but_a_short_rest() -> None:
    joined = "".join(sample.target for sample in windows("a.py", TEXT))
    assert TEXT.startswith(joined)
    assert len(TEXT) - len(joined) <= 200


def test_a_hole_and_its_surroundings_are_the_file() -> None:
    for sample in holes("a.py", TEXT, random.Random(0), 3):
        assert sample.target
        assert sample.before + sample.target + sample.after in TEXT


def test_phase_b_restores_what_the_drawn_house_wrote() -> None:
    row = {"path": "a.py", "text": TEXT}
    found = [sample for seed in range(8) for sample in PHASES["b"](row, random.Random(seed), MIXTURE)]
    restorations = [s for s in found if s.kind is SampleKind.RESTORATION]
    assert len({s.kind for s in found}) == 3
    assert any(s.broken and s.staged != s.target for s in restorations)
    assert all(s.staged == s.target for s in restorations if not s.broken)
    assert all(not Source.parse((s.before + s.target).encode()).has_error for s in restorations if not s.before)


def test_a_shard_is_the_same_each_time() -> None:
    row = json.loads(json.dumps({"path": "a.py", "text": TEXT}))
    assert PHASES["b"](row, random.Random(5), MIXTURE) == PHASES["b"](row, random.Random(5), MIXTURE)
