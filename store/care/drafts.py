"""Utkast: what a clinician has written and not sent; never lost, never written over by another window.

A draft has a version. Who saves on an older one than is kept has not seen what another window wrote: that text becomes
a draft of its own, and both stay.
"""

from dataclasses import dataclass

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from store.care.moments import MomentSubject, change_moment, load_moment, moment_subject
from store.foundation.access import TO_CLIPBOARD, Action, DataCategory, Role, Standing, Who
from store.foundation.errors import NeedsConfirmation, NotPermitted
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.tables import FreeText, of_moment
from store.foundation.text import clean
from store.foundation.work import Work
from store.people.sign_in import as_staff

DRAFT_LIMIT = 20_000
"""Characters that are kept: twice a message, so that what is too long to be sent is not lost."""

WRITERS: frozenset[Who] = frozenset({Standing.RESPONSIBLE, Standing.SUBSTITUTE, Role.RESIDENT_ADMIN})
"""Who writes to a resident: the ansvarig behandlare, who stands in for one, and an invånaradministratör who covers."""


def handles_by_opening(work: ReadTransaction, moment: MomentSubject, *, covers: bool) -> bool:
    """Whether what the one who acts opens is handled by that: as ansvarig behandlare, standing in or covering for one.

    Args:
        moment: the moment that it is opened in.
        covers: that an invånaradministratör works in the ansvarig behandlare's queue (domain.md §4).
    """
    standing = work.actor.standing(moment)
    return bool(standing & {Standing.RESPONSIBLE, Standing.SUBSTITUTE}) or (covers and Role.RESIDENT_ADMIN in standing)


class Draft(SQLModel, table=True):
    """A draft. `conversation_id` is None for a new conversation."""

    # A window may hold on to a draft that is gone: its id must never come to mean another.
    __table_args__ = (Index("draft_moment", "resident_id", "moment_id", "staff_id"), {"sqlite_autoincrement": True})

    id: int | None = Field(default=None, primary_key=True)
    resident_id: int = Field(foreign_key="resident.id")
    moment_id: int = Field(foreign_key="moment.id")
    staff_id: int = Field(foreign_key="staff.id")
    conversation_id: int | None = Field(default=None, foreign_key="conversation.id")
    heading: str = Field(sa_type=FreeText)
    text: str = Field(sa_type=FreeText)
    saved_at: int = Field(sa_type=BigInteger)
    version: int
    left_at: int | None = Field(default=None, sa_type=BigInteger)
    """When it stayed behind as the moment went to another unit."""
    unit_id: int = of_moment()


@dataclass(frozen=True)
class DraftText:
    """A draft as it is shown. `saved_at` is UTC milliseconds; `conversation` None for a new one."""

    id: int
    version: int
    conversation: int | None
    heading: str
    text: str
    saved_at: int


@operation("Spara ett utkast", may=WRITERS, action=None, category=DataCategory.MESSAGES, on=moment_subject)
def save_draft(
    work: Work,
    moment: MomentSubject,
    text: str,
    *,
    conversation: int | None = None,
    heading: str = "",
    draft: int | None = None,
    version: int = 0,
) -> tuple[int, int]:
    """Keep what is written, whatever the moment's status; returns the draft's id and version.

    The first time is logged; what is then written on in it is nobody else's business until it is sent.

    Args:
        moment: the moment's id.
        text: as typed; markup stays as it is.
        conversation: the conversation's id, None for a new one.
        heading: of a new conversation.
        draft: the draft that is written on, None for a new one.
        version: the version of it that was read or saved last.
    """
    text = clean(text, multiline=True, limit=DRAFT_LIMIT, field="meddelande")
    heading = clean(heading, multiline=False, limit=DRAFT_LIMIT, field="rubrik")
    kept = None if draft is None else own_draft(work, moment, draft)
    if kept is not None and kept.version != version and (kept.text, kept.heading) == (text, heading):
        return kept.id, kept.version
    if kept is None or kept.version != version:
        return _add(work, moment, conversation, heading, text), 1
    work.db.run(
        "UPDATE draft SET text = :text, heading = :heading, saved_at = :now, version = version + 1 WHERE id = :id",
        **work.db.sealed("draft", {"id": kept.id, "resident_id": moment.resident_id, "text": text, "heading": heading}),
        now=work.now,
    )
    return kept.id, version + 1


@operation("Ta bort ett utkast", may=WRITERS, action=None, category=DataCategory.MESSAGES, on=moment_subject)
def discard_draft(work: Work, moment: MomentSubject, draft: int, version: int) -> None:
    """Throw away a draft that the clinician has emptied; one that another window has changed stays."""
    kept = own_draft(work, moment, draft)
    if kept is not None and kept.version == version:
        _remove(work, moment, draft)


@operation("Kopiera ett utkast", may=WRITERS, action=Action.COPIED, category=DataCategory.MESSAGES, on=moment_subject)
def copy_draft(work: ReadTransaction, moment: MomentSubject, draft: int | None = None) -> None:
    """Log that what one has written and can't send is copied; `draft` is None while no store has it.

    Raises:
        NotPermitted: it is another's draft.
    """
    if draft is not None:
        own_draft(work, moment, draft)
    work.log(Action.COPIED, moment, TO_CLIPBOARD)


def keep_text(work: Work, moment: MomentSubject, conversation: int, text: str) -> None:
    """Keep a text as a new draft of the one who acts in a conversation; part of operations."""
    _add(work, moment, conversation, "", text)


def own_drafts(work: ReadTransaction, moment: MomentSubject) -> tuple[DraftText, ...]:
    """Return the drafts of the one who acts in a moment, the newest first."""
    mine = f"{_DRAFT} AND staff_id = :staff ORDER BY saved_at DESC, id DESC"
    return tuple(work.db.all(DraftText, mine, **_place(moment), staff=_writer(work)))


def own_draft(work: ReadTransaction, moment: MomentSubject, draft: int) -> DraftText | None:
    """Return a draft of the one who acts; None where it was sent or thrown away.

    Raises:
        NotPermitted: it is another's, or of another moment.
    """
    whose = work.db.pair("SELECT staff_id, moment_id FROM draft WHERE id = :id", id=draft)
    if whose is None:
        return None
    if whose != (_writer(work), moment.moment_id):
        raise NotPermitted
    return work.db.one(DraftText, f"{_DRAFT} AND id = :id", **_place(moment), id=draft)


def take_draft(work: Work, moment: MomentSubject, draft: int, version: int | None, *, confirmed: bool) -> None:
    """Remove the draft that is being sent; one that another window has changed since `version` stays.

    Raises:
        NeedsConfirmation: it is gone: sent or thrown away in another window.
    """
    kept = own_draft(work, moment, draft)
    if kept is None and not confirmed:
        raise NeedsConfirmation(["Utkastet är redan skickat, eller borttaget, i ett annat fönster."])
    if kept is not None and version in (None, kept.version):
        _remove(work, moment, draft)


_DRAFT = (
    "SELECT id, version, conversation_id AS conversation, heading, text, saved_at FROM draft"
    " WHERE resident_id = :resident AND moment_id = :moment AND left_at IS NULL"
)


def _add(work: Work, moment: MomentSubject, conversation: int | None, heading: str, text: str) -> int:
    if conversation is not None:
        _check_conversation(work, moment, conversation)
    draft = work.add(
        Draft(
            resident_id=moment.resident_id,
            moment_id=moment.moment_id,
            staff_id=_writer(work),
            conversation_id=conversation,
            heading=heading,
            text=text,
            saved_at=work.now,
            version=1,
        )
    )
    change_moment(work, moment, drafts=moment.drafts + 1)
    work.log(Action.CHANGED, moment, "utkast")
    return draft


def _check_conversation(work: ReadTransaction, moment: MomentSubject, conversation: int) -> None:
    found = work.db.has(
        "SELECT 1 FROM conversation WHERE id = :id AND moment_id = :moment",
        id=conversation,
        moment=moment.moment_id,
    )
    if not found:
        raise NotPermitted


def _remove(work: Work, moment: MomentSubject, draft: int) -> None:
    work.db.run("DELETE FROM draft WHERE id = :id", id=draft)
    change_moment(work, moment, drafts=load_moment(work, moment.moment_id).drafts - 1)


def _writer(work: ReadTransaction) -> int:
    return as_staff(work.actor).staff_id


def _place(moment: MomentSubject) -> dict[str, int]:
    return {"resident": moment.resident_id, "moment": moment.moment_id}
