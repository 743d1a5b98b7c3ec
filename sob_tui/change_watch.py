"""What the unit's change number tells: that another terminal has changed something, or that the database is away."""

from __future__ import annotations

from datetime import date
from enum import Enum, auto

from screens.store_client import StoreClient
from store.foundation.clock import local_day
from store.foundation.errors import StoreUnreachable
from store.people.sign_in import StaffActor


class Seen(Enum):
    """What came of a look."""

    NOTHING = auto()
    """The answer is not there, or was about somebody who is no longer at work."""
    AS_BEFORE = auto()
    NEWS = auto()
    """Something on the unit has changed, or the day (a role may have ended), or a practice store's clock."""
    BACK = auto()
    """The database was away; whatever there is now is news."""


_UNKNOWN = -1


class ChangeWatch:
    """Looks at the change number, and knows what it was last."""

    def __init__(self, client: StoreClient) -> None:
        self._client = client
        self.number = _UNKNOWN
        """The unit's, when it was looked at last."""
        self._day = date.min
        """The store's day, at the sign-in and when the number was looked at last."""
        self._clock_ahead = 0
        """How far a practice store's clock had been moved then."""
        self._is_looking = False

    def begin(self, number: int) -> None:
        """Begin with the number as it was when somebody signed in."""
        self.number, self._day, self._clock_ahead = number, local_day(self._client.clock()), self._client.clock_ahead

    async def look(self, actor: StaffActor) -> Seen:
        """Look for whoever is at work; a look that waits for its answer lets no other begin.

        Raises:
            StoreUnreachable: the database is away; once for as long as it is.
        """
        if self._is_looking:
            return Seen.NOTHING
        self._is_looking = True
        try:
            number = await self._number_of(actor)
        except StoreUnreachable:
            if self.number == _UNKNOWN:
                return Seen.NOTHING
            self.number = _UNKNOWN  # whatever it is when the database is back, it is new
            raise
        finally:
            self._is_looking = False
        return Seen.NOTHING if actor != self._client.actor else self._compare(number)

    def _compare(self, number: int) -> Seen:
        before = self.number, self._day, self._clock_ahead
        self.begin(number)
        if before[0] == _UNKNOWN:
            return Seen.BACK
        return Seen.AS_BEFORE if before == (self.number, self._day, self._clock_ahead) else Seen.NEWS

    async def _number_of(self, actor: StaffActor) -> int:
        """Return the change number of where somebody works: the unit's, above the units the care provider's."""
        if actor.unit_id is None:
            return await self._client.look_above(actor.provider_hsa_id)
        return await self._client.look(actor.unit_id)
