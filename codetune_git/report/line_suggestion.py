"""A suggestion as the formats for CI name it: whole lines with their ends.

Knows the lines that a suggestion replaces and how they end. Does not know any of the formats, nor how a format counts
columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from codetune_git.domain import Findings, Suggestion
from codetune_git.report.formats import Report
from codetune_git.report.text import visible
from codetune_git.text.line_edits import bare, ending, line_edits, lines_of


@dataclass(frozen=True, slots=True)
class LineSuggestion:
    """`suggestion` replaces the lines `old` by `new`; all with their line ends, `new` is empty where they go."""

    suggestion: Suggestion
    old: tuple[str, ...]
    new: tuple[str, ...]

    @property
    def end(self) -> tuple[int, str]:
        """Where the replaced text ends: the line, and what stands in it before that place.

        The last line's end stays if anything does. If nothing does it goes too, so the text ends where the next line
        starts (behind the last line of a file: where a next line would start).
        """
        last, line = self.suggestion.lines.last, self.old[-1]
        if self.new:
            return last, bare(line)
        return (last + 1, "") if line.endswith("\n") else (last, line)

    @property
    def text(self) -> str:
        """What replaces the text from the start of the first line to `end`."""
        return "".join(self.new).removesuffix(ending(self.old[-1]))

    @property
    def expressible(self) -> bool:
        """Whether a format that holds Unicode only can say it."""
        return all(map(is_unicode, (self.suggestion.path, *self.old, *self.new)))


def is_unicode(text: str) -> bool:
    """Whether `text` holds no byte that is not UTF-8 (as surrogateescape decodes them: lone surrogates)."""
    return not any("\ud800" <= character <= "\udfff" for character in text)


def named(path: str) -> str:
    """`path` as it is, or where it is not UTF-8 with escapes for a person: then it names no file."""
    return path if is_unicode(path) else visible(path)


def _line_suggestion(lines: Sequence[str], suggestion: Suggestion) -> LineSuggestion:
    start, end = suggestion.lines.first - 1, suggestion.lines.last
    new = old = tuple(lines[start:end])
    for edit in line_edits(lines, [suggestion]):  # one; none where the suggestion changes nothing
        new = (*lines[start : edit.start], *edit.new, *lines[edit.end : end])
    # An empty line in the place of a last line that has no end has no characters: the file holds no such line.
    return LineSuggestion(suggestion, old, tuple(line for line in new if line))


def ordered(findings: Findings) -> list[Suggestion]:
    """By path and line."""
    return sorted(findings.suggestions, key=lambda suggestion: (suggestion.path, suggestion.lines))


def line_suggestions(report: Report) -> Iterator[LineSuggestion]:
    """The suggestions with the lines of the staged contents, by path and line.

    Raises ValueError where a suggestion does not fit the contents, KeyError where contents are missing.
    """
    contents = report.contents
    for path, group in groupby(ordered(report.findings), key=lambda suggestion: suggestion.path):
        lines = lines_of(contents[path])
        yield from (_line_suggestion(lines, suggestion) for suggestion in group)
