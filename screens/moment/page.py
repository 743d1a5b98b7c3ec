"""A resident's page and what can be done on it (guide; domain.md §3, §4; contract.md §3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Concatenate, ParamSpec, TypeVar

from textual import on, work
from textual.binding import Binding, BindingType

from screens.dialogs.choose import Choice, ChoiceDialog
from screens.dialogs.contact import ContactDialog
from screens.dialogs.end import EndDialog, EndRequest
from screens.dialogs.info import InfoDialog
from screens.dialogs.maintenance import MaintenanceDialog
from screens.dialogs.switch import SwitchDialog, SwitchRequest
from screens.moment import tabs, texts
from screens.moment.diary import DiaryScreen
from screens.moment.events import EXPLAIN, EXPLAIN_TEXT
from screens.moment.facts import ABOUT_ACTIVE, ABOUT_MOBILE, SWITCH
from screens.moment.form import FormScreen
from screens.moment.form_list import FormList
from screens.moment.frame import MomentFrame
from screens.moment.graph_page import GraphScreen
from screens.moment.journal import JournalScreen
from screens.moment.manage import END
from screens.moment.mark import Mark
from screens.moment.module_list import ModuleList
from screens.moment.timeline_list import TimelineList
from screens.type_ahead import hold_keys, release_keys
from screens.widgets.title_bar import TitleBar
from store.care.endings import end_moment
from store.care.form_answers import mark_answer_read, mark_answer_unread
from store.care.maintenance import maintain_moment, resume_moment
from store.care.measurements import request_form, requestable_forms
from store.care.modules import hide_module, open_module, show_module
from store.care.moments import MomentStatus
from store.care.switching import switch_clinician
from store.foundation.errors import DomainError
from store.foundation.work import Reading
from store.views.choices import open_programs, unit_clinicians

P = ParamSpec("P")
T = TypeVar("T")

ENDED = "Momentet är avslutat."


class MomentScreen(MomentFrame):
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
            *("escape", "back", "Tillbaka"),
            id="moment.back",
            tooltip="Gå tillbaka till listan.",
        ),
    ]

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
        colleagues = await self._ask(unit_clinicians)
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
            self._tell_or_leave(f"Ansvarig behandlare är nu {chosen}.")

    @work(exclusive=True, group="dialog")
    async def action_end(self) -> None:
        """End the moment, and go on to the new one where one was started."""
        programs = await self._ask(open_programs)
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
            self._leave(ENDED)
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

    def action_contact(self) -> None:
        """Show the program's contact person."""
        assert self.page is not None
        self.app.push_screen(ContactDialog(self.page.program_title, self.page.contact))

    # What is read on a page of its own

    def action_journal(self) -> None:
        """Show the text for the record system."""
        self.app.push_screen(JournalScreen(self.seam, self.moment_id, self._who))

    def action_graph(self) -> None:
        """Show the graph."""
        self.app.push_screen(GraphScreen(self.seam, self.moment_id, self._who))

    def action_diary(self) -> None:
        """Show the diary."""
        self.app.push_screen(DiaryScreen(self.seam, self.moment_id, self._who))

    def open_form(self, answer: int) -> None:
        """Show an answer."""
        self.app.push_screen(FormScreen(self.seam, self.moment_id, answer, self._who))

    @property
    def _who(self) -> str:
        return self.page.name if self.page else ""

    @on(FormList.OpenAsked)
    def _form_asked(self, event: FormList.OpenAsked) -> None:
        if event.row.is_diary:
            self.action_diary()
        elif event.row.answer is not None:
            self.open_form(event.row.answer)

    @on(TimelineList.OpenAsked)
    async def _source_asked(self, event: TimelineList.OpenAsked) -> None:
        """Open what an event tells of: an answer, the diary that a row was refused from, a module."""
        source = event.source
        if source.answer is not None:
            self.open_form(source.answer)
        elif source.module:
            await self.action_tab(tabs.MANAGE)
            self.manage.modules.unfold(source.module)
            self.set_focus(self.manage.modules)
        else:
            self.action_diary()

    @on(FormList.ReadAsked)
    @work(group="form")
    async def _read_asked(self, event: FormList.ReadAsked) -> None:
        for answer in event.answers:
            if not await self._try(mark_answer_read if event.read else mark_answer_unread, answer):
                return

    @on(FormList.RequestAsked)
    @work(exclusive=True, group="dialog")
    async def _request_asked(self) -> None:
        """Choose a form and ask the resident for it."""
        forms = await self._ask(requestable_forms, self.moment_id)
        if not forms:
            return
        choices = [Choice(form, title) for form, title in forms]
        chosen = await self.app.push_screen_wait(ChoiceDialog("Begär en mätning", choices))
        if chosen is not None and await self._try(request_form, chosen):
            self.notify(f"Mätningen är begärd: {dict(forms)[chosen]}.", markup=False)

    # The way back

    def action_back(self) -> None:
        """Go back to where the page was opened from."""
        self.dismiss(None)

    @on(TitleBar.Back)
    def _back_clicked(self) -> None:
        self.action_back()

    def _tell_or_leave(self, sentence: str) -> None:
        """Say what was done; where that took the page from the person, on the way back."""
        if self.is_gone:
            self._leave(sentence)
        else:
            self.notify(sentence, markup=False)

    def _leave(self, sentence: str) -> None:
        if self.is_current:
            self.dismiss(sentence)
        else:  # something lies over the page, as the lock does
            self.show_state()
            self.notify(sentence, markup=False)

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
        await self._try(hide_module if event.hide else show_module, event.part)

    @on(ModuleList.OpenAsked)
    @work(group="module")
    async def _open_asked(self, event: ModuleList.OpenAsked) -> None:
        if await self._try(open_module, event.module):
            self.manage.modules.move_to_module(event.module)

    async def _try(self, operation: Callable[..., None], *args: object) -> bool:
        """Do something that needs no dialog; a refusal is said in a notification."""
        try:
            await self.do(operation, *args)
        except DomainError as refusal:
            self._tell_refusal(refusal)
            return False
        return True

    async def _ask(
        self, operation: Callable[Concatenate[Reading, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T | None:
        """Read what there is to choose from; a refusal is said in a notification."""
        hold_keys(self.app)
        try:
            return await self.seam.read(operation, *args, **kwargs)
        except DomainError as refusal:
            release_keys(self.app)
            self._tell_refusal(refusal)
            return None

    def _tell_refusal(self, refusal: DomainError) -> None:
        self.notify(refusal.message, severity="warning", markup=False)


_OPERATIONS: dict[str, Callable[..., object]] = {
    "switch": switch_clinician,
    "end": end_moment,
    "maintain": maintain_moment,
    "resume": resume_moment,
}
"""What the keys do, by their action."""

_EXPLANATIONS = {
    ABOUT_ACTIVE: ("Senast aktiv", texts.LAST_ACTIVE),
    ABOUT_MOBILE: ("Invånarens mobilnummer", texts.MOBILE),
    EXPLAIN: (EXPLAIN_TEXT, texts.HANDLING),
}
"""Title and text of what an `ⓘ` or a link explains."""
