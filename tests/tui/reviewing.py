"""A review under Textual's Pilot: files to look at, a backend of fixed answers, and what stands on the screen."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from support.suggestions import suggestion
from textual.pilot import Pilot

from codetune_git.domain import Decision, FileFindings, Precedent, Suggestion, Verdict, Verification
from codetune_git.text.assumptions import Proof
from codetune_git.tui.app import ReviewApp
from codetune_git.tui.keys import bound

ACCEPTED, REJECTED = Verdict.ACCEPTED, Verdict.REJECTED
PRECEDENTS = (
    Precedent("pkg/old.py", 30, "a1b2c3d4" * 5, "name = 'line 30'"),
    Precedent("pkg/older.py", 2, "0f0f0f0f" * 5, "name = 'line 2'"),
    Precedent("pkg/gone.py", 5, "99999999" * 5, "name = 'gone'"),
)


@dataclass
class FixedBackend:
    """Answers from what is written down: files by path, and what is proven about a text (safe, if nothing is)."""

    files: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    proven: Mapping[tuple[str, ...], Verification | None] = field(default_factory=dict)
    asked: list[tuple[Suggestion, tuple[str, ...]]] = field(default_factory=list)

    def precedent(self, precedent: Precedent) -> tuple[str, ...]:
        return self.files.get(precedent.path, ())

    def verified(self, suggestion: Suggestion, replacement: tuple[str, ...]) -> Proof | None:
        self.asked.append((suggestion, replacement))
        verification = self.proven.get(replacement, Verification.SAFE)
        return Proof(verification) if verification else None


def numbered(count: int) -> tuple[str, ...]:
    return tuple(f'name = "line {number}"' for number in range(1, count + 1))


def quoted(path: str, first: int, **changes: object) -> Suggestion:
    """Line `first` of `numbered` in single quotes."""
    return suggestion(path, first, [f'name = "line {first}"'], [f"name = 'line {first}'"], **changes)


def findings(path: str, *firsts: int, **changes: object) -> FileFindings:
    return FileFindings(path, numbered(40), tuple(quoted(path, first, **changes) for first in firsts))


def three_files() -> tuple[FileFindings, ...]:
    """Suggestions 1 to 5: two in a.py, two in b.py, one in c.py; and a file that there is nothing to say about."""
    return (findings("a.py", 3, 20), findings("quiet.py"), findings("b.py", 7, 9), findings("c.py", 1))


def runs_file() -> FileFindings:
    """One suggestion that changes lines 2 and 4, and leaves line 3 between them as it is."""
    old = numbered(40)[1:4]
    new = ["name = 'line 2'", old[1], "name = 'line 4'"]
    return FileFindings("runs.py", numbered(40), (suggestion("runs.py", 2, old, new, id="whole"),))


def outcome(decisions: Iterable[Decision]) -> list[tuple[str, Verdict]]:
    return [(decision.suggestion.id, decision.verdict) for decision in decisions]


async def until(condition: Callable[[], bool], pilot: Pilot[object]) -> None:
    """Waits for what a thread does; fails where it never comes."""
    async with asyncio.timeout(20):
        while not condition():
            await pilot.pause(0.01)
    await pilot.pause()


def screen(app: ReviewApp) -> str:
    """The characters on the screen, without colours."""
    return "\n".join(strip.text for strip in app.screen._compositor.render_strips())


@asynccontextmanager
async def reviewing(
    files: Iterable[FileFindings],
    *,
    backend: FixedBackend | None = None,
    size: tuple[int, int] = (80, 24),
    keys: Mapping[str, str] | None = None,
) -> AsyncIterator[tuple[ReviewApp, Pilot[object]]]:
    """The app with all of `files` looked at; what failed in it is raised."""
    files = tuple(files)
    app = ReviewApp(iter(files), backend or FixedBackend(), total=len(files), keys=bound(keys or {}))
    async with app.run_test(size=size) as pilot:
        await until(lambda: app.session.finished or app.failure is not None, pilot)
        yield app, pilot
    if app.failure is not None:
        raise app.failure


async def decided(files: Iterable[FileFindings], *presses: str) -> list[tuple[str, Verdict]]:
    """What is decided after `presses` and then leaving."""
    async with reviewing(files) as (app, pilot):
        await pilot.press(*presses, "q")
        await pilot.pause()
    return outcome(app.return_value or ())


def slowly(files: Iterable[FileFindings], gates: Iterator[Callable[[], None]]) -> Iterator[FileFindings]:
    """`files`, each after the next of `gates` has let it through."""
    for one in files:
        next(gates)()
        yield one
