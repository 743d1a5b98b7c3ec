"""Gallring: which moments are due, and a purge of those that are chosen, moment by moment (FAQ; domain.md §3.7).

A purge keeps its own record of what was chosen and what is done, by the moments' numbers and UUIDs alone: what a kill
cut off is taken up again, and the certificate is made of it. What makes the bytes go, and the certificate itself, stand
in `store.purge`.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from store.care.duties import DutyKind, note_done
from store.care.exports import exports_of
from store.care.moments import MomentStatus, MomentStatuses, MomentSubject, moment_subject
from store.care.month_counting import Month, month_of
from store.care.purge_record import Purge, moments_left, unfinished_purge
from store.care.purge_stops import IS_STOPPED
from store.care.purging import erase_moments, forget_resident, moment_uuid
from store.care.unused_residents import NOT_UNUSED, choose_residents, unused_residents
from store.foundation.access import Action, DataCategory, Role
from store.foundation.clock import Instant, local_day
from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.upsert import upsert
from store.foundation.work import Work

NO_DECISION = (
    "Vårdgivaren har inget gallringsbeslut, och utan beslut går det inte att gallra. Be vårdgivaradministratören att "
    "skriva in det, med referens och dag."
)
NOTHING_CHOSEN = "Inget är valt. Välj vad som ska gallras."
UNDER_WAY = "En gallring på enheten är inte klar: {left} av {chosen} återstår. Fortsätt den först."
STOPPED = "Momentet {moment} har gallringsstopp och kan inte gallras. Häv stoppet först, om grunden inte finns kvar."
RUNS = "Momentet {moment} är inte avslutat. Den ansvariga behandlaren måste avsluta det innan det kan gallras."
GONE = "Momentet {moment} finns inte på enheten. Det kan ha gallrats eller lämnats över. Läs om listan."
NOT_COUNTED = (
    "Statistiken för {month} är inte räknad än, och moment {moment} avslutades då. Gallra när driften har kört sob "
    "dygn. Ingenting är gallrat."
)
NOT_YET_COUNTED = (
    "{number} moment avslutades den här månaden och kommer inte med i statistiken, som räknas när månaden är slut. "
    "Vänta till dess om det ska räknas."
)
WRONG_COUNT = "Antalet {typed} stämmer inte: {said} är valda. Ingenting är gallrat."


def counted(moments: int, residents: int) -> str:
    """Return how many are to be purged, or were, in words."""
    without = "1 invånare utan moment" if residents == 1 else f"{residents} invånare utan moment"
    if not residents:
        return f"{moments} moment"
    return f"{moments} moment och {without}" if moments else without


ONLY_ENDED = MomentStatuses(
    frozenset({MomentStatus.ENDED}),
    when_offered=False,
    wrong_status=dict.fromkeys(MomentStatus, "Momentet är inte avslutat. Bara avslutade moment kan gallras."),
)


class Decision(NamedTuple):
    """A gallringsbeslut; all empty where there is none."""

    text: str
    reference: str
    decided_on: str


def decision_of(work: ReadTransaction) -> Decision:
    """Return what the care provider has decided; part of operations."""
    return work.db.single(
        Decision,
        "SELECT p.purge_decision AS text, p.purge_reference AS reference, p.purge_decided_on AS decided_on"
        " FROM unit u JOIN careprovider p ON p.id = u.provider_id WHERE u.id = :unit",
        unit=work.actor.unit_id,
    )


class _Chosen(NamedTuple):
    id: int
    status: MomentStatus
    program: str
    started_at: int
    ended_at: int | None
    is_stopped: bool


@operation("Börja en gallring", may={Role.DATA_ADMIN}, action=Action.PURGED, category=DataCategory.RECORD)
def begin_purge(
    work: Work, moments: Sequence[int], typed: int, residents: Sequence[int] = (), *, confirmed: bool = False
) -> int:
    """Note which moments, and residents without any, are to be purged; returns the purge's number.

    Nothing is erased yet.

    Args:
        work: the transaction.
        moments: their ids.
        typed: how many they all are, as whoever purges has typed it.
        residents: the ids of residents without any moment.
        confirmed: that those that ended in the month that runs will be in no figure of the statistics.

    Raises:
        NeedsConfirmation: some ended in the month that runs.
        Refused: the care provider has no gallringsbeslut, a purge is under way, one of them can't be purged, the count
            is another, or one ended in a month that is to be counted first (`_check_counted`).
    """
    chosen, alone = sorted(set(moments)), sorted(set(residents))
    decision = decision_of(work)
    if not decision.text:
        raise Refused(NO_DECISION, helps=("change_provider",))
    work.serialize(f"purge:{work.actor.unit_id}")
    _check_none_under_way(work)
    if not chosen and not alone:
        raise Refused(NOTHING_CHOSEN, field="moment")
    found = _found(work, chosen)
    for moment in chosen:
        _check(moment, found.get(moment))
    _check_counted(work, found)
    _check_residents(work, alone)
    said, number = counted(len(chosen), len(alone)), len(chosen) + len(alone)
    if typed != number:
        raise Refused(WRONG_COUNT.format(typed=typed, said=said), field="antal")
    if not confirmed:
        _warn_of_month_that_runs(work, found)
    purge = _note_purge(work, decision, number)
    store = str(work.db.value("SELECT uuid FROM store_info"))
    _choose_moments(work, purge, found, store)
    choose_residents(work, purge, alone, store)
    by = decision.reference or "utan referens"
    work.log(Action.PURGED, details=f"gallring {purge} påbörjad: {said}, gallringsbeslut {by}")
    return purge


def _check_none_under_way(work: ReadTransaction) -> None:
    if unfinished := unfinished_purge(work):
        raise Refused(UNDER_WAY.format(left=unfinished.left, chosen=unfinished.chosen), helps=("purge_moment",))


def _warn_of_month_that_runs(work: ReadTransaction, found: Mapping[int, _Chosen]) -> None:
    """Raise `NeedsConfirmation` where some ended in the month that runs: they will be in no figure."""
    running = sum(month_of(one.ended_at or 0) == Month.of(work.today) for one in found.values())
    if running:
        raise NeedsConfirmation([NOT_YET_COUNTED.format(number=running)])


def _note_purge(work: Work, decision: Decision, number: int) -> int:
    """Write down a purge that begins; returns its number."""
    return work.add(
        Purge(
            unit_id=work.actor.unit_id or 0,
            actor_hsa_id=work.actor.hsa_id or "",
            actor_name=work.actor.name,
            begun_at=work.now,
            decision=decision.text,
            reference=decision.reference,
            decided_on=decision.decided_on,
            chosen=number,
        )
    )


def _choose_moments(work: Work, purge: int, found: Mapping[int, _Chosen], store: str) -> None:
    """Write down which moments a purge is to erase."""
    work.db.run_many(
        "INSERT INTO purgedmoment (purge_id, moment_id, uuid, program, started_in, state, in_ledger)"
        " VALUES (:purge, :moment, :uuid, :program, :started, 'vald', 0)",
        [
            {
                "purge": purge,
                "moment": one.id,
                "uuid": moment_uuid(store, one.id, one.started_at),
                "program": one.program,
                "started": _month(one.started_at),
            }
            for one in found.values()
        ],
    )


def _check_residents(work: ReadTransaction, residents: Sequence[int]) -> None:
    """Raise `Refused` at the first resident who has a moment, or has been in the register for less than 12 months."""
    if not residents:
        return
    found = set(unused_residents(work, residents, shown=len(residents)))
    for resident in residents:
        if resident not in found:
            raise Refused(NOT_UNUSED.format(resident=resident), field="invanare")


def _month(at: int) -> str:
    """Return the month of a start, in Stockholm: the day would say more of a resident than the certificate may."""
    return local_day(Instant(at)).isoformat()[:7]


def _found(work: ReadTransaction, moments: Sequence[int]) -> dict[int, _Chosen]:
    found: dict[int, _Chosen] = {}
    for start in range(0, len(moments), _AT_ONCE):
        among = ", ".join(str(int(moment)) for moment in moments[start : start + _AT_ONCE])
        rows = work.db.all(
            _Chosen,
            f"SELECT m.id, m.status, m.program, m.started_at, m.ended_at, {IS_STOPPED} AS is_stopped FROM moment m"
            f" WHERE m.id IN ({among}) AND m.unit_id = :unit ORDER BY m.id",
            unit=work.actor.unit_id,
            today=work.today.isoformat(),
        )
        found.update((row.id, row) for row in rows)
    return found


_AT_ONCE = 1000


def _check(moment: int, found: _Chosen | None) -> None:
    """Raise `Refused` where a moment can't be purged."""
    if found is None:
        raise Refused(GONE.format(moment=moment), field="moment")
    if found.status is not MomentStatus.ENDED:
        raise Refused(RUNS.format(moment=moment), field="moment", helps=("end_moment",))
    if found.is_stopped:
        raise Refused(STOPPED.format(moment=moment), field="moment", helps=("lift_stop",))


def _check_counted(work: ReadTransaction, found: Mapping[int, _Chosen]) -> None:
    """Raise `Refused` where one ended in a whole month that is not counted yet, and would be in no figure.

    Behind a fence nobody on a unit can count it; elsewhere the purge counts first.
    """
    if not work.is_fenced:
        return
    counted_to = work.db.value("SELECT max(month) FROM monthfigure") or ""
    for one in found.values():
        month = str(month_of(one.ended_at or 0))
        if counted_to < month < str(Month.of(work.today)):
            raise Refused(NOT_COUNTED.format(month=month, moment=one.id), field="moment")


@operation(
    "Gallra ett moment",
    may={Role.DATA_ADMIN},
    action=Action.PURGED,
    category=DataCategory.RECORD,
    on=moment_subject,
    statuses=ONLY_ENDED,
)
def purge_moment(work: Work, moment: MomentSubject, purge: int) -> list[str]:
    """Erase a moment that a purge has chosen, in this one transaction, and its resident where it was their last.

    Returns the numbers of those who left the register, for the scan that follows; they are kept nowhere.

    Raises:
        NotPermitted: no purge under way has chosen it.
        Refused: it has not ended, or a gallringsstopp has come since.
    """
    if not work.db.has(
        "SELECT 1 FROM purgedmoment c JOIN purge p ON p.id = c.purge_id WHERE p.id = :purge AND c.moment_id = :moment"
        " AND p.unit_id = :unit AND p.finished_at IS NULL AND c.state = 'vald'",
        purge=purge,
        moment=moment.moment_id,
        unit=work.actor.unit_id,
    ):
        raise NotPermitted
    if work.db.has(
        f"SELECT 1 FROM moment m WHERE m.id = :moment AND {IS_STOPPED}",
        moment=moment.moment_id,
        today=work.today.isoformat(),
    ):
        raise Refused(STOPPED.format(moment=moment.moment_id), helps=("lift_stop",))
    work.db.value(
        f"SELECT id FROM resident WHERE id = :id{work.for_update('resident')}", id=moment.resident_id
    )  # no moment may be started for them meanwhile
    for export in exports_of(work.db, [moment.moment_id]):
        added = upsert("purgedexport", ["purge_id", "export_id"], added=["moments"])
        work.db.run(added, purge_id=purge, export_id=export.id, moments=export.moments)
    work.log(Action.PURGED, moment, f"gallring {purge}")
    numbers = _gone(work, moment)
    work.db.run(
        "UPDATE purgedmoment SET state = 'gallrad', at = :now WHERE purge_id = :purge AND moment_id = :moment",
        now=work.now,
        purge=purge,
        moment=moment.moment_id,
    )
    if numbers:
        work.db.run("UPDATE purge SET residents = residents + :number WHERE id = :id", number=len(numbers), id=purge)
    return numbers


def _gone(work: Work, moment: MomentSubject) -> list[str]:
    """Erase, by the database's own functions where it has a fence; returns the numbers of those who left."""
    who = dict(
        work.db.pairs(
            "SELECT id, personnummer FROM resident WHERE id = :id"
            " OR id IN (SELECT guardian_id FROM guardian WHERE child_id = :id)",
            id=moment.resident_id,
        )
    )
    if work.is_fenced:
        work.db.value("SELECT sob_purge(:moment)", moment=moment.moment_id)
        gone = work.db.values("SELECT sob_forget(:resident)", resident=moment.resident_id)
    else:
        erase_moments(work.db, [moment.moment_id])
        gone = forget_resident(work.db, moment.resident_id)
    return [who[one] for one in gone if one in who]


@operation("Lämna ett moment utanför en gallring", may={Role.DATA_ADMIN}, action=Action.CHANGED)
def leave_moment(work: Work, purge: int, moment: int) -> None:
    """Note that a moment which a purge chose could not be purged, and stays.

    Raises:
        NotPermitted: no such purge is under way on the unit.
    """
    _require_under_way(work, purge)
    work.db.run(
        "UPDATE purgedmoment SET state = 'kvar' WHERE purge_id = :purge AND moment_id = :moment AND state = 'vald'",
        purge=purge,
        moment=moment,
    )
    work.log(Action.CHANGED, details=f"gallring {purge}: moment {moment} blev kvar")


@operation("Tömma kommandons svar", may={Role.DATA_ADMIN}, action=None)
def empty_results(work: Work) -> None:
    """Forget what older commands answered with: among it are words that a resident read. Concerns nobody by name.

    A command's answer is kept for the case that it was lost on its way; an hour later nobody asks for it again.
    """
    work.db.run("UPDATE command SET result = 'null' WHERE at < :before AND result LIKE '%\"%'", before=work.now - _HOUR)


_HOUR = 3_600_000


@operation("Avsluta en gallring", may={Role.DATA_ADMIN}, action=Action.PURGED, category=DataCategory.RECORD)
def finish_purge(work: Work, purge: int, certificate: str) -> None:
    """Note that a purge is finished, with its certificate.

    Raises:
        NotPermitted: no such purge is under way on the unit.
        Refused: some are left to be purged.
    """
    _require_under_way(work, purge)
    unfinished = unfinished_purge(work)
    if unfinished is not None and unfinished.left:
        raise Refused(UNDER_WAY.format(left=unfinished.left, chosen=unfinished.chosen), helps=("purge_moment",))
    work.db.run(
        "UPDATE purge SET finished_at = :now, certificate = :certificate WHERE id = :id",
        now=work.now,
        certificate=certificate,
        id=purge,
    )
    moments, residents = (
        work.db.value(f"SELECT count(*) FROM {table} WHERE purge_id = :id AND state = 'gallrad'", id=purge)
        for table in ("purgedmoment", "purgedresident")
    )
    done = f"{counted(moments, residents)} gallrade"
    note_done(work, DutyKind.PURGE, f"Gallring {purge}: {done}.")
    work.log(Action.PURGED, details=f"gallring {purge} klar: {done}")


def _require_under_way(work: Work, purge: int) -> None:
    if not work.db.has(
        "SELECT 1 FROM purge WHERE id = :id AND unit_id = :unit AND finished_at IS NULL",
        id=purge,
        unit=work.actor.unit_id,
    ):
        raise NotPermitted


@operation("Se en gallring som inte är klar", may={Role.DATA_ADMIN}, action=None)
def purge_under_way(work: ReadTransaction) -> tuple[int, list[int]] | None:
    """Return the unit's purge that was cut off, and the moments that are left; concerns no resident by name."""
    found = unfinished_purge(work)
    return None if found is None else (found.id, moments_left(work.db, found.id))
