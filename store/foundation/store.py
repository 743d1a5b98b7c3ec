"""An open store: `store.work(actor)` writes, `store.read(actor)` reads."""

import json
from collections.abc import Callable, Hashable, Iterator, Sequence
from contextlib import contextmanager, suppress
from uuid import UUID

from store.foundation.access import Action, Actor
from store.foundation.clock import Instant, MovedClock, wall_clock
from store.foundation.connection import Connection, Question
from store.foundation.engine import Engine
from store.foundation.errors import DomainError, NeedsConfirmation, NotPermitted, Refused, RowDamaged, StoreUnreachable
from store.foundation.keys import StoreKeys
from store.foundation.log import DENIED, AccessLog, LogEntry, as_typed
from store.foundation.reach import NOBODYS, Reach
from store.foundation.read_transaction import PRACTICE, ReadTransaction
from store.foundation.work import Work

MOST_REMEMBERED = 100
"""Readings whose questions are remembered."""


_CLOCK_AHEAD = "SELECT clock_ahead FROM store_info"

_RULES = (Refused, NeedsConfirmation, NotPermitted)
"""What a rule says no with: the database has done what it was asked."""

_UNREADABLE = (json.JSONDecodeError, UnicodeDecodeError)
"""What comes of a text that is not what the store once wrote; what people hand in is read before a transaction."""


class Store:
    """An open store. Threads may share it; each transaction has a connection of its own."""

    def __init__(
        self, engine: Engine, kind: str, clock: Callable[[], Instant] = wall_clock, keys: StoreKeys | None = None
    ) -> None:
        self.engine = engine
        self.kind = kind
        self.clock = clock
        self.keys = keys
        """What is sealed in it is sealed with these; None in a practice store."""
        self.access_log = AccessLog(keys=keys)
        self.said: tuple[str, ...] = ()
        """Sentences on what was done when the store was opened, for whoever opened it; they name nobody."""
        self._asked: dict[Hashable, tuple[Question, ...]] = {}
        """What was asked in the latest readings, by their names."""

    @property
    def is_practice(self) -> bool:
        """Whether this is a practice environment (domain.md §9)."""
        return self.kind == PRACTICE

    @property
    def clock_ahead(self) -> int:
        """How far a practice store's clock has been moved forward, in milliseconds, as it was seen last."""
        return self.clock.ahead if isinstance(self.clock, MovedClock) else 0

    def machine_clock(self) -> Instant:
        """Return the time that no practice moves."""
        return self.clock.kept() if isinstance(self.clock, MovedClock) else self.clock()

    @contextmanager
    def work(self, actor: Actor, *, command: UUID | None = None, is_long: bool = False) -> Iterator[Work]:
        """Open a writing transaction; it is committed at the end, rolled back by an exception.

        Args:
            actor: who acts; a staff member's roles are read anew.
            command: the client's UUID; operations of a command that was carried out before return what they returned.
            is_long: whether a single statement may take its time, as in an import: whoever waits is shown so.

        Raises:
            StoreUnreachable: the database is gone. After a commit whose answer was lost nobody knows whether it was
                done: send the same command again.
        """
        work: Work | None = None
        try:
            with self.told_in_words(), self.engine.alchemy().begin() as sql:
                db = self.engine.speaking(sql.connection.driver_connection)
                self.engine.reach(db, actor.reach)
                now = self._now(db)
                work = Work(self.engine, self.kind, actor, now, sql, command, self.access_log, self.keys)
                if is_long:
                    self.engine.be_patient(work.db)
                work.see_who_acts()
                yield work
                work.close()
            work.commit_served()
        finally:
            if work is not None and work.refused:
                self._write_refused(work.refused)

    @contextmanager
    def read(self, actor: Actor, *, like: Sequence[Hashable] = ()) -> Iterator[ReadTransaction]:
        """Open a reading transaction: one snapshot. Its log rows are in the store before the block is left.

        Args:
            actor: who reads; a staff member's roles are read anew.
            like: names for what is read, the closest first. What was asked in the transaction of such a name before is
                likely to be asked again: a far server is asked all of it at once.

        Raises:
            StoreUnreachable: the database is gone.
        """
        likely = next(filter(None, map(self._asked.get, like)), ())
        with self._snapshot(likely, actor.reach) as connection:
            now = self._now(connection)
            reading = ReadTransaction(
                self.kind, actor, now, connection, self.access_log, self.keys, is_fenced=self.engine.is_fenced
            )
            try:
                reading.see_who_acts()
                yield reading
                self._remember(like, self.engine.asked(connection))
            finally:  # what was read before something else was refused was read all the same
                connection.driver.rollback()
                if rows := [*reading.logged, *reading.refused]:
                    self._write_log(connection, rows)
                reading.commit_served()

    def change_no(self, unit_id: int | None) -> int:
        """Return the unit's change number, or of all units together (None); 0 before the first change.

        Leaves no log row.
        """
        if unit_id is None:
            with self.lend() as db:
                self._now(db)
                return int(db.value("SELECT coalesce(sum(change_no), 0) FROM change"))
        return self._number("SELECT change_no FROM change WHERE unit_id = :place", unit_id)

    def change_no_above(self, provider_hsa_id: str) -> int:
        """Return the change number of a care provider's level; 0 before the first change. Leaves no log row."""
        return self._number(
            "SELECT n.change_no FROM providerchange n JOIN careprovider c ON c.id = n.provider_id"
            " WHERE c.hsa_id = :place",
            provider_hsa_id,
        )

    def _number(self, sql: str, place: int | str) -> int:
        """Return what a query says of a place, with the clock in the same round trip."""
        question = sql, (("place", place),)
        also: tuple[Question, ...] = ((_CLOCK_AHEAD, ()),) if isinstance(self.clock, MovedClock) else ()
        with self._snapshot([question, *also]) as db:  # in one round trip
            found = db.value(sql, place=place)
            self._now(db)
            db.driver.rollback()
        return int(found or 0)

    def _now(self, db: Connection) -> Instant:
        """Return the store's time; in practice as far ahead as the store says, whoever has moved its clock."""
        if isinstance(self.clock, MovedClock):
            self.clock.ahead = db.value(_CLOCK_AHEAD)
        return self.clock()

    def draft_key(self) -> bytes:
        """Return the key that seals drafts kept outside the store. Leaves no log row."""
        with self.lend() as db:
            return str(db.value("SELECT draft_key FROM store_info")).encode("ascii")

    @contextmanager
    def lend(self) -> Iterator[Connection]:
        """Lend a connection for what concerns no resident: signing in, a change number. Nothing is logged."""
        with self._snapshot() as connection:
            yield connection
            connection.driver.rollback()

    @contextmanager
    def lend_to_write(self) -> Iterator[Connection]:
        """Lend a connection for a change that concerns nobody and is told to nobody; it is committed at the end."""
        with self._snapshot() as connection:
            connection.driver.rollback()
            with self._writing(connection):
                yield connection

    def close(self) -> None:
        """Close all connections, those in use when they are given back."""
        self.engine.close()

    def _remember(self, like: Sequence[Hashable], asked: tuple[Question, ...]) -> None:
        for name in like if asked else ():
            self._asked.pop(name, None)
            self._asked[name] = asked
            while len(self._asked) > MOST_REMEMBERED:
                self._asked.pop(next(iter(self._asked)), None)

    def _write_log(self, connection: Connection, rows: Sequence[LogEntry]) -> None:
        with self._writing(connection):
            self.access_log.write(connection, rows, self.engine.for_update("loghead"), commits=True)

    @contextmanager
    def _writing(self, connection: Connection) -> Iterator[None]:
        with self.told_in_words():
            self.engine.begin(connection, write=True)
            try:
                yield
                connection.driver.commit()
            finally:
                self.engine.end(connection)

    def note_refusal(self, operation: str, error: DomainError, *, hsa_id: str = "", number: str | None = None) -> None:
        """Say in the log that somebody unknown was refused, before any operation; what was asked for is as typed."""
        row = LogEntry(
            at=self.clock(),
            wall_at=wall_clock(),
            unit_id=None,
            actor_kind="okänd",
            actor_hsa_id=as_typed(hsa_id) if hsa_id else None,
            actor_name="",
            action=Action.READ,
            operation=operation,
            personnummer=None if number is None else as_typed(number),
            origin=self.access_log.origin,
            session=self.access_log.session,
            outcome=DENIED,
            reason=error.kind,
        )
        self._write_refused([row])

    def _write_refused(self, rows: Sequence[LogEntry]) -> None:
        """Write the rows of refusals, in a transaction of their own; the refusal is told, also where they can't be."""
        with suppress(StoreUnreachable), self._snapshot() as connection:
            connection.driver.rollback()
            self._write_log(connection, rows)

    @contextmanager
    def _snapshot(self, likely: Sequence[Question] = (), reach: Reach = NOBODYS) -> Iterator[Connection]:
        """Lend a connection with a begun reading transaction; one that failed is not lent again.

        A rule's refusal is no failure: over a long way a new connection takes longer than all that was asked.
        """
        connection: Connection | None = None
        try:
            connection = self.engine.take()
            self.engine.begin(connection, write=False, likely=likely, reach=reach)
            yield connection
            self.engine.give_back(connection)
        except BaseException as error:
            if connection is not None and not (isinstance(error, _RULES) and self._keep(connection)):
                connection.close()
            if isinstance(error, Exception):
                self._tell_in_words(error, is_reading=True)
            raise

    def _keep(self, connection: Connection) -> bool:
        """Undo what was begun and keep the connection for the next one; False where the database is gone meanwhile."""
        try:
            connection.driver.rollback()
        except Exception:
            return False
        self.engine.give_back(connection)
        return True

    @contextmanager
    def told_in_words(self, *, is_reading: bool = False) -> Iterator[None]:
        """Tell a lost database from a fault of ours."""
        try:
            yield
        except Exception as error:
            self._tell_in_words(error, is_reading=is_reading)
            raise

    def _tell_in_words(self, error: Exception, *, is_reading: bool) -> None:
        """Raise why the database could not do it, where it was the database."""
        cause = getattr(error, "orig", None) or error
        lost = self.engine.why_lost(cause, is_reading=is_reading)
        if isinstance(cause, _UNREADABLE):
            lost = RowDamaged()
        if lost is not None:
            raise lost from cause
