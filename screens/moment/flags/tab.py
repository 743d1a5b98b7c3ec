"""The tab *Flaggor och aktivitetsplaner*: the caution, the flags, and under them the plans (domain.md §4)."""

from __future__ import annotations

import asyncio
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.message import Message
from textual.widget import Widget

from screens.moment.available_actions import Allowed
from screens.moment.flags.flag_list import FlagList
from screens.moment.flags.notice import FlagsNotice
from screens.moment.plans.plan_facts import PlanFacts, open_plan_facts, plan_facts
from screens.moment.plans.plan_list import PlanList
from screens.store_client import StoreClient
from screens.widgets.row_list import RowList
from screens.workers import InTurn
from store.care.activity_plans import make_plan
from store.care.flags import add_flag
from store.foundation.errors import DomainError, NotPermitted
from store.foundation.flag_kinds import Severity
from store.views.flags import FlagsPage, flags_page, open_flags


class FlagsTab(VerticalScroll):
    """Flags and plans. It changes nothing itself: it posts what is asked for, and reads them anew."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "new_flag", "Ny\xa0flagga", id="flags.new", tooltip="Sätt en egen flagga, med text och datum."),
        Binding("p", "new_plan", "Ny\xa0plan", id="plans.new", tooltip="Gör en aktivitetsplan, från mall eller egen."),
        Binding(
            "v",
            "week",
            "Vecka",
            id="plans.week",
            tooltip="Visa planerna dag för dag, med vad invånaren har markerat.",
        ),
    ]
    DEFAULT_CSS = """
    FlagsTab {
        scrollbar-size-vertical: 1; scrollbar-gutter: stable;
        & > FlagsNotice { padding: 0 1; }
        & > RowList { max-width: 120; }
        & > PlanList { margin: 1 0 0 0; }
    }
    """

    class NewFlagAsked(Message):
        """A flag is to be raised by hand."""

    class NewPlanAsked(Message):
        """A plan is to be made."""

    class WeekAsked(Message):
        """The plans are to be shown day by day."""

    def __init__(self, client: StoreClient, moment_id: int, id: str) -> None:
        """Show a moment's flags and plans."""
        super().__init__(id=id, classes="tab", can_focus=True)
        self.client = client
        self.moment_id = moment_id
        self.page: FlagsPage | None = None
        self.plans: PlanFacts | None = None
        self.allowed = Allowed()
        self._rereading = InTurn(self, "flags", asyncio.Lock(), self._reread)
        self.was_read = self._rereading.was_done
        self._is_opening = True
        self._sought = 0

    def compose(self) -> ComposeResult:
        """Lay out what will be filled."""
        yield FlagsNotice()
        yield FlagList("flags")
        yield PlanList()

    @property
    def flags(self) -> FlagList:
        """The flags."""
        return self.query_one(FlagList)

    @property
    def plan_list(self) -> PlanList:
        """The plans."""
        return self.query_one(PlanList)

    @property
    def first(self) -> Widget:
        """What gets the focus: the first list that has a row, else the tab itself, so that its keys work."""
        return next((one for one in self.query(RowList) if one.can_be_entered), self)

    def on_mount(self) -> None:
        """Open the flags and plans."""
        self.ask()

    # Reading

    async def changed(self) -> None:
        """Read the flags and plans again; the cursor stays."""
        self.ask()

    def come_back(self) -> None:
        """Read again when the person comes back to the tab.

        That counts as opening it, and is logged, where an urgent flag is open that the person has not seen.
        """
        actor = self.client.actor
        urgent = [flag for flag in self.page.open if flag.severity is Severity.PRIORITY] if self.page else []
        name = actor.name if actor else ""
        self._sought = 0
        self._is_opening = self.page is None or any(name not in dict(flag.seen) for flag in urgent)
        self.ask()

    def seek_plan(self, plan: int) -> None:
        """Put the cursor on a plan, as soon as it is there."""
        self._sought = plan
        self._find_sought()

    def ask(self) -> None:
        """Read the flags and plans again, soon and once."""
        self._rereading.ask()

    async def _reread(self) -> None:
        try:
            await self._read()
        except NotPermitted:
            self.page = self.plans = None  # what may no longer be seen is not left standing
        except DomainError:
            return  # the page says why over the tab
        if self.is_attached:
            self.show_state()
            self._find_sought()

    async def _read(self) -> None:
        """Read flags and plans; the first time they are opened, and by that the flags are seen."""
        if self._is_opening:
            flags = await self.client.open(open_flags, self.moment_id)
            plans = await self.client.read(open_plan_facts, self.moment_id)
            self._is_opening = False
        else:
            flags = await self.client.read(flags_page, self.moment_id)
            plans = await self.client.read(plan_facts, self.moment_id)
        self.page, self.plans = flags, plans

    # Showing

    def show_allowed(self, allowed: Allowed) -> None:
        """Take what the person may do with the moment as it is now."""
        self.allowed = allowed
        if self.query(PlanList):
            self.show_state()

    def show_state(self) -> None:
        """Show the flags and plans that were read last."""
        page, plans = self.page, self.plans
        for part in (self.query_one(FlagsNotice), *self.query(RowList)):
            part.display = page is not None
        if page is not None and plans is not None:
            now = self.client.clock()
            self.query_one(FlagsNotice).show_for(page)
            self.flags.show(page, now, may_handle=self.allowed.handles, actor=self.allowed.actor)
            self.plan_list.show(plans, now, self.allowed)
        self._keep_focus()
        self.refresh_bindings()

    def _keep_focus(self) -> None:
        """Move the focus where what had it can't have it any longer, so that the tab's keys work."""
        first, focused = self.first, self.screen.focused
        self.can_focus = first is self
        if not self.display:
            return
        if focused in (None, self) or (
            isinstance(focused, RowList) and focused in self.children and not focused.can_focus
        ):
            self.screen.set_focus(first, scroll_visible=False)

    def _find_sought(self) -> None:
        if self.plans is not None and self._sought in {fact.plan.id for fact in self.plans.plans}:
            self.screen.set_focus(self.plan_list, scroll_visible=False)
            self.call_after_refresh(self.plan_list.move_to_plan, self._sought)  # what stands above it is laid out first
            self._sought = 0

    # What can be done here

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with flags and plans."""
        if action == "new_flag":
            return self.page is not None and self.allowed(add_flag)
        if action == "new_plan":
            return self.plans is not None and self.allowed(make_plan)
        if action == "week":
            return self.plans is not None and bool(self.plans.plans)
        return super().check_action(action, parameters)

    def action_new_flag(self) -> None:
        """Post that a flag is to be raised by hand."""
        self.post_message(self.NewFlagAsked())

    def action_new_plan(self) -> None:
        """Post that a plan is to be made."""
        self.post_message(self.NewPlanAsked())

    def action_week(self) -> None:
        """Post that the plans are to be shown day by day."""
        self.post_message(self.WeekAsked())
