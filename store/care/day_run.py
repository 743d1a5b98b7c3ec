"""Dygnskörningen: the rules of time over all moments, one run at a time, safe to repeat.

Before them it is written down which held messages have gone: a message that is answered raises nothing; and the
ställföreträdare whose role has run out stand in no longer; and old sessions and invitations are removed. After them the
months that have ended are counted for the statistics.
A moment in which a rule can't be carried out is named and left; the others get what is theirs.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from store.care.day_rules import RULES, Found, Group, Rule, Stretch, group_of, groups, moments_of
from store.care.held_messages import due_releases, release_due
from store.care.statistics import count_whole_months
from store.care.substituting import end_lost_substitutes
from store.foundation.access import SYSTEM, Actor, Standing
from store.foundation.client_clocks import MOST_APART, Apart, ask_clocks
from store.foundation.clock import wall_clock
from store.foundation.errors import DomainError, NotPermitted, Refused, RowDamaged, StoreUnreachable
from store.foundation.events import EventKind, Facts, insert_events
from store.foundation.flag_kinds import Severity
from store.foundation.operation import check, operation
from store.foundation.progress import Progress, untold
from store.foundation.read_transaction import ReadTransaction
from store.foundation.store import Store
from store.foundation.work import Work
from store.people.expired_access import forget_expired_access

BATCH = 500
"""Moments in one transaction: others get their turn between them."""

_EVERY = Stretch(0, 2**31 - 1)

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
    left: Mapping[int, Exception]
    """By the moment's id: what went wrong there first. The next run tries again."""


class TakenOver(Refused):
    """The lease has run out, and another run goes on with it."""

    def __init__(self) -> None:
        super().__init__("En annan dygnskörning har tagit över. Den gör det som är kvar.")


def _stop_for(error: Exception) -> None:
    """Raise what no single moment is to blame for."""
    if isinstance(error, (StoreUnreachable, NotPermitted, TakenOver)) and not isinstance(error, RowDamaged):
        raise error


def run_day(
    store: Store, actor: Actor = SYSTEM, progress: Progress = untold, *, compare_clocks: bool = True
) -> DayReport:
    """Raise what time has brought; twice in a row changes nothing. What a stopped run left, the next one does.

    Args:
        store: where.
        actor: who runs it.
        progress: is told how far it has come.
        compare_clocks: whether other clients of a file are asked for their time first: whoever has just done so need
            not wait for them again.

    Raises:
        Refused: another run is under way, or has taken over; a clock is wrong.
    """
    with store.read(actor) as work:
        check(begin_day, work)
    run = _Run(store, actor, ask_clocks(store) if compare_clocks else None)
    try:
        run.left.update(release_due(store, actor))
        run.end_what_has_run_out()
        for done, group in enumerate(run.groups):
            progress(done, len(run.groups))
            run.carry_through(*group)
        count_whole_months(store, actor)
    except BaseException:
        run.give_back()
        raise
    run.end()
    return DayReport(run.day, run.raised, run.left)


class _Run:
    """One run, which holds the lease from the start."""

    def __init__(self, store: Store, actor: Actor, apart: Apart | None) -> None:
        self._store = store
        self._actor = actor
        self.raised = 0
        self.left: dict[int, Exception] = {}
        with store.work(actor, is_long=True) as work:
            self._lease = begin_day(work, apart)
            self.groups = groups(work)
            self.day = work.today.isoformat()

    def end_what_has_run_out(self) -> None:
        """End the standing of those whose role has run out, and tell whose moments they are; forget old sign-ins."""
        with self._store.work(self._actor, is_long=True) as work:
            end_lost_substitutes(work)
            forget_expired_access(work)

    def carry_through(self, unit_id: int, version_id: int) -> None:
        """Raise all that the rules find in a group."""
        try:
            with self._store.work(self._actor, is_long=True) as work:
                group = group_of(work, unit_id, version_id)
        except Exception as error:
            _stop_for(error)
            with self._store.work(self._actor, is_long=True) as work:
                self._leave(moments_of(work, unit_id, version_id, _EVERY), error)
            return
        for rule in RULES:
            start: int | None = 0
            while start is not None:
                start = self._raise_from(rule, group, start)

    def _raise_from(self, rule: Rule, group: Group, start: int) -> int | None:
        """Raise some of what a rule finds from a moment on; returns where to go on."""
        try:
            return self._raise(rule, group, Stretch(start, BATCH))
        except Exception as error:
            _stop_for(error)
            return self._raise_apart(rule, group, start)

    def _raise(self, rule: Rule, group: Group, stretch: Stretch) -> int | None:
        """Raise what a rule finds in a stretch, in one transaction; returns where to go on."""
        with self._store.work(self._actor, is_long=True) as work:
            number, go_on, self._lease = raise_batch(work, rule, group, self._lease, stretch)
        self.raised += number
        return go_on

    def _raise_apart(self, rule: Rule, group: Group, start: int) -> int | None:
        """Raise what a rule finds from a moment on, but for those that stop it; returns where to go on."""
        with self._store.work(self._actor, is_long=True) as work:
            moments = moments_of(work, group.unit_id, group.version_id, Stretch(start, BATCH))
        self._raise_in(rule, group, moments)
        return moments[-1] + 1 if len(moments) == BATCH else None

    def _raise_in(self, rule: Rule, group: Group, moments: list[int]) -> None:
        """Raise what a rule finds in some moments; where one of them stops it, in each half by itself."""
        if not moments:
            return
        go_on: int | None = moments[0]
        try:
            while go_on is not None:
                go_on = self._raise(rule, group, Stretch(go_on, BATCH, moments[-1]))
        except Exception as error:
            _stop_for(error)
            if len(moments) == 1:
                self._leave(moments, error)
                return
            half = len(moments) // 2
            self._raise_in(rule, group, moments[:half])
            self._raise_in(rule, group, moments[half:])

    def _leave(self, moments: Iterable[int], error: Exception) -> None:
        for moment in moments:
            self.left.setdefault(moment, error)

    def end(self) -> None:
        """Note the day as done."""
        with self._store.work(self._actor, is_long=True) as work:
            end_day(work, self._lease, self.day)

    def give_back(self) -> None:
        """Let another run begin at once. Where the store is gone the lease runs out by itself."""
        with suppress(DomainError), self._store.work(self._actor) as work:
            end_day(work, self._lease)


def catch_up(store: Store) -> DayReport | None:
    """Do what has waited for somebody to come; returns what the day's run did, None where it has run today.

    Behind a server's fence that is the operator's alone (`sob dygn`), who sees all units.

    Raises:
        Refused: another run is under way, or has taken over.
    """
    if store.engine.is_fenced:
        return None
    if is_day_due(store):
        return run_day(store)
    with store.read(SYSTEM) as work:
        is_any_due = bool(due_releases(work))
    if is_any_due:
        release_due(store)
    return None


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
def raise_batch(work: Work, rule: Rule, group: Group, lease: int, stretch: Stretch) -> tuple[int, int | None, int]:
    """Raise what a rule finds in a stretch; returns how many, where to go on if there may be more, and the lease.

    Raises:
        TakenOver: the lease is another run's.
    """
    lease = _kept(work, lease)
    found, go_on = rule(work, group, stretch)
    raise_many(work, found)
    return len(found), go_on, lease


def _kept(work: Work, lease: int) -> int:
    """Return the lease, a new one where half of it is gone."""
    if work.db.value("SELECT leased_until FROM dayrun WHERE id = 1") != lease:
        raise TakenOver
    if lease - work.now > LEASE // 2:
        return lease
    work.db.run("UPDATE dayrun SET leased_until = :lease WHERE id = 1", lease=work.now + LEASE)
    return work.now + LEASE


def raise_many(work: Work, found: Iterable[Found]) -> None:
    """Raise flags in moments that are locked: rows, events, counters. By the hundred, so plain SQL (budget)."""
    found = tuple(found)
    if not found:
        return
    work.db.insert("flag", (_flag(work, one) for one in found))
    insert_events(work.db, work.now, SYSTEM, EventKind.FLAG_RAISED, ((one, _facts(one)) for one in found))
    work.db.run_many(_COUNT, [_counted(one) for one in found])
    for unit_id in {one.unit_id for one in found}:
        work.changed(unit_id)


def _flag(work: Work, found: Found) -> dict[str, object]:
    cause = found.cause
    return {
        "resident_id": found.resident_id,
        "moment_id": found.moment_id,
        "unit_id": found.unit_id,
        "kind": cause.kind.value,
        "about": cause.about,
        "cause": cause.stored,
        "severity": cause.severity.value,
        "reason": cause.reason,
        "due_on": "",
        "raised_at": work.now,
        "waiting_since": work.now if cause.since is None else cause.since,
        "raised_by": "",
        "handled_by": "",
        "note": "",
    }


def _facts(found: Found) -> Facts:
    cause = found.cause
    return {"severity": cause.severity.value, "of": cause.kind.value, "reason": cause.reason}


def _counted(found: Found) -> dict[str, object]:
    severity = found.cause.severity
    return {
        "moment_id": found.moment_id,
        "is_priority": int(severity is Severity.PRIORITY),
        "rank": severity.rank,
    }


_COUNT = (
    "UPDATE moment SET open_flags = open_flags + 1, priority_flags = priority_flags + :is_priority,"
    " severity_rank = CASE WHEN severity_rank < :rank THEN severity_rank ELSE :rank END WHERE id = :moment_id"
)
