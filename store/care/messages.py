"""Messages between the clinician and the resident (domain.md §4). A sent message never changes."""

from enum import StrEnum

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from store.care.activity import mark_active
from store.care.drafts import WRITERS, take_draft
from store.care.flags import FlagKind, close_flags
from store.care.moments import HeldMoment, MomentStatus, change_moment, held, moment_subject
from store.care.notices import Delivery, NoticeKind, notify_of_message, notify_responsible
from store.foundation.access import Action, Standing, operation
from store.foundation.errors import NotPermitted, Refused
from store.foundation.events import EventKind
from store.foundation.text import clean
from store.foundation.work import Reading, Work
from store.people.sign_in import StaffActor

MESSAGE_LIMIT = 10_000
"""Characters in one message."""

HEADING = "Min konversation"
"""The heading that the platform presets (guide)."""

HEADING_LIMIT = 100

WITHHELD_ENDED = "Momentet är avslutat, och då kan meddelanden inte skickas."
WITHHELD_OFFERED = "Momentet är erbjudet till en annan enhet, och så länge kan meddelanden inte skickas."


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
    heading: str
    started_at: int = Field(sa_type=BigInteger)
    latest_at: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    unread: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """The resident's messages that no clinician has read."""
    unanswered_at: int | None = Field(default=None, sa_type=BigInteger)
    """When the resident wrote what no clinician has answered; the oldest of it."""


class Message(SQLModel, table=True):
    """Meddelande."""

    __table_args__ = (Index("message_conversation", "resident_id", "conversation_id", "sent_at"),)

    id: int | None = Field(default=None, primary_key=True)
    resident_id: int = Field(foreign_key="resident.id")
    moment_id: int = Field(foreign_key="moment.id")
    conversation_id: int = Field(foreign_key="conversation.id")
    sender: str
    author: str
    """The name of the one who wrote it, as it was then."""
    author_id: int | None = None
    """The staff member who wrote it; None where it was not staff."""
    text: str
    sent_at: int = Field(sa_type=BigInteger)
    read_at: int | None = Field(default=None, sa_type=BigInteger)
    """When the other side read it."""


@operation("Skicka ett meddelande till invånaren", may=WRITERS, action=Action.SENT, event=True, on=moment_subject)
def send_message(
    work: Work,
    moment: int,
    text: str,
    *,
    conversation: int | None = None,
    heading: str = HEADING,
    delivery: Delivery | None = Delivery.DIRECT,
    draft: int | None = None,
    version: int | None = None,
    confirmed: bool = False,
) -> int:
    """Send a message; returns its id. The draft that it was goes in the same transaction.

    Args:
        moment: the moment's id.
        text: the message.
        conversation: the conversation that it answers in, None for a new one.
        heading: of a new conversation.
        delivery: when the resident is told; None for not at all.
        draft: the draft that is sent.
        version: the version of it that was read or saved last: what another window has written on in it stays a draft.
            None takes whatever is kept.
        confirmed: whether it has been confirmed that a draft gone elsewhere is sent all the same.

    Raises:
        Refused: writing is withheld, the text is empty or too long.
        NeedsConfirmation: the draft is gone.
    """
    here = held(work, moment)
    if reason := why_not_write(here):
        raise Refused(reason)
    message = post_message(work, here, text, heading, conversation=conversation, delivery=delivery)
    if draft is not None:
        take_draft(work, here, draft, version, confirmed=confirmed)
    return message


@operation(
    "Skriva ett meddelande som invånare",
    may={Standing.RESIDENT, Standing.PROXY},
    action=Action.SENT,
    event=True,
    on=moment_subject,
)
def write_message(
    work: Work, moment: int, text: str, *, conversation: int | None = None, heading: str | None = None
) -> int:
    """Send a message as the resident; returns its id.

    Without a conversation it goes to the newest, and where a heading is given, or there is none, to a new one.

    Raises:
        Refused: the moment takes no messages now, the text is empty or too long.
    """
    here = held(work, moment)
    if here.status is MomentStatus.MAINTENANCE:
        raise Refused("Programmet är i vidmakthållande läge: det går att läsa, men inte att skriva.")
    if here.status is MomentStatus.ENDED:
        raise Refused("Programmet är avslutat. Det går inte längre att skriva.")
    if conversation is None and heading is None:
        conversation = _newest(work, here)
    place = _place(work, here, conversation, heading or HEADING)
    message = _insert(work, here, place, Sender.RESIDENT, text)
    work.db.run(
        "UPDATE conversation SET latest_at = :now, unread = unread + 1,"
        " unanswered_at = coalesce(unanswered_at, :now) WHERE id = :id",
        now=work.now,
        id=place,
    )
    mark_active(work, here)
    change_moment(
        work,
        here,
        unread_messages=here.unread_messages + 1,
        oldest_unanswered_at=oldest_unanswered(work, here),
    )
    notify_responsible(work, here, NoticeKind.STAFF_MESSAGE)
    work.event(here, EventKind.MESSAGE_SENT, conversation=place, message=message)
    return message


@operation("Markera en konversation som läst", may=WRITERS, action=Action.CHANGED, event=True, on=moment_subject)
def mark_conversation_read(work: Work, moment: int, conversation: int) -> None:
    """Mark the resident's messages in a conversation as read, for everybody.

    Raises:
        Refused: they are.
    """
    here = held(work, moment)
    if not set_read(work, here, conversation):
        raise Refused("Konversationen är redan läst.")


@operation("Markera en konversation som oläst igen", may=WRITERS, action=Action.CHANGED, event=True, on=moment_subject)
def mark_conversation_unread(work: Work, moment: int, conversation: int) -> None:
    """Undo that for the resident's latest message: the conversation waits again.

    Raises:
        Refused: it is unread, or the resident has written nothing in it.
    """
    here = held(work, moment)
    unread = unread_in(work, here, conversation)
    latest = work.db.row(
        "SELECT id FROM message WHERE resident_id = :resident AND conversation_id = :conversation"
        " AND sender = :sender ORDER BY sent_at DESC, id DESC LIMIT 1",
        resident=here.resident_id,
        conversation=conversation,
        sender=Sender.RESIDENT.value,
    )
    if unread or latest is None:
        raise Refused(
            "Konversationen är redan oläst." if unread else "Invånaren har inte skrivit något i konversationen."
        )
    work.db.run("UPDATE message SET read_at = NULL WHERE id = :id", id=latest[0])
    work.db.run("UPDATE conversation SET unread = 1 WHERE id = :id", id=conversation)
    change_moment(work, here, unread_messages=here.unread_messages + 1)
    work.event(here, EventKind.MESSAGE_UNREAD, conversation=conversation)


def set_read(work: Work, moment: HeldMoment, conversation: int) -> int:
    """Mark what the resident has written in a conversation as read; returns how much was unread."""
    unread = unread_in(work, moment, conversation)
    if unread:
        work.db.run(
            "UPDATE message SET read_at = :now WHERE resident_id = :resident AND conversation_id = :conversation"
            " AND sender = :sender AND read_at IS NULL",
            now=work.now,
            resident=moment.resident_id,
            conversation=conversation,
            sender=Sender.RESIDENT.value,
        )
        work.db.run("UPDATE conversation SET unread = 0 WHERE id = :id", id=conversation)
        change_moment(work, moment, unread_messages=moment.unread_messages - unread)
        work.event(moment, EventKind.MESSAGE_READ, conversation=conversation)
    return unread


def unread_in(work: Reading, moment: HeldMoment, conversation: int) -> int:
    """Return how much the resident has written in a conversation that nobody has read; raises `NotPermitted`."""
    row = work.db.row(
        "SELECT unread FROM conversation WHERE id = :id AND moment_id = :moment",
        id=conversation,
        moment=moment.moment_id,
    )
    if row is None:
        raise NotPermitted
    return int(row[0])


def oldest_unanswered(work: Reading, moment: HeldMoment) -> int | None:
    """Return when the oldest was written that nobody has answered in any of the moment's conversations."""
    ((at,),) = work.db.rows(
        "SELECT min(unanswered_at) FROM conversation WHERE resident_id = :resident AND moment_id = :moment",
        resident=moment.resident_id,
        moment=moment.moment_id,
    )
    return None if at is None else int(at)


def why_not_write(moment: HeldMoment) -> str:
    """Return why writing to the resident is withheld, nothing where it is not."""
    if moment.status is MomentStatus.MAINTENANCE:
        return "Momentet är i vidmakthållande läge, och då kan meddelanden inte skickas."
    if moment.status is MomentStatus.ENDED:
        return WITHHELD_ENDED
    return "" if moment.offered_to is None else WITHHELD_OFFERED


def message_text(text: str) -> str:
    """Return a message as it will be stored; raises `Refused` when nothing is left of it, or too much."""
    cleaned = clean(text, multiline=True, limit=MESSAGE_LIMIT, field="meddelande").strip()
    if not cleaned:
        raise Refused("Meddelandet är tomt. Skriv en text, eller låt bli att skicka meddelande.", field="meddelande")
    return cleaned


def post_message(
    work: Work,
    moment: HeldMoment,
    text: str,
    heading: str = HEADING,
    *,
    conversation: int | None = None,
    delivery: Delivery | None = Delivery.DIRECT,
) -> int:
    """Send a clinician's message, in a conversation of its own unless one is named; returns the message's id.

    Part of operations that send a message along (switching, ending); they check who may, and whether it may be.
    """
    place = _place(work, moment, conversation, heading)
    message = _insert(work, moment, place, Sender.CLINICIAN, text)
    work.db.run("UPDATE conversation SET latest_at = :now, unanswered_at = NULL WHERE id = :id", now=work.now, id=place)
    if conversation is not None:
        change_moment(work, moment, oldest_unanswered_at=oldest_unanswered(work, moment))
        why = "Meddelandet är besvarat."
        close_flags(work, moment, FlagKind.UNANSWERED, about=str(conversation), why=why)
    if delivery is not None:
        notify_of_message(work, moment, delivery)
    work.event(moment, EventKind.MESSAGE_SENT, conversation=place, message=message)
    work.log(Action.SENT, moment)
    return message


def _place(work: Work, moment: HeldMoment, conversation: int | None, heading: str) -> int:
    """Return the conversation that is written in: the one named, else a new one."""
    if conversation is not None:
        unread_in(work, moment, conversation)
        return conversation
    return work.add(
        Conversation(
            resident_id=moment.resident_id,
            moment_id=moment.moment_id or 0,
            heading=clean(heading, multiline=False, limit=HEADING_LIMIT, field="rubrik").strip() or HEADING,
            started_at=work.now,
            latest_at=work.now,
        )
    )


def _insert(work: Work, moment: HeldMoment, conversation: int, sender: Sender, text: str) -> int:
    return work.add(
        Message(
            resident_id=moment.resident_id,
            moment_id=moment.moment_id or 0,
            conversation_id=conversation,
            sender=sender.value,
            author=work.actor.name,
            author_id=work.actor.staff_id if isinstance(work.actor, StaffActor) else None,
            text=message_text(text),
            sent_at=work.now,
        )
    )


def newest_conversation(work: Reading, moment: int) -> int | None:
    """Return the conversation last written in; part of operations, and of playing the cast."""
    return _newest(work, held(work, moment))


def unread_conversations(work: Reading, moment: int) -> list[int]:
    """Return the conversations in which something is unread; see `newest_conversation`."""
    here = held(work, moment)
    rows = work.db.rows(
        "SELECT id FROM conversation WHERE resident_id = :resident AND moment_id = :moment AND unread > 0 ORDER BY id",
        resident=here.resident_id,
        moment=moment,
    )
    return [conversation for (conversation,) in rows]


def _newest(work: Reading, moment: HeldMoment) -> int | None:
    row = work.db.row(
        "SELECT id FROM conversation WHERE resident_id = :resident AND moment_id = :moment"
        " ORDER BY latest_at DESC, id DESC LIMIT 1",
        resident=moment.resident_id,
        moment=moment.moment_id,
    )
    return row[0] if row else None
