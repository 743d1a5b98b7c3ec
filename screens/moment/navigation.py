"""From a resident's page to what something is about: to its place on a tab, or to a page of its own."""

from __future__ import annotations

from typing import Any

from textual.screen import Screen

from screens.moment import tabs
from screens.moment.document_screen import DocumentScreen
from screens.moment.forms.diary_screen import DiaryScreen
from screens.moment.forms.form_screen import FormScreen
from screens.moment.forms.graph_screen import GraphScreen
from screens.moment.journal import JournalScreen
from screens.moment.plans.week_screen import WeekScreen
from screens.moment.reader import MomentReader
from screens.moment.safety_plan.plan_screen import SafetyPlanScreen
from screens.moment.tab_switcher import TabSwitcher
from screens.queue.position import QueuePosition
from screens.resident.home import look_at_side
from screens.resident.home_rows import Target
from store.foundation.events import Category
from store.foundation.flag_kinds import About, MatterKind
from store.views.flags import FlagRow
from store.views.matters import Matter
from store.views.moment import MomentPage
from store.views.residents_page import Part
from store.views.timeline import Source


class Navigation:
    """Opens what a flag, an event or a matter of the queue is about."""

    def __init__(self, page: Screen[Any], reader: MomentReader, switcher: TabSwitcher, position: QueuePosition) -> None:
        """Navigate from a page; a page that is opened over it is on the same walk through the queue."""
        self._page = page
        self._reader = reader
        self._switcher = switcher
        self._position = position

    # On pages of their own

    def open_journal(self) -> None:
        """Show the *Journalunderlag*."""
        reader = self._reader
        self._push(
            JournalScreen(
                reader.client, reader.moment_id, reader.resident_name, whom=reader.whom, walk=self._position.walk
            )
        )

    def open_safety_plan(self) -> None:
        """Show the säkerhetsplan."""
        reader = self._reader
        self._push(
            SafetyPlanScreen(
                reader.client, reader.moment_id, reader.resident_name, whom=reader.whom, walk=self._position.walk
            )
        )

    def open_week(self) -> None:
        """Show the plans day by day."""
        reader = self._reader
        self._push(
            WeekScreen(
                reader.client, reader.moment_id, reader.resident_name, whom=reader.whom, walk=self._position.walk
            )
        )

    def open_graph(self) -> None:
        """Show the graph."""
        reader, walk = self._reader, self._position.walk
        self._push(GraphScreen(reader.client, reader.moment_id, reader.resident_name, whom=reader.whom, walk=walk))

    def open_diary(self) -> None:
        """Show the diary."""
        reader, walk = self._reader, self._position.walk
        self._push(DiaryScreen(reader.client, reader.moment_id, reader.resident_name, whom=reader.whom, walk=walk))

    def open_form(self, answer: int) -> None:
        """Show an answer to a form."""
        reader = self._reader
        self._push(
            FormScreen(
                reader.client,
                reader.moment_id,
                answer,
                reader.resident_name,
                whom=reader.whom,
                walk=self._position.walk,
                may_handle=lambda severity: reader.allowed.handles(severity),
            )
        )

    def open_residents_side(self) -> None:
        """Show what the resident sees, beginning at the step or form that the cursor is on."""
        reader = self._reader
        self._page.app.push_screen(
            look_at_side(reader.client, reader.moment_id, reader.resident_name, reader.whom, self._residents_target)
        )

    @property
    def _residents_target(self) -> Target | None:
        manage, focused = self._switcher.manage, self._page.focused
        if focused is manage.modules and (step := manage.modules.step):
            return Target(Part.STEP, step)
        if focused is manage.forms and (row := manage.forms.row) is not None and row.form:
            return Target(Part.FORM, row.form)
        parts = {tabs.MESSAGES: Part.MESSAGES, tabs.FLAGS: Part.ACTIVITIES}
        part = parts.get(self._switcher.active)
        return Target(part) if part else None

    def _push(self, screen: DocumentScreen) -> None:
        self._page.app.push_screen(screen)

    # On the tabs

    async def show_conversation(self, conversation: int, *, marks_read: bool = True) -> None:
        """Open the tab *Meddelanden* at a conversation."""
        await self._switcher.open(tabs.MESSAGES)
        if self._switcher.messages is not None:
            await self._switcher.messages.open(conversation, marks_read=marks_read)

    async def show_waiting_message(self, page: MomentPage) -> None:
        """Open the tab *Meddelanden* at the conversation that has waited longest; where none waits, at its list."""
        waiting = page.waiting_conversations
        if waiting:
            await self.show_conversation(waiting[0].id)
        else:
            await self._switcher.open(tabs.MESSAGES)

    async def show_module(self, module: str) -> None:
        """Show a module's steps on *Hantera*."""
        await self._switcher.open(tabs.MANAGE)
        modules = self._switcher.manage.modules
        modules.unfold(module)
        self._page.set_focus(modules)

    async def show_measurement(self, form: str) -> None:
        """Show what is measured with a form on *Hantera*."""
        await self._switcher.open(tabs.MANAGE)
        forms = self._switcher.manage.forms
        self._page.set_focus(forms)
        forms.move_to_measurement(form)

    async def show_flag(self, flag: int | None) -> None:
        """Open the tab *Flaggor och aktivitetsplaner* at a flag."""
        await self._switcher.open(tabs.FLAGS)
        if self._switcher.flags is not None:
            self._switcher.flags.flags.move_to_flag(flag)

    async def show_plan(self, plan: int) -> None:
        """Open the tab *Flaggor och aktivitetsplaner* at a plan."""
        await self._switcher.open(tabs.FLAGS)
        if self._switcher.flags is not None:
            self._switcher.flags.seek_plan(plan)

    # By what something is about

    async def open_flag_source(self, flag: FlagRow) -> None:
        """Open what a flag came from; some came from nothing that could be opened."""
        match flag.kind.facts.about:
            case About.ANSWER:
                self.open_form(int(flag.about))
            case About.CONVERSATION:
                await self.show_conversation(int(flag.about))
            case About.MODULE:
                await self.show_module(flag.about)
            case About.FORM:
                await self.show_measurement(flag.about)
            case About.PLAN:
                await self.show_plan(int(flag.about))
            case About.SAFETY_PLAN:
                self.open_safety_plan()
            case About.NOTHING:
                pass

    async def open_event_source(self, source: Source) -> None:
        """Open what an event tells of: a conversation, an answer, the diary that a row was refused from, a module."""
        if source.conversation is not None:
            await self.show_conversation(source.conversation)
        elif source.answer is not None:
            self.open_form(source.answer)
        elif source.module:
            await self.show_module(source.module)
        elif source.kind is Category.SAFETY_PLAN:
            self.open_safety_plan()
        elif source.kind in (Category.FLAGS, Category.PLANS):
            await self._switcher.open(tabs.FLAGS)
        else:
            self.open_diary()

    async def show_matter(self, matter: Matter, *, is_chosen: bool) -> None:
        """Show what a matter of the queue is about that the page was opened for.

        `is_chosen`: its row was opened, which reads it; what the walk has led to is left as unread as it was.
        """
        if matter.conversation is not None:
            await self.show_conversation(matter.conversation, marks_read=is_chosen)
        elif matter.module:
            await self.show_module(matter.module)
        elif matter.kind in (MatterKind.FLAG, MatterKind.FOLLOW_UP, MatterKind.HANDOVER) and matter.answer is None:
            await self.show_flag(matter.flag)
        elif matter.answer is None:
            self._switcher.manage.flags.move_to_flag(matter.flag)
        if matter.plan is not None:
            await self.show_plan(matter.plan)
