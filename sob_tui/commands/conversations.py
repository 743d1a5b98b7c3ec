"""How conversations are printed, to the clinician and at the resident's side."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sob_tui.printing import put
from store.foundation.clock import Instant, iso_local, local

if TYPE_CHECKING:
    from store.views.conversations import ConversationRow, MessageLine

    Conversations = Iterable[tuple[ConversationRow, list[MessageLine]]]


def conversations_json(found: "Conversations") -> list[dict[str, Any]]:
    """Return conversations as contract.md §2 has them."""
    return [
        {
            "konversation": str(conversation.id),
            "rubrik": conversation.heading,
            "messages": [
                {
                    "id": str(message.id),
                    "from": message.sender.value,
                    "text": message.text,
                    "sent": iso_local(Instant(message.sent_at)),
                    "read": None if message.read_at is None else iso_local(Instant(message.read_at)),
                }
                for message in messages
            ],
        }
        for conversation, messages in found
    ]


def put_conversations(found: "Conversations") -> None:
    """Print conversations for a person."""
    is_empty = True
    for conversation, messages in found:
        is_empty = False
        unread = f" · {conversation.unread} oläst" if conversation.unread else ""
        put(f"{conversation.heading} (konversation {conversation.id}){unread}")
        for message in messages:
            read = "läst" if message.read_at else "inte läst"
            put(f"  {local(Instant(message.sent_at)):%Y-%m-%d %H:%M} {message.author} ({message.sender}), {read}")
            for line in message.text.split("\n"):
                put(f"    {line}")
        put()
    if is_empty:
        put("Inga meddelanden än.")
