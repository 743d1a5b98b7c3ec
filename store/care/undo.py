"""Ångra: the last that somebody did in a moment, undone where nobody has acted on it since (domain.md §5, ours)."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from store.care.acts import ActKind, DoneAct, last_act
from store.care.claims import end_claims
from store.care.conversations import Sender
from store.care.drafts import WRITERS, keep_text
from store.care.flags import close_flags, reopen_flags
from store.care.held_messages import release_held
from store.care.moments import OFFERED, MomentStatus, MomentSubject, change_moment, load_moment, moment_subject
from store.care.notices import cancel_held_notices
from store.care.set_aside import AsideRow, stored_aside, write_aside
from store.care.successors import tell_successor
from store.foundation.access import Action, DataCategory, Role
from store.foundation.clock import Instant
from store.foundation.errors import NotPermitted, Refused
from store.foundation.events import EventKind
from store.foundation.flag_kinds import OF_A_RUNNING_MOMENT
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work
from store.people.staff import hold_clinician

NOTHING = "Det finns inget att ångra här. Det senaste du har gjort går inte att ångra, eller är äldre än ett dygn."
SINCE = "Det går inte att ångra: {} har gjort något i momentet sedan dess."
CHANGED = "Det går inte att ångra: det har ändrats sedan dess."
GONE = "Meddelandet har gått iväg till invånaren och går inte att ångra."
ANSWERED = "Konversationen är besvarad sedan dess. Gör den oläst igen i stället."
_KEPT = " Meddelandet till invånaren om bytet är redan skickat och tas inte tillbaka."

WORDS: Mapping[ActKind, str] = {
    ActKind.MESSAGE: "skickat meddelande",
    ActKind.SWITCHED: "byte av behandlare",
    ActKind.SET_ASIDE: "uppskjutet ärende",
    ActKind.READ: "markerat som läst",
    ActKind.MAINTAINED: "vidmakthållande läge",
    ActKind.RESUMED: "återupptaget moment",
}
"""What was done, as the timeline and the question before it say it."""


@dataclass(frozen=True)
class Undoable:
    """What would be undone, with whom it concerns. `at` is UTC milliseconds."""

    moment: int
    kind: ActKind
    at: int
    name: str
    program_title: str
    protected: bool

    @property
    def words(self) -> str:
        """What was done."""
        return WORDS[self.kind]


class HeldMessage(NamedTuple):
    """A message as it was sent: the id of its conversation, when it was sent, and when it goes, in UTC milliseconds."""

    place: int
    text: str
    sent_at: Instant
    release_at: Instant


@operation(
    "Ångra det senaste i ett moment",
    may=WRITERS | {Role.CLINICIAN},
    action=Action.CHANGED,
    category=DataCategory.RECORD,
    event=True,
    on=moment_subject,
)
def undo_act(work: Work, moment: MomentSubject) -> list[str]:
    """Undo the last that the one who acts did in the moment and can undo; returns what kind it was and what to say.

    Who gave the moment to another clinician may take that back; all else is for who may write in it.

    Raises:
        Refused: there is nothing, or somebody has acted on it since.
    """
    act = last_act(work, moment.moment_id)
    if act is None and work.actor.standing(moment) & WRITERS:
        raise Refused(NOTHING)
    if act is None or not _may_undo(work, moment, act):
        raise NotPermitted
    said = _UNDOING[act.kind](work, moment, act)
    work.db.run("DELETE FROM act WHERE id = :id", id=act.id)
    work.event(moment, EventKind.UNDONE, what=WORDS[act.kind])
    return [act.kind.value, said]


@operation(
    "Se vad som kan ångras", may={Role.CLINICIAN, Role.RESIDENT_ADMIN}, action=None, category=DataCategory.RECORD
)
def undoable(work: ReadTransaction, moment: int | None = None) -> Undoable | None:
    """Return what the one who asks did last and may undo, in a moment or anywhere on the unit; None for nothing.

    It names a resident, so there is a log row; a moment that has gone to another unit is named no longer.
    """
    act = last_act(work, moment)
    if act is None:
        return None
    subject = load_moment(work, act.moment)
    if not _may_undo(work, subject, act):
        return None
    about = work.db.single(
        _About,
        "SELECT v.title AS program_title, r.protection <> '' AS protected FROM moment m"
        " JOIN resident r ON r.id = m.resident_id JOIN programversion v ON v.id = m.version_id WHERE m.id = :id",
        id=act.moment,
    )
    work.log(Action.LISTED, subject, f"kan ångras: {WORDS[act.kind]}")
    return Undoable(act.moment, act.kind, act.at, subject.name, about.program_title, about.protected)


class _About(NamedTuple):
    program_title: str
    protected: bool


def _may_undo(work: ReadTransaction, moment: MomentSubject, act: DoneAct) -> bool:
    """Whether the one who acts may: who gave the moment to a colleague takes that back; all else is for its writers."""
    gave_away = act.kind is ActKind.SWITCHED and moment.unit_id == work.actor.unit_id
    return gave_away or bool(work.actor.standing(moment) & WRITERS)


def _message(work: Work, moment: MomentSubject, act: DoneAct) -> str:
    """Make a held message a draft again, and the conversation what it was."""
    held = work.db.one(
        HeldMessage,
        "SELECT conversation_id AS place, text, sent_at, release_at FROM message"
        " WHERE id = :id AND moment_id = :moment",
        id=act.what["message"],
        moment=moment.moment_id,
    )
    if held is None or held.release_at <= work.now:
        raise Refused(GONE)
    message, place, text, sent_at = act.what["message"], held.place, held.text, held.sent_at
    work.db.run("DELETE FROM message WHERE id = :id", id=message)
    cancel_held_notices(work, moment, message)
    unread = _unread_again(work, moment, place, sent_at)
    work.db.run(
        "UPDATE conversation SET release_at = NULL, release_by = NULL, unanswered_then = NULL,"
        " latest_at = coalesce((SELECT max(m.sent_at) FROM message m WHERE m.resident_id = :resident"
        " AND m.conversation_id = :id), started_at) WHERE id = :id",
        id=place,
        resident=moment.resident_id,
    )
    _rename_event(work, moment, message, sent_at)
    keep_text(work, load_moment(work, moment.moment_id), place, text)
    more = " Konversationen är oläst igen." if unread else ""
    return f"Meddelandet har inte gått iväg. Det är ett utkast igen.{more}"


def _unread_again(work: Work, moment: MomentSubject, conversation: int, at: int) -> int:
    """Mark as unread what was read of a conversation at an instant; returns how much."""
    unread = work.db.run(
        "UPDATE message SET read_at = NULL WHERE resident_id = :resident AND conversation_id = :conversation"
        " AND sender = :sender AND read_at = :at",
        resident=moment.resident_id,
        conversation=conversation,
        sender=Sender.RESIDENT.value,
        at=at,
    )
    if unread:
        work.db.run("UPDATE conversation SET unread = unread + :n WHERE id = :id", n=unread, id=conversation)
        change_moment(work, moment, unread_messages=moment.unread_messages + unread)
        work.event(moment, EventKind.MESSAGE_UNREAD, conversation=conversation)
    return unread


def _rename_event(work: Work, moment: MomentSubject, message: int, at: int) -> None:
    """Let the timeline say that the message never went; nothing else counts it as sent."""
    place = {"resident": moment.resident_id, "moment": moment.moment_id}
    for seq, facts in work.db.pairs(
        "SELECT seq, facts FROM event WHERE resident_id = :resident AND moment_id = :moment AND at = :at"
        " AND kind = :kind",
        **place,
        at=at,
        kind=EventKind.MESSAGE_SENT.value,
    ):
        if json.loads(facts).get("message") == message:
            work.db.run(
                "UPDATE event SET kind = :kind WHERE resident_id = :resident AND moment_id = :moment AND at = :at"
                " AND seq = :seq",
                **place,
                at=at,
                kind=EventKind.MESSAGE_TAKEN_BACK.value,
                seq=seq,
            )


def _switch(work: Work, moment: MomentSubject, act: DoneAct) -> str:
    """Give the moment back to the clinician who had it; a message about it stays where it is."""
    if moment.status is MomentStatus.ENDED or moment.responsible_id != act.what["to"]:
        raise Refused(CHANGED)
    if moment.is_offered:
        raise Refused(OFFERED)
    _refuse_if_others_acted(work, moment, act)
    before = hold_clinician(work, moment.unit_id, act.what["before"])
    if before is None:
        raise Refused("Det går inte att ångra: den som hade momentet är inte längre behandlare på enheten.")
    release_held(work, moment)
    end_claims(work, "m.id = :moment", moment=moment.moment_id)
    change_moment(work, moment, responsible_id=before.staff_id)
    tell_successor(work, [moment], before.staff_id)
    work.event(moment, EventKind.SWITCHED, to=before.name)
    return f"{before.name} är ansvarig behandlare igen.{_KEPT if act.what['told'] else ''}"


def _set_aside(work: Work, moment: MomentSubject, act: DoneAct) -> str:
    """Let a matter be in the queue as it was."""
    facts = act.what
    same = "resident_id = :resident AND moment_id = :moment AND matter = :matter"
    place = {"resident": moment.resident_id, "moment": moment.moment_id, "matter": facts["matter"]}
    if stored_aside(work, moment, facts["matter"]) != AsideRow(*facts["set"]):
        raise Refused(CHANGED)
    work.db.run(f"DELETE FROM setaside WHERE {same}", **place)
    if facts["before"] is not None:
        write_aside(work, moment, facts["matter"], AsideRow(*facts["before"]))
    return "Ärendet är i kön igen."


def _read(work: Work, moment: MomentSubject, act: DoneAct) -> str:
    """Mark as unread what was marked as read, where that still stands."""
    facts = act.what
    if (place := facts.get("conversation")) is not None:
        answered = work.db.has(
            "SELECT 1 FROM message WHERE resident_id = :resident AND conversation_id = :id AND sender = :sender"
            " AND sent_at >= :at LIMIT 1",
            resident=moment.resident_id,
            id=place,
            sender=Sender.CLINICIAN.value,
            at=act.at,
        )
        if answered:
            raise Refused(ANSWERED)
        if not _unread_again(work, moment, place, act.at):
            raise Refused(CHANGED)
        return "Konversationen är oläst igen."
    undone = 0
    for answer in facts["answers"]:
        changed = work.db.run(
            "UPDATE formanswer SET read_at = NULL, read_by = ''"
            " WHERE id = :id AND resident_id = :resident AND moment_id = :moment AND read_at = :at",
            id=answer,
            resident=moment.resident_id,
            moment=moment.moment_id,
            at=act.at,
        )
        if changed:
            undone += 1
            form = work.db.value("SELECT form FROM formanswer WHERE id = :id", id=answer)
            work.event(moment, EventKind.FORM_UNREAD, answer=answer, form=form)
    if not undone:
        raise Refused(CHANGED)
    change_moment(work, moment, unread_forms=moment.unread_forms + undone)
    return "Formuläret är oläst igen." if undone == 1 else f"{undone} svar är olästa igen."


def _maintained(work: Work, moment: MomentSubject, act: DoneAct) -> str:
    """Let the moment run as it did, with the flags that were open."""
    _need_status(work, moment, act, MomentStatus.MAINTENANCE)
    change_moment(work, moment, status=MomentStatus.RUNNING.value, forms_look_at=work.now)
    reopen_flags(work, moment, act.at, *OF_A_RUNNING_MOMENT)
    work.event(moment, EventKind.RESUMED)
    return "Momentet är pågående igen."


def _resumed(work: Work, moment: MomentSubject, act: DoneAct) -> str:
    """Put the moment in maintenance again."""
    _need_status(work, moment, act, MomentStatus.RUNNING)
    release_held(work, moment)
    change_moment(work, moment, status=MomentStatus.MAINTENANCE.value)
    now = load_moment(work, moment.moment_id)
    close_flags(work, now, *OF_A_RUNNING_MOMENT, why="Momentet sattes i vidmakthållande läge.")
    work.event(moment, EventKind.MAINTAINED)
    return "Momentet är i vidmakthållande läge igen."


def _need_status(work: Work, moment: MomentSubject, act: DoneAct, status: MomentStatus) -> None:
    if moment.status is not status:
        raise Refused(CHANGED)
    if moment.is_offered:
        raise Refused(OFFERED)
    _refuse_if_others_acted(work, moment, act)


def _refuse_if_others_acted(work: Work, moment: MomentSubject, act: DoneAct) -> None:
    """Refuse where another of the staff has done something in the moment since, and say who.

    An event has its actor's name; of a namesake the log's row of the same instant tells by the HSA-id.
    """
    others = work.db.values(
        "SELECT e.actor_name FROM event e WHERE e.resident_id = :resident AND e.moment_id = :moment AND e.at > :at"
        " AND e.actor_kind = :kind AND (e.actor_name <> :name OR EXISTS (SELECT 1 FROM log l WHERE l.unit_id = :unit"
        " AND l.at = e.at AND l.moment_id = e.moment_id AND l.actor_kind = :kind AND l.actor_hsa_id <> :own))"
        " ORDER BY e.at DESC, e.seq DESC LIMIT 1",
        resident=moment.resident_id,
        moment=moment.moment_id,
        unit=moment.unit_id,
        at=act.at,
        kind=work.actor.kind,
        name=work.actor.name,
        own=work.actor.hsa_id,
    )
    if others:
        raise Refused(SINCE.format(others[0]))


_UNDOING: Mapping[ActKind, Callable[[Work, MomentSubject, DoneAct], str]] = {
    ActKind.MESSAGE: _message,
    ActKind.SWITCHED: _switch,
    ActKind.SET_ASIDE: _set_aside,
    ActKind.READ: _read,
    ActKind.MAINTAINED: _maintained,
    ActKind.RESUMED: _resumed,
}
