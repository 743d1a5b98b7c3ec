"""What waits for the one who works, counted in the background: the tab's number, and word of what is urgent."""

from __future__ import annotations

from collections.abc import Mapping
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
        self.taken = count.taken
        """Those of them that somebody is on, and until when."""
        self.again = count.again
        """Those of them whose resident is to be tried again, and when."""
        self.lost_stand_ins = count.lost_stand_ins
        """What is to be said of the person's own ställföreträdare who fell away."""


class UrgentFlags:
    """Which priority flags are new since the last look, which nobody is on any longer, and which are due again."""

    def __init__(self, known: frozenset[int] = frozenset()) -> None:
        """Know the flags that were there when the work began: those are no news."""
        self._known = known
        self._taken: Mapping[int, int] = {}
        self._again: Mapping[int, int] = {}
        """Those whose next attempt is still to come, and when."""
        self._told: frozenset[tuple[int, int]] = frozenset()
        """Those whose next attempt was due at a look before this, each with when."""

    def news(self, urgent: frozenset[int]) -> int:
        """Return how many flags were not known before, and remember them."""
        new = urgent - self._known
        self._known = urgent | self._known
        return len(new)

    def loosened(self, urgent: frozenset[int], taken: Mapping[int, int], *, given_up: set[int]) -> int:
        """Return how many flags somebody was on that still wait and nobody is on now, and remember who is on which.

        Those that the person has `given_up` are no news.
        """
        loose = (self._taken.keys() & urgent) - taken.keys() - given_up
        self._taken = taken
        return len(loose)

    def due(self, again: Mapping[int, int], now: int) -> int:
        """Return for how many flags the time of the next attempt has come since the last look.

        Those that were due when the work began are news too: who is at work now has not been told.
        """
        due = frozenset((flag, at) for flag, at in again.items() if at <= now)
        new = due - self._told
        self._again, self._told = {flag: at for flag, at in again.items() if at > now}, due
        return len(new)

    def next_end(self) -> int | None:
        """Return when the first of those that somebody is on is let go, or a next attempt is due; UTC milliseconds."""
        return min((*self._taken.values(), *self._again.values()), default=None)


def urgent_words(number: int, *, on_top: bool) -> str:
    """Return the notification of new priority flags: it names nobody, and says how to reach the queue."""
    what = "Ny prioriterad flagga på enheten." if number == 1 else f"{number} nya prioriterade flaggor på enheten."
    return f"▲ {what} {_way(on_top=on_top)}"


def loose_words(number: int, *, on_top: bool) -> str:
    """Return the notification of priority flags that nobody is on any longer; as `urgent_words`."""
    what = (
        "Ingen tar längre en prioriterad flagga som väntar."
        if number == 1
        else f"Ingen tar längre {number} prioriterade flaggor som väntar."
    )
    return f"▲ {what} {_way(on_top=on_top)}"


def due_words(number: int, *, on_top: bool) -> str:
    """Return the notification that residents who were not reached are to be tried again; as `urgent_words`."""
    what = "en prioriterad flagga" if number == 1 else f"{number} prioriterade flaggor"
    return f"▲ Dags för nästa försök med {what} på enheten. {_way(on_top=on_top)}"


def _way(*, on_top: bool) -> str:
    return keyed("Tryck {main.todo.1} för att öppna Att göra.") if on_top else "Se Att göra."


async def count_queue(client: StoreClient) -> QueueCounted:
    """Read one's own queue; nothing of it is shown, so nothing is logged.

    Raises:
        DomainError: what the store refuses.
    """
    todo = await client.load("store.views.todo")
    return QueueCounted(await client.read(todo.count_todo))
