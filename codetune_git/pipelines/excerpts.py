"""A few lines of the repository for each convention and variant, which show how it is written. Joins git and readings.

Of all sites one of those is shown that take the fewest lines, from the middle of the repository's files. Where a site
begins or ends with blank lines the lines beside them are shown as well, and so are those of the brackets of a list.
"""

from __future__ import annotations

from collections.abc import Mapping

from codetune_git.domain import Excerpt, LineRange
from codetune_git.git.repository import Repository
from codetune_git.languages.shared.wrapping import NAME as WRAPPING
from codetune_git.pipelines.style_counts import Readings, texts_at
from codetune_git.style.reading import Reading
from codetune_git.text.decoding import decode

Written = tuple[str, str]
"""A convention and a variant of it."""
_Place = tuple[str, LineRange]
MOST_LINES = 8
_OPENING, _CLOSING = ("(", "[", "{"), (")", "]", "}")


def _height(lines: LineRange) -> int:
    return lines.last - lines.first


def _lowest(reading: Reading) -> dict[Written, LineRange]:
    """By convention and variant the first of those sites of a text that take the fewest lines."""
    found: dict[Written, LineRange] = {}
    for (convention, _, variant), alike in reading.sites.items():
        lines = min(alike.lines, key=lambda lines: (_height(lines), lines))
        known = found.get((convention, variant))
        if known is None or (_height(lines), lines) < (_height(known), known):
            found[convention, variant] = lines
    return found


def _places(readings: Readings) -> dict[Written, _Place]:
    """By convention and variant the place that is shown."""
    every: dict[Written, list[_Place]] = {}
    for file, reading in readings.files:
        for written, lines in _lowest(reading).items():
            every.setdefault(written, []).append((file.path, lines))
    chosen: dict[Written, _Place] = {}
    for written, places in every.items():
        least = min(_height(lines) for _, lines in places)
        low = [place for place in places if _height(place[1]) == least]
        chosen[written] = low[len(low) // 2]
    return chosen


def _excerpt(path: str, text: list[str], lines: LineRange, *, is_list: bool) -> Excerpt:
    first, last = lines.first - 1, min(lines.last, lines.first + MOST_LINES - 1, len(text))
    if first and is_list and text[first - 1].endswith(_OPENING):
        first -= 1
    if last < len(text) and is_list and text[last].lstrip().startswith(_CLOSING):
        last += 1
    while first and not text[first].strip():
        first -= 1
    while last < len(text) and not text[last - 1].strip():
        last += 1
    if last == len(text) > first + 1 and not text[-1]:  # behind the last line feed
        last -= 1
    return Excerpt(path, first + 1, tuple(text[first:last]))


def excerpts(repository: Repository, revision: str, readings: Readings) -> Mapping[Written, Excerpt]:
    """An excerpt for each convention and variant that `revision` writes; `readings` are those of its files."""
    places = _places(readings)
    contents = texts_at(repository, revision, sorted({path for path, _ in places.values()}))
    texts = {
        path: text.decode().split("\n") for path, raw in contents.items() if isinstance(text := decode(raw), bytes)
    }
    return {
        written: _excerpt(path, texts[path], lines, is_list=written[0].endswith(WRAPPING))
        for written, (path, lines) in places.items()
        if path in texts
    }
