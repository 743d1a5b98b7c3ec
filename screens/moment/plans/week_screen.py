"""The plans week by week: what falls on each day, and what the resident has marked (domain.md §4)."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType

from screens.moment.document_screen import Paper
from screens.moment.plans.week_text import draw_week, week_words
from screens.store_client import StoreClient
from screens.widgets.drawn_text import DrawnText
from store.foundation.clock import local_day
from store.views.plans import WeekOfPlans, week_of_plans


class WeekScreen(Paper):
    """A week; `<` and `>` turn it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("less_than_sign", "turn(-1)", "Veckan\xa0före", id="plans.before", tooltip="Visa veckan före."),
        Binding("greater_than_sign", "turn(1)", "Veckan\xa0efter", id="plans.after", tooltip="Visa veckan efter."),
        Binding("t", "today", "Denna\xa0vecka", id="plans.this_week", tooltip="Gå tillbaka till veckan som är nu."),
    ]

    def __init__(self, client: StoreClient, moment_id: int, origin: str) -> None:
        """Show this week; `origin` is whose plans they are, as the way back names it."""
        super().__init__(client, moment_id, (origin, "Aktivitetsplaner"))
        self._today = local_day(client.clock())
        self._day = self._today
        self._week: WeekOfPlans | None = None

    async def read(self) -> None:
        """Read the week. That the plans are open is logged already."""
        self._week = await self.client.read(week_of_plans, self.moment_id, self._day)

    def show_state(self) -> None:
        """Show the week that was read last."""
        assert self._week is not None
        self.set_trail("Aktivitetsplaner", week_words(self._week.days[0].day))
        self.query_one(DrawnText).show(partial(draw_week, self._week, self._today))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the way back to this week where another is shown."""
        if action == "today":
            return self._day != self._today
        if action == "turn":
            return self._can_turn(int(str(parameters[0])))
        return super().check_action(action, parameters)

    def action_turn(self, weeks: int) -> None:
        """Show the week before or after."""
        self._show(self._day + timedelta(weeks=weeks))

    def action_today(self) -> None:
        """Show this week."""
        self._show(self._today)

    def _can_turn(self, weeks: int) -> bool:
        """No moment is kept longer than two years, and no plan reaches further."""
        return abs((self._day + timedelta(weeks=weeks) - self._today).days) <= 2 * 366

    def _show(self, day: date) -> None:
        self._day = day
        self.query_one("#paper").scroll_home(animate=False)
        self.reread()
        self.refresh_bindings()
