"""Residents without any moment: who is listed from which day on, and a purge that takes them out of the register."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from store.care.purges import begin_purge
from store.care.resident_import import import_residents, read_residents
from store.care.unused_residents import leave_resident, purge_resident, unused_until
from store.foundation import log_chain
from store.foundation.access import OPERATOR, Action, Role
from store.foundation.engines import engine_for
from store.foundation.errors import NotPermitted
from store.foundation.log_reading import log_rows
from store.foundation.purge_ledger import read_ledger
from store.foundation.schema import migrate
from store.foundation.store import Store
from store.opening import open_store
from store.people.new_resident import NewResident
from store.people.sign_in import StaffActor
from store.purge.certificate import read_certificate
from store.purge.purging import Signer, carry_out_purge
from store.upkeep.backing_up import back_up_store
from store.upkeep.restoring import ledger_of, restore_store
from store.views.purge_list import Due, Line, open_purges, purge_list, purgeable_residents
from tests.clinics import ADULT, CHILD, ELSEWHERE, GUARDIAN, HIDDEN, SEALING, THERE, UNKNOWN, Clinic, Clock
from tests.conftest import Stores
from tests.store.foundation.test_migrations import copy_rows, older
from tests.store.practice.test_opening import _downgrade
from tests.store.purge.test_purging import KEY, PUBLIC, admin, decide, do, refusal, traces


@pytest.fixture
def signer(tmp_path: Path) -> Signer:
    return Signer(KEY, tmp_path / "liggare")


def alone(store: Store, who: StaffActor) -> list[Line]:
    with store.read(who) as work:
        open_purges(work)
        return [line for line in purge_list(work).lines if line.resident]


def ids(clinic: Clinic, *numbers: str) -> list[int]:
    return [clinic.value("SELECT id FROM resident WHERE personnummer = :n", n=number) for number in numbers]


def register_by(clinic: Clinic, who: StaffActor, number: str) -> None:
    with clinic.store.work(who) as work:
        content = f"personnummer;efternamn;fornamn;region\n{number};Ny;Nils;05\n".encode()
        import_residents(work, read_residents(content, work.today, is_practice=False))


def test_the_day_is_twelve_months_after_the_entry_and_never_before() -> None:
    days = {"2026-03-02": "2027-03-02", "2027-02-28": "2028-02-28", "2028-02-29": "2029-03-01"}
    assert {day: unused_until(day).isoformat() for day in days} == days


def test_who_is_listed_and_from_which_day_on(clinic: Clinic) -> None:
    here, there = admin(clinic), clinic.someone(Role.DATA_ADMIN, THERE)
    register_by(clinic, clinic.admin, UNKNOWN)
    clinic.start(ELSEWHERE, "prov", confirmed=True)
    clinic.clock.set(2027, 3, 1)
    assert alone(clinic.store, here) == []
    clinic.clock.set(2027, 3, 2)
    adult, child, hidden, new = ids(clinic, ADULT, CHILD, HIDDEN, UNKNOWN)  # the guardian is the child's
    lines = alone(clinic.store, here)
    assert [line.resident for line in lines] == [adult, child, hidden, new]
    assert [(line.resident, line.personnummer, line.name) for line in lines[2:]] == [
        (hidden, "", "Skyddade personuppgifter"),
        (new, UNKNOWN, "Ny, Nils"),
    ]
    assert lines[3][5:] == ("2027-03-02", "", Due.DUE, "", "", "", new, "2026-03-02")
    assert [line.resident for line in alone(clinic.store, there)] == [adult, child, hidden]  # another unit's entry
    with clinic.store.lend() as db:
        rows = [row for row in log_rows(db, None) if row.operation == "purge_list" and row.unit_id == clinic.here]
    assert {row.personnummer for row in rows} >= {ADULT, CHILD, HIDDEN, UNKNOWN}
    assert GUARDIAN not in {row.personnummer for row in rows}


def test_a_purge_takes_them_with_moments_and_leaves_who_has_one_by_now(clinic: Clinic, signer: Signer) -> None:
    decide(clinic)
    clinic.start(ELSEWHERE, "prov", confirmed=True)
    clinic.clock.set(2027, 3, 1)
    child, guardian, adult, hidden = ids(clinic, CHILD, GUARDIAN, ADULT, HIDDEN)
    assert refusal(clinic, begin_purge, [], 1, [child]).startswith(f"Invånaren {child} kan inte gallras för sig")
    clinic.clock.set(2027, 3, 2)
    for residents in ([guardian], ids(clinic, ELSEWHERE), [4711]):
        assert refusal(clinic, begin_purge, [], 1, residents).startswith(f"Invånaren {residents[0]} kan inte")
    said = "Antalet 1 stämmer inte: 2 invånare utan moment är valda. Ingenting är gallrat."
    assert refusal(clinic, begin_purge, [], 1, [child, adult]) == said
    with clinic.store.read(admin(clinic)) as work:
        assert purgeable_residents(work) == [adult, child, hidden]
    number = do(clinic, begin_purge, [], 2, [child, adult])
    for operation, arguments in ((purge_resident, (hidden, number)), (leave_resident, (number, hidden))):
        with pytest.raises(NotPermitted):
            do(clinic, operation, *arguments)
    clinic.start(ADULT, "prov")  # between
    certificate = read_certificate(carry_out_purge(clinic.store, admin(clinic), number, signer), PUBLIC)
    assert [certificate[name] for name in ("moments", "unused", "left", "residents")] == [0, 1, 1, 2]
    left = clinic.rows(
        "SELECT personnummer FROM resident WHERE personnummer IN (:a, :b, :c)", a=CHILD, b=GUARDIAN, c=ADULT
    )
    assert left == [(ADULT,)]
    with clinic.store.lend() as db:
        rows = [row for row in log_rows(db, None) if row.action == Action.PURGED and row.personnummer]
    assert [(row.personnummer, row.resident_name) for row in rows] == [(CHILD, "Berg, Ivar"), (GUARDIAN, "Berg, Ulla")]
    assert len(Path(signer.ledger or "").read_text().splitlines()) == 1
    assert "Gallring 1: 1 invånare utan moment gallrade." in str(clinic.rows("SELECT note FROM dutydone"))


def test_yesterdays_backup_comes_back_without_them(stores: Stores, signer: Signer, tmp_path: Path) -> None:
    with stores.clinic("sqlite", "sealed", Clock()) as clinic:
        decide(clinic)
        clinic.clock.set(2027, 3, 1)
        header = back_up_store(clinic.store, tmp_path / "kopia", OPERATOR)
        clinic.clock.set(2027, 3, 2)
        gone, kept = ids(clinic, ADULT, HIDDEN)
        number = do(clinic, begin_purge, [], 1, [gone])
        carry_out_purge(clinic.store, admin(clinic), number, signer)
        assert (traces(clinic, ADULT), traces(clinic, HIDDEN)) == (set(), {HIDDEN})
        uuid, clock = clinic.value("SELECT uuid FROM store_info"), Clock(clinic.clock.now)
    lines = list(read_ledger(Path(signer.ledger or "").read_text().splitlines(), PUBLIC))
    place = tmp_path / "ater" / "vard.db"
    found = restore_store(tmp_path / "kopia", place, SEALING, ledger_of(uuid, header.at, lines), clock=clock)
    assert (found.purged, found.unused) == (0, 1)
    with open_store(place, keys=SEALING, clock=clock).lend() as db:
        assert db.values("SELECT id FROM resident WHERE id IN (:a, :b)", a=gone, b=kept) == [kept]
        assert db.value("SELECT count(*) FROM resident_key WHERE resident_id = :a", a=gone) == 0
        assert "0 moment" not in [row.details for row in log_rows(db, SEALING)][-1]


def test_behind_the_fence_a_unit_sees_who_is_its_to_purge_and_no_other(
    stores: Stores, clock: Clock, signer: Signer
) -> None:
    with stores.clinic("fenced", "sealed", clock) as clinic:
        decide(clinic)
        register_by(clinic, clinic.strange_admin, UNKNOWN)
        clinic.clock.set(2027, 3, 2)
        runtime = clinic.store.runtime  # type: ignore[attr-defined]
        adult, child, hidden, elsewhere, theirs = ids(clinic, ADULT, CHILD, HIDDEN, ELSEWHERE, UNKNOWN)
        assert [line.resident for line in alone(runtime, admin(clinic))] == [adult, child, elsewhere, hidden]
        with runtime.read(admin(clinic)) as work:
            assert work.db.values("SELECT id FROM resident") == []
            assert work.db.values("SELECT sob_unused('2026-03-02', NULL, 1)") == [adult, child, elsewhere, hidden]
            assert work.db.values("SELECT r.id FROM resident r") == [adult]
        assert refusal(clinic, begin_purge, [], 1, [theirs]).startswith(f"Invånaren {theirs} kan inte")
        number = do(clinic, begin_purge, [], 1, [child])
        content = carry_out_purge(runtime, admin(clinic), number, signer)
        assert read_certificate(content, PUBLIC)["residents"] == 2
        assert len(ids(clinic, UNKNOWN)) == 1


def test_0037_takes_the_earliest_trace_and_else_the_day(
    filed: Clinic, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_chain, "seal_row", lambda _values, _keys: None)  # at that revision it was clear
    filed.clock.set(2026, 5, 4)
    filed.start(GUARDIAN, "prov")
    register_by(filed, filed.admin, UNKNOWN)
    engine = engine_for(tmp_path / "aldre.sqlite")
    engine.make()
    migrate(engine, older(tmp_path, "0036"))
    copy_rows(filed, engine)
    with engine.alchemy().begin() as sql:
        assert sql.execute(text("SELECT count(*) FROM resident")).scalar() == 6
    engine.dispose()
    with open_store(tmp_path / "aldre.sqlite", clock=filed.clock).lend() as db:
        found = dict(db.pairs("SELECT personnummer, registered_on FROM resident"))
        units = dict(db.pairs("SELECT personnummer, registered_unit_id FROM resident"))
    assert (found[GUARDIAN], found[UNKNOWN]) == ("2026-05-04", "2026-05-04")
    assert found[ADULT] >= date.today().isoformat()  # noqa: DTZ011
    assert (units[GUARDIAN], units[UNKNOWN]) == (0, filed.here)


def test_each_way_into_the_register_says_when_and_by_whom(clinic: Clinic) -> None:
    clinic.clock.set(2026, 4, 7)
    clinic.start(UNKNOWN, new_resident=NewResident("Ny", "Nils", "05"))
    register_by(clinic, clinic.strange_admin, "196101182803")
    register_by(clinic, OPERATOR, "201001012382")  # type: ignore[arg-type]
    entered = "SELECT registered_on, registered_unit_id FROM resident WHERE registered_on > '2026-03-02' ORDER BY id"
    assert clinic.rows(entered) == [("2026-04-07", clinic.here), ("2026-04-07", clinic.there), ("2026-04-07", 0)]


def test_0037_finds_a_number_that_the_log_has_sealed(stores: Stores, clock: Clock) -> None:
    with stores.clinic("sqlite", "sealed", clock) as clinic:
        clock.set(2026, 5, 4)
        register_by(clinic, clinic.strange_admin, UNKNOWN)
        entered = "SELECT registered_on, registered_unit_id FROM resident WHERE personnummer = :number"
        before = clinic.rows(entered, number=UNKNOWN)
        _downgrade(clinic.store, "0036")
        migrate(clinic.store.engine, keys=SEALING)
        assert clinic.rows(entered, number=UNKNOWN) == before == [("2026-05-04", clinic.there)]
