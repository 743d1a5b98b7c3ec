"""The resident's conversations: a list, and a page for each to read and write in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import ClassVar, final

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Button as AnyButton
from textual.widgets import Static
from textual.widgets import TextArea as AnyTextArea
from textual.widgets.option_list import Option

from screens.contracts import ShowsResidentsSide
from screens.dialogs.controls import Button, Field, TextArea, TextInput
from screens.resident.own_messages import OwnMessages
from screens.resident.sending import Sending
from screens.resident.side import Side
from screens.resident.side_frame import BACK, SideFrame
from screens.resident.texts import WRITTEN
from screens.type_ahead import hold_keys
from screens.widgets.cells import clean
from screens.widgets.drawn_text import DrawnText
from screens.widgets.option_list import OptionList
from screens.widgets.page import Page
from screens.wording import list_time, plural
from store.care.messages import HEADING
from store.foundation.clock import Instant
from store.views.conversations import MessageLine

NONE_YET = "Inga meddelanden än."
MESSAGES = "Meddelanden"
NEW_CONVERSATION = "Ny konversation"


class ConversationList(OptionList):
    """The conversations, a line each."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "select", "Läs", id="resident.read", tooltip="Öppna konversationen."),
    ]
    DEFAULT_CSS = """
    ConversationList, ConversationList:focus {
        height: 1fr; border: none; padding: 0; background: $background; background-tint: transparent;
    }
    ConversationList > .option-list--option { padding: 0 1; }
    """

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to open what there is."""
        return bool(self.option_count) if action == "select" else super().check_action(action, parameters)


@final
class ConversationsScreen(Page[None], ShowsResidentsSide):
    """The list of conversations."""

    BLANK = True
    about = "Dina meddelanden till och från behandlaren. {resident.read} öppnar ett, {resident.write} börjar ett nytt."
    BINDINGS: ClassVar[list[BindingType]] = [
        BACK,
        Binding("n", "begin", "Skriv\xa0nytt", id="resident.write", tooltip="Skriv till din behandlare om något nytt."),
    ]

    def __init__(self, side: Side, origin: str) -> None:
        """Show nothing yet."""
        super().__init__()
        self.side = side
        self._own = OwnMessages(side)
        self.frame = SideFrame(
            self,
            side,
            origin,
            heading=lambda: MESSAGES,
            read=self._own.read,
            show=self._show,
            next_at=lambda: self._own.next_at,
        )

    def compose(self) -> ComposeResult:
        """Lay out the page in its frame."""
        about = Static(id="about", classes="words side", markup=False)
        yield self.frame.around(about, ConversationList(id="side", classes="side"))

    def _show(self) -> None:
        """Show the conversations; the cursor stays."""
        found = self.query_one(ConversationList)
        here = found.highlighted
        found.clear_options()
        found.add_options(Option(line) for line in self._lines())
        if self._own.conversations:
            found.highlighted = min(here or 0, len(self._own.conversations) - 1)
        self.query_one("#about", Static).update(Content(self._own.why_not_write or self._about))

    @property
    def _about(self) -> str:
        return "" if self._own.conversations else NONE_YET

    def _lines(self) -> Iterator[Content]:
        for row, messages in self._own.conversations:
            new = sum(one.id in self._own.fresh for one in messages)
            said = f" · {plural(new, 'nytt', 'nya')}" if new else ""
            yield Content(f"{'●' if new else ' '} {clean(row.heading)} – {list_time(Instant(row.latest_at))}{said}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to write where that can be done."""
        if action == "begin":
            return self._own.may_write
        return super().check_action(action, parameters)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._open(self._own.conversations[event.option_index][0].id)

    def action_begin(self) -> None:
        """Begin a conversation."""
        self._open(None)

    async def changed(self) -> None:
        """Read the page again: something has changed, or the database is gone, or back."""
        self.frame.reread()

    def action_back(self) -> None:
        """Go back to where the page was opened from."""
        self.frame.leave()

    def _open(self, conversation: int | None) -> None:
        opened = ThreadScreen(self.side, MESSAGES, conversation, fresh=self._own.fresh)
        hold_keys(self.app)
        self.app.push_screen(opened, self.frame.come_back)


@final
class ThreadScreen(Page[None], ShowsResidentsSide):
    """A conversation with a box to write in; without one, a new one is begun."""

    BLANK = True
    about = "Läs här och skriv ditt svar i rutan. Det skickas först när du trycker på Skicka."
    BINDINGS: ClassVar[list[BindingType]] = [
        BACK,
        Binding("ctrl+s", "send", "Skicka", id="resident.send", tooltip="Skicka meddelandet till din behandlare."),
    ]
    DEFAULT_CSS = """
    ThreadScreen DrawnText { padding: 0 1; }
    ThreadScreen #composer { height: auto; padding: 0 1; display: none; }
    ThreadScreen #composer.-shown { display: block; }
    ThreadScreen #composer TextArea { height: 5; }
    """

    def __init__(self, side: Side, origin: str, conversation: int | None, *, fresh: frozenset[int]) -> None:
        """Show a conversation by its id."""
        super().__init__()
        self.side = side
        self._own = OwnMessages(side, fresh=fresh)
        self.frame = SideFrame(
            self,
            side,
            origin,
            heading=self._heading,
            read=self._own.read,
            show=self._show,
            next_at=lambda: self._own.next_at,
            is_written=lambda: bool(side.unsent.get(conversation, "").strip()),
        )
        self._sending = Sending(self, self._send, self._show_fault)
        self._conversation = conversation
        self._text = DrawnText()

    def _heading(self) -> str:
        found = [row.heading for row, _ in self._own.conversations if row.id == self._conversation]
        return found[0] if found else NEW_CONVERSATION

    def compose(self) -> ComposeResult:
        """Lay out what is written, and the box, in the frame."""
        with_heading = (Field("rubrik", "Rubrik", TextInput(id="heading", placeholder=HEADING)),)
        unsent = self.side.unsent.get(self._conversation, "")
        composer = Vertical(
            *(with_heading if self._conversation is None else ()),
            Field("meddelande", "", TextArea(unsent, id="message", placeholder="Skriv här")),
            Button("Skicka", id="send", variant="primary"),
            id="composer",
            classes="side",
        )
        yield self.frame.around(VerticalScroll(self._text, id="side", classes="side"), composer)

    def _show(self) -> None:
        """Show the messages, the newest last and in sight."""
        messages = next((found for row, found in self._own.conversations if row.id == self._conversation), [])
        self._text.show(partial(draw_messages, messages, self._own.fresh))
        self.query_one("#side").display = self._conversation is not None
        composer = self.query_one("#composer")
        is_first = not composer.has_class("-shown")
        composer.set_class(self._own.may_write, "-shown")
        self.frame.say_state(self._own.why_not_write)
        if is_first and self._own.may_write:
            self.set_focus(self.query_one("#heading" if self._conversation is None else "#message"))
        self.call_after_refresh(self.query_one("#side", VerticalScroll).scroll_end, animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to send where that can be done."""
        if action == "send":
            return self._own.may_write
        return super().check_action(action, parameters)

    @on(AnyTextArea.Changed)
    def _typed(self, event: AnyTextArea.Changed) -> None:
        self.side.unsent[self._conversation] = event.text_area.text
        self.query_one("#field-meddelande", Field).show_fault("")

    @on(AnyButton.Pressed, "#send")
    def _pressed(self) -> None:
        self.action_send()

    def action_send(self) -> None:
        """Send what is written; a press while that is under way does nothing."""
        self._sending.begin()

    async def _send(self) -> None:
        text = self.query_one("#message", TextArea).text
        headings = self.query("#heading").results(TextInput)
        heading = next((one.value for one in headings), "") or HEADING
        await self.side.write(text, self._conversation, heading)
        self.side.unsent.pop(self._conversation, None)
        self.notify(WRITTEN)
        self.dismiss(None)

    def _show_fault(self, name: str, sentence: str) -> None:
        found = self.query(f"#field-{name}").results(Field) if name else ()
        field = next(iter(found), self.query_one("#field-meddelande", Field))
        field.show_fault(sentence)
        self.set_focus(field.control)

    async def changed(self) -> None:
        """Read the page again: something has changed, or the database is gone, or back."""
        self.frame.reread()

    def action_back(self) -> None:
        """Go back to where the page was opened from."""
        self.frame.leave()


def draw_messages(messages: Iterable[MessageLine], fresh: frozenset[int], width: int) -> list[Content]:
    """Return a conversation's lines for a width: who wrote when, and under it what."""
    lines: list[Content] = []
    for one in messages:
        new = " · nytt" if one.id in fresh else ""
        lines.append(Content.styled(f"{clean(one.author)} {list_time(Instant(one.sent_at))}{new}", "bold"))
        for paragraph in one.text.split("\n"):
            lines += Content(clean(paragraph)).wrap(max(10, width))
        lines.append(Content(""))
    return lines
