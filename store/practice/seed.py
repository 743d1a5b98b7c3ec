"""Making a practice store: one transaction, in which the cast does what its file says through the real operations."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from sqlalchemy import insert, inspect

from store.data import data_folder
from store.foundation.clock import Instant
from store.foundation.engine import Engine
from store.foundation.errors import Refused, StoreTooNew
from store.foundation.progress import Progress, untold
from store.foundation.schema import REVISIONS, Step, migrate
from store.foundation.tables import StoreInfo
from store.practice.cast import Cast
from store.practice.crowd import add_crowd
from store.practice.errors import NotPractice, StoreExists
from store.practice.fixtures import read_programs
from store.practice.one_transaction import OneTransaction
from store.practice.reading import read_cast, read_residents
from store.practice.replay import play
from store.practice.scenarios import read_scenario
from store.practice.size import Crowd
from store.tables import METADATA, tables_at

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection as AlchemyConnection

CAST_FILE = Path("practice", "cast.toml")
RESIDENTS_FILE = Path("practice", "residents.toml")


def make(
    engine: Engine,
    clock: Callable[[], Instant],
    *,
    cast_file: Path | None = None,
    erase: bool = False,
    crowd: Crowd | None = None,
    scenario: Path | None = None,
    progress: Progress = untold,
) -> None:
    """Make the practice store, or with `erase` make it anew; nobody ever sees half of it.

    Args:
        engine: where it is made.
        clock: its day is the one that the cast's days ago are counted from.
        cast_file: another cast than the one in the data folder, which then lives alone.
        erase: whether a practice store that is there already goes away, in the same transaction.
        crowd: how many moments there shall be besides the cast's; None for none.
        scenario: the file of a scenario that is added, and may say when it begins.
        progress: is told of them.

    Raises:
        StoreExists: there is one, and it shall not be erased.
        NotPractice: a real store is there.
        Refused: something else is there; the cast or a program has a fault.
    """
    cast = read_cast(cast_file) if cast_file else whole_cast()
    begins = now = clock()
    if scenario is not None:
        told = read_scenario(scenario, cast)
        cast, begins = told.cast, told.begins(now)
    programs = read_programs(data_folder() / "programs")
    making = _Making(engine, "practice", partial(Instant, begins))
    engine.make()

    def fill() -> None:
        play(making, cast, programs)
        with making.lend() as db:
            db.run("UPDATE store_info SET clock_ahead = :ahead", ahead=begins - now)
        if crowd is not None:
            with making.lend() as db:
                add_crowd(engine, db, crowd, progress)

    making.all_at_once(lambda: _make_room(making, erase=erase), fill)


class Filling(Protocol):
    """What a store is made with: rows of some revision, which are then brought up to date."""

    @property
    def revision(self) -> str:
        """Return the revision of the rows."""
        ...

    def write(self, making: OneTransaction) -> None:
        """Write the rows into the empty tables of their revision."""
        ...

    def finish(self, making: OneTransaction) -> None:
        """Do what is left once the store is up to date."""
        ...


def make_with(engine: Engine, begins: Instant, ahead: int, filling: Filling) -> None:
    """Make the practice store anew with rows that are there already, in one transaction.

    Args:
        engine: where it is made.
        begins: what its clock shows.
        ahead: how far ahead that is, in milliseconds.
        filling: what it is made with.

    Raises:
        NotPractice: a real store is there.
        Refused: something else is there; what `filling` refuses.
    """
    making = _Making(engine, "practice", partial(Instant, begins))
    engine.make()

    def fill() -> None:
        info = StoreInfo(kind="practice", created_at=begins, clock_ahead=ahead).model_dump()
        table = tables_at(making.sql, filling.revision)[StoreInfo.__tablename__]
        making.sql.execute(insert(table).values({column.name: info[column.name] for column in table.columns}))
        filling.write(making)

    making.all_at_once(
        lambda: _make_room(making, erase=True), lambda: filling.finish(making), [(filling.revision, fill)]
    )


def whole_cast() -> Cast:
    """Return the cast of the data folder, with the residents who make its units live."""
    return read_residents(data_folder() / RESIDENTS_FILE, read_cast(data_folder() / CAST_FILE))


class _Making(OneTransaction):
    """A store that is being made, and whose clock stands where it is put."""

    def all_at_once(
        self,
        first: Callable[[], None],
        then: Callable[[], None],
        stops: Sequence[tuple[str, Callable[[], None]]] = (),
    ) -> None:
        """Do the one before the tables are made and the other after, in the transaction that makes them.

        `stops` are what is done on the way, as `migrate` says.
        """

        def begin(sql: "AlchemyConnection") -> None:
            self.sql = sql
            first()

        def step(do: Callable[[], None]) -> Step:
            return lambda _sql: do()

        on_the_way = [(revision, step(do)) for revision, do in stops]
        try:
            with self.told_in_words():
                migrate(self.engine, first=begin, also=step(then), stops=on_the_way, confirmed=True)
        except BaseException:
            self.engine.unmake()
            raise
        finally:
            self.engine.dispose()


def _make_room(making: _Making, *, erase: bool) -> None:
    """See to it that the database is empty."""
    there = inspect(making.sql).get_table_names()
    if not there:
        return
    if StoreInfo.__tablename__ not in there:
        raise Refused("Databasen innehåller något annat. Ange en tom databas, eller en annan plats.", field="store")
    with making.lend() as db:
        if db.value("SELECT kind FROM store_info") != "practice":
            raise NotPractice
        if not erase:
            raise StoreExists
        if db.value("SELECT version_num FROM alembic_version") not in REVISIONS:
            raise StoreTooNew
        METADATA.drop_all(making.sql)
        db.run("DROP TABLE alembic_version")
