"""A new data key, and the keys back from paper: whatever is cut off, the store opens and no key is lost."""

import os
import shutil
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3.dbapi2 import OperationalError

from sob_tui.keys import changing, making
from sob_tui.keys.changing import exchange, in_file, put_back, recover
from sob_tui.keys.key_files import DATA, LOG, NEXT, FileKeys
from sob_tui.keys.making import make_store
from sob_tui.keys.opening import open_configured_store
from sob_tui.keys.places import FILE, KeyPlace, places_file, recovery_file
from store.foundation.access import OPERATOR
from store.foundation.errors import KeyMissing, KeyWrong, Refused, StoreFull
from store.foundation.keys import new_keys
from store.foundation.log_reading import log_rows
from store.foundation.recovery import new_recovery_key
from store.foundation.store import Store
from store.opening import open_store
from store.people import key_change
from store.people.accounts import account_of, make_account
from store.people.key_change import change_data_key
from store.people.resident_keys import resident_key
from tests.clinics import ADULT, register
from tests.sob_tui.keys.conftest import FIRST, PAPER, begin

LEFTOVERS = (".nyckelbyte", "-wal", "-shm", "-journal")


class Killed(BaseException):
    """What comes instead of `kill -9`: nothing that the program does can catch it."""


def keeper_of(path: Path) -> FileKeys:
    return FileKeys(str(path.parent.parent / "nycklar" / "nyckel"))


def with_resident(path: Path) -> bytes:
    """Put somebody in the store; returns the person's key."""
    with closing(open_configured_store(str(path))) as store, store.work(OPERATOR) as work:
        assert store.keys is not None
        return resident_key(work.db, store.keys, register(work, ADULT))


def test_a_persons_authenticator_goes_on_working(made: Path) -> None:
    with closing(open_configured_store(str(made))) as store, store.work(OPERATOR) as work:
        make_account(work, work.db.value("SELECT id FROM staff"), "x", "TOTPSECRET", 0)
    change(made)
    with closing(open_configured_store(str(made))) as store, store.read(OPERATOR) as work:
        found = account_of(work, FIRST.hsa_id)
        assert (found and found.totp_secret, work.db.value("SELECT totp_secret FROM account") != "TOTPSECRET") == (
            "TOTPSECRET",
            True,
        )


def key_now(path: Path) -> bytes:
    with closing(open_configured_store(str(path))) as store, store.lend() as db:
        assert store.keys is not None
        return resident_key(db, store.keys, db.value("SELECT id FROM resident"))


def change(path: Path) -> None:
    exchange(in_file(path, OPERATOR), lambda: open_configured_store(str(path)), keeper_of(path))


def test_a_new_key_opens_all_that_the_old_one_did_and_the_old_one_nothing(made: Path) -> None:
    own, before = with_resident(made), keeper_of(made)
    old_data, old_bytes = before.read(DATA), made.read_bytes()
    change(made)
    assert (keeper_of(made).read(DATA) != old_data, key_now(made)) == (True, own)
    assert not keeper_of(made).has(NEXT)
    assert [one.name for one in made.parent.iterdir() if one.name.endswith(LEFTOVERS)] == []
    assert made.read_bytes()[:4096] != old_bytes[:4096]
    with closing(open_configured_store(str(made))) as store, store.lend() as db:
        *_, row = log_rows(db, store.keys)
        assert (row.operation, "datanyckeln bytt" in row.details) == ("note_data_key", True)
    assert recover(made, PAPER).keys.data == keeper_of(made).read(DATA)


STEPS: dict[str, tuple[Any, str]] = {
    "the new key kept": (changing, "_seal_for_paper"),
    "the paper's file written": (changing, "change_data_key"),
    "the file made": (key_change, "_exchange"),
    "the file whole": (os, "replace"),
    "the store exchanged": (changing, "_settle"),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_kill_before_any_step_leaves_a_store_that_opens_and_can_be_changed(
    made: Path, step: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = with_resident(made)
    where, name = STEPS[step]

    def die(*_: object, **__: object) -> None:
        raise Killed

    with monkeypatch.context() as patch:
        patch.setattr(where, name, die)
        with pytest.raises(Killed):
            change(made)
    assert recover(made, PAPER).keys.log == keeper_of(made).read(LOG)
    assert key_now(made) == own
    assert not keeper_of(made).has(NEXT) or step != "the store exchanged"
    change(made)
    assert key_now(made) == own


def test_a_store_that_somebody_has_open_keeps_its_key(made: Path) -> None:
    with closing(open_configured_store(str(made))) as other:
        with other.lend(), pytest.raises(Refused, match="Någon har databasen öppen"):
            change(made)
        assert other.change_no(None) >= 0
    key = keeper_of(made).read(DATA)
    assert not keeper_of(made).has(NEXT)
    open_store(made, keys=recover(made, PAPER).keys).close()
    assert keeper_of(made).read(DATA) == key


def test_two_do_not_change_the_key_at_once(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = change_data_key

    def change_while_another_does(*args: Any, **options: Any) -> None:
        with pytest.raises(Refused, match="Någon annan byter nyckeln"):
            change(made)
        before(*args, **options)

    monkeypatch.setattr(changing, "change_data_key", change_while_another_does)
    own = with_resident(made)
    change(made)
    assert key_now(made) == own


def test_a_disk_without_room_leaves_the_old_key(made: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own, full = with_resident(made), OperationalError("database or disk is full")
    full.sqlite_errorcode = 13

    def fail(*_: object) -> None:
        raise full

    with monkeypatch.context() as patch:
        patch.setattr(key_change, "_exchange", fail)
        with pytest.raises(StoreFull):
            change(made)
    assert not made.with_name(made.name + key_change.HALF).exists()
    assert key_now(made) == own


def test_lost_keys_come_back_from_paper_and_from_no_other(made: Path) -> None:
    own, keeper = with_resident(made), keeper_of(made)
    shutil.rmtree(keeper.path(DATA).parent)
    with pytest.raises(KeyMissing, match="sob nyckel aterstall"):
        open_configured_store(str(made))
    with pytest.raises(Refused, match="annan databas"):
        recover(made, new_recovery_key())
    keeper.path(DATA).parent.mkdir()
    put_back(made, keeper, recover(made, PAPER).keys, OPERATOR)
    assert key_now(made) == own


def test_a_file_for_another_store_gives_no_keys(made: Path, tmp_path: Path) -> None:
    other = tmp_path / "annan.db"
    place = KeyPlace("other-uuid", FILE, str(tmp_path / "annan-nyckel"))
    make_store(other, place, FileKeys(place.file), new_keys(), PAPER, begin)
    shutil.copy(recovery_file(other), recovery_file(made))
    with pytest.raises(KeyWrong):
        recover(made, PAPER)


def test_what_goes_wrong_while_a_store_is_made_leaves_nothing(tmp_path: Path) -> None:
    def fail(_store: Store) -> None:
        raise Refused("Nej.")

    place = KeyPlace("store-uuid", FILE, str(tmp_path / "nyckel"))
    with pytest.raises(Refused, match="Nej"):
        make_store(tmp_path / "ny" / "vard.db", place, FileKeys(place.file), new_keys(), PAPER, fail)
    assert [one for one in tmp_path.rglob("*") if one.is_file()] == []


def test_no_store_is_made_where_one_is_or_was(made: Path, tmp_path: Path) -> None:
    place = KeyPlace("store-uuid", FILE, str(tmp_path / "ny-nyckel"))
    for gone in (None, made, places_file(made)):
        if gone is not None:
            gone.unlink()
        with pytest.raises(Refused, match="Välj en annan plats"):
            make_store(made, place, FileKeys(place.file), new_keys(), PAPER, begin)
    assert not Path(place.file).exists()
    assert keeper_of(made).has(DATA)


def test_the_files_are_their_owners(made: Path) -> None:
    files = [*made.parent.iterdir(), *keeper_of(made).path(DATA).parent.iterdir()]
    assert len(files) == 5
    assert {oct(os.stat(one).st_mode & 0o777) for one in files} == {"0o600"}
    assert making.HALF not in str(files)
