"""The fence between the units on a server: what the runtime role sees by any SQL, and what is found pulled down."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from store.care.conversations import mark_conversation_read
from store.care.day_run import run_day
from store.care.endings import end_moment
from store.care.flags import handle_flag
from store.care.handovers import accept_handover, decline_handover, offer_handover
from store.care.look_up import look_up_resident
from store.care.messages import send_message, write_message
from store.care.register import Correction, correct_resident
from store.care.undo import undo_act
from store.fence.rules import WAYS
from store.fence.tables import BEHIND, TABLES, Kind
from store.foundation.access import OPERATOR, SYSTEM, Role
from store.foundation.errors import FenceBroken, NotPermitted, NoUnitSet
from store.foundation.postgres_engine import PostgresEngine
from store.opening import open_store
from store.people.operators import require_operator
from store.tables import METADATA
from store.upkeep.checkpoints import read_checkpoints
from store.upkeep.log_expiry import expire_log
from store.upkeep.log_verifying import verify_log
from store.views.conversations import open_messages
from store.views.handovers import where_it_went
from store.views.provider import provided
from tests.clinics import ADULT, ELSEWHERE, GUARDIAN, HERE, THERE, Clinic, Clock, hsa_id_of
from tests.conftest import Stores
from tests.fenced import ROLES, FencedStore, as_role
from tests.forms import given
from tests.postgres import ROOT
from tests.store.care_rows import fill


@pytest.fixture
def fenced(stores: Stores, clock: Clock) -> Iterator[Clinic]:
    """A clinic behind the fence, with a moment here and one there."""
    with stores.clinic("fenced", "begun", clock) as entered:
        entered.run("INSERT INTO openprogram (unit_id, program) VALUES (:there, 'prov')", there=entered.there)
        yield entered


@contextmanager
def as_sql(clinic: Clinic, role: str = ROLES.runtime) -> Iterator[psycopg.Connection[Any]]:
    """Connect as a role, with SQL of one's own."""
    url = as_role(clinic.store.engine.url, role).replace("+psycopg", "")
    with closing(psycopg.connect(url)) as connection:
        yield connection


def at_work(connection: psycopg.Connection[Any], unit: int) -> psycopg.Connection[Any]:
    """Begin anew, at work on a unit."""
    connection.rollback()
    connection.execute(f"SET LOCAL sob.unit = {unit}".encode())
    return connection


def seen(connection: psycopg.Connection[Any], table: str) -> set[str]:
    return {row for (row,) in connection.execute(f"SELECT t::text FROM {table} t".encode()).fetchall()}


def moments(clinic: Clinic) -> tuple[int, int]:
    """Return the moment here and the one there."""
    (here, there) = (clinic.value("SELECT id FROM moment WHERE unit_id = :u", u=u) for u in (clinic.here, clinic.there))
    return here, there


def test_every_table_says_which_fence_it_stands_behind() -> None:
    assert TABLES.keys() == METADATA.tables.keys() | {"alembic_version"}
    of_care = {
        name for name, table in METADATA.tables.items() if {"resident_id", "moment_id"} & set(table.columns.keys())
    }
    outliving = {"purgedmoment", "purgedresident"}  # they say nothing of whose it was
    assert of_care - outliving <= set(BEHIND)
    for name in BEHIND:
        if TABLES[name].kind in (Kind.CARE, Kind.FLAG, Kind.MOMENT):
            assert {"unit_id", "resident_id"} <= set(METADATA.tables[name].columns.keys()), name


def test_another_units_rows_are_unseen_by_any_sql_and_without_a_unit_all_is_refused(fenced: Clinic) -> None:
    for moment in moments(fenced):
        fill(fenced, moment)
    with as_sql(fenced) as sql, as_sql(fenced, ROLES.operator) as operators, as_sql(fenced, ROLES.owner) as owners:
        for table in BEHIND:
            here, there = (seen(at_work(sql, unit), table) for unit in (fenced.here, fenced.there))
            assert here, table
            assert there, table
            assert not here & there, table
            assert here | there <= seen(operators, table), table
            assert seen(owners, table) == set(), table  # FORCE: what it may do it has to say
            sql.rollback()
            with pytest.raises(psycopg.errors.InsufficientPrivilege, match="no unit is set"):
                seen(sql, table)


def test_the_runtime_role_owns_nothing_and_may_only_what_it_needs(fenced: Clinic) -> None:
    refused = (
        "UPDATE log SET at = 0",
        "DELETE FROM event",
        "TRUNCATE change",
        "UPDATE store_info SET runtime_role = ''",
        "DROP POLICY sob_runtime ON message",
        "ALTER TABLE message NO FORCE ROW LEVEL SECURITY",
        "CREATE TABLE own (id int)",
        "CREATE FUNCTION own() RETURNS int LANGUAGE sql AS 'SELECT 1'",
        f"SET ROLE {ROLES.owner}",
    )
    with as_sql(fenced) as sql:
        for statement in refused:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                at_work(sql, fenced.here).execute(statement.encode())
        at_work(sql, fenced.here)
        assert sql.execute("SELECT 1 FROM pg_class WHERE pg_get_userbyid(relowner) = current_user").fetchall() == []
        _, there = moments(fenced)
        assert sql.execute("UPDATE moment SET drafts = 7 WHERE id = %s", (there,)).rowcount == 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):  # nor does it write into another unit's
            sql.execute(
                "INSERT INTO hiddenpart (resident_id, moment_id, part, unit_id) VALUES (1, 1, 'x', %s)", (fenced.there,)
            )


def test_the_store_says_loudly_that_no_unit_is_set(fenced: Clinic) -> None:
    store = fenced.store
    assert isinstance(store, FencedStore)
    with pytest.raises(NoUnitSet), store.runtime.lend() as db:
        db.value("SELECT count(*) FROM moment")
    for actor in (OPERATOR, SYSTEM, fenced.provider_admin):
        with pytest.raises(NoUnitSet), store.runtime.work(actor) as work:
            work.db.run("UPDATE moment SET drafts = 7")
    with pytest.raises(NoUnitSet):
        run_day(store.runtime)
    runtime, operators = store._opened
    swapped = FencedStore(operators, runtime, store.clock)
    with pytest.raises(FenceBroken, match="driftens"), swapped.work(fenced.clinician):
        pytest.fail("it was begun")


def test_who_is_the_operator(fenced: Clinic) -> None:
    assert isinstance(fenced.store, FencedStore)
    runtime, operators = fenced.store._opened
    assert (runtime.engine.is_owned(), operators.engine.is_owned()) == (False, True)
    runtime.kind = operators.kind = "real"
    try:
        require_operator(operators)
        with pytest.raises(NotPermitted):
            require_operator(runtime)
    finally:
        runtime.kind = operators.kind = "practice"


BROKEN = {
    "forced": (
        "ALTER TABLE message NO FORCE ROW LEVEL SECURITY",
        "ALTER TABLE message FORCE ROW LEVEL SECURITY",
        "borttaget från tabellen message",
    ),
    "permissive": (
        "CREATE POLICY extra ON message USING (true)",
        "DROP POLICY extra ON message",
        "lagt till regeln extra",
    ),
    "weakened": (
        "ALTER FUNCTION sob_given() SECURITY DEFINER",
        "ALTER FUNCTION sob_given() SECURITY INVOKER",
        "inte som de sattes upp",
    ),
    "preset": (
        f"ALTER ROLE {ROLES.runtime} SET sob.unit = '1'",
        f"ALTER ROLE {ROLES.runtime} RESET sob.unit",
        "satt i förväg",
    ),
    "view": ("CREATE VIEW past AS SELECT * FROM message", "DROP VIEW past", "past saknar security_invoker"),
    "view over a view": (
        "CREATE VIEW inner_one WITH (security_invoker = true) AS SELECT * FROM message;"
        "CREATE VIEW outer_one AS SELECT * FROM inner_one",
        "DROP VIEW outer_one; DROP VIEW inner_one",
        "outer_one saknar security_invoker",
    ),
}


@pytest.mark.parametrize("broken", BROKEN)
def test_what_is_pulled_down_is_found_when_the_store_is_opened(fenced: Clinic, broken: str) -> None:
    breaks, mends, told = BROKEN[broken]
    url = as_role(fenced.store.engine.url, ROLES.runtime)
    with as_sql(fenced, "postgres") as sql:
        sql.autocommit = True
        sql.execute(breaks.encode())
        try:
            with pytest.raises(FenceBroken, match=told):
                open_store(url)
        finally:
            sql.execute(mends.encode())
    open_store(url).close()


def test_the_wrong_role_and_a_unit_that_is_not_set_are_found(fenced: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    url = fenced.store.engine.url
    for role in (ROLES.owner, "postgres"):
        with pytest.raises(FenceBroken, match="Adressen är för den roll som äger"):
            open_store(as_role(url, role))
    monkeypatch.setattr(PostgresEngine, "_said", lambda *_: [])
    with pytest.raises(FenceBroken, match="går inte att sätta"):
        open_store(as_role(url, ROLES.runtime))


# The ways past the fence, one by one


def test_all_ways_are_on_paper_and_none_more_leads_past(fenced: Clinic) -> None:
    paper = (ROOT / "docs" / "operation.md").read_text("utf-8")
    for way in WAYS:
        assert f"| `{way.name}` | {way.about} |" in paper
    with as_sql(fenced, "postgres") as sql:
        past = sql.execute("SELECT proname FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace")
        assert {name for (name,) in past.fetchall()} == {*(way.name for way in WAYS), "moment_moves"}
        unfixed = sql.execute("SELECT proname FROM pg_proc WHERE prosecdef AND proconfig[1] NOT LIKE 'search_path=%'")
        assert unfixed.fetchall() == []


def test_a_number_that_is_typed_is_found_and_opens_the_register_alone(fenced: Clinic) -> None:
    with as_sql(fenced) as sql:
        at_work(sql, fenced.here)
        find = "SELECT family_name FROM resident WHERE personnummer = %s"
        assert sql.execute(find, (GUARDIAN,)).fetchall() == []
        sql.execute("SELECT sob_look_up(%s)", ([GUARDIAN],))
        assert sql.execute(find, (GUARDIAN,)).fetchall() == [("Berg",)]
        assert len(seen(sql, "moment")) == 1  # the moment there is no more seen for that
    with fenced.store.read(fenced.clinician) as work:
        assert look_up_resident(work, GUARDIAN).name == "Berg, Ulla"


def test_the_register_is_mended_by_who_may_and_over_the_fence(fenced: Clinic) -> None:
    with fenced.store.work(fenced.admin) as work, pytest.raises(NotPermitted):
        correct_resident(work, GUARDIAN, Correction(given_name="Ursula"))
    fenced.start(GUARDIAN, "prov", confirmed=True)
    with fenced.store.work(fenced.admin) as work:
        correct_resident(work, GUARDIAN, Correction(given_name="Ursula"))
        correct_resident(work, ELSEWHERE, Correction(given_name="Pär"))  # nobody's moment
    told = "SELECT unit_id FROM event WHERE kind = 'invanare-rattad' ORDER BY 1"
    kinds = fenced.value("SELECT max(kind) FROM event WHERE facts LIKE '%given_name%'")
    told = f"SELECT unit_id FROM event WHERE kind = '{kinds}' ORDER BY 1"
    assert fenced.rows(told) == [(fenced.here,), (fenced.there,)]
    with as_sql(fenced) as sql:
        other = at_work(sql, fenced.here).execute("SELECT sob_others(ARRAY[%s])", (fenced.adult,)).fetchall()
        at_work(sql, fenced.there).execute("SELECT sob_register(%s)", (fenced.adult,))
        assert other == []
        assert len(seen(sql, "resident")) == 1  # it is not this unit's to mend: nothing is opened


def test_an_offer_is_answered_over_the_fence_and_only_by_who_is_asked(fenced: Clinic) -> None:
    moment, _ = moments(fenced)
    with as_sql(fenced) as sql:
        at_work(sql, fenced.there).execute("SELECT sob_answering(%s)", (moment,))
        assert len(seen(sql, "moment")) == 1  # nothing is offered yet
    for answer in (decline_handover, accept_handover):
        with fenced.store.work(fenced.clinician) as work:
            offer_handover(work, moment, THERE, "Flyttar.")
        with as_sql(fenced) as sql:
            at_work(sql, fenced.there)
            assert len(seen(sql, "moment")) == 2  # its row, and nothing of what it holds
            assert sql.execute("SELECT 1 FROM event WHERE moment_id = %s", (moment,)).fetchall() == []
        with fenced.store.work(fenced.strange_admin) as work:
            answer(work, moment, "Fullt." if answer is decline_handover else hsa_id_of(Role.CLINICIAN, THERE))
    assert fenced.rows("SELECT DISTINCT unit_id FROM event WHERE moment_id = :id", id=moment) == [(fenced.there,)]
    with fenced.store.read(fenced.clinician) as work:
        assert where_it_went(work, moment).to_unit == "Enhet Två"
    with as_sql(fenced) as sql:
        at_work(sql, fenced.here).execute("SELECT sob_given_away(%s)", (moment,))
        assert sql.execute("SELECT 1 FROM moment WHERE id = %s", (moment,)).fetchall() == [(1,)]
        assert sql.execute("SELECT 1 FROM event WHERE moment_id = %s", (moment,)).fetchall() == []


def test_the_level_above_sees_numbers_and_nobody(fenced: Clinic) -> None:
    with fenced.store.read(fenced.provider_admin) as work:
        found = {one.name: sum(program.moments for program in one.programs) for one in provided(work).units}
    assert found == {"Enhet Ett": 1, "Enhet Två": 1}


def test_a_whole_course_of_care_behind_the_fence(fenced: Clinic) -> None:
    """Start, form, messages, risk flag, handover, end; then the day's run as the operator."""
    moment = fenced.start(GUARDIAN, "prov", confirmed=True)
    fenced.answer(moment, given(3, 3, 3), number=GUARDIAN)
    resident = fenced.resident(GUARDIAN)
    with fenced.store.work(resident) as work:
        sent = write_message(work, moment, "Hej!", heading="Fråga")
    with fenced.store.read(fenced.clinician) as work:
        (row,) = open_messages(work, moment).conversations
    with fenced.store.work(fenced.clinician) as work:
        mark_conversation_read(work, moment, row.id)
        send_message(work, moment, "Svar.", conversation=row.id, hold=True)
    with fenced.store.work(fenced.clinician) as work:
        assert "Det är ett utkast igen" in undo_act(work, moment)[1]
    flags = fenced.rows("SELECT id FROM flag WHERE moment_id = :id AND handled_at IS NULL", id=moment)
    for (flag,) in flags:
        with fenced.store.work(fenced.clinician) as work:
            handle_flag(work, flag, "Ringde.")
    assert sent
    assert flags
    with fenced.store.work(fenced.clinician) as work:
        end_moment(work, moment, "Klart", confirmed=True)
    own, _ = moments_running(fenced)
    with fenced.store.work(fenced.clinician) as work:
        offer_handover(work, own, THERE, "Flyttar.")
    with fenced.store.work(fenced.strange_admin) as work:
        accept_handover(work, own, hsa_id_of(Role.CLINICIAN, THERE))
    fenced.clock.set(2026, 6, 1, 5)
    assert not run_day(fenced.store).left
    assert fenced.value("SELECT count(*) FROM flag WHERE unit_id = :there", there=fenced.there) > 0
    with as_sql(fenced) as sql:
        assert seen(at_work(sql, fenced.here), "message")
        assert ADULT not in str(seen(sql, "resident"))


def moments_running(clinic: Clinic) -> tuple[int, int]:
    here, there = (
        clinic.value("SELECT max(id) FROM moment WHERE unit_id = :u AND status <> 'avslutat'", u=unit)
        for unit in (clinic.here, clinic.there)
    )
    return here, there


def test_both_roles_chain_their_rows_and_only_the_operators_lets_expired_ones_go(
    fenced: Clinic, tmp_path: Path
) -> None:
    for actor in (fenced.clinician, fenced.stranger):
        with fenced.store.read(actor) as work:
            look_up_resident(work, ADULT)
    with fenced.store.lend() as db:
        before = verify_log(db, None, ())
    assert (before.fault, {one.chain for one in before.positions} >= {HERE, THERE}) == (None, True)
    key, file = Ed25519PrivateKey.from_private_bytes(b"s" * 32), tmp_path / "kontrollpunkter"
    fenced.clock.set(2031, 3, 4)
    with fenced.store.work(OPERATOR) as work:
        assert expire_log(work, key, file) == before.rows
    with fenced.store.lend() as db:
        after = verify_log(db, None, read_checkpoints(file, key.public_key().public_bytes_raw(), "x"))
    assert (after.fault, after.rows) == (None, 1)
    with pytest.raises(NotPermitted), fenced.store.work(fenced.clinician) as work:
        expire_log(work, key, file)
