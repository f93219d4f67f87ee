"""The app: a key or a click makes a new session, the pane shows it. Knows sessions, windows and the backend.

Files come from a blocking iterator that is read in a thread, one at a time, so the screen is there at once. An
exception, from there or from anywhere else, ends the app and is kept in `failure` for the caller: nothing is printed.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import ClassVar

from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.worker import WorkerFailed

from codetune_git.domain import Decision, FileFindings, Suggestion, Verdict
from codetune_git.tui.backend import ReviewBackend
from codetune_git.tui.choices import Edited
from codetune_git.tui.code_rows import Source, source
from codetune_git.tui.edit_screen import EditScreen, editable
from codetune_git.tui.filter_screen import FilterScreen
from codetune_git.tui.help_screen import HelpScreen
from codetune_git.tui.keys import ABORT_KEY, Bound
from codetune_git.tui.precedent_screen import PrecedentScreen
from codetune_git.tui.review_pane import ReviewPane
from codetune_git.tui.search_bar import SearchBar
from codetune_git.tui.selection import Filter, matches
from codetune_git.tui.session import Session
from codetune_git.tui.splitting import parts
from codetune_git.tui.suggestion_list import SuggestionList
from codetune_git.tui.wording import proven_in_words

_KEY_NAMES = {",": "comma"}  # a comma would part two keys
_STEPS: Mapping[str, Callable[[Session], Session]] = {
    "accept": lambda session: session.decided(Verdict.ACCEPTED),
    "reject": lambda session: session.decided(Verdict.REJECTED),
    "accept-file": lambda session: session.decided_file(Verdict.ACCEPTED),
    "reject-file": lambda session: session.decided_file(Verdict.REJECTED),
    "toggle": Session.toggled,
    "next": lambda session: session.stepped(1),
    "previous": lambda session: session.stepped(-1),
    "next-file": lambda session: session.stepped_file(1),
    "previous-file": lambda session: session.stepped_file(-1),
}


class ReviewApp(App[tuple[Decision, ...]], inherit_bindings=False):
    """Returns the decisions, or None where they are not wanted (or there is a `failure`)."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding(ABORT_KEY, "abort", priority=True)]
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (110, "-wide")]  # noqa: RUF012  (Textual types it as the instance's)
    VERTICAL_BREAKPOINTS = [(0, "-tiny"), (16, "-low"), (36, "-high")]  # noqa: RUF012
    CSS = """
    #counts { background: $panel; padding: 0 1; }
    #middle { height: 1fr; }
    #list { width: 42; border-right: solid $panel; }
    .-narrow #list { display: none; }
    #place { padding: 0 1; background: $surface; }
    #code { height: 1fr; }
    #why { height: 7; padding: 0 1; border-top: solid $panel; }
    .-tiny #why { display: none; }
    .-high #why { height: 10; }
    #status { padding: 0 1; text-style: bold; }
    Input:nocolor > .input--cursor { text-style: underline; }
    OptionList:nocolor > .option-list--option-highlighted { text-style: bold underline; }
    * { scrollbar-color: $foreground 20%; scrollbar-background: $background; }
    """
    ENABLE_COMMAND_PALETTE = False
    ALLOW_SELECT = False
    AUTO_FOCUS = None

    def __init__(
        self, files: Iterator[FileFindings], backend: ReviewBackend, *, total: int, keys: Bound, judged_by: str = ""
    ) -> None:
        # Where no colour is wanted there is none at all, not the greys that Textual would make of its own.
        super().__init__(ansi_color=True if "NO_COLOR" in os.environ else None)
        self.animation_level = "none"
        self.failure: BaseException | None = None
        self.session = Session(total)
        self._files, self._backend, self._keys, self._judged_by = files, backend, keys, judged_by
        self._sources: dict[str, Source] = {}
        self._deeds: Mapping[str, Callable[[], None]] = {
            "undo": self._undo,
            "edit": self._open_edit,
            "split": self._split,
            "search": self._open_search,
            "page-down": lambda: self._pane.code.scroll_page(1),
            "page-up": lambda: self._pane.code.scroll_page(-1),
            "scroll-right": lambda: self._pane.code.scroll_sideways(1),
            "scroll-left": lambda: self._pane.code.scroll_sideways(-1),
            "layout": lambda: self._pane.toggle_side_by_side(),
            "precedent": self._open_precedent,
            "filter": self._open_filter,
            "help": self._open_help,
            "quit": self._leave,
        }
        for action, chosen in keys.items():
            for key in chosen:
                for binding in Binding.make_bindings([(_KEY_NAMES.get(key, key), f"do('{action}')")]):
                    self.bind(binding.key, binding.action)

    def compose(self) -> ComposeResult:
        yield ReviewPane(self.session, self._keys, self._sources, self._judged_by)

    def on_mount(self) -> None:
        self._pane = self.query_one(ReviewPane)
        self._stream()

    @work
    async def _stream(self) -> None:
        try:
            while (came := await asyncio.to_thread(self._next)) is not None:
                findings, lines = came
                self._sources[findings.path] = lines
                self._show(self.session.arrived(findings), self._pane.message)
        except Exception as error:
            self._fail(error)
        else:
            self._show(self.session.ended(), self._pane.message)

    def _next(self) -> tuple[FileFindings, Source] | None:
        """The next file, its colours found; in the thread, for both may take a while."""
        findings = next(self._files, None)
        return None if findings is None else (findings, source(findings.path, findings.lines))

    def _fail(self, error: BaseException) -> None:
        self.failure = error
        self.exit()

    def _handle_exception(self, error: Exception) -> None:
        self.failure = self.failure or (error.error if isinstance(error, WorkerFailed) else error)
        super()._handle_exception(error)
        # Textual would print a panel with all local variables; the caller gets the exception itself.
        self._exit_renderables.clear()

    def _show(self, session: Session, message: str = "") -> None:
        self.session = session
        self._pane.show(session, message)

    def action_do(self, action: str) -> None:
        if action in _STEPS:
            self._show(_STEPS[action](self.session))
        else:
            self._deeds[action]()

    def _undo(self) -> None:
        self._show(self.session.undone(), "" if self.session.past else "there is nothing to undo")

    @on(SuggestionList.Chosen)
    def _chosen(self, event: SuggestionList.Chosen) -> None:
        self._show(self.session.at(event.suggestion))

    def _open_help(self) -> None:
        self.push_screen(HelpScreen(self._keys))

    def _open_precedent(self) -> None:
        current = self.session.current
        if current and current.precedents:
            self.push_screen(PrecedentScreen(current.precedents, self._backend))
        else:
            self._pane.say("there is no precedent to show")

    def _open_filter(self) -> None:
        if self.session.listed:
            self.push_screen(FilterScreen(self.session.listed, self.session.filter), self._filtered)
        else:
            self._pane.say("there is nothing to filter yet")

    def _filtered(self, wanted: Filter | None) -> None:
        if wanted is not None:
            filtered = self.session.filtered(wanted)
            hides = f"the filter hides {filtered.hidden} of {len(filtered.listed)}"
            self._show(filtered, hides if filtered.hidden and filtered.shown else "")

    def _open_search(self) -> None:
        self._pane.search(opened=True)

    @on(SearchBar.Wanted)
    def _search(self, event: SearchBar.Wanted) -> None:
        matching = sum(matches(s, event.query) for s in self.session.shown) if event.query else 0
        said = f"{matching} found" if matching else "not found"
        self.query_one(SearchBar).tell(said if event.query else "")
        if matching:
            self._show(self.session.found(event.query, further=event.further))

    @on(SearchBar.Closed)
    def _search_closed(self) -> None:
        self._pane.search(opened=False)

    def _open_edit(self) -> None:
        current = self.session.current
        if current is None:
            return
        replacement = self.session.choices.proposed(current).replacement
        if not editable(replacement):
            self._pane.say("this text holds characters that cannot be seen: edit the file itself")
            return

        def take(edited: Edited | None) -> None:
            if edited is not None:
                proven = proven_in_words(edited)
                self._show(self.session.edited(current, edited), f"your text is accepted, {proven}")

        self.push_screen(EditScreen(current, replacement, self._backend), take)

    def _split(self) -> None:
        current = self.session.current
        if current is None:
            return
        apart = parts(current, self.session.choices.proposed(current).replacement)
        if apart:
            self._take_apart(current, apart)
        else:
            self._pane.say("the changed lines of this suggestion cannot be taken apart")

    @work
    async def _take_apart(self, whole: Suggestion, apart: tuple[Suggestion, ...]) -> None:
        self._pane.say("checking the parts…")
        proven = await asyncio.to_thread(self._proven, apart)
        if len(proven) < len(apart):
            self._pane.say(f"the parts cannot stand alone: without the others, part {len(proven) + 1} does not parse")
        elif whole in self.session.listed:
            self._show(self.session.split(whole, proven), f"taken apart into {len(proven)} suggestions")

    def _proven(self, apart: tuple[Suggestion, ...]) -> tuple[Suggestion, ...]:
        """The parts with what is proven about each, up to the first that does not parse alone."""
        proven: list[Suggestion] = []
        for part in apart:
            proof = self._backend.verified(part, part.replacement)
            if proof is None:
                break
            proven.append(replace(part, verification=proof.verification, assumption=proof.assumption))
        return tuple(proven)

    def _leave(self) -> None:
        self.exit(self.session.decisions)

    def action_abort(self) -> None:
        self.exit(None)
