"""The resident's conversations: a list, and a page for each to read and write in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button as AnyButton
from textual.widgets import Static
from textual.widgets import TextArea as AnyTextArea
from textual.widgets.option_list import Option

from screens.dialogs.controls import Button, Field, TextArea, TextInput
from screens.resident.side import Conversations, Side
from screens.resident.side_screen import SideScreen
from screens.resident.texts import KEPT, WRITTEN
from screens.store_client import lost_sentence
from screens.widgets.cells import clean
from screens.widgets.drawn_text import DrawnText
from screens.widgets.option_list import OptionList
from screens.wording import list_time, plural
from store.care.conversations import Sender
from store.care.messages import HEADING, WRITABLE_BY_RESIDENT
from store.foundation.clock import Instant
from store.foundation.errors import DomainError, StoreUnreachable
from store.views.conversations import MessageLine
from store.views.residents_page import Part, ResidentsPage

NONE_YET = "Inga meddelanden än."
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


class MessagesSide(SideScreen):
    """A page of the messages. What has come is read by the resident once it is shown; nobody else marks it."""

    def __init__(self, side: Side, origin: str, *, fresh: frozenset[int] = frozenset()) -> None:
        """`fresh` are the messages that were new when the messages were opened."""
        super().__init__(side, origin)
        self.page: ResidentsPage | None = None
        self.conversations: Conversations = []
        self.fresh = fresh

    async def read(self) -> None:
        """Read the messages; the first time they are opened."""
        if self.page is None:
            await self.side.open(Part.MESSAGES)
        self.page = await self.side.page()
        self.conversations = await self.side.messages()
        unread = {one.id for _, messages in self.conversations for one in messages if _is_unread(one)}
        self.fresh |= unread
        if unread and not self.side.only_looks:
            await self.side.note_read()

    def next_at(self) -> int | None:
        """Return when a message comes that is on its way."""
        return self.page.next_at if self.page else None

    @property
    def why_not_write(self) -> str:
        """Why nothing can be written."""
        if self.page is None or self.side.only_looks:
            return ""
        return WRITABLE_BY_RESIDENT.why_not(self.page.status, is_offered=False)

    @property
    def may_write(self) -> bool:
        """Whether something can be written."""
        return self.page is not None and not self.side.only_looks and not self.why_not_write


class ConversationsScreen(MessagesSide):
    """The list of conversations."""

    ABOUT = "Dina meddelanden till och från behandlaren. {resident.read} öppnar ett, {resident.write} börjar ett nytt."
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "begin", "Skriv\xa0nytt", id="resident.write", tooltip="Skriv till din behandlare om något nytt."),
    ]

    @property
    def heading(self) -> tuple[str, ...]:
        """What the page is called."""
        return ("Meddelanden",)

    def body(self) -> Iterable[Widget]:
        """Return the list."""
        yield Static(id="about", classes="words side", markup=False)
        yield ConversationList(id="side", classes="side")

    def show(self) -> None:
        """Show the conversations; the cursor stays."""
        found = self.query_one(ConversationList)
        here = found.highlighted
        found.clear_options()
        found.add_options(Option(line) for line in self._lines())
        if self.conversations:
            found.highlighted = min(here or 0, len(self.conversations) - 1)
        self.query_one("#about", Static).update(Content(self.why_not_write or self._about))

    @property
    def _about(self) -> str:
        return "" if self.conversations else NONE_YET

    def _lines(self) -> Iterator[Content]:
        for row, messages in self.conversations:
            new = sum(one.id in self.fresh for one in messages)
            said = f" · {plural(new, 'nytt', 'nya')}" if new else ""
            yield Content(f"{'●' if new else ' '} {clean(row.heading)} – {list_time(Instant(row.latest_at))}{said}")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to write where that can be done."""
        if action == "begin":
            return self.may_write
        return super().check_action(action, parameters)

    @on(OptionList.OptionSelected)
    def _selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self._open(self.conversations[event.option_index][0].id)

    def action_begin(self) -> None:
        """Begin a conversation."""
        self._open(None)

    def _open(self, conversation: int | None) -> None:
        opened = ThreadScreen(self.side, "Meddelanden", conversation, fresh=self.fresh)
        self.app.push_screen(opened, self.come_back)


class ThreadScreen(MessagesSide):
    """A conversation with a box to write in; without one, a new one is begun."""

    ABOUT = "Läs här och skriv ditt svar i rutan. Det skickas först när du trycker på Skicka."
    BINDINGS: ClassVar[list[BindingType]] = [
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
        super().__init__(side, origin, fresh=fresh)
        self._conversation = conversation
        self._text = DrawnText()
        self._is_sending = False

    @property
    def heading(self) -> tuple[str, ...]:
        """The conversation's heading."""
        found = [row.heading for row, _ in self.conversations if row.id == self._conversation]
        return (found[0] if found else NEW_CONVERSATION,)

    def body(self) -> Iterable[Widget]:
        """Return what is written, and the box."""
        yield VerticalScroll(self._text, id="side", classes="side")
        with_heading = (Field("rubrik", "Rubrik", TextInput(id="heading", placeholder=HEADING)),)
        unsent = self.side.unsent.get(self._conversation, "")
        yield Vertical(
            *(with_heading if self._conversation is None else ()),
            Field("meddelande", "", TextArea(unsent, id="message", placeholder="Skriv här")),
            Button("Skicka", id="send", variant="primary"),
            id="composer",
            classes="side",
        )

    def show(self) -> None:
        """Show the messages, the newest last and in sight."""
        messages = next((found for row, found in self.conversations if row.id == self._conversation), [])
        self._text.show(partial(draw_messages, messages, self.fresh))
        self.query_one("#side").display = self._conversation is not None
        composer = self.query_one("#composer")
        is_first = not composer.has_class("-shown")
        composer.set_class(self.may_write, "-shown")
        self.say_state(self.why_not_write)
        if is_first and self.may_write:
            self.set_focus(self.query_one("#heading" if self._conversation is None else "#message"))
        self.call_after_refresh(self.query_one("#side", VerticalScroll).scroll_end, animate=False)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to send where that can be done."""
        if action == "send":
            return self.may_write
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
        if not self._is_sending:
            self._is_sending = True
            self._send()

    @work(group="send")
    async def _send(self) -> None:
        text = self.query_one("#message", TextArea).text
        headings = self.query("#heading").results(TextInput)
        heading = next((one.value for one in headings), "") or HEADING
        try:
            await self.side.write(text, self._conversation, heading)
        except StoreUnreachable as lost:
            self._show_fault("meddelande", lost_sentence(lost, typed=True))
        except DomainError as refusal:
            self._show_fault(refusal.field or "", refusal.message)
        else:
            self.side.unsent.pop(self._conversation, None)
            self.notify(WRITTEN)
            self.dismiss(None)
        finally:
            self._is_sending = False

    def _show_fault(self, name: str, sentence: str) -> None:
        found = self.query(f"#field-{name}").results(Field) if name else ()
        field = next(iter(found), self.query_one("#field-meddelande", Field))
        field.show_fault(sentence)
        self.set_focus(field.control)

    def action_back(self) -> None:
        """Go back; what is written is kept, and that is said."""
        if self.side.unsent.get(self._conversation, "").strip():
            self.notify(KEPT)
        super().action_back()


def _is_unread(message: MessageLine) -> bool:
    return message.sender is Sender.CLINICIAN and message.read_at is None


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
