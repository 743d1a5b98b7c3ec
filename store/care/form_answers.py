"""What residents answer: one row an occasion; and what was refused, as it came (domain.md §6)."""

from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from store.care.activity import mark_active
from store.care.acts import ActKind, record_act
from store.care.answer_rules import judge_answer
from store.care.forms import Form, form_of
from store.care.handed_in import AskedForm, Entry, HandedIn, read_handed_in
from store.care.modules import opened_modules
from store.care.moments import (
    WHILE_RUNNING,
    WRONG_STATUS,
    MomentStatus,
    MomentSubject,
    change_moment,
    load_moment,
    moment_subject,
)
from store.care.questionnaire.answers import Answers, from_json, to_json
from store.care.questionnaire.plan import DiaryRoles
from store.care.read_state import set_answer_read
from store.care.sleep_diary import ImplausibleNight, Night, sleep_of
from store.foundation.access import Action, DataCategory, Role, Standing
from store.foundation.clock import Instant, local_day
from store.foundation.connection import columns
from store.foundation.errors import NotPermitted, Refused
from store.foundation.events import EventKind
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.tables import FreeText, of_moment
from store.foundation.text import clean
from store.foundation.work import Work

ANSWERABLE = replace(
    WHILE_RUNNING,
    wrong_status={
        **WRONG_STATUS,
        MomentStatus.MAINTENANCE: "Programmet är i vidmakthållande läge: det går att läsa, men inte att svara.",
    },
)
"""When the resident can answer a form."""

_RAW_LIMIT = 2_000
"""Characters kept of what was refused."""


class FormAnswer(SQLModel, table=True):
    """One occasion of a form. The program's version of the form is the moment's."""

    __table_args__ = (Index("formanswer_moment", "resident_id", "moment_id", "form", "saved_at", "id"),)

    id: int | None = Field(default=None, primary_key=True)
    resident_id: int = Field(foreign_key="resident.id")
    moment_id: int = Field(foreign_key="moment.id")
    form: str
    installed_id: int | None = Field(default=None, foreign_key="installedform.id")
    """The unit's own form in the version that was answered; None for the program's."""
    answers: str = Field(sa_type=FreeText)
    """JSON; see `questionnaire.answers.to_json`."""
    saved_at: int = Field(sa_type=BigInteger)
    saved_by: str
    """The name of the one who answered, as it was then."""
    read_at: int | None = Field(default=None, sa_type=BigInteger)
    read_by: str = ""
    unit_id: int = of_moment()


class RefusedAnswer(SQLModel, table=True):
    """What could not be saved, as it came, with the reason: the clinician fills it in with the resident (FAQ)."""

    __table_args__ = (Index("refusedanswer_moment", "resident_id", "moment_id", "form", "at"),)

    id: int | None = Field(default=None, primary_key=True)
    resident_id: int = Field(foreign_key="resident.id")
    moment_id: int = Field(foreign_key="moment.id")
    form: str
    raw: str = Field(sa_type=FreeText)
    reason: str = Field(sa_type=FreeText)
    at: int = Field(sa_type=BigInteger)
    unit_id: int = of_moment()


@operation(
    "Svara på ett formulär",
    may={Standing.RESIDENT, Standing.PROXY},
    action=Action.CHANGED,
    category=DataCategory.FORMS,
    event=True,
    on=moment_subject,
    statuses=ANSWERABLE,
)
def answer_form(work: Work, moment: MomentSubject, form: str, given: str | HandedIn) -> list[str]:
    """Save an answer; returns what is wrong with it, a Swedish sentence each: then it is kept as refused instead.

    Args:
        moment: the moment's id.
        form: the form's id.
        given: what was handed in, read and checked before by `read_handed_in`; a text is checked here. Of a diary the
            right rows are saved whatever the others are.

    Raises:
        Refused: the moment or the form takes no answers now, or nothing of it is to be kept.
    """
    asked = asked_form(work, moment, form)
    if isinstance(given, str) or given.asked.form != asked.form:  # another version has come between
        given = read_handed_in(asked, given if isinstance(given, str) else given.given)
    faults: list[str] = []
    for number, entry in enumerate(given.entries, 1):
        if entry.faults:
            _refuse(work, moment, asked.form, entry)
            faults += [f"Rad {number}: {fault}" for fault in entry.faults] if len(given.entries) > 1 else entry.faults
        else:
            _save(work, moment, asked.form, entry.answers)
            moment = load_moment(work, moment.moment_id)
    mark_active(work, moment)
    return faults


@operation(
    "Läsa ett formulär att svara på",
    may={Standing.RESIDENT, Standing.PROXY},
    action=Action.READ,
    category=DataCategory.FORMS,
    on=moment_subject,
    statuses=ANSWERABLE,
)
def form_to_answer(work: ReadTransaction, moment: MomentSubject, form: str) -> AskedForm:
    """Return a form that can be answered now, with what an answer is checked against.

    Raises:
        Refused: the moment or the form takes no answers now.
    """
    return asked_form(work, moment, form)


@operation(
    "Markera ett formulär som läst",
    may={Standing.RESPONSIBLE, Standing.SUBSTITUTE, Role.RESIDENT_ADMIN},
    action=Action.CHANGED,
    category=DataCategory.FORMS,
    event=True,
    on=moment_subject,
)
def mark_answer_read(work: Work, moment: MomentSubject, answer: int) -> None:
    """Mark an answer as read: it leaves *Hantera händelser*, for everybody.

    Raises:
        Refused: it is read already.
    """
    if stored_answer(work, moment, answer).read_at is not None:
        raise Refused("Formuläret är redan markerat som läst.")
    set_answer_read(work, moment, answer)
    record_act(work, moment, ActKind.READ, answers=[answer])


@operation(
    "Markera ett formulär som oläst igen",
    may={Standing.RESPONSIBLE, Standing.SUBSTITUTE, Role.RESIDENT_ADMIN},
    action=Action.CHANGED,
    category=DataCategory.FORMS,
    event=True,
    on=moment_subject,
)
def mark_answer_unread(work: Work, moment: MomentSubject, answer: int) -> None:
    """Mark an answer as unread.

    Raises:
        Refused: it is not read.
    """
    stored = stored_answer(work, moment, answer)
    if stored.read_at is None:
        raise Refused("Formuläret är redan oläst.")
    work.db.run("UPDATE formanswer SET read_at = NULL, read_by = '' WHERE id = :id", id=answer)
    change_moment(work, moment, unread_forms=moment.unread_forms + 1)
    work.event(moment, EventKind.FORM_UNREAD, answer=answer, form=stored.form)


def unread_answers(work: ReadTransaction, moment: MomentSubject, form: str) -> list[int]:
    """Return the ids of a moment's unread answers to a form, the oldest first."""
    return work.db.values(
        "SELECT id FROM formanswer WHERE resident_id = :resident AND moment_id = :moment AND form = :form"
        " AND read_at IS NULL ORDER BY saved_at, id",
        resident=moment.resident_id,
        moment=moment.moment_id,
        form=form,
    )


class StoredAnswer(NamedTuple):
    """A `FormAnswer` as it is read."""

    form: str
    installed_id: int | None
    answers: str
    saved_at: int
    saved_by: str
    read_at: int | None
    read_by: str


def stored_answer(work: ReadTransaction, moment: MomentSubject, answer: int) -> StoredAnswer:
    """Return an answer; one that is not the moment's is nobody's."""
    found = work.db.one(
        StoredAnswer,
        f"SELECT {columns(StoredAnswer)} FROM formanswer"
        " WHERE id = :id AND resident_id = :resident AND moment_id = :moment",
        id=answer,
        resident=moment.resident_id,
        moment=moment.moment_id,
    )
    if found is None:
        raise NotPermitted
    return found


def asked_form(work: ReadTransaction, moment: MomentSubject, form: str) -> AskedForm:
    """Return a form with what an answer is checked against; part of operations.

    Raises:
        Refused: the resident is not asked it.
    """
    found = _open_form(work, moment, form)
    started = Instant(work.db.value("SELECT started_at FROM moment WHERE id = :id", id=moment.moment_id))
    if found.plan.diary is None:
        return AskedForm(found, moment.personnummer, started, work.now)
    nights = dict(_nights(work, moment, found, found.plan.diary))
    told = {day: night for day, night in nights.items() if night}
    return AskedForm(found, moment.personnummer, started, work.now, frozenset(nights), told)


def _nights(
    work: ReadTransaction, moment: MomentSubject, form: Form, roles: DiaryRoles
) -> Iterator[tuple[str, Night | None]]:
    """Yield the days of a diary with their nights, the last entry of a day last; None where it tells of none."""
    for answers, saved_at in work.db.pairs(
        "SELECT answers, saved_at FROM formanswer WHERE resident_id = :resident AND moment_id = :moment"
        " AND form = :form ORDER BY saved_at, id",
        resident=moment.resident_id,
        moment=moment.moment_id,
        form=form.id,
    ):
        single = {link: values[0] for link, values in from_json(answers).items() if values}
        try:
            night = sleep_of(roles, single)
        except ImplausibleNight:
            night = None
        yield str(single.get(roles.day) or local_day(Instant(saved_at))), night


def _open_form(work: ReadTransaction, moment: MomentSubject, form: str) -> Form:
    """Return the form, where it can be answered now."""
    asked = form_of(work, moment, form)
    module = asked.plan.module
    if module is not None and module not in opened_modules(work, moment):
        raise Refused(
            f"{asked.title} hör till en modul som inte är öppnad än.", field="formular", helps=("open_module",)
        )
    if asked.installed_id is not None and not _is_requested(work, moment, form):
        raise Refused(f"{asked.title} är inte begärt av behandlaren.", field="formular", helps=("request_form",))
    return asked


def _is_requested(work: ReadTransaction, moment: MomentSubject, form: str) -> bool:
    return work.db.has(
        "SELECT 1 FROM formrequest WHERE resident_id = :resident AND moment_id = :moment AND form = :form LIMIT 1",
        resident=moment.resident_id,
        moment=moment.moment_id,
        form=form,
    )


def _save(work: Work, moment: MomentSubject, form: Form, answers: Answers) -> None:
    before = _earlier(work, moment, form)
    answer = work.add(
        FormAnswer(
            resident_id=moment.resident_id,
            moment_id=moment.moment_id,
            form=form.id,
            installed_id=form.installed_id,
            answers=to_json(answers),
            saved_at=work.now,
            saved_by=work.actor.name,
        )
    )
    change_moment(work, moment, unread_forms=moment.unread_forms + 1)
    work.event(moment, EventKind.FORM_SAVED, answer=answer, form=form.id)
    judge_answer(work, moment, form, answer, answers, before)


def _earlier(work: Work, moment: MomentSubject, form: Form) -> list[Answers]:
    """Return the earlier answers to the form in the same version, the oldest first; none where nothing is scored."""
    if not form.plan.scales:
        return []
    earlier = work.db.values(
        "SELECT answers FROM formanswer WHERE resident_id = :resident AND moment_id = :moment AND form = :form"
        " AND coalesce(installed_id, 0) = :installed ORDER BY saved_at, id",
        resident=moment.resident_id,
        moment=moment.moment_id,
        form=form.id,
        installed=form.installed_id or 0,
    )
    return [from_json(given) for given in earlier]


def _refuse(work: Work, moment: MomentSubject, form: Form, entry: Entry) -> None:
    work.add(
        RefusedAnswer(
            resident_id=moment.resident_id,
            moment_id=moment.moment_id,
            form=form.id,
            raw=clean(entry.raw, multiline=True)[:_RAW_LIMIT],
            reason=clean(" ".join(entry.faults), multiline=False)[:_RAW_LIMIT],
            at=work.now,
        )
    )
    work.event(moment, EventKind.FORM_REFUSED, form=form.id)
