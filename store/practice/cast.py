"""The practice cast as `data/practice/cast.toml` tells it: who is there, and what they have done (contract.md §4)."""

from dataclasses import dataclass
from datetime import time
from enum import StrEnum

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


@dataclass(frozen=True)
class Act:
    """Something that happens in a moment. `minutes` come on top of the time: one step is read after another."""

    where: str
    deed: Deed
    days_ago: int
    time: time
    minutes: int = 0
    object: str = ""
    """A step, a form, a module, a new clinician or a reason, as the deed wants it."""
    answers: str = ""
    """What is answered, as JSON."""
    is_refused: bool = False
    """Whether that is what the form can't take."""
    by: str = ""
    message: str | None = None
    heading: str = ""
    """Of a new conversation; without one it is a reply in the newest."""

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
class Cast:
    """The whole file; `file` is its name."""

    file: str
    provider: tuple[str, str]
    """HSA-id and name."""
    units: tuple[CastUnit, ...]
    staff: tuple[CastStaff, ...]
    residents: tuple[CastResident, ...]
    templates: tuple[CastTemplate, ...]
    moments: tuple[CastMoment, ...]
