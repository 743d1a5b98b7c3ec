"""What is exported of a moment, as it is read, before it is written in a format. Instants are UTC milliseconds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from store.care.export_choice import Choice, Count
from store.care.forms import Form
from store.care.questionnaire.places import GivenAnswers
from store.care.questionnaire.scale import Scale
from store.care.questionnaire.scoring import Score


class Unit(NamedTuple):
    """The unit that exports, and its care provider."""

    hsa_id: str
    name: str
    provider_hsa_id: str
    provider_name: str


@dataclass(frozen=True)
class About:
    """What stands first in every file."""

    export: int
    at: int
    choice: Choice
    count: Count
    unit: Unit
    versions: Mapping[int, "Version"]
    """The program's, by id."""


class Version(NamedTuple):
    """A version of the program."""

    id: int
    program: str
    version: str
    title: str


class MomentRow(NamedTuple):
    """A moment with its resident and its clinician."""

    id: int
    resident_id: int
    version_id: int
    status: str
    started_at: int
    ended_at: int | None
    end_reason: str
    last_active_at: int | None
    personnummer: str
    family_name: str
    given_name: str
    protection: str
    clinician_hsa_id: str
    clinician_family: str
    clinician_given: str
    clinician_protection: str


class Linked(NamedTuple):
    """Another moment of the same resident on the unit."""

    moment: int
    """The moment that it is linked to."""
    id: int
    title: str
    status: str
    started_at: int
    ended_at: int | None


class EventRow(NamedTuple):
    """Something that happened with a module; `part` is the module's, section's or step's id."""

    moment: int
    at: int
    kind: str
    actor_kind: str
    facts: str


class MessageRow(NamedTuple):
    """That a message was sent, and by which side; never what it says."""

    moment: int
    id: int
    sent_at: int
    sender: str
    read_at: int | None


class FlagRow(NamedTuple):
    """A flag; never in which words."""

    moment: int
    id: int
    raised_at: int
    kind: str
    severity: str
    handled_at: int | None


class PlanRow(NamedTuple):
    """An activity plan. `follow_up_on` is an ISO day or empty."""

    moment: int
    id: int
    title: str
    made_at: int
    ended_at: int | None
    follow_up_on: str


class ActivityRow(NamedTuple):
    """An activity of a plan. Days are ISO, `at` is `HH:MM` or empty."""

    moment: int
    id: int
    plan_id: int
    description: str
    starts_on: str
    at: str
    repeats: str
    removed_on: str


class MarkRow(NamedTuple):
    """That an activity was done on a day, or was not."""

    moment: int
    activity_id: int
    day: str
    done: int
    note: str


class AnswerRow(NamedTuple):
    """An answered form as it lies in the store."""

    moment: int
    id: int
    form: str
    installed_id: int | None
    answers: str
    saved_at: int


class Answered(NamedTuple):
    """An answered form, read."""

    id: int
    form: Form
    is_battery: bool
    saved_at: int
    answers: GivenAnswers
    scores: Sequence[tuple[Scale, Score]]


class Who(NamedTuple):
    """What stands of a resident: what is left out by the identity that was chosen is empty, or None."""

    first_name: str
    last_name: str
    number: str
    """Twelve digits, or the pseudonym."""
    sex: str
    age: int | None
    """At the start, whole years."""
    birth_date: date | None
    is_coordination: bool
    protection: str


@dataclass(frozen=True)
class Exported:
    """A moment with all that was chosen of it, the oldest first of each kind."""

    number: int
    """Which it is in the file, from 1: the store's own numbers stay in the store."""
    row: MomentRow
    who: Who
    linked: Sequence[Linked] = ()
    events: Sequence[EventRow] = ()
    messages: Sequence[MessageRow] = ()
    flags: Sequence[FlagRow] = ()
    plans: Sequence[PlanRow] = ()
    activities: Sequence[ActivityRow] = ()
    marks: Sequence[MarkRow] = ()
    answers: Sequence[Answered] = field(default=())
