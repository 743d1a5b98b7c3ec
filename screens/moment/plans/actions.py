"""What is done with activity plans from the resident's page: made, changed, followed up, ended."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any, Protocol

from textual.screen import Screen

from screens.dialogs.choose import Choice, ChoiceDialog
from screens.dialogs.plan import ChangePlanDialog, PlanDialog
from screens.dialogs.plan_follow_up import EndPlanDialog, FollowedUp, FollowUpDialog
from screens.journal_offer import JournalOffer, with_offer
from screens.moment.plans.plan_facts import PlanFacts
from screens.moment.reader import MomentReader
from screens.queue.position import QueuePosition
from screens.wording import plural
from store.care.activity_plans import change_plan, end_plan, follow_up_plan, make_plan, plan_from_template
from store.care.plan_rules import NewPlan, PlanChange
from store.care.program_shape import PlanTemplate
from store.foundation.clock import local_day
from store.views.plans import PlanRow

MADE = "Planen är gjord. Invånaren ser den."
CHANGED = "Planen är ändrad."
FOLLOWED_UP = "Planen är uppföljd."
ENDED = "Planen är avslutad."
OWN, OWN_ABOUT = "Skriv en egen plan", "Titel och aktiviteter väljer ni själva"


class PlansOnScreen(Protocol):
    """The tab that shows the plans."""

    plans: PlanFacts | None
    """What it has read; None before that."""

    def ask(self) -> None:
        """Read the plans again."""

    def seek_plan(self, plan: int) -> None:
        """Put the cursor on a plan."""


class PlanActions:
    """Makes, changes, follows up and ends plans, each in a dialog. To be awaited in a worker of the page."""

    def __init__(
        self,
        page: Screen[Any],
        reader: MomentReader,
        *,
        shown: Callable[[], PlansOnScreen | None],
        position: QueuePosition,
    ) -> None:
        """Act on the plans of a page's moment; `shown` tells where they are shown, once that has been opened."""
        self._page = page
        self._reader = reader
        self._shown = shown
        self._position = position

    async def make(self) -> None:
        """Choose a template, or none, and make a plan of it."""
        app, moment = self._page.app, self._reader.moment_id
        begun = await self._begin_with()
        if begun is None:
            return

        async def perform(plan: NewPlan, _confirmed: bool) -> int:
            return await self._reader.do(make_plan, moment, plan)

        done = await app.push_screen_wait(PlanDialog(begun, perform, self._today(), whom=self._reader.whom))
        if done is not None:
            self._report(MADE)
            if (shown := self._shown()) is not None:
                shown.seek_plan(done.value)

    async def _begin_with(self) -> NewPlan | None:
        """Return what the plan begins with; without templates there is nothing to choose from."""
        shown = self._shown()
        facts = shown.plans if shown is not None else None
        if facts is None or not facts.templates:
            return NewPlan("", ())
        choices = [Choice[PlanTemplate | bool](one, one.title, _about(one)) for one in facts.templates]
        choices.append(Choice(True, OWN, OWN_ABOUT))
        chosen = await self._page.app.push_screen_wait(
            ChoiceDialog("Ny aktivitetsplan", choices, whom=self._reader.whom)
        )
        if isinstance(chosen, PlanTemplate):
            return plan_from_template(chosen, self._today())
        return NewPlan("", ()) if chosen else None

    async def change(self, plan: PlanRow) -> None:
        """Change a plan's title, day or activities."""

        async def perform(change: PlanChange, confirmed: bool) -> None:
            await self._reader.do(change_plan, plan.id, change, confirmed=confirmed)

        dialog = ChangePlanDialog(plan, perform, self._today(), whom=self._reader.whom)
        if await self._page.app.push_screen_wait(dialog) is not None:
            self._report(CHANGED)

    async def follow_up(self, plan: int, title: str) -> None:
        """Follow a plan up; `title` names it in the dialog."""

        async def perform(done: FollowedUp, _confirmed: bool) -> None:
            await self._reader.do(follow_up_plan, plan, done.note, done.next_on)

        app, whom = self._page.app, self._reader.whom
        if await app.push_screen_wait(FollowUpDialog(title, perform, whom=whom)) is None:
            return
        offer = JournalOffer(self._reader.client, self._reader.moment_id, whom)
        said = with_offer(app, offer, whom.says(FOLLOWED_UP), may_read=not self._reader.is_gone)
        self._reread()
        if self._position.matter is not None and self._position.matter.plan == plan:
            self._position.advance(said)
        else:
            self._page.notify(said, markup=False)

    async def end(self, plan: PlanRow) -> None:
        """End a plan."""

        async def perform(_end: bool, _confirmed: bool) -> None:
            await self._reader.do(end_plan, plan.id)

        if (
            await self._page.app.push_screen_wait(EndPlanDialog(plan.title, perform, whom=self._reader.whom))
            is not None
        ):
            self._report(ENDED)

    def _reread(self) -> None:
        if (shown := self._shown()) is not None:
            shown.ask()

    def _report(self, sentence: str) -> None:
        self._reread()
        self._page.notify(self._reader.whom.says(sentence), markup=False)

    def _today(self) -> date:
        return local_day(self._reader.client.clock())


def _about(template: PlanTemplate) -> str:
    number = plural(len(template.activities), "aktivitet", "aktiviteter")
    days = template.follow_up_days
    return number if days is None else f"{number}, följs upp efter {plural(days, 'dag', 'dagar')}"
