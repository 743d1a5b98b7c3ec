"""A paged list alone on the screen, for tests, and what can be seen of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from textual import on
from textual.app import App, ComposeResult
from textual.pilot import Pilot

from screens.widgets.paged_list import PagedList
from tests.screens.widgets.rows import COLUMNS, MadeUpRow, MemorySource, made_up

EMPTY = "Inga moment än. Tryck n för att starta ett."


class ListApp(App[None]):
    """A list alone on the screen; it keeps the list's messages."""

    def __init__(self, source: MemorySource, *, pin: bool = True, compact: bool = False) -> None:
        super().__init__()
        self.compact = compact
        self.source = source
        self.pin = pin
        self.heard: list[PagedList.ListMessage] = []

    def compose(self) -> ComposeResult:
        paged = PagedList(COLUMNS, self.source, empty=EMPTY, pin=self.pin)
        if not self.compact:
            paged.COMPACT_BELOW = 0  # full headings in a list of any height
        yield paged

    @property
    def paged(self) -> PagedList[MadeUpRow]:
        return self.query_one(PagedList)

    @on(PagedList.Opened)
    @on(PagedList.Highlighted)
    @on(PagedList.HeadingAction)
    @on(PagedList.Failed)
    def keep(self, message: PagedList.ListMessage) -> None:
        self.heard.append(message)

    @property
    def opened(self) -> list[object]:
        return [message.row_id for message in self.heard if isinstance(message, PagedList.Opened)]

    @property
    def highlighted(self) -> list[object]:
        return [message.row_id for message in self.heard if isinstance(message, PagedList.Highlighted)]


@asynccontextmanager
async def shown(
    source: MemorySource, size: tuple[int, int] = (120, 20), *, pin: bool = True, compact: bool = False
) -> AsyncIterator[tuple[ListApp, Pilot[None]]]:
    app = ListApp(source, pin=pin, compact=compact)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        app.paged.focus()
        await settled(pilot)
        yield app, pilot


async def settled(pilot: Pilot[None]) -> None:
    await pilot.pause()  # lets a worker that was cancelled go
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def screen(app: ListApp) -> list[str]:
    """The lines of the list as they stand on the screen."""
    return [strip.text for strip in app.screen._compositor.render_strips()]


def marked(app: ListApp) -> int | None:
    """The screen line with the cursor."""
    found = [number for number, line in enumerate(screen(app)) if line.startswith("▌") and "▐" in line]
    assert len(found) <= 1
    return found[0] if found else None


def rows_on_screen(app: ListApp) -> list[int]:
    """The ids of the rows on the screen, from their second column."""
    ids = []
    for line in screen(app):
        words = [word for word in line.replace("▌", " ").split() if len(word) == 6 and word.isdigit()]
        if words and "Program" not in line:
            ids.append(int(words[-1]))
    return ids


def two_programs() -> MemorySource:
    return MemorySource({"a": made_up(3), "b": made_up(500, 100)})


def one_program(count: int = 1000) -> MemorySource:
    return MemorySource({"a": made_up(count)})
