"""The main screen: counts, list, place, code, reasons, state, search and keys. Knows how a session looks.

Does not know how a session changes. Each part is drawn again only when something that it shows has changed.
"""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content

from codetune_git.domain import Verdict
from codetune_git.tui.code_rows import LEAST_CONTEXT, Around, Rows, Source, diff_rows
from codetune_git.tui.code_view import CodeView
from codetune_git.tui.drawn import Drawn
from codetune_git.tui.key_bar import KeyBar
from codetune_git.tui.keys import Bound
from codetune_git.tui.search_bar import SearchBar
from codetune_git.tui.session import Session
from codetune_git.tui.suggestion_list import SuggestionList
from codetune_git.tui.why import why
from codetune_git.tui.wording import location, place, progress, shortened, state, tally

_WIDE_ENOUGH = 100  # for two halves of code beside each other
_MOST_CONTEXT = 12
_VERDICT_STYLES = {Verdict.ACCEPTED: "$text-success", Verdict.REJECTED: "$text-error", None: ""}


def _ends(left: Content, right: Content, width: int) -> Content:
    """`left` and `right` at the ends of a line; where they have no room, `right` is cut."""
    room = width - left.cell_length - 2
    if room < 1:
        return left.truncate(width, ellipsis=True)
    cut = right.truncate(room, ellipsis=True)
    return Content.assemble(left, " " * (width - left.cell_length - cut.cell_length), cut)


class ReviewPane(Vertical):
    def __init__(self, session: Session, keys: Bound, sources: Mapping[str, Source], judged_by: str) -> None:
        super().__init__(id="review")
        self._session, self._keys, self._sources, self._judged_by = session, keys, sources, judged_by
        self.message = ""
        self._side_by_side = False
        self._code_shown: object = None

    def compose(self) -> ComposeResult:
        yield Drawn(self._counts, id="counts")
        with Horizontal(id="middle"):
            yield SuggestionList(id="list")
            with Vertical():
                yield Drawn(self._place, id="place")
                yield CodeView(id="code")
                yield Drawn(self._why, id="why")
        yield Drawn(self._status, id="status")
        yield SearchBar(id="search")
        yield KeyBar(self._keys, id="keys")

    @property
    def code(self) -> CodeView:
        return self.query_one("#code", CodeView)

    def show(self, session: Session, message: str = "") -> None:
        self._session, self.message = session, message
        for part in self.query(Drawn):
            part.redraw()
        self.query_one("#list", SuggestionList).show(session)
        self._show_code()

    def say(self, message: str) -> None:
        self.message = message
        self.query_one("#status", Drawn).redraw()

    def toggle_side_by_side(self) -> None:
        self._side_by_side = not self._side_by_side
        self._show_code()
        self.say(self._layout_hint())

    def on_resize(self) -> None:
        # The width of the code follows; whether two halves have room in it is seen after that.
        self.call_after_refresh(self._show_code)

    def search(self, *, opened: bool) -> None:
        """The line to search in takes the place of the state, so that nothing else moves."""
        self.query_one("#status").display = not opened
        if opened:
            self.query_one(SearchBar).open()

    def _layout_hint(self) -> str:
        if self._side_by_side and self.code.size.width < _WIDE_ENOUGH:
            return f"side by side needs {_WIDE_ENOUGH} columns for the code, here are {self.code.size.width}"
        return "side by side" if self._side_by_side else "below each other"

    def _show_code(self) -> None:
        current, file = self._session.current, self._session.file
        if current is None or file is None:
            self._show_rows(None, Rows((), (0, 0), 0))
            return
        replacement = self._session.choices.proposed(current).replacement
        split = self._side_by_side and self.code.size.width >= _WIDE_ENOUGH
        # A high screen has room for more of what is around.
        room = (self.code.size.height - len(current.original) - len(replacement)) // 2
        around = Around(file, self._sources[file.path], min(max(room, LEAST_CONTEXT), _MOST_CONTEXT))
        shown = (current.id, replacement, split, around.context)
        if shown != self._code_shown:
            self._show_rows(shown, diff_rows(around, current, replacement, split=split))

    def _show_rows(self, shown: object, rows: Rows) -> None:
        self._code_shown = shown
        self.code.show(rows)

    def _counts(self, width: int, height: int) -> Content:
        return _ends(Content(tally(self._session)), Content(progress(self._session)), width)

    def _place(self, width: int, height: int) -> Content:
        current = self._session.current
        if current is None:
            return Content("")
        left = Content.styled(place(self._session), _VERDICT_STYLES[self._session.verdict(current)])
        return _ends(left, Content(shortened(location(current), width - left.cell_length - 2)), width)

    def _why(self, width: int, height: int) -> Content:
        current = self._session.current
        if current is None:
            return Content("")
        proposed = self._session.choices.proposed(current)
        return why(current, proposed, width=width, height=height, key=self._keys["precedent"][0])

    def _status(self, width: int, height: int) -> Content:
        said = Content(self.message or state(self._session, self._keys))
        # Known all along, and so no louder than what has just happened or is to be done.
        quiet = Content.styled(self._judged_by, "not bold")
        return (said or quiet).truncate(width, ellipsis=True)
