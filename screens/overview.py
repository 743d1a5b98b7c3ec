"""*Översikt*: what waits at each of the unit's clinicians, for the invånaradministratör."""

from typing import ClassVar, final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from screens.contracts import FollowsChanges
from screens.dialogs.switch import SwitchRequest
from screens.dialogs.switch_all import SwitchAllDialog
from screens.list_trouble import ListTrouble
from screens.overview_rows import ClinicianRow, OverviewSource, columns_for
from screens.page_title import page_title
from screens.queue_pages import colleague_queue
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys, release_keys
from screens.widgets.key_bar import KeyBar
from screens.widgets.page import Page
from screens.widgets.paged_list import PagedList
from screens.widgets.title_bar import TitleBar
from screens.wording import number
from store.care.switching import switch_all
from store.foundation.errors import DomainError
from store.people.sign_in import StaffActor
from store.views.choices import unit_clinicians
from store.views.unit_overview import ClinicianLine, movable_moments, urgent_moments_of

HEADING = "Översikt"
NOBODY = "Enheten har inga behandlare."


class Clinicians(PagedList[ClinicianRow]):
    """The list of the unit's clinicians."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "enter",
            "open",
            "Öppna\xa0kön",
            id="overview.open",
            tooltip="Öppna det som väntar på behandlaren, och arbeta i det.",
        ),
    ]


@final
class OverviewScreen(Page[None], FollowsChanges):
    """What waits at each of the unit's clinicians, a line each."""

    AUTO_FOCUS = "Clinicians"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "b",
            "switch_all",
            "Flytta\xa0alla\xa0moment",
            id="overview.switch_all",
            tooltip="Flytta alla behandlarens moment till en annan behandlare.",
        ),
        Binding("escape", "back", "Tillbaka", id="overview.back", tooltip="Gå tillbaka till listan."),
    ]
    DEFAULT_CSS = """
    OverviewScreen > Clinicians { height: 1fr; border-top: solid $rule; }
    """

    def __init__(self, client: StoreClient, origin: str) -> None:
        """`origin` is the page or list that it was opened from, as the way back names it."""
        super().__init__()
        self._client = client
        self._origin = origin
        self._trouble = ListTrouble()

    def compose(self) -> ComposeResult:
        """Lay out the frame."""
        actor = self._client.actor
        unit = actor.unit_name if isinstance(actor, StaffActor) else ""
        yield page_title(self._client, self._origin, HEADING, unit)
        yield self._trouble
        columns = columns_for(self._client.clock())
        yield Clinicians(columns, OverviewSource(self._client), fetch=self._client.run, empty=NOBODY)
        yield KeyBar()

    def on_mount(self) -> None:
        """Say who looks; take over what was typed while the page was on its way."""
        self.call_after_refresh(release_keys, self.app)

    @property
    def rows(self) -> Clinicians:
        """The list of the unit's clinicians."""
        return self.query_one(Clinicians)

    @property
    def line(self) -> ClinicianLine | None:
        """The cursor's clinician."""
        return self.rows.row.value if self.query(Clinicians) and self.rows.row else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what does something with the cursor's clinician."""
        if action == "switch_all":
            return self.line is not None and self.line.moments > 0
        return super().check_action(action, parameters)

    async def changed(self) -> None:
        """Read the overview again; the cursor stays."""
        if self.query(Clinicians):  # the page may be closing
            self.rows.set_columns(columns_for(self._client.clock()))
            self.rows.refresh_rows()

    @on(PagedList.Loaded)
    def _loaded(self) -> None:
        self._trouble.clear()
        self.refresh_bindings()

    @on(PagedList.Highlighted)
    def _moved(self) -> None:
        self.refresh_bindings()

    @on(PagedList.Failed)
    def _failed(self, event: PagedList.Failed) -> None:
        self._trouble.tell(event.error, self.rows)

    # What is done

    @on(PagedList.Opened)
    @work(exclusive=True, group="open")
    async def _open(self) -> None:
        """Open the cursor's queue."""
        if (line := self.line) is not None:
            await self.app.push_screen_wait(colleague_queue(self._client, line.hsa_id, line.name, HEADING))
            await self.changed()

    def action_switch_all(self) -> None:
        """Choose who takes over all moments of the cursor's clinician."""
        if self.line is not None:
            hold_keys(self.app)
            self._switch_all(self.line)

    @work(exclusive=True, group="dialog")
    async def _switch_all(self, line: ClinicianLine) -> None:
        try:
            colleagues = await self._client.read(unit_clinicians)
            moments = await self._client.read(movable_moments, line.hsa_id)
            urgent = await self._client.read(urgent_moments_of, line.hsa_id)
        except DomainError as refusal:
            release_keys(self.app)
            self._refused(refusal)
            return
        moved = ""

        async def perform(request: SwitchRequest, confirmed: bool) -> None:
            nonlocal moved
            many = await self._client.write(
                switch_all,
                line.hsa_id,
                request.to,
                message=request.message,
                leave=request.leave,
                confirmed=confirmed,
            )
            name = next(who.name for who in colleagues if who.hsa_id == request.to)
            moved = f"{number(many)} moment är {'flyttat' if many == 1 else 'flyttade'} från {line.name} till {name}."

        dialog = SwitchAllDialog(line, colleagues, perform, moments, urgent=urgent)
        if await self.app.push_screen_wait(dialog) is not None:
            self.notify(moved)
            await self.changed()

    def _refused(self, refusal: DomainError) -> None:
        self.notify(refusal.message, severity="warning")

    def action_back(self) -> None:
        """Close the page."""
        self.dismiss(None)

    @on(TitleBar.Back)
    def _back_clicked(self) -> None:
        self.action_back()
