"""Messages between the clinician and the resident (domain.md §4). A sent message never changes."""

from enum import StrEnum

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from store.foundation.access import Action, Subject
from store.foundation.errors import Refused
from store.foundation.events import EventKind
from store.foundation.text import clean
from store.foundation.work import Work

MESSAGE_LIMIT = 10_000
"""Characters in one message."""

HEADING = "Min konversation"
"""The heading that the platform presets (guide)."""


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
    text: str
    sent_at: int = Field(sa_type=BigInteger)
    read_at: int | None = Field(default=None, sa_type=BigInteger)


def message_text(text: str) -> str:
    """Return a message as it will be stored; raises `Refused` when nothing is left of it, or too much."""
    cleaned = clean(text, multiline=True, limit=MESSAGE_LIMIT, field="meddelande").strip()
    if not cleaned:
        raise Refused("Meddelandet är tomt. Skriv en text, eller låt bli att skicka meddelande.", field="meddelande")
    return cleaned


def post_message(work: Work, subject: Subject, text: str, heading: str = HEADING) -> int:
    """Send a clinician's message in a conversation of its own; returns the message's id.

    Part of operations that send a message along (switching, ending); they check who may.
    """
    assert subject.moment_id is not None
    place = {"resident_id": subject.resident_id, "moment_id": subject.moment_id}
    conversation = work.add(Conversation(**place, heading=heading, started_at=work.now))
    message = work.add(
        Message(
            **place,
            conversation_id=conversation,
            sender=Sender.CLINICIAN.value,
            author=work.actor.name,
            text=message_text(text),
            sent_at=work.now,
        )
    )
    work.event(subject, EventKind.MESSAGE_SENT, conversation=conversation, message=message)
    work.log(Action.SENT, subject)
    return message
