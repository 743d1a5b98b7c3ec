"""Who acts, on what, and as what: the words in which an operation declares who may do it.

The declarations stand beside the operations themselves (`store.foundation.operation`).
"""

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache

from store.foundation.clock import Instant
from store.foundation.connection import Connection
from store.foundation.errors import NotPermitted
from store.foundation.reach import Reach


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
    SUBSTITUTE = "ställföreträdare"
    RESIDENT = "invånaren"
    PROXY = "ombud"
    WATCHING = "behandlare på enheten, vid ohanterad prioriterad flagga"
    OPERATOR = "driften"
    SYSTEM = "dygnskörningen"
    AT_THE_DOOR = "den som loggar in"


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


TO_CLIPBOARD = "skickat till terminalens urklipp"
"""What the log says of a copy: whether a terminal took it is not known."""

READING = frozenset({Action.READ, Action.LISTED, Action.COPIED, Action.PRINTED, Action.EXPORTED})


class DataCategory(StrEnum):
    """Which of a resident's data, or of the staff's, a log row is about (domain.md §8)."""

    RECORD = "uppgifter"
    FORMS = "formulär"
    MESSAGES = "meddelanden"
    PLANS = "planer"
    MODULES = "moduler"
    FLAGS = "flaggor"
    TIMELINE = "tidslinje"
    LOG = "logg"
    STAFF = "personal"


class Ground(StrEnum):
    """Why somebody had to do with a resident, as a log row says it."""

    OWN = "eget moment"
    COVER = "ställföreträdare"
    PRIORITY = "prioriterad flagga"
    ADMINISTRATION = "administration"
    LOG_REVIEW = "logguppföljning"


class Origin(StrEnum):
    """From where something was done."""

    TERMINAL = "terminalen"
    COMMAND_LINE = "kommandoraden"
    IMPORT_FILE = "importfil"
    DAY_RUN = "dygnskörningen"
    RESIDENT_PORTAL = "invånarens sida"
    PREVIEW = "förhandsvisning"
    """Read beside a list or the queue in the terminal, without being opened."""


@dataclass(frozen=True, repr=False)  # it names a resident
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
    session: str = field(default="", kw_only=True, compare=False)
    """What was signed in to; the store's own where nobody signs in."""
    provider_hsa_id: str = field(default="", kw_only=True, compare=False)
    """The care provider of one who stands above its units."""

    @property
    def logged_name(self) -> str:
        """Whom the log names."""
        return self.name

    @property
    def origin(self) -> Origin | None:
        """From where the actor always acts; None where that depends on the program."""
        return None

    @property
    def reach(self) -> Reach:
        """Whose rows the actor works with."""
        return Reach(unit_id=self.unit_id)

    @abstractmethod
    def standing(self, subject: Subject | None, /) -> frozenset[Who]:
        """Return all that this actor is to the subject (None: to the unit, or the store)."""

    def refusal(self, _subject: Subject | None, _may: frozenset[Who], /) -> NotPermitted:
        """Return why the actor may not; more than the one sentence only where the actor knows what it tells."""
        return NotPermitted()

    def current(self, _connection: Connection, _now: Instant, /) -> "Actor":
        """Return the actor as it is now; raises `NotPermitted` where it may act no more."""
        return self

    def require_session(self, _connection: Connection, _now: Instant, /) -> None:  # noqa: B027  # most sign in nowhere
        """Raise `NotPermitted` where the actor has to be signed in, and is not; asked in a real store alone."""


@dataclass(frozen=True)
class Fixed(Actor):
    """An actor of the machine's side, whose standing never varies."""

    as_: Standing = Standing.OPERATOR
    person: str = ""
    """The operator's name, which the log tells and the timeline does not."""

    @property
    def logged_name(self) -> str:
        """The person's name, where it is known."""
        return self.person or self.name

    @property
    def origin(self) -> Origin | None:
        """The day's run, where it is the system that acts."""
        return Origin.DAY_RUN if self.as_ is Standing.SYSTEM else None

    def standing(self, _subject: Subject | None, /) -> frozenset[Who]:
        """Return the one standing."""
        return frozenset({self.as_})


@lru_cache(maxsize=1024)
def capacity(held: frozenset[Who], may: frozenset[Who]) -> tuple[str, Ground | None]:
    """Return as what somebody did something, and on what ground: what is least far from the resident comes first.

    Args:
        held: all that the one who acts is to the resident.
        may: who may do it. Where a clinician may, it is told whose moment it is.
    """
    counted = held & (may | _OF_A_CLINICIAN if Role.CLINICIAN in may else may)
    for own in _OWN:
        if own in counted:
            return own.value, Ground.OWN
    if Standing.SUBSTITUTE in counted:
        return Standing.SUBSTITUTE.value, Ground.COVER
    watches = Standing.WATCHING in counted
    named = [who.value for who in _NAMED if who in counted and not (watches and who is Role.CLINICIAN)]
    if named:
        is_review = named == [Role.LOG_REVIEWER.value]
        return ", ".join(named), Ground.LOG_REVIEW if is_review else Ground.ADMINISTRATION
    return (Standing.WATCHING.value, Ground.PRIORITY) if watches else ("", None)


_OF_A_CLINICIAN = frozenset({Standing.RESPONSIBLE, Standing.SUBSTITUTE, Standing.WATCHING})
_OWN = (Standing.RESPONSIBLE, Standing.RESIDENT, Standing.PROXY)
_NAMED: tuple[Who, ...] = (*Role, Standing.OPERATOR, Standing.SYSTEM, Standing.AT_THE_DOOR)

OPERATOR = Fixed("drift", "Driften", as_=Standing.OPERATOR)
SYSTEM = Fixed("system", "Systemet", as_=Standing.SYSTEM)


@dataclass(frozen=True, eq=False, repr=False)
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
    category: DataCategory | None = None
    """Which data its log rows are about; None where they are nobody's."""
    is_writing: bool = False
    """Whether it asks for a writing transaction."""
    origin: Origin | None = None
    """From where it is always done; None where that depends on who does it."""

    @property
    def is_refresh(self) -> bool:
        """Whether it hands out anew what was logged when it was opened: without an opening it is logged itself."""
        return self.action is None and self.category is not None and not self.is_writing

    @property
    def writes(self) -> bool:
        """Whether others should see a change afterwards."""
        return self.action is not None and self.action not in READING
