"""Measurements on schedule and asked for: which are due, answered, missing (domain.md §6)."""

from collections import defaultdict
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from store.care.forms import Form, form_of, own_forms, requested_forms
from store.care.installed_forms import installed_on
from store.care.modules import opened_modules
from store.care.moments import WHILE_RUNNING, MomentStatus, MomentSubject, change_moment, moment_subject
from store.care.programs import program_of
from store.care.questionnaire.plan import FormKind
from store.care.questionnaire.schedule import Answered, Course, Occasion, OccasionState, occasions
from store.foundation.access import Action, DataCategory, Standing
from store.foundation.clock import Instant
from store.foundation.connection import columns
from store.foundation.errors import Refused
from store.foundation.events import EventKind
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.tables import of_moment
from store.foundation.work import Work


class FormRequest(SQLModel, table=True):
    """A measurement that a clinician has asked for."""

    __table_args__ = {"sqlite_with_rowid": False}

    resident_id: int = Field(primary_key=True)
    moment_id: int = Field(primary_key=True)
    form: str = Field(primary_key=True)
    requested_at: int = Field(primary_key=True, sa_type=BigInteger)
    unit_id: int = of_moment()


@dataclass(frozen=True)
class Measurement:
    """A form's occasions, the oldest first; at most the last is planned."""

    form: str
    title: str
    occasions: tuple[Occasion, ...]

    def in_state(self, state: OccasionState) -> tuple[Occasion, ...]:
        """Return the occasions in that state."""
        return tuple(occasion for occasion in self.occasions if occasion.state is state)


@operation(
    "Begära en mätning",
    may={Standing.RESPONSIBLE, Standing.SUBSTITUTE},
    action=Action.CHANGED,
    category=DataCategory.FORMS,
    event=True,
    on=moment_subject,
    statuses=WHILE_RUNNING,
)
def request_form(work: Work, moment: MomentSubject, form: str) -> None:
    """Ask the resident to answer a form: the program's, or one that the unit has installed.

    Raises:
        Refused: there is no such form, it is asked for already, or the moment is not running.
    """
    asked = form_of(work, moment, form)
    if asked.plan.kind is FormKind.HOMEWORK:
        raise Refused(f"{asked.title} är en hemuppgift och besvaras i sin modul.", field="formular")
    waiting = [one for one in measurements(work, moment) if one.form == form]
    if any(occasion.why == "Begärd" for one in waiting for occasion in one.in_state(OccasionState.DUE)):
        raise Refused(f"{asked.title} är redan begärt och väntar på svar.", field="formular")
    work.add(FormRequest(**_place(moment), form=form, requested_at=work.now))
    change_moment(work, moment, forms_look_at=work.now)
    work.event(moment, EventKind.FORM_REQUESTED, form=form)


@operation(
    "Se vilka formulär som kan begäras",
    may={Standing.RESPONSIBLE, Standing.SUBSTITUTE},
    action=None,
    on=moment_subject,
)
def requestable_forms(work: ReadTransaction, moment: MomentSubject) -> list[tuple[str, str]]:
    """Return the forms that can be asked for, id and title: the program's, but homework, and the unit's."""
    own = {form.id: form.title for form in own_forms(work, moment) if form.plan.kind is not FormKind.HOMEWORK}
    return list((installed_on(work, moment.unit_id) | own).items())


def measurements(work: ReadTransaction, moment: MomentSubject) -> tuple[Measurement, ...]:
    """Return the forms that are measured by schedule or were asked for, each with its occasions."""
    requests, answers = _requests(work, moment), _answers(work, moment)
    course = _course(work, moment)
    forms = (*own_forms(work, moment), *requested_forms(work, moment, requests))
    found = (_measurement(form, course, requests[form.id], answers[form.id]) for form in forms)
    return tuple(measurement for measurement in found if measurement.occasions)


def _measurement(form: Form, course: Course, requests: list[Instant], answers: list[Answered]) -> Measurement:
    return Measurement(form.id, form.title, occasions(form.plan.schedule, course, requests, answers))


def _course(work: ReadTransaction, moment: MomentSubject) -> Course:
    ((started, ended),) = work.db.pairs("SELECT started_at, ended_at FROM moment WHERE id = :id", id=moment.moment_id)
    is_running = moment.status is MomentStatus.RUNNING
    until = work.now if is_running else _maintained_at(work, moment) or ended or work.now
    return Course(
        Instant(started),
        program_of(work.db, moment.version_id).recommended_days,
        Instant(until),
        is_running,
        {module: Instant(at) for module, at in opened_modules(work, moment).items()},
    )


def _maintained_at(work: ReadTransaction, moment: MomentSubject) -> int | None:
    """Return when a moment went to maintenance and never came back."""
    latest = work.db.pairs(
        "SELECT kind, at FROM event WHERE resident_id = :resident_id AND moment_id = :moment_id"
        " AND kind IN (:maintained, :resumed) ORDER BY at DESC, seq DESC LIMIT 1",
        **_place(moment),
        maintained=EventKind.MAINTAINED.value,
        resumed=EventKind.RESUMED.value,
    )
    return next((at for kind, at in latest if kind == EventKind.MAINTAINED), None)


def _requests(work: ReadTransaction, moment: MomentSubject) -> defaultdict[str, list[Instant]]:
    found: defaultdict[str, list[Instant]] = defaultdict(list)
    for form, at in work.db.pairs(f"SELECT form, requested_at FROM formrequest{_HERE} ORDER BY 2", **_place(moment)):
        found[form].append(Instant(at))
    return found


def _answers(work: ReadTransaction, moment: MomentSubject) -> defaultdict[str, list[Answered]]:
    found: defaultdict[str, list[Answered]] = defaultdict(list)
    saved = f"SELECT {columns(_Saved)} FROM formanswer{_HERE} ORDER BY saved_at, id"
    for row in work.db.all(_Saved, saved, **_place(moment)):
        found[row.form].append(Answered(row.id, Instant(row.saved_at)))
    return found


class _Saved(NamedTuple):
    form: str
    id: int
    saved_at: int


_HERE = " WHERE resident_id = :resident_id AND moment_id = :moment_id"


def _place(moment: MomentSubject) -> dict[str, int]:
    return {"resident_id": moment.resident_id, "moment_id": moment.moment_id}
