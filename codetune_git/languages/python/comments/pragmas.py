"""What comments that tools read silence: the conventions on each line.

Knows how far each comment reaches. Does not know its spelling, nor what would have been said.

Our own: `# codetune: off` ... `# codetune: on` silence the lines between them, `# codetune: ignore` its own line,
`# codetune: ignore[quotes, naming]` those conventions on its own line. Those of other tools silence what the tool was
told to leave alone, and what would move the line that they are about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from codetune_git.domain import LineRange
from codetune_git.languages.python.comments.logical_lines import LogicalLines
from codetune_git.languages.python.comments.tool_comments import MOVING, Pragma, Reach, pragmas_in
from codetune_git.languages.silenced import ALL, Silenced
from codetune_git.text.source import Source

_OWN = "codetune"


@dataclass(frozen=True, slots=True)
class _Begun:
    """What a tool was told to leave alone from a line on, up to `last` if nothing ends it before."""

    tool: str
    kinds: frozenset[str]
    first: int
    last: int


@dataclass(slots=True)
class _Reader:
    """Reads the comments of one file in their order."""

    logical: LogicalLines
    found: dict[int, frozenset[str]] = field(default_factory=lambda: defaultdict(frozenset))
    open: list[_Begun] = field(default_factory=list)

    def _add(self, lines: LineRange, kinds: frozenset[str]) -> None:
        for line in range(lines.first, lines.last + 1) if kinds else ():
            self.found[line] = ALL if ALL & (self.found[line] | kinds) else self.found[line] | kinds

    def _end(self, pragma: Pragma, line: int) -> None:
        """Of what is open some kinds may be ended and others go on."""
        still: list[_Begun] = []
        for one in self.open:
            ended = one.kinds if pragma.kinds & ALL else one.kinds & pragma.kinds
            if one.tool != pragma.tool or not ended:
                still.append(one)
                continue
            self._add(LineRange(one.first, min(one.last, line - 1)), ended)
            still += [replace(one, kinds=one.kinds - ended)] if one.kinds - ended else []
        self.open = still

    def _bound(self, reach: Reach, line: int) -> LineRange | None:
        """The lines of a comment that is about one line."""
        if reach is Reach.LINE:
            return self.logical.line(line)
        if reach in (Reach.STATEMENT, Reach.DEFINITION):
            return self.logical.statement(line)
        return self.logical.following(line) if reach is Reach.NEXT else None

    def read(self, pragma: Pragma, line: int, column: int, *, alone: bool) -> None:
        reach = pragma.alone if alone else pragma.trailing
        last = len(self.logical.source.line_starts)
        if reach is Reach.END:
            self._end(pragma, line)
        elif reach is Reach.FILE:
            self._add(LineRange(1, last), pragma.kinds)
        elif reach is Reach.DEFINITION:
            self._add(self.logical.definition(line), pragma.kinds)
        elif reach is Reach.ON:
            self.open.append(_Begun(pragma.tool, pragma.kinds, line, last))
        elif reach is Reach.BLOCK:
            self.open.append(_Begun(pragma.tool, pragma.kinds, line, self.logical.end_of_block(line, column)))
        if (bound := self._bound(reach, line)) is not None:
            self._add(bound, pragma.kinds if pragma.tool == _OWN else pragma.kinds | MOVING)

    def close(self) -> None:
        """What was never ended."""
        for one in self.open:
            self._add(LineRange(one.first, one.last), one.kinds)


def _comments(source: Source) -> Iterator[tuple[Pragma, int, int, bool]]:
    """What each comment says, its line and column, and whether it has the line to itself."""
    for node, _ in source.of_kinds(("comment",)):
        for pragma in pragmas_in(source.slice(node)):
            line = node.start_point[0] + 1
            begin = source.line_starts[line - 1]
            yield pragma, line, node.start_point[1], not source.text[begin : node.start_byte].strip()


def silenced(source: Source) -> Silenced:
    """What the comments of `source` silence."""
    reader = _Reader(LogicalLines(source))
    for pragma, line, column, alone in _comments(source):
        reader.read(pragma, line, column, alone=alone)
    reader.close()
    return Silenced(dict(reader.found))
