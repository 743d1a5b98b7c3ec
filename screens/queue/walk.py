"""The way through the queue: handling one matter leads to the next, without going back to the list (domain.md §5)."""

from collections.abc import Sequence

from screens.queue.source import QueueFilter
from screens.store_client import StoreClient
from store.foundation.clock import Instant
from store.foundation.errors import DomainError, NotPermitted
from store.views.matters import Matter
from store.views.todo import todo_again


class Walk:
    """How far somebody has come through a queue. Its pages show it; by `is_leaving` they know to close for the next."""

    def __init__(
        self, client: StoreClient, queue: Sequence[Matter], first: Matter, only: QueueFilter, owner: str | None
    ) -> None:
        """Begin at a matter of a queue.

        Args:
            client: the way to the store.
            queue: what waits, as it is shown.
            first: the matter to begin with.
            only: what is shown of the queue, and walked through.
            owner: HSA-id of the one whose queue it is; None for one's own.
        """
        self._client = client
        self._queue = tuple(queue)
        self._only = only
        self._passed = {first.id}
        self._first = first
        self.owner = owner
        self.current = first
        self.is_leaving = False
        """Whether the page that is open is being left for the next matter."""
        self.is_done = False
        """Whether there was no next matter."""
        self.said = ""
        """What was done with the matter before this one."""
        self.said_of = first.moment
        """The moment of that matter."""

    @property
    def is_through_colleagues_queue(self) -> bool:
        """Whether the queue is a colleague's, whom the person covers for."""
        actor = self._client.actor
        return self.owner is not None and actor is not None and self.owner != actor.hsa_id

    @property
    def is_chosen(self) -> bool:
        """Whether the matter is the one whose row was opened: what the walk leads to is shown, and marked by a key."""
        return self.current.id == self._first.id

    @property
    def waits(self) -> bool:
        """Whether the matter was still in the queue when that was read last."""
        return any(matter.id == self.current.id for matter in self._queue)

    @property
    def following(self) -> Matter | None:
        """The next matter that has not been opened on this walk: the one after this in the queue, else the first."""
        left = self._left
        return next((matter for matter in left if matter.order > self.current.order), left[0] if left else None)

    @property
    def place(self) -> str:
        """`Ärende 2 av 7`."""
        return f"Ärende {len(self._passed)} av {len(self._passed) + len(self._left)}"

    @property
    def waiting(self) -> int:
        """How many matters waited when the queue was read last."""
        return len(self._queue)

    @property
    def now(self) -> Instant:
        """What the time is in the store."""
        return self._client.clock()

    async def look(self) -> None:
        """Read the queue again; where that can't be done, what is known stands."""
        try:
            queue = await self._client.read(todo_again, self.owner)
        except NotPermitted:  # nothing of it is the person's any longer
            queue = []
        except DomainError:
            return
        self._queue = tuple(matter for matter in queue if self._only.shows(matter))
        self.current = next((matter for matter in self._queue if matter.id == self.current.id), self.current)

    async def advance(self, said: str = "") -> None:
        """Leave the matter for the next, or for the queue where there is none; `said` is what was done with it."""
        await self.look()
        self.is_leaving, self.said, self.said_of = True, said, self.current.moment
        following = self.following
        self.is_done = following is None
        if following is not None:
            self.current = following
            self._passed.add(following.id)

    def arrived(self) -> None:
        """Note that the matter is on screen."""
        self.is_leaving = False

    @property
    def _left(self) -> list[Matter]:
        # What another unit offers has no page: it is answered in the queue.
        return [matter for matter in self._queue if matter.id not in self._passed and matter.is_of_a_page]
