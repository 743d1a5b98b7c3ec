"""Plans on screen: each can be changed, followed up and ended where it stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from screens.moment.available_actions import Allowed
from screens.moment.plans.plan_facts import PlanFacts
from screens.moment.plans.plan_rows import PlanLine, is_due, plan_rows
from screens.widgets.row import Row
from screens.widgets.wrapped_list import WrappedList
from store.care.activity_plans import change_plan, end_plan, follow_up_plan, make_plan
from store.foundation.clock import Instant, local_day
from store.views.plans import PlanRow


class PlanList(WrappedList):
    """The plans. It changes nothing itself: it posts what is asked for, and is shown them anew."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "change", "Ändra", id="plans.change", tooltip="Ändra planens titel, dag eller aktiviteter."),
        Binding(
            "h",
            "follow_up",
            "Följ\xa0upp",
            id="plans.follow_up",
            tooltip="Följ upp planen, med en anteckning om vad uppföljningen gav.",
        ),
        Binding("e", "end", "Avsluta\xa0plan", id="plans.end", tooltip="Avsluta planen. Den går att läsa."),
    ]

    class Asked(Message):
        """Something is to be done with a plan."""

        def __init__(self, plan: PlanRow) -> None:
            super().__init__()
            self.plan = plan

    class ChangeAsked(Asked):
        """A plan is to be changed."""

    class FollowUpAsked(Asked):
        """A plan is to be followed up."""

    class EndAsked(Asked):
        """A plan is to be ended."""

    def __init__(self) -> None:
        """Show nothing until there are plans."""
        super().__init__("plans")
        self._allowed = Allowed()
        self._now = Instant(0)

    def show(self, facts: PlanFacts, now: Instant, allowed: Allowed) -> None:
        """Show plans; the cursor stays."""
        self._allowed, self._now = allowed, now
        self.show_made(
            partial(plan_rows, facts.plans, now, may_make=allowed(make_plan), is_running=allowed.is_running),
        )

    def move_to_plan(self, plan: int) -> None:
        """Put the cursor on a plan."""
        self.move_to(f"plan {plan}")

    @property
    def line(self) -> PlanLine | None:
        """The cursor's row."""
        row = self.row
        return row if isinstance(row, PlanLine) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the cursor's plan."""
        if action not in _OPERATIONS:
            return super().check_action(action, parameters)
        fact = self.line.fact if self.line else None
        if fact is None or fact.plan.ended_at is not None or not self._allowed(_OPERATIONS[action]):
            return False
        return action != "follow_up" or is_due(fact, local_day(self._now))

    def action_change(self) -> None:
        """Post that the cursor's plan is to be changed."""
        if self.line is not None and self.line.fact is not None:
            self.post_message(self.ChangeAsked(self.line.fact.plan))

    def action_follow_up(self) -> None:
        """Post that the cursor's plan is to be followed up."""
        if self.line is not None and self.line.fact is not None:
            self.post_message(self.FollowUpAsked(self.line.fact.plan))

    def action_end(self) -> None:
        """Post that the cursor's plan is to be ended."""
        if self.line is not None and self.line.fact is not None:
            self.post_message(self.EndAsked(self.line.fact.plan))

    def clicked(self, row: Row) -> None:
        """Do nothing more than move the cursor: a click changes no plan."""


_OPERATIONS: dict[str, Callable[..., object]] = {"change": change_plan, "follow_up": follow_up_plan, "end": end_plan}
"""What the keys do, by their action."""
