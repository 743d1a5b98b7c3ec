"""What is done with flags from the resident's page: a flag is handled, or raised by hand."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.screen import Screen

from screens.dialogs.flag import FlagDialog, NewFlag
from screens.flag_text import instruction_text
from screens.journal_offer import JournalOffer, with_offer
from screens.moment.page_exit import PageExit
from screens.moment.plans.actions import PlanActions
from screens.moment.reader import MomentReader
from screens.queue.actions import handle_in_dialog
from screens.queue.claims import claim
from screens.queue.position import QueuePosition
from store.care.activity_plans import follow_up_plan
from store.care.flags import add_flag
from store.foundation.flag_kinds import FlagKind, Severity
from store.views.flags import FlagRow

RAISED = "Flaggan är satt."


class FlagActions:
    """Handles and raises flags, each in a dialog. To be awaited in a worker of the page."""

    def __init__(
        self,
        page: Screen[Any],
        reader: MomentReader,
        *,
        reread: Callable[[], None],
        position: QueuePosition,
        exit: PageExit,
        plans: PlanActions,
    ) -> None:
        """Act on the flags of a page's moment; `reread` lets the page's list of flags show what was done."""
        self._page = page
        self._reader = reader
        self._reread = reread
        self._position = position
        self._exit = exit
        self._plans = plans

    async def handle(self, flag: FlagRow) -> None:
        """Handle a flag; one that asks for a follow-up by following the plan up."""
        if flag.kind is FlagKind.FOLLOW_UP and self._reader.allowed(follow_up_plan):
            await self._plans.follow_up(int(flag.about), flag.reason)
            return
        app, state = self._page.app, self._reader.state
        is_urgent = flag.severity is Severity.PRIORITY
        said = await handle_in_dialog(
            app,
            self._reader.client,
            flag.id,
            flag.reason,
            self._reader.do,
            whom=self._reader.whom,
            instruction=instruction_text(state.flags) if state and is_urgent else "",
            now=self._reader.client.clock() if is_urgent else None,
        )
        if not said:
            return
        offer = JournalOffer(self._reader.client, self._reader.moment_id, self._reader.whom)
        said = with_offer(app, offer, said, may_read=not self._reader.is_gone)
        self._reread()
        if self._position.matter is not None and self._position.matter.flag == flag.id:
            self._position.advance(said)
        else:
            self._exit.report(said)

    async def claim(self, flag: FlagRow) -> None:
        """Claim a flag, or release the own claim, or take over a colleague's."""
        reader = self._reader
        if said := await claim(self._page.app, reader.client, flag.id, flag.taken, reader.do, whom=reader.whom):
            self._reread()
            self._page.notify(said, markup=False)
            self._position.look()

    async def raise_by_hand(self) -> None:
        """Raise a flag by hand."""
        moment = self._reader.moment_id

        async def perform(flag: NewFlag, _confirmed: bool) -> int:
            return await self._reader.do(add_flag, moment, flag.text, severity=flag.severity, due_on=flag.due_on)

        whom = self._reader.whom
        if await self._page.app.push_screen_wait(FlagDialog(perform, whom=whom)) is not None:
            self._reread()
            self._page.notify(whom.says(RAISED), markup=False)
