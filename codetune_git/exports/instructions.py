"""A house's rules as instructions for coding agents: a few lines of Markdown for AGENTS.md.

No counts and no places: they change with each commit, and the lines would be stale at once. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from codetune_git.exports.rules import Rule

MOST_LINES = 25  # with the two markers: agents heed few lines better than many
_TITLES = {"python": "Python", "javascript": "JavaScript and TypeScript", "go": "Go", "java": "Java"}
_HEAD = """\
## How this repository writes code

Counted in its files; said is only what differs from usual style and what no configured tool enforces.
After a change `git codetune check --agent` names the lines that deviate.
"""


def _rule(rule: Rule) -> str:
    elsewhere = f" (usual elsewhere: {rule.usual})" if rule.usual else ""
    return f"- {rule.title}: {rule.phrase}{elsewhere}\n"


def _said(rules: Sequence[Rule], widths: Mapping[str, int], most: int) -> list[str]:
    """The lines of `most` rules, language by language."""
    kept = sorted(rules, key=lambda rule: -rule.count)[:most]
    lines = []
    for language in dict.fromkeys(rule.language for rule in rules):
        own = [_rule(rule) for rule in rules if rule in kept and rule.language == language]
        width = [f"- lines end within {widths[language]} columns\n"] if widths.get(language) else []
        lines += [f"\n{_TITLES.get(language, language)}:\n", *own, *width] if own or width else []
    return lines


def instructions(rules: Sequence[Rule], widths: Mapping[str, int]) -> str:
    """What stands between the markers; `widths`: by language the columns that lines keep within, where they do."""
    room = MOST_LINES - 2 - _HEAD.count("\n")
    for most in range(len(rules), -1, -1):
        lines = _said(rules, widths, most)
        if sum(line.count("\n") for line in lines) <= room:
            break
    return _HEAD + ("".join(lines) or "\nNothing: it writes as most do, or its tools see to it.\n")
