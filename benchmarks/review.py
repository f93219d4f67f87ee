"""How long until the first screen of the review, and from a key to the screen, with 500 suggestions in 100 files.

    PYTHONPATH=.:tests python -m benchmarks.review

Under Textual's Pilot: no terminal, but everything up to the bytes.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator

from tui.reviewing import FixedBackend, findings

from codetune_git.domain import FileFindings
from codetune_git.tui.app import ReviewApp
from codetune_git.tui.keys import bound

FILES = 100
KEYS = (
    ["j"] * 40 + ["y"] * 40 + ["k"] * 20 + ["space"] * 20 + ["u"] * 20 + ["J"] * 20 + ["a"] * 10 + ["vertical_line"] * 6
)


def many() -> Iterator[FileFindings]:
    for number in range(FILES):
        yield findings(f"package/module_{number}.py", 3, 9, 15, 21, 36)


class Watched(ReviewApp):
    """Notes when a screen is drawn."""

    drawn_at = 0.0

    def _display(self, *arguments: object) -> None:
        super()._display(*arguments)  # type: ignore[arg-type]
        self.drawn_at = time.perf_counter()


async def measured(size: tuple[int, int]) -> None:
    start = time.perf_counter()
    app = Watched(many(), FixedBackend(), total=FILES, keys=bound({}))
    async with app.run_test(size=size) as pilot:
        while not app.drawn_at:
            await asyncio.sleep(0)
        first = app.drawn_at - start
        while not app.session.finished:
            await asyncio.sleep(0.001)
        streamed = time.perf_counter() - start
        await pilot.pause()
        took = []
        for key in KEYS:
            pressed = time.perf_counter()
            app.simulate_key(key)
            while app.drawn_at < pressed and time.perf_counter() < pressed + 0.5:
                await asyncio.sleep(0)
            took.append(app.drawn_at - pressed if app.drawn_at > pressed else float("nan"))
            await pilot.pause()
    seen = sorted(t * 1000 for t in took if t == t)
    width, height = size
    print(f"{width}x{height}: first screen {first * 1000:.0f} ms, all {FILES} files after {streamed * 1000:.0f} ms")
    print(f"  key to screen: median {statistics.median(seen):.1f} ms, 95 % {seen[int(len(seen) * 0.95)]:.1f} ms,")
    print(f"  most {seen[-1]:.1f} ms ({len(seen)} of {len(took)} keys changed the screen)")


if __name__ == "__main__":
    for terminal in ((80, 24), (160, 50)):
        asyncio.run(measured(terminal))
