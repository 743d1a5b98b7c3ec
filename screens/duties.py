"""*Uppgifter*: what the unit must do again and again, where it is decided, and done with a note."""

from typing import ClassVar, final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from screens.contracts import FollowsChanges
from screens.dialogs.duty import DecideDutyDialog, DutyDecision, FinishDutyDialog
from screens.page_reading import PageReading
from screens.page_title import page_title
from screens.reading_trouble import ReadingTrouble
from screens.refusals import read_for_dialog
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys
from screens.widgets.cells import Ink, clean
from screens.widgets.key_bar import KeyBar
from screens.widgets.list_and_text import ListAndText, TellingList
from screens.widgets.page import Page
from screens.widgets.row import Row
from screens.widgets.title_bar import TitleBar
from store.care.duties import DutyKind, UnitDuty, decide_duty, duty_people, finish_duty, often, unit_duties
from store.foundation.clock import local_day
from store.foundation.errors import DomainError, StoreUnreachable
from store.foundation.operation import is_permitted
from store.people.sign_in import StaffActor
from store.people.unit_settings import typed_number
from store.views.journal import day_given

TITLE = "Uppgifter"
ABOUT = "Det som enheten ska göra om och om igen. Verksamhetschefen bestämmer hur ofta, och delegerar."
NOBODY = "Ingen är bestämd än. Enhetens behörighetsadministratör antecknar verksamhetschefens beslut."
WHERE = {
    DutyKind.LOG_REVIEW: "Det görs i fliken Logguppföljning. Uppgiften är gjord när granskningen är signerad.",
    DutyKind.ANALYSIS: "Det görs med Riskanalys på Enhet. Uppgiften är gjord när alla roller som används är sedda.",
    DutyKind.PURGE: "Det görs i fliken Gallring, av en dataadministratör. Uppgiften är gjord när gallringen är klar.",
}
"""Where a duty is done that notes itself, for who sees it here."""


@final
class DutiesScreen(Page[None], FollowsChanges):
    """The unit's duties as a list, and what there is to know of the one that the cursor is on."""

    AUTO_FOCUS = "#list"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("k", "finish", "Klar", id="duties.finish", tooltip="Anteckna att uppgiften är gjord."),
        Binding("enter", "decide", "Bestäm", id="duties.decide", tooltip="Ange hur ofta uppgiften görs, och av vem."),
        Binding("escape", "back", "Tillbaka", id="duties.back", tooltip="Gå tillbaka."),
    ]
    DEFAULT_CSS = """
    DutiesScreen #about { color: $text-muted; padding: 0 1; height: auto; }
    """

    def __init__(self, client: StoreClient, origin: str, first: DutyKind | None = None) -> None:
        """Show the duties.

        Args:
            client: the way to the store.
            origin: where it was opened from, as the way back names it.
            first: the duty that the cursor stands on.
        """
        super().__init__()
        self.client = client
        self._origin = origin
        self._first = first
        self._duties: tuple[UnitDuty, ...] = ()
        self._list = TellingList("list")
        self._reading = PageReading(self, self._read, self._show)

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        yield page_title(self.client, self._origin, TITLE)
        yield ReadingTrouble()
        yield Static(Content(ABOUT), id="about")
        yield ListAndText(self._list)
        yield KeyBar()

    async def on_mount(self) -> None:
        """Say who looks, and read."""
        await self._reading.begin()

    @property
    def duty(self) -> UnitDuty | None:
        """The duty that the cursor is on."""
        row = self._list.row
        return next((one for one in self._duties if row and row.id == one.kind), None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what the person may do with the duty that the cursor is on."""
        if action == "decide":
            return self.duty is not None and self._may_decide
        if action == "finish":
            return self.duty is not None and bool(self.duty.due_on)
        return super().check_action(action, parameters)

    @property
    def _may_decide(self) -> bool:
        actor = self.client.actor
        return isinstance(actor, StaffActor) and is_permitted(decide_duty, actor.standing(None))

    # Reading

    async def changed(self) -> None:
        """Read again: something on the unit has changed, or the database is gone, or back."""
        self._reading.ask()

    async def _read(self) -> None:
        self._duties = tuple(await self.client.read(unit_duties))

    def _show(self, refusal: DomainError | None) -> None:
        """Show what was read; what stands stays while the database is away, and why is said."""
        if refusal is not None and not isinstance(refusal, StoreUnreachable):
            self._duties = ()
        self.query_one(ReadingTrouble).tell(refusal)
        self._list.show_rows(tuple(map(_row, self._duties)))
        if self._first is not None and self._duties:
            self._list.move_to(self._first)
            self._first = None
        self._list.take_free_focus()
        self._show_text()

    @on(TellingList.Moved)
    def _show_text(self) -> None:
        duty = self.duty
        self.query_one(ListAndText).tell(Content("\n").join(_told(duty)) if duty else Content())
        self.refresh_bindings()

    # What is done with a duty

    def action_back(self) -> None:
        """Go back."""
        self.dismiss(None)

    @on(TitleBar.Back)
    def _back_clicked(self) -> None:
        self.action_back()

    @work(exclusive=True, group="dialog")
    async def action_decide(self) -> None:
        """Ask what the verksamhetschef has decided."""
        duty = self.duty
        if duty is None:
            return
        hold_keys(self.app)
        people = await read_for_dialog(self.app, self.client, duty_people, None)
        if people is None:
            return

        async def perform(decided: DutyDecision, _confirmed: bool) -> None:
            day = day_given(decided.decided_on, "beslutat") or local_day(self.client.clock())
            months = typed_number(decided.months)
            await self.client.write(decide_duty, duty.kind, months, decided.delegate, decided.decided_by, day)

        today = local_day(self.client.clock()).isoformat()
        names = [(one.name, one.hsa_id) for one in people]
        if await self.app.push_screen_wait(DecideDutyDialog(duty, names, today, perform)) is not None:
            self._reading.ask()
            self.notify(f"{duty.title} är bestämd.")

    @work(exclusive=True, group="dialog")
    async def action_finish(self) -> None:
        """Ask what was done."""
        duty = self.duty
        if duty is None:
            return
        hold_keys(self.app)

        async def perform(note: str, _confirmed: bool) -> None:
            await self.client.write(finish_duty, duty.kind, note)

        if await self.app.push_screen_wait(FinishDutyDialog(duty, perform)) is not None:
            self._reading.ask()
            self.notify(f"{duty.title} är antecknad som gjord.")


def _row(duty: UnitDuty) -> Row:
    if not duty.due_on:
        state = Ink("· inte bestämd", "muted")
    elif duty.is_overdue:
        state = Ink(f"! försenad, {duty.due_on}", "risk")
    else:
        state = Ink(f"{'○' if duty.is_near else '✓'} till {duty.due_on}", "waiting" if duty.is_near else "done")
    return Row(str(duty.kind), duty.title, state=(state,))


def _told(duty: UnitDuty) -> list[Content]:
    """Return a duty in lines."""
    lines = [Content.styled(duty.title, "bold"), Content(duty.kind.facts.about), Content()]
    if duty.due_on:
        said = f"{duty.said[0].upper()}{duty.said[1:]}."
        lines.append(Content.styled(said, "$text-error bold") if duty.is_overdue else Content(said))
        away = "" if duty.is_delegate_active else ", som inte längre är aktiv på enheten: bestäm någon annan"
        lines.append(Content(clean(f"Görs {often(duty.months)} av {duty.delegate_name}{away}.")))
        lines.append(Content(clean(f"Beslutat {duty.decided_on} av {duty.decided_by}.")))
    else:
        lines.append(Content(NOBODY))
    if duty.kind in WHERE:
        lines.append(Content(WHERE[duty.kind]))
    lines += [Content(), Content.styled("Gjord", "bold")]
    for one in duty.done:
        lines.append(Content(clean(f"{one.on} av {one.by}{f': {one.note}' if one.note else ''}")))
    return lines if duty.done else [*lines, Content("Inte någon gång än.")]
