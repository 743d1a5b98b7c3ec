"""What is done with activity plans from the resident's page."""

from __future__ import annotations

from textual import on, work

from screens.dialogs.choose import Choice, ChoiceDialog
from screens.dialogs.plan import ChangePlanDialog, PlanDialog
from screens.dialogs.plan_follow_up import EndPlanDialog, FollowedUp, FollowUpDialog
from screens.moment.flags.actions import MomentFlags, on_its_own
from screens.moment.flags.tab import FlagsTab
from screens.moment.plans.plan_list import PlanList
from screens.moment.plans.week_screen import WeekScreen
from screens.wording import plural
from store.care.activity_plans import change_plan, end_plan, follow_up_plan, make_plan, plan_from_template
from store.care.plan_rules import NewPlan, PlanChange
from store.care.program_shape import PlanTemplate
from store.foundation.clock import local_day
from store.foundation.flag_kinds import FlagKind
from store.views.flags import FlagRow

MADE, CHANGED, FOLLOWED_UP, ENDED = (
    *("Planen är gjord. Invånaren ser den.", "Planen är ändrad."),
    *("Planen är uppföljd.", "Planen är avslutad."),
)
OWN, OWN_ABOUT = "Skriv en egen plan", "Titel och aktiviteter väljer ni själva"


class MomentPlans(MomentFlags):
    """The page with what can be done with plans."""

    @on(FlagsTab.WeekAsked)
    def _week_asked(self) -> None:
        self.app.push_screen(WeekScreen(self.client, self.moment_id, self.who).on(self.walk))

    @on(FlagsTab.NewPlanAsked)
    @work(exclusive=True, group="dialog")
    async def _new_plan_asked(self) -> None:
        """Choose a template, or none, and make a plan of it."""
        begun = await self._begin_with()
        if begun is None:
            return

        async def perform(plan: NewPlan, _confirmed: bool) -> int:
            return await self.do(make_plan, plan)

        done = await self.app.push_screen_wait(PlanDialog(begun, perform, local_day(self.client.clock())))
        if done is not None:
            self.reread_tabs()
            for tab in self.query(FlagsTab):
                tab.seek_plan(done.value)
            self.notify(MADE, markup=False)

    async def _begin_with(self) -> NewPlan | None:
        """Return what the plan begins with; without templates there is nothing to choose from."""
        facts = next((tab.plans for tab in self.query(FlagsTab)), None)
        if facts is None or not facts.templates:
            return NewPlan("", ())
        choices = [Choice[PlanTemplate | bool](one, one.title, _about(one)) for one in facts.templates]
        choices.append(Choice(True, OWN, OWN_ABOUT))
        chosen = await self.app.push_screen_wait(ChoiceDialog("Ny aktivitetsplan", choices))
        if isinstance(chosen, PlanTemplate):
            return plan_from_template(chosen, local_day(self.client.clock()))
        return NewPlan("", ()) if chosen else None

    @on(PlanList.ChangeAsked)
    @work(exclusive=True, group="dialog")
    async def _change_asked(self, event: PlanList.ChangeAsked) -> None:
        plan = event.plan

        async def perform(change: PlanChange, _confirmed: bool) -> None:
            await self.do(on_its_own(change_plan), plan.id, change)

        dialog = ChangePlanDialog(plan, perform, local_day(self.client.clock()))
        if await self.app.push_screen_wait(dialog) is not None:
            self._tell(CHANGED)

    @on(PlanList.FollowUpAsked)
    @work(exclusive=True, group="dialog")
    async def _follow_up_asked(self, event: PlanList.FollowUpAsked) -> None:
        await self.follow_up(event.plan.id, event.plan.title)

    async def handle(self, flag: FlagRow) -> None:
        """Handle a flag; one that asks for a follow-up by following the plan up."""
        if flag.kind is FlagKind.FOLLOW_UP and self.allowed(follow_up_plan):
            await self.follow_up(int(flag.about), flag.reason)
        else:
            await super().handle(flag)

    async def follow_up(self, plan: int, words: str) -> None:
        """Follow a plan up; `words` say which."""

        async def perform(done: FollowedUp, _confirmed: bool) -> None:
            await self.do(on_its_own(follow_up_plan), plan, done.note, done.next_on)

        if await self.app.push_screen_wait(FollowUpDialog(words, perform)) is not None:
            self._tell(FOLLOWED_UP)
            if self.walk is not None and self.walk.current.plan == plan:
                self.go_on(FOLLOWED_UP)

    @on(PlanList.EndAsked)
    @work(exclusive=True, group="dialog")
    async def _end_asked(self, event: PlanList.EndAsked) -> None:
        plan = event.plan

        async def perform(_end: bool, _confirmed: bool) -> None:
            await self.do(on_its_own(end_plan), plan.id)

        if await self.app.push_screen_wait(EndPlanDialog(plan.title, perform)) is not None:
            self._tell(ENDED)

    def _tell(self, sentence: str) -> None:
        self.reread_tabs()
        self.notify(sentence, markup=False)


def _about(template: PlanTemplate) -> str:
    number = plural(len(template.activities), "aktivitet", "aktiviteter")
    days = template.follow_up_days
    return number if days is None else f"{number}, följs upp efter {plural(days, 'dag', 'dagar')}"
