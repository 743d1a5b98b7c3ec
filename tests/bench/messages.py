"""Messages: sending one beside its bare rows; reading and searching one's own where others have written millions."""

import random
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from store.care.messages import send_message
from store.foundation.access import OPERATOR
from store.foundation.clock import Instant
from store.foundation.fictional import fictional_numbers
from store.foundation.sqlite_engine import SqliteEngine
from store.opening import create_store
from store.views.conversations import PAGE, conversation_page, messages_page
from store.views.lists import Tab, list_page
from store.views.message_search import MOST_HITS, search_messages
from tests.bench.harness import Measure, compare
from tests.clinics import MONDAY, Clinic, Clock, enter, populate

MANY, OWN = 5_000_000, 5_000
"""Messages in the large store, and how many of them, in either, are of the one who looks."""

OWN_MOMENTS, OTHER_MOMENTS = 5, 5_000
CONVERSATIONS = 4
"""Of a moment."""

WORDS = """
    ångesten är värre på kvällarna och jag sover dåligt men övningen hjälpte lite
    i går försökte vi gå ut trots att det kändes svårt så länge hälsningar
"""
COMMON, MISSING = "ÅNGEST", "förkylning"


@dataclass(frozen=True)
class Filled:
    """A store in which the clinician has `OWN` messages, spread in time among the others'."""

    clinic: Clinic
    moment: int
    conversation: int
    middle: int
    """An instant before which half of it was written."""


def texts() -> list[str]:
    """Return some texts of about two hundred characters."""
    choose = random.Random(1)
    return [" ".join(choose.choices(WORDS.split(), k=33)).capitalize() + "." for _ in range(64)]


def filled(path: Path, number: int) -> Filled:
    """Make a store of so many messages; half of each conversation is the resident's, read."""
    store = create_store(path, kind="practice", clock=Clock())
    populate(store)
    clinic = enter(store, Clock())
    others = OTHER_MOMENTS if number > OWN else 0
    with store.work(OPERATOR) as work:
        ((version,),) = work.db.rows("SELECT id FROM programversion WHERE program = 'prov'")
        add_moments(work.db.driver, clinic, version, OWN_MOMENTS + others)
    store.close()  # one that has the file open would keep its journal; it opens it again by itself
    db = SqliteEngine(path).connect()
    # What is filled here may be lost: a journal of it would take as long again.
    db.run("PRAGMA journal_mode=OFF")
    db.run("PRAGMA synchronous=OFF")
    indexes = db.rows("SELECT name, sql FROM sqlite_master WHERE tbl_name = 'message' AND sql LIKE 'CREATE INDEX%'")
    for name, _ in indexes:
        db.run(f"DROP INDEX {name}")
    db.run("BEGIN")
    db.driver.executemany(
        "INSERT INTO message (resident_id, moment_id, conversation_id, sender, author, text, sent_at, read_at)"
        " VALUES (?, ?, ?, ?, 'Prov', ?, ?, 1)",
        messages(number, others),
    )
    for _, sql in indexes:
        db.run(sql)
    db.run("COMMIT")
    db.run("PRAGMA journal_mode=WAL")
    db.driver.close()
    return Filled(clinic, FIRST, FIRST * CONVERSATIONS, MONDAY - number // 2)


FIRST = 1_000
"""The id of the first resident and moment that is filled in; its conversations' ids are told from it."""


def add_moments(driver: Any, clinic: Clinic, version: int, moments: int) -> None:
    """Add moments of a resident each, the first of them the clinician's, the others a colleague's."""
    ids = range(FIRST, FIRST + moments)
    driver.executemany(
        "INSERT INTO resident (id, personnummer, family_name, given_name, sort_name, region, mobile, email, channel,"
        " protection, entered_by_hand) VALUES (?, ?, 'Prov', 'Eva', 'prov  eva', '05', '', '', 'ingen', '', 0)",
        zip(ids, (number.value for number in fictional_numbers(moments)), strict=True),
    )
    staff = [clinic.clinician.staff_id] * OWN_MOMENTS + [clinic.colleague.staff_id] * (moments - OWN_MOMENTS)
    driver.executemany(
        "INSERT INTO moment (id, resident_id, unit_id, program, version_id, responsible_id, status, started_at,"
        " end_reason, unread_forms, unread_messages, drafts, open_flags, priority_flags, severity_rank, purge_by,"
        " sort_name) VALUES (?, ?, ?, 'prov', ?, ?, 'pagaende', ?, '', 0, 0, 0, 0, 0, 3, '2028-01-01', 'prov  eva')",
        ((one, one, clinic.here, version, who, 1) for one, who in zip(ids, staff, strict=True)),
    )
    driver.executemany(
        "INSERT INTO conversation (id, resident_id, moment_id, heading, started_at, latest_at, unread)"
        " VALUES (?, ?, ?, 'Min konversation', 1, ?, 0)",
        ((one * CONVERSATIONS + place, one, one, MONDAY) for one in ids for place in range(CONVERSATIONS)),
    )


def messages(number: int, others: int) -> Iterator[tuple[object, ...]]:
    """Yield the messages in order of time, an own one in every so many."""
    pool = texts()
    every = number // OWN
    own, other = count(), count()
    for place in range(number):
        if place % every == 0:
            moment, turn = divmod(next(own), CONVERSATIONS)
            moment = FIRST + moment % OWN_MOMENTS
        else:
            moment, turn = divmod(next(other), CONVERSATIONS)
            moment = FIRST + OWN_MOMENTS + moment % others
        sender = "invanare" if place // every & 1 else "behandlare"
        conversation = moment * CONVERSATIONS + turn
        yield moment, moment, conversation, sender, pool[place // every * 31 % 64], MONDAY - number + place


def reading(here: Filled, read: Callable[[Any, Filled], bool]) -> Callable[[], None]:
    """Return what reads something as the clinician, and sees to it that it is what was asked for."""

    def act() -> None:
        with here.clinic.store.read(here.clinic.clinician) as work:
            assert read(work, here)

    return act


def page(work: Any, here: Filled) -> bool:
    return len(conversation_page(work, here.moment, here.conversation).messages) == PAGE


def older_page(work: Any, here: Filled) -> bool:
    before = (here.middle, 0)
    return len(conversation_page(work, here.moment, here.conversation, before=before).messages) == PAGE


def tab(work: Any, here: Filled) -> bool:
    return len(messages_page(work, here.moment).conversations) == CONVERSATIONS


def mine(work: Any, _here: Filled) -> bool:
    return len(list_page(work, Tab.MINE, "prov", "pagaende")) == OWN_MOMENTS


def common(work: Any, _here: Filled) -> bool:
    return len(search_messages(work, COMMON)) == MOST_HITS


def missing(work: Any, _here: Filled) -> bool:
    return search_messages(work, MISSING) == []


READINGS: tuple[tuple[str, Callable[[Any, Filled], bool], int], ...] = (
    ("conversation: the newest page", page, 20),
    ("conversation: an older page", older_page, 20),
    ("unread count: the moment's row, as the tab has it", tab, 20),
    ("unread count: a page of Mina", mine, 20),
    (f"search: a common word, the newest {MOST_HITS}", common, 5),
    ("search: a word that is nowhere", missing, 2),
)


def readings(many: Filled, few: Filled) -> Iterator[Measure]:
    """Yield what is read of the own messages, beside a store where nobody else has any."""
    for name, read, turns in READINGS:
        yield compare(f"{name}, {MANY:,} / {OWN:,}", reading(many, read), reading(few, read), 2.0, turns=turns)


WRITTEN = ("message", "event", "log", "notice")


def sending(here: Filled) -> Measure:
    """Return what a reply costs beside the same rows on the bare driver."""
    clinic = here.clinic
    clinic.run("UPDATE resident SET channel = 'sms', mobile = '0701740605' WHERE id = :id", id=here.moment)
    clinic.store.clock, ticks, text = clinic.clock, count(), texts()[0]

    def ours() -> None:
        clinic.clock.now = Instant(MONDAY + next(ticks))
        with clinic.store.work(clinic.clinician) as work:
            send_message(work, here.moment, text, conversation=here.conversation)

    name = "send a message: message, event, log row, notice, counters / bare"
    return compare(name, ours, bare(here, ours), 12.0, turns=50)


def bare(here: Filled, ours: Callable[[], object]) -> Callable[[], None]:
    """Return what writes the same rows on the driver, in one transaction."""
    before = {table: rows(here, table) for table in WRITTEN}
    ours()
    written = {table: [row for row in rows(here, table) if row not in before[table]] for table in WRITTEN}
    assert {table: len(found) for table, found in written.items()} == dict.fromkeys(WRITTEN, 1)
    inserts = []
    for table, ((names, values),) in written.items():
        inserts.append((f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join('?' * len(names))})", values))
    driver = here.clinic.store.engine.connect().driver
    ticks = count(1)

    def act() -> None:
        cursor = driver.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        now = next(ticks)
        for sql, values in inserts:
            cursor.execute(sql, [now if value == "AT" else value for value in values])
        cursor.execute(
            "UPDATE conversation SET latest_at = ?, unanswered_at = NULL WHERE id = ?", (now, here.conversation)
        )
        cursor.execute("UPDATE moment SET oldest_unanswered_at = NULL WHERE id = ?", (here.moment,))
        cursor.execute("UPDATE change SET change_no = change_no + 1 WHERE unit_id = ?", (here.clinic.here,))
        cursor.execute("COMMIT")

    return act


def rows(here: Filled, table: str) -> list[tuple[tuple[str, ...], tuple[object, ...]]]:
    """Return a table's newest rows as columns and values; the event's time, part of its key, as a sign."""
    with here.clinic.store.lend() as db:
        cursor = db.driver.execute(f"SELECT * FROM {table} ORDER BY {'at' if table == 'event' else 'id'} DESC LIMIT 5")
        names = tuple(column[0] for column in cursor.description)
        found = cursor.fetchall()
    kept = [place for place, name in enumerate(names) if name != "id"]
    sign = table == "event"
    return [
        (
            tuple(names[place] for place in kept),
            tuple("AT" if sign and names[place] == "at" else row[place] for place in kept),
        )
        for row in found
    ]


def measure() -> Iterator[Measure]:
    """Yield all; about half a minute, most of it to make five million messages."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        few = filled(folder / "few.sqlite", OWN)
        many = filled(folder / "many.sqlite", MANY)
        yield from readings(many, few)
        yield sending(few)
        many.clinic.store.close()
        few.clinic.store.close()
