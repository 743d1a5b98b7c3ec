"""Aviseringar to residents and notifieringar to staff, as they wait to be sent (domain.md §8).

They carry no health data and no program name; what they say stands in `store.care.delivery`, which also sends them on.
"""

from collections.abc import Iterable
from enum import StrEnum
from typing import Any

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from store.foundation.access import Subject
from store.foundation.clock import Instant
from store.foundation.read_transaction import ReadTransaction
from store.foundation.tables import EMPTY
from store.foundation.work import Work
from store.people.channels import CHANNELS, Channel, by_word
from store.people.residents import Person, known_person, proxies_of
from store.people.staff import clinicians_of
from store.people.substitutions import substitutes_today
from store.people.units import collects_at


class NoticeKind(StrEnum):
    """Why a notice goes out; the value is stored."""

    PROGRAM_STARTED = "program-startat"
    REMINDER = "paminnelse"
    MESSAGE = "meddelande"
    COLLECTED = "uppsamlat"
    STAFF_MESSAGE = "personal-meddelande"
    STAFF_PRIORITY = "personal-prioriterat"


OF_THE_PROGRAM = (NoticeKind.PROGRAM_STARTED, NoticeKind.REMINDER)
"""What is of no use when the moment is over; a message in the inbox still is."""


class NoticeState(StrEnum):
    """Where a notice is on its way."""

    WAITING = "vantar"
    SENT = "skickad"
    FAILED = "misslyckad"
    UNREACHED = "nar-ingen"
    """The recipient takes no notices, or has no address for them."""
    CANCELLED = "aterkallad"
    HELD = "hallen"
    """It waited when a backup was made that the store was restored from: it may have gone since."""


class Delivery(StrEnum):
    """When the resident is told of a message (guide)."""

    DIRECT = "direkt"
    COLLECTED = "uppsamlat"


class Notice(SQLModel, table=True):
    """A notice in the outbox. A resident's channel and address are read when it is sent."""

    __table_args__ = (
        Index("notice_due", "state", "due_at"),
        Index("notice_moment", "resident_id", "moment_id"),
        Index("notice_staff", "staff_id", "done_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    resident_id: int = Field(foreign_key="resident.id")
    moment_id: int
    unit_id: int
    recipient_id: int | None = None
    """The resident, or the ombud, who is told; None where it is staff."""
    staff_id: int | None = None
    channel: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """A staff member's; a resident's is the resident's own setting."""
    kind: str
    state: str = NoticeState.WAITING.value
    due_at: int = Field(sa_type=BigInteger)
    """When it is sent, or tried again."""
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    fault: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """Why the last attempt failed."""
    done_at: int | None = Field(default=None, sa_type=BigInteger)
    message_id: int | None = None
    """The held message that it tells of: taken back, it takes the notice with it."""


def notify_resident(
    work: Work, subject: Subject, kind: NoticeKind, due_at: Instant, message_id: int | None = None
) -> None:
    """Put a notice in the outbox, in the transaction of what it tells of; for a child the ombud are told.

    `message_id` is the held message that it tells of. No other message relies on the notice of one that may be taken
    back: each has its own, and they are settled by one sending.
    """
    for someone in recipients(work, subject.resident_id):
        same = {"recipient_id": someone.id}
        if not (kind is NoticeKind.COLLECTED and _is_waiting(work, subject, kind, **same, message_id=None)):
            _add(work, subject, kind, due_at, **same, message_id=message_id)


def notify_of_message(
    work: Work, subject: Subject, delivery: Delivery, *, held: tuple[int, Instant] | None = None
) -> None:
    """Tell the resident of a message: at once, or with whatever else comes before the next forenoon.

    `held` is the message's id and when it goes, where that is later.
    """
    message, at = held or (None, work.now)
    if delivery is Delivery.DIRECT:
        notify_resident(work, subject, NoticeKind.MESSAGE, at, message)
    else:
        due_at = collects_at(work.db, subject.unit_id or 0, at)
        notify_resident(work, subject, NoticeKind.COLLECTED, due_at, message)


def cancel_held_notices(work: Work, subject: Subject, message: int) -> None:
    """Cancel the waiting notices of a message that is taken back."""
    _cancel(
        work,
        "resident_id = :resident AND moment_id = :moment AND message_id = :message",
        resident=subject.resident_id,
        moment=subject.moment_id,
        message=message,
    )


def notify_responsible(work: Work, subject: Subject, kind: NoticeKind) -> None:
    """Tell the moment's ansvarig behandlare, and who stands in today, as *Min profil* says; one however much waits."""
    responsible = subject.responsible_id or 0
    _notify_staff(work, subject, kind, [responsible, *substitutes_today(work, subject.unit_id or 0, responsible)])


def notify_clinicians(work: Work, subject: Subject, kind: NoticeKind) -> None:
    """Tell every clinician of the unit, each as *Min profil* says."""
    _notify_staff(work, subject, kind, [who.staff_id for who in clinicians_of(work, subject.unit_id or 0)])


def _notify_staff(work: Work, subject: Subject, kind: NoticeKind, staff: Iterable[int]) -> None:
    for staff_id in staff:
        for channel in _wished(work, staff_id):
            to = {"staff_id": staff_id, "channel": channel.name}
            if not _is_waiting(work, subject, kind, **to):
                _add(work, subject, kind, work.now, **to)


def _wished(work: ReadTransaction, staff_id: int) -> list[Channel]:
    each = (
        f"SELECT '{one.name}' AS name, {one.address} <> '' AND {one.wish} = 1 AS wish FROM staff WHERE id = :id"
        for one in by_word()
    )
    found = dict(work.db.pairs(" UNION ALL ".join(each), id=staff_id))
    return [channel for channel in by_word() if found[channel.name]]


def cancel_notices(work: Work, subject: Subject) -> None:
    """Cancel the waiting notices of the program itself to a moment's resident."""
    _cancel(
        work,
        "resident_id = :resident AND moment_id = :moment AND kind IN (:started, :reminder)",
        resident=subject.resident_id,
        moment=subject.moment_id,
        started=NoticeKind.PROGRAM_STARTED.value,
        reminder=NoticeKind.REMINDER.value,
    )


def cancel_staff_notices(work: Work, subject: Subject) -> None:
    """Cancel the waiting notices to staff about a moment that their unit has handed over."""
    _cancel(
        work,
        "resident_id = :resident AND moment_id = :moment AND staff_id IS NOT NULL",
        resident=subject.resident_id,
        moment=subject.moment_id,
    )


def cancel_message_notice(work: Work, subject: Subject, staff_id: int) -> None:
    """Cancel the waiting notice to a staff member about messages in a moment that another is responsible for now."""
    _cancel(
        work,
        "resident_id = :resident AND moment_id = :moment AND staff_id = :staff AND kind = :kind",
        resident=subject.resident_id,
        moment=subject.moment_id,
        staff=staff_id,
        kind=NoticeKind.STAFF_MESSAGE.value,
    )


def cancel_notices_to(work: Work, unit_id: int, staff_id: int) -> None:
    """Cancel the waiting notices of a unit to a staff member who works there no more."""
    _cancel(work, "staff_id = :staff AND unit_id = :unit", staff=staff_id, unit=unit_id)


def _cancel(work: Work, condition: str, **values: object) -> None:
    work.db.run(
        f"UPDATE notice SET state = :cancelled, done_at = :now WHERE state = :waiting AND {condition}",
        cancelled=NoticeState.CANCELLED.value,
        now=work.now,
        waiting=NoticeState.WAITING.value,
        **values,
    )


def recipients(work: ReadTransaction, resident_id: int) -> list[Person]:
    """Return who is told of what concerns a resident: the ombud where there are any, else the resident."""
    someone = known_person(work.db, resident_id)
    return proxies_of(work.db, someone, work.today) or [someone]


def is_reached(work: ReadTransaction, resident_id: int) -> bool:
    """Whether a notice can reach anybody: the recipient's own setting, and an address for it."""
    return any(address_of(someone) for someone in recipients(work, resident_id))


def why_unreached(channel: str, *, has_proxies: bool) -> str:
    """Return why no notice reaches anybody: what the resident has chosen, or that no ombud takes any."""
    if has_proxies:
        return "Inget ombud tar emot aviseringar i 1177."
    chosen = CHANNELS.get(channel)
    if chosen is None:
        return "Invånaren tar inte emot aviseringar i 1177."
    return f"Invånaren tar emot aviseringar som {chosen.word}, men {chosen.no_address}."


def address_of(someone: Person) -> str:
    """Return the address of the channel that the person has chosen; nothing where there is none."""
    channel = CHANNELS.get(someone.channel)
    return str(getattr(someone, channel.address)) if channel else ""


def _add(work: Work, subject: Subject, kind: NoticeKind, due_at: Instant, **to: Any) -> None:
    work.add(
        Notice(
            resident_id=subject.resident_id,
            moment_id=subject.moment_id or 0,
            unit_id=subject.unit_id or 0,
            kind=kind.value,
            due_at=due_at,
            **to,
        )
    )


def _is_waiting(work: Work, subject: Subject, kind: NoticeKind, **to: Any) -> bool:
    same = "".join(f" AND {column} " + ("IS NULL" if to[column] is None else f"= :{column}") for column in to)
    return work.db.has(
        "SELECT 1 FROM notice WHERE resident_id = :resident AND moment_id = :moment AND kind = :kind"
        f" AND state = :waiting{same} LIMIT 1",
        resident=subject.resident_id,
        moment=subject.moment_id,
        kind=kind.value,
        waiting=NoticeState.WAITING.value,
        **{column: value for column, value in to.items() if value is not None},
    )
