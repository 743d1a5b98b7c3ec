"""Handovers between units: what is offered to the unit, and what it has offered (domain.md §3.5).

Until it is accepted the other unit sees whom it concerns, the program, the note and how many prioriterade flaggor
there are; nothing of what the resident has written or answered.
"""

from dataclasses import dataclass
from typing import NamedTuple

from store.care.handovers import GIVERS, HandoverState, OfferedSubject, offered_subject
from store.care.moments import MomentSubject, moment_subject
from store.foundation.access import Action, DataCategory, Role, Subject
from store.foundation.flag_kinds import OLDEST_PRIORITY
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import sort_name
from store.people.residents import known_person
from store.people.served import serve_moments
from store.people.units import serves


@dataclass(frozen=True)
class OfferedMoment:
    """A moment that waits for the other unit's answer. `offered_at` in UTC milliseconds."""

    moment: int
    resident: int
    personnummer: str
    name: str
    """The resident's, Efternamn, Förnamn."""
    protected: bool
    program: str
    program_title: str
    from_unit: str
    from_unit_hsa_id: str
    to_unit: str
    to_unit_hsa_id: str
    is_to_us: bool
    note: str
    offered_at: int
    offered_by: str
    priority_flags: int
    priority_since: int | None
    """Since when the oldest unhandled prioriterad flagga waits, in UTC milliseconds; None where there is none."""


@dataclass(frozen=True)
class PastHandover:
    """An offer and what became of it. Instants are UTC milliseconds; `answered_at` is None where it waits."""

    from_unit: str
    to_unit: str
    state: HandoverState
    note: str
    reason: str
    """Why it was declined."""
    offered_at: int
    offered_by: str
    answered_at: int | None
    answered_by: str


@operation("Öppna överlämningar", may={Role.RESIDENT_ADMIN}, action=Action.LISTED, category=DataCategory.RECORD)
def open_handovers(work: ReadTransaction) -> list[OfferedMoment]:
    """Return what is offered to the unit and by it, the oldest first; opening it is logged."""
    found = handovers(work)
    work.open_visit(_PLACE)
    serve_moments(work, _PLACE, (one.moment for one in found))
    work.log(Action.LISTED, details=f"överlämningar: {len(found)} rader")
    return found


@operation("Läsa om överlämningar", may={Role.RESIDENT_ADMIN}, action=None, category=DataCategory.RECORD)
def handovers_again(work: ReadTransaction) -> list[OfferedMoment]:
    """Return what is offered to the unit and by it again, as a refresh does; opening it was logged."""
    found = handovers(work)
    serve_moments(work, _PLACE, (one.moment for one in found))
    return found


_PLACE = "överlämningar"


@operation(
    "Visa skyddade personuppgifter i en erbjuden överlämning",
    may={Role.RESIDENT_ADMIN},
    action=Action.READ,
    category=DataCategory.RECORD,
    on=offered_subject,
)
def reveal_offered(_work: ReadTransaction, offered: OfferedSubject) -> tuple[str, str]:
    """Return number and name of a masked resident who is offered to the unit: a choice of its own, logged."""
    return offered.personnummer, offered.name


@dataclass(frozen=True, kw_only=True)
class GivenSubject(Subject):
    """A moment as a unit sees it that has handed it over: that it was its own, and nobody's to read."""

    handover: PastHandover
    """The latest by which it left."""


def given_subject(work: ReadTransaction, moment: int) -> GivenSubject | None:
    """Return a moment to the unit of the one who acts, where that has handed it over; else None."""
    unit_id = work.actor.unit_id
    work.past_fence("sob_given_away", moment)
    found = moment_subject(work, moment)
    left = work.db.one(
        PastHandover,
        f"{_PAST} WHERE h.moment_id = :moment AND h.from_unit_id = :unit AND h.state = :accepted ORDER BY h.id DESC",
        moment=moment,
        unit=unit_id,
        accepted=HandoverState.ACCEPTED.value,
    )
    if found is None or left is None or found.unit_id == unit_id:
        return None
    return GivenSubject(
        found.resident_id, found.personnummer, found.name, moment_id=moment, unit_id=unit_id, handover=left
    )


@operation(
    "Se vad som blev av en överlämning",
    may={Role.CLINICIAN, Role.RESIDENT_ADMIN},
    action=None,
    category=DataCategory.RECORD,
    on=given_subject,
)
def where_it_went(_work: ReadTransaction, given: GivenSubject) -> PastHandover:
    """Return the handover by which a moment left the unit of the one who acts: all that the unit may know of it now."""
    return given.handover


@operation("Se vilka enheter som kan ta emot ett moment", may=GIVERS, action=None, on=moment_subject)
def receiving_units(work: ReadTransaction, moment: MomentSubject) -> list[tuple[str, str]]:
    """Return HSA-id and name of the other units of the vårdgivare that have the program and serve the resident."""
    someone = known_person(work.db, moment.resident_id)
    rows = work.db.all(
        _Unit,
        "SELECT u.id, u.hsa_id, u.name FROM unit u JOIN openprogram o ON o.unit_id = u.id AND o.program = :program"
        " JOIN unit ours ON ours.id = :unit AND ours.provider_id = u.provider_id WHERE u.id <> ours.id",
        program=moment.program,
        unit=moment.unit_id,
    )
    found = [unit for unit in rows if serves(work.db, unit.id, someone.region)]
    found.sort(key=lambda unit: (sort_name(unit.name, ""), unit.hsa_id))
    return [(unit.hsa_id, unit.name) for unit in found]


class _Unit(NamedTuple):
    id: int
    hsa_id: str
    name: str


def past_handovers(work: ReadTransaction, moment: int) -> list[PastHandover]:
    """Return a moment's offers, the newest first, also one that waits; part of operations."""
    return work.db.all(PastHandover, f"{_PAST} WHERE h.moment_id = :moment ORDER BY h.id DESC", moment=moment)


_PAST = (
    "SELECT g.name AS from_unit, t.name AS to_unit, h.state, h.note, h.reason, h.offered_at, h.offered_by,"
    " h.answered_at, h.answered_by"
    " FROM handover h JOIN unit g ON g.id = h.from_unit_id JOIN unit t ON t.id = h.to_unit_id"
)


def handovers(work: ReadTransaction) -> list[OfferedMoment]:
    """Return what is offered to the unit of the one who acts and by it; part of operations."""
    return work.db.all(OfferedMoment, _OFFERED, unit=work.actor.unit_id, offered=HandoverState.OFFERED.value)


_OFFERED = (
    "SELECT m.id AS moment, r.id AS resident, r.personnummer, r.family_name || ', ' || r.given_name AS name,"
    " r.protection <> '' AS protected, m.program, v.title AS program_title, g.name AS from_unit,"
    " g.hsa_id AS from_unit_hsa_id, t.name AS to_unit, t.hsa_id AS to_unit_hsa_id,"
    " h.to_unit_id = :unit AS is_to_us, h.note, h.offered_at, h.offered_by, m.priority_flags,"
    f" {OLDEST_PRIORITY} AS priority_since"
    " FROM moment m JOIN handover h ON h.moment_id = m.id AND h.resident_id = m.resident_id AND h.state = :offered"
    " JOIN resident r ON r.id = m.resident_id JOIN programversion v ON v.id = m.version_id"
    " JOIN unit g ON g.id = h.from_unit_id JOIN unit t ON t.id = h.to_unit_id"
    " WHERE m.offered_to IS NOT NULL AND (m.offered_to = :unit OR m.unit_id = :unit) ORDER BY h.offered_at, m.id"
)
