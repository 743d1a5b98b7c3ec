"""Messages between the clinician and the resident (domain.md §4). A sent message never changes."""

from dataclasses import replace

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from store.care.activity import mark_active
from store.care.acts import ActKind, record_act
from store.care.conversations import Conversation, Sender, newest_conversation, oldest_unanswered, set_read, unread_in
from store.care.drafts import WRITERS, take_draft
from store.care.flags import close_flags
from store.care.held_messages import ANSWERED, HOLD, release_held
from store.care.moments import WHILE_RUNNING, MomentStatus, MomentSubject, change_moment, moment_subject
from store.care.notices import Delivery, NoticeKind, notify_of_message, notify_responsible
from store.foundation.access import Action, DataCategory, Standing
from store.foundation.clock import Instant
from store.foundation.errors import Refused
from store.foundation.events import EventKind
from store.foundation.flag_kinds import FlagKind
from store.foundation.operation import operation
from store.foundation.tables import FreeText, of_moment
from store.foundation.text import clean
from store.foundation.work import Work
from store.people.sign_in import StaffActor, as_staff

MESSAGE_LIMIT = 10_000
"""Characters in one message."""

HEADING = "Min konversation"
"""The heading that the platform presets (guide)."""

HEADING_LIMIT = 100

_AT_ONCE = Instant(0)

WITHHELD_ENDED = "Momentet är avslutat, och då kan meddelanden inte skickas."
WITHHELD_OFFERED = "Momentet är erbjudet till en annan enhet, och så länge kan meddelanden inte skickas."
WRITABLE = replace(
    WHILE_RUNNING.unless_offered,
    wrong_status={
        MomentStatus.MAINTENANCE: "Momentet är i vidmakthållande läge, och då kan meddelanden inte skickas.",
        MomentStatus.ENDED: WITHHELD_ENDED,
    },
    wrong_offer=WITHHELD_OFFERED,
)
"""When staff can write to the resident."""
WRITABLE_BY_RESIDENT = replace(
    WHILE_RUNNING,
    wrong_status={
        MomentStatus.MAINTENANCE: "Programmet är i vidmakthållande läge: det går att läsa, men inte att skriva.",
        MomentStatus.ENDED: "Programmet är avslutat. Det går inte längre att skriva.",
    },
)
"""When the resident can write, also while the moment is offered to another unit."""


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
    text: str = Field(sa_type=FreeText)
    sent_at: int = Field(sa_type=BigInteger)
    read_at: int | None = Field(default=None, sa_type=BigInteger)
    """When the other side read it."""
    release_at: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    """When the resident sees it; until then its sender can take it back. 0 for one that was never held."""
    unit_id: int = of_moment()


@operation(
    "Skicka ett meddelande till invånaren",
    may=WRITERS,
    action=Action.SENT,
    category=DataCategory.MESSAGES,
    event=True,
    on=moment_subject,
    statuses=WRITABLE,
)
def send_message(
    work: Work,
    moment: MomentSubject,
    text: str,
    *,
    conversation: int | None = None,
    heading: str = HEADING,
    delivery: Delivery | None = Delivery.DIRECT,
    draft: int | None = None,
    version: int | None = None,
    seen: int | None = None,
    hold: bool = False,
    confirmed: bool = False,
) -> int:
    """Send a message; returns its id. The draft that it was goes in the same transaction.

    Who answers in a conversation has read what stands there.

    Args:
        moment: the moment's id.
        text: the message.
        conversation: the conversation that it answers in, None for a new one.
        heading: of a new conversation.
        delivery: when the resident is told; None for not at all.
        draft: the draft that is sent.
        version: the version of it that was read or saved last: what another window has written on in it stays a draft.
            None takes whatever is kept.
        hold: whether it goes in five seconds, so that the sender can take it back until then.
        seen: the id of the conversation's last message that the writer has seen; None for all of it.
        confirmed: whether it has been confirmed that a draft gone elsewhere is sent all the same.

    Raises:
        Refused: writing is withheld, the text is empty or too long.
        NeedsConfirmation: the draft is gone.
    """
    message = post_message(work, moment, text, heading, conversation=conversation, delivery=delivery, hold=hold)
    if conversation is not None:
        set_read(work, moment, conversation, through=seen)
    if hold:
        record_act(work, moment, ActKind.MESSAGE, message=message, is_new=conversation is None)
    if draft is not None:
        take_draft(work, moment, draft, version, confirmed=confirmed)
    return message


@operation(
    "Skriva ett meddelande som invånare",
    may={Standing.RESIDENT, Standing.PROXY},
    action=Action.SENT,
    category=DataCategory.MESSAGES,
    event=True,
    on=moment_subject,
    statuses=WRITABLE_BY_RESIDENT,
)
def write_message(
    work: Work, moment: MomentSubject, text: str, *, conversation: int | None = None, heading: str | None = None
) -> int:
    """Send a message as the resident; returns its id.

    Without a conversation it goes to the newest, and where a heading is given, or there is none, to a new one.

    Raises:
        Refused: the moment takes no messages now, the text is empty or too long.
    """
    if conversation is None and heading is None:
        conversation = newest_conversation(work, moment)
    release_held(work, moment, only_due=True)
    place = _place(work, moment, conversation, heading or HEADING)
    message = _insert(work, moment, place, Sender.RESIDENT, text)
    work.db.run(
        "UPDATE conversation SET latest_at = :now, unread = unread + 1,"
        " unanswered_at = coalesce(unanswered_at, :now), unanswered_then ="
        " CASE WHEN release_at IS NULL THEN NULL ELSE coalesce(unanswered_then, :now) END WHERE id = :id",
        now=work.now,
        id=place,
    )
    mark_active(work, moment)
    change_moment(
        work,
        moment,
        unread_messages=moment.unread_messages + 1,
        oldest_unanswered_at=oldest_unanswered(work, moment),
    )
    notify_responsible(work, moment, NoticeKind.STAFF_MESSAGE)
    work.event(moment, EventKind.MESSAGE_SENT, conversation=place, message=message)
    return message


def why_not_write(moment: MomentSubject) -> str:
    """Return why writing to the resident is withheld, nothing where it is not."""
    return WRITABLE.why_not(moment.status, is_offered=moment.is_offered)


def message_text(text: str) -> str:
    """Return a message as it will be stored; raises `Refused` when nothing is left of it, or too much."""
    cleaned = clean(text, multiline=True, limit=MESSAGE_LIMIT, field="meddelande").strip()
    if not cleaned:
        raise Refused("Meddelandet är tomt. Skriv en text, eller låt bli att skicka meddelande.", field="meddelande")
    return cleaned


def post_message(
    work: Work,
    moment: MomentSubject,
    text: str,
    heading: str = HEADING,
    *,
    conversation: int | None = None,
    delivery: Delivery | None = Delivery.DIRECT,
    hold: bool = False,
) -> int:
    """Send a clinician's message, in a conversation of its own unless one is named; returns the message's id.

    Part of operations that send a message along (switching, ending); they check who may, and whether it may be. What is
    held in the moment goes first; what is held now counts as sent when it goes (`store.care.held_messages`).
    """
    release_held(work, moment)
    place = _place(work, moment, conversation, heading)
    release_at = Instant(work.now + HOLD) if hold else _AT_ONCE
    message = _insert(work, moment, place, Sender.CLINICIAN, text, release_at)
    if hold:
        _hold(work, place, release_at)
    else:
        sql = "UPDATE conversation SET latest_at = :now, unanswered_at = NULL WHERE id = :id"
        work.db.run(sql, now=work.now, id=place)
    if conversation is not None and not hold:
        change_moment(work, moment, oldest_unanswered_at=oldest_unanswered(work, moment))
        close_flags(work, moment, FlagKind.UNANSWERED, about=str(conversation), why=ANSWERED)
    if delivery is not None:
        notify_of_message(work, moment, delivery, held=(message, release_at) if hold else None)
    work.event(moment, EventKind.MESSAGE_SENT, conversation=place, message=message)
    work.log(Action.SENT, moment)
    return message


def _hold(work: Work, conversation: int, release_at: Instant) -> None:
    """Note on a conversation that an answer in it goes later."""
    work.db.run(
        "UPDATE conversation SET latest_at = :now, release_at = :at, release_by = :by, unanswered_then = NULL"
        " WHERE id = :id",
        now=work.now,
        at=release_at,
        by=as_staff(work.actor).staff_id,
        id=conversation,
    )


def _place(work: Work, moment: MomentSubject, conversation: int | None, heading: str) -> int:
    """Return the conversation that is written in: the one named, else a new one."""
    if conversation is not None:
        unread_in(work, moment, conversation)
        return conversation
    return work.add(
        Conversation(
            resident_id=moment.resident_id,
            moment_id=moment.moment_id,
            heading=clean(heading, multiline=False, limit=HEADING_LIMIT, field="rubrik").strip() or HEADING,
            started_at=work.now,
            latest_at=work.now,
        )
    )


def _insert(
    work: Work, moment: MomentSubject, conversation: int, sender: Sender, text: str, release_at: Instant = _AT_ONCE
) -> int:
    return work.add(
        Message(
            resident_id=moment.resident_id,
            moment_id=moment.moment_id,
            conversation_id=conversation,
            sender=sender.value,
            author=work.actor.name,
            author_id=work.actor.staff_id if isinstance(work.actor, StaffActor) else None,
            text=message_text(text),
            sent_at=work.now,
            release_at=release_at,
        )
    )
