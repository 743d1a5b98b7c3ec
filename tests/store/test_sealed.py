"""A store with keys: without them nothing of it can be read, and with them it is a store as any other."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from store.care.look_up import look_up_resident
from store.care.messages import send_message
from store.care.register import Correction, correct_resident
from store.care.resident_import import import_residents, read_residents
from store.foundation.access import OPERATOR
from store.foundation.clock import local_day
from store.foundation.errors import KeyMissing, KeyWrong, NotPermitted, Refused, SealBroken
from store.foundation.keys import StoreKeys, new_keys
from store.foundation.log_reading import log_rows, of_number
from store.foundation.schema import back_up
from store.opening import create_store, kind_of, open_store
from store.people.resident_keys import resident_key, rewrap_keys
from tests.clinics import ADULT, SEALING, UNKNOWN, Clinic, Clock
from tests.conftest import Stores

OTHERS = (
    StoreKeys(b"x" * 32, SEALING.log),
    StoreKeys(SEALING.data, b"x" * 32),
)


@pytest.fixture
def kept(stores: Stores, clock: Clock) -> Iterator[Clinic]:
    """A sealed store, in a file always."""
    with stores.clinic("sqlite", "sealed", clock) as entered:
        yield entered


def test_it_opens_with_its_own_keys_alone(sealed: Clinic) -> None:
    address = sealed.store.engine.url
    open_store(address, keys=SEALING).close()
    for others in OTHERS:
        with pytest.raises(KeyWrong):
            open_store(address, keys=others)
    with pytest.raises(KeyMissing):
        open_store(address)


def test_a_store_without_keys_opens_with_none(url: str) -> None:
    with pytest.raises(KeyWrong):
        open_store(url, keys=SEALING)
    open_store(url).close()


def test_no_store_is_made_over_another(sealed: Clinic) -> None:
    for keys in (None, SEALING, new_keys()):
        with pytest.raises(Refused, match="redan en databas"):
            create_store(sealed.store.engine.url, kind="real", keys=keys)


def test_nothing_can_be_read_in_the_file_nor_beside_it(kept: Clinic) -> None:
    moment = kept.start()
    with kept.store.work(kept.clinician) as work:
        send_message(work, moment, "Hemligheternas bok", heading="Prov")
    path = file_of(kept)
    back_up(kept.store.engine, "0022")
    files = [one for one in path.parent.glob(f"{path.name}*") if one.is_file()]
    assert {one.name.removeprefix(path.name) for one in files} >= {"", "-wal", ".fore-0022"}
    content = b"".join(one.read_bytes() for one in files)
    for readable in (b"Hemligheternas", ADULT.encode(), b"CREATE TABLE", b"SQLite format"):
        assert readable not in content
    with closing(sqlite3.connect(path)) as other, pytest.raises(sqlite3.DatabaseError):
        other.execute("SELECT * FROM resident")
    open_store(path.with_name(f"{path.name}.fore-0022"), keys=SEALING).close()
    assert kind_of(path) == "real"  # an encrypted one is never passed off as a place to practise in


def test_a_page_that_was_changed_is_damage_and_no_wrong_key(kept: Clinic, tmp_path: Path) -> None:
    copy = tmp_path / "kopia.db"
    with kept.store.lend() as db:
        db.driver.rollback()
        db.run("VACUUM INTO :copy", copy=str(copy))
    content = bytearray(copy.read_bytes())
    for page in range(1, len(content) // 4096):
        content[page * 4096 + 100] ^= 1
    copy.write_bytes(content)
    with pytest.raises(Exception, match="Databasen är skadad"):
        open_store(copy, keys=SEALING)


def file_of(clinic: Clinic) -> Path:
    return Path(clinic.store.engine.url.removeprefix("sqlite:///"))


# The log


def test_a_row_says_who_the_resident_is_to_who_has_the_log_key_alone(sealed: Clinic) -> None:
    moment = sealed.start()
    with sealed.store.read(sealed.clinician) as work:
        look_up_resident(work, ADULT)
    with pytest.raises(NotPermitted), sealed.store.work(sealed.stranger) as work:
        send_message(work, moment, "Hej", heading="Prov")
    names = "SELECT personnummer, resident_name, details FROM log"
    assert {*sealed.rows(names)} == {(None, None, "")}
    with sealed.store.lend() as db:
        found = log_rows(db, SEALING, of_number(db, SEALING, ADULT))
        unreadable = log_rows(db, StoreKeys(SEALING.data, b"x" * 32))
        assert log_rows(db, SEALING, of_number(db, SEALING, UNKNOWN)) == []
    mine = {(row.operation, row.outcome): row for row in found}
    looked = mine["look_up_resident", "gjort"]
    assert (looked.personnummer, looked.resident_name, looked.is_unreadable) == (ADULT, "Berg, Åsa", False)
    assert ("start_moment", "gjort") in mine
    assert all(row.is_unreadable and row.personnummer is None for row in unreadable)


def test_what_was_only_typed_is_sealed_and_found_too(sealed: Clinic) -> None:
    with pytest.raises(NotPermitted), sealed.store.work(sealed.admin) as work:
        correct_resident(work, UNKNOWN, Correction(given_name="A"))
    with sealed.store.lend() as db:
        (row,) = log_rows(db, SEALING, of_number(db, SEALING, UNKNOWN))
    assert (row.outcome, row.personnummer) == ("nekat", UNKNOWN)


def test_a_seal_opens_in_its_own_row_alone(sealed: Clinic) -> None:
    sealed.start()
    columns = "at, wall_at, unit_id, actor_kind, actor_name, action, details, operation, key_id, number_hmac, sealed"
    moved = columns.replace("operation", "operation || '2'")
    sealed.run(f"INSERT INTO log ({columns}) SELECT {moved} FROM log WHERE operation = 'start_moment'")
    with sealed.store.lend() as db:
        found = {row.operation: row.is_unreadable for row in log_rows(db, SEALING)}
    assert (found["start_moment"], found["start_moment2"]) == (False, True)


# A key for each resident


def test_every_resident_has_a_key(sealed: Clinic) -> None:
    head = "personnummer;efternamn;fornamn;region;mobil"
    content = f"{head}\n{UNKNOWN};Ny;Nina;01;\n".encode()
    rows = read_residents(content, local_day(sealed.clock()), is_practice=True)
    with sealed.store.work(OPERATOR) as work:
        import_residents(work, rows)
    with sealed.store.lend() as db:
        ids = db.values("SELECT id FROM resident ORDER BY id")
        assert ids == db.values("SELECT resident_id FROM resident_key ORDER BY resident_id")
        keys = {resident_key(db, SEALING, one) for one in ids}
    assert len(keys) == len(ids)
    assert {len(key) for key in keys} == {32}


def test_a_new_data_key_wraps_the_same_keys(sealed: Clinic) -> None:
    new = new_keys()
    with sealed.store.lend() as db:
        before = resident_key(db, SEALING, sealed.adult)
    with sealed.store.work(OPERATOR) as work:
        rewrap_keys(work.db, SEALING, new)
        assert resident_key(work.db, new, sealed.adult) == before
        with pytest.raises(SealBroken):
            resident_key(work.db, SEALING, sealed.adult)


def test_a_store_without_keys_has_none(clinic: Clinic) -> None:
    assert clinic.rows("SELECT * FROM resident_key") == []
