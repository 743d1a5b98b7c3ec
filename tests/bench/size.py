"""A store as large as a region's, encrypted: what one waits for there, beside a small one.

By default a tenth of it (100,000 moments, 2 million events, 500,000 messages); `python3 start.py bench whole` makes all
of it, some 10 GB: figures of that stand in docs/operation.md.
"""

import random
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from store.care.messages import send_message
from store.foundation.access import OPERATOR
from store.foundation.clock import Instant
from store.foundation.connection import Connection
from store.foundation.fictional import fictional_numbers
from store.foundation.identity import PersonalNumber
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


def filled(path: Path, size: Size) -> Filled:
    """Make a store of a size, and say how long that took and what it takes."""
    begun = time.monotonic()
    store = create_store(path, kind="practice", keys=SEALING, clock=Clock())
    populate(store)
    clinic = enter(store, Clock())
    with store.work(OPERATOR) as work:
        ((version,),) = work.db.rows("SELECT id FROM programversion WHERE program = 'prov'")
    staff = clinic.clinician.staff_id, clinic.colleague.staff_id
    store.close()  # it opens the file again by itself; who has it open would keep the journal
    with _unsafe(path) as db:
        number = _fill(db, size, clinic.here, version, staff)
    print(f"{size}: {time.monotonic() - begun:.0f} s to fill, {path.stat().st_size / 1e9:.2f} GB", flush=True)
    return Filled(clinic, size, FIRST, number)


@contextmanager
def _unsafe(path: Path) -> Iterator[Connection]:
    """Lend a connection that keeps no journal, on tables without indexes, which are made at the end."""
    db = SqliteEngine(path, SEALING.cipher).connect()
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-400000", "foreign_keys=OFF"):
        db.run(f"PRAGMA {pragma}")
    indexes = db.rows(
        "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL"
        " AND tbl_name IN ('moment', 'message', 'conversation', 'event')"
    )
    for name, _ in indexes:
        db.run(f"DROP INDEX {name}")
    db.run("BEGIN")
    yield db
    for _, sql in indexes:
        db.run(sql)
    db.run("COMMIT")
    db.run("ANALYZE")
    db.run("PRAGMA journal_mode=WAL")
    db.driver.close()


def _fill(db: Connection, size: Size, unit: int, version: int, staff: tuple[int, int]) -> str:
    """Write the rows in the order of their keys; returns the number of the first moment's resident."""
    residents = min(size.moments, RESIDENTS)
    numbers = [number.value for number in fictional_numbers(residents)]
    people = [name for name, _ in zip(names(), range(residents), strict=False)]
    sorted_as = [sort_name(*name) for name in people]
    every = size.moments // OWN
    places = [place for one in range(residents) for place in range(one, size.moments, residents)]  # by resident

    def whose(place: int) -> int:
        return staff[0] if place % every == 0 else staff[1]

    driver = db.driver
    driver.executemany(
        "INSERT INTO resident (id, personnummer, family_name, given_name, sort_name, region, mobile, email, channel,"
        " protection, entered_by_hand) VALUES (?, ?, ?, ?, ?, '05', '', '', 'ingen', '', 0)",
        ((FIRST + one, numbers[one], *people[one], sorted_as[one]) for one in range(residents)),
    )
    driver.executemany(
        "INSERT INTO moment (id, resident_id, unit_id, program, version_id, responsible_id, status, started_at,"
        " end_reason, unread_forms, unread_messages, drafts, open_flags, priority_flags, severity_rank, purge_by,"
        " sort_name) VALUES (?, ?, ?, 'prov', ?, ?, 'pagaende', ?, '', 0, 0, 0, 0, 0, 3, '2028-01-01', ?)",
        (
            (FIRST + n, FIRST + n % residents, unit, version, whose(n), MONDAY - n, sorted_as[n % residents])
            for n in range(size.moments)
        ),
    )
    driver.executemany(
        "INSERT INTO event (resident_id, moment_id, at, seq, kind, actor_kind, actor_name, facts)"
        " VALUES (?, ?, ?, 1, 'steg-last', 'invånare', 'Prov', '{\"step\": \"hej\"}')",
        (
            (FIRST + n % residents, FIRST + n, MONDAY - (size.events - turn) * MINUTE)
            for n in places
            for turn in range(size.events)
        ),
    )
    driver.executemany(
        "INSERT INTO conversation (id, resident_id, moment_id, heading, started_at, latest_at, unread)"
        " VALUES (?, ?, ?, 'Min konversation', 1, ?, 0)",
        ((FIRST + n, FIRST + n % residents, FIRST + n, MONDAY - MINUTE) for n in range(size.moments)),
    )
    pool, choose = texts(), random.Random(1)
    driver.executemany(
        "INSERT INTO message (resident_id, moment_id, conversation_id, sender, author, text, sent_at, read_at)"
        " VALUES (?, ?, ?, ?, 'Prov', ?, ?, 1)",
        (
            (
                *(FIRST + n % residents, FIRST + n, FIRST + n),
                "invanare" if turn % 2 else "behandlare",
                choose.choice(pool),
                MONDAY - (size.messages - turn) * MINUTE,
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
    """Yield all; most of the time goes to fill the store."""
    with tempfile.TemporaryDirectory() as name:
        few, many = filled(Path(name, "few.sqlite"), SMALL), filled(Path(name, "many.sqlite"), size)
        for what, read, of_all in READINGS:
            ours, floor = (reading(here, read, of_all=of_all) for here in (many, few))
            yield compare(f"encrypted, {size} / {SMALL.moments:,}: {what}", ours, floor, 1.3, turns=10)
        ours, floor = sending(many), sending(few)
        yield compare(f"encrypted, {size} / {SMALL.moments:,}: a message", ours, floor, 1.3, turns=10)
        for here in (many, few):
            here.clinic.store.close()
