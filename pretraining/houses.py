"""Gives a file of any grammar a drawn layout of its own, and breaks that layout in a hunk: restoration learns from it.

Knows choices; does not know tokens. Pure: randomness is passed in. A house is a few rules, each followed alike in the
whole file, so that only the text around a hunk (or its neighbours elsewhere) says what is right there.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from random import Random

from codetune_git.domain import Edit, LineRange, Sample, SampleKind
from codetune_git.samples.breaking import new_errors
from codetune_git.samples.patch import Patch
from codetune_git.text.hunks import ContextSize, context_of
from codetune_git.text.source import Source
from pretraining.choice import Choice
from pretraining.choices import choices, indentation_unit

_RULES = (1, 7)
_KEPT = (1.0, 1.0, 1.0, 0.9)  # of a rule's places; a quarter of the houses is a little careless
_EVIDENCE = 4.0  # how much likelier a kind of choice is broken that the context also makes
_COUNTS = (1, 1, 1, 2, 2, 3)
_CONSISTENT = 0.3
_ANOTHER_HOUSE = 0.2  # of the broken hunks: as newcomers and other people's formatters write them
# Chances of kinds of choice beside the others', to be a house's rule and to be a slip: few houses end lines in blanks.
_AS_RULE = {"line_end": 0.03, "comment_case": 0.4, "doc_case": 0.5, "equality": 0.3}
_AS_SLIP = {"line_end": 0.3, "equality": 0.3}
_REINDENTED = 0.4  # the share of scripts that get another unit of indentation
_UNITS = (b"  ", b"    ", b"\t", b"  ", b"    ", b"   ")
_NEAR_LINES, _MOST_NEAR = 10, 3
_WORD = re.compile(r"\w+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Draw:
    """How hunks become samples: the context around them, and the share of them that stays as it is."""

    context: ContextSize
    unbroken: float


def _kind(choice: Choice) -> str:
    return choice.keys[-1].split(" ", 1)[0]


def _rule(found: Sequence[Choice], kinds: Counter[str], rng: Random) -> tuple[str, str]:
    """A key and the variant that a house wants there, drawn."""
    names = list(kinds)
    kind = rng.choices(names, [_AS_RULE.get(name, 1.0) * math.sqrt(kinds[name]) for name in names])[0]
    model = rng.choice([choice for choice in found if _kind(choice) == kind])
    return rng.choice(model.keys), rng.choice(model.others)[0]


def _ruled(found: Sequence[Choice], rng: Random, *, rules: int, keep: float) -> tuple[Patch, tuple[str, ...]]:
    """Choices made anew by so many drawn rules, and the kinds that change; `keep`: the share of a rule's places."""
    kinds = Counter(_kind(choice) for choice in found)
    wanted = dict(_rule(found, kinds, rng) for _ in range(rules))
    patch, names = Patch(), list[str]()
    for choice in found:
        target = next((wanted[key] for key in choice.keys if key in wanted), choice.variant)
        new = dict(choice.others).get(target)
        if new is not None and rng.random() < keep and patch.add((Edit(choice.start, choice.end, new),)):
            names.append(_kind(choice))
    return patch, tuple(dict.fromkeys(names))


def _imposed(source: Source, found: Sequence[Choice], rng: Random, rules: int) -> Source:
    """`source` with so many drawn rules; as it is where they lead to errors."""
    patch, _ = _ruled(found, rng, rules=rules, keep=rng.choice(_KEPT))
    if not len(patch):
        return source
    restyled = source.with_text(patch.apply(source.text))
    return source if new_errors(source, restyled) else restyled


def _reindented(source: Source, rng: Random) -> Source:
    """A script with another unit of indentation; strings over several lines are left as they are."""
    old, new = indentation_unit(source), rng.choice(_UNITS)
    if old == new:
        return source
    kept = set()
    for node, kind in zip(source.nodes, source.kinds, strict=True):
        if kind in ("template_string", "jsx_text") and node.end_point.row > node.start_point.row:
            kept |= set(range(node.start_point.row + 1, node.end_point.row + 1))
    lines = source.text.split(b"\n")
    for row, line in enumerate(lines):
        if row in kept or line[:1] not in (b" ", b"\t"):
            continue
        levels = 0
        while line.startswith(old, levels * len(old)):
            levels += 1
        lines[row] = new * levels + line[levels * len(old) :]
    restyled = source.with_text(b"\n".join(lines))
    return source if new_errors(source, restyled) else restyled


def house(source: Source, rng: Random) -> Source:
    """`source` in a drawn layout."""
    if source.grammar.name != "python" and rng.random() < _REINDENTED:
        source = _reindented(source, rng)
    found = choices(source)
    rules = rng.randint(*_RULES)
    while found and rules:
        restyled = _imposed(source, found, rng, rules)
        if restyled is not source:
            return restyled
        rules //= 2  # one of them may have led to an error
    return source


def _weights(found: Sequence[Choice], span: tuple[int, int], context: ContextSize) -> dict[str, float]:
    """Chances of the kinds of choice to be broken: what the context also chooses first, common ones last."""
    everywhere, seen = Counter[str](), set[str]()
    for choice in found:
        kind = _kind(choice)
        everywhere[kind] += 1
        if span[0] - context.before <= choice.start < span[0] or span[1] <= choice.start < span[1] + context.after:
            seen.add(kind)
    return {
        kind: _AS_SLIP.get(kind, 1.0) * (_EVIDENCE if kind in seen else 1.0) / math.sqrt(n)
        for kind, n in everywhere.items()
    }


def _slips(inside: Sequence[Choice], weights: dict[str, float], rng: Random) -> tuple[Patch, tuple[str, ...]]:
    """A few kinds of choice made otherwise, and their names."""
    patch, names = Patch(), list[str]()
    kinds = sorted({_kind(choice) for choice in inside})
    order = sorted(kinds, key=lambda kind: rng.random() ** (1 / weights[kind]), reverse=True)
    for kind in order[: rng.choice(_COUNTS)]:
        some = [choice for choice in inside if _kind(choice) == kind]
        first = rng.choice(some)
        target, new = rng.choice(first.others)
        if not patch.add((Edit(first.start, first.end, new),)):
            continue
        names.append(kind)
        if rng.random() < _CONSISTENT:
            key = rng.choice(first.keys)
            for other in some:
                written = dict(other.others).get(target)
                if other is not first and key in other.keys and written is not None:
                    patch.add((Edit(other.start, other.end, written),))
    return patch, tuple(names)


def _broken(
    source: Source, inside: Sequence[Choice], weights: dict[str, float], rng: Random
) -> tuple[bytes, tuple[str, ...]] | None:
    """The file with slips in the hunk, or with the hunk as another house would write it; and what was changed."""
    if rng.random() < _ANOTHER_HOUSE:
        patch, names = _ruled(inside, rng, rules=rng.randint(*_RULES), keep=1.0)
    else:
        patch, names = _slips(inside, weights, rng)
    if not names:
        return None
    text = patch.apply(source.text)
    return None if text == source.text or new_errors(source, source.with_text(text)) else (text, names)


def layout_restoration(
    path: str, source: Source, lines: LineRange, found: Sequence[Choice], *, draw: Draw, rng: Random
) -> Sample:
    """The sample for a hunk: with its layout broken, or as it is where nothing can be, or by the chance `unbroken`."""
    start, end = source.span_of(lines)
    target = source.text[start:end]
    staged, names = target, tuple[str, ...]()
    if rng.random() >= draw.unbroken:
        inside = [choice for choice in found if start <= choice.start and choice.end < end]
        weights = _weights(found, (start, end), draw.context)
        broken = _broken(source, inside, weights, rng) if inside else None
        if broken is not None:
            staged, names = broken[0][start : end + len(broken[0]) - len(source.text)], broken[1]
    before, after = (part.decode() for part in context_of(source, lines, draw.context))
    return Sample(SampleKind.RESTORATION, path, before, staged.decode(), after, target.decode(), broken=names)


def _alike(one: Counter[str], other: Counter[str]) -> float:
    """The Jaccard similarity of two bags of words."""
    shared = sum((one & other).values())
    return shared / max(1, sum(one.values()) + sum(other.values()) - shared)


def neighbours(
    source: Source, hunk: LineRange, parts: Iterable[LineRange], *, hidden: LineRange, count: int
) -> tuple[str, ...]:
    """The `count` of `parts`, away from the lines `hidden`, whose words are most like the hunk's, least alike first."""
    words = Counter(_WORD.findall(source.text[slice(*source.span_of(hunk))].decode()))
    ranked = []
    for part in parts:
        if not part.touches(hidden):
            text = source.text[slice(*source.span_of(part))].decode()
            ranked.append((_alike(words, Counter(_WORD.findall(text))), text))
    return tuple(text for _, text in sorted(ranked)[-count:])


def shown(source: Source, hunk: LineRange, parts: Iterable[LineRange], context: ContextSize) -> tuple[str, ...]:
    """Up to three short pieces of the file that are like the hunk and that its context does not hold."""
    start, end = source.span_of(hunk)
    low, high = max(0, start - context.before), min(len(source.text), end + context.after)
    some = [part for part in parts if part.last - part.first < _NEAR_LINES]
    return neighbours(source, hunk, some, hidden=source.lines_of(low, high), count=_MOST_NEAR)
