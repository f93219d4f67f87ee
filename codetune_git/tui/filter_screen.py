"""Which kinds are shown, and from which confidence on. Knows suggestions and filters, not what was decided."""

from __future__ import annotations

from collections import Counter
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input, OptionList, Static

from codetune_git.domain import Suggestion
from codetune_git.tui.dialog import Dialog
from codetune_git.tui.printing import printed
from codetune_git.tui.selection import Filter
from codetune_git.tui.wording import counted


class FilterScreen(Dialog[Filter]):
    """Answers with the filter; None: leave it as it was.

    A box is ticked with an x and not by colour alone, as Textual's own list does it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "take", "take", priority=True),
        Binding("space", "tick", "tick"),
        Binding("a", "all_or_none", "all or none"),
    ]
    DEFAULT_CSS = """
    FilterScreen > #box { width: 60; max-width: 94%; height: auto; max-height: 90%; }
    FilterScreen #kinds { height: auto; max-height: 14; border: none; padding: 0; }
    FilterScreen #line { height: 1; margin-top: 1; }
    FilterScreen #line > Static { width: auto; }
    FilterScreen #least { width: 8; }
    FilterScreen #shown { height: 1; color: $foreground 60%; }
    """

    def __init__(self, suggestions: tuple[Suggestion, ...], known: Filter) -> None:
        super().__init__("Filter", "space ticks · a all or none · tab · enter takes it")
        self._suggestions, self._known = suggestions, known
        self._numbers = Counter(s.kind for s in suggestions)
        self._kinds = sorted(self._numbers)
        self._ticked = set(self._kinds) - known.hidden

    def contents(self) -> ComposeResult:
        yield OptionList(*map(self._prompt, self._kinds), id="kinds")
        with Horizontal(id="line"):
            yield Static("at least ")
            least = Input(str(self._known.least), type="integer", max_length=2, compact=True, id="least")
            least.cursor_blink = False
            yield least
            yield Static(" % sure")
        yield Static("", markup=False, id="shown")

    def on_mount(self) -> None:
        self._count()

    def action_take(self) -> None:
        self.dismiss(self._wanted())

    def action_tick(self) -> None:
        at = self.query_one("#kinds", OptionList).highlighted
        if at is not None:
            self._tick(self._ticked ^ {self._kinds[at]})

    def action_all_or_none(self) -> None:
        self._tick(set() if len(self._ticked) == len(self._kinds) else set(self._kinds))

    @on(OptionList.OptionSelected)
    def _clicked(self, event: OptionList.OptionSelected) -> None:
        self._tick(self._ticked ^ {self._kinds[event.option_index]})

    @on(Input.Changed)
    def _count(self) -> None:
        shown = sum(map(self._wanted().shows, self._suggestions))
        self.query_one("#shown", Static).update(f"shows {shown} of {counted(len(self._suggestions), 'suggestion')}")

    def _tick(self, ticked: set[str]) -> None:
        changed, self._ticked = ticked ^ self._ticked, ticked
        kinds = self.query_one("#kinds", OptionList)
        for kind in changed:
            kinds.replace_option_prompt_at_index(self._kinds.index(kind), self._prompt(kind))
        self._count()

    def _prompt(self, kind: str) -> Content:
        return Content(f"[{'x' if kind in self._ticked else ' '}] {printed(kind)} ({self._numbers[kind]})")

    def _wanted(self) -> Filter:
        """Kinds that are not in the list, for none has come yet, stay as they were."""
        least = self.query_one("#least", Input).value
        absent = self._known.hidden - set(self._kinds)
        return Filter(frozenset(set(self._kinds) - self._ticked) | absent, int(least) if least.isdecimal() else 0)
