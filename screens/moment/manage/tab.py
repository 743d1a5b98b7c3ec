"""The tab *Hantera*: the moment's facts, what waits, the modules, and last *Avsluta* (guide; domain.md §4)."""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import VerticalScroll

from screens.moment.available_actions import Allowed
from screens.moment.flags.flag_list import FlagList
from screens.moment.forms.form_list import FormList
from screens.moment.manage.events_heading import EventsHeading
from screens.moment.manage.information_panel import InformationPanel
from screens.moment.messages.waiting_list import WaitingMessages
from screens.moment.modules.module_list import ModuleList
from screens.moment.page_state import PageState
from screens.widgets.mark import Mark
from screens.widgets.row_list import RowList
from store.care.conversations import mark_conversation_read
from store.care.endings import end_moment
from store.care.form_answers import mark_answer_read
from store.care.modules import hide_module, open_module
from store.foundation.clock import Instant, local_day

END, END_LABEL = "end-moment", "  Avsluta  "


class EndMark(Mark):
    """The red button *Avsluta* (guide)."""

    DEFAULT_CSS = """
    EndMark { margin: 1 0 0 1; background: $error; color: $button-color-foreground; text-style: none; }
    EndMark:focus { background: $error; color: $button-color-foreground; text-style: bold underline; }
    """


class ManageTab(VerticalScroll, can_focus=False):
    """What is known and what waits. It changes nothing itself: marks, keys and the button post what is asked for."""

    DEFAULT_CSS = """
    ManageTab {
        scrollbar-size-vertical: 1; scrollbar-gutter: stable;
        & > Painted { padding: 0 1; }
        & > EventsHeading, & > ModuleList { margin: 1 0 0 0; max-width: 108; }
        & > FormList { max-width: 108; }
        & > FlagList, & > WaitingMessages { margin: 0 0 1 0; max-width: 108; }
    }
    """

    def __init__(self, id: str) -> None:
        """Show nothing until there is a page."""
        super().__init__(id=id, classes="tab")
        self.visible = False

    def compose(self) -> ComposeResult:
        """Lay out what will be filled."""
        yield InformationPanel()
        yield EventsHeading()
        yield FlagList("waiting-flags", waiting=True)
        yield WaitingMessages()
        yield FormList()
        yield ModuleList()
        yield EndMark(END_LABEL, id=END, about="Avsluta momentet. Det går inte att ångra.")

    @property
    def modules(self) -> ModuleList:
        """The modules."""
        return self.query_one(ModuleList)

    @property
    def forms(self) -> FormList:
        """The forms that wait."""
        return self.query_one(FormList)

    @property
    def messages(self) -> WaitingMessages:
        """The messages that wait."""
        return self.query_one(WaitingMessages)

    @property
    def flags(self) -> FlagList:
        """The flags that wait."""
        return self.query_one(FlagList)

    @property
    def first(self) -> RowList:
        """What gets the focus: what waits, from above; else the modules."""
        for waiting in (self.flags, self.messages):
            if waiting.can_be_entered:
                return waiting
        return self.forms if self.forms.waits else self.modules

    def show(self, state: PageState, allowed: Allowed, now: Instant) -> None:
        """Show what was read of a moment; cursor, folding and scroll stay."""
        page = state.page
        self.query_one(InformationPanel).show(state, now, allowed)
        self.flags.show(state.flags, now, may_handle=allowed.handles, actor=allowed.actor)
        self.flags.display = self.flags.can_be_entered
        self.messages.show(page.waiting_conversations, may_mark=allowed(mark_conversation_read))
        self.forms.show(page, may_mark=allowed(mark_answer_read))
        self.modules.show(page.modules, local_day(now), may_hide=allowed(hide_module), may_open=allowed(open_module))
        self.query_one(EndMark).display = allowed(end_moment)
        self.visible = True

    def start_over(self) -> None:
        """Make ready for another moment's page."""
        self.modules.start_over()
        self.forms.start_over()
        self.scroll_home(animate=False)

    def empty(self) -> None:
        """Show nothing: the moment may no longer be seen."""
        self.visible = False
