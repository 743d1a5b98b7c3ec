"""What another unit offers: whom it concerns, and *Ta emot* or *Avvisa* (domain.md §3.5)."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Checkbox, Static

from screens.contracts import HidesNumbers
from screens.dialogs.controls import Button, CheckBox, Field, Select, TextArea
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.marks import PROTECTED
from screens.safe_app import safe_app
from screens.shown_keys import key_of
from screens.whom import whom_of
from screens.wording import list_time, long_day, personal_number, plural
from store.foundation.clock import Instant, local_day
from store.foundation.errors import DomainError, Refused
from store.foundation.identity import PersonalNumber
from store.people.staff import Colleague
from store.views.handovers import OfferedMoment

DECLINE = "Avvisa i stället"
NOBODY = "Enheten har ingen aktiv behandlare som kan ta emot momentet."


@dataclass(frozen=True)
class OfferAnswer:
    """Who gets the moment (HSA-id), or why it is declined; the other is None."""

    responsible: str | None = None
    reason: str | None = None


class OfferDialog(Dialog[OfferAnswer, None], HidesNumbers):
    """Accept an offered moment for a clinician of the unit, or decline it."""

    AUTO_FOCUS: ClassVar[str | None] = "#to"
    BINDINGS: ClassVar[list[BindingType]] = [
        submits("Besvara"),
        Binding("f2", "reveal", "Visa\xa0namn", id="offer.reveal", tooltip="Visa de skyddade uppgifterna; det loggas."),
    ]
    DEFAULT_CSS = """
    OfferDialog .fact { height: auto; }
    OfferDialog #note-given { height: auto; max-height: 4; background: $surface; border-left: blank; } /* only read */
    OfferDialog #decline { margin: 1 0 0 0; }
    OfferDialog #field-behandlare, OfferDialog #field-orsak { margin: 1 0 0 0; }
    OfferDialog .urgent { color: $text-error; text-style: bold; }
    """

    main_label = "Ta emot"

    def __init__(
        self,
        offered: OfferedMoment,
        clinicians: Sequence[Colleague],
        perform: Perform[OfferAnswer, None],
        *,
        reveal: Callable[[], Awaitable[tuple[str, str]]],
        now: Instant,
    ) -> None:
        """Take what is offered.

        Args:
            offered: the offer.
            clinicians: the unit's active clinicians.
            perform: carries the answer out.
            reveal: gives number and name of a masked resident, and logs it.
            now: what the resident's number is shown by.
        """
        whom = whom_of(offered.name, offered.program_title, is_protected=offered.protected, moment=offered.moment)
        super().__init__("Erbjuden överlämning", perform, whom=whom)
        self._offered = offered
        self._clinicians = clinicians
        self._reveal = reveal
        self._now = now
        self._identity = None if offered.protected else (offered.personnummer, offered.name)
        """The resident's number and name; None while they are masked."""

    def body(self) -> Iterable[Widget]:
        """Return what is known of it, and the answer to fill in."""
        offered = self._offered
        yield _fact("Invånare", Static(Content(self._whose(hidden=safe_app(self.app).hide_numbers)), id="whose"))
        giver = f"{offered.from_unit}, {long_day(Instant(offered.offered_at))} av {offered.offered_by}"
        yield _fact("Från", Static(Content(giver)))
        note = TextArea(offered.note, id="note-given")
        note.read_only = True  # a long one scrolls in its place, so that whom it concerns stays in view
        yield _fact("Anteckning", note)
        urgent = plural(offered.priority_flags, "ohanterad prioriterad flagga", "ohanterade prioriterade flaggor")
        since = "" if offered.priority_since is None else f", sedan {list_time(Instant(offered.priority_since))}"
        flags = Static(Content(f"▲ {urgent}{since}" if offered.priority_flags else "Inga prioriterade"), id="flags")
        flags.set_class(bool(offered.priority_flags), "urgent")
        yield _fact("Flaggor", flags)
        options = [(who.name, who.hsa_id) for who in self._clinicians]
        yield Field("behandlare", "Ansvarig behandlare", Select(options, prompt="Välj behandlare", id="to"))
        yield CheckBox(DECLINE, id="decline")
        reason = Field("orsak", "Orsak", TextArea(id="reason", placeholder="Varför överlämningen avvisas"))
        reason.display = False
        yield reason

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to show the name where it is masked."""
        if action == "reveal":
            return self._offered.protected
        return super().check_action(action, parameters)

    def value(self) -> OfferAnswer:
        """Return the answer to the offer: who gets the moment, or why it is declined."""
        if self.query_one("#decline", CheckBox).value:
            return OfferAnswer(reason=self.query_one("#reason", TextArea).text)
        chosen = self.query_one("#to", Select).selection
        if chosen is None:
            raise Refused("Välj en behandlare." if self._clinicians else NOBODY, field="behandlare")
        return OfferAnswer(responsible=str(chosen))

    @work(exclusive=True, group="reveal")
    async def action_reveal(self) -> None:
        """Show number and name of a masked resident."""
        try:
            self._identity = await self._reveal()
        except DomainError as refusal:
            self.show_refusal(refusal.message)
            return
        await self.masking_changed(safe_app(self.app).hide_numbers)

    async def masking_changed(self, hidden: bool) -> None:
        """Show whom it concerns, with the number or without."""
        self.query_one("#whose", Static).update(Content(self._whose(hidden=hidden)))

    def _whose(self, *, hidden: bool) -> str:
        if self._identity is None:
            return f"{PROTECTED} ({key_of('offer.reveal')} visar)"
        number, name = self._identity
        shown = PersonalNumber(number).display(local_day(self._now))
        return f"{name}, {personal_number(shown, hidden=hidden)}"

    @on(Checkbox.Changed, "#decline")
    def _turned(self, event: Checkbox.Changed) -> None:
        """Show the field for a clinician, or the one for a reason to decline."""
        self.query_one("#field-behandlare", Field).display = not event.value
        reason = self.query_one("#field-orsak", Field)
        reason.display = event.value
        self.query_one("#main", Button).label = Content("Avvisa" if event.value else "Ta emot")
        if event.value:
            self.call_after_refresh(reason.scroll_visible, animate=False)


def _fact(label: str, shown: Widget) -> Field:
    return Field(f"om-{label.lower().replace('å', 'a')}", label, shown)
