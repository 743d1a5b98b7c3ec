"""What was done to a log is found from its rows alone, or from what was signed outside; on both databases."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from store.foundation.access import OPERATOR
from store.foundation.checkpoint import Checkpoint
from store.foundation.clock import Instant
from store.foundation.connection import Connection
from store.foundation.errors import Refused
from store.foundation.keys import StoreKeys
from store.foundation.log_chain import CONTENT, ChainKey, Head, log_position, log_positions
from store.foundation.tables import Log
from store.upkeep.checkpoints import read_checkpoints, sign_checkpoint
from store.upkeep.log_expiry import expire_log
from store.upkeep.log_verifying import Verified, verify_log
from store.views.moment import open_moment
from tests.clinics import CHILD, HERE, MONDAY, SEALING, Clinic

UUID = "db"


@pytest.fixture
def read(sealed: Clinic) -> Clinic:
    """A clinic in which somebody has read something: a dozen rows in its unit's chain."""
    moment = sealed.start(program="komigang-online")
    for _ in range(6):
        with sealed.store.read(sealed.clinician) as work:
            open_moment(work, moment)
    return sealed


class _Undone(Exception):
    """Takes back what was done to a log."""


@contextmanager
def done_to(clinic: Clinic, *statements: str) -> Iterator[Connection]:
    """Do something to the log that nobody may, as who owns the database; it is undone at the end."""
    is_server = clinic.store.engine.pyformat
    triggers = ("log_append_only", "log_keeps") if is_server else ("log_no_update", "log_no_delete", "log_no_odd_id")
    try:
        with clinic.store.work(OPERATOR) as work:
            for name in triggers:
                work.db.run(f"DROP TRIGGER {name}{' ON log' if is_server else ''}")
            for statement in statements:
                assert work.db.run(statement), statement
            yield work.db
            raise _Undone
    except _Undone:
        pass


def verified(clinic: Clinic, *statements: str, seen: Any = ()) -> Verified:
    with done_to(clinic, *statements) as db:
        return verify_log(db, SEALING, seen)


def checkpoint(clinic: Clinic, at: Instant = MONDAY) -> Checkpoint:
    with clinic.store.lend() as db:
        return Checkpoint(UUID, at, tuple((one.chain, Head(one.number, one.mac)) for one in log_positions(db)))


COPIED = ", ".join(name for name in CONTENT if name not in ("chain", "chain_number"))
ROW = f"chain = '{HERE}' AND chain_number ="


def insert(number: int) -> str:
    """Return what puts a copy of the third row into the chain, with a number that somebody chose."""
    return (
        f"INSERT INTO log ({COPIED}, chain, chain_number, mac) SELECT {COPIED}, chain, {number}, mac FROM log"
        f" WHERE {ROW} 3"
    )


ATTACKS = [
    ([f"UPDATE log SET actor_name = 'X' WHERE {ROW} 3"], f"Rad 3 i kedjan för {HERE}"),
    ([f"UPDATE log SET sealed = 'X' WHERE {ROW} 3"], "är ändrad"),
    ([f"UPDATE log SET moment_id = NULL WHERE {ROW} 3"], "är ändrad"),
    ([f"DELETE FROM log WHERE {ROW} 3"], "rad 3 saknas före den"),
    ([f"DELETE FROM log WHERE {ROW} 1"], "rad 1 saknas före den"),
    ([f"DELETE FROM log WHERE {ROW} 3 OR {ROW} 4"], "raderna 3–4 saknas"),
    ([insert(4)], "är inskjuten"),
    ([insert(40)], "saknas före den"),
    (
        [
            f"UPDATE log SET chain_number = -3 WHERE {ROW} 3",
            f"UPDATE log SET chain_number = 3 WHERE {ROW} 4",
            f"UPDATE log SET chain_number = 4 WHERE {ROW} -3",
        ],
        "bytt plats",
    ),
    ([f"DELETE FROM log WHERE {ROW} (SELECT max(chain_number) FROM log WHERE chain = '{HERE}')"],
                 f"Kedjan för {HERE} är avkapad: rad"),
    ([f"UPDATE log SET chain = 'ingen' WHERE {ROW} 3"], "kedja som inte finns"),
    ([f"DELETE FROM loghead WHERE chain = '{HERE}'"], "kedja som inte finns"),
    ([f"UPDATE loghead SET number = 1 WHERE chain = '{HERE}'"], "är ändrad"),
]  # fmt: skip


def test_what_was_done_to_the_rows_is_named(read: Clinic) -> None:
    assert verified(read).fault is None
    for statements, said in ATTACKS:
        fault = verified(read, *statements).fault
        assert fault is not None, statements
        assert said in fault, statements


def test_who_has_the_keys_is_found_by_the_checkpoints_alone(read: Clinic) -> None:
    """Rows can be cut off with the head and sealed anew by who has the log key; what was signed before shows it."""
    seen = checkpoint(read)
    with done_to(read, f"DELETE FROM log WHERE {ROW} {log_end(read)}") as db:
        cut = log_end(read) - 1
        mac = db.value(f"SELECT mac FROM log WHERE {ROW} {cut}")
        seal = ChainKey(SEALING.log).seal(HERE, Head(cut, mac))
        moved = "UPDATE loghead SET number = :number, mac = :mac, seal = :seal WHERE chain = :chain"
        db.run(moved, number=cut, mac=mac, seal=seal, chain=HERE)
        assert verify_log(db, SEALING, ()).fault is None
        fault = verify_log(db, SEALING, [seen]).fault or ""
    assert f"har {cut} rader, men hade {cut + 1}" in fault
    assert "äldre kopia" in fault
    other = Checkpoint(UUID, MONDAY, ((HERE, Head(3, "x")),))
    assert "Rad 3" in (verified(read, seen=[seen, other]).fault or "")
    found = verified(read, seen=[seen])
    assert (found.fault, found.checkpoints, found.notes) == (None, 1, ())


def log_end(clinic: Clinic) -> int:
    with clinic.store.lend() as db:
        return log_position(db, HERE).number


def test_every_column_but_the_id_is_in_the_code() -> None:
    """A column that is added to the log and not to the code could be changed, and nobody would see it."""
    assert {*CONTENT, "id", "mac"} == {column.name for column in Log.__table__.columns}  # type: ignore[attr-defined]


def test_after_a_lost_key_the_log_goes_on_in_a_new_chain(read: Clinic) -> None:
    new = StoreKeys(SEALING.data, b"n" * 32)
    before = log_end(read)
    read.store.access_log._keys = new
    try:
        read.start(program="prov")
        with read.store.lend() as db:
            found = verify_log(db, new, ())
    finally:
        read.store.access_log._keys = SEALING
    assert found.fault is None
    assert f"{HERE}/{new.log_id}" in {one.chain for one in found.positions}
    assert any(f"skrivna med en loggnyckel som inte finns är {before}." in note for note in found.notes)


SIGNING = Ed25519PrivateKey.from_private_bytes(b"s" * 32)
PUBLIC = SIGNING.public_key().public_bytes_raw()


def sign(clinic: Clinic, file: Path) -> list[Checkpoint]:
    with clinic.store.work(OPERATOR) as work:
        sign_checkpoint(work, SIGNING, file)
        uuid = work.db.value("SELECT uuid FROM store_info")
    return read_checkpoints(file, PUBLIC, uuid)


def test_a_file_of_checkpoints_that_is_gone_or_older_is_told(read: Clinic, tmp_path: Path) -> None:
    file = tmp_path / "kontrollpunkter"
    first = sign(read, file)
    read.clock.set(2026, 3, 2, 10)
    both = sign(read, file)
    assert (len(first), len(both), both[0]) == (1, 2, first[0])
    assert verified(read, seen=both) == verified(read, seen=None)._replace(checkpoints=2)
    assert "är borta" in (verified(read, seen=[]).fault or "")
    assert "är äldre än loggen" in (verified(read, seen=first).fault or "")
    assert "2026-03-02T10:00:00+01:00 saknas" in (verified(read, seen=both[1:]).fault or "")
    file.write_text(file.read_text().replace('"format":1', '"format":2'))
    with pytest.raises(Refused, match="rad 1: underskriften stämmer inte"):
        read_checkpoints(file, PUBLIC, "x")
    with pytest.raises(Refused, match="går inte att skriva"):
        sign(read, tmp_path / "ingen" / "fil")
    assert verified(read, seen=both).fault is None  # what failed has left no row


def expire(clinic: Clinic, file: Path) -> int:
    with clinic.store.work(OPERATOR) as work:
        return expire_log(work, SIGNING, file)


def test_rows_go_from_the_front_once_they_are_old_enough(read: Clinic, tmp_path: Path) -> None:
    file, count = tmp_path / "kontrollpunkter", "SELECT count(*) FROM log"
    rows, last = read.value(count), log_end(read)
    read.clock.set(2031, 3, 1, 12)
    read.start(CHILD, "prov")  # has nothing to expire with
    assert expire(read, file) == 0
    read.clock.set(2031, 3, 2, 12)
    assert (expire(read, file), file.exists()) == (0, False)  # the day itself is kept
    read.clock.set(2031, 3, 3, 12)
    assert expire(read, file) == rows
    assert read.rows("SELECT number FROM logexpiry WHERE chain = :here", here=HERE) == [(last,)]
    (one,) = read_checkpoints(file, PUBLIC, read.value("SELECT uuid FROM store_info"))
    with read.store.lend() as db:
        found = verify_log(db, SEALING, [one], PUBLIC)
        assert (found.fault, verify_log(db, SEALING, [one]).fault) == (None, None)
    assert any(f"raderna till och med {last} är utgallrade" in note for note in found.notes)
    assert found.rows == read.value(count) > 0
    with pytest.raises(Exception, match="append-only"):
        read.run("DELETE FROM log")
    forged = f"UPDATE logexpiry SET number = number + 1 WHERE chain = '{HERE}'"
    with done_to(read, forged, f"DELETE FROM log WHERE {ROW} {last + 1}") as db:
        assert "ingen underskriven" in (verify_log(db, SEALING, [one], PUBLIC).fault or "")
    assert expire(read, file) == 0
