"""The whole app without a terminal: keys in, text out. Waiting polls with a limit; nothing sleeps."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import Input, TextArea

from sob_tui.app import SobApp
from store.foundation.clock import Instant
from tests import waits
from tests.screens import painted
from tests.signing_in import PASSPHRASE

OV01, OV02, OV03, OV04, OV05, OV11, OV12, OV21 = (
    f"SE2321000040-OV{number}" for number in ("01", "02", "03", "04", "05", "11", "12", "21")
)
NOW = Instant(1_795_338_000_000)
"""22 November 2026, 10:00 in Stockholm: a Sunday in the practice environment."""


def move(path: Path, name: str) -> Path:
    """Give a file another name, as when a database is taken away; returns where it is now."""
    return path.rename(path.with_name(name))


class Driver:
    """A running app."""

    def __init__(self, app: SobApp, pilot: Pilot[int]) -> None:
        self.app = app
        self.pilot = pilot

    @property
    def text(self) -> str:
        return painted.text(self.app)

    async def sees(self, *words: str) -> "Driver":
        """Wait until all the words are on the screen."""
        return await self.until(lambda: _all_in(self.text, words), f"{words}")

    async def sees_no(self, word: str) -> "Driver":
        """Wait until a word is gone."""
        return await self.until(lambda: word not in self.text, f"no {word}")

    async def until(self, holds: Callable[[], bool], what: str) -> "Driver":
        """Wait until something holds."""
        await waits.until(self.pilot, holds, lambda: f"waited for {what}:\n{self.text}")
        return self

    async def press(self, *keys: str) -> "Driver":
        """Press keys."""
        await self.pilot.press(*keys)
        return self

    async def type(self, text: str) -> "Driver":
        """Type a text."""
        return await self.press(*({" ": "space", "-": "minus"}.get(character, character) for character in text))

    def fill(self, **fields: str) -> None:
        """Let fields hold a text, as if it had been typed; the last one has the focus then."""
        for name, text in fields.items():
            field = self.app.screen.query_one(f"#{name}", Input)
            field.value = text
            field.focus()

    async def come_in(self, code: str, passphrase: str = PASSPHRASE) -> None:
        """Prove who it is, at the door of a real store, where the HSA-id stands already."""
        await self.sees("Logga in", "Kod i appen")
        self.fill(losenfras=passphrase, kod=code)
        await self.press("enter")

    async def start_dialog(self, number: str) -> "Driver":
        """Open *Starta nytt moment* and leave the number field."""
        await self.press("n")
        await self.sees("Avbryt", "Starta nytt moment")
        await self.type(number)
        return await self.press("tab")

    async def open_first(self) -> "Driver":
        """Open the first row's page."""
        await self.press("enter")
        return await self.sees("INFORMATION OM MOMENTET", "HANTERA HÄNDELSER")

    async def picture(self) -> str:
        """Return the screen as SVG, with the cursor standing still."""
        for line in self.app.screen.query(Input):
            line.cursor_blink = False
        for area in self.app.screen.query(TextArea):
            area.cursor_blink = False
        await self.until(lambda: not self.app.screen.query("Button.-active"), "no button to be pressed")
        await self.until(lambda: not self._is_at_work, "all to be painted")
        return self.app.export_screenshot(title="Stöd och behandling")

    @property
    def _is_at_work(self) -> bool:
        """Whether something is still to be painted, or to be done once that is: a page is scrolled then."""
        screen = self.app.screen
        due = self.app._batch_count, screen._dirty_widgets, screen._callbacks, screen._layout_required
        return any(due) or any(one.message_queue_size for one in screen.walk_children(with_self=True))


def _all_in(text: str, words: tuple[str, ...]) -> bool:
    return all(word in text for word in words)


@asynccontextmanager
async def running(
    store: Path | str,
    who: str | None = OV01,
    *,
    size: tuple[int, int] = (80, 24),
    now: Instant = NOW,
    clock: Callable[[], Instant] | None = None,
    practice: bool = True,
    unit: str | None = None,
) -> AsyncIterator[Driver]:
    """Run the app on a store; `who` is at work. Time stands at `now`, unless a clock is given."""
    app = SobApp(str(store), who, unit, clock=clock or (lambda: now), practice=practice)
    async with app.run_test(size=size, notifications=True) as pilot:
        yield Driver(app, pilot)
    app.client.close()
