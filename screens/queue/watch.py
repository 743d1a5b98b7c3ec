"""What waits for the one who works, counted in the background: the tab's number, and word of what is urgent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from screens.shown_keys import keyed
from screens.store_client import StoreClient

if TYPE_CHECKING:
    from store.views.todo import QueueCount

QUEUE_TAB = "todo"


class QueueCounted(Message):
    """A queue was read: how many matters wait in it, and which priority flags."""

    def __init__(self, count: QueueCount) -> None:
        """Count the matters."""
        super().__init__()
        self.number = count.number
        self.urgent = count.urgent
        """The unhandled priority flags."""


class UrgentFlags:
    """Which priority flags are new since they were looked at last."""

    def __init__(self) -> None:
        """Know no flags: those that are there when the work begins are no news."""
        self._known: frozenset[int] | None = None

    def news(self, urgent: frozenset[int]) -> int:
        """Return how many flags were not known before, and remember them."""
        new = frozenset() if self._known is None else urgent - self._known
        self._known = urgent | (self._known or frozenset())
        return len(new)


def urgent_words(number: int, *, on_top: bool) -> str:
    """Return the notification of new priority flags: it names nobody, and says how to reach the queue."""
    what = "Ny prioriterad flagga på enheten." if number == 1 else f"{number} nya prioriterade flaggor på enheten."
    return f"▲ {what} " + (keyed("Tryck {main.todo.1} för att öppna Att göra.") if on_top else "Se Att göra.")


async def count_queue(client: StoreClient) -> QueueCounted:
    """Read one's own queue; nothing of it is shown, so nothing is logged.

    Raises:
        DomainError: what the store refuses.
    """
    todo = await client.load("store.views.todo")
    return QueueCounted(await client.read(todo.count_todo))
