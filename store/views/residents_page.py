"""A moment as the resident sees it: what is new, modules, forms (domain.md §4, *Invånarens sida*).

The resident's own side reads it, and so does who sees the moment: nothing is marked by that.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from store.care.conversations import Sender
from store.care.form_answers import ANSWERABLE, asked_form
from store.care.forms import Form, own_forms, requested_forms
from store.care.handed_in import AskedForm
from store.care.measurements import Measurement, measurements
from store.care.modules import opened_modules, read_steps, readable_steps
from store.care.moments import MomentStatus, MomentSubject, load_moment, moment_subject
from store.care.program_files import Program
from store.care.programs import program_of
from store.care.questionnaire.plan import FormKind
from store.care.questionnaire.schedule import OccasionState
from store.care.safety_plans import versions_of
from store.foundation.access import Action, DataCategory, Standing, Subject, Who
from store.foundation.errors import Refused
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.people.crisis_numbers import confirmed_by, with_numbers
from store.people.residents import ResidentActor, known_person
from store.people.staff import name_for_residents
from store.views.form_graph import Series, scores_of
from store.views.moment import SEES
from store.views.plans import plans_of_resident
from store.views.residents_side import resident_self

LOOKS: frozenset[Who] = SEES | {Standing.RESIDENT, Standing.PROXY}
"""Who reads the resident's side: whose it is, and who sees the moment."""


class Part(StrEnum):
    """What of the resident's side is opened; the value stands in the log."""

    START = "startsidan"
    STEP = "ett steg"
    FORM = "ett formulär"
    MESSAGES = "meddelanden"
    ACTIVITIES = "aktiviteter"
    SAFETY_PLAN = "säkerhetsplan"
    SCORES = "resultat"


@dataclass(frozen=True)
class ResidentsStep:
    """A step that the resident can open."""

    id: str
    title: str
    is_read: bool


@dataclass(frozen=True)
class ResidentsModule:
    """A module with the steps that the resident can open."""

    id: str
    title: str
    number: int | None
    steps: tuple[ResidentsStep, ...]


@dataclass(frozen=True)
class ResidentsForm:
    """A form that the resident is, or was, asked to answer. Instants are UTC milliseconds."""

    id: str
    title: str
    kind: FormKind
    is_due: bool
    """Whether an answer is waited for."""
    is_open: bool
    """Whether it can be answered now, as far as the form is concerned."""
    answered_at: int | None
    next_at: int | None
    """When it is to be answered next, where it is not due."""


@dataclass(frozen=True)
class ResidentsPage:
    """A moment as the resident sees it. Instants are UTC milliseconds."""

    id: int
    name: str
    """The resident's: Förnamn Efternamn."""
    program_title: str
    unit_name: str
    clinician: str
    """The ansvarig behandlare, as residents may know it."""
    status: MomentStatus
    modules: tuple[ResidentsModule, ...]
    forms: tuple[ResidentsForm, ...]
    unread: int
    """Messages that the resident has not read."""
    to_do_today: int
    """Activities of today that are not marked."""
    has_activities: bool
    has_plan: bool
    """Whether anything stands in the säkerhetsplan."""
    plan_is_news: bool
    """Whether staff wrote the säkerhetsplan last, after the resident was last active."""
    shows_scores: bool
    next_at: int | None
    """When a message comes that is on its way; None where none is."""

    @property
    def due(self) -> tuple[ResidentsForm, ...]:
        """The forms whose answer is waited for."""
        return tuple(form for form in self.forms if form.is_due)

    @property
    def is_running(self) -> bool:
        """Whether anything can be answered, written or marked."""
        return self.status is MomentStatus.RUNNING

    @property
    def next_step(self) -> tuple[ResidentsModule, ResidentsStep] | None:
        """The first step that is not read, with its module, while the moment runs."""
        unread = ((module, step) for module in self.modules for step in module.steps if not step.is_read)
        return next(unread, None) if self.is_running else None

    @property
    def news(self) -> int:
        """How many things are new, or to be done."""
        things = (self.unread, self.to_do_today, self.plan_is_news, self.next_step is not None)
        return len(self.due) + sum(map(bool, things))


@operation("Öppna invånarens sida", may=LOOKS, action=Action.READ, category=DataCategory.RECORD, on=moment_subject)
def open_residents_side(_work: ReadTransaction, _moment: MomentSubject, part: Part) -> None:
    """Note that a part of the resident's side is opened, to look at; what is read there follows."""


@operation("Läsa om invånarens sida", may=LOOKS, action=None, category=DataCategory.RECORD, on=moment_subject)
def residents_page(work: ReadTransaction, moment: MomentSubject) -> ResidentsPage:
    """Return the start page of a moment."""
    return _page(work, moment)


@operation(
    "Se sina egna program",
    may={Standing.RESIDENT, Standing.PROXY},
    action=None,
    category=DataCategory.RECORD,
    on=resident_self,
)
def own_programs(work: ReadTransaction, resident: Subject) -> tuple[ResidentsPage, ...]:
    """Return the start pages of a resident's moments on any unit: those that go on first, the newest first of them."""
    ids = work.db.values(
        "SELECT id FROM moment WHERE resident_id = :resident ORDER BY ended_at IS NOT NULL, started_at DESC, id DESC",
        resident=resident.resident_id,
    )
    return tuple(_page(work, load_moment(work, one)) for one in ids)


@operation("Läsa ett steg på invånarens sida", may=LOOKS, action=None, category=DataCategory.MODULES, on=moment_subject)
def residents_step(work: ReadTransaction, moment: MomentSubject, step: str) -> str:
    """Return a step's text, in Markdown, and leave it as unread as it was.

    Raises:
        Refused: the resident cannot open the step.
    """
    program = program_of(work.db, moment.version_id)
    page = program.step(step)
    if page is None or step not in readable_steps(work, moment, program):
        raise Refused("Steget är inte öppet för invånaren.", field="steg")
    return with_numbers(page.text, confirmed_by(work.db, moment.unit_id))


@operation(
    "Läsa ett formulär på invånarens sida", may=LOOKS, action=None, category=DataCategory.FORMS, on=moment_subject
)
def residents_form(work: ReadTransaction, moment: MomentSubject, form: str) -> AskedForm:
    """Return a form as the resident is asked it.

    Raises:
        Refused: the resident is not asked it.
    """
    return asked_form(work, moment, form)


@operation("Läsa resultat på invånarens sida", may=LOOKS, action=None, category=DataCategory.FORMS, on=moment_subject)
def residents_scores(work: ReadTransaction, moment: MomentSubject) -> tuple[Series, ...]:
    """Return the scores over time that the resident sees.

    Raises:
        Refused: the program shows residents none.
    """
    program = program_of(work.db, moment.version_id)
    if not program.shows_scores:
        raise Refused(f"{program.title} visar inga resultat för invånaren.")
    return scores_of(work, moment)


class _Row(NamedTuple):
    responsible_id: int
    last_active_at: int | None
    ended_at: int | None
    unit_name: str


def _page(work: ReadTransaction, moment: MomentSubject) -> ResidentsPage:
    row = work.db.single(
        _Row,
        "SELECT m.responsible_id, m.last_active_at, m.ended_at, u.name AS unit_name FROM moment m"
        " JOIN unit u ON u.id = m.unit_id WHERE m.id = :id",
        id=moment.moment_id,
    )
    someone = known_person(work.db, moment.resident_id)
    program = program_of(work.db, moment.version_id)
    until = None if isinstance(work.actor, ResidentActor) else row.ended_at  # what came later is other care's
    versions = [one for one in versions_of(work, moment.resident_id, moment.unit_id, until) if not one.beside]
    newest = versions[0] if versions else None
    own = plans_of_resident(work, moment)
    can_mark = moment.status is MomentStatus.RUNNING
    today = next((day for day in own.week.days if day.day == work.today), None)
    return ResidentsPage(
        id=moment.moment_id,
        name=f"{someone.given_name} {someone.family_name}",
        program_title=program.title,
        unit_name=row.unit_name,
        clinician=name_for_residents(work, row.responsible_id),
        status=moment.status,
        modules=tuple(_modules(work, moment, program)),
        forms=tuple(_forms(work, moment)),
        unread=_unread(work, moment),
        to_do_today=sum(one.is_done is None for one in today.activities) if today and can_mark else 0,
        has_activities=bool(own.plans),
        has_plan=newest is not None and not newest.texts.is_blank,
        plan_is_news=newest is not None and not newest.by_resident and newest.saved_at > (row.last_active_at or 0),
        shows_scores=program.shows_scores,
        next_at=work.db.value(
            "SELECT min(release_at) FROM message WHERE resident_id = :resident AND moment_id = :moment"
            " AND release_at > :now",
            **_place(moment),
            now=work.now,
        ),
    )


def _modules(work: ReadTransaction, moment: MomentSubject, program: Program) -> Iterator[ResidentsModule]:
    """Yield the modules of which the resident can open a step; of an ended moment none can be opened."""
    if moment.status is MomentStatus.ENDED:
        return
    readable, read = set(readable_steps(work, moment, program)), read_steps(work, moment)
    for module in program.modules:
        steps = tuple(
            ResidentsStep(step.id, step.title, step.id in read) for step in module.steps if step.id in readable
        )
        if steps:
            yield ResidentsModule(module.id, module.title, module.number, steps)


def _forms(work: ReadTransaction, moment: MomentSubject) -> Iterator[ResidentsForm]:
    """Yield the forms that the resident has to do with: homework once its module is open, a unit's own once asked for.

    Those that are due come first.
    """
    opened = opened_modules(work, moment)
    asked = work.db.values(
        "SELECT DISTINCT form FROM formrequest WHERE resident_id = :resident AND moment_id = :moment",
        **_place(moment),
    )
    answered = dict(
        work.db.pairs(
            "SELECT form, max(saved_at) FROM formanswer WHERE resident_id = :resident AND moment_id = :moment"
            " GROUP BY form",
            **_place(moment),
        )
    )
    by_form = {one.form: one for one in measurements(work, moment)}
    forms = (*own_forms(work, moment), *requested_forms(work, moment, asked))
    found = [
        _form(form, by_form.get(form.id), answered.get(form.id), can_answer=moment.status in ANSWERABLE.among)
        for form in forms
        if form.plan.module is None or form.plan.module in opened
    ]
    yield from sorted(found, key=lambda form: not form.is_due)


def _form(form: Form, measured: Measurement | None, answered_at: int | None, *, can_answer: bool) -> ResidentsForm:
    """Return a form: homework is waited for until it is answered once, a measurement on its occasions."""
    planned = measured.in_state(OccasionState.PLANNED) if measured else ()
    if form.plan.kind is FormKind.HOMEWORK:
        is_due = answered_at is None
    else:
        is_due = measured is not None and bool(measured.in_state(OccasionState.DUE))
    is_free = measured is None or form.plan.kind is not FormKind.BATTERY
    return ResidentsForm(
        id=form.id,
        title=form.title,
        kind=form.plan.kind,
        is_due=is_due and can_answer,
        is_open=is_due or is_free,
        answered_at=answered_at,
        next_at=planned[0].due_at if planned and can_answer else None,
    )


def _unread(work: ReadTransaction, moment: MomentSubject) -> int:
    return int(
        work.db.value(
            "SELECT count(*) FROM message WHERE resident_id = :resident AND moment_id = :moment AND sender = :sender"
            " AND read_at IS NULL AND release_at <= :now",
            **_place(moment),
            sender=Sender.CLINICIAN.value,
            now=work.now,
        )
        or 0
    )


def _place(moment: MomentSubject) -> dict[str, int]:
    return {"resident": moment.resident_id, "moment": moment.moment_id}
