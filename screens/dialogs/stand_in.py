"""*Ställföreträdare*: who stands in for a clinician, from one day to another (domain.md §7)."""

from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input as AnyInput
from textual.widgets import Select as AnySelect

from screens.dialogs.controls import Field, Lines, Select, TextInput
from screens.dialogs.day_field import DayField
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.dialogs.message_offer import MessageOffer
from screens.widgets.cells import clean
from screens.wording import short_date
from store.care.substituting import check_days
from store.foundation.errors import Refused
from store.people.staff import Colleague
from store.people.substitutions import StandIn, said_of
from store.views.journal import day_given

APPOINT, END = "Utse", "Avsluta"
OFFER = "Skicka ett meddelande till invånarna om det"
NOBODY_ELSE = "Det finns ingen annan aktiv behandlare på enheten."
MEANS = (
    "Ställföreträdaren läser, svarar och hanterar flaggor, men kan inte avsluta eller byta behandlare. "
    "Det slutar av sig självt efter den sista dagen."
)


@dataclass(frozen=True)
class StandInChange:
    """Whom to appoint and for which days, and what to write to the residents; without `to`, what is there is ended."""

    to: str | None = None
    """HSA-id."""
    first: date = date.min
    last: date = date.min
    message: str | None = None


def suggestion(name: str, first: date, last: date) -> str:
    """Return a text to the residents about somebody who stands in."""
    when = short_date(first) if first == last else f"från {short_date(first)} till och med {short_date(last)}"
    return (
        f"Hej! Jag är borta {when}. Under tiden är det {name} som läser och svarar på dina meddelanden. Du skriver på "
        "samma sätt som förut."
    )


class StandInDialog(Dialog[StandInChange, int]):
    """Appoint a ställföreträdare, or end what is there; done, it gives how many residents were written to."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Spara")]
    DEFAULT_CSS = """
    StandInDialog #now { margin: 0 0 1 0; color: $text-muted; }
    StandInDialog #means { margin: 1 0 0 0; color: $text-muted; }
    """
    main_label = "Spara"

    def __init__(
        self,
        name: str,
        colleagues: Sequence[Colleague],
        present: Sequence[StandIn],
        perform: Perform[StandInChange, int],
        *,
        today: date,
        may_write: bool,
        is_own: bool = False,
    ) -> None:
        """Prepare the dialog for one clinician.

        Args:
            name: whose.
            colleagues: those to choose from.
            present: what is there already.
            perform: appoints, or ends.
            today: today.
            may_write: whether the one who chooses may write to the residents about it.
            is_own: whether the one who chooses is the one it is about.
        """
        super().__init__(f"Ställföreträdare · {name}", perform, whom=None)
        self._names = {who.hsa_id: clean(who.name) for who in colleagues}
        self._present = present
        self._today = today
        self._may_write = may_write
        self._is_own = is_own

    @property
    def _has_one(self) -> bool:
        return any(not one.fell_away for one in self._present)

    def body(self) -> Iterable[Widget]:
        """Return what is there, and the fields for a new one."""
        yield Lines(id="now")
        if self._has_one:
            change = Select([(APPOINT, APPOINT), (END, END)], prompt="Välj", id="change", value=APPOINT)
            yield Field("gor", "Ändring", change)
        options = [(name, hsa_id) for hsa_id, name in self._names.items()]
        yield Field("till", "Ställföreträdare", Select(options, prompt="Välj behandlare", id="to"))
        yield DayField("fran", "Från och med", id="first", day=self._today, check=self._check_first)
        yield DayField("till-och-med", "Till och med", id="last", check=self._check_last)
        if self._may_write:
            yield MessageOffer(OFFER, "Meddelande till invånarna")
        yield Lines(id="means")

    def on_mount(self) -> None:
        """Say what is there, and what it means."""
        said = [("·", Content(clean(said_of(one, self._today, own=self._is_own)))) for one in self._present]
        self.query_one("#now", Lines).show(said or [("", Content("Ingen ställföreträdare än."))])
        self.query_one("#means", Lines).show([("", Content(MEANS if self._names else NOBODY_ELSE))])

    def _check_first(self, day: date, today: date) -> None:
        check_days((day, day), today)

    def _check_last(self, day: date, today: date) -> None:
        """Raise `Refused` for a last day that doesn't go with the first, where one stands there that will do."""
        try:
            first = day_given(self.query_one("#first", TextInput).value, "fran") or today
            self._check_first(first, today)
        except Refused:  # it is said there
            first = today
        check_days((first, day), today)

    @property
    def _ends(self) -> bool:
        return self._has_one and self.query_one("#change", Select).selection == END

    def value(self) -> StandInChange:
        """Return who is chosen, with the days; nobody where what is there is to end."""
        if self._ends:
            return StandInChange()
        chosen = self.query_one("#to", Select).selection
        if chosen is None:
            raise Refused("Välj en behandlare." if self._names else NOBODY_ELSE, field="till")
        first, last = self._day("first", "fran"), self._day("last", "till-och-med")
        return StandInChange(str(chosen), first, last, self.query_one(MessageOffer).text if self._may_write else None)

    def _day(self, control: str, field: str) -> date:
        day = day_given(self.query_one(f"#{control}", TextInput).value, field)
        if day is None:
            raise Refused("Skriv vilken dag, så här: 2026-11-22.", field=field)
        return day

    @on(AnySelect.Changed, "#change")
    def _change_chosen(self) -> None:
        """Ask for what belongs to the change."""
        for name in ("till", "fran", "till-och-med"):
            self.query_one(f"#field-{name}").display = not self._ends
        if self._may_write:
            self.query_one(MessageOffer).display = not self._ends

    @on(AnySelect.Changed, "#to")
    @on(AnyInput.Changed)
    def _suggest(self) -> None:
        """Suggest a message once who and when are known."""
        chosen = self.query_one("#to", Select).selection
        if not self._may_write or chosen is None:
            return
        with suppress(Refused):
            first, last = self._day("first", "fran"), self._day("last", "till-och-med")
            self.query_one(MessageOffer).suggest(suggestion(self._names[str(chosen)], first, last))
