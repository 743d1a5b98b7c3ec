"""Conversations between the clinician and the resident: what is read and what waits for an answer (domain.md §4)."""

from enum import StrEnum

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from store.care.acts import ActKind, record_act
from store.care.drafts import WRITERS
from store.care.moments import MomentSubject, change_moment, moment_subject
from store.foundation.access import Action, DataCategory
from store.foundation.errors import NotPermitted, Refused
from store.foundation.events import EventKind
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.tables import FreeText, of_moment
from store.foundation.work import Work

UNANSWERED = "CASE WHEN c.release_at <= :now THEN c.unanswered_then ELSE c.unanswered_at END"
"""Since when a conversation `c` waits for an answer at `:now`: a held answer counts from when it goes."""

_LAST = 2**63 - 1
"""No message has a later id."""


class Sender(StrEnum):
    """Who wrote a message."""

    RESIDENT = "invanare"
    CLINICIAN = "behandlare"


class Conversation(SQLModel, table=True):
    """Konversation: messages under one heading."""

    __table_args__ = (Index("conversation_moment", "resident_id", "moment_id"),)

    id: int | None = Field(default=None, primary_key=True)
    resident_id: int = Field(foreign_key="resident.id")
    moment_id: int = Field(foreign_key="moment.id")
    heading: str = Field(sa_type=FreeText)
    started_at: int = Field(sa_type=BigInteger)
    latest_at: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    unread: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """The resident's messages that no clinician has read."""
    unanswered_at: int | None = Field(default=None, sa_type=BigInteger)
    """When the resident wrote what no clinician has answered; the oldest of it. While an answer is held, without it."""
    release_at: int | None = Field(default=None, sa_type=BigInteger)
    """When a held answer goes, until that is written down; None where none is held (`store.care.held_messages`)."""
    release_by: int | None = None
    """The staff member whose answer is held."""
    unanswered_then: int | None = Field(default=None, sa_type=BigInteger)
    """What `unanswered_at` is once the held answer has gone."""
    unit_id: int = of_moment()


@operation(
    "Markera en konversation som läst",
    may=WRITERS,
    action=Action.CHANGED,
    category=DataCategory.MESSAGES,
    event=True,
    on=moment_subject,
)
def mark_conversation_read(work: Work, moment: MomentSubject, conversation: int) -> None:
    """Mark the resident's messages in a conversation as read, for everybody.

    Raises:
        Refused: they are.
    """
    if not set_read(work, moment, conversation):
        raise Refused("Konversationen är redan läst.")
    record_act(work, moment, ActKind.READ, conversation=conversation)


@operation(
    "Markera en konversation som oläst igen",
    may=WRITERS,
    action=Action.CHANGED,
    category=DataCategory.MESSAGES,
    event=True,
    on=moment_subject,
)
def mark_conversation_unread(work: Work, moment: MomentSubject, conversation: int) -> None:
    """Mark a conversation as unread by the resident's latest message.

    Raises:
        Refused: it is unread, or the resident has written nothing in it.
    """
    unread = unread_in(work, moment, conversation)
    latest = work.db.value(
        "SELECT id FROM message WHERE resident_id = :resident AND conversation_id = :conversation"
        " AND sender = :sender ORDER BY sent_at DESC, id DESC LIMIT 1",
        resident=moment.resident_id,
        conversation=conversation,
        sender=Sender.RESIDENT.value,
    )
    if unread or latest is None:
        raise Refused(
            "Konversationen är redan oläst." if unread else "Invånaren har inte skrivit något i konversationen."
        )
    work.db.run("UPDATE message SET read_at = NULL WHERE id = :id", id=latest)
    work.db.run("UPDATE conversation SET unread = 1 WHERE id = :id", id=conversation)
    change_moment(work, moment, unread_messages=moment.unread_messages + 1)
    work.event(moment, EventKind.MESSAGE_UNREAD, conversation=conversation)


def set_read(work: Work, moment: MomentSubject, conversation: int, *, through: int | None = None) -> int:
    """Mark what the resident has written in a conversation as read; returns how much became read.

    `through` is the id of the last message that was seen: what came after it stays unread; None for all.
    """
    unread = unread_in(work, moment, conversation)
    if not unread:
        return 0
    read = work.db.run(
        "UPDATE message SET read_at = :now WHERE resident_id = :resident AND conversation_id = :conversation"
        " AND sender = :sender AND read_at IS NULL AND id <= :through",
        now=work.now,
        resident=moment.resident_id,
        conversation=conversation,
        sender=Sender.RESIDENT.value,
        through=_LAST if through is None else through,
    )
    if read:
        work.db.run("UPDATE conversation SET unread = unread - :read WHERE id = :id", read=read, id=conversation)
        change_moment(work, moment, unread_messages=moment.unread_messages - read)
        work.event(moment, EventKind.MESSAGE_READ, conversation=conversation)
    return read


def unread_in(work: ReadTransaction, moment: MomentSubject, conversation: int) -> int:
    """Return how much the resident has written in a conversation that nobody has read; raises `NotPermitted`."""
    unread = work.db.value(
        "SELECT unread FROM conversation WHERE id = :id AND moment_id = :moment",
        id=conversation,
        moment=moment.moment_id,
    )
    if unread is None:
        raise NotPermitted
    return int(unread)


def oldest_unanswered(work: ReadTransaction, moment: MomentSubject) -> int | None:
    """Return when the oldest was written that nobody has answered in any of the moment's conversations."""
    at = work.db.value(
        "SELECT min(unanswered_at) FROM conversation WHERE resident_id = :resident AND moment_id = :moment",
        resident=moment.resident_id,
        moment=moment.moment_id,
    )
    return None if at is None else int(at)


def newest_conversation(work: ReadTransaction, moment: MomentSubject) -> int | None:
    """Return the conversation last written in, of those that the resident sees; part of operations, and of replay."""
    newest: int | None = work.db.value(
        "SELECT id FROM conversation c WHERE resident_id = :resident AND moment_id = :moment"
        " AND EXISTS (SELECT 1 FROM message m WHERE m.resident_id = c.resident_id AND m.conversation_id = c.id"
        " AND m.release_at <= :now) ORDER BY latest_at DESC, id DESC LIMIT 1",
        resident=moment.resident_id,
        moment=moment.moment_id,
        now=work.now,
    )
    return newest


def unread_conversations(work: ReadTransaction, moment: MomentSubject) -> list[int]:
    """Return the conversations in which something is unread; see `newest_conversation`."""
    return work.db.values(
        "SELECT id FROM conversation WHERE resident_id = :resident AND moment_id = :moment AND unread > 0 ORDER BY id",
        resident=moment.resident_id,
        moment=moment.moment_id,
    )
