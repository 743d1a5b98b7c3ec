"""*Ställ fram klockan*, in a practice environment alone: what would have happened on the way happens (domain.md §9)."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.widget import Widget

from screens.dialogs.controls import Field, TextInput
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.store_client import StoreClient
from screens.wording import clock_time, short_date
from store.foundation.clock import Instant, local_day

if TYPE_CHECKING:
    from store.practice.clock import ClockMove

NOTE = "Till exempel +6t, +3d eller +2v: timmar, dagar eller veckor. Klockan är allas och går aldrig bakåt."


class ClockDialog(Dialog[str, "ClockMove"]):
    """Ask how far the clock shall be moved."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Ställ fram")]
    DEFAULT_CSS = """
    ClockDialog Field .name { width: 14; }
    ClockDialog Field > .under { padding: 0 0 0 14; }
    """
    AUTO_FOCUS: ClassVar[str | None] = "#span"

    main_label = "Ställ fram"
    waiting_label = "Tiden går …"

    def __init__(self, now: Instant, perform: Perform[str, "ClockMove"]) -> None:
        """`now` is what the clock shows."""
        super().__init__(f"Ställ fram klockan · nu {when(now)}", perform, whom=None)

    def body(self) -> Iterable[Widget]:
        """Return the field."""
        yield Field("klocka", "Hur långt", TextInput(id="span", placeholder="+1v"))

    def on_mount(self) -> None:
        """Say how it is written."""
        self.query_one("#field-klocka", Field).describe(NOTE)

    def value(self) -> str:
        """Return what was typed."""
        return self.query_one("#span", TextInput).value


def when(at: Instant) -> str:
    """Return `22 nov 2026 15:31`."""
    return f"{short_date(local_day(at))} {clock_time(at)}"


async def ask_for_clock(app: App[Any], client: StoreClient) -> None:
    """Ask how far the clock shall be moved, move it, and say what happened on the way."""
    practice = await client.load("store.practice.clock")

    async def perform(span: str, _confirmed: bool) -> "ClockMove":
        return await client.run_long(lambda: practice.move_clock(client.store, span, asked_by=client.actor))

    done = await app.push_screen_wait(ClockDialog(client.clock(), perform))
    if done is not None:
        app.notify(f"Nu är det {when(done.value.at)}. På vägen: {done.value.passed}.", markup=False)
