"""Where *Att göra* gets its rows: the queue, read whole, since nobody's is longer than can be worked through."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from screens.store_client import StoreClient
from screens.whole_source import WholeRow, WholeSource
from store.foundation.flag_kinds import MatterKind
from store.views.matters import Matter
from store.views.todo import open_todo, todo_again

MatterRow = WholeRow[Matter]


@dataclass(frozen=True)
class QueueFilter:
    """What of the queue is shown: one kind, or one resident (by id); None shows all."""

    kind: MatterKind | None = None
    resident: int | None = None

    def shows(self, matter: Matter) -> bool:
        """Whether a matter is shown."""
        return self.kind in (None, matter.kind) and self.resident in (None, matter.resident)


class QueueSource(WholeSource[Matter]):
    """A queue behind a filter. It is read in a thread; what was read is looked at from anywhere."""

    def __init__(self, client: StoreClient, of: str | None = None, only: QueueFilter | None = None) -> None:
        """Read the queue of `of` (HSA-id), one's own if not said; the first reading is logged as an opening."""
        self._client = client
        self.of = of
        self.only = only or QueueFilter()
        self.queue: tuple[Matter, ...] = ()
        """All that waits, as it was read last."""
        self._is_open = False

    def showing(self, only: QueueFilter) -> "QueueSource":
        """Return the same queue behind another filter, without opening it again in the log."""
        other = QueueSource(self._client, self.of, only)
        other.queue, other._is_open = self.queue, self._is_open
        return other

    @property
    def shown(self) -> tuple[Matter, ...]:
        """What the filter shows of the queue."""
        return tuple(matter for matter in self.queue if self.only.shows(matter))

    def matter(self, row_id: Hashable) -> Matter | None:
        """Return a matter that was in the queue when it was read last."""
        return next((matter for matter in self.queue if matter.id == row_id), None)

    def read(self) -> Sequence[Matter]:
        """Read the queue, and return what is shown of it."""
        self.queue = tuple(self._client.read_here(todo_again if self._is_open else open_todo, self.of))
        self._is_open = True
        return self.shown

    def id_of(self, value: Matter) -> str:
        """Return the matter's id."""
        return value.id
