"""One moment as *Hantera* shows it: the information panel and the modules with their steps (domain.md §4)."""

from dataclasses import dataclass
from typing import NamedTuple

from store.care.endings import end_reasons, left_undone
from store.care.forms import answered_form
from store.care.measurements import Measurement, measurements
from store.care.modules import hidden_parts, opened_modules, read_steps
from store.care.moments import MomentStatus, MomentSubject, moment_subject
from store.care.notices import NoticeState, is_reached
from store.care.program_files import Contact, Module, Section
from store.care.programs import program_of
from store.care.questionnaire.plan import FormKind
from store.foundation.access import Action, DataCategory, Role, Standing, Who
from store.foundation.flag_kinds import Severity, severity_of
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.people.residents import guardians_of, known_person, open_proxies, proxies_of, serve_proxies
from store.people.unit_programs import own_program
from store.people.units import SUPPORT
from store.views.catalog import contact_for
from store.views.handovers import PastHandover, past_handovers
from store.views.open_flags import OpenFlag, flags_among

SEES: frozenset[Who] = frozenset({Standing.RESPONSIBLE, Standing.SUBSTITUTE, Role.RESIDENT_ADMIN, Standing.WATCHING})
"""Who sees all of a moment (domain.md §5)."""


@dataclass(frozen=True)
class StepState:
    """A step, and when it was first read (UTC milliseconds)."""

    id: str
    title: str
    read_at: int | None


@dataclass(frozen=True)
class SectionState:
    """An avsnitt of a module; one without a title, with the module's id, where the module has no sections."""

    id: str
    title: str
    is_hidden: bool
    steps: tuple[StepState, ...]


@dataclass(frozen=True)
class ModuleState:
    """A module of the moment's program; `opened_at` is None until it is opened."""

    id: str
    title: str
    number: int | None
    opened_at: int | None
    is_hidden: bool
    sections: tuple[SectionState, ...]

    @property
    def steps(self) -> tuple[StepState, ...]:
        """All steps in order."""
        return tuple(step for section in self.sections for step in section.steps)

    @property
    def read(self) -> int:
        """How many of the steps are read."""
        return sum(step.read_at is not None for step in self.steps)


@dataclass(frozen=True)
class WaitingForm:
    """An unread answer. `kind` is a `FormKind`, `saved_at` UTC milliseconds."""

    id: int
    form: str
    title: str
    kind: str
    saved_at: int


@dataclass(frozen=True)
class WaitingConversation:
    """A conversation in which the resident has written what nobody has read, or answered. `at` is UTC milliseconds."""

    id: int
    heading: str
    unread: int
    """How many of the messages are unread; 0 where they are read and wait for an answer."""
    at: int
    """When the oldest of what waits was written."""


@dataclass(frozen=True)
class MomentPage:
    """All that *Hantera* shows. Instants are UTC milliseconds, `purge_by` is an ISO date."""

    id: int
    personnummer: str
    name: str
    """Efternamn, Förnamn."""
    protection: str
    entered_by_hand: bool
    mobile: str
    channel: str
    proxies: tuple[str, ...]
    """Those who may act as ombud, Förnamn Efternamn."""
    has_protected_guardian: bool
    program: str
    program_title: str
    status: str
    started_at: int
    ended_at: int | None
    end_reason: str
    last_active_at: int | None
    recommended_days: int
    purge_by: str
    clinician: str
    """HSA-id."""
    clinician_name: str
    is_mine: bool
    """Whether the one who looks is ansvarig behandlare."""
    is_covered: bool
    """Whether the one who looks stands in for the ansvarig behandlare."""
    unread_forms: int
    unread_messages: int
    drafts: int
    open_flags: int
    severity: Severity | None
    flags: tuple[OpenFlag, ...]
    """The open ones, the most urgent first."""
    offered_to: str
    """The name of the unit that it is offered to; empty where it is not."""
    handover: PastHandover | None
    """The latest offer to another unit, or by one, and what became of it; None where there was none."""
    left_undone: tuple[str, ...]
    """What waits, a sentence each, as ending it must say."""
    contact: Contact
    support: str
    """Whom the unit turns to with questions of the platform."""
    end_reasons: tuple[str, ...]
    modules: tuple[ModuleState, ...]
    is_reached: bool
    """Whether an avisering can reach the resident, or an ombud."""
    notice_fault: str
    """Why the latest avisering did not arrive; empty where it did, or waits."""
    waiting_forms: tuple[WaitingForm, ...]
    """The oldest first."""
    waiting_conversations: tuple[WaitingConversation, ...]
    """The oldest first."""
    measurements: tuple[Measurement, ...]
    has_diary: bool


@operation("Öppna ett moment", may=SEES, action=Action.READ, category=DataCategory.RECORD, on=moment_subject)
def open_moment(work: ReadTransaction, moment: MomentSubject) -> MomentPage:
    """Return the page; opening it is logged."""
    open_proxies(work, moment)
    return _served_page(work, moment)


@operation("Läsa om ett öppet moment", may=SEES, action=None, category=DataCategory.RECORD, on=moment_subject)
def refresh_moment(work: ReadTransaction, moment: MomentSubject) -> MomentPage:
    """Return the page again, as a refresh does."""
    return _served_page(work, moment)


def _served_page(work: ReadTransaction, moment: MomentSubject) -> MomentPage:
    """Return the page; those whom it names as ombud have rows of their own."""
    serve_proxies(work, moment)
    return page_of_moment(work, moment)


@operation(
    "Visa skyddade personuppgifter", may=SEES, action=Action.READ, category=DataCategory.RECORD, on=moment_subject
)
def reveal_protected(_work: ReadTransaction, moment: MomentSubject) -> tuple[str, str]:
    """Return a masked resident's personnummer and name: a choice of its own, logged (domain.md §8)."""
    return moment.personnummer, moment.name


class _Row(NamedTuple):
    started_at: int
    ended_at: int | None
    end_reason: str
    last_active_at: int | None
    open_flags: int
    severity_rank: int
    purge_by: str
    clinician: str
    clinician_name: str
    support: str


_ROW = (
    "SELECT m.started_at, m.ended_at, m.end_reason, m.last_active_at, m.open_flags, m.severity_rank, m.purge_by,"
    " s.hsa_id AS clinician, s.given_name || ' ' || s.family_name AS clinician_name, u.support"
    " FROM moment m JOIN staff s ON s.id = m.responsible_id JOIN unit u ON u.id = m.unit_id WHERE m.id = :id"
)


def page_of_moment(work: ReadTransaction, moment: MomentSubject) -> MomentPage:
    """Return the page; part of operations, which check who may and log it."""
    row = work.db.single(_Row, _ROW, id=moment.moment_id)
    someone = known_person(work.db, moment.resident_id)
    program = program_of(work.db, moment.version_id)
    return MomentPage(
        id=moment.moment_id,
        personnummer=someone.personnummer,
        name=someone.name,
        protection=someone.protection,
        entered_by_hand=bool(someone.entered_by_hand),
        mobile=someone.mobile,
        channel=someone.channel,
        proxies=tuple(f"{who.given_name} {who.family_name}" for who in proxies_of(work.db, someone, work.today)),
        has_protected_guardian=any(who.is_protected for who in guardians_of(work.db, someone.id)),
        program=program.id,
        program_title=program.title,
        status=moment.status.value,
        started_at=row.started_at,
        ended_at=row.ended_at,
        end_reason=row.end_reason,
        last_active_at=row.last_active_at,
        recommended_days=program.recommended_days,
        purge_by=row.purge_by,
        clinician=row.clinician,
        clinician_name=row.clinician_name,
        is_mine=Standing.RESPONSIBLE in work.actor.standing(moment),
        is_covered=Standing.SUBSTITUTE in work.actor.standing(moment),
        unread_forms=moment.unread_forms,
        unread_messages=moment.unread_messages,
        drafts=moment.drafts,
        open_flags=row.open_flags,
        severity=severity_of(row.severity_rank),
        flags=_open_flags(work, moment),
        offered_to=_unit_name(work, moment.offered_to),
        handover=next(iter(past_handovers(work, moment.moment_id)), None),
        left_undone=left_undone(moment),
        contact=contact_for(program, own_program(work, moment.unit_id, program.id)),
        support=row.support or SUPPORT,
        end_reasons=end_reasons(work, moment),
        modules=modules_of(work, moment, program.modules),
        is_reached=is_reached(work, moment.resident_id),
        notice_fault=_notice_fault(work, moment),
        waiting_forms=waiting_forms(work, moment),
        waiting_conversations=_waiting_conversations(work, moment),
        measurements=measurements(work, moment),
        has_diary=any(plan.kind is FormKind.DIARY for plan in program.plans),
    )


def _open_flags(work: ReadTransaction, moment: MomentSubject) -> tuple[OpenFlag, ...]:
    among = flags_among(work, "SELECT id, resident_id FROM moment WHERE id = :id", id=moment.moment_id)
    return among.get(moment.moment_id, ())


def _unit_name(work: ReadTransaction, unit_id: int | None) -> str:
    return str(work.db.value("SELECT name FROM unit WHERE id = :id", id=unit_id) or "") if unit_id else ""


def _notice_fault(work: ReadTransaction, moment: MomentSubject) -> str:
    latest = work.db.pairs(
        "SELECT state, fault FROM notice WHERE resident_id = :resident AND moment_id = :moment"
        " AND recipient_id IS NOT NULL AND done_at IS NOT NULL ORDER BY done_at DESC, id DESC LIMIT 1",
        resident=moment.resident_id,
        moment=moment.moment_id,
    )
    return next((str(fault) for state, fault in latest if state == NoticeState.FAILED), "")


def _waiting_conversations(work: ReadTransaction, moment: MomentSubject) -> tuple[WaitingConversation, ...]:
    """What is unread can be read in any status; only a running moment's can be answered."""
    rows = work.db.all(
        WaitingConversation,
        "SELECT id, heading, unread, coalesce(unanswered_at, latest_at) AS at FROM conversation"
        " WHERE resident_id = :resident AND moment_id = :moment"
        " AND (unread > 0 OR (:answers = 1 AND unanswered_at IS NOT NULL)) ORDER BY 4, id",
        resident=moment.resident_id,
        moment=moment.moment_id,
        answers=int(moment.status is MomentStatus.RUNNING),
    )
    return tuple(rows)


def waiting_forms(work: ReadTransaction, moment: MomentSubject) -> tuple[WaitingForm, ...]:
    """Return a moment's unread answers, the oldest first; part of operations."""
    if not moment.unread_forms:
        return ()
    rows = work.db.all(
        _Unread,
        "SELECT id, form, installed_id, saved_at FROM formanswer"
        " WHERE resident_id = :resident AND moment_id = :moment AND read_at IS NULL ORDER BY saved_at, id",
        resident=moment.resident_id,
        moment=moment.moment_id,
    )
    found = []
    for row in rows:
        form = answered_form(work, moment, row.form, row.installed_id)
        found.append(WaitingForm(row.id, row.form, form.title, form.plan.kind.value, row.saved_at))
    return tuple(found)


class _Unread(NamedTuple):
    id: int
    form: str
    installed_id: int | None
    saved_at: int


def modules_of(work: ReadTransaction, moment: MomentSubject, modules: tuple[Module, ...]) -> tuple[ModuleState, ...]:
    """Return how far a moment has come in modules of its program; part of operations."""
    opened, hidden, read = opened_modules(work, moment), hidden_parts(work, moment), read_steps(work, moment)

    def section_state(section: Section) -> SectionState:
        steps = tuple(StepState(step.id, step.title, read.get(step.id)) for step in section.steps)
        return SectionState(section.id, section.title, section.id in hidden, steps)

    return tuple(
        ModuleState(
            id=module.id,
            title=module.title,
            number=module.number,
            opened_at=opened.get(module.id),
            is_hidden=module.id in hidden,
            sections=tuple(section_state(section) for section in module.sections),
        )
        for module in modules
    )
