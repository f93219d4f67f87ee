"""A small editor for the text of a suggestion. Knows lines; whether a text is valid is for the backend to say.

A text that does not parse is refused and stays in the editor, with what to do about it said below.
"""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual import work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static, TextArea

from codetune_git.domain import Suggestion
from codetune_git.report.text import visible
from codetune_git.tui.backend import ReviewBackend
from codetune_git.tui.choices import Edited
from codetune_git.tui.dialog import Dialog
from codetune_git.tui.printing import printed
from codetune_git.tui.wording import location


def editable(lines: tuple[str, ...]) -> bool:
    """Can a person see all of these lines? What is escaped when it is shown cannot be edited faithfully."""
    return all(visible(line) == line for line in lines)


class EditScreen(Dialog[Edited]):
    """Answers with the text and what is proven about it; None: leave everything as it was."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+s", "take", "take", priority=True)]
    DEFAULT_CSS = """
    EditScreen #original { height: auto; max-height: 6; background: $error 18%; text-wrap: nowrap; }
    EditScreen #original:ansi { background: ansi_default; color: ansi_red; }
    EditScreen #text { height: 1fr; border: none; padding: 0; }
    EditScreen #message { height: auto; max-height: 3; color: $text-error; }
    """

    def __init__(self, suggestion: Suggestion, replacement: tuple[str, ...], backend: ReviewBackend) -> None:
        title = f"{location(suggestion)}: your text in place of these lines"
        super().__init__(title, "ctrl+s takes it · escape leaves it")
        self._suggestion, self._replacement, self._backend = suggestion, replacement, backend

    def contents(self) -> ComposeResult:
        yield Static(Content("\n".join(f"- {printed(line)}" for line in self._suggestion.original)), id="original")
        text = "\n".join(self._replacement)
        area = TextArea(
            text,
            soft_wrap=False,
            tab_behavior="indent",
            show_line_numbers=True,
            line_number_start=self._suggestion.lines.first,
            id="text",
        )
        area.cursor_blink = False
        area.indent_type = "tabs" if "\t" in text else "spaces"
        yield area
        yield Static("", markup=False, id="message")

    def action_take(self) -> None:
        lines = self._lines()
        if not editable(lines):
            self._say("this text holds characters that cannot be seen; take them out")
        elif lines == self._suggestion.original:
            self._say("these are the lines as they are; escape, then reject the suggestion to keep them")
        else:
            self._check(lines)

    def _lines(self) -> tuple[str, ...]:
        """No line at all for an empty text, unless it was one empty line from the start."""
        text = self.query_one("#text", TextArea).text
        if text == "\n".join(self._replacement):
            return self._replacement
        return tuple(text.split("\n")) if text else ()

    @work(exclusive=True)
    async def _check(self, lines: tuple[str, ...]) -> None:
        self._say("checking…")
        proof = await asyncio.to_thread(self._backend.verified, self._suggestion, lines)
        if proof is None:
            self._say("with this text the file does not parse; change it, or press escape to leave it")
        elif lines == self._lines():
            self.dismiss(Edited(lines, proof.verification, proof.assumption))
        else:
            self._say("the text was changed while it was checked: take it again")

    def _say(self, message: str) -> None:
        self.query_one("#message", Static).update(Content(message))
