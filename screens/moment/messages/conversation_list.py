"""The list of conversations on the tab *Meddelanden*."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from screens.moment.messages.conversation_rows import ConversationLine
from screens.widgets.row import Row
from screens.widgets.row_list import RowList


class ConversationList(RowList):
    """The conversations, the one last written in first. It opens nothing itself."""

    FOCUSED_WHEN_EMPTY = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Öppna", id="messages.open", tooltip="Öppna konversationen. Det loggas."),
    ]

    class OpenAsked(Message):
        """A row is to be opened."""

        def __init__(self, row: ConversationLine) -> None:
            super().__init__()
            self.row = row

    def __init__(self) -> None:
        """Show nothing until there is a page."""
        super().__init__("conversations")

    @property
    def row(self) -> ConversationLine | None:
        """The cursor's row."""
        row = super().row
        return row if isinstance(row, ConversationLine) else None

    def next_unread(self) -> str | None:
        """Return the id of the next row after the cursor's with something unread, from the top again."""
        rows = [row for row in self._rows if isinstance(row, ConversationLine)]
        here = next((at for at, row in enumerate(rows) if row is self.row), -1)
        after = (*rows[here + 1 :], *rows[: here + 1])
        return next((row.id for row in after if row.unread), None)

    def first_unread(self) -> str | None:
        """Return the id of the first row with something unread."""
        return next((row.id for row in self._rows if isinstance(row, ConversationLine) and row.unread), None)

    def show_conversations(self, rows: tuple[ConversationLine, ...], empty: str) -> None:
        """Show the conversations; `empty` is said where there are none."""
        self.show_rows(rows or (Row("", empty, tone="muted"),))

    def start_over(self) -> None:
        """Show nothing: what was shown may not be seen any longer."""
        self._cursor = ""
        self.show_conversations((), "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to open the cursor's row."""
        if action == "open":
            return self.row is not None
        return super().check_action(action, parameters)

    def action_open(self) -> None:
        """Post that the cursor's row is to be opened."""
        if self.row is not None:
            self.post_message(self.OpenAsked(self.row))

    def clicked(self, row: Row) -> None:
        """Post that a clicked row is to be opened."""
        if isinstance(row, ConversationLine):
            self.post_message(self.OpenAsked(row))
