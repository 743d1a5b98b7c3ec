"""A store as large as a region's, in a file, an encrypted one and on a server: what one waits for, beside a small one.

By default a tenth of it (100,000 moments, 2 million events, 500,000 messages); `python3 start.py bench whole` makes all
of it, some 10 GB: figures of that stand in docs/operation.md.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import psycopg

from store.care.messages import send_message
from store.foundation.access import OPERATOR
from store.foundation.clock import Instant
from store.foundation.connection import Connection
from store.foundation.fictional import fictional_numbers
from store.foundation.identity import PersonalNumber
from store.foundation.keys import StoreKeys
from store.foundation.sqlite_engine import SqliteEngine
from store.foundation.text import sort_name
from store.opening import create_store
from store.people.residents import find_person
from store.views.conversations import conversation_page
from store.views.lists import Tab, list_headings, list_page
from store.views.message_search import search_messages
from store.views.moment import open_moment
from store.views.timeline import timeline_page
from store.views.todo import todo_again
from tests.bench.harness import Measure, compare
from tests.bench.load import lend_server
from tests.bench.messages import MISSING, texts
from tests.bench.store import names
from tests.clinics import MONDAY, SEALING, Clinic, Clock, enter, populate


@dataclass(frozen=True)
class Size:
    """How much a store holds; every moment as much as any other."""

    moments: int
    events: int = 20
    messages: int = 5

    def __str__(self) -> str:
        return f"{self.moments:,} moments"


TENTH, WHOLE, SMALL = Size(100_000), Size(1_000_000), Size(1_000)
OWN = 40
"""Moments of the clinician who looks; all others are a colleague's."""
RESIDENTS = 100_000
PAGE = 40
FIRST = 1_000
"""The first id of residents, moments and conversations."""
MINUTE = 60_000


@dataclass(frozen=True)
class Filled:
    """A store, and a moment of the clinician's in the middle of it."""

    clinic: Clinic
    size: Size
    moment: int
    number: str


class Insert(Protocol):
    """Writes rows to a table: the columns' names, then the values."""

    def __call__(self, table: str, columns: str, rows: Iterable[tuple[object, ...]], /) -> None: ...


class FilePlace(NamedTuple):
    """A file, encrypted where there are keys."""

    name: str
    keys: StoreKeys | None
    clock: Callable[[], float] = time.process_time
    """By what is measured: here the work is the process's own."""

    @contextmanager
    def address(self) -> Iterator[str]:
        """Lend a place that is empty."""
        with tempfile.TemporaryDirectory() as folder:
            yield f"sqlite:///{Path(folder, 'size.sqlite')}"

    @contextmanager
    def unguarded(self, url: str) -> Iterator[tuple[Connection, Insert]]:
        """Lend a connection that keeps no journal, on tables without indexes, which are made at the end."""
        db = SqliteEngine(_path(url), self.keys.cipher if self.keys else "").connect()
        for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "foreign_keys=OFF"):
            db.run(f"PRAGMA {pragma}")
        indexes = db.rows(
            f"SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL AND tbl_name IN ({LARGE})"
        )
        for name, _ in indexes:
            db.run(f"DROP INDEX {name}")

        def insert(table: str, columns: str, rows: Iterable[tuple[object, ...]], /) -> None:
            given = ", ".join("?" for _ in columns.split(","))
            db.driver.executemany(f"INSERT INTO {table} ({columns}) VALUES ({given})", rows)

        db.run("BEGIN")
        yield db, insert
        for _, sql in indexes:
            db.run(sql)
        db.run("COMMIT")
        db.run("ANALYZE")
        db.run("PRAGMA journal_mode=WAL")
        db.driver.close()

    def size_of(self, clinic: Clinic) -> int:
        """Return the bytes that the store takes."""
        return _path(clinic.store.engine.url).stat().st_size


class ServerPlace(NamedTuple):
    """A database on a server."""

    name: str
    keys: StoreKeys | None = None
    clock: Callable[[], float] = time.perf_counter
    """By what is measured: here most of the work is the server's."""

    @contextmanager
    def address(self) -> Iterator[str]:
        """Lend a place that is empty."""
        with lend_server() as address:
            yield address

    @contextmanager
    def unguarded(self, url: str) -> Iterator[tuple[Connection, Insert]]:
        """Lend a connection that asks no trigger, on tables without indexes, which are made at the end."""
        driver = psycopg.connect(url.replace("+psycopg", ""), autocommit=True)  # it waits as long as it takes
        db = Connection(driver, pyformat=True)
        db.run("SET session_replication_role = replica")
        indexes = db.rows(
            f"SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename IN ({LARGE})"
            " AND indexname NOT IN (SELECT conname FROM pg_constraint)"
        )
        for name, _ in indexes:
            db.run(f"DROP INDEX {name}")

        def insert(table: str, columns: str, rows: Iterable[tuple[object, ...]], /) -> None:
            with driver.cursor().copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)

        yield db, insert
        for _, sql in indexes:
            db.run(sql)
        db.run("VACUUM ANALYZE")
        driver.close()

    def size_of(self, clinic: Clinic) -> int:
        """Return the bytes that the store takes."""
        return int(clinic.value("SELECT pg_database_size(current_database())"))


Place = FilePlace | ServerPlace
PLACES: tuple[Place, ...] = (
    FilePlace("a file", None),
    FilePlace("an encrypted file", SEALING),
    ServerPlace("a server"),
)
LARGE = "'moment', 'message', 'conversation', 'event'"


def filled(place: Place, url: str, size: Size) -> Filled:
    """Make a store of a size, and say how long that took and what it takes."""
    begun = time.monotonic()
    store = create_store(url, kind="practice", keys=place.keys, clock=Clock())
    populate(store)
    clinic = enter(store, Clock())
    with store.work(OPERATOR) as work:
        ((version,),) = work.db.rows("SELECT id FROM programversion WHERE program = 'prov'")
    staff = clinic.clinician.staff_id, clinic.colleague.staff_id
    store.close()  # it opens the file again by itself; who has it open would keep the journal
    with place.unguarded(url) as (db, insert):
        number = fill(db, insert, size, clinic.here, version, staff)
    took, gigabytes = time.monotonic() - begun, place.size_of(clinic) / 1e9
    print(f"{place.name}, {size}: {took:.0f} s to fill, {gigabytes:.2f} GB", flush=True)
    return Filled(clinic, size, FIRST, number)


def _path(url: str) -> Path:
    return Path(url.removeprefix("sqlite:///"))


def fill(db: Connection, insert: Insert, size: Size, unit: int, version: int, staff: tuple[int, int]) -> str:
    """Write the rows in the order of their keys; returns the number of the first moment's resident."""
    residents = min(size.moments, RESIDENTS)
    numbers = [number.value for number in fictional_numbers(residents)]
    people = [name for name, _ in zip(names(), range(residents), strict=False)]
    sorted_as = [sort_name(*name) for name in people]
    every = size.moments // OWN
    places = [place for one in range(residents) for place in range(one, size.moments, residents)]  # by resident

    def whose(place: int) -> int:
        return staff[0] if place % every == 0 else staff[1]

    insert(
        "resident",
        "id, personnummer, family_name, given_name, sort_name, region, mobile, email, channel, protection,"
        " entered_by_hand",
        (
            (FIRST + one, numbers[one], *people[one], sorted_as[one], "05", "", "", "ingen", "", 0)
            for one in range(residents)
        ),
    )
    insert(
        "moment",
        "id, resident_id, unit_id, program, version_id, responsible_id, status, started_at, end_reason, unread_forms,"
        " unread_messages, drafts, open_flags, priority_flags, severity_rank, purge_by, sort_name",
        (
            (
                *(FIRST + n, FIRST + n % residents, unit, "prov", version, whose(n), "pagaende", MONDAY - n, ""),
                *(0, 0, 0, 0, 0, 3, "2028-01-01", sorted_as[n % residents]),
            )
            for n in range(size.moments)
        ),
    )
    insert(
        "event",
        "resident_id, moment_id, unit_id, at, seq, kind, actor_kind, actor_name, facts",
        (
            (
                *(FIRST + n % residents, FIRST + n, unit, MONDAY - (size.events - turn) * MINUTE, 1),
                *("steg-last", "invånare", "Prov", '{"step": "hej"}'),
            )
            for n in places
            for turn in range(size.events)
        ),
    )
    insert(
        "conversation",
        "id, resident_id, moment_id, unit_id, heading, started_at, latest_at, unread",
        (
            (FIRST + n, FIRST + n % residents, FIRST + n, unit, "Min konversation", 1, MONDAY - MINUTE, 0)
            for n in range(size.moments)
        ),
    )
    pool, choose = texts(), random.Random(1)
    insert(
        "message",
        "resident_id, moment_id, conversation_id, unit_id, sender, author, text, sent_at, read_at",
        (
            (
                *(FIRST + n % residents, FIRST + n, FIRST + n, unit, "invanare" if turn % 2 else "behandlare", "Prov"),
                *(choose.choice(pool), MONDAY - (size.messages - turn) * MINUTE, 1),
            )
            for turn in range(size.messages)
            for n in range(size.moments)
        ),
    )
    for who, moments in ((staff[0], OWN), (staff[1], size.moments - OWN)):
        db.run(
            "INSERT INTO momentcount VALUES (:unit, :staff, 'prov', 'pagaende', :number)",
            unit=unit,
            staff=who,
            number=moments,
        )
    return numbers[0]


def _all(work: Any, _here: Filled) -> int:
    list_headings(work, Tab.ALL)
    return len(list_page(work, Tab.ALL, "prov", "pagaende", limit=PAGE))


def _mine(work: Any, _here: Filled) -> int:
    list_headings(work, Tab.MINE)
    return len(list_page(work, Tab.MINE, "prov", "pagaende", limit=PAGE))


READINGS: tuple[tuple[str, Callable[[Any, Filled], object], bool], ...] = (
    (f"the first {PAGE} of Alla", _all, True),
    (f"the first {PAGE} of Mina", _mine, False),
    ("Att göra", lambda work, _here: todo_again(work), False),
    ("a look-up by personnummer", lambda work, here: find_person(work, PersonalNumber(here.number)), False),
    ("a moment's page", lambda work, here: open_moment(work, here.moment), False),
    ("a timeline's page", lambda work, here: timeline_page(work, here.moment), False),
    ("a conversation", lambda work, here: conversation_page(work, here.moment, here.moment), False),
    ("a search in messages", lambda work, _here: search_messages(work, MISSING), False),
)
"""What is read, and whether by who sees all of the unit's."""


def reading(here: Filled, read: Callable[[Any, Filled], object], *, of_all: bool) -> Callable[[], None]:
    """Return what reads something, its log rows among it."""
    actor = here.clinic.admin if of_all else here.clinic.clinician

    def act() -> None:
        with here.clinic.store.read(actor) as work:
            read(work, here)

    return act


def sending(here: Filled) -> Callable[[], None]:
    """Return what sends a message, committed."""
    clinic, ticks = here.clinic, count()
    clinic.store.clock = clinic.clock

    def act() -> None:
        clinic.clock.now = Instant(MONDAY + next(ticks))
        with clinic.store.work(clinic.clinician) as work:
            send_message(work, here.moment, "Hur gick det med övningen?" * 5, conversation=here.moment)

    return act


def measure(size: Size = TENTH) -> Iterator[Measure]:
    """Yield all; most of the time goes to fill the stores."""
    for place in PLACES:
        with place.address() as small, place.address() as large:
            few, many = filled(place, small, SMALL), filled(place, large, size)
            for what, ours, floor in acts(few, many):
                name = f"{place.name}, {size} / {SMALL.moments:,}: {what}"
                yield compare(name, ours, floor, 1.3, turns=10, clock=place.clock)
            for here in (many, few):
                here.clinic.store.close()


def acts(few: Filled, many: Filled) -> Iterator[tuple[str, Callable[[], None], Callable[[], None]]]:
    """Yield what is done, by name, in the large store and in the small one."""
    for what, read, of_all in READINGS:
        yield what, reading(many, read, of_all=of_all), reading(few, read, of_all=of_all)
    yield "a message", sending(many), sending(few)
