"""The practice cast and its residents, as the files of `data/practice` tell it: who is there, and what they have done.

`cast.toml` is what others rely on (contract.md §4); `residents.toml` makes the units live.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from enum import StrEnum

from store.care.duties import DutyKind
from store.foundation.access import Role


@dataclass(frozen=True)
class CastUnit:
    """A unit. `programs` is None where all are open."""

    where: str
    hsa_id: str
    name: str
    region: str
    service_area: str
    programs: tuple[str, ...] | None
    risk_instruction: str = ""


@dataclass(frozen=True)
class Post:
    """A staff member's assignment on a unit."""

    unit: str
    roles: tuple[Role, ...]
    active: bool


@dataclass(frozen=True)
class CastStaff:
    """A staff member. `trained_programs` is None for a training in every program."""

    where: str
    hsa_id: str
    family_name: str
    given_name: str
    email: str
    mobile: str
    trained_programs: tuple[str, ...] | None
    posts: tuple[Post, ...]
    provider_admin: bool


@dataclass(frozen=True)
class CastResident:
    """A resident: the import's columns as written, and a child's guardians."""

    where: str
    columns: dict[str, str]
    guardians: tuple[str, ...]

    @property
    def number(self) -> str:
        """The personnummer as written."""
        return self.columns["personnummer"]


class Deed(StrEnum):
    """What can happen in a moment; the value is the word in the file."""

    START = "start"
    READ = "read"
    ANSWER = "answer"
    READ_FORM = "read-form"
    WRITE = "write"
    MESSAGE = "message"
    READ_MESSAGES = "read-messages"
    OPEN = "open"
    HIDE = "hide"
    SHOW = "show"
    SWITCH = "switch"
    MAINTAIN = "maintain"
    RESUME = "resume"
    END = "end"
    REQUEST = "request"
    DRAFT = "draft"
    FLAG = "flag"
    TAKE_FLAG = "take-flag"
    HANDLE_FLAG = "handle-flag"
    CONTACT = "contact"
    PLAN = "plan"
    MARK = "mark"
    FOLLOW_UP = "follow-up"
    SAFETY_PLAN = "safety-plan"
    OWN_SAFETY_PLAN = "own-safety-plan"
    OFFER = "offer"
    DECLINE = "decline"
    STOP_PURGE = "stop-purge"

    @property
    def by_resident(self) -> bool:
        """Whether it is done at the resident's side."""
        return self in (Deed.READ, Deed.ANSWER, Deed.WRITE, Deed.MARK, Deed.OWN_SAFETY_PLAN)


@dataclass(frozen=True)
class Act:
    """Something that happens in a moment. `minutes` come on top of the time: one step is read after another."""

    where: str
    deed: Deed
    days_ago: int
    time: time
    minutes: int = 0
    object: str = ""
    """A step, a form, a module, a new clinician, a unit, a severity or a reason, as the deed wants it."""
    number: int = 0
    """Of minutes, of days until a flag is due or a stop ends, or which activity of the plan, as the deed wants it."""
    answers: str = ""
    """What is answered, as JSON."""
    is_refused: bool = False
    """Whether that is what the form can't take."""
    by: str = ""
    message: str | None = None
    heading: str = ""
    """Of a new conversation; without one it is a reply in the newest."""
    parts: Mapping[str, str] = field(default_factory=dict)
    """Of a säkerhetsplan, by `store.care.safety_plan_text.Part.name`."""

    @property
    def order(self) -> tuple[int, int]:
        """What acts are put in order by."""
        return -self.days_ago, self.time.hour * 60 + self.time.minute + self.minutes


@dataclass(frozen=True)
class CastTemplate:
    """A template for messages. `staff` is empty for one of the unit's."""

    where: str
    unit: str
    staff: str
    title: str
    text: str


@dataclass(frozen=True)
class CastMoment:
    """A moment and what happens in it."""

    where: str
    resident: str
    program: str
    unit: str
    clinician: str
    acts: tuple[Act, ...]


@dataclass(frozen=True)
class StandIn:
    """Who stands in for a clinician of a unit, from a day that has been to one that is to come."""

    where: str
    unit: str
    clinician: str
    substitute: str
    days_ago: int
    """When it began, and was said."""
    days_left: int


@dataclass(frozen=True)
class CastDuty:
    """What a unit decided of a duty: how often, by whom it is done, and who recorded it."""

    where: str
    unit: str
    kind: DutyKind
    months: int
    delegate: str
    decided_by: str
    by: str
    days_ago: int


@dataclass(frozen=True)
class PurgeDecision:
    """The care provider's gallringsbeslut."""

    where: str
    text: str
    reference: str
    days_ago: int


@dataclass(frozen=True)
class Lives:
    """What a file tells of residents and of the unit's duties; `called` is how a fault names the file."""

    called: str
    residents: tuple[CastResident, ...]
    moments: tuple[CastMoment, ...]
    stand_ins: tuple[StandIn, ...] = ()
    duties: tuple[CastDuty, ...] = ()
    decisions: tuple[PurgeDecision, ...] = ()

    @property
    def earliest(self) -> int:
        """How many days ago the first happened of what is in no moment."""
        stand_ins, decided = [one.days_ago for one in self.stand_ins], [one.days_ago for one in self.duties]
        return max([0, *stand_ins, *decided, *(one.days_ago for one in self.decisions)])


@dataclass(frozen=True)
class Cast:
    """Who works where, and the residents of one file or several."""

    provider: tuple[str, str]
    """HSA-id and name."""
    units: tuple[CastUnit, ...]
    staff: tuple[CastStaff, ...]
    templates: tuple[CastTemplate, ...]
    lives: tuple[Lives, ...]

    @property
    def residents(self) -> tuple[CastResident, ...]:
        """Everybody in the register."""
        return tuple(one for lives in self.lives for one in lives.residents)

    @property
    def moments(self) -> tuple[CastMoment, ...]:
        """All moments, those of one file after those of another."""
        return tuple(one for lives in self.lives for one in lives.moments)
