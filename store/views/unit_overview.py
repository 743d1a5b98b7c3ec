"""The unit at a glance: what waits at each clinician (ours)."""

from dataclasses import dataclass

from store.care.time_spent import week_name
from store.foundation.access import Action, DataCategory, Role
from store.foundation.errors import NotPermitted
from store.foundation.flag_kinds import IS_URGENT, OLDEST_PRIORITY, Severity
from store.foundation.hsa_id import hsa_key
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.people.served import serve_moments
from store.people.staff import Colleague, clinicians_of, colleague_on
from store.people.substitutions import StandIn, stand_ins_on
from store.views.matters import WAITING, Matter, Whose, matters_of


@dataclass(frozen=True)
class ClinicianLine:
    """One clinician's work. `oldest` is the matter that has waited longest, None where nothing waits.

    What waits at those for whom the clinician stands in today is counted, too: it is in that queue.
    """

    hsa_id: str
    name: str
    """Förnamn Efternamn."""
    is_active: bool
    """False for one who works here as a clinician no more, and still has moments."""
    moments: int
    """Not ended."""
    waiting: int
    oldest: Matter | None
    priority_flags: int
    minutes: int
    """Spent this week, on all residents."""
    stands_in_for: tuple[str, ...] = ()
    """Förnamn Efternamn of those for whom the clinician stands in today."""
    substitute: str = ""
    """Förnamn Efternamn of who stands in for the clinician today."""
    has_lost_substitute: bool = False
    """Whether who was to stand in today can't any longer."""


@dataclass(frozen=True)
class MovableMoment:
    """A moment of a clinician's that can be moved to another."""

    id: int
    name: str
    """The resident's, Efternamn, Förnamn."""
    protected: bool
    program_title: str
    status: str


@operation(
    "Se en behandlares moment för att flytta dem",
    may={Role.RESIDENT_ADMIN},
    action=Action.LISTED,
    category=DataCategory.RECORD,
)
def movable_moments(work: ReadTransaction, of: str) -> list[MovableMoment]:
    """Return the running moments of one of the unit's clinicians, by the residents' names in Swedish order.

    Raises:
        NotPermitted: nobody by that HSA-id works or has worked on the unit.
    """
    unit = work.actor.unit_id or 0
    whose = colleague_on(work.db, unit, of)
    if whose is None:
        raise NotPermitted
    found = work.db.all(
        MovableMoment,
        "SELECT m.id, r.family_name || ', ' || r.given_name AS name, r.protection <> '' AS protected,"
        " v.title AS program_title, m.status FROM moment m JOIN resident r ON r.id = m.resident_id"
        " JOIN programversion v ON v.id = m.version_id"
        " WHERE m.unit_id = :unit AND m.responsible_id = :staff AND m.status <> 'avslutat' ORDER BY m.sort_name, m.id",
        unit=unit,
        staff=whose.staff_id,
    )
    place = f"flytta alla {whose.hsa_id}"
    work.open_visit(place)
    serve_moments(work, place, (one.id for one in found))
    work.log(Action.LISTED, details=f"flytta alla från {whose.hsa_id}: {len(found)} moment")
    return found


@operation("Se enhetens översikt", may={Role.RESIDENT_ADMIN}, action=Action.LISTED, category=DataCategory.RECORD)
def open_overview(work: ReadTransaction) -> list[ClinicianLine]:
    """Return a line for each active clinician of the unit, in Swedish order; then those who left moments behind."""
    lines = _lines(work)
    work.open_visit(_PLACE)
    _serve(work, lines)
    work.log(Action.LISTED, details=f"översikt: {len(lines)} behandlare")
    return lines


@operation("Läsa om enhetens översikt", may={Role.RESIDENT_ADMIN}, action=None, category=DataCategory.RECORD)
def overview_again(work: ReadTransaction) -> list[ClinicianLine]:
    """Return the overview again, as a refresh does; opening it was logged."""
    lines = _lines(work)
    _serve(work, lines)
    return lines


_PLACE = "översikt"


def _serve(work: ReadTransaction, lines: list[ClinicianLine]) -> None:
    """Say whose matters are the oldest that wait."""
    serve_moments(work, _PLACE, (line.oldest.moment for line in lines if line.oldest is not None))


def _lines(work: ReadTransaction) -> list[ClinicianLine]:
    unit = work.actor.unit_id or 0
    moments, seconds = _moments(work, unit), _seconds(work, unit)
    waiting: dict[str, list[Matter]] = {}
    for matter in matters_of(work, Whose(f"m.unit_id = :unit AND {WAITING}", {"unit": unit})):
        waiting.setdefault(matter.clinician, []).append(matter)
    active, stand_ins = clinicians_of(work, unit), _begun_stand_ins(work, unit)
    lines = []
    for who in (*active, *_others(work, unit, active)):
        covered = {one.of: one.of_name for one in stand_ins if one.by == who.hsa_id and one.stands}
        own = [one for one in stand_ins if one.of == who.hsa_id]
        substitute = next((one.by_name for one in own if one.stands), "")
        matters = [matter for of in (who.hsa_id, *covered) for matter in waiting.get(of, [])]
        lines.append(
            ClinicianLine(
                hsa_id=who.hsa_id,
                name=who.name,
                is_active=who in active,
                moments=moments.get(who.staff_id, 0),
                waiting=len(matters),
                oldest=min(matters, key=lambda one: one.since, default=None),
                priority_flags=sum(one.severity is Severity.PRIORITY for one in matters),
                minutes=round(seconds.get(who.staff_id, 0) / 60),
                stands_in_for=tuple(covered.values()),
                substitute=substitute,
                has_lost_substitute=bool(own) and not substitute,
            )
        )
    return lines


def _begun_stand_ins(work: ReadTransaction, unit: int) -> list[StandIn]:
    """Return who stands in today, and who was to and can't."""
    today = work.today.isoformat()
    return [one for each in stand_ins_on(work, unit).values() for one in each if one.first_day <= today]


@dataclass(frozen=True)
class UrgentMoment:
    """A running moment with an unhandled prioriterad flagga; `since` is when its oldest was raised (UTC ms)."""

    moment: int
    name: str
    """The resident's, Efternamn, Förnamn."""
    protected: bool
    program_title: str
    since: int


@operation(
    "Se vilka av en behandlares moment som har en ohanterad prioriterad flagga",
    may={Role.RESIDENT_ADMIN},
    action=None,
    category=DataCategory.RECORD,
)
def urgent_moments_of(work: ReadTransaction, of: str) -> list[UrgentMoment]:
    """Return those of a clinician's running moments, before they are moved; `of` is the HSA-id.

    Raises:
        NotPermitted: nobody by the HSA-id works or has worked on the unit.
    """
    unit = work.actor.unit_id or 0
    clinician = colleague_on(work.db, unit, of)
    if clinician is None:
        raise NotPermitted
    found = work.db.all(
        UrgentMoment,
        "SELECT m.id AS moment, r.family_name || ', ' || r.given_name AS name, r.protection <> '' AS protected,"
        f" v.title AS program_title, {OLDEST_PRIORITY} AS since FROM moment m JOIN resident r ON r.id = m.resident_id"
        " JOIN programversion v ON v.id = m.version_id"
        f" WHERE m.unit_id = :unit AND {IS_URGENT} AND m.responsible_id = :staff"
        " AND m.status <> 'avslutat' ORDER BY m.id",
        unit=unit,
        staff=clinician.staff_id,
    )
    serve_moments(work, f"brådskande hos {hsa_key(of)}", (one.moment for one in found))
    return found


def _others(work: ReadTransaction, unit: int, active: list[Colleague]) -> list[Colleague]:
    """Return who else has something on the unit: moments that run, or an ended one with a prioriterad flagga."""
    found = work.db.all(
        Colleague,
        "SELECT s.id AS staff_id, s.hsa_id, s.given_name, s.family_name FROM staff s WHERE s.id IN"
        " (SELECT responsible_id FROM momentcount WHERE unit_id = :unit AND status <> 'avslutat' AND number > 0"
        f" UNION SELECT m.responsible_id FROM moment m WHERE m.unit_id = :unit AND {IS_URGENT})"
        " ORDER BY s.sort_name, s.id",
        unit=unit,
    )
    return [who for who in found if who not in active]


def _moments(work: ReadTransaction, unit: int) -> dict[int, int]:
    rows = work.db.pairs(
        "SELECT responsible_id, sum(number) FROM momentcount WHERE unit_id = :unit AND status <> 'avslutat'"
        " GROUP BY responsible_id",
        unit=unit,
    )
    return {staff_id: int(number) for staff_id, number in rows}


def _seconds(work: ReadTransaction, unit: int) -> dict[int, int]:
    rows = work.db.pairs(
        "SELECT t.staff_id, sum(t.seconds) FROM assignment a"
        " JOIN timespent t ON t.staff_id = a.staff_id AND t.week = :week JOIN moment m ON m.id = t.moment_id"
        " WHERE a.unit_id = :unit AND m.unit_id = :unit GROUP BY t.staff_id",
        unit=unit,
        week=week_name(work.today),
    )
    return {staff_id: int(number) for staff_id, number in rows}
