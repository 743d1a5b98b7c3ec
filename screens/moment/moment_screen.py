"""A resident's page and what can be done on it (guide; domain.md §3, §4; contract.md §3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType

from screens.dialogs.contact import ContactDialog
from screens.dialogs.end import EndDialog, EndRequest
from screens.dialogs.handover import HandoverDialog, HandoverRequest, WithdrawDialog
from screens.dialogs.info import InfoDialog
from screens.dialogs.maintenance import MaintenanceDialog
from screens.dialogs.switch import SwitchDialog, SwitchRequest
from screens.moment import texts
from screens.moment.manage.events_heading import EXPLAIN, EXPLAIN_TEXT
from screens.moment.manage.facts import ABOUT_ACTIVE, ABOUT_MOBILE, SWITCH
from screens.moment.manage.tab import END
from screens.moment.modules.module_list import ModuleList
from screens.moment.time_actions import MomentTime
from screens.widgets.mark import Mark
from screens.widgets.title_bar import TitleBar
from store.care.endings import end_moment
from store.care.handovers import offer_handover, withdraw_handover
from store.care.maintenance import maintain_moment, resume_moment
from store.care.measurements import request_form
from store.care.modules import hide_module, open_module, show_module
from store.care.moments import MomentStatus
from store.care.switching import switch_clinician
from store.foundation.errors import NotPermitted, Refused
from store.views.choices import open_programs, unit_clinicians
from store.views.handovers import receiving_units

ENDED = "Momentet är avslutat."
OFFERED = "Momentet är erbjudet. Ni har kvar det tills den andra enheten har svarat."
WITHDRAWN = "Erbjudandet är tillbakadraget."
NO_OFFER = "Erbjudandet är redan besvarat eller tillbakadraget. Esc visar hur det gick."
UNSAFE = "Det du har skrivit går inte att spara just nu. Esc en gång till lämnar sidan ändå."


class MomentScreen(MomentTime):
    """One moment: *Hantera* and the other tabs, and the dialogs that change it.

    Its result is a sentence to be said where the person comes back to, or None.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            *("b", "switch", "Byt behandlare"),
            id="moment.switch",
            tooltip="Välj en annan ansvarig behandlare på enheten.",
        ),
        Binding(
            *("a", "end", "Avsluta moment"),
            id="moment.end",
            tooltip="Avsluta momentet. Det går inte att ångra.",
        ),
        Binding(
            *("w", "maintain", "Vidmakthållande"),
            id="moment.maintain",
            tooltip="Sätt momentet i vidmakthållande läge: invånaren kan läsa, men varken skriva eller svara.",
        ),
        Binding(
            *("w", "resume", "Återuppta"),
            id="moment.resume",
            tooltip="Återuppta momentet från vidmakthållande läge.",
        ),
        Binding(
            *("o", "hand_over", "Överlämna"),
            id="moment.hand_over",
            tooltip="Erbjud momentet till en annan enhet.",
        ),
        Binding(
            *("o", "withdraw", "Dra\xa0tillbaka"),
            id="moment.withdraw",
            tooltip="Dra tillbaka erbjudandet till den andra enheten.",
        ),
        Binding(
            *("r", "request", "Begär mätning"),
            id="moment.request",
            tooltip="Be invånaren svara på ett formulär.",
        ),
        Binding(
            *("j", "journal", "Journalunderlag"),
            id="moment.journal",
            tooltip="Visa en text om momentet att klistra in i journalen.",
        ),
        Binding(
            *("g", "graph", "Graf"),
            id="moment.graph",
            tooltip="Visa alla poängsatta formulär över tid.",
        ),
        Binding(
            *("d", "diary", "Dagbok"),
            id="moment.diary",
            tooltip="Visa dagboken dag för dag.",
        ),
        Binding(
            *("k", "contact", "Kontaktperson"),
            id="moment.contact",
            tooltip="Visa vem som svarar på frågor om programmets innehåll.",
        ),
        Binding(
            *("t", "correct_time", "Rätta\xa0tid"),
            id="moment.time",
            tooltip="Rätta hur många minuter du har lagt på invånaren en vecka.",
        ),
        Binding(
            *("escape", "back", "Tillbaka"),
            id="moment.back",
            tooltip="Gå tillbaka till listan.",
        ),
    ]

    _has_warned = False
    """Whether it has been said that what is written would be lost."""

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what the person may do with the moment as it is now."""
        operation = _OPERATIONS.get(action)
        if operation is not None:
            return self.allowed(operation)
        if action in ("contact", "journal", "graph"):
            return self.allowed.page is not None
        if action == "diary":
            return self.allowed.page is not None and self.allowed.page.has_diary
        return super().check_action(action, parameters)

    # Dialogs

    @work(exclusive=True, group="dialog")
    async def action_switch(self) -> None:
        """Choose another clinician."""
        colleagues = await self.ask(unit_clinicians)
        if colleagues is None or self.page is None:
            return
        names = {who.hsa_id: who.name for who in colleagues}
        chosen = ""

        async def perform(request: SwitchRequest, _confirmed: bool) -> None:
            nonlocal chosen
            chosen = names[request.to]
            await self.do(switch_clinician, request.to, message=request.message)

        may_write = self.page.status == MomentStatus.RUNNING
        dialog = SwitchDialog(colleagues, perform, present=self.page.clinician, may_write=may_write)
        if await self.app.push_screen_wait(dialog) is not None:
            self.tell_or_leave(f"Ansvarig behandlare är nu {chosen}.")

    @work(exclusive=True, group="dialog")
    async def action_end(self) -> None:
        """End the moment, and go on to the new one where one was started."""
        programs = await self.ask(open_programs)
        if programs is None or self.page is None:
            return

        async def perform(request: EndRequest, confirmed: bool) -> int | None:
            return await self.do(
                end_moment,
                request.reason,
                message=request.message,
                new_program=request.new_program,
                confirmed=confirmed,
            )

        done = await self.app.push_screen_wait(
            EndDialog(self.page.end_reasons, programs, perform, undone=self.page.left_undone)
        )
        if done is None:
            return
        if done.value is None:
            self.leave_with(ENDED)
        else:
            await self.turn_to(done.value)
            self.notify(f"{ENDED} Det nya momentet är startat.", markup=False)

    @work(exclusive=True, group="dialog")
    async def action_maintain(self) -> None:
        """Put the moment in maintenance."""
        await self.app.push_screen_wait(MaintenanceDialog(lambda: self.do(maintain_moment), resume=False))

    @work(exclusive=True, group="dialog")
    async def action_resume(self) -> None:
        """Take the moment back from maintenance."""
        await self.app.push_screen_wait(MaintenanceDialog(lambda: self.do(resume_moment), resume=True))

    @work(exclusive=True, group="dialog")
    async def action_hand_over(self) -> None:
        """Offer the moment to another unit."""
        units = await self.ask(receiving_units, self.moment_id)
        if units is None or self.page is None:
            return

        async def perform(request: HandoverRequest, confirmed: bool) -> None:
            tell = request.tell_resident
            await self.do(offer_handover, request.to, request.note, tell_resident=tell, confirmed=confirmed)

        may_write = self.page.status == MomentStatus.RUNNING
        if await self.app.push_screen_wait(HandoverDialog(units, perform, may_write=may_write)) is not None:
            self.notify(OFFERED, markup=False)

    @work(exclusive=True, group="dialog")
    async def action_withdraw(self) -> None:
        """Take the offer back."""
        assert self.page is not None

        async def perform() -> None:
            try:
                await self.do(withdraw_handover)
            except NotPermitted:  # the page that lies behind says what has become of the moment
                raise Refused(NO_OFFER) from None

        dialog = WithdrawDialog(self.page.offered_to, perform)
        if await self.app.push_screen_wait(dialog) is not None:
            self.notify(WITHDRAWN, markup=False)

    def action_contact(self) -> None:
        """Show the program's contact person."""
        assert self.page is not None
        self.app.push_screen(ContactDialog(self.page.program_title, self.page.contact, self.page.support))

    # The way back

    async def action_back(self) -> None:
        """Go back to where the page was opened from."""
        if await self.may_leave():
            self.dismiss(None)

    async def may_leave(self) -> bool:
        """Return whether what is written is safe, or the person has been told that it isn't."""
        if self._has_warned or await self.keep_drafts():
            return True
        self._has_warned = True
        self.notify(UNSAFE, severity="warning", markup=False)
        return False

    @on(TitleBar.Back)
    async def _back_clicked(self) -> None:
        await self.action_back()

    # What the tab asks for

    @on(Mark.Pressed)
    def _mark_pressed(self, event: Mark.Pressed) -> None:
        event.stop()
        if event.mark.id == SWITCH:
            self.action_switch()
        elif event.mark.id == END:
            self.action_end()
        elif event.mark.id in _EXPLANATIONS:
            self.app.push_screen(InfoDialog(*_EXPLANATIONS[event.mark.id]))

    @on(ModuleList.HideAsked)
    @work(group="module")
    async def _hide_asked(self, event: ModuleList.HideAsked) -> None:
        await self.try_to(hide_module if event.hide else show_module, event.part)

    @on(ModuleList.OpenAsked)
    @work(group="module")
    async def _open_asked(self, event: ModuleList.OpenAsked) -> None:
        if await self.try_to(open_module, event.module):
            self.manage.modules.move_to_module(event.module)


_OPERATIONS: dict[str, Callable[..., object]] = {
    "switch": switch_clinician,
    "end": end_moment,
    "maintain": maintain_moment,
    "resume": resume_moment,
    "request": request_form,
    "hand_over": offer_handover,
    "withdraw": withdraw_handover,
}
"""What the keys do, by their action."""

_EXPLANATIONS = {
    ABOUT_ACTIVE: ("Senast aktiv", texts.LAST_ACTIVE),
    ABOUT_MOBILE: ("Invånarens mobilnummer", texts.MOBILE),
    EXPLAIN: (EXPLAIN_TEXT, texts.HANDLING),
}
"""Title and text of what an `ⓘ` or a link explains."""
