"""The tab *Meddelanden*: a moment's conversations, what stands in them, and the own drafts (guide; domain.md §4)."""

from dataclasses import dataclass, replace

from store.care.acts import ActKind, record_act
from store.care.conversations import UNANSWERED, Sender, set_read, unread_in
from store.care.drafts import WRITERS, DraftText, handles_by_opening, own_drafts
from store.care.messages import why_not_write
from store.care.moments import MomentSubject, moment_subject
from store.care.notices import is_reached
from store.care.programs import program_of
from store.care.templates import Template, filled, visible_templates
from store.foundation.access import Action, DataCategory
from store.foundation.connection import columns
from store.foundation.identity import MASKED_NAME
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work
from store.people.residents import known_person
from store.people.sign_in import StaffActor, as_staff
from store.people.staff import name_for_residents
from store.people.units import collects_at
from store.views.moment import SEES

PAGE = 100
"""Messages that are read at a time."""


@dataclass(frozen=True)
class ConversationRow:
    """A conversation in the list. Instants are UTC milliseconds."""

    id: int
    heading: str
    started_at: int
    latest_at: int
    unread: int
    """How many of the resident's messages no clinician has read."""
    unanswered_at: int | None
    messages: int


@dataclass(frozen=True)
class MessageLine:
    """A message. Instants are UTC milliseconds; `read_at` is when the other side read it."""

    id: int
    sender: Sender
    author: str
    text: str
    sent_at: int
    read_at: int | None
    release_at: int
    """When the resident sees it, where it was held."""


@dataclass(frozen=True)
class MessagesPage:
    """All that the tab shows but the messages themselves. `collects_at` in UTC milliseconds."""

    conversations: tuple[ConversationRow, ...]
    """The one last written in first."""
    drafts: tuple[DraftText, ...]
    """Those of the one who looks, the newest first."""
    why_not_write: str
    """Why writing is withheld; empty where it is not."""
    collects_at: int
    """When a collected avisering would go."""
    is_reached: bool
    """Whether an avisering can reach anybody."""

    @property
    def unread(self) -> int:
        """How many conversations have something unread."""
        return sum(bool(conversation.unread) for conversation in self.conversations)


@dataclass(frozen=True)
class Thread:
    """Messages of a conversation, the oldest first; `more` where older ones came before."""

    conversation: ConversationRow
    messages: tuple[MessageLine, ...]
    more: bool


@operation("Öppna meddelanden", may=SEES, action=Action.READ, category=DataCategory.MESSAGES, on=moment_subject)
def open_messages(work: ReadTransaction, moment: MomentSubject) -> MessagesPage:
    """Return a moment's conversations and drafts; marks nothing as read."""
    return _page(work, moment)


@operation("Läsa om öppna meddelanden", may=SEES, action=None, category=DataCategory.MESSAGES, on=moment_subject)
def messages_page(work: ReadTransaction, moment: MomentSubject) -> MessagesPage:
    """Return a moment's conversations and drafts again, as a refresh does; opening them was logged."""
    return _page(work, moment)


@operation("Öppna en konversation", may=SEES, action=Action.READ, category=DataCategory.MESSAGES, on=moment_subject)
def open_conversation(work: Work, moment: MomentSubject, conversation: int, *, covers: bool = False) -> None:
    """Note that a conversation is opened: the ansvarig behandlare, or who `covers`, has read it (as with forms)."""
    if unread_in(work, moment, conversation) and handles_by_opening(work, moment, covers=covers):
        set_read(work, moment, conversation)
        record_act(work, moment, ActKind.READ, conversation=conversation)


@operation("Läsa en konversation", may=SEES, action=Action.READ, category=DataCategory.MESSAGES, on=moment_subject)
def view_conversation(work: ReadTransaction, moment: MomentSubject, conversation: int, limit: int = PAGE) -> Thread:
    """Return the newest messages of a conversation, and leave it as unread as it was."""
    return thread_of(work, moment, conversation, None, limit)


@operation(
    "Läsa alla meddelanden i ett moment",
    may=SEES,
    action=Action.READ,
    category=DataCategory.MESSAGES,
    on=moment_subject,
)
def view_messages(work: ReadTransaction, moment: MomentSubject) -> list[tuple[ConversationRow, list[MessageLine]]]:
    """Return every conversation with all that stands in it, to be printed, and leave it as unread as it was.

    A protected resident is masked in prints (domain.md §8).
    """
    someone = known_person(work.db, moment.resident_id)
    found = [(one, all_messages(work, moment, one.id)) for one in conversations(work, moment)]
    return [(one, [masked(line) for line in lines]) for one, lines in found] if someone.is_protected else found


def masked(line: MessageLine) -> MessageLine:
    """Return a message of a protected resident without the name."""
    return line if line.sender is Sender.CLINICIAN else replace(line, author=MASKED_NAME)


@operation(
    "Läsa vidare i en öppen konversation", may=SEES, action=None, category=DataCategory.MESSAGES, on=moment_subject
)
def conversation_page(
    work: ReadTransaction,
    moment: MomentSubject,
    conversation: int,
    *,
    before: tuple[int, int] | None = None,
    limit: int = PAGE,
) -> Thread:
    """Return the messages before a place (`sent_at`, `id`); the newest, where there is none."""
    return thread_of(work, moment, conversation, before, limit)


@operation(
    "Använda mallarna i ett moment", may=WRITERS, action=Action.READ, category=DataCategory.MESSAGES, on=moment_subject
)
def filled_templates(work: ReadTransaction, moment: MomentSubject, *, is_printed: bool = False) -> list[Template]:
    """Return the templates with the resident's first name and the like filled in, as they would be sent.

    In prints a protected resident's name is left open (domain.md §8).
    """
    someone = known_person(work.db, moment.resident_id)
    actor = as_staff(work.actor)
    values = {
        "förnamn": someone.given_name,
        "behandlare": name_for_residents(work, actor.staff_id),
        "program": program_of(work.db, moment.version_id).title,
        "enhet": actor.unit_name,
    }
    if is_printed and someone.is_protected:
        del values["förnamn"]
    return [Template(one.id, one.title, filled(one.text, values), one.is_units) for one in visible_templates(work)]


def conversations(work: ReadTransaction, moment: MomentSubject) -> tuple[ConversationRow, ...]:
    """Return a moment's conversations, the one last written in first; part of operations.

    One whose only message was taken back has no row but for its draft's author.
    """
    rows = work.db.all(
        ConversationRow,
        f"{_ROW} WHERE c.resident_id = :resident AND c.moment_id = :moment AND ({_HAS_MESSAGE} OR {_HAS_DRAFT})"
        " ORDER BY c.latest_at DESC, c.id DESC",
        resident=moment.resident_id,
        moment=moment.moment_id,
        now=work.now,
        staff=work.actor.staff_id if isinstance(work.actor, StaffActor) else 0,
    )
    return tuple(rows)


_ROW = (
    f"SELECT c.id, c.heading, c.started_at, c.latest_at, c.unread, {UNANSWERED} AS unanswered_at,"
    " (SELECT count(*) FROM message WHERE resident_id = c.resident_id AND conversation_id = c.id) AS messages"
    " FROM conversation c"
)


_HAS_DRAFT = (
    "EXISTS (SELECT 1 FROM draft d WHERE d.resident_id = c.resident_id AND d.moment_id = c.moment_id"
    " AND d.staff_id = :staff AND d.conversation_id = c.id AND d.left_at IS NULL)"
)
_HAS_MESSAGE = "EXISTS (SELECT 1 FROM message h WHERE h.resident_id = c.resident_id AND h.conversation_id = c.id)"


def _page(work: ReadTransaction, moment: MomentSubject) -> MessagesPage:
    return MessagesPage(
        conversations(work, moment),
        own_drafts(work, moment),
        why_not_write(moment),
        collects_at(work.db, moment.unit_id, work.now),
        is_reached(work, moment.resident_id),
    )


def all_messages(work: ReadTransaction, moment: MomentSubject, conversation: int) -> list[MessageLine]:
    """Return what stands in a conversation, the oldest first; part of operations."""
    return work.db.all(
        MessageLine,
        f"{_MESSAGE} WHERE resident_id = :resident AND conversation_id = :conversation ORDER BY sent_at, id",
        resident=moment.resident_id,
        conversation=conversation,
    )


_MESSAGE = f"SELECT {columns(MessageLine)} FROM message"


def thread_of(
    work: ReadTransaction, moment: MomentSubject, conversation: int, before: tuple[int, int] | None, limit: int
) -> Thread:
    """Return the newest messages of a conversation, or those before a place (`sent_at`, `id`); part of operations."""
    unread_in(work, moment, conversation)
    row = work.db.single(ConversationRow, f"{_ROW} WHERE c.id = :id", id=conversation, now=work.now)
    beyond = "" if before is None else " AND (sent_at, id) < (:sent_at, :before)"
    rows = work.db.all(
        MessageLine,
        f"{_MESSAGE} WHERE resident_id = :resident AND conversation_id = :conversation{beyond}"
        " ORDER BY sent_at DESC, id DESC LIMIT :limit",
        resident=moment.resident_id,
        conversation=conversation,
        limit=limit + 1,
        **({} if before is None else {"sent_at": before[0], "before": before[1]}),
    )
    return Thread(row, tuple(rows[:limit][::-1]), len(rows) > limit)
