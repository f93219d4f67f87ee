"""Which parts of a line of code are keywords, strings, comments and the like. Pure.

Knows Pygments and the names of styles. Does not know what a line is shown for, nor the colours behind the names.
Lexing a file takes a while, so a file is lexed once, where nobody waits for it (`lexed`), and of a replacement only its
own lines, started where the text before it leaves no string or comment open (`recolored`).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pygments.lexer import Lexer
from pygments.lexers import find_lexer_class_for_filename
from pygments.token import Comment, Keyword, Literal, Name, Operator, _TokenType

_MOST_CHARACTERS = 400_000
_LONGEST_LINE = 2_000
_STYLES = {
    Comment: "$foreground 60% italic",
    Keyword: "$text-accent",
    Keyword.Constant: "$text-warning",
    Literal.Number: "$text-warning",
    Literal.String: "$text-secondary",
    Name.Builtin: "$text-primary",
    Name.Class: "bold",
    Name.Decorator: "$text-primary",
    Name.Function: "bold",
    Operator.Word: "$text-accent",
}


@dataclass(frozen=True, slots=True)
class Styled:
    """Characters `[start, end)` of a line and the name of their style."""

    start: int
    end: int
    style: str


@dataclass(frozen=True, slots=True)
class Colored:
    """The styles of each line. `safe`: for each line, the nearest one not after it that no string or comment enters."""

    styles: tuple[tuple[Styled, ...], ...]
    safe: tuple[int, ...]


@lru_cache(64)
def _lexer(path: str) -> Lexer | None:
    lexer = find_lexer_class_for_filename(path)
    return lexer(stripnl=False, ensurenl=False) if lexer else None


def _style(token: _TokenType) -> str:
    styled = next((kind for kind in reversed(token.split()) if kind in _STYLES), None)
    return _STYLES[styled] if styled else ""


def _plain(lines: Sequence[str]) -> Colored:
    return Colored(((),) * len(lines), tuple(range(len(lines))))


def lexed(path: str, lines: Sequence[str]) -> Colored:
    """The styles of `lines` as the language of `path` has them; none for an unknown language or a huge text."""
    lexer = _lexer(path)
    if lexer is None or not lines or sum(map(len, lines)) > _MOST_CHARACTERS or max(map(len, lines)) > _LONGEST_LINE:
        return _plain(lines)
    styles: list[list[Styled]] = [[]]
    safe, column = [0], 0
    # Through the lexer's own loop: get_tokens would drop a byte order mark and turn carriage returns into line feeds.
    for _, token, text in lexer.get_tokens_unprocessed("\n".join(lines)):
        style, inside = _style(token), token in Literal.String or token in Comment
        for number, piece in enumerate(text.split("\n")):
            if number:
                styles.append([])
                safe.append(safe[-1] if inside else len(safe))
                column = 0
            if style and piece:
                styles[-1].append(Styled(column, column + len(piece), style))
            column += len(piece)
    return Colored(tuple(map(tuple, styles)), tuple(safe))


def recolored(path: str, lines: Sequence[str], known: Colored, at: int, *, replacement: Sequence[str]) -> Colored:
    """The styles of `replacement` in place of the line `at` (from 0) of `lines`, whose styles are `known`."""
    start = known.safe[at] if at < len(known.safe) else at
    colored = lexed(path, [*lines[start:at], *replacement])
    return Colored(colored.styles[at - start :], colored.safe[at - start :])
