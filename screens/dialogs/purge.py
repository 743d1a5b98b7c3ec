"""What is asked in *Gallring*: why something is stopped, how many are purged, and where a certificate is saved."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.controls import CheckBox, Field, TextInput
from screens.dialogs.day_field import DayField
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.dialogs.text_to_save import TextToSaveDialog
from screens.whom import Whom
from store.care.purge_stops import check_last_day
from store.foundation.errors import Refused
from store.foundation.progress import Progress
from store.views.journal import day_given

EXPORT_FIRST = "Ska något sparas? Exportera det först, på Dataexport. Det som gallras går inte att få tillbaka."
NO_NUMBER = "Skriv antalet med siffror. Ingenting är gallrat."


@dataclass(frozen=True)
class Stop:
    """A gallringsstopp as typed."""

    ground: str
    until: date
    of_resident: bool


class StopDialog(Dialog[Stop, Stop]):
    """Keep a moment from being purged, for a reason and until a day."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Stoppa")]
    main_label = "Stoppa"

    def __init__(self, perform: Perform[Stop, Stop], *, whom: Whom) -> None:
        super().__init__("Gallringsstopp", perform, whom=whom)

    def body(self) -> Iterable[Widget]:
        """Return the reason, the day, and whether it is the resident's."""
        yield Field("grund", "Grund", TextInput(id="ground", placeholder="Till exempel: Ärende hos IVO."))
        yield DayField("till", "Sista dag", id="day", check=check_last_day)
        yield CheckBox("Gäller alla moment som invånaren har på enheten", id="whole")

    def value(self) -> Stop:
        """Return what was typed; whether it will do, the store says."""
        until = day_given(self.query_one("#day", TextInput).value, "till")
        if until is None:
            raise Refused("Ange stoppets sista dag.", field="till")
        return Stop(self.query_one("#ground", TextInput).value, until, self.query_one("#whole", CheckBox).value)


class PurgeDialog(Dialog[int, str]):
    """Confirm a purge by typing the count; a bar says how far it has come."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Gallra")]
    DEFAULT_CSS = """
    PurgeDialog #bar { display: none; color: $text-muted; height: 1; margin: 1 0 0 0; }
    """
    main_label = "Gallra"
    main_variant = "error"
    waiting_label = "Gallrar …"

    def __init__(
        self, number: int, said: str, perform: Callable[[int, bool, Progress], Awaitable[str]], *, goes_on: bool = False
    ) -> None:
        """`number` is how many are chosen, `said` the same in words; with `goes_on` what is left of one cut off."""
        super().__init__("Fortsätt gallringen" if goes_on else "Gallra", self._purge_them, whom=None)
        self._number, self._said, self._purge, self._goes_on = number, said, perform, goes_on

    def body(self) -> Iterable[Widget]:
        """Return what is to be purged, and the field for the count."""
        yield Static(Content.styled(f"{self._said} gallras för alltid.", "bold"))
        yield Static(Content(EXPORT_FIRST), classes="before")
        if not self._goes_on:
            yield Field("antal", "Skriv antalet", TextInput(id="count"))
        yield Static(id="bar", markup=False)

    def value(self) -> int:
        """Return the count as typed."""
        if self._goes_on:
            return self._number
        typed = self.query_one("#count", TextInput).value.strip()
        if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
            raise Refused(NO_NUMBER, field="antal")
        return int(typed)

    async def _purge_them(self, typed: int, confirmed: bool) -> str:
        def tell(done: int, total: int) -> None:
            self.app.call_from_thread(self._show_bar, done, total)

        return await self._purge(typed, confirmed, tell)

    def _show_bar(self, done: int, total: int) -> None:
        width = 30
        full = width * done // max(1, total)
        bar = self.query_one("#bar", Static)
        bar.display = True
        bar.update(f"{'█' * full}{'░' * (width - full)} {done} av {total}")


class CertificateDialog(TextToSaveDialog):
    """Read a certificate without its signed line, and save it."""

    def __init__(self, content: str, perform: Perform[str, str]) -> None:
        super().__init__(
            "Gallringsintyg",
            content.partition("\n---")[0],
            perform,
            example="Till exempel ~/gallringsintyg.txt",
            missing="Ange en fil. Intyget finns kvar och kan visas igen.",
        )
