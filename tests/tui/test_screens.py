"""What the screens look like. After a change that is meant: look at the new pictures, then pytest --snapshot-update."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest
from support.suggestions import suggestion
from textual.pilot import Pilot
from tui.reviewing import PRECEDENTS, FixedBackend, until

from codetune_git.domain import BY_COUNTS, FileFindings, Suggestion, Support, Verification
from codetune_git.report.text import judged_by
from codetune_git.tui.app import ReviewApp
from codetune_git.tui.keys import bound

SOURCE = [
    '"""Reading and saving."""',
    "",
    "import os",
    "",
    "",
    'def load(path, mode="r"):',
    '    """Read it.',
    "",
    "    All of it.",
    '    """',
    "    with open(path, mode) as file:",
    "        return file.read()",
    "",
    "",
    "def save(path, text):",
    '    print("saving to %s" % path)',
    '    with open(path, "w") as file:',
    "        file.write(text)",
    "",
    "",
    "class Store(object):",
    "    def __init__(self, name):",
    "        self.name = name  # of the store",
    "",
    "    def shown(self):",
    '        return "<" + self.name + ">"',
]
LONG_PATH = "packages/server/storage/backends/filesystem/store.py"
SMALL, LARGE = (80, 24), (160, 50)

Snap = Callable[..., bool]


def one(path: str, first: int, *new: str, lines: int = 1, **changes: object) -> Suggestion:
    return suggestion(path, first, SOURCE[first - 1 : first - 1 + lines], new, **changes)


def files() -> list[FileFindings]:
    near, far = "pkg/reading.py", LONG_PATH
    return [
        FileFindings(
            near,
            tuple(SOURCE),
            (
                one(near, 6, "def load(path, mode='r'):", precedents=PRECEDENTS),
                one(near, 16, "    print(f'saving to {path}')", kind="formatting", phrase="f-string", confidence=0.83),
            ),
        ),
        FileFindings("pkg/quiet.py", tuple(SOURCE), ()),
        FileFindings(
            far,
            tuple(SOURCE),
            (
                one(
                    far,
                    15,
                    "def save(path, content):",
                    '    print("saving to", path)',
                    '    with open(path, "w") as file:',
                    "        file.write(content)",
                    lines=4,
                    kind="rewrite",
                    kinds=("rewrite",),
                    phrase="",
                    verification=Verification.RENAME,
                    confidence=0.71,
                    support=Support(0, 0),
                    precedents=(),
                ),
                one(far, 21, "class Store:", kind="classes", phrase="no object", verification=Verification.UNSAFE),
            ),
        ),
    ]


def app(count: int = 3, judged_by: str = "") -> ReviewApp:
    backend = FixedBackend({"pkg/old.py": tuple(f"name = 'line {n}'" for n in range(1, 60))})
    return ReviewApp(iter(files()[:count]), backend, total=3, keys=bound({}), judged_by=judged_by)


def after(*presses: str, shows: str = "") -> Callable[[Pilot[object]], Awaitable[None]]:
    """Presses keys once all files are there, and waits for `shows` where a thread brings it."""

    async def run(pilot: Pilot[object]) -> None:
        review = pilot.app
        assert isinstance(review, ReviewApp)
        await until(lambda: review.session.finished, pilot)
        for press in presses:
            await pilot.press(press)
            await pilot.pause()
        strips = review.screen._compositor.render_strips
        await until(lambda: any(shows in strip.text for strip in strips()), pilot)

    return run


@pytest.mark.parametrize(
    ("size", "presses", "shows"),
    [
        pytest.param(SMALL, [], "", id="first-small"),
        pytest.param(LARGE, ["y", "n"], "", id="decided-large"),
        pytest.param(LARGE, ["J", "vertical_line"], "side by side", id="beside-large"),
        pytest.param(SMALL, ["J", "s"], "taken apart", id="apart-small"),
        pytest.param(SMALL, ["a", "d"], "all 4 decided", id="end-small"),
        pytest.param(SMALL, ["question_mark"], "Decide", id="help-small"),
        pytest.param(SMALL, ["e"], "your text", id="edit-small"),
        pytest.param(SMALL, ["g"], "> name = 'line 30'", id="precedent-small"),
        pytest.param(SMALL, ["f", "space"], "shows 3 of 4", id="filter-small"),
        pytest.param(SMALL, ["slash", *"class"], "1 found", id="search-small"),
    ],
)
def test_screen(snap_compare: Snap, size: tuple[int, int], presses: list[str], shows: str) -> None:
    assert snap_compare(app(), terminal_size=size, run_before=after(*presses, shows=shows))


def test_screen_without_colours(snap_compare: Snap, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    assert snap_compare(app(), terminal_size=LARGE, run_before=after("y", "n"))


def test_screen_of_what_is_judged_by_counts(snap_compare: Snap) -> None:
    """What there is to do, or has happened, takes its place."""
    counts = judged_by(BY_COUNTS)
    assert snap_compare(app(judged_by=counts), terminal_size=SMALL, run_before=after("y", shows=counts))


def test_screen_with_nothing_to_say(snap_compare: Snap) -> None:
    quiet = ReviewApp(iter(files()[1:2]), FixedBackend(), total=1, keys=bound({}))
    assert snap_compare(quiet, terminal_size=SMALL, run_before=after(shows="nothing to suggest"))
