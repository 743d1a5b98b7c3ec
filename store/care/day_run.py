"""Dygnskörningen: the rules of time over all moments, one run at a time, safe to repeat."""

import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from store.care.day_rules import RULES, Found, Group, Rule, Stretch, groups
from store.foundation.access import SYSTEM, Actor, Standing
from store.foundation.client_clocks import MOST_APART, Apart, ask_clocks
from store.foundation.clock import wall_clock
from store.foundation.errors import DomainError, Refused
from store.foundation.events import INSERT_EVENT, EventKind
from store.foundation.flag_kinds import Severity
from store.foundation.operation import check, operation
from store.foundation.store import Store
from store.foundation.work import ReadTransaction, Work

BATCH = 500
"""Moments in one transaction: others get their turn between them."""

LEASE = 10 * 60_000
"""Milliseconds after which a run that died may be followed by another; one that lives takes a new lease in time."""

CLOCKS_APART = (
    "Den här datorns klocka går mer än två minuter {} en annan dators. Ställ den som går fel och kör dygnet igen."
)

_RUNNERS = frozenset({Standing.SYSTEM, Standing.OPERATOR})


class DayRun(SQLModel, table=True):
    """The one row that says when the rules ran, and whether they are running."""

    id: int = Field(default=1, primary_key=True)
    done: str = ""
    """ISO day of the last whole run."""
    leased_until: int = Field(default=0, sa_type=BigInteger)


@dataclass(frozen=True)
class DayReport:
    """What a run did."""

    day: str
    raised: int


def run_day(store: Store, actor: Actor = SYSTEM) -> DayReport:
    """Raise what time has brought; twice in a row changes nothing. What a stopped run left, the next one does.

    Raises:
        Refused: another run is under way, or has taken over.
    """
    run = _Run(store, actor)
    try:
        raised = sum(run.carry_through(rule, group) for group in run.groups for rule in RULES)
    except BaseException:
        run.give_back()
        raise
    run.end()
    return DayReport(run.day, raised)


class _Run:
    """One run, which holds the lease from the start."""

    def __init__(self, store: Store, actor: Actor) -> None:
        self._store = store
        self._actor = actor
        with store.read(actor) as work:
            check(begin_day, work)
        apart = ask_clocks(store)
        with store.work(actor, is_long=True) as work:
            self._lease = begin_day(work, apart)
            self.groups = groups(work)
            self.day = work.today.isoformat()

    def carry_through(self, rule: Rule, group: Group) -> int:
        """Raise all that a rule finds in a group; returns how many."""
        raised = 0
        start: int | None = 0
        while start is not None:
            with self._store.work(self._actor, is_long=True) as work:
                number, start, self._lease = raise_batch(work, rule, group, self._lease, start)
            raised += number
        return raised

    def end(self) -> None:
        """Note the day as done."""
        with self._store.work(self._actor) as work:
            end_day(work, self._lease, self.day)

    def give_back(self) -> None:
        """Let another run begin at once. Where the store is gone the lease runs out by itself."""
        with suppress(DomainError), self._store.work(self._actor) as work:
            end_day(work, self._lease)


def is_day_due(store: Store) -> bool:
    """Whether the rules have not run today. Leaves no log row."""
    with store.read(SYSTEM) as work:
        return last_day(work) < work.today.isoformat()


@operation("Se när dygnets regler kördes", may=_RUNNERS, action=None)
def last_day(work: ReadTransaction) -> str:
    """Return the ISO day of the last whole run, nothing before the first."""
    return str(work.db.value("SELECT done FROM dayrun WHERE id = 1"))


@operation("Börja dygnets regler", may=_RUNNERS, action=None)
def begin_day(work: Work, apart: Apart | None = None) -> int:
    """Take the lease; returns it.

    Args:
        work: the transaction.
        apart: how this machine's clock differs from that of another client who is at work.

    Raises:
        Refused: somebody has it, or a clock is wrong: flags would be raised for another day.
    """
    if apart := apart or _behind_the_log(work):
        raise Refused(CLOCKS_APART.format(apart))
    lease = work.now + LEASE
    taken = work.db.run(
        "UPDATE dayrun SET leased_until = :lease WHERE id = 1 AND leased_until <= :now", lease=lease, now=work.now
    )
    if not taken:
        raise Refused("Dygnskörningen pågår redan. Vänta tills den är klar.")
    return lease


def _behind_the_log(work: Work) -> Apart | None:
    """Whether who wrote last did so in this clock's future; a refused run of the day is no witness against itself."""
    newest = work.db.value(
        "SELECT wall_at FROM log WHERE operation <> :own ORDER BY id DESC LIMIT 1", own=begin_day.__name__
    )
    is_ahead = newest is not None and not work.engine.has_clock and newest > wall_clock() + MOST_APART
    return Apart.BEHIND if is_ahead else None


@operation("Avsluta dygnets regler", may=_RUNNERS, action=None)
def end_day(work: Work, lease: int, day: str = "") -> None:
    """Give the lease back where it is still held, and note the day as done where one is named."""
    work.db.run(
        "UPDATE dayrun SET done = CASE WHEN :day = '' THEN done ELSE :day END, leased_until = 0"
        " WHERE id = 1 AND leased_until = :lease",
        day=day,
        lease=lease,
    )


@operation("Sätta dygnets flaggor", may=_RUNNERS, action=None)
def raise_batch(work: Work, rule: Rule, group: Group, lease: int, start: int = 0) -> tuple[int, int | None, int]:
    """Raise what a rule finds from a moment on; returns how many, where to go on if there may be more, and the lease.

    Raises:
        Refused: the lease has run out, and another run has taken over.
    """
    lease = _kept(work, lease)
    found, go_on = rule(work, group, Stretch(start, BATCH))
    raise_many(work, found)
    return len(found), go_on, lease


def _kept(work: Work, lease: int) -> int:
    """Return the lease, a new one where half of it is gone."""
    if work.db.value("SELECT leased_until FROM dayrun WHERE id = 1") != lease:
        raise Refused("En annan dygnskörning har tagit över. Den gör det som är kvar.")
    if lease - work.now > LEASE // 2:
        return lease
    work.db.run("UPDATE dayrun SET leased_until = :lease WHERE id = 1", lease=work.now + LEASE)
    return work.now + LEASE


def raise_many(work: Work, found: Iterable[Found]) -> None:
    """Raise flags in moments that are locked: rows, events, counters. By the hundred, so plain SQL (budget)."""
    found = tuple(found)
    if not found:
        return
    rows = [_row(work, one) for one in found]
    work.db.run_many(_FLAG, rows)
    work.db.run_many(INSERT_EVENT, rows)
    work.db.run_many(_COUNT, rows)
    for unit_id in {one.unit_id for one in found}:
        work.changed(unit_id)


def _row(work: Work, found: Found) -> dict[str, object]:
    cause = found.cause
    facts = {"severity": cause.severity.value, "of": cause.kind.value, "reason": cause.reason}
    return {
        "resident_id": found.resident_id,
        "moment_id": found.moment_id,
        "unit_id": found.unit_id,
        "flag_kind": cause.kind.value,
        "about": cause.about,
        "cause": cause.stored,
        "severity": cause.severity.value,
        "reason": cause.reason,
        "at": work.now,
        "kind": EventKind.FLAG_RAISED.value,
        "actor_kind": SYSTEM.kind,
        "actor_name": SYSTEM.name,
        "facts": json.dumps(facts, ensure_ascii=False, sort_keys=True),
        "is_priority": int(cause.severity is Severity.PRIORITY),
        "rank": cause.severity.rank,
    }


_FLAG = (
    "INSERT INTO flag (resident_id, moment_id, unit_id, kind, about, cause, severity, reason, due_on, raised_at,"
    " raised_by, handled_by, note) VALUES (:resident_id, :moment_id, :unit_id, :flag_kind, :about, :cause, :severity,"
    " :reason, '', :at, '', '', '')"
)
_COUNT = (
    "UPDATE moment SET open_flags = open_flags + 1, priority_flags = priority_flags + :is_priority,"
    " severity_rank = CASE WHEN severity_rank < :rank THEN severity_rank ELSE :rank END WHERE id = :moment_id"
)
