"""Sending notices on: each is leased, tried, and settled; at least once, under one stable key (domain.md §8)."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

from store.care.moments import MOMENT_COLUMNS, MomentStatus, MomentSubject
from store.care.notices import OF_THE_PROGRAM, NoticeKind, NoticeState, recipients
from store.foundation.access import Action, DataCategory, Role, Standing
from store.foundation.clock import Instant
from store.foundation.events import EventKind
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work
from store.people.channels import CHANNELS, NO_CHANNEL, Channel
from store.people.residents import known_person

LEASE = 10 * 60_000
"""Milliseconds that a sender has for one notice; of one that stopped in the middle it is due again after them."""

MOST_ATTEMPTS = 30
"""With `_wait` about a day."""

LATE = 60 * 60_000
"""Milliseconds after which a notice that has not gone is told of."""

_LATE_ATTEMPTS = 7
"""So many attempts take longer than that, by `_wait`, though each makes the notice due anew."""

SUBJECT = "Stöd och behandling på 1177"
TEXTS = {
    NoticeKind.PROGRAM_STARTED: "Du har fått tillgång till något nytt på 1177. Logga in på 1177.se för att läsa.",
    NoticeKind.REMINDER: "Påminnelse: det finns något för dig att läsa på 1177. Logga in på 1177.se.",
    NoticeKind.MESSAGE: "Du har ett nytt meddelande i din inkorg på 1177. Logga in på 1177.se för att läsa det.",
    NoticeKind.COLLECTED: "Du har nytt att läsa i din inkorg på 1177. Logga in på 1177.se.",
    NoticeKind.STAFF_MESSAGE: "Det finns en ny händelse i Stöd och behandling. Logga in för att se den.",
    NoticeKind.STAFF_PRIORITY: "Det finns en prioriterad händelse i Stöd och behandling. Logga in nu för att se den.",
}
"""What a notice says: no health data, no name, not even the program's (3 kap. 15 §)."""


@dataclass(frozen=True)
class Outgoing:
    """A notice that is to be sent now. `others` are settled by the same sending; `due_at` in UTC milliseconds."""

    id: int
    others: tuple[int, ...]
    key: str
    """The same at every attempt, in no other store's notice."""
    kind: str
    channel: Channel
    address: str
    subject: str
    text: str
    due_at: int


@dataclass(frozen=True)
class Waiting:
    """How many notices wait, how many of them should have gone, and when the next is due (UTC milliseconds)."""

    number: int
    overdue: int
    late: int
    """Overdue by an hour, or tried for an hour in vain: a person is to be told."""
    next_at: int | None


@dataclass(frozen=True)
class UnitNotices:
    """What waits on a unit."""

    waiting: Waiting
    oldest_due: int | None
    """When the oldest of what is late should have gone; None where all that is late is about to be tried again."""


@dataclass(frozen=True)
class NoticeSubject(MomentSubject):
    """A notice with the moment that it is about."""

    notice_id: int = 0
    kind: str = ""
    is_to_staff: bool = False
    attempts: int = 0


def notice_subject(work: ReadTransaction, notice: int) -> NoticeSubject | None:
    """Return a notice with its moment, both locked, since what becomes of the notice is an event in the moment."""
    return work.db.one(
        NoticeSubject,
        f"SELECT {MOMENT_COLUMNS}, n.id AS notice_id, n.kind, n.recipient_id IS NULL AS is_to_staff, n.attempts"
        " FROM notice n JOIN moment m ON m.id = n.moment_id JOIN resident r ON r.id = m.resident_id"
        f" WHERE n.id = :id{work.for_update('m, n')}",
        id=notice,
    )


class _Due(NamedTuple):
    id: int
    kind: NoticeKind
    due_at: int
    resident_id: int
    recipient_id: int | None
    status: MomentStatus
    attempts: int
    channel: str
    address: str


_BY = "CASE WHEN n.staff_id IS NULL THEN r.channel ELSE n.channel END"
"""The name of the channel: a resident's own setting when it is sent, a staff member's as the notice was written."""


def _due() -> str:
    """Return the query of the notice that has been due longest, by the channels that are asked for, or by none."""
    addresses = " ".join(
        f"WHEN '{one.name}' THEN CASE WHEN n.staff_id IS NULL THEN r.{one.address} ELSE s.{one.address} END"
        for one in CHANNELS.values()
    )
    asked = ", ".join(f":{one.name}" for one in CHANNELS.values())
    return (
        f"SELECT n.id, n.kind, n.due_at, n.resident_id, n.recipient_id, m.status, n.attempts, {_BY} AS channel,"
        f" CASE {_BY} {addresses} ELSE '' END AS address"
        " FROM notice n JOIN moment m ON m.id = n.moment_id"
        " LEFT JOIN resident r ON r.id = n.recipient_id LEFT JOIN staff s ON s.id = n.staff_id"
        f" WHERE n.state = 'vantar' AND n.due_at <= :now AND {_BY} IN ({asked}, '{NO_CHANNEL}')"
        " ORDER BY n.due_at, n.id LIMIT 1"
    )


@operation("Ta en avisering för att skicka den", may={Standing.OPERATOR}, action=None, category=DataCategory.RECORD)
def claim_notice(work: Work, channels: frozenset[Channel]) -> Outgoing | None:
    """Lease the notice that has been due longest, of those that go by the channels; None where none is due.

    On the way, notices that nobody can receive, whose moment no longer sends any, or whose recipient is ombud no more,
    are settled.
    """
    work.serialize("notices")
    asked = {one.name: one.name if one in channels else "-" for one in CHANNELS.values()}
    while due := work.db.one(_Due, _due(), now=work.now, **asked):
        is_off = due.kind in OF_THE_PROGRAM and due.status is not MomentStatus.RUNNING
        if is_off or not _may_be_told(work, due.resident_id, due.recipient_id):
            _settle(work, [due.id], NoticeState.CANCELLED)
        elif due.attempts >= MOST_ATTEMPTS:  # whatever stopped each sender before it could tell
            notice_failed(work, due.id, (), "inget av försöken blev klart")
        elif not due.address:
            _settle(work, [due.id], NoticeState.UNREACHED)
        else:
            return _leased(work, due)
    return None


def _leased(work: Work, due: _Due) -> Outgoing:
    """Lease a notice with the others that the same sending settles, and return it."""
    others = () if due.recipient_id is None else _others(work, due.id, due.kind, due.recipient_id)
    _lease(work, (due.id, *others))
    _log_address(work, due)
    return Outgoing(
        id=due.id,
        others=others,
        key=_key(work, due.id),
        kind=due.kind.value,
        channel=CHANNELS[due.channel],
        address=due.address,
        subject=SUBJECT,
        text=TEXTS[due.kind],
        due_at=due.due_at,
    )


def _log_address(work: Work, due: _Due) -> None:
    """Say in the log whose address is handed out; staff's is nobody's in care."""
    about = notice_subject(work, due.id)
    if about is None or due.recipient_id is None:
        return
    to = known_person(work.db, due.recipient_id)
    work.log(Action.READ, replace(about, resident_id=to.id, personnummer=to.personnummer, name=to.name))


@operation(
    "Notera att en avisering är skickad",
    may={Standing.OPERATOR},
    action=Action.SENT,
    category=DataCategory.RECORD,
    on=notice_subject,
)
def notice_sent(work: Work, notice: NoticeSubject, others: tuple[int, ...] = ()) -> None:
    """Settle a notice, and those that it stands for."""
    if _settle(work, (notice.notice_id, *others), NoticeState.SENT):
        _tell(work, notice, EventKind.NOTICE_SENT)


@operation(
    "Notera att en avisering inte kan levereras",
    may={Standing.OPERATOR},
    action=Action.CHANGED,
    category=DataCategory.RECORD,
    on=notice_subject,
)
def notice_failed(work: Work, notice: NoticeSubject, others: tuple[int, ...], reason: str) -> None:
    """Give a notice up; the clinician sees it. `reason` names nobody."""
    if _settle(work, (notice.notice_id, *others), NoticeState.FAILED, reason):
        _tell(work, notice, EventKind.NOTICE_FAILED, reason=reason)


@operation(
    "Skjuta upp en avisering", may={Standing.OPERATOR}, action=None, category=DataCategory.RECORD, on=notice_subject
)
def notice_postponed(work: Work, notice: NoticeSubject, others: tuple[int, ...], reason: str) -> None:
    """Let a notice be tried again, ever later; after `MOST_ATTEMPTS` it is given up."""
    if notice.attempts >= MOST_ATTEMPTS:
        notice_failed(work, notice.notice_id, others, reason)
        return
    for one in (notice.notice_id, *others):
        work.db.run(
            "UPDATE notice SET due_at = :later, fault = :reason WHERE id = :id AND state = 'vantar'",
            later=work.now + _wait(notice.attempts),
            reason=reason,
            id=one,
        )


@operation(
    "Lämna tillbaka en avisering", may={Standing.OPERATOR}, action=None, category=DataCategory.RECORD, on=notice_subject
)
def notice_released(work: Work, notice: NoticeSubject, others: tuple[int, ...], due_at: int) -> None:
    """Give back what could not be tried: no attempt is counted, and it has been due since it was (`Outgoing.due_at`).

    So a channel that is down for long shows as notices that are late.
    """
    for one in (notice.notice_id, *others):
        work.db.run(
            "UPDATE notice SET due_at = :due_at, attempts = attempts - 1 WHERE id = :id AND state = :waiting",
            due_at=due_at,
            id=one,
            waiting=NoticeState.WAITING.value,
        )


@operation("Se hur många aviseringar som hålls", may={Standing.OPERATOR}, action=None)
def held_notices(work: ReadTransaction) -> int:
    """Return how many notices are held since the store was restored from a backup."""
    return int(work.db.value("SELECT count(*) FROM notice WHERE state = :held", held=NoticeState.HELD.value))


@operation("Släppa aviseringar som hålls", may={Standing.OPERATOR}, action=Action.CHANGED, category=DataCategory.RECORD)
def release_notices(work: Work) -> int:
    """Let notices that are held go when they are due; returns how many there were."""
    released = work.db.run(
        "UPDATE notice SET state = :waiting WHERE state = :held",
        waiting=NoticeState.WAITING.value,
        held=NoticeState.HELD.value,
    )
    work.log(Action.CHANGED, details=f"{released} aviseringar släppta")
    return released


@operation("Se hur många aviseringar som väntar", may={Standing.OPERATOR}, action=None)
def waiting_notices(work: ReadTransaction) -> Waiting:
    """Return what waits in the whole store."""
    return waiting(work)


@operation("Se om enhetens aviseringar går ut", may={Role.ACCESS_ADMIN}, action=None)
def unit_notices(work: ReadTransaction) -> UnitNotices:
    """Return what waits on the unit, and how much of it should have gone long ago."""
    oldest_due = work.db.value(
        "SELECT min(due_at) FROM notice WHERE unit_id = :unit AND state = 'vantar' AND due_at <= :long_ago",
        unit=work.actor.unit_id,
        long_ago=work.now - LATE,
    )
    return UnitNotices(waiting(work, work.actor.unit_id), oldest_due)


def waiting(work: ReadTransaction, unit_id: int | None = None) -> Waiting:
    """Return what waits in the whole store, or on a unit; part of operations."""
    found = work.db.single(
        Waiting,
        "SELECT count(*) AS number, coalesce(sum(CASE WHEN due_at <= :now THEN 1 ELSE 0 END), 0) AS overdue,"
        " coalesce(sum(CASE WHEN due_at <= :long_ago OR attempts >= :attempts THEN 1 ELSE 0 END), 0) AS late,"
        " min(due_at) AS next_at FROM notice"
        " WHERE state = 'vantar' AND (:unit = 0 OR unit_id = :unit)",
        now=work.now,
        long_ago=work.now - LATE,
        attempts=_LATE_ATTEMPTS,
        unit=unit_id or 0,
    )
    return replace(found, overdue=int(found.overdue), late=int(found.late))  # PostgreSQL's sum is no int


def _may_be_told(work: ReadTransaction, resident_id: int, recipient_id: int | None) -> bool:
    """Whether an ombud still is one: a child, or a guardian, may have become protected since the notice was written."""
    if recipient_id in (None, resident_id):
        return True
    return any(someone.id == recipient_id for someone in recipients(work, resident_id))


def _others(work: Work, notice: int, kind: NoticeKind, recipient_id: int) -> tuple[int, ...]:
    """Other collected notices of the same person that are due too, whatever moment they are of."""
    if kind is not NoticeKind.COLLECTED:
        return ()
    found = work.db.values(
        "SELECT id FROM notice WHERE state = 'vantar' AND due_at <= :now AND kind = :kind"
        " AND recipient_id = :recipient AND id <> :id ORDER BY id",
        now=work.now,
        kind=NoticeKind.COLLECTED.value,
        recipient=recipient_id,
        id=notice,
    )
    return tuple(found)


def _key(work: ReadTransaction, notice: int) -> str:
    return f"sob.{work.db.value('SELECT created_at FROM store_info')}.{notice}"


def _lease(work: Work, notices: Iterable[int]) -> None:
    for notice in notices:
        work.db.run(
            "UPDATE notice SET due_at = :until, attempts = attempts + 1 WHERE id = :id",
            until=work.now + LEASE,
            id=notice,
        )


def _settle(work: Work, notices: Iterable[int], state: NoticeState, fault: str = "") -> bool:
    """Settle notices; returns whether the first was. What is sent stays so, whatever a sender tells after its lease."""
    changed = [
        work.db.run(
            "UPDATE notice SET state = :state, fault = :fault, done_at = :now WHERE id = :id AND state <> :sent",
            state=state.value,
            fault=fault,
            now=work.now,
            id=notice,
            sent=NoticeState.SENT.value,
        )
        for notice in notices
    ]
    return bool(changed[0])


def _tell(work: Work, notice: NoticeSubject, kind: EventKind, **facts: object) -> None:
    """Write what became of a notice to the resident's side on the timeline; staff's own are nobody else's business."""
    if not notice.is_to_staff:
        work.event(notice, kind, notice=notice.kind, **facts)


def _wait(attempts: int) -> Instant:
    return Instant(min(60, 2 ** (attempts - 1)) * 60_000)
