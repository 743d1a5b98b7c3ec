"""*Meddelanden* under *HANTERA HÄNDELSER*: what the resident has written that waits to be read or answered."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from screens.widgets.cells import Ink
from screens.widgets.row import Row
from screens.widgets.row_list import RowList
from screens.wording import list_time
from store.foundation.clock import Instant
from store.views.moment import WaitingConversation

MESSAGES = "Meddelanden"
UNREAD = ("OLÄST MEDDELANDE", "OLÄSTA MEDDELANDEN")
UNANSWERED = "OBESVARAT"


@dataclass(frozen=True)
class WaitingLine(Row):
    """The row of a conversation that waits."""

    conversation: int = 0
    unread: int = 0


class WaitingMessages(RowList):
    """Conversations that wait. It changes nothing itself: it posts what is asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Öppna", id="messages.open", tooltip="Öppna konversationen."),
        Binding("m", "mark(True)", "Läst", id="messages.read", tooltip="Markera konversationen som läst."),
        Binding("M", "mark(False)", "Oläst\xa0igen", id="messages.unread", tooltip="Gör konversationen oläst igen."),
    ]

    class OpenAsked(Message):
        """A conversation is to be opened."""

        def __init__(self, conversation: int) -> None:
            super().__init__()
            self.conversation = conversation

    class MarkAsked(Message):
        """A conversation is to be marked as read, or as unread again."""

        def __init__(self, conversation: int, *, read: bool) -> None:
            super().__init__()
            self.conversation = conversation
            self.read = read

    def __init__(self) -> None:
        """Show nothing until there is a page."""
        super().__init__("waiting-messages")
        self._may_mark = False

    def show(self, waiting: Sequence[WaitingConversation], *, may_mark: bool) -> None:
        """Show a page's conversations; the cursor stays. Without any there is nothing of the list."""
        self._may_mark = may_mark
        self.display = bool(waiting)
        self.show_rows(waiting_rows(waiting))

    @property
    def row(self) -> WaitingLine | None:
        """The cursor's row."""
        row = super().row
        return row if isinstance(row, WaitingLine) else None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the cursor's conversation."""
        row = self.row
        if action == "open":
            return row is not None
        if action == "mark":
            return self._may_mark and row is not None and bool(row.unread) is parameters[0]
        return super().check_action(action, parameters)

    def action_open(self) -> None:
        """Post that the conversation is to be opened."""
        if self.row is not None:
            self.post_message(self.OpenAsked(self.row.conversation))

    def action_mark(self, read: bool) -> None:
        """Post that the conversation is to be marked."""
        if self.row is not None:
            self.post_message(self.MarkAsked(self.row.conversation, read=read))

    def clicked(self, row: Row) -> None:
        """Post that a clicked conversation is to be opened."""
        if isinstance(row, WaitingLine):
            self.post_message(self.OpenAsked(row.conversation))


def waiting_rows(waiting: Sequence[WaitingConversation]) -> tuple[Row, ...]:
    """Return the rows: first what is unread, then what is read and waits for an answer."""
    return (Row("", MESSAGES, is_heading=True), *_group(waiting)) if waiting else ()


def _group(waiting: Sequence[WaitingConversation]) -> Iterator[Row]:
    unread = [one for one in waiting if one.unread]
    answers = [one for one in waiting if not one.unread]
    if unread:
        number = sum(one.unread for one in unread)
        yield Row("", f"{number} {UNREAD[number != 1]}", tone="waiting", is_heading=True)
        yield from map(_line, unread)
    if answers:
        yield Row("", f"{len(answers)} {UNANSWERED}", tone="waiting", is_heading=True)
        yield from map(_line, answers)


def _line(one: WaitingConversation) -> WaitingLine:
    sent = Ink(f"Skickat: {list_time(Instant(one.at))}")
    return WaitingLine(f"konversation {one.id}", one.heading, state=(sent,), conversation=one.id, unread=one.unread)
