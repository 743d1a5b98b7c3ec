"""What is wrong with a store is found, and a drill leaves its day where nothing is."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from store.care.messages import send_message
from store.foundation.access import OPERATOR, Role
from store.foundation.errors import Refused
from store.foundation.keys import new_keys, wrap_resident_key
from store.upkeep.backing_up import back_up_store
from store.upkeep.checking import check_store
from store.upkeep.drill import try_restore
from tests.clinics import HERE, MONDAY, SEALING, Clinic, Clock
from tests.conftest import Stores


def test_a_store_in_order_has_no_fault(sealed: Clinic) -> None:
    sealed.start(program="prov")
    assert check_store(sealed.store) == ((), None, None)


def sql(statement: str) -> Callable[[Clinic], None]:
    return lambda clinic: clinic.run(statement)


def other_key(clinic: Clinic) -> None:
    wrapped = wrap_resident_key(new_keys(), 1, b"x" * 32)
    clinic.run("UPDATE resident_key SET wrapped = :wrapped WHERE resident_id = 1", wrapped=wrapped)


def without_fence(clinic: Clinic) -> None:
    is_server = clinic.store.engine.pyformat
    clinic.run(f"DROP TRIGGER {'log_append_only ON log' if is_server else 'log_no_update'}")


def changed_log(clinic: Clinic) -> None:
    is_server = clinic.store.engine.pyformat
    without_fence(clinic)
    clinic.run("UPDATE log SET at = at + 1 WHERE id = 1")
    again = "log_append_only" if is_server else "log_no_update"
    how = "BEFORE UPDATE ON log FOR EACH STATEMENT EXECUTE FUNCTION log_is_append_only()"
    clinic.run(f"CREATE TRIGGER {again} {how if is_server else 'BEFORE UPDATE ON log BEGIN SELECT 1; END'}")


FAULTS: dict[str, tuple[Callable[[Clinic], None], str]] = {
    "count": (sql("UPDATE moment SET open_flags = 3"), "Räkningen stämmer inte i 1 moment: 1."),
    "conversation": (sql("UPDATE conversation SET unread = 7"), "Räkningen stämmer inte i 1 moment: 1."),
    "heading": (sql("UPDATE momentcount SET number = 5"), f"Antalen moment stämmer inte på {HERE}."),
    "role": (sql("UPDATE assignmentrole SET role = 'x' WHERE role = 'utbildare'"), "Okända roller: x."),
    "admin": (
        sql(f"DELETE FROM assignmentrole WHERE role = '{Role.ACCESS_ADMIN.value}' AND unit_id = 1"),
        f"Ingen är behörighetsadministratör på {HERE}. Utse någon med sob personal utse.",
    ),
    "fence": (without_fence, "Databasens eget skydd mot att loggen ändras är borta."),
    "log": (changed_log, "Rad 1 i kedjan utan enhet (id 1) är ändrad"),
    "key": (other_key, "1 invånare har ingen nyckel"),
}


def test_each_fault_is_found_and_no_other(database: str, stores: Stores) -> None:
    for spoil, sentence in FAULTS.values():
        with stores.clinic(database, "sealed", Clock()) as clinic:
            moment = clinic.start(program="prov")
            with clinic.store.work(clinic.clinician) as work:
                send_message(work, moment, "Hej!", heading="Prov")
            assert moment == 1
            spoil(clinic)
            ((found,), _, _) = check_store(clinic.store)
            assert found.startswith(sentence)


@pytest.fixture
def kept(stores: Stores, clock: Clock) -> Iterator[Clinic]:
    """A sealed store, in a file."""
    with stores.clinic("sqlite", "sealed", clock) as clinic:
        clinic.start(program="prov")
        yield clinic


def test_a_damaged_page_is_found(kept: Clinic) -> None:
    path = Path(kept.store.engine.url.removeprefix("sqlite:///"))
    with kept.store.lend() as db:
        db.driver.rollback()
        db.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    kept.store.engine.dispose()
    content = bytearray(path.read_bytes())
    content[-3000] ^= 1
    path.write_bytes(content)
    assert check_store(kept.store).faults == ("Databasen är skadad. Den behöver återställas från en säkerhetskopia.",)


def test_a_drill_leaves_its_day_and_nothing_else(kept: Clinic, tmp_path: Path) -> None:
    for backup in (None, tmp_path / "kopia"):
        if backup is not None:
            back_up_store(kept.store, backup, OPERATOR)
        drilled = try_restore(kept.store, backup, tmp_path, OPERATOR)
        assert (drilled.faults, drilled.header.rows["moment"]) == ((), 1)
    assert [one.name for one in tmp_path.iterdir() if one.is_file()] == ["kopia"]
    assert [one for one in tmp_path.iterdir() if one.name.startswith(".")] == []
    assert check_store(kept.store) == ((), MONDAY, MONDAY)
    kept.run("UPDATE moment SET drafts = 2")
    assert len(try_restore(kept.store, None, tmp_path, OPERATOR).faults) == 1
    kept.run("UPDATE store_info SET uuid = 'annan'")
    with pytest.raises(Refused, match="annan databas"):
        try_restore(kept.store, tmp_path / "kopia", tmp_path, OPERATOR)
    with pytest.raises(Refused, match="går inte att skriva i"):
        try_restore(kept.store, None, tmp_path / "ingen", OPERATOR)
    assert kept.value("SELECT count(*) FROM log WHERE operation = 'note_drill'") == 2
    assert kept.store.keys == SEALING
