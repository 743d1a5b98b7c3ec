"""Writing and reading messages in the tests, in one transaction each."""

from typing import Any

from store.care.conversations import Sender, mark_conversation_read
from store.care.drafts import save_draft
from store.care.messages import send_message, write_message
from store.foundation.access import Actor
from store.views.conversations import ConversationRow, MessagesPage, Thread, messages_page, view_conversation
from tests.clinics import ADULT, Clinic


def send(clinic: Clinic, moment: int, text: str = "Hej!", *, by: Actor | None = None, **options: Any) -> int:
    """Send a message as the clinician unless said; returns its id."""
    command = options.pop("command", None)
    with clinic.store.work(by or clinic.clinician, command=command) as work:
        return send_message(work, moment, text, **options)


def write(clinic: Clinic, moment: int, text: str = "Hej!", *, number: str = ADULT, **options: Any) -> int:
    """Write a message as the resident; returns its id."""
    with clinic.store.work(clinic.resident(number)) as work:
        return write_message(work, moment, text, **options)


def read(clinic: Clinic, moment: int, conversation: int, *, by: Actor | None = None) -> None:
    """Mark a conversation as read."""
    with clinic.store.work(by or clinic.clinician) as work:
        mark_conversation_read(work, moment, conversation)


def save(clinic: Clinic, moment: int, text: str, *, by: Actor | None = None, **options: Any) -> tuple[int, int]:
    """Save a draft; returns its id and version."""
    command = options.pop("command", None)
    with clinic.store.work(by or clinic.clinician, command=command) as work:
        draft, version = save_draft(work, moment, text, **options)
    return draft, version


def page(clinic: Clinic, moment: int, by: Actor | None = None) -> MessagesPage:
    """Return what the tab shows."""
    with clinic.store.read(by or clinic.clinician) as work:
        return messages_page(work, moment)


def conversations(clinic: Clinic, moment: int) -> list[ConversationRow]:
    """Return a moment's conversations as the list has them."""
    return list(page(clinic, moment).conversations)


def newest(clinic: Clinic, moment: int) -> int:
    """Return the conversation last written in."""
    return conversations(clinic, moment)[0].id


def thread(clinic: Clinic, moment: int, conversation: int) -> Thread:
    """Return the messages of a conversation."""
    with clinic.store.read(clinic.clinician) as work:
        return view_conversation(work, moment, conversation)


def said(clinic: Clinic, moment: int, conversation: int) -> list[tuple[Sender, str]]:
    """Return who wrote what in a conversation, the oldest first."""
    return [(line.sender, line.text) for line in thread(clinic, moment, conversation).messages]


def counters(clinic: Clinic, moment: int) -> tuple[int, int, int | None]:
    """Return the moment's `unread_messages`, `drafts` and `oldest_unanswered_at`."""
    sql = "SELECT unread_messages, drafts, oldest_unanswered_at FROM moment WHERE id = :id"
    ((unread, drafts, oldest),) = clinic.rows(sql, id=moment)
    return unread, drafts, oldest


def later(clinic: Clinic, minutes: int = 1) -> int:
    """Let time pass; returns what the time is."""
    clinic.clock.now += minutes * 60_000  # type: ignore[assignment]
    return clinic.clock.now
