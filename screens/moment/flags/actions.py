"""What is done with flags from the resident's page: their source, *Hantera*, and one's own."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from textual import on, work

from screens.dialogs.flag import FlagDialog, NewFlag
from screens.flag_text import instruction_text
from screens.moment import tabs
from screens.moment.flags.flag_list import FlagList
from screens.moment.flags.tab import FlagsTab
from screens.moment.reading import MomentReading
from screens.queue.actions import HANDLED, handle_in_dialog
from store.care.flags import FlagKind, Severity, add_flag
from store.foundation.work import Work
from store.views.flags import FlagRow

P = ParamSpec("P")
T = TypeVar("T")

NO_SOURCE = {
    FlagKind.MANUAL: "Flaggan är satt för hand. Det finns inget att öppna.",
    FlagKind.SILENT: "Flaggan gäller att inget har hänt. Det finns inget att öppna.",
    FlagKind.NEVER: "Flaggan gäller att inget har hänt. Det finns inget att öppna.",
}
NO_SOURCE_ELSE = "Flaggan gäller hela momentet. Det finns inget särskilt att öppna."
RAISED = "Flaggan är satt."


def on_its_own(operation: Callable[Concatenate[Work, P], T]) -> Callable[..., T]:
    """Return an operation on what has an id of its own, to be carried out as one on the moment is."""

    def carried(work: Work, _moment: int, *args: P.args, **kwargs: P.kwargs) -> T:
        return operation(work, *args, **kwargs)

    return carried


class MomentFlags(MomentReading):
    """The page with what can be done with flags."""

    @on(FlagList.OpenAsked)
    async def _flag_asked(self, event: FlagList.OpenAsked) -> None:
        event.stop()
        await self.open_flag(event.flag)

    async def open_flag(self, flag: FlagRow) -> None:
        """Open what a flag came from; where there is nothing, say so."""
        match flag.kind:
            case FlagKind.ANSWER | FlagKind.WORSE:
                self.open_form(int(flag.about))
            case FlagKind.UNANSWERED:
                await self.show_conversation(int(flag.about))
            case FlagKind.MODULE:
                await self.show_module(flag.about)
            case FlagKind.MISSING:
                await self.show_measurement(flag.about)
            case FlagKind.FOLLOW_UP:
                await self.show_plan(int(flag.about))
            case _:
                self.notify(NO_SOURCE.get(flag.kind, NO_SOURCE_ELSE), markup=False)

    async def arrive(self) -> None:
        """Show also the plan that is to be followed up."""
        await super().arrive()
        if self.walk is not None and self.walk.current.plan is not None and not self.is_gone:
            await self.show_plan(self.walk.current.plan)

    async def show_plan(self, plan: int) -> None:
        """Open the tab *Flaggor och aktivitetsplaner* at a plan."""
        await self.action_tab(tabs.FLAGS)
        for tab in self.query(FlagsTab):
            tab.seek_plan(plan)

    @on(FlagList.HandleAsked)
    @work(exclusive=True, group="dialog")
    async def _handle_asked(self, event: FlagList.HandleAsked) -> None:
        await self.handle(event.flag)

    async def handle(self, flag: FlagRow) -> None:
        """Handle a flag; where it was all that showed the page to the person, go back."""

        async def write(operation: Callable[..., None], flag: int, note: str) -> None:
            await self.do(on_its_own(operation), flag, note)

        is_urgent = flag.severity is Severity.PRIORITY and self.state is not None
        instruction = instruction_text(self.state.flags) if is_urgent and self.state else ""
        if await handle_in_dialog(self.app, flag.id, flag.reason, write, instruction):
            self.reread_tabs()
            if self.walk is not None and self.walk.current.flag == flag.id:
                self.go_on(HANDLED)
            else:
                self.tell_or_leave(HANDLED)

    @on(FlagsTab.NewFlagAsked)
    @work(exclusive=True, group="dialog")
    async def _new_flag_asked(self) -> None:
        """Raise a flag by hand."""

        async def perform(flag: NewFlag, _confirmed: bool) -> int:
            return await self.do(add_flag, flag.text, severity=flag.severity, due_on=flag.due_on)

        if await self.app.push_screen_wait(FlagDialog(perform)) is not None:
            self.reread_tabs()
            self.notify(RAISED, markup=False)

    def reread_tabs(self) -> None:
        """Let the tab show at once what was done here."""
        for tab in self.query(FlagsTab):
            tab.ask()
