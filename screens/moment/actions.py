"""What is done with the moment itself, each in a dialog (guide; contract.md §3)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from textual.screen import Screen

from screens.dialogs.contact import ContactDialog
from screens.dialogs.end import EndDialog, EndRequest
from screens.dialogs.handover import HandoverDialog, HandoverRequest, WithdrawDialog
from screens.dialogs.maintenance import MaintenanceDialog
from screens.dialogs.switch import SwitchDialog, SwitchRequest
from screens.dialogs.time_spent import OwnTime, TimeDialog
from screens.flag_text import urgent_flags
from screens.journal_offer import JournalOffer, with_offer
from screens.moment.contacts import note_contact_in_dialog
from screens.moment.page_exit import PageExit
from screens.moment.reader import MomentReader
from screens.moment.time_counter import TimeCounter
from screens.refusals import read_for_dialog
from screens.shown_keys import keyed
from store.care.endings import end_moment
from store.care.handovers import offer_handover, withdraw_handover
from store.care.maintenance import maintain_moment, resume_moment
from store.care.moments import MomentStatus
from store.care.switching import switch_clinician
from store.care.time_spent import correct_time, week_name
from store.foundation.clock import local_day
from store.foundation.errors import NotPermitted, Refused
from store.views.choices import open_programs, unit_clinicians
from store.views.handovers import receiving_units
from store.views.time import time_again

ENDED = "Momentet är avslutat."
MAINTAINED = "Momentet är i vidmakthållande läge."
RESUMED = "Momentet är pågående igen."
OFFERED = "Momentet är erbjudet. Ni har kvar det tills den andra enheten har svarat."
WITHDRAWN = "Erbjudandet är tillbakadraget."
NO_OFFER = "Erbjudandet är redan besvarat eller tillbakadraget. {dialog.cancel} visar hur det gick."
CORRECTED = "Tiden är rättad."


class MomentActions:
    """Changes the moment, each time in a dialog. To be awaited in a worker of the page."""

    def __init__(
        self,
        page: Screen[Any],
        reader: MomentReader,
        *,
        exit: PageExit,
        time: TimeCounter,
        turn_to: Callable[[int], Awaitable[None]],
    ) -> None:
        """Act on the moment of a page; `turn_to` shows another moment there."""
        self._page = page
        self._reader = reader
        self._exit = exit
        self._time = time
        self._turn_to = turn_to

    async def switch(self) -> None:
        """Choose another clinician."""
        app, reader, moment = self._page.app, self._reader, self._reader.moment_id
        colleagues = await read_for_dialog(app, reader.client, unit_clinicians, reader.whom)
        if colleagues is None or reader.page is None:
            return
        names = {who.hsa_id: who.name for who in colleagues}
        chosen = ""

        async def perform(request: SwitchRequest, confirmed: bool) -> None:
            nonlocal chosen
            chosen = names[request.to]
            await reader.do(switch_clinician, moment, request.to, message=request.message, confirmed=confirmed)

        whom, may_write = reader.whom, reader.page.status == MomentStatus.RUNNING
        urgent = urgent_flags(reader.state.flags) if reader.state is not None else []
        dialog = SwitchDialog(
            colleagues, perform, whom=whom, present=reader.page.clinician, may_write=may_write, urgent=urgent
        )
        if await app.push_screen_wait(dialog) is not None:
            self._exit.report(whom.says(f"Ansvarig behandlare är nu {chosen}."))

    async def end(self) -> None:
        """End the moment, and turn to the new one where one was started."""
        app, reader, moment = self._page.app, self._reader, self._reader.moment_id
        programs = await read_for_dialog(app, reader.client, open_programs, reader.whom)
        if programs is None or reader.page is None:
            return

        async def perform(request: EndRequest, confirmed: bool) -> int | None:
            return await reader.do(
                end_moment,
                moment,
                request.reason,
                message=request.message,
                new_program=request.new_program,
                confirmed=confirmed,
            )

        whom = reader.whom  # the page turns to another moment where one is started
        dialog = EndDialog(reader.page.end_reasons, programs, perform, whom=whom, undone=reader.page.left_undone)
        done = await app.push_screen_wait(dialog)
        if done is None:
            return
        offer = JournalOffer(reader.client, moment, whom)
        if done.value is None:
            self._exit.close_with(with_offer(app, offer, whom.says(ENDED), may_read=True))
        else:
            await self._turn_to(done.value)
            said = whom.says(f"{ENDED} {reader.whom.program} är startat i stället.")
            app.notify(with_offer(app, offer, said, may_read=True), markup=False)

    async def maintain(self) -> None:
        """Put the moment in maintenance."""
        moment, whom = self._reader.moment_id, self._reader.whom
        dialog = MaintenanceDialog(lambda: self._reader.do(maintain_moment, moment), whom=whom, resume=False)
        if await self._page.app.push_screen_wait(dialog) is not None:
            self._exit.report(whom.says(MAINTAINED))

    async def resume(self) -> None:
        """Take the moment back from maintenance."""
        moment, whom = self._reader.moment_id, self._reader.whom
        dialog = MaintenanceDialog(lambda: self._reader.do(resume_moment, moment), whom=whom, resume=True)
        if await self._page.app.push_screen_wait(dialog) is not None:
            self._exit.report(whom.says(RESUMED))

    async def hand_over(self) -> None:
        """Offer the moment to another unit."""
        app, reader, moment = self._page.app, self._reader, self._reader.moment_id
        units = await read_for_dialog(app, reader.client, receiving_units, reader.whom, moment)
        if units is None or reader.page is None:
            return

        async def perform(request: HandoverRequest, confirmed: bool) -> None:
            tell = request.tell_resident
            await reader.do(offer_handover, moment, request.to, request.note, tell_resident=tell, confirmed=confirmed)

        may_write = reader.page.status == MomentStatus.RUNNING
        whom = reader.whom
        dialog = HandoverDialog(units, perform, whom=whom, may_write=may_write)
        if await app.push_screen_wait(dialog) is not None:
            app.notify(whom.says(OFFERED), markup=False)

    async def withdraw(self) -> None:
        """Take the offer to another unit back."""
        page, moment = self._reader.page, self._reader.moment_id
        if page is None:
            return

        async def perform() -> None:
            try:
                await self._reader.do(withdraw_handover, moment)
            except NotPermitted:  # the page that lies behind says what has become of the moment
                raise Refused(keyed(NO_OFFER)) from None

        whom = self._reader.whom
        if await self._page.app.push_screen_wait(WithdrawDialog(page.offered_to, perform, whom=whom)) is not None:
            self._page.notify(whom.says(WITHDRAWN), markup=False)

    async def note_contact(self) -> None:
        """Note a contact that was made, with its minutes."""
        app, reader = self._page.app, self._reader
        if said := await note_contact_in_dialog(app, reader.client, reader.moment_id, reader.do, whom=reader.whom):
            app.notify(said, markup=False)

    def show_contact(self) -> None:
        """Show the program's contact person."""
        page = self._reader.page
        if page is not None:
            self._page.app.push_screen(
                ContactDialog(page.program_title, page.contact, page.support, whom=self._reader.whom)
            )

    async def correct_time(self) -> None:
        """Put one's own time of a week right."""
        app, reader, moment = self._page.app, self._reader, self._reader.moment_id
        self._time.count()
        await self._time.save()
        weeks = await read_for_dialog(app, reader.client, time_again, reader.whom, moment)
        if weeks is None:
            return

        async def perform(own: OwnTime, _confirmed: bool) -> None:
            await reader.do(correct_time, moment, own.week, own.minutes)

        week = week_name(local_day(reader.client.clock()))
        whom = reader.whom
        if await app.push_screen_wait(TimeDialog(week, weeks, perform, whom=whom)) is not None:
            app.notify(whom.says(CORRECTED), markup=False)
