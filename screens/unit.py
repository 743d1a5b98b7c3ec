"""*Enhet*: what a behörighetsadministratör sees to on the unit."""

from collections.abc import Iterable
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.controls import Lines
from screens.seam import Seam
from screens.tab_page import TabPage
from screens.type_ahead import hold_keys
from screens.wording import clock_time, day_and_month, plural
from store.care.delivery import UnitNotices, unit_notices
from store.foundation.clock import Instant, local_day

LATER = "Här kommer enhetens inställningar."
TEMPLATES = "m  Meddelandemallar: texter för alla som skriver till invånare på enheten."
PRACTICE = "I övningsmiljön skickas inga aviseringar; sob avisera visar vad som skulle ha gått."
_MEND = "Be driften kontrollera att sob avisera körs och att [smtp] och [sms] är inställda."


class UnitTab(TabPage, can_focus=True):
    """The unit's settings, and whether its notices go out."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            *("m", "templates", "Meddelandemallar"),
            id="unit.templates",
            tooltip="Visa och skriv enhetens mallar för meddelanden.",
        ),
    ]
    DEFAULT_CSS = """
    UnitTab #later, UnitTab #templates, UnitTab #notices { color: $text-muted; margin: 0 0 1 0; }
    UnitTab.-late #notices { color: $text-warning; }
    """
    LOOK_AGAIN: ClassVar[float] = 60.0
    """Seconds after which it is read again: notices become late by waiting, and nothing else tells of it."""

    def __init__(self, seam: Seam, *, id: str | None = None) -> None:
        """Show nothing until it is read."""
        super().__init__(seam, id=id)
        self._notices: UnitNotices | None = None

    def body(self) -> Iterable[Widget]:
        """Return what there is so far."""
        yield Lines(id="notices")
        yield Static(Content(LATER), id="later")
        yield Static(Content(TEMPLATES), id="templates")

    @property
    def first(self) -> Widget:
        """The tab itself: its keys are there at once."""
        return self

    async def on_mount(self) -> None:
        """Read, now and then again."""
        await super().on_mount()
        self.set_interval(self.LOOK_AGAIN, self.reread)

    async def read(self) -> None:
        """Read how the unit's notices are faring."""
        self._notices = await self.seam.read(unit_notices)

    def show_state(self) -> None:
        """Warn of notices that have not gone out."""
        assert self._notices is not None
        said = "" if self.seam.practice else late_notices(self._notices)
        pieces = [("!", Content(said))] if said else [("", Content(PRACTICE))] if self.seam.practice else []
        self.set_class(bool(said), "-late")
        lines = self.query_one("#notices", Lines)
        lines.display = bool(pieces)
        lines.show(pieces)

    @work(exclusive=True, group="open")
    async def action_templates(self) -> None:
        """Open the page of the unit's templates."""
        hold_keys(self.app)
        page = await self.seam.load("screens.templates")
        self.app.push_screen(page.TemplatesScreen(self.seam, "Enhet", of_unit=True))


def late_notices(notices: UnitNotices) -> str:
    """Return what is said of notices that have not gone out, with what to do; nothing where all is well."""
    if not notices.late:
        return ""
    number = plural(notices.late, "avisering", "aviseringar")
    if notices.oldest_due is None:
        return f"{number} har inte gått ut trots flera försök. {_MEND}"
    at = Instant(notices.oldest_due)
    which = "den" if notices.late == 1 else "den äldsta"
    when = f"{day_and_month(local_day(at))} kl. {clock_time(at)}"
    return f"{number} har inte gått ut, {which} skulle ha gått {when}. {_MEND}"
