"""Who acts, on what, and as what: the words in which an operation declares who may do it.

The declarations stand beside the operations themselves (`store.foundation.operation`).
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum

from store.foundation.clock import Instant
from store.foundation.connection import Connection
from store.foundation.errors import NotPermitted


class Role(StrEnum):
    """A role on a unit (domain.md §1); the value is the word on screen."""

    CLINICIAN = "behandlare"
    RESIDENT_ADMIN = "invånaradministratör"
    ACCESS_ADMIN = "behörighetsadministratör"
    DATA_ADMIN = "dataadministratör"
    LOG_REVIEWER = "loggranskare"
    PROVIDER_ADMIN = "vårdgivaradministratör"
    TRAINER = "utbildare"


class Standing(StrEnum):
    """What someone is to the very thing that is touched, beside the roles."""

    RESPONSIBLE = "ansvarig behandlare"
    RESIDENT = "invånaren"
    PROXY = "ombud"
    WATCHING = "behandlare på enheten, vid ohanterad prioriterad flagga"
    OPERATOR = "driften"
    SYSTEM = "dygnskörningen"


Who = Role | Standing


class Action(StrEnum):
    """What a log row says was done (HSLF-FS 2016:40 4 kap. 9 §)."""

    READ = "läste"
    LISTED = "listade"
    CHANGED = "ändrade"
    SENT = "skickade"
    COPIED = "kopierade"
    PRINTED = "skrev ut"
    EXPORTED = "exporterade"
    IMPORTED = "importerade"
    PURGED = "gallrade"


READING = frozenset({Action.READ, Action.LISTED, Action.COPIED, Action.PRINTED})


@dataclass(frozen=True)
class Subject:
    """What an operation touches: a resident, and the moment and unit it concerns (None where there is none)."""

    resident_id: int
    personnummer: str
    name: str
    moment_id: int | None = None
    unit_id: int | None = None
    responsible_id: int | None = None
    is_watched: bool = False
    """Whether an unhandled prioriterad flagga lets every clinician of the unit see it (domain.md §5)."""


@dataclass(frozen=True)
class Actor(ABC):
    """Who acts. `hsa_id` and `unit_id` are None for those who are not staff on a unit."""

    kind: str
    name: str
    hsa_id: str | None = None
    unit_id: int | None = None

    @abstractmethod
    def standing(self, subject: Subject | None, /) -> frozenset[Who]:
        """Return all that this actor is to the subject (None: to the unit, or the store)."""

    def refusal(self, _subject: Subject | None, _may: frozenset[Who], /) -> NotPermitted:
        """Return why the actor may not; more than the one sentence only where the actor knows what it tells."""
        return NotPermitted()

    def current(self, _connection: Connection, _now: Instant, /) -> "Actor":
        """Return the actor as it is now; raises `NotPermitted` where it may act no more."""
        return self


@dataclass(frozen=True)
class Fixed(Actor):
    """An actor of the machine's side, whose standing never varies."""

    as_: Standing = Standing.OPERATOR

    def standing(self, _subject: Subject | None, /) -> frozenset[Who]:
        """Return the one standing."""
        return frozenset({self.as_})


OPERATOR = Fixed("drift", "Driften", as_=Standing.OPERATOR)
SYSTEM = Fixed("system", "Systemet", as_=Standing.SYSTEM)


@dataclass(frozen=True)
class Declaration:
    """A row of the access table."""

    name: str
    text: str
    """What it does, in Swedish, as *Personal* shows it."""
    may: frozenset[Who]
    action: Action | None
    """What the log says; None for a refresh of what was logged when it was opened."""
    event: bool
    """Whether it writes a timeline event."""

    @property
    def writes(self) -> bool:
        """Whether others should see a change afterwards."""
        return self.action is not None and self.action not in READING
