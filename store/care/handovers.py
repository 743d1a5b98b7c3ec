"""Överlämning: a moment goes to another unit (FAQ; the steps are ours, domain.md §3.5).

Offered by the one who has it, answered by an invånaradministratör of the other unit, or taken back. Until then the
giving unit keeps it, but nobody writes to the resident. On acceptance all goes along but the drafts.
"""

from dataclasses import dataclass, replace
from enum import StrEnum

from sqlalchemy import BigInteger, Index
from sqlmodel import Field, SQLModel

from store.care.flags import TEXT_LIMIT, Cause, close_flags, raise_flag
from store.care.held_messages import release_held
from store.care.messages import post_message, why_not_write
from store.care.moments import (
    ALWAYS,
    UNTIL_ENDED,
    MomentStatus,
    MomentSubject,
    change_moment,
    load_moment,
    moment_subject,
)
from store.care.notices import NoticeKind, cancel_staff_notices, notify_clinicians
from store.care.programs import program_of
from store.care.safety_plans import take_safety_plan_along
from store.care.training import check_training
from store.foundation.access import Action, DataCategory, Role, Standing, Subject, Who
from store.foundation.connection import columns
from store.foundation.errors import InvariantBroken, NeedsConfirmation, Refused
from store.foundation.events import EventKind
from store.foundation.flag_kinds import FlagKind, Severity
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.tables import FreeText
from store.foundation.text import clean
from store.foundation.work import Work
from store.people.residents import known_person
from store.people.staff import Colleague, hold_clinician, name_for_residents
from store.people.units import is_of_same_provider, is_open, serves, unit_by_hsa_id

GIVERS: frozenset[Who] = frozenset({Standing.RESPONSIBLE, Role.RESIDENT_ADMIN})
"""Who may offer a moment to another unit: nobody who only stands in."""

NOTE_LIMIT = 2_000
MESSAGE_HEADING = "Ny enhet"


class HandoverState(StrEnum):
    """Where an offer stands; the value is stored."""

    OFFERED = "erbjuden"
    ACCEPTED = "mottagen"
    DECLINED = "avvisad"
    WITHDRAWN = "aterkallad"


class Handover(SQLModel, table=True):
    """An offer, and what became of it. Never removed before the purge."""

    __table_args__ = (
        Index("handover_moment", "resident_id", "moment_id"),
        Index("handover_from", "from_unit_id", "state"),
    )

    id: int | None = Field(default=None, primary_key=True)
    resident_id: int = Field(foreign_key="resident.id")
    moment_id: int = Field(foreign_key="moment.id")
    from_unit_id: int = Field(foreign_key="unit.id")
    to_unit_id: int = Field(foreign_key="unit.id")
    note: str = Field(sa_type=FreeText)
    tell_resident: int
    """1 where the resident is told when it is accepted."""
    state: str
    offered_at: int = Field(sa_type=BigInteger)
    offered_by: str
    answered_at: int | None = Field(default=None, sa_type=BigInteger)
    answered_by: str = ""
    reason: str = Field(default="", sa_type=FreeText)


@dataclass(frozen=True)
class Offer:
    """An offer that waits for its answer. `offered_at` in UTC milliseconds."""

    id: int
    from_unit_id: int
    to_unit_id: int
    note: str
    tell_resident: bool
    offered_at: int
    offered_by: str


WHILE_OFFERED = replace(ALWAYS, when_offered=True, wrong_offer="Momentet är inte erbjudet till någon enhet.")
"""When an offer can be taken back."""


@dataclass(frozen=True, kw_only=True)
class OfferedSubject(Subject):
    """An offered moment as the unit sees it that it is offered to: its own to answer, and nobody's to read."""

    moment: MomentSubject
    """The moment as it is."""


def offered_subject(work: ReadTransaction, moment: int) -> OfferedSubject | None:
    """Return an offered moment to the unit that is to answer; None where it is not offered."""
    work.past_fence("sob_answering", moment)
    found = moment_subject(work, moment)
    if found is None or found.offered_to is None:
        return None
    return OfferedSubject(
        found.resident_id, found.personnummer, found.name, moment_id=moment, unit_id=found.offered_to, moment=found
    )


@operation(
    "Erbjuda ett moment till en annan enhet",
    may=GIVERS,
    action=Action.CHANGED,
    category=DataCategory.RECORD,
    event=True,
    on=moment_subject,
    statuses=UNTIL_ENDED.unless_offered,
)
def offer_handover(
    work: Work, moment: MomentSubject, to: str, note: str, *, tell_resident: bool = False, confirmed: bool = False
) -> None:
    """Offer a moment to another unit.

    Args:
        moment: the moment's id.
        to: HSA-id of the unit.
        note: what the other unit should know; it must be given.
        tell_resident: whether the resident gets a message when it is accepted.
        confirmed: whether the warnings have been confirmed.

    Raises:
        Refused: it is ended or offered already; the note is empty; the unit is unknown, the own one, or can't have it;
            the resident is to be told of a moment in maintenance.
        NeedsConfirmation: drafts stay behind, or prioriterade flaggor go along.
    """
    note = clean(note, multiline=True, limit=NOTE_LIMIT, field="anteckning").strip()
    if not note:
        raise Refused("Skriv en anteckning till den andra enheten om varför momentet lämnas över.", field="anteckning")
    if tell_resident and (reason := why_not_write(moment)):
        raise Refused(f"{reason} Erbjud utan att berätta för invånaren.", field="beratta")
    unit_id, unit_name = _receiver(work, moment, to)
    if (warnings := _warnings(moment)) and not confirmed:
        raise NeedsConfirmation(warnings)
    work.add(
        Handover(
            resident_id=moment.resident_id,
            moment_id=moment.moment_id,
            from_unit_id=moment.unit_id,
            to_unit_id=unit_id,
            note=note,
            tell_resident=int(tell_resident),
            state=HandoverState.OFFERED.value,
            offered_at=work.now,
            offered_by=work.actor.name,
        )
    )
    release_held(work, moment)
    change_moment(work, moment, offered_to=unit_id)
    close_flags(work, moment, FlagKind.DECLINED, why="Momentet är erbjudet på nytt.")
    work.event(moment, EventKind.HANDOVER_OFFERED, to=unit_name)
    work.changed(unit_id)


@operation(
    "Dra tillbaka en erbjuden överlämning",
    may=GIVERS,
    action=Action.CHANGED,
    category=DataCategory.RECORD,
    event=True,
    on=moment_subject,
    statuses=WHILE_OFFERED,
)
def withdraw_handover(work: Work, moment: MomentSubject) -> None:
    """Take an offer back.

    Raises:
        Refused: there is none, or it has been answered.
    """
    _answer(work, moment, HandoverState.WITHDRAWN, "")
    work.event(moment, EventKind.HANDOVER_WITHDRAWN)
    if moment.offered_to is not None:
        work.changed(moment.offered_to)


@operation(
    "Avvisa en erbjuden överlämning",
    may={Role.RESIDENT_ADMIN},
    action=Action.CHANGED,
    category=DataCategory.RECORD,
    event=True,
    on=offered_subject,
)
def decline_handover(work: Work, offered: OfferedSubject, reason: str) -> None:
    """Decline an offer, with the reason: an event, and a matter of the ansvarig behandlare who offered it.

    Raises:
        Refused: the reason is empty.
    """
    reason = clean(reason, multiline=True, limit=NOTE_LIMIT, field="orsak").strip()
    if not reason:
        raise Refused("Skriv varför överlämningen avvisas.", field="orsak")
    offer = _waiting_offer(work, offered.moment)
    _answer(work, offered.moment, HandoverState.DECLINED, reason)
    told = " ".join(reason.split())
    work.event(offered.moment, EventKind.HANDOVER_DECLINED, reason=told)
    why = f"{_unit_name(work, offer.to_unit_id)} tar inte emot momentet: {told}"[:TEXT_LIMIT]
    raise_flag(work, offered.moment, Cause(FlagKind.DECLINED, Severity.WARNING, why, key=str(offer.id)))
    work.changed(work.actor.unit_id or 0)


@operation(
    "Ta emot ett moment från en annan enhet",
    may={Role.RESIDENT_ADMIN},
    action=Action.CHANGED,
    category=DataCategory.RECORD,
    event=True,
    on=offered_subject,
)
def accept_handover(work: Work, offered: OfferedSubject, responsible: str, *, confirmed: bool = False) -> None:
    """Take a moment over, with a clinician of the own unit; both units' logs say so.

    Args:
        offered: the moment's id.
        responsible: HSA-id of the clinician.
        confirmed: whether the warnings have been confirmed.

    Raises:
        Refused: that is no active clinician of the unit, or the unit can't have the moment any longer.
        NeedsConfirmation: the clinician lacks the training for the program.
    """
    here = offered.moment
    offer = _waiting_offer(work, here)
    new = hold_clinician(work, offer.to_unit_id, responsible)
    if new is None:
        raise Refused(f"{responsible} är inte aktiv behandlare på enheten. Välj en annan.", field="behandlare")
    _check_receiver(work, here, offer.to_unit_id, _unit_name(work, offer.to_unit_id))
    check_training(work, offer.to_unit_id, [(here, new)], confirmed=confirmed)
    _answer(work, here, HandoverState.ACCEPTED, "")
    change_moment(work, here, unit_id=offer.to_unit_id, responsible_id=new.staff_id, drafts=0)
    _take_along(work, here, offer.to_unit_id)
    there = load_moment(work, here.moment_id)
    work.event(there, EventKind.HANDOVER_ACCEPTED, responsible=new.name)
    work.log(Action.CHANGED, there, "mottaget")
    work.log(Action.CHANGED, here, "överlämnat", unit_id=offer.from_unit_id)
    work.changed(offer.from_unit_id)
    if offer.tell_resident and there.status is MomentStatus.RUNNING:
        post_message(work, there, _greeting(work, there, new), MESSAGE_HEADING)
    if there.priority_flags:
        notify_clinicians(work, there, NoticeKind.STAFF_PRIORITY)


def _waiting_offer(work: ReadTransaction, moment: MomentSubject) -> Offer:
    """Return the offer that waits for an answer; an offered moment has one."""
    offer = work.db.one(
        Offer,
        f"SELECT {columns(Offer)} FROM handover WHERE moment_id = :moment AND state = :offered",
        moment=moment.moment_id,
        offered=HandoverState.OFFERED.value,
    )
    if offer is None:
        raise InvariantBroken(f"moment {moment.moment_id} is offered, and no offer waits")
    return offer


def _receiver(work: Work, moment: MomentSubject, hsa_id: str) -> tuple[int, str]:
    """Return id and name of the unit that may have the moment."""
    unit = unit_by_hsa_id(work.db, hsa_id)
    if unit is None:
        raise Refused(f"Ingen enhet har HSA-id {hsa_id}. Kontrollera det.", field="enhet")
    if unit.id == moment.unit_id:
        raise Refused(
            "Momentet finns redan på den enheten. Byt behandlare i stället.", field="enhet", helps=("switch_clinician",)
        )
    _check_receiver(work, moment, unit.id, unit.name)
    return unit.id, unit.name


def _check_receiver(work: Work, moment: MomentSubject, unit_id: int, name: str) -> None:
    """Refuse what the unit may not have: its programs and whom it serves are its own rules when it starts one too.

    A handover stays within one vårdgivare (domain.md §3.5).
    """
    if not is_of_same_provider(work.db, unit_id, moment.unit_id):
        raise Refused(f"{name} hör till en annan vårdgivare. Lämna bara över inom den egna.", field="enhet")
    if not is_open(work.db, unit_id, moment.program):
        title = program_of(work.db, moment.version_id).title
        raise Refused(
            f"{title} är inte öppet för {name}. Den enheten behöver först få programmet.",
            field="enhet",
            helps=("open_program",),
        )
    someone = known_person(work.db, moment.resident_id)
    if not serves(work.db, unit_id, someone.region):
        raise Refused(
            f"{name} har inte betjäningsområdet Hela landet, och invånaren är skriven i en annan region.", field="enhet"
        )


def _warnings(moment: MomentSubject) -> list[str]:
    warnings = []
    if moment.drafts:
        one_or_more = "1 utkast stannar" if moment.drafts == 1 else f"{moment.drafts} utkast stannar"
        warnings.append(f"{one_or_more} kvar här, och kan inte läsas efter överlämningen. Skicka eller kopiera först.")
    if moment.priority_flags:
        number = moment.priority_flags
        which = "1 ohanterad prioriterad flagga" if number == 1 else f"{number} ohanterade prioriterade flaggor"
        warnings.append(f"{which} följer med till den andra enheten.")
    return warnings


def _answer(work: Work, moment: MomentSubject, state: HandoverState, reason: str) -> None:
    offered = work.db.value(
        "SELECT id FROM handover WHERE resident_id = :resident AND moment_id = :moment AND state = :offered",
        resident=moment.resident_id,
        moment=moment.moment_id,
        offered=HandoverState.OFFERED.value,
    )
    work.db.run(
        "UPDATE handover SET state = :state, answered_at = :now, answered_by = :by, reason = :reason WHERE id = :id",
        **work.db.sealed("handover", {"id": offered, "resident_id": moment.resident_id, "reason": reason}),
        state=state.value,
        now=work.now,
        by=work.actor.name,
    )
    change_moment(work, moment, offered_to=None)


def _take_along(work: Work, moment: MomentSubject, unit_id: int) -> None:
    """Let what belongs to the moment follow it; drafts stay behind, and what was to be told of to the unit's staff."""
    place = {"resident": moment.resident_id, "moment": moment.moment_id}
    here = " WHERE resident_id = :resident AND moment_id = :moment"
    work.db.run(f"UPDATE flag SET unit_id = :unit{here}", unit=unit_id, **place)
    work.db.run(f"UPDATE notice SET unit_id = :unit{here} AND staff_id IS NULL", unit=unit_id, **place)
    cancel_staff_notices(work, moment)
    work.db.run(f"UPDATE draft SET left_at = :now{here} AND left_at IS NULL", now=work.now, **place)
    work.db.run(f"DELETE FROM setaside{here}", **place)
    take_safety_plan_along(work, moment, unit_id)


def _greeting(work: Work, moment: MomentSubject, clinician: Colleague) -> str:
    name = name_for_residents(work, clinician.staff_id)
    who = f" Din nya behandlare där är {name}." if name == clinician.name else " Du har fått en ny behandlare där."
    return f"Ditt program har flyttats till {_unit_name(work, moment.unit_id)}.{who}"


def _unit_name(work: Work, unit_id: int) -> str:
    return str(work.db.value("SELECT name FROM unit WHERE id = :id", id=unit_id))
