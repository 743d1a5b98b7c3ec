"""The conversations as rows: what is new, what is half written, and when it was last written in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace

from screens.widgets.cells import Ink, Tone, fit, width_of
from screens.widgets.row import Row
from screens.wording import clock_time, day_and_month
from store.care.messages import HEADING
from store.foundation.clock import Instant, local
from store.views.conversations import ConversationRow, MessagesPage


@dataclass(frozen=True)
class ConversationLine(Row):
    """The row of a conversation, or of a draft that begins a new one."""

    conversation: int | None = None
    draft: int | None = None
    unread: int = 0


def row_of(conversation: int) -> str:
    """Return the id of a conversation's row."""
    return f"conversation-{conversation}"


BEGUN = "draft-new"
"""The id of the row of a new conversation that no draft is kept of yet."""


def open_row(conversation: int | None, draft: int | None) -> str:
    """Return the id of the row of what is open: a conversation, or a new one with its draft, None before it is kept."""
    if conversation is not None:
        return row_of(conversation)
    return BEGUN if draft is None else f"draft-{draft}"


def rows_of(page: MessagesPage, now: Instant, *, is_begun: bool = False) -> tuple[ConversationLine, ...]:
    """Return a row for each draft of a new conversation, then the conversations.

    `is_begun`: a new one is open that no draft is kept of yet; it has a row too, for the cursor.
    """
    begun = [ConversationLine(BEGUN, f"{HEADING} (ny)")] if is_begun else []
    rows = (*begun, *_new(page, now), *_known(page, now))
    room = max((width_of(row.lead) for row in rows), default=0)
    return tuple(replace(row, lead=fit(row.lead, room, right=True)) for row in rows)


def when(at: int, now: Instant) -> tuple[str, str]:
    """Return the day, with its year where that is another, and the time."""
    here = local(Instant(at))
    year = "" if here.year == local(now).year else f" {here.year}"
    return f"{day_and_month(here.date())}{year}", f" {clock_time(Instant(at))}"


def _new(page: MessagesPage, now: Instant) -> Iterator[ConversationLine]:
    for draft in page.drafts:
        if draft.conversation is None:
            text, state = f"{draft.heading or HEADING} (ny)", _state(draft.saved_at, now)
            yield ConversationLine(f"draft-{draft.id}", text, state=state, lead=(Ink("✎ "),), draft=draft.id)


def _known(page: MessagesPage, now: Instant) -> Iterator[ConversationLine]:
    drafts = Counter(draft.conversation for draft in page.drafts)
    for one in page.conversations:
        tone: Tone = "waiting" if one.unread else ""
        yield ConversationLine(
            row_of(one.id),
            one.heading,
            state=_state(one.latest_at, now),
            tone=tone,
            lead=(Ink(_marks(one, drafts[one.id]), tone),),
            conversation=one.id,
            unread=one.unread,
        )


def _marks(one: ConversationRow, drafts: int) -> str:
    unread = f"●{one.unread} " if one.unread else ""
    draft = f"✎{drafts if drafts > 1 else ''} " if drafts else ""
    return unread + draft


def _state(at: int, now: Instant) -> tuple[Ink, ...]:
    day, time = when(at, now)
    return Ink(day, "muted"), Ink(time, "muted")
