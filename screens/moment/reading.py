"""What of a moment is read on a page of its own, and the forms that are marked and asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Concatenate, ParamSpec, TypeVar

from textual import on, work

from screens.dialogs.choose import Choice, ChoiceDialog
from screens.moment import tabs
from screens.moment.flags.tab import FlagsTab
from screens.moment.forms.diary import DiaryScreen
from screens.moment.forms.form_list import FormList
from screens.moment.forms.form_screen import FormScreen
from screens.moment.forms.graph_screen import GraphScreen
from screens.moment.frame import MomentFrame
from screens.moment.journal import JournalScreen
from screens.moment.timeline.timeline_list import TimelineList
from screens.type_ahead import hold_keys, release_keys
from store.care.form_answers import mark_answer_read, mark_answer_unread
from store.care.measurements import request_form, requestable_forms
from store.foundation.errors import DomainError
from store.foundation.events import Category
from store.foundation.flag_kinds import MatterKind
from store.foundation.work import ReadTransaction

P = ParamSpec("P")
T = TypeVar("T")


NO_FORMS = "Programmet har inga formulär att begära, och enheten har inte installerat några."


class MomentReading(MomentFrame):
    """The page with what opens from it to be read."""

    def action_journal(self) -> None:
        """Show the text for the record system."""
        self.app.push_screen(JournalScreen(self.client, self.moment_id, self.who).on(self.walk))

    def action_graph(self) -> None:
        """Show the graph."""
        self.app.push_screen(GraphScreen(self.client, self.moment_id, self.who).on(self.walk))

    def action_diary(self) -> None:
        """Show the diary."""
        self.app.push_screen(DiaryScreen(self.client, self.moment_id, self.who).on(self.walk))

    def open_form(self, answer: int) -> None:
        """Show an answer."""
        self.app.push_screen(FormScreen(self.client, self.moment_id, answer, self.who).on(self.walk))

    async def show_module(self, module: str) -> None:
        """Show a module's steps on *Hantera*."""
        await self.action_tab(tabs.MANAGE)
        self.manage.modules.unfold(module)
        self.set_focus(self.manage.modules)

    async def show_measurement(self, form: str) -> None:
        """Show what is measured with a form on *Hantera*."""
        await self.action_tab(tabs.MANAGE)
        self.set_focus(self.manage.forms)
        self.manage.forms.move_to_measurement(form)

    async def arrive(self) -> None:
        """Show what the matter is about that the page was opened for."""
        if self.walk is None or self.page is None or self.is_gone:
            return
        matter = self.walk.current
        if matter.conversation is not None:
            await self.open_conversation(matter.conversation)
        elif matter.module:
            await self.show_module(matter.module)
        elif matter.kind in (MatterKind.FLAG, MatterKind.FOLLOW_UP) and matter.answer is None:
            await self.action_tab(tabs.FLAGS)
            for tab in self.query(FlagsTab):
                tab.flags.move_to_flag(matter.flag)
        elif matter.answer is None:
            self.manage.flags.move_to_flag(matter.flag)

    @property
    def who(self) -> str:
        """The resident's name, as the way back says it."""
        return self.page.name if self.page else ""

    @on(FormList.OpenAsked)
    def _form_asked(self, event: FormList.OpenAsked) -> None:
        if event.row.is_diary:
            self.action_diary()
        elif event.row.answer is not None:
            self.open_form(event.row.answer)

    @on(TimelineList.OpenAsked)
    async def _source_asked(self, event: TimelineList.OpenAsked) -> None:
        """Open what an event tells of: a conversation, an answer, the diary that a row was refused from, a module."""
        source = event.source
        if source.conversation is not None:
            await self.show_conversation(source.conversation)
        elif source.answer is not None:
            self.open_form(source.answer)
        elif source.module:
            await self.show_module(source.module)
        elif source.kind in (Category.FLAGS, Category.PLANS):
            await self.action_tab(tabs.FLAGS)
        else:
            self.action_diary()

    @on(FormList.ReadAsked)
    @work(group="form")
    async def _read_asked(self, event: FormList.ReadAsked) -> None:
        for answer in event.answers:
            if not await self.try_to(mark_answer_read if event.read else mark_answer_unread, answer):
                return

    @work(exclusive=True, group="dialog")
    async def action_request(self) -> None:
        """Choose a form and ask the resident for it."""
        forms = await self.ask(requestable_forms, self.moment_id)
        if not forms:
            release_keys(self.app)
            if forms is not None:
                self.notify(NO_FORMS, markup=False)
            return
        choices = [Choice(form, title) for form, title in forms]
        chosen = await self.app.push_screen_wait(ChoiceDialog("Begär en mätning", choices))
        if chosen is not None and await self.try_to(request_form, chosen):
            self.notify(f"Mätningen är begärd: {dict(forms)[chosen]}.", markup=False)

    # How it is tried

    async def try_to(self, operation: Callable[..., None], *args: object) -> bool:
        """Do something that needs no dialog; a refusal is said in a notification."""
        try:
            await self.do(operation, *args)
        except DomainError as refusal:
            self._tell_refusal(refusal)
            return False
        return True

    async def ask(
        self, operation: Callable[Concatenate[ReadTransaction, P], T], *args: P.args, **kwargs: P.kwargs
    ) -> T | None:
        """Read what there is to choose from; a refusal is said in a notification."""
        hold_keys(self.app)
        try:
            return await self.client.read(operation, *args, **kwargs)
        except DomainError as refusal:
            release_keys(self.app)
            self._tell_refusal(refusal)
            return None

    def _tell_refusal(self, refusal: DomainError) -> None:
        self.notify(refusal.message, severity="warning", markup=False)

    def tell_or_leave(self, sentence: str) -> None:
        """Say what was done; where that took the page from the person, on the way back."""
        if self.is_gone:
            self.leave_with(sentence)
        else:
            self.notify(sentence, markup=False)

    def leave_with(self, sentence: str) -> None:
        """Go back with a sentence."""
        if self.is_current:
            self.dismiss(sentence)
        else:  # something lies over the page, as the lock does
            self.show_state()
            self.notify(sentence, markup=False)
