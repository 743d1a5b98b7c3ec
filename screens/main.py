"""The top level with all that opens over it: a moment, a new one, a search, the unit at a glance."""

from typing import ClassVar, final

from textual import on, work
from textual.binding import Binding, BindingType

from screens.lists import MomentList
from screens.queue.watch import QUEUE_TAB
from screens.tabs import EXPORTS_TAB
from screens.top_level import TopLevel
from screens.type_ahead import hold_keys, release_keys
from screens.undo_key import UNDO_KEY
from screens.whom import whom_of
from store.foundation.access import Role
from store.foundation.errors import DomainError
from store.views.lists import Tab

STARTED = "Momentet är startat."


@final
class MainScreen(TopLevel):
    """The lists and the other tabs of the top level."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "m",
            "search_messages",
            "Sök\xa0i\xa0meddelanden",
            id="list.search_messages",
            tooltip="Sök i alla meddelanden till och från dina invånare.",
        ),
        Binding(
            "o",
            "overview",
            "Översikt",
            id="list.overview",
            tooltip="Visa vad som väntar hos enhetens behandlare, och flytta moment från den som är borta.",
        ),
        Binding(
            "t",
            "statistics",
            "Statistik",
            id="list.statistics",
            tooltip="Visa programmens statistik på enheten, månad för månad.",
        ),
        UNDO_KEY,
    ]

    started = 0
    """How many moments have been started from here."""

    async def signed_out(self) -> None:
        """Be as before anybody signed in."""
        self.started = 0
        await super().signed_out()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the search where the lists are, and the overview over a queue and the unit's list."""
        if action == "search_messages":
            return self.has_role(Role.CLINICIAN) and self.open_list is not None
        if action == "overview":
            return self.has_role(Role.RESIDENT_ADMIN) and self._shows_the_unit
        if action == "statistics":
            return self.open_tab is not None and (self.open_tab.list is Tab.ALL or self.open_tab.id == EXPORTS_TAB)
        if action == "undo":
            return self.client.has_acted and (self.open_list is not None or self._shows_queue)
        return super().check_action(action, parameters)

    @property
    def label(self) -> str:
        """What the open tab is called, for the way back to it."""
        return self.open_tab.label if self.open_tab else ""

    @property
    def _shows_the_unit(self) -> bool:
        tab = self.open_tab
        return tab is not None and (tab.list is Tab.ALL or tab.id == QUEUE_TAB)

    @property
    def _shows_queue(self) -> bool:
        return self.open_tab is not None and self.open_tab.id == QUEUE_TAB

    @work(exclusive=True, group="dialog")
    async def action_undo(self) -> None:
        """Undo the last that the person did, in whatever moment it was."""
        undo = await self.client.load("screens.undo")
        if await undo.undo_last(self.app, self.client, None):
            await self.changed()

    @on(MomentList.Opened)
    @work(exclusive=True, group="open")
    async def _open_moment(self, event: MomentList.Opened) -> None:
        await self._show_moment(event.moment)

    @on(MomentList.ActAsked)
    @work(exclusive=True, group="open")
    async def _act(self, event: MomentList.ActAsked) -> None:
        acts = await self.client.load("screens.row_actions")
        rows = [
            acts.ChosenRow(
                row.id,
                whom_of(row.name, row.program_title, is_protected=row.is_protected, moment=row.id),
                row.program,
            )
            for row in event.rows
        ]
        act = await acts.choose_act(self.app, rows, answers=True)
        if act is acts.Act.ANSWER:
            hold_keys(self.app)
            await self._show_moment(rows[0].moment, answers=True)
        elif act is not None:
            outcomes = await acts.carry_out(self.app, self.client, act, rows)
            if event.of.is_attached:
                event.of.show_outcomes(outcomes)
            await acts.tell(self.app, rows, outcomes)
            await self.changed()

    async def _show_moment(self, moment: int, *, answers: bool = False) -> None:
        page = await self.client.load("screens.moment.moment_screen")
        said = await self.app.push_screen_wait(page.MomentScreen(self.client, moment, self.label, answers=answers))
        if said:
            self.notify(said)
        await self.changed()

    @work(exclusive=True, group="open")
    async def action_overview(self) -> None:
        """Show what waits at each of the unit's clinicians."""
        hold_keys(self.app)
        overview = await self.client.load("screens.overview")
        await self.app.push_screen_wait(overview.OverviewScreen(self.client, self.label))
        await self.changed()

    @work(exclusive=True, group="open")
    async def action_statistics(self) -> None:
        """Show the figures of whole months."""
        hold_keys(self.app)
        statistics = await self.client.load("screens.statistics")
        await self.app.push_screen_wait(statistics.StatisticsScreen(self.client, self.label))

    @work(exclusive=True, group="open")
    async def action_search_messages(self) -> None:
        """Search in the messages of all one's own residents."""
        hold_keys(self.app)
        search = await self.client.load("screens.message_search")
        await self.app.push_screen_wait(search.MessageSearch(self.client, self.label))
        await self.changed()

    @on(MomentList.StartAsked)
    @work(exclusive=True, group="open")
    async def _start_moment(self, event: MomentList.StartAsked) -> None:
        start = await self.client.load("screens.start_moment")
        tab = self.open_tab
        try:
            outcome = await start.ask_for_start(
                self.app, self.client, event.program, names_clinician=tab is not None and tab.list is Tab.ALL
            )
        except DomainError as refusal:
            release_keys(self.app)
            self.notify(refusal.message, severity="warning")
            return
        if outcome is None:
            return
        await self.changed()
        if outcome.is_new:
            self.started += 1
            if tab is not None and self.open_tab is tab and self.open_list is not None:
                self.open_list.show_moment(outcome.moment, outcome.program)
            self.notify(outcome.whom.says(STARTED), markup=False)
        else:
            hold_keys(self.app)
            await self._show_moment(outcome.moment)
