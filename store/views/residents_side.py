"""What a resident, or an ombud, sees of the own moments."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from store.care.conversations import Sender
from store.care.moments import MomentStatus, MomentSubject, moment_subject
from store.foundation.access import Action, DataCategory, Standing, Subject
from store.foundation.connection import columns
from store.foundation.errors import InvariantBroken
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work
from store.people.residents import ResidentActor, person
from store.people.staff import YOUR_CLINICIAN
from store.views.conversations import ConversationRow, MessageLine, all_messages, conversations
from store.views.moment import SEES


@dataclass(frozen=True)
class OwnMoment:
    """A moment as the resident's side knows it."""

    id: int
    is_ended: bool


class PlanMoment(NamedTuple):
    """A moment through which the resident reaches the säkerhetsplan of its unit."""

    id: int
    unit_id: int
    status: MomentStatus


def resident_self(work: ReadTransaction, resident_id: int) -> Subject | None:
    """Return a resident as a subject of its own, on no unit."""
    someone = person(work.db, resident_id)
    return someone.subject() if someone else None


@operation(
    "Se sina egna moment",
    may={Standing.RESIDENT, Standing.PROXY},
    action=Action.READ,
    category=DataCategory.RECORD,
    on=resident_self,
)
def moments_of_resident(work: ReadTransaction, resident: Subject, program: str) -> list[OwnMoment]:
    """Return a resident's moments of a program, on any unit, the oldest first."""
    rows = work.db.pairs(
        "SELECT id, ended_at FROM moment WHERE resident_id = :resident AND program = :program ORDER BY id",
        resident=resident.resident_id,
        program=program,
    )
    return [OwnMoment(moment, ended is not None) for moment, ended in rows]


@operation(
    "Se var man har en säkerhetsplan",
    may={Standing.RESIDENT, Standing.PROXY},
    action=Action.READ,
    category=DataCategory.RECORD,
    on=resident_self,
)
def units_of_resident(work: ReadTransaction, resident: Subject) -> list[PlanMoment]:
    """Return all of a resident's moments, the oldest first."""
    return work.db.all(
        PlanMoment,
        f"SELECT {columns(PlanMoment)} FROM moment WHERE resident_id = :resident ORDER BY id",
        resident=resident.resident_id,
    )


@operation(
    "Läsa sina egna meddelanden",
    may={Standing.RESIDENT, Standing.PROXY},
    action=Action.READ,
    category=DataCategory.MESSAGES,
    on=moment_subject,
)
def read_own_messages(work: Work, moment: MomentSubject) -> list[tuple[ConversationRow, list[MessageLine]]]:
    """Return a moment's conversations with all that stands in them, the newest first; the clinician sees it as read.

    Staff with skyddade personuppgifter are not named.
    """
    newly_read = work.db.run(
        "UPDATE message SET read_at = :now WHERE resident_id = :resident AND moment_id = :moment"
        " AND sender = :sender AND read_at IS NULL AND release_at <= :now",
        now=work.now,
        resident=moment.resident_id,
        moment=moment.moment_id,
        sender=Sender.CLINICIAN.value,
    )
    if newly_read and moment.unit_id is not None:
        work.changed(moment.unit_id)
    return _messages(work, moment)


@operation(
    "Läsa meddelanden på invånarens sida",
    may=SEES | {Standing.RESIDENT, Standing.PROXY},
    action=None,
    category=DataCategory.MESSAGES,
    on=moment_subject,
)
def residents_messages(work: ReadTransaction, moment: MomentSubject) -> list[tuple[ConversationRow, list[MessageLine]]]:
    """Return the conversations as the resident sees them, and leave them as unread as they were."""
    return _messages(work, moment)


def _messages(work: ReadTransaction, moment: MomentSubject) -> list[tuple[ConversationRow, list[MessageLine]]]:
    unnamed = _by_protected_staff(work, moment)
    found = [(one, _seen(work, moment, one.id)) for one in conversations(work, moment)]
    return [
        (
            replace(one, latest_at=messages[-1].sent_at, messages=len(messages)),
            [_unnamed(message) if message.id in unnamed else message for message in messages],
        )
        for one, messages in found
        if messages
    ]


def _seen(work: ReadTransaction, moment: MomentSubject, conversation: int) -> list[MessageLine]:
    """Return the messages that the resident sees: what is held has not come yet."""
    return [one for one in all_messages(work, moment, conversation) if one.release_at <= work.now]


def _by_protected_staff(work: ReadTransaction, moment: MomentSubject) -> set[int]:
    """Return the ids of the messages that staff with skyddade personuppgifter have written."""
    rows = work.db.values(
        "SELECT m.id FROM message m JOIN staff s ON s.id = m.author_id WHERE m.resident_id = :resident"
        " AND m.moment_id = :moment AND s.protection <> ''",
        resident=moment.resident_id,
        moment=moment.moment_id,
    )
    return set(rows)


def _unnamed(message: MessageLine) -> MessageLine:
    return replace(message, author=YOUR_CLINICIAN.capitalize())


def plan_moments(work: ReadTransaction) -> list[PlanMoment]:
    """Return all moments of the one who acts; see `units_of_resident`."""
    if not isinstance(work.actor, ResidentActor):
        raise InvariantBroken(f"{work.actor.kind} has no moments of its own")
    return units_of_resident(work, work.actor.resident_id)


def own_moments(work: ReadTransaction, program: str) -> list[OwnMoment]:
    """Return the moments of the one who acts; see `moments_of_resident`."""
    if not isinstance(work.actor, ResidentActor):
        raise InvariantBroken(f"{work.actor.kind} has no moments of its own")
    return moments_of_resident(work, work.actor.resident_id, program)
