"""Edits of the history that changed how code is written and not what it means: the strongest signal there is.

Knows old and new text of one file. Does not know commits; how equal meaning is proven is the language's.

    1 align the old lines with the new ones
    2 of the replaced ranges keep the short ones that exchange few words and leave the words of comments alone
    3 put the old lines into the new file and prove that it means the same
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from random import Random
from typing import NamedTuple

from codetune_git.domain import LineRange, Sample, SampleKind, Verification
from codetune_git.languages.table import language_in
from codetune_git.text.hunks import USUAL_CONTEXT, ContextSize, context_of, part_around, split_lines
from codetune_git.text.source import Source

WEIGHT = 2.0
_MOST_WORDS = 6  # exchanged words: a renamed local or a changed idiom, not a new thought
_MOST_MIDDLE = 4_000  # lines to align: beyond, a whole file was rewritten
# With assumptions as well: people made the edit, and what is learned from it is proven again before it is said.
_PROVEN = frozenset({Verification.SAFE, Verification.RENAME, Verification.ASSUMING})
_WORD = re.compile(r"\w+")


class Differing(NamedTuple):
    """Half-open ranges, from 0, of old and new lines that stand for each other; one of them may be empty."""

    old_start: int
    old_end: int
    new_start: int
    new_end: int


def differing(old: Sequence[str], new: Sequence[str], most: int = _MOST_MIDDLE) -> Iterator[Differing]:
    """Where the lines differ; nothing where more than `most` lie between the equal ones at both ends."""
    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    middles = old[head : len(old) - tail], new[head : len(new) - tail]
    if max(map(len, middles)) > most:
        return
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, *middles).get_opcodes():
        if tag != "equal":
            yield Differing(head + i1, head + i2, head + j1, head + j2)


def _replaced(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[tuple[LineRange, LineRange]]:
    """The line ranges of `old` and `new` that stand for each other."""
    for place in differing(old, new):
        if place.old_start < place.old_end and place.new_start < place.new_end:
            yield LineRange(place.old_start + 1, place.old_end), LineRange(place.new_start + 1, place.new_end)


def _words(text: str) -> Counter[str]:
    return Counter(_WORD.findall(text))


def _comments(text: str, marker: str) -> Counter[str]:
    return _words(" ".join(line.partition(marker)[2] for line in text.split("\n")))


def _alike(old: str, new: str, marker: str) -> bool:
    """A cheap look before the proof, which also keeps reworded comments out: no proof sees those.

    `marker` begins a comment that ends with its line.
    """
    before, after = _words(old), _words(new)
    exchanged = max(sum((before - after).values()), sum((after - before).values()))
    kinds = len((before - after) | (after - before))
    return min(exchanged, kinds) <= _MOST_WORDS and _comments(old, marker) == _comments(new, marker)


def _candidates(old: str, new: Source, most_lines: int) -> Iterator[tuple[LineRange, str]]:
    """Lines of `new` and the text that stood there."""
    old_lines, new_lines = split_lines(old), split_lines(new.text.decode())
    for was, now in _replaced(old_lines, new_lines):
        if max(was.last - was.first, now.last - now.first) < most_lines:
            text = "".join(old_lines[was.first - 1 : was.last])
            if _alike(text, "".join(new_lines[now.first - 1 : now.last]), new.grammar.comment):
                yield now, text


def same_meaning(new: Source, lines: LineRange, staged: str) -> bool:
    """Whether the file means the same with `staged` in the place of `lines`.

    Only the statements around it are compared, after all imports of the module: files can be long.
    """
    start, end = new.span_of(lines)
    part = part_around(new, lines)
    imports = b"".join(
        new.slice(node) + b"\n"
        for node in new.tree.root_node.children
        if node.type in new.grammar.imports and not part.start <= node.start_byte < part.end
    )
    head = imports + part.header
    before = head + new.text[part.start : start] + staged.encode() + new.text[end : part.end]
    proof = language_in(new).verify(before, head + new.text[part.start : part.end])
    return proof is not None and proof.verification in _PROVEN


def style_edits(
    path: str,
    old: bytes,
    new: Source,
    *,
    rng: Random,
    most: int = 20,
    most_lines: int = 16,
    context: ContextSize = USUAL_CONTEXT,
) -> tuple[Sample, ...]:
    """The style edits between two versions of a file, at most `most`, drawn by `rng` where a formatter made more.

    `old` is UTF-8 with line feeds, as `new.text` is.
    """
    candidates = list(_candidates(old.decode(), new, most_lines))
    samples: list[Sample] = []
    for lines, staged in sorted(rng.sample(candidates, min(most, len(candidates)))):
        if not same_meaning(new, lines, staged):
            continue
        around = [part.decode() for part in context_of(new, lines, context)]
        target = new.text[slice(*new.span_of(lines))].decode()
        samples.append(Sample(SampleKind.STYLE_EDIT, path, around[0], staged, around[1], target, weight=WEIGHT))
    return tuple(samples)
