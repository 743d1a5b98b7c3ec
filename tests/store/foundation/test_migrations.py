"""What each revision makes of the rows of an older store."""

import base64
import re
from collections.abc import Callable, Iterator
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Integer, inspect

from store.care.delivery import claim_notice, notice_sent
from store.care.handovers import accept_handover, offer_handover
from store.care.staffing import inactivate_staff
from store.care.substituting import set_substitute
from store.foundation.access import OPERATOR, Role
from store.foundation.clock import start_of
from store.foundation.engine import Engine
from store.foundation.engines import engine_for
from store.foundation.errors import NeedsConfirmation, Refused
from store.foundation.fictional import fictional_numbers
from store.foundation.schema import REVISIONS, SCRIPTS, migrate, revision_of
from store.foundation.store import Store
from store.opening import open_store
from store.people.channels import CHANNELS
from store.people.sign_in import sign_in
from store.tables import METADATA
from store.upkeep.log_verifying import verify_log
from store.views.moment import open_moment
from store.views.todo import count_todo
from tests.clinics import CHILD, COLLEAGUE, GUARDIAN, HERE, PREFIX, THERE, Clinic, enter, hsa_id_of
from tests.forms import given
from tests.store.letters import conversations, newest, page, said, save, send, write

_FOLDERS = count()


def older(folder: Path, last: str) -> Path:
    """Return the scripts as they were when `last` was the newest. Copied by hand, as in `test_schema`."""
    folder = folder / f"scripts{next(_FOLDERS)}"
    (folder / "versions").mkdir(parents=True)
    for path in (SCRIPTS / "env.py", *SCRIPTS.glob("versions/*.py")):
        if path.name == "env.py" or path.name[:4] <= last:
            (folder / path.relative_to(SCRIPTS)).write_text(path.read_text("utf-8"), "utf-8")
    return folder


def copy_rows(clinic: Clinic, engine: Engine) -> None:
    """Copy what an older store has room for of a clinic's rows."""
    found = inspect(engine.alchemy())
    tables = [table.name for table in METADATA.sorted_tables if found.has_table(table.name)]
    room = {table: [column["name"] for column in found.get_columns(table)] for table in tables}
    target = engine.connect()
    engine.begin(target, write=True)
    for table, columns in room.items():
        names, values = ", ".join(columns), ", ".join(f":{name}" for name in columns)
        rows = clinic.rows(f"SELECT {names} FROM {table}")
        if table == "dayrun":  # a migration makes its one row
            target.run("DELETE FROM dayrun")
        if rows:
            sql = f"INSERT INTO {table} ({names}) VALUES ({values})"
            target.run_many(sql, [dict(zip(columns, row, strict=True)) for row in rows])
        if engine.pyformat and "id" in columns and isinstance(METADATA.tables[table].c.id.type, Integer):
            target.rows(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), max(id)) FROM {table}")
    target.driver.commit()
    engine.end(target)
    target.driver.close()


@pytest.fixture
def migrated(empty: str, filed: Clinic, tmp_path: Path) -> Iterator[Clinic]:
    """A clinic that was lived in under 0002, opened by this version: the clinician has written, nobody else could."""
    moment, proxied = filed.start(), filed.start(CHILD, "prov")
    send(filed, moment, "Hej!", heading="Ny behandlare")
    filed.clock.set(2026, 3, 4, 9)
    send(filed, proxied, "Hej då!", heading="Programmet är avslutat")
    filed.run("DELETE FROM notice WHERE kind = 'meddelande'")
    engine = engine_for(empty)
    engine.make()
    migrate(engine, older(tmp_path, "0002"))
    copy_rows(filed, engine)
    assert revision_of(engine) == "0002"
    engine.dispose()
    opened = open_store(empty, clock=filed.clock)
    yield enter(opened, filed.clock)
    opened.close()


def key_of(store: Store) -> bytes:
    key = store.draft_key()
    assert len(base64.urlsafe_b64decode(key)) == 32
    return key


def test_0003_finds_conversations_notices_and_staff_and_work_goes_on(migrated: Clinic, filed: Clinic) -> None:
    assert revision_of(migrated.store.engine) == REVISIONS[-1]
    assert migrated.rows("SELECT started_at, latest_at, unread, unanswered_at FROM conversation ORDER BY id") == [
        (at, at, 0, None) for (at,) in filed.rows("SELECT started_at FROM conversation ORDER BY id")
    ]
    notices = migrated.rows(
        "SELECT resident_id, recipient_id, staff_id, channel, attempts, fault, done_at, state FROM notice"
    )
    assert len(notices) == 3
    assert {(who == told, *rest) for who, told, *rest in notices} == {(True, None, "", 0, "", None, "vantar")}
    assert migrated.rows("SELECT DISTINCT collect_hour FROM unit") == [(9,)]
    assert migrated.rows("SELECT DISTINCT notify_email, notify_mobile FROM staff") == [(1, 0)]
    same = "SELECT id, conversation_id, text, sent_at FROM message ORDER BY id"
    assert migrated.rows(same) == filed.rows(same)
    _has_a_key_of_its_own(migrated.store, filed.store)
    _sends_what_waited(migrated)
    _goes_on_with_the_old_conversation(migrated)


def _has_a_key_of_its_own(store: Store, other: Store) -> None:
    assert key_of(store) != key_of(other)
    again = open_store(store.engine.url)
    assert again.draft_key() == store.draft_key()
    again.close()


def _goes_on_with_the_old_conversation(migrated: Clinic) -> None:
    moment = migrated.value("SELECT min(id) FROM moment")
    place = newest(migrated, moment)
    write(migrated, moment, "Hej själv!", conversation=place)
    draft, version = save(migrated, moment, "Fint", conversation=place)
    send(migrated, moment, "Fint!", conversation=place, draft=draft, version=version)
    assert [text for _, text in said(migrated, moment, place)] == ["Hej!", "Hej själv!", "Fint!"]
    (row,) = conversations(migrated, moment)
    assert (row.heading, row.unread, row.unanswered_at) == ("Ny behandlare", 0, None)
    assert page(migrated, moment).drafts == ()


def _sends_what_waited(migrated: Clinic) -> None:
    migrated.clock.set(2026, 3, 20, 12)
    kinds = []
    while True:
        with migrated.store.work(OPERATOR) as work:
            notice = claim_notice(work, frozenset(CHANNELS.values()))
            if notice is None:
                break
            notice_sent(work, notice.id, notice.others)
            kinds.append((notice.kind, notice.address))
    assert kinds == [("program-startat", "0701740605"), ("paminnelse", "0701740605")]
    assert migrated.value("SELECT state FROM notice WHERE state <> 'skickad'") == "nar-ingen"


def test_a_new_store_has_a_key_and_no_two_have_the_same(filed: Clinic, store: Store) -> None:
    assert key_of(filed.store) != key_of(store)


@pytest.fixture
def logged(empty: str, filed: Clinic, tmp_path: Path) -> Iterator[Clinic]:
    """A clinic whose log was written under 0006, opened by this version."""
    moment = filed.start()
    with filed.store.read(filed.clinician) as work:
        open_moment(work, moment)
    engine = engine_for(empty)
    engine.make()
    migrate(engine, older(tmp_path, "0006"))
    copy_rows(filed, engine)
    assert revision_of(engine) == "0006"
    engine.dispose()
    opened = open_store(empty, clock=filed.clock)
    yield enter(opened, filed.clock)
    opened.close()


OLD = (
    "id, at, wall_at, unit_id, actor_kind, actor_hsa_id, actor_name, action, operation, personnummer, resident_name,"
    " moment_id, details"
)


def test_0007_lets_the_log_say_what_it_said_and_adds_where(logged: Clinic, filed: Clinic) -> None:
    assert revision_of(logged.store.engine) == REVISIONS[-1]
    same = f"SELECT {OLD} FROM log ORDER BY id"
    assert logged.rows(same) == filed.rows(same)
    assert logged.value("SELECT count(*) FROM log WHERE unit_id IS NOT NULL") > 0
    here = "SELECT DISTINCT unit_hsa_id, provider_hsa_id FROM log WHERE unit_id = :unit"
    assert logged.rows(here, unit=logged.here) == [(HERE, f"{PREFIX}P")]
    assert logged.rows("SELECT DISTINCT unit_hsa_id, provider_hsa_id FROM log WHERE unit_id IS NULL") == [("", "")]
    columns = "acted_as, ground, category, thing_kind, thing_id, origin, session, outcome, reason"
    assert logged.log(f"SELECT DISTINCT {columns} FROM log") == [("", "", "", "", "", "", "", "gjort", "")]
    assert logged.rows("SELECT DISTINCT key_id, number_hmac, sealed FROM log") == [("", "", "")]
    with logged.store.lend() as db:  # 0033 has chained what was there
        verified = verify_log(db, None, ())
    assert (verified.fault, verified.rows) == (None, logged.value("SELECT count(*) FROM log"))
    _is_append_only_again(logged)


def _is_append_only_again(logged: Clinic) -> None:
    before = logged.rows("SELECT * FROM log ORDER BY id")
    for sql in ("UPDATE log SET details = 'x'", "DELETE FROM log"):
        with pytest.raises(Exception, match="append-only"):
            logged.run(sql)
    assert logged.rows("SELECT * FROM log ORDER BY id") == before
    logged.start(CHILD, "prov")
    assert logged.value("SELECT outcome FROM log ORDER BY id DESC LIMIT 1") == "gjort"


@pytest.fixture
def twins(empty: str, filed: Clinic, tmp_path: Path) -> Iterator[Callable[..., Store]]:
    """Opens a store of 0009 with the clinic's rows and what it is told to add: statements, with their values."""
    engine = engine_for(empty)
    opened: list[Store] = []

    def opening(*more: tuple[str, dict[str, Any]], confirmed: bool = False) -> Store:
        if revision_of(engine) is None:
            engine.make()
            migrate(engine, older(tmp_path, "0009"))
            copy_rows(filed, engine)
            connection = engine.connect()
            engine.begin(connection, write=True)
            for sql, values in more:
                connection.run(sql, **values)
            connection.driver.commit()
            engine.end(connection)
            connection.driver.close()
        opened.append(open_store(empty, clock=filed.clock, confirmed=confirmed))
        return opened[-1]

    yield opening
    engine.dispose()
    for store in opened:
        store.close()


def twin_of(hsa_id: str, staff_id: int = 901, given: str = "Kalle") -> tuple[str, dict[str, Any]]:
    return (
        "INSERT INTO staff (id, hsa_id, family_name, given_name, sort_name, email, mobile)"
        " VALUES (:id, :hsa_id, 'Tvilling', :given, 'tvilling  kalle', '', '')",
        {"id": staff_id, "hsa_id": hsa_id.lower(), "given": given},
    )


def assigned(unit: int, active: int, staff_id: int = 901) -> tuple[str, dict[str, Any]]:
    return (
        "INSERT INTO assignment (staff_id, unit_id, active, sort_name) VALUES (:staff, :unit, :active, 'tvilling')",
        {"staff": staff_id, "unit": unit, "active": active},
    )


CLINICIAN = hsa_id_of(Role.CLINICIAN)


def test_0010_joins_a_twin_that_has_done_nothing(filed: Clinic, twins: Callable[..., Store]) -> None:
    role = (
        "INSERT INTO assignmentrole (staff_id, unit_id, role) VALUES (901, :unit, :role)",
        {"unit": filed.there, "role": Role.RESIDENT_ADMIN.value},
    )
    before = filed.rows("SELECT id, hsa_id, given_name FROM staff ORDER BY id")
    store = twins(twin_of(CLINICIAN), assigned(filed.here, 0), assigned(filed.there, 1), role)
    with store.lend() as db:
        assert db.rows("SELECT id, hsa_id, given_name FROM staff ORDER BY id") == before
        places = db.rows(
            "SELECT unit_id, active, sort_name FROM assignment WHERE staff_id = :id ORDER BY unit_id",
            id=filed.clinician.staff_id,
        )
    own = filed.value("SELECT sort_name FROM staff WHERE id = :id", id=filed.clinician.staff_id)
    assert places == [(filed.here, 1, own), (filed.there, 1, own)]
    assert sign_in(store, CLINICIAN.lower(), THERE).roles == {Role.RESIDENT_ADMIN}
    assert sign_in(store, CLINICIAN, HERE).roles == {Role.CLINICIAN}


def test_0010_gives_the_first_one_what_the_other_did(filed: Clinic, twins: Callable[..., Store]) -> None:
    """It is the later one that was used: the id that was given first stays, with the other's work."""
    moment = filed.start()
    idle = hsa_id_of(Role.RESIDENT_ADMIN)
    first = filed.value("SELECT id FROM staff WHERE hsa_id = :id", id=idle)
    has = ("UPDATE moment SET responsible_id = 901 WHERE id = :id", {"id": moment})
    counted: tuple[str, dict[str, Any]] = ("UPDATE momentcount SET responsible_id = 901 WHERE number > 0", {})
    spent = (
        "INSERT INTO timespent (resident_id, moment_id, staff_id, week, seconds) VALUES (:resident, :id, 901, 'V', 60)",
        {"resident": filed.adult, "id": moment},
    )
    store = twins(twin_of(idle), assigned(filed.here, 1), has, counted, spent)
    with store.lend() as db:
        assert db.value("SELECT responsible_id FROM moment WHERE id = :id", id=moment) == first
        assert db.rows("SELECT responsible_id, sum(number) FROM momentcount WHERE number > 0 GROUP BY 1") == [
            (first, 1)
        ]
        assert db.rows("SELECT staff_id, seconds FROM timespent") == [(first, 60)]
        assert db.value("SELECT hsa_id FROM staff WHERE id = :id", id=first) == idle
        assert not db.has("SELECT 1 FROM staff WHERE id = 901")


def test_0010_names_twins_that_have_both_done_something(filed: Clinic, twins: Callable[..., Store]) -> None:
    moment = filed.start()  # the clinician has it, and its log row
    columns = "resident_id, moment_id, staff_id, week, seconds"
    spent = f"INSERT INTO timespent ({columns}) VALUES (:resident, :id, :staff, 'V', 60)"
    place = {"resident": filed.adult, "id": moment}
    one, other = (spent, {**place, "staff": filed.clinician.staff_id}), (spent, {**place, "staff": 901})
    told = (
        f"{CLINICIAN} (Kim T1clinician) och {CLINICIAN.lower()} (Kalle Tvilling) är samma HSA-id, och båda har använts"
    )
    with pytest.raises(NeedsConfirmation, match=re.escape(told)):
        twins(twin_of(CLINICIAN), one, other)
    with pytest.raises(NeedsConfirmation):  # nothing was done to the store
        twins()
    store = twins(confirmed=True)
    with store.lend() as db:
        assert db.rows("SELECT staff_id, seconds FROM timespent") == [(filed.clinician.staff_id, 120)]
        assert not db.has("SELECT 1 FROM staff WHERE id = 901")


def test_0010_does_not_choose_between_two_units(filed: Clinic, twins: Callable[..., Store]) -> None:
    unit = (
        "INSERT INTO unit (hsa_id, provider_id, name, region, service_area)"
        " SELECT lower(hsa_id), provider_id, 'Tvilling', region, service_area FROM unit WHERE id = :unit",
        {"unit": filed.here},
    )
    with pytest.raises(Refused, match="olika enheter i databasen"):
        twins(unit, confirmed=True)


@pytest.mark.parametrize("table", ["staff", "unit", "careprovider"])
def test_after_0010_no_twin_can_come(clinic: Clinic, table: str) -> None:
    columns = ", ".join(one.name for one in METADATA.tables[table].columns if one.name not in ("id", "hsa_id"))
    with pytest.raises(Exception, match=r"(?i)unique"):
        clinic.run(f"INSERT INTO {table} (hsa_id, {columns}) SELECT lower(hsa_id), {columns} FROM {table}")


@pytest.fixture
def waited(empty: str, filed: Clinic, tmp_path: Path) -> Iterator[Store]:
    """A store of 0013 with the clinic's rows, opened by this version."""
    engine = engine_for(empty)
    engine.make()
    migrate(engine, older(tmp_path, "0013"))
    copy_rows(filed, engine)
    engine.dispose()
    store = open_store(empty, clock=filed.clock)
    yield store
    store.close()


def add_old_flag(clinic: Clinic, moment: int, kind: str, key: str, **columns: object) -> None:
    """A flag as an older version raised it, today."""
    values = {
        "resident_id": clinic.adult,
        "moment_id": moment,
        "unit_id": clinic.here,
        "kind": kind,
        "about": "",
        "cause": f"{kind}:{key}",
        "severity": "varning",
        "reason": "Skäl",
        "due_on": "",
        "raised_at": clinic.clock(),
        "raised_by": "",
        "handled_by": "",
        "note": "",
    } | columns
    clinic.run(f"INSERT INTO flag ({', '.join(values)}) VALUES ({', '.join(f':{one}' for one in values)})", **values)


@pytest.fixture
def old_flags(filed: Clinic) -> dict[str, int]:
    """When each kind of flag that an older version raised is to have waited since."""
    moment = filed.start(program="prov")
    started = filed.clock()
    answer = filed.answer(moment, given(1, 1, 1))
    active = filed.value("SELECT last_active_at FROM moment WHERE id = :id", id=moment)
    filed.run("DELETE FROM flag")
    filed.clock.set(2026, 4, 20, 5)
    told = "Mående 1 → 6 (pålitlig försämring)"
    add_old_flag(filed, moment, "tyst", str(active))
    add_old_flag(filed, moment, "aldrig", "1")
    add_old_flag(filed, moment, "saknas", "maende:2026-04-13")
    add_old_flag(filed, moment, "uppfoljning", "3:2026-04-15")
    add_old_flag(filed, moment, "egen", "1", due_on="2026-05-01")
    add_old_flag(filed, moment, "langd", "1")
    add_old_flag(filed, moment, "forsamring", f"{answer}:Mående", about=str(answer), reason=told)
    return {
        "tyst": active,
        "aldrig": started,
        "saknas": start_of(date(2026, 4, 13)),
        "uppfoljning": start_of(date(2026, 4, 15)),
        "egen": start_of(date(2026, 5, 1)),
        "langd": filed.clock(),
        "forsamring": filed.clock(),
    }


def test_0018_leaves_losses_to_be_seen(filed: Clinic, empty: str, tmp_path: Path) -> None:
    with filed.store.work(filed.clinician) as work:
        set_substitute(work, hsa_id_of(Role.CLINICIAN), COLLEAGUE, work.today, work.today)
    with filed.store.work(filed.someone(Role.ACCESS_ADMIN)) as work:
        inactivate_staff(work, COLLEAGUE)
    engine = engine_for(empty)
    engine.make()
    migrate(engine, older(tmp_path, "0017"))
    copy_rows(filed, engine)
    engine.dispose()
    store = open_store(empty, clock=filed.clock)
    with store.read(sign_in(store, hsa_id_of(Role.CLINICIAN))) as work:
        assert len(count_todo(work).lost_stand_ins) == 1
    store.close()


def test_0014_finds_since_when_each_flag_waits_and_calls_no_own_limit_reliable(
    old_flags: dict[str, int], waited: Store
) -> None:
    with waited.lend() as db:
        assert dict(db.pairs("SELECT kind, waiting_since FROM flag")) == old_flags
        told = "Mående 1 → 6 (förändring, gränsen är inte prövad)"
        assert db.value("SELECT reason FROM flag WHERE kind = 'forsamring'") == told


def test_0013_leaves_no_unit_with_confirmed_numbers_and_no_plan(filed: Clinic, empty: str, tmp_path: Path) -> None:
    engine = engine_for(empty)
    engine.make()
    migrate(engine, older(tmp_path, "0012"))
    copy_rows(filed, engine)
    engine.dispose()
    store = open_store(empty, clock=filed.clock)
    with store.lend() as db:
        assert db.values("SELECT DISTINCT crisis_numbers_confirmed FROM unit") == [""]
        assert db.value("SELECT count(*) FROM safetyplan") == 0
    store.close()


def test_0011_and_0012_leave_flags_without_outcome_and_units_with_half_an_hour(
    filed: Clinic, empty: str, tmp_path: Path
) -> None:
    moment = filed.start(program="prov")
    add_old_flag(filed, moment, "egen", "1", handled_by="Kim", handled_at=filed.clock(), note="Ringde.")
    engine = engine_for(empty)
    engine.make()
    migrate(engine, older(tmp_path, "0010"))
    copy_rows(filed, engine)
    engine.dispose()
    store = open_store(empty, clock=filed.clock)
    with store.lend() as db:
        assert db.rows("SELECT note, outcome, attempts, next_attempt_at FROM flag") == [("Ringde.", None, 0, None)]
        assert {minutes for (minutes,) in db.rows("SELECT claim_minutes FROM unit")} == {30}
    store.close()


def test_0028_finds_the_units_of_care(filed: Clinic, tmp_path: Path) -> None:
    moment = filed.start()
    save(filed, moment, "Kvar.")
    with filed.store.work(filed.clinician) as work:
        offer_handover(work, moment, THERE, "Flyttar.", confirmed=True)
    with filed.store.work(filed.strange_admin) as work:
        accept_handover(work, moment, hsa_id_of(Role.CLINICIAN, THERE))
    filed.start(GUARDIAN, "prov")
    engine = engine_for(tmp_path / "aldre.sqlite")
    engine.make()
    migrate(engine, older(tmp_path, "0027"))
    copy_rows(filed, engine)
    engine.dispose()
    opened = open_store(tmp_path / "aldre.sqlite", clock=filed.clock)
    with opened.lend() as db:
        events = db.rows("SELECT DISTINCT moment_id = :id, unit_id FROM event ORDER BY 1", id=moment)
        assert events == [(0, filed.here), (1, filed.there)]
        assert db.rows("SELECT unit_id FROM draft") == [(filed.here,)]  # it stayed behind
    opened.close()


def test_0039_lets_names_be_found_without_their_rings(filed: Clinic, empty: str, tmp_path: Path) -> None:
    (number,) = fictional_numbers(1)
    filed.add_resident(number.value, family="Öberg Oberg", given="Åsa Märta")
    kept = "SELECT part, resident_id FROM residentpart ORDER BY 1, 2"
    parts = filed.rows(kept)
    filed.run("DELETE FROM residentpart WHERE part IN ('asa', 'marta')")
    engine = engine_for(empty)
    engine.make()
    migrate(engine, older(tmp_path, "0038"))
    copy_rows(filed, engine)
    engine.dispose()
    store = open_store(empty, clock=filed.clock)
    with store.lend() as db:
        assert db.rows(kept) == parts
    store.close()
