"""*Att göra*: one queue over all that waits for a person, the most urgent first (domain.md §5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from store.care.duties import DUTY_ROLES, UnitDuty, own_duties
from store.care.set_aside import set_aside
from store.foundation.access import Action, DataCategory, Role
from store.foundation.clock import Instant, local, start_of
from store.foundation.errors import NotPermitted, Refused
from store.foundation.flag_kinds import IS_URGENT, MatterKind, Severity
from store.foundation.hsa_id import hsa_key
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work
from store.people.served import serve_moments
from store.people.sign_in import as_staff
from store.people.staff import Colleague, colleague_on
from store.people.substitutions import covered_today, lost_stand_ins
from store.views.handovers import OfferedMoment, handovers
from store.views.matters import WAITING, Matter, Whose, matters_of

READERS = DUTY_ROLES
"""A queue of residents' matters is for those of `IN_CARE`; the others have the unit's duties in theirs."""
IN_CARE = frozenset({Role.CLINICIAN, Role.RESIDENT_ADMIN})


@operation("Öppna Att göra", may=READERS, action=Action.LISTED, category=DataCategory.RECORD)
def open_todo(work: ReadTransaction, of: str | None = None) -> list[Matter]:
    """Return the queue of the one who acts; opening it is logged with the number of rows.

    Args:
        of: HSA-id of another clinician of the unit, whose queue an invånaradministratör works in.

    Raises:
        NotPermitted: another's queue, and the one who asks is no invånaradministratör.
    """
    queue = _queue(work, of)
    work.open_visit(_place(work, of))
    _serve(work, of, queue)
    work.log(Action.LISTED, details=f"att göra{f' för {of}' if of else ''}: {len(queue)} rader")
    return queue


@operation("Läsa om Att göra", may=READERS, action=None, category=DataCategory.RECORD)
def todo_again(work: ReadTransaction, of: str | None = None) -> list[Matter]:
    """Return the queue again, as a refresh does."""
    queue = _queue(work, of)
    _serve(work, of, queue)
    return queue


@dataclass(frozen=True)
class QueueCount:
    """How much waits in a queue, and the ids of its unhandled prioriterade flaggor; nothing of whom it is about."""

    number: int
    urgent: frozenset[int]
    taken: Mapping[int, int] = field(default_factory=dict)
    """Of these, by id, those that somebody is on, and until when (UTC milliseconds)."""
    again: Mapping[int, int] = field(default_factory=dict)
    """Of these, by id, those whose resident is to be tried again, and when (UTC milliseconds)."""
    lost_stand_ins: tuple[str, ...] = ()
    """What is to be said of one's own ställföreträdare who fell away; none where the queue is another's."""


@operation("Räkna ärendena i Att göra", may=READERS, action=None)
def count_todo(work: ReadTransaction) -> QueueCount:
    """Return how much waits for the one who acts."""
    return replace(count_of(_queue(work, None)), lost_stand_ins=lost_stand_ins(work))


def count_of(queue: Iterable[Matter]) -> QueueCount:
    """Return how much waits in a queue that was read."""
    queue = list(queue)
    urgent = {one.flag: one for one in queue if one.severity is Severity.PRIORITY and one.flag is not None}
    taken = {flag: one.taken.until for flag, one in urgent.items() if one.taken is not None}
    again = {flag: one.next_attempt_at for flag, one in urgent.items() if one.next_attempt_at is not None}
    return QueueCount(len(queue), frozenset(urgent), taken, again)


def _serve(work: ReadTransaction, of: str | None, queue: list[Matter]) -> None:
    serve_moments(work, _place(work, of), (matter.moment for matter in queue if matter.duty is None))


def _place(work: ReadTransaction, of: str | None) -> str:
    return f"att göra {hsa_key(of or work.actor.hsa_id or '')}"


@operation("Skjuta upp ett ärende i kön", may=IN_CARE, action=None, category=DataCategory.RECORD)
def set_matter_aside(work: Work, matter: str, until: date, reason: str, of: str | None = None) -> None:
    """Set a matter of the queue aside until a day; the moment's own operation checks who may, and logs it.

    Raises:
        Refused: it is a prioriterad flagga, or the day or the reason is wrong.
        NotPermitted: the queue has no such matter.
    """
    found = next((one for one in _queue(work, of) if one.id == matter), None)
    if found is None:
        raise NotPermitted
    if found.duty is not None:
        raise Refused(
            "En uppgift kan inte skjutas upp. Gör den, och anteckna att den är gjord.", helps=("finish_duty",)
        )
    if found.handover is not None:
        raise Refused(
            "En överlämning kan inte skjutas upp. Ta emot den, eller avvisa den med en orsak.",
            helps=("accept_handover", "decline_handover"),
        )
    if found.severity is Severity.PRIORITY:
        raise Refused(_NEVER_ASIDE, helps=("handle_flag",))
    set_aside(work, found.moment, matter, until, reason, mark=found.mark)


_NEVER_ASIDE = "En prioriterad flagga kan inte skjutas upp. Hantera den, med en anteckning om vad som har gjorts."


def _mine(staff: Iterable[int]) -> str:
    """Return the condition for the moments of some clinicians where something may wait, and all with a priority flag.

    Two index ranges: asked with OR, SQLite looks through the whole unit.
    """
    whose = ", ".join(map(str, staff))  # ids of our own
    return (
        "m.id IN (SELECT m.id FROM moment m WHERE m.unit_id = :unit"
        f" AND m.responsible_id IN ({whose}) AND {WAITING}"
        f" UNION SELECT m.id FROM moment m WHERE m.unit_id = :unit AND {IS_URGENT})"
    )


def _queue(work: ReadTransaction, of: str | None) -> list[Matter]:
    whose = _whose(work, of)
    duties = _duties(work) if whose.staff_id == as_staff(work.actor).staff_id else []
    if not IN_CARE & as_staff(work.actor).roles:
        return duties
    covered = covered_today(work, work.actor.unit_id or 0, whose.staff_id)
    where = _mine(sorted({whose.staff_id, *covered}))
    names = {one.hsa_id: one.name for one in covered.values()}
    found = matters_of(work, Whose(where, {"unit": work.actor.unit_id}))
    own = [
        replace(one, stands_in_for=names.get(one.clinician, ""))
        for one in found
        if one.clinician == whose.hsa_id or one.clinician in names or one.severity is Severity.PRIORITY
    ]
    return sorted((*own, *_offered(work, of), *duties), key=lambda matter: matter.order)


def _offered(work: ReadTransaction, of: str | None) -> list[Matter]:
    """Return what other units offer: it waits for the invånaradministratörer, and is in nobody else's queue."""
    actor = as_staff(work.actor)
    own = actor.hsa_id or ""
    if Role.RESIDENT_ADMIN not in actor.roles or hsa_key(of or own) != hsa_key(own):
        return []
    return [_handover(one) for one in handovers(work) if one.is_to_us]


def _duties(work: ReadTransaction) -> list[Matter]:
    """Return the duties that are delegated to the one who acts, from the time when they are due soon."""
    return sorted(map(_duty, own_duties(work)), key=lambda matter: matter.order)


def _duty(duty: UnitDuty) -> Matter:
    return Matter(
        id=f"{MatterKind.DUTY}-{duty.kind}",
        moment=0,
        resident=0,
        name="",
        protected=False,
        program_title="",
        clinician="",
        kind=MatterKind.DUTY,
        reason=f"{duty.title}: {duty.said}",
        since=start_of(date.fromisoformat(duty.due_on)),
        duty=duty.kind,
        is_overdue=duty.is_overdue,
    )


def _handover(offered: OfferedMoment) -> Matter:
    """Return the matter of an offer, which an unhandled prioriterad flagga in the moment lifts."""
    since = offered.priority_since
    said = "" if since is None else f", med ohanterad prioriterad flagga sedan {local(Instant(since)):%Y-%m-%d %H.%M}"
    return Matter(
        id=f"{MatterKind.HANDOVER}-{offered.moment}",
        moment=offered.moment,
        resident=offered.resident,
        name=offered.name,
        protected=offered.protected,
        program_title=offered.program_title,
        clinician="",
        kind=MatterKind.HANDOVER,
        reason=f"Överlämning från {offered.from_unit}{said}",
        since=offered.offered_at,
        severity=Severity.PRIORITY if offered.priority_flags else None,
        handover=offered.moment,
    )


def _whose(work: ReadTransaction, of: str | None) -> Colleague:
    """Return the one whose queue it is; one who is active no more may have left something waiting."""
    actor = as_staff(work.actor)
    found = colleague_on(work.db, actor.unit_id or 0, of or actor.hsa_id or "")
    if found is None or (found.staff_id != actor.staff_id and Role.RESIDENT_ADMIN not in actor.roles):
        raise NotPermitted
    return found
