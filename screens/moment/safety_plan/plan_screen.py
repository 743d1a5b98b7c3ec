"""The säkerhetsplan on a page of its own: read, copied, turned back in, and written (domain.md §4)."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from screens.clipboard import send_to_clipboard
from screens.dialogs.safety_plan import SafetyPlanDialog
from screens.moment.document_screen import DocumentScreen, OpenMoment
from screens.moment.safety_plan.plan_draft import PlanDraft, left_plan
from screens.moment.safety_plan.plan_text import draw_plan
from screens.queue.walk import Walk
from screens.refusals import notify_refusal
from screens.resident.home_rows import Target
from screens.store_client import StoreClient
from screens.type_ahead import hold_keys, release_keys
from screens.whom import Whom
from screens.widgets.drawn_text import DrawnText
from store.care.safety_plan_text import SafetyTexts
from store.care.safety_plans import SafetyVersion, change_safety_plan, refusal_of
from store.foundation.errors import DomainError
from store.views.residents_page import Part
from store.views.safety_plan import SafetyPage, copy_safety_plan, open_safety_plan, safety_plan_page

SAVED = "Säkerhetsplanen är sparad."
LOOK = "Det nya står under varje fält som skiljer sig. Spara en gång till när din text är som den ska vara."
KEPT = "Det du skrev är kvar som utkast på den här datorn, och är inte sparat i planen."


class SafetyPlanDocument:
    """The plan that a moment shows, in the newest version or an older one."""

    title = ("Säkerhetsplan",)

    def __init__(self, client: StoreClient, moment_id: int, *, works_for_colleague: bool) -> None:
        """Show a moment's plan; opening it handles that the resident changed it, also where one covers."""
        self.page: SafetyPage | None = None
        self.back = 0
        """How many versions back is shown."""
        self._client = client
        self._moment_id = moment_id
        self._works_for_colleague = works_for_colleague
        self._text = DrawnText()

    @property
    def widgets(self) -> tuple[DrawnText]:
        """The plan's text."""
        return (self._text,)

    @property
    def shown(self) -> SafetyVersion | None:
        """The version on screen."""
        return self.page.versions[self.back] if self.page and self.back < len(self.page.versions) else None

    async def read(self) -> None:
        """Read the plan; the first time it is opened, and that is logged."""
        if self.page is None:
            await self._client.write(open_safety_plan, self._moment_id, covers=self._works_for_colleague)
        self.page = await self._client.read(safety_plan_page, self._moment_id)

    def show(self) -> None:
        """Show the version that is chosen."""
        if self.page is not None:
            self._text.show(partial(draw_plan, self.page, self.shown))


class SafetyPlanScreen(DocumentScreen):
    """The plan, with keys that change it, copy it, and turn to other versions."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("e", "change", "Ändra", id="safety_plan.change", tooltip="Ändra säkerhetsplanen."),
        Binding("c", "copy", "Kopiera", id="safety_plan.copy", tooltip="Kopiera planen som text. Det loggas."),
        Binding("less_than_sign", "turn(1)", "Äldre", id="safety_plan.older", tooltip="Visa en äldre version."),
        Binding("greater_than_sign", "turn(-1)", "Nyare", id="safety_plan.newer", tooltip="Visa en nyare version."),
    ]

    def __init__(
        self,
        client: StoreClient,
        moment_id: int,
        origin: str,
        *,
        whom: Whom,
        whose: str = "",
        walk: Walk | None = None,
        open_moment: OpenMoment | None = None,
    ) -> None:
        """Show a moment's plan; the other arguments are those of `DocumentScreen`."""
        covers = walk is not None and walk.is_through_colleagues_queue
        plan = SafetyPlanDocument(client, moment_id, works_for_colleague=covers)
        super().__init__(client, moment_id, plan, origin, whom=whom, whose=whose, walk=walk, open_moment=open_moment)
        self.plan = plan

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to turn where there is another version, and to change what may be changed."""
        page = self.plan.page
        if action == "turn":
            return page is not None and 0 <= self.plan.back + int(str(parameters[0])) < len(page.versions)
        if action == "change":
            return page is not None and page.may_change
        if action == "copy":
            return page is not None
        return super().check_action(action, parameters)

    @property
    def residents_target(self) -> Target:
        """The plan, as the resident sees it."""
        return Target(Part.SAFETY_PLAN)

    def action_turn(self, step: int) -> None:
        """Show the version before or after."""
        self.plan.back += step
        self.query_one("#document").scroll_home(animate=False)
        self.plan.show()
        self.refresh_bindings()

    @work(group="copy")
    async def action_copy(self) -> None:
        """Copy the plan; that it was is logged first."""
        try:
            text = await self.client.read(copy_safety_plan, self.moment_id)
        except DomainError as refusal:
            notify_refusal(self.app, refusal, whom=self.whom)
            return
        ways = f"sob sakerhetsplan visa {self.moment_id}, med > FIL till en fil"
        send_to_clipboard(self.app, text, self.whom.says("Säkerhetsplanen"), else_by=ways)

    def action_change(self) -> None:
        """Write the plan."""
        hold_keys(self.app)
        self._change()

    @work(exclusive=True, group="dialog")
    async def _change(self) -> None:
        page = self.plan.page
        if page is None:
            release_keys(self.app)
            return
        left = await left_plan(self.client, self.moment_id)
        draft = PlanDraft(self.client, self.moment_id, left)
        version = left.version if left else page.version

        async def perform(texts: SafetyTexts, _confirmed: bool) -> None:
            nonlocal version
            newer = await self.client.write(change_safety_plan, self.moment_id, texts, version)
            if refusal := refusal_of(newer):
                now = await self.client.read(safety_plan_page, self.moment_id)
                version = now.version
                dialog.show_newer(now.texts)
                refusal.add(f" {LOOK}")
                raise refusal

        dialog = SafetyPlanDialog(
            perform,
            whom=self.whom,
            plan=page.texts,
            left=left.texts if left else None,
            keep=lambda texts: draft.keep(texts, version),
            throw_away=draft.forget,
        )
        done = await self.app.push_screen_wait(dialog)
        if done is not None:
            await draft.forget()
            self.plan.back = 0
            self.notify(self.whom.says(SAVED), markup=False)
        else:
            draft.let_go()
            if await left_plan(self.client, self.moment_id) is not None:
                self.notify(self.whom.says(KEPT), markup=False)
        self.reread()
