"""A line comes only into YAML that surely stays valid with it."""

from __future__ import annotations

import pytest

from codetune_git.agents.aider import AIDER
from codetune_git.domain import Refusal


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\n",
        "# c\n",
        "---\nmodel: openai/gpt-4:free  # the one\n",
        "read:\n  - a.md\n  - 'b'\n# c\n\nauto-commits: false",
        "read:\r\n- a\r\n- b\r\nfile: [a, b]\r\n",
        'alias: "f:x"\nmap: -1\nurl: http://a/#b\n',
    ],
)
def test_a_line_comes_below_plain_settings(text: str) -> None:
    made = AIDER.add(text, "")
    assert isinstance(made, str)
    assert made.startswith(text)
    assert AIDER.by_hand in made.splitlines()


@pytest.mark.parametrize(
    "text",
    [
        "  model: x\n",
        "# c\n{model: x}\n",
        "---\nmodel: x\n...\n",
        "---\na: b\n---\nc: d\n",
        "\ufeff",
        "model: x\rread: y\r",
        "# c\rmodel: x",
        "a: [b\n",
        'a: "b\n',
        "a: b: c\n",
        "a: b\n  c: d\n",
        "a: b\n- c\n",
        "read:\n  - a\n    - b\n",
        "a: &b c\n",
        "a: |\n  b\n",
        "a\n",
        "a:\tb\n",
    ],
)
def test_other_yaml_is_left_alone(text: str) -> None:
    assert isinstance(AIDER.add(text, ""), Refusal)
