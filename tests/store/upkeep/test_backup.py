"""A backup holds all that the store held, nothing in it can be changed unseen, and a store comes back from it."""

import json
import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert

from store.care.delivery import held_notices, release_notices
from store.care.messages import send_message, write_message
from store.care.purging import moment_uuid
from store.foundation.access import OPERATOR
from store.foundation.checkpoint import Checkpoint
from store.foundation.clock import Instant
from store.foundation.errors import KeyWrong, Refused
from store.foundation.keys import StoreKeys, new_keys
from store.foundation.log_chain import Head
from store.foundation.log_reading import log_rows
from store.foundation.purge_ledger import Purged
from store.foundation.recovery import new_recovery_key, public_half
from store.foundation.schema import REVISIONS
from store.foundation.store import Store
from store.opening import open_store
from store.people.sessions import StaffSession
from store.tables import METADATA
from store.upkeep import sealed_chunks
from store.upkeep.backing_up import LEFT_OUT, back_up_store
from store.upkeep.backup_file import BackupBroken, check_backup, key_of, keys_by_paper, read_header
from store.upkeep.log_heads import LogCut
from store.upkeep.log_verifying import verify_log
from store.upkeep.restoring import Ledger, Restored, ledger_of, restore_store
from tests.clinics import ADULT, HERE, SEALING, Clinic, Clock
from tests.conftest import Stores
from tests.forms import given as answers
from tests.properties import examples

LATER = Instant(1_800_000_000_000)
PAPER = new_recovery_key()
CHANGED_BY_A_RESTORE = {"log", "loghead", "notice", "staffsession", "alembic_version"}


def fill(clinic: Clinic) -> int:
    """Let things happen; returns a moment."""
    moment = clinic.start(program="prov")
    with clinic.store.work(clinic.clinician) as work:
        send_message(work, moment, "Bläddra i [/boken], \x07 '; DROP TABLE moment", heading="Prov")
    with clinic.store.work(clinic.resident()) as work:
        write_message(work, moment, "Hur då?", heading="Fråga")
    clinic.answer(moment, answers(1, 2, 3))
    with clinic.store.work(OPERATOR) as work:
        work.db.run("UPDATE store_info SET recovery_key = :public", public=public_half(PAPER))
        staff = work.db.value("SELECT min(id) FROM staff")
        work.sql.execute(
            insert(StaffSession).values(id="s", token_hash="t", staff_id=staff, way="x", began_at=1, seen_at=1)
        )
    return moment


def rows_of(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Return all rows of all tables."""
    tables = [table for table in METADATA.sorted_tables if table.name not in LEFT_OUT]
    asked = {one.name: f"SELECT {', '.join(map(str, one.columns.keys()))} FROM {one.name}" for one in tables}
    with store.lend() as db:
        return {name: sorted(db.rows(query), key=repr) for name, query in asked.items()}


def restore(path: Path, url: str | Path, ledger: Ledger | None = None) -> tuple[Restored, Store]:
    """Restore a backup, and open what came of it."""
    found = restore_store(path, url, SEALING, ledger, clock=Clock(LATER))
    return found, open_store(url, keys=SEALING, clock=Clock(LATER))


def test_all_comes_back_in_a_file_and_on_a_server(stores: Stores, clock: Clock, empty: str, tmp_path: Path) -> None:
    """From a file to both, and from a server to a file."""
    place = tmp_path / "kopia"
    with stores.clinic("sqlite" if "postgres" in empty else "postgresql", "sealed", clock) as clinic:
        moment = fill(clinic)
        before = rows_of(clinic.store)
        header = back_up_store(clinic.store, place, OPERATOR)
        assert clinic.start(program="komigang-online")  # what comes after is not in it
    assert (header.rows, os.stat(place).st_mode & 0o777) == ({name: len(rows) for name, rows in before.items()}, 0o600)
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["kopia"]
    found, store = restore(place, empty)
    with closing(store):
        after = rows_of(store)
        assert {name for name in before if after[name] != before[name]} == CHANGED_BY_A_RESTORE & before.keys()
        assert (found.ended, found.held) == (1, len(before["notice"]))
        assert found.held > 0
        with store.lend() as db:
            assert db.values("SELECT ended FROM staffsession") == ["aterstalld"]
            assert set(db.values("SELECT state FROM notice")) == {"hallen"}
            *old, last = log_rows(db, SEALING)
        assert (last.operation, last.at, "komplett till" in last.details) == ("note_restored", LATER, True)
        assert [row.is_unreadable for row in old] == [False] * len(before["log"])
        with store.work(OPERATOR) as work:
            assert (held_notices(work), release_notices(work), held_notices(work)) == (found.held, found.held, 0)
        again = Clinic(store, Clock(LATER), clinic.here, clinic.there, clinic.adult)
        assert again.start(program="komigang-online", confirmed=True) > moment  # numbers go on


@pytest.fixture(scope="module")
def whole(stores: Stores, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A backup of a small store, in chunks that are smaller still."""
    path = tmp_path_factory.mktemp("kopior") / "kopia"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sealed_chunks, "CHUNK", 2000)
        with stores.clinic("sqlite", "sealed", Clock()) as clinic:
            fill(clinic)
            back_up_store(clinic.store, path, OPERATOR)
        yield path


def opened(path: Path) -> None:
    check_backup(path, key_of(read_header(path), SEALING))


@examples(60)
@given(data=st.data())
def test_any_changed_byte_and_any_cut_is_found(whole: Path, data: st.DataObject) -> None:
    content = bytearray(whole.read_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    if data.draw(st.booleans()):
        content[at] ^= data.draw(st.integers(1, 255))
    else:
        del content[at : data.draw(st.sampled_from((at + 1, at + 2016, len(content))))]
    other = whole.with_name("annan")
    other.write_bytes(content)
    with pytest.raises((Refused, KeyWrong)):
        opened(other)
    opened(whole)


def test_chunks_that_changed_places_or_came_twice_are_found(whole: Path) -> None:
    head, body = whole.read_bytes().split(b"\n", 1)
    chunks = [body[at : at + 2016] for at in range(0, len(body), 2016)]
    assert len(chunks) > 4
    for others in (
        [chunks[1], chunks[0], *chunks[2:]],
        [chunks[0], chunks[0], *chunks[1:]],
        chunks[:-1],
        [*chunks, chunks[-1]],
    ):
        other = whole.with_name("annan")
        other.write_bytes(head + b"\n" + b"".join(others))
        with pytest.raises(BackupBroken):
            opened(other)


def test_nothing_in_it_can_be_read_and_the_header_names_nobody(whole: Path) -> None:
    content = whole.read_bytes()
    for readable in (ADULT, "Bläddra", "Berg", "CREATE"):
        assert readable.encode() not in content
    found = json.loads(content.split(b"\n")[0])
    assert (found["store_kind"], found["revision"], found["rows"]["resident"]) == ("practice", REVISIONS[-1], 5)


def test_the_paper_gives_the_keys_and_no_other_does(whole: Path) -> None:
    header = read_header(whole)
    keys = keys_by_paper(header, PAPER)
    assert (keys.data, keys.log) == (SEALING.data, SEALING.log)
    with pytest.raises(Refused, match="annan databas"):
        keys_by_paper(header, new_recovery_key())
    for others in (new_keys(), StoreKeys(SEALING.data, b"x" * 32)):
        with pytest.raises(KeyWrong):
            key_of(header, others)


def changed(path: Path, **fields: object) -> Path:
    head, body = path.read_bytes().split(b"\n", 1)
    other = path.with_name("annan")
    other.write_bytes(json.dumps({**json.loads(head), **fields}).encode() + b"\n" + body)
    return other


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"format": 2}, "nyare version"),
        ({"revision": "9999"}, "nyare version"),
        ({"kind": "annat"}, "ingen säkerhetskopia"),
        ({"revision": "x" * 70_000}, "ingen säkerhetskopia"),
        ({"rows": []}, "avkortad eller ändrad"),
        ({"more": 1}, "avkortad eller ändrad"),
    ],
    ids=["format", "revision", "kind", "long", "rows", "more"],
)
def test_what_is_no_backup_of_ours_is_told_apart(whole: Path, fields: dict[str, object], said: str) -> None:
    with pytest.raises(Refused, match=said):
        read_header(changed(whole, **fields))


def test_of_what_cannot_be_written_nothing_is_left(stores: Stores, tmp_path: Path, monkeypatch: Any) -> None:
    place = tmp_path / "kopia"
    with stores.clinic("sqlite", "sealed", Clock()) as clinic:
        rows = clinic.value("SELECT count(*) FROM log")
        with pytest.raises(Refused, match=r"går inte att skriva \(den finns inte"):
            back_up_store(clinic.store, tmp_path / "ingen" / "kopia", OPERATOR)
        with monkeypatch.context() as patch:
            patch.setattr(os, "fsync", full)
            with pytest.raises(Refused, match="disken är full"):
                back_up_store(clinic.store, place, OPERATOR)
        with monkeypatch.context() as patch:
            patch.setattr(sealed_chunks.SealedWriter, "finish", cut)
            with pytest.raises(KeyboardInterrupt):
                back_up_store(clinic.store, place, OPERATOR)
        assert list(tmp_path.iterdir()) == []
        assert clinic.value("SELECT count(*) FROM log") == rows
        place.write_text("Mitt.")
        with pytest.raises(Refused, match="finns redan"):
            back_up_store(clinic.store, place, OPERATOR)
        assert place.read_text() == "Mitt."


def full(_handle: int) -> None:
    raise OSError(28, "full")


def cut(_self: object) -> None:
    raise KeyboardInterrupt


def test_a_store_without_keys_is_not_copied_in_clear(filed: Clinic, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="inga nycklar"):
        back_up_store(filed.store, tmp_path / "kopia", OPERATOR)


def test_of_a_backup_that_is_broken_no_store_comes(whole: Path, tmp_path: Path) -> None:
    other, place = whole.with_name("annan"), tmp_path / "ny" / "vard.db"
    other.write_bytes(whole.read_bytes()[:-1])
    with pytest.raises(BackupBroken):
        restore(other, place)
    assert not place.exists()
    with pytest.raises(KeyWrong):
        restore_store(whole, place, new_keys())
    restore_store(whole, place, SEALING)
    before = place.read_bytes()
    with pytest.raises(Refused, match="redan en databas"):
        restore(whole, place)
    assert place.read_bytes() == before


def test_what_was_purged_since_does_not_come_back(stores: Stores, empty: str, tmp_path: Path) -> None:
    place = tmp_path / "kopia"
    with stores.clinic("sqlite", "sealed", Clock()) as clinic:
        gone, kept = fill(clinic), clinic.start(program="komigang-online")
        uuid = clinic.value("SELECT uuid FROM store_info")
        started = clinic.value("SELECT started_at FROM moment WHERE id = :id", id=gone)
        header = back_up_store(clinic.store, place, OPERATOR)
    named = moment_uuid(uuid, gone, started)
    other = moment_uuid(uuid, kept, started - 1)  # its number had been another's
    lines = [Purged(uuid, named, LATER), Purged(uuid, other, Instant(5)), Purged("annan", "x", Instant(LATER + 1))]
    ledger = ledger_of(uuid, header.at, lines)
    found, store = restore(place, empty, ledger)
    assert (found.purged, found.until) == (1, LATER + 1)
    with closing(store), store.lend() as db:
        assert db.values("SELECT id FROM moment") == [kept]
        for table in METADATA.sorted_tables:
            if "moment_id" in table.columns and table.name != "log":
                assert not db.has(f"SELECT 1 FROM {table.name} WHERE moment_id = :gone", gone=gone), table.name
        assert db.has("SELECT 1 FROM log WHERE moment_id = :gone", gone=gone)
        assert sum(db.values("SELECT number FROM momentcount")) == 1


def test_a_log_that_comes_back_is_compared_with_the_checkpoint(tmp_path: Path, stores: Stores) -> None:
    place = tmp_path / "kopia"
    with stores.clinic("sqlite", "sealed", Clock()) as clinic:
        fill(clinic)
        macs = dict(clinic.rows("SELECT chain_number, mac FROM log WHERE chain = :here", here=HERE))
        rows, uuid = len(macs), clinic.value("SELECT uuid FROM store_info")
        header = back_up_store(clinic.store, place, OPERATOR)

    def checkpoint(at: int, number: int, mac: str, store: str = uuid) -> Checkpoint:
        return Checkpoint(store, Instant(header.at + at), ((HERE, Head(number, mac)),))

    def restored(*said: Any) -> int | None:
        back = tmp_path / f"{said[0]}{said[1]}{said[2]}.db"
        return restore_store(place, back, SEALING, None, checkpoint(*said), clock=Clock(LATER)).missing

    assert restored(0, 3, macs[3]) == 0
    assert restored(1, rows + 5, "x") == 5
    with closing(open_store(tmp_path / f"1{rows + 5}x.db", keys=SEALING)) as store, store.lend() as db:
        for seen, fault, note in (
            ([(1, rows + 5, "x")], "", f"känner till raderna {rows + 1}–{rows + 5} i kedjan för {HERE}"),
            ([(1, rows, macs[rows])], "", "stämmer: inga rader som den känner till saknas"),
            ([(-1, rows, macs[rows])], "", "Ingen kontrollpunkt skrevs däremellan"),
            ([(1, rows, "x")], f"Rad {rows} i kedjan för {HERE} är en annan", "säkerhetskopian"),
        ):
            verified = verify_log(db, SEALING, [checkpoint(*one) for one in seen])
            assert (verified.fault or "").startswith(fault)
            assert bool(verified.fault) is bool(fault)
            assert note in verified.notes[0]
    for cut in ((0, rows + 5, "x"), (1, 3, "x")):
        with pytest.raises(LogCut):
            restored(*cut)
    with pytest.raises(Refused, match="gäller databasen annan"):
        restored(0, 4, macs[4], "annan")


def test_a_ledger_that_is_older_than_the_backup_is_complete_until_it() -> None:
    assert ledger_of("s", Instant(9), [Purged("s", "m", Instant(3))]) == (frozenset({"m"}), 9)
