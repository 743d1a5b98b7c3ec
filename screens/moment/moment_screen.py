"""A resident's page: the tabs, the keys, and what each of them leads to (guide; domain.md §3, §4; contract.md §3)."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import ClassVar

from textual import on, work
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.events import ScreenResume
from textual.screen import ModalScreen

from screens.contracts import FollowsChanges, HidesNumbers, HoldsUnsaved, KeepsDrafts, ShowsResidentsSide
from screens.dialogs.info import InfoDialog
from screens.moment import tabs, texts
from screens.moment.actions import MomentActions
from screens.moment.banner import say_under
from screens.moment.document_screen import DocumentScreen
from screens.moment.flags.actions import FlagActions
from screens.moment.flags.flag_list import FlagList
from screens.moment.flags.tab import FlagsTab
from screens.moment.forms.actions import FormActions
from screens.moment.forms.form_list import FormList
from screens.moment.keys import KEYS, MOMENT_ACTIONS, is_offered
from screens.moment.manage.events_heading import EXPLAIN, EXPLAIN_TEXT
from screens.moment.manage.glance import WIDE_SCREEN
from screens.moment.manage.information_panel import ABOUT_ACTIVE, ABOUT_MOBILE, SWITCH
from screens.moment.manage.tab import END, ManageTab
from screens.moment.messages.tab import MessagesTab
from screens.moment.messages.waiting_list import WaitingMessages
from screens.moment.modules.module_list import ModuleList
from screens.moment.navigation import Navigation
from screens.moment.page_exit import PageExit
from screens.moment.plans.actions import PlanActions
from screens.moment.plans.plan_list import PlanList
from screens.moment.reader import MomentReader
from screens.moment.tab_switcher import LaterTab, TabSwitcher
from screens.moment.time_counter import TimeCounter
from screens.moment.timeline.tab import TimelineTab
from screens.moment.timeline.timeline_list import TimelineList
from screens.moment.trail import back, kept_of, trail_of
from screens.moment_opener import ShowsMoment
from screens.queue.position import WALK_ACTIONS, WALK_KEYS, QueuePosition
from screens.queue.walk import Walk
from screens.refusals import attempt
from screens.resident.beside import Beside
from screens.safe_app import safe_app
from screens.shown_keys import keyed
from screens.store_client import StoreClient
from screens.type_ahead import release_keys
from screens.undo import undo_last
from screens.undo_key import UNDO_KEY
from screens.widgets.key_bar import KeyBar
from screens.widgets.mark import Mark
from screens.widgets.page import Page
from screens.widgets.tab_strip import TabStrip
from screens.widgets.title_bar import TitleBar
from screens.workers import InTurn
from store.care.conversations import mark_conversation_read, mark_conversation_unread
from store.care.modules import hide_module, open_module, show_module
from store.care.time_spent import add_time
from store.foundation.clock import local_day


class MomentScreen(Page[str | None], FollowsChanges, HidesNumbers, HoldsUnsaved, KeepsDrafts, ShowsMoment):
    """One moment: *Hantera* and the other tabs, and the dialogs that change it.

    Its parts do the work; the page gives each of them what is asked for by keys and by the lists on the tabs. Its
    result is a sentence to be said where the person comes back to, or None.
    """

    AUTO_FOCUS = ""
    BLANK = True  # all that is seen are its parts: its own lines needn't be made one by one
    PATIENCE: ClassVar[float] = 0.2
    """Seconds for which the first frame waits for what it shows."""
    BINDINGS: ClassVar[list[BindingType]] = [*WALK_KEYS, *KEYS, UNDO_KEY]
    DEFAULT_CSS = """
    MomentScreen .tab { height: 1fr; border-top: solid $rule; }
    """

    def __init__(
        self, client: StoreClient, moment_id: int, origin: str, *, walk: Walk | None = None, answers: bool = False
    ) -> None:
        """Show a moment.

        Args:
            client: the way to the store.
            moment_id: the moment.
            origin: where the page was opened from, as the way back names it.
            walk: the walk through the queue that the page is a part of, if it is.
            answers: whether it is opened to answer: at what waits in *Meddelanden*.
        """
        super().__init__()
        self._answers = answers
        self.client = client
        self.origin = origin
        self._hide_numbers = False
        self._opened = asyncio.Event()
        self.reader = reader = MomentReader(client, moment_id, self.show_state, self._shows_glance)
        self._rereading = InTurn(self, "read", reader.turn, reader.read_in_turn)
        self.exit = exit = PageExit(self, reader, self.keep_drafts)
        self.position = position = QueuePosition(self, client, walk, may_close=exit.may_close)
        self.switcher = switcher = TabSwitcher(self, self._make_tab)
        self.time = TimeCounter(
            self,
            client,
            lambda: reader.moment_id,
            may_count=lambda: reader.allowed(add_time),
            under=(DocumentScreen, ModalScreen, ShowsResidentsSide),
            saved=self._rereading.ask,
        )
        self.beside = Beside(self, client)
        self.navigation = Navigation(self, reader, switcher, position)
        self.actions = MomentActions(self, reader, exit=exit, time=self.time, turn_to=self.turn_to)
        self.forms = FormActions(self, reader)
        self.plans = PlanActions(self, reader, shown=lambda: switcher.flags, position=position)
        self.flags = FlagActions(
            self, reader, reread=switcher.reread_flags, position=position, exit=exit, plans=self.plans
        )

    def compose(self) -> ComposeResult:
        """Lay out the frame with the first tab; the others come when they are opened."""
        yield TitleBar(trail=(back(self.origin),), practice=self.client.practice)
        yield from self.position.compose()
        yield TabStrip(tabs.items(), active=tabs.MANAGE)
        yield ManageTab(id=tabs.MANAGE)
        yield KeyBar()

    def _make_tab(self, tab: str) -> LaterTab:
        if tab == tabs.TIMELINE:
            return TimelineTab(self.client, self.reader.moment_id, id=tab, whom=lambda: self.reader.whom)
        if tab == tabs.MESSAGES:
            made = MessagesTab(
                self.reader,
                works_for_colleague=self.position.works_for_colleague,
                leads_on=self.position.answered,
                id=tab,
            )
            made.show_allowed(self.reader.allowed)
            return made
        flags = FlagsTab(self.client, self.reader.moment_id, id=tab)
        flags.show_allowed(self.reader.allowed)
        return flags

    # Reading

    async def on_mount(self) -> None:
        """Open the moment. What is read soon is there in the first frame: it is laid out and painted once."""
        self.time.start()
        self._hide_numbers = safe_app(self.app).hide_numbers
        self.position.show()
        self._open()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._opened.wait(), self.PATIENCE)

    @work(group="read")
    async def _open(self) -> None:
        await self.reader.read()
        self.set_focus(self.switcher.manage.first, scroll_visible=False)
        walk = self.position.walk
        if walk is not None and self.reader.page is not None and not self.reader.is_gone:
            await self.navigation.show_matter(walk.current, is_chosen=walk.is_chosen)
        elif self._answers and self.reader.page is not None and not self.reader.is_gone:
            await self.navigation.show_waiting_message(self.reader.page)
        self._opened.set()
        self.call_after_refresh(release_keys, self.app)

    async def changed(self) -> None:
        """Read the page again: something on the unit has changed, or the database is gone, or back.

        Returns at once. What was done on this very page is no news.
        """
        self._rereading.ask()
        for tab in self.switcher.later:
            await tab.changed()
        self.position.look()

    async def turn_to(self, moment_id: int) -> None:
        """Show another moment in this one's place."""
        await self.keep_drafts()
        self.beside.leave()
        await self.reader.turn_to(moment_id, self.switcher.start_over)
        self.set_focus(self.switcher.manage.first, scroll_visible=False)

    # Showing

    async def masking_changed(self, hidden: bool) -> None:
        """Hide the personnummer, or show them again."""
        self._hide_numbers = hidden
        self.show_state()

    def show_state(self) -> None:
        """Show the moment as it was read last, unless the page is being closed."""
        reader = self.reader
        if not self.is_attached or not self.query(TitleBar):
            return
        self._show_frame()
        if reader.is_gone:
            self.switcher.manage.empty()
        elif reader.state is not None:
            self.switcher.manage.show(reader.state, reader.allowed, self.client.clock())
        for tab in self.switcher.later:
            tab.show_allowed(reader.allowed)
        self.keep_focus()
        self.refresh_bindings()

    def _show_frame(self) -> None:
        title, strip, reader = self.query_one(TitleBar), self.query_one(TabStrip), self.reader
        actor, today = self.client.actor, local_day(self.client.clock())
        title.today, title.person = today, actor.name if actor else ""
        if reader.is_gone:
            title.trail, strip.items = (back(self.origin),), tabs.items()
        elif reader.page is not None:
            title.kept = kept_of(reader.page)
            title.trail = trail_of(reader.page, self.origin, today, hide_numbers=self._hide_numbers)
            strip.items = tabs.items_of(reader.page)
        say_under(self, strip, reader.trouble or reader.news, is_trouble=bool(reader.trouble))

    # Closing

    @property
    def moment_shown(self) -> int:
        """The moment."""
        return self.reader.moment_id

    @property
    def is_typed_in(self) -> bool:
        """Whether something stands written on the resident's side that is not sent."""
        return self.beside.has_unsent

    async def keep_drafts(self) -> bool:
        """Save what is written and the time: the page may be closed. Returns whether what is written outlives it."""
        await self.time.save_at_closing()
        messages = self.switcher.messages
        return messages is None or await messages.drafts.keep()

    def on_resize(self) -> None:
        """Keep beside the page what there is room for, and read what there is room for now."""
        self.beside.fit()
        state = self.reader.state
        if state is not None and state.glance is None and self._shows_glance():
            self._rereading.ask()

    def _shows_glance(self) -> bool:
        """Return whether there is room for the resident at a glance."""
        return self.app.size.width >= WIDE_SCREEN

    def on_screen_suspend(self) -> None:
        """Count time until something lies over the page, as the lock does, and save what is written."""
        self.time.count()
        if self.switcher.messages is not None:
            self.switcher.messages.drafts.save_now()

    def on_screen_resume(self, event: ScreenResume) -> None:  # noqa: ARG002
        """Close with the page that lay over this one where that was closed for the next matter."""
        self.position.resume()

    async def action_back(self) -> None:
        """Go back to where the page was opened from."""
        if self.beside.may_close():
            await self.exit.close()

    @on(TitleBar.Back)
    async def _back_clicked(self) -> None:
        await self.action_back()

    # Keys

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what the person may do with the moment as it is now."""
        if action in WALK_ACTIONS:
            return self.position.offers(action, parameters)
        if action == "undo":
            return self.client.has_acted
        if action == "beside" and not self.client.practice:
            return False
        if action == "other_side":
            return self.beside.is_shown
        if action in MOMENT_ACTIONS:
            is_on_tab = action != "correct_time" or self.switcher.active == tabs.MANAGE  # where the time stands
            return is_on_tab and is_offered(action, self.reader.allowed)
        return super().check_action(action, parameters)

    @work(exclusive=True, group="dialog")
    async def action_undo(self) -> None:
        """Undo the last that the person did here, or a message that was sent just now."""
        if await undo_last(self.app, self.client, self.reader.moment_id, self.reader.do, here=self.reader.whom):
            await self.changed()
            if self.switcher.active == tabs.MESSAGES and (messages := self.switcher.messages) is not None:
                await messages.show_taken_back()

    def action_next_matter(self) -> None:
        """Go to the next matter of the queue."""
        self.position.advance()

    def action_handle_matter(self) -> None:
        """Handle the matter's flag."""
        self.position.handle()

    def action_claim(self, _what: str) -> None:
        """Claim the flag of the matter, or release the own claim, or take over a colleague's."""
        self.position.claim()

    def action_set_matter_aside(self) -> None:
        """Set the matter aside."""
        self.position.set_aside()

    async def action_tab(self, tab: str) -> None:
        """Open a tab."""
        await self.switcher.turn_to(tab)

    def action_journal(self) -> None:
        """Show the text for the record system."""
        self.navigation.open_journal()

    def action_safety_plan(self) -> None:
        """Show the säkerhetsplan."""
        self.navigation.open_safety_plan()

    def action_graph(self) -> None:
        """Show the graph."""
        self.navigation.open_graph()

    def action_residents_side(self) -> None:
        """Show what the resident sees."""
        self.navigation.open_residents_side()

    def action_beside(self) -> None:
        """Be the resident beside, or close that."""
        page = self.reader.page
        if page is not None:
            self.beside.toggle(self.reader.moment_id, "" if page.protection else page.personnummer)

    def action_other_side(self) -> None:
        """Give the focus to the resident's side, or back to this page."""
        self.beside.turn()

    def action_diary(self) -> None:
        """Show the diary."""
        self.navigation.open_diary()

    def action_contact(self) -> None:
        """Show the program's contact person."""
        self.actions.show_contact()

    @work(exclusive=True, group="dialog")
    async def action_switch(self) -> None:
        """Choose another clinician."""
        await self.actions.switch()

    @work(exclusive=True, group="dialog")
    async def action_end(self) -> None:
        """End the moment."""
        await self.actions.end()

    @work(exclusive=True, group="dialog")
    async def action_maintain(self) -> None:
        """Put the moment in maintenance."""
        await self.actions.maintain()

    @work(exclusive=True, group="dialog")
    async def action_resume(self) -> None:
        """Take the moment back from maintenance."""
        await self.actions.resume()

    @work(exclusive=True, group="dialog")
    async def action_hand_over(self) -> None:
        """Offer the moment to another unit."""
        await self.actions.hand_over()

    @work(exclusive=True, group="dialog")
    async def action_withdraw(self) -> None:
        """Take the offer to another unit back."""
        await self.actions.withdraw()

    @work(exclusive=True, group="dialog")
    async def action_request(self) -> None:
        """Ask the resident for a form."""
        await self.forms.request()

    @work(exclusive=True, group="dialog")
    async def action_note_contact(self) -> None:
        """Note a contact that was made."""
        await self.actions.note_contact()

    @work(exclusive=True, group="dialog")
    async def action_correct_time(self) -> None:
        """Put one's own time of a week right."""
        await self.actions.correct_time()

    # What the tabs ask for

    async def show_conversation(self, conversation: int) -> None:
        """Open the tab *Meddelanden* at a conversation, as soon as the page is open."""
        await self._opened.wait()
        await self.navigation.show_conversation(conversation)

    @on(TabStrip.Chosen)
    async def _tab_chosen(self, event: TabStrip.Chosen) -> None:
        event.stop()
        await self.switcher.turn_to(event.tab_id)

    @on(Mark.Pressed)
    def _mark_pressed(self, event: Mark.Pressed) -> None:
        event.stop()
        if event.mark.id == SWITCH:
            self.action_switch()
        elif event.mark.id == END:
            self.action_end()
        elif event.mark.id in _EXPLANATIONS:
            title, text = _EXPLANATIONS[event.mark.id]
            self.app.push_screen(InfoDialog(title, keyed(text), whom=self.reader.whom))

    @on(ModuleList.HideAsked)
    @work(group="module")
    async def _hide_asked(self, event: ModuleList.HideAsked) -> None:
        operation = hide_module if event.hide else show_module
        await attempt(self.app, self.reader.do(operation, self.reader.moment_id, event.part), whom=self.reader.whom)

    @on(ModuleList.OpenAsked)
    @work(group="module")
    async def _open_asked(self, event: ModuleList.OpenAsked) -> None:
        if await attempt(
            self.app, self.reader.do(open_module, self.reader.moment_id, event.module), whom=self.reader.whom
        ):
            self.switcher.manage.modules.move_to_module(event.module)

    @on(FormList.OpenAsked)
    def _form_asked(self, event: FormList.OpenAsked) -> None:
        if event.row.is_diary:
            self.navigation.open_diary()
        elif event.row.answer is not None:
            self.navigation.open_form(event.row.answer)

    @on(FormList.ReadAsked)
    @work(group="form")
    async def _read_asked(self, event: FormList.ReadAsked) -> None:
        await self.forms.mark(event.answers, as_read=event.read)

    @on(WaitingMessages.OpenAsked)
    async def _conversation_asked(self, event: WaitingMessages.OpenAsked) -> None:
        await self.navigation.show_conversation(event.conversation)

    @on(WaitingMessages.MarkAsked)
    @work(group="form")
    async def _mark_asked(self, event: WaitingMessages.MarkAsked) -> None:
        operation = mark_conversation_read if event.read else mark_conversation_unread
        await attempt(
            self.app, self.reader.do(operation, self.reader.moment_id, event.conversation), whom=self.reader.whom
        )

    @on(TimelineList.OpenAsked)
    async def _source_asked(self, event: TimelineList.OpenAsked) -> None:
        await self.navigation.open_event_source(event.source)

    @on(FlagList.OpenAsked)
    async def _flag_asked(self, event: FlagList.OpenAsked) -> None:
        event.stop()
        await self.navigation.open_flag_source(event.flag)

    @on(FlagList.HandleAsked)
    @work(exclusive=True, group="dialog")
    async def _handle_asked(self, event: FlagList.HandleAsked) -> None:
        await self.flags.handle(event.flag)

    @on(FlagList.ClaimAsked)
    @work(exclusive=True, group="dialog")
    async def _claim_asked(self, event: FlagList.ClaimAsked) -> None:
        await self.flags.claim(event.flag)

    @on(FlagsTab.NewFlagAsked)
    @work(exclusive=True, group="dialog")
    async def _new_flag_asked(self) -> None:
        await self.flags.raise_by_hand()

    @on(FlagsTab.WeekAsked)
    def _week_asked(self) -> None:
        self.navigation.open_week()

    @on(FlagsTab.NewPlanAsked)
    @work(exclusive=True, group="dialog")
    async def _new_plan_asked(self) -> None:
        await self.plans.make()

    @on(PlanList.ChangeAsked)
    @work(exclusive=True, group="dialog")
    async def _change_asked(self, event: PlanList.ChangeAsked) -> None:
        await self.plans.change(event.plan)

    @on(PlanList.FollowUpAsked)
    @work(exclusive=True, group="dialog")
    async def _follow_up_asked(self, event: PlanList.FollowUpAsked) -> None:
        await self.plans.follow_up(event.plan.id, event.plan.title)

    @on(PlanList.EndAsked)
    @work(exclusive=True, group="dialog")
    async def _end_asked(self, event: PlanList.EndAsked) -> None:
        await self.plans.end(event.plan)


_EXPLANATIONS = {
    ABOUT_ACTIVE: ("Senast aktiv", texts.LAST_ACTIVE),
    ABOUT_MOBILE: ("Invånarens mobilnummer", texts.MOBILE),
    EXPLAIN: (EXPLAIN_TEXT, texts.HANDLING),
}
"""Title and text of what an `ⓘ` or a link explains."""
