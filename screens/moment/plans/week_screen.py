"""The plans week by week: what falls on each day, and what the resident has marked (domain.md §4)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from screens.moment.document_screen import DocumentScreen
from screens.moment.plans.week_text import draw_week
from screens.queue.walk import Walk
from screens.resident.home_rows import Target
from screens.store_client import StoreClient
from screens.whom import Whom
from screens.widgets.drawn_text import DrawnText
from store.foundation.clock import local_day
from store.views.plans import WeekOfPlans, week_of_plans
from store.views.residents_page import Part

TITLE = "Aktivitetsplaner"


class WeekDocument:
    """A week of a moment's plans."""

    def __init__(self, client: StoreClient, moment_id: int) -> None:
        """Show the week that is now."""
        self.today = self.day = local_day(client.clock())
        self._client = client
        self._moment_id = moment_id
        self._week: WeekOfPlans | None = None
        self._text = DrawnText()

    @property
    def title(self) -> tuple[str, ...]:
        """What it is; which week stands over it."""
        return (TITLE,)

    @property
    def widgets(self) -> tuple[DrawnText]:
        """The week's text."""
        return (self._text,)

    async def read(self) -> None:
        """Read the week. That the plans are open is logged already."""
        self._week = await self._client.read(week_of_plans, self._moment_id, self.day)

    def show(self) -> None:
        """Show the week that was read last."""
        if self._week is not None:
            self._text.show(partial(draw_week, self._week, self.today))


class WeekScreen(DocumentScreen):
    """A week of plans, with keys that turn to another."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("less_than_sign", "turn(-1)", "Veckan\xa0före", id="plans.before", tooltip="Visa veckan före."),
        Binding("greater_than_sign", "turn(1)", "Veckan\xa0efter", id="plans.after", tooltip="Visa veckan efter."),
        Binding("t", "today", "Denna\xa0vecka", id="plans.this_week", tooltip="Gå tillbaka till veckan som är nu."),
    ]

    def __init__(
        self, client: StoreClient, moment_id: int, origin: str, *, whom: Whom, walk: Walk | None = None
    ) -> None:
        """Show this week; `origin` is whose plans they are, as the way back names it."""
        week = WeekDocument(client, moment_id)
        super().__init__(client, moment_id, week, origin, whom=whom, walk=walk)
        self.week = week

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the way back to this week where another is shown."""
        if action == "today":
            return self.week.day != self.week.today
        if action == "turn":
            return self._can_turn(int(str(parameters[0])))
        return super().check_action(action, parameters)

    @property
    def residents_target(self) -> Target:
        """The activities, as the resident sees them."""
        return Target(Part.ACTIVITIES)

    def action_turn(self, weeks: int) -> None:
        """Show the week before or after."""
        self._show(self.week.day + timedelta(weeks=weeks))

    def action_today(self) -> None:
        """Show this week."""
        self._show(self.week.today)

    def _can_turn(self, weeks: int) -> bool:
        """Whether a plan may reach so far: no moment is kept longer than two years, and no plan reaches further."""
        return abs((self.week.day + timedelta(weeks=weeks) - self.week.today).days) <= 2 * 366

    def _show(self, day: date) -> None:
        self.week.day = day
        self.show_from_top()
        self.refresh_bindings()
