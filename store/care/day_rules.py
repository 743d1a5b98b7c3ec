"""Flags that time raises: who is silent, what is missing, what nears its end (domain.md §4). Found by the hundred."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, NamedTuple, TypeVar

from store.care.flags import Cause, close_flags
from store.care.measurements import measurements
from store.care.moments import load_moment
from store.care.program_shape import FlagRules, Program
from store.care.programs import program_of
from store.care.questionnaire.schedule import OccasionState
from store.foundation.clock import Instant, local_day, start_of
from store.foundation.flag_kinds import FlagKind, Severity
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work
from store.foundation.working_days import day_before_working_days
from store.people.unit_settings import thresholds_of

PURGE_WARNING_DAYS = 90


@dataclass(frozen=True)
class Group:
    """Running moments of one version on one unit: they have the same thresholds, in days (0 for never)."""

    unit_id: int
    version_id: int
    program: Program
    rules: FlagRules
    """With the unit's thresholds where the program has none."""

    def days(self, kind: FlagKind) -> int:
        """Return how many days pass before a flag of the kind is raised, 0 for never."""
        threshold = kind.facts.threshold
        return self.rules.days.get(threshold.column, 0) if threshold else 0


@dataclass(frozen=True)
class Place:
    """A moment in which a rule may find something."""

    resident_id: int
    moment_id: int
    unit_id: int


@dataclass(frozen=True)
class Found(Place):
    """What a rule found in a moment."""

    cause: Cause


class Stretch(NamedTuple):
    """Where a rule looks: at most so many rows, from one moment's id to another's."""

    start: int
    limit: int
    until: int = 2**31 - 1


class Batch(NamedTuple):
    """What a rule found in one stretch; `go_on` is where the next one starts, None at the end of the group."""

    found: list[Found]
    go_on: int | None = None


Rule = Callable[[Work, Group, Stretch], Batch]
"""Finds causes in a group that have no flag, but for those a rule closed; their moments are locked."""

_NOTHING = Batch([])


def groups(work: ReadTransaction) -> list[tuple[int, int]]:
    """Return unit and version of all that there are."""
    return work.db.pairs(
        "SELECT DISTINCT unit_id, version_id FROM moment WHERE status IN ('pagaende', 'vidmakthallande')"
        " ORDER BY unit_id, version_id"
    )


def group_of(work: ReadTransaction, unit_id: int, version_id: int) -> Group:
    """Return a group, with the thresholds that hold there."""
    program = program_of(work.db, version_id)
    rules = replace(program.flags, days={**thresholds_of(work, unit_id), **program.flags.days})
    return Group(unit_id, version_id, program, rules)


def moments_of(work: ReadTransaction, unit_id: int, version_id: int, stretch: Stretch) -> list[int]:
    """Return the ids of a group's moments in a stretch."""
    return work.db.values(
        "SELECT id FROM moment WHERE unit_id = :unit AND version_id = :version AND status <> 'avslutat'"
        " AND id BETWEEN :start AND :until ORDER BY id LIMIT :limit",
        unit=unit_id,
        version=version_id,
        **stretch._asdict(),
    )


@dataclass(frozen=True)
class _Active(Place):
    last_active_at: int


@dataclass(frozen=True)
class _Started(Place):
    started_at: int


def _silent(work: Work, group: Group, stretch: Stretch) -> Batch:
    days = group.days(FlagKind.SILENT)
    if not days:
        return _NOTHING
    rows = _rows(
        work,
        group,
        stretch,
        _Active,
        ", m.last_active_at",
        "m.status = 'pagaende' AND m.last_active_at < :cutoff",
        cause=FlagKind.SILENT.cause_in_sql("m.last_active_at"),
        cutoff=start_of(work.today - timedelta(days - 1)),
    )
    found = []
    for row in rows:
        reason = f"Ingen aktivitet sedan {local_day(Instant(row.last_active_at))}"
        found.append(_found(row, FlagKind.SILENT, reason, row.last_active_at, key=str(row.last_active_at)))
    return _batch(found, stretch)


def _never(work: Work, group: Group, stretch: Stretch) -> Batch:
    days = group.days(FlagKind.NEVER)
    if not days:
        return _NOTHING
    rows = _rows(
        work,
        group,
        stretch,
        _Started,
        ", m.started_at",
        "m.status = 'pagaende' AND m.last_active_at IS NULL AND m.started_at < :cutoff",
        cause=FlagKind.NEVER.cause_in_sql("'1'"),
        cutoff=start_of(work.today - timedelta(days - 1)),
    )
    found = [_found(row, FlagKind.NEVER, "Aldrig inloggad", row.started_at, key="1") for row in rows]
    return _batch(found, stretch)


def _past_length(work: Work, group: Group, stretch: Stretch) -> Batch:
    if not group.rules.past_length:
        return _NOTHING
    days = group.program.recommended_days
    rows = _rows(
        work,
        group,
        stretch,
        _Started,
        ", m.started_at",
        "m.status = 'pagaende' AND m.started_at < :cutoff",
        cause=FlagKind.LENGTH.cause_in_sql("'1'"),
        cutoff=start_of(work.today - timedelta(days)),
    )
    reason = f"Har pågått längre än rekommenderade {days} dagar"
    found = [_found(row, FlagKind.LENGTH, reason, _day_after(row.started_at, days), key="1") for row in rows]
    return _batch(found, stretch)


def _day_after(started_at: int, days: int) -> int:
    """Return when the day after so many days from a start begins."""
    return start_of(local_day(Instant(started_at)) + timedelta(days + 1))


@dataclass(frozen=True)
class _Kept(Place):
    purge_by: str


def _purge_near(work: Work, group: Group, stretch: Stretch) -> Batch:
    rows = _rows(
        work,
        group,
        stretch,
        _Kept,
        ", m.purge_by",
        "m.purge_by BETWEEN :today AND :last",
        cause=FlagKind.PURGE.cause_in_sql("m.purge_by"),
        today=work.today.isoformat(),
        last=(work.today + timedelta(PURGE_WARNING_DAYS)).isoformat(),
    )
    found = []
    for row in rows:
        warned = start_of(date.fromisoformat(row.purge_by) - timedelta(PURGE_WARNING_DAYS))
        found.append(_found(row, FlagKind.PURGE, f"Gallras senast {row.purge_by}", warned, key=row.purge_by))
    return _batch(found, stretch)


def _purge_overdue(work: Work, group: Group, stretch: Stretch) -> Batch:
    """One that still runs when it should have been purged (domain.md §3.6): the flag takes the place of the warning."""
    rows = _rows(
        work,
        group,
        stretch,
        _Kept,
        ", m.purge_by",
        "m.purge_by < :today",
        cause=FlagKind.PURGE.cause_in_sql("m.purge_by || ' passerat'"),
        today=work.today.isoformat(),
    )
    found = []
    for row in rows:
        close_flags(work, load_moment(work, row.moment_id), FlagKind.PURGE, why="Datumet har passerat.")
        reason = f"Skulle ha gallrats senast {row.purge_by}, men är inte avslutat"
        passed = start_of(date.fromisoformat(row.purge_by) + timedelta(1))
        found.append(_found(row, FlagKind.PURGE, reason, passed, key=f"{row.purge_by} passerat"))
    return _batch(found, stretch)


@dataclass(frozen=True)
class _Written(Place):
    conversation: int
    unanswered_at: int


def _unanswered(work: Work, group: Group, stretch: Stretch) -> Batch:
    days = group.days(FlagKind.UNANSWERED)
    if not days:
        return _NOTHING
    rows = _rows(
        work,
        group,
        stretch,
        _Written,
        ", j.id AS conversation, j.unanswered_at",
        "m.status = 'pagaende' AND m.oldest_unanswered_at < :cutoff AND j.unanswered_at < :cutoff"
        " AND j.release_at IS NULL",  # else an answer is on its way, or has gone
        cause=FlagKind.UNANSWERED.cause_in_sql("j.id || ':' || j.unanswered_at"),
        join="conversation",
        cutoff=start_of(day_before_working_days(work.today, days) + timedelta(1)),
    )
    found = []
    for row in rows:
        reason = f"Meddelande obesvarat sedan {local_day(Instant(row.unanswered_at))}"
        key = f"{row.conversation}:{row.unanswered_at}"
        found.append(_found(row, FlagKind.UNANSWERED, reason, row.unanswered_at, about=str(row.conversation), key=key))
    return _batch(found, stretch)


@dataclass(frozen=True)
class _Planned(Place):
    plan: int
    title: str
    follow_up_on: str


def _follow_up(work: Work, group: Group, stretch: Stretch) -> Batch:
    """Not in maintenance, where plans can only be read; what has come due meanwhile is raised when it ends."""
    rows = _rows(
        work,
        group,
        stretch,
        _Planned,
        ", j.id AS plan, j.title, j.follow_up_on",
        "m.status = 'pagaende' AND j.ended_at IS NULL AND j.follow_up_on <> '' AND j.follow_up_on <= :today",
        cause=FlagKind.FOLLOW_UP.cause_in_sql("j.id || ':' || j.follow_up_on"),
        join="activityplan",
        today=work.today.isoformat(),
    )
    found = []
    for row in rows:
        key = f"{row.plan}:{row.follow_up_on}"
        reason, since = f"Följ upp planen {row.title}", start_of(date.fromisoformat(row.follow_up_on))
        found.append(_found(row, FlagKind.FOLLOW_UP, reason, since, about=str(row.plan), key=key))
    return _batch(found, stretch)


def _missing(work: Work, group: Group, stretch: Stretch) -> Batch:
    """Look only where something may be missing by now, and note when to look next."""
    days = group.days(FlagKind.MISSING)
    if not days:
        return _NOTHING
    rows = work.db.all(
        Place,
        f"{_PLACE} FROM moment m WHERE m.unit_id = :unit AND m.version_id = :version"
        " AND m.status = 'pagaende' AND m.forms_look_at <= :now AND m.id BETWEEN :start AND :until"
        f" ORDER BY m.id LIMIT :limit{work.for_update('m')}",
        unit=group.unit_id,
        version=group.version_id,
        now=work.now,
        **stretch._asdict(),
    )
    found = []
    for row in rows:
        causes, look_at = _missing_in(work, row.moment_id, days)
        found += [Found(row.resident_id, row.moment_id, row.unit_id, cause) for cause in causes]
        work.db.run("UPDATE moment SET forms_look_at = :at WHERE id = :id", at=look_at, id=row.moment_id)
    return Batch(found, rows[-1].moment_id if len(rows) == stretch.limit else None)


def _missing_in(work: Work, moment: int, days: int) -> tuple[list[Cause], int | None]:
    """Return the forms whose latest due occasion is missing and unflagged, and when another may be.

    While a form's flag is open, a later occasion that is missing too is the same matter.
    """
    flags = work.db.all(
        _Missing,
        "SELECT cause, about, handled_at FROM flag WHERE moment_id = :moment AND kind = :kind",
        moment=moment,
        kind=FlagKind.MISSING.value,
    )
    known = {flag.cause for flag in flags}
    waiting = {flag.about for flag in flags if flag.handled_at is None}
    causes, looks = [], []
    for measurement in measurements(work, load_moment(work, moment)):
        late = [(start_of(local_day(one.due_at) + timedelta(days)), one) for one in measurement.occasions]
        looks += [at for at, one in late if at > work.now and one.state is not OccasionState.ANSWERED]
        due = [one for at, one in late if at <= work.now]
        if due and due[-1].state is not OccasionState.ANSWERED and measurement.form not in waiting:
            causes.append(_missing_cause(measurement.form, measurement.title, local_day(due[-1].due_at)))
    return [cause for cause in causes if cause.stored not in known], min(looks, default=None)


class _Missing(NamedTuple):
    cause: str
    about: str
    handled_at: int | None


def _missing_cause(form: str, title: str, day: date) -> Cause:
    return Cause(
        FlagKind.MISSING, Severity.WARNING, f"{title} saknas sedan {day}", form, f"{form}:{day}", start_of(day)
    )


RULES: tuple[Rule, ...] = (
    _silent,
    _never,
    _past_length,
    _purge_near,
    _purge_overdue,
    _unanswered,
    _follow_up,
    _missing,
)


P = TypeVar("P", bound=Place)

_PLACE = "SELECT m.resident_id, m.id AS moment_id, m.unit_id"


def _rows(
    work: Work,
    group: Group,
    stretch: Stretch,
    kind: type[P],
    columns: str,
    condition: str,
    *,
    cause: str,
    join: str = "",
    **parameters: Any,
) -> list[P]:
    """Return the places, with the columns that the kind has of its own, of what meets the condition and has no flag.

    What is joined, as `j`, is locked too: whoever answers meanwhile is waited for, and then looked at as it is.
    """
    on = f" JOIN {join} j ON j.resident_id = m.resident_id AND j.moment_id = m.id" if join else ""
    lock = work.for_update("m, j" if join else "m")
    return work.db.all(
        kind,
        f"{_PLACE}{columns} FROM moment m{on}"
        " WHERE m.unit_id = :unit AND m.version_id = :version AND m.id BETWEEN :start AND :until"
        " AND m.status <> 'avslutat'"
        f" AND {condition} AND NOT EXISTS (SELECT 1 FROM flag f WHERE f.moment_id = m.id AND f.cause = {cause})"
        f" ORDER BY m.id LIMIT :limit{lock}",
        unit=group.unit_id,
        version=group.version_id,
        **stretch._asdict(),
        **parameters,
    )


def _batch(found: list[Found], stretch: Stretch) -> Batch:
    """Return what rows gave one each. The last moment may have more, so the next stretch starts with it."""
    return Batch(found, found[-1].moment_id if len(found) == stretch.limit else None)


def _found(row: Place, kind: FlagKind, reason: str, since: int, *, about: str = "", key: str = "") -> Found:
    return Found(row.resident_id, row.moment_id, row.unit_id, Cause(kind, Severity.WARNING, reason, about, key, since))
