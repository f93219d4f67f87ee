"""What the model card says, and that it can be said of the base that is there."""

import json
from pathlib import Path
from typing import Any

import codetune_git.base
from pretraining.card import Made, card, course

BASE = Path(codetune_git.base.__file__).parent
MANIFEST = {
    "packages": [
        {"name": "one", "version": "1", "licence": "MIT", "files": 2, "bytes": 3_000_000},
        {"name": "npm:two", "version": "1", "licence": "ISC", "files": 5, "bytes": 9_000_000},
        {"name": "npm:three", "version": "1", "licence": "MIT", "files": 7, "bytes": 1_000_000},
    ],
    "held_out": ["npm:three", "absent"],
    "excluded": ["four"],
}
RATES = {"hunks": 8, "restored": 0.75, "alarms": 0.1, "recall": 0.5}
RESULT = {
    "style": "files as committed",
    "bits_per_byte": {"python": 0.775},
    "infilling": {"python": 0.041},
    "layout": {"python": {"all": RATES, "threshold": 1.0}, "python, neighbours": {"all": RATES, "threshold": 1.0}},
    "restoration": {"all": RATES, "threshold": 1.0, "quotes": RATES, "rare": {**RATES, "hunks": 4}},
}
SPANS = {"files": 3, "median": 4, "p95": 9, "longest": 12, "longest_text": "x = `1` |\n    y"}


def _log() -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    for i in range(6):
        row = {"step": i + 1, "tokens": 1_000_000 * (i + 1), "seconds": 60.0 * (i + 1), "loss": 6 - i, "rate": 0.5}
        rows.append({**row, "tokens_per_second": 10 + i})
    for i in (2, 5):
        rows[i]["validation"] = {"python-layout": 1.0 / (i + 1), "python-text": 2.0}
        rows[i]["reads"] = {"text": [3, 4], "style": [9, 1]}
    return rows


def _card(**changes: Any) -> str:
    config = json.loads((BASE / "config.json").read_text())
    known = {"manifest": MANIFEST, "cap": 1_500_000, "courses": [course(_log())], "device": "a machine", "results": ()}
    known |= {"histories": (), "held_out_histories": ("c/d",)}
    return card(Made(**{"config": config, "parameters": 12_600_000, **known, "spans": {}, **changes}))


def test_a_course_is_its_validations() -> None:
    found = course(_log())
    assert [(point["step"], point["loss"], point["tokens_per_second"]) for point in found] == [
        (3, 5.0, 11),
        (6, 2.0, 14),
    ]


def test_the_card_says_what_the_model_is_made_of() -> None:
    text = _card()
    assert "12.6 million parameters: 6 layers of 384" in text
    assert "| Python | 1 | 2 | 3 | MIT 1 |" in text
    assert "| JavaScript, TypeScript (npm) | 1 | 5 | 9 | ISC 1 |" in text
    assert "benchmark:\nfour." in text
    assert "below: npm:three." in text
    assert "6 M tokens in 6 steps and 6.0 minutes on a machine (bf16), from random weights, in rows" in text
    assert "histories.json" not in text
    assert "more than 4 times as it is, and no drawn style more\nthan 1 times" in text
    assert "| language | kind | 3 | 6 |" in text
    assert "| python | layout | 0.333 | 0.167 |" in text


def test_the_card_says_what_was_measured() -> None:
    spans = {"corpus": {"python": SPANS}, "held_out": {"python": {**SPANS, "longest": 11}}}
    text = _card(results=(RESULT,), spans=spans)
    assert "### Files as committed" in text
    assert "| python | 0.775 | 0.041 |" in text
    assert "| python, neighbours | 8 | 0.75 | 0.1 | 0.5 |" in text
    assert "| quotes | 8 | 0.75 | 0.1 | 0.5 |" in text
    assert "rare" not in text
    assert "| python | of the training corpus | 3 | 4 | 9 | 12 | `x = '1' ¦ y` |" in text
    assert "## Evaluation" not in _card()
    assert "## Memorisation" not in _card()


def test_the_card_tells_runs_and_histories() -> None:
    histories = [{"name": "a/b", "edits": 7}, {"name": "c/d", "edits": 100}, {"name": "e/f", "edits": 1}]
    text = _card(
        courses=[course(_log())] * 3, histories=histories, results=({**RESULT, "edits": {"python": {"all": RATES}}},)
    )
    assert "18 M tokens in 18 steps and 18.0 minutes" in text
    assert "from random weights, then in 2 further runs from the weights of the one before" in text
    assert "more than 12 times as it is" in text
    assert "| 3 | 6 | 360 | 0.50 | 2.00 | 14 |" in text
    assert "8 edits of 2 permissively licensed histories" in text
    assert "What people mended in histories that are held out:" in text
