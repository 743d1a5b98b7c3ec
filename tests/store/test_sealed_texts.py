"""On a server nothing that somebody wrote of a resident can be read without the keys, nor put in another place."""

import json
import re
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import date
from itertools import chain, count
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest

from store.care.activity_marks import mark_activity
from store.care.activity_plans import NewActivity, NewPlan, PlanChange, change_plan, make_plan
from store.care.contacts import ContactSort, note_contact
from store.care.drafts import save_draft
from store.care.file_import import RESIDENTS
from store.care.flags import add_flag, handle_flag
from store.care.form_answers import answer_form
from store.care.handovers import decline_handover, offer_handover
from store.care.messages import send_message, write_message
from store.care.program_opening import open_program
from store.care.purge_stops import stop_purge
from store.care.register import Correction, correct_resident
from store.care.safety_plan_text import SafetyTexts
from store.care.safety_plans import change_safety_plan
from store.care.set_aside import set_aside
from store.care.undo import undo_act
from store.foundation.access import OPERATOR, Role
from store.foundation.clock import days_after, local_day
from store.foundation.engine import Engine
from store.foundation.errors import InvariantBroken, KeyWrong, Refused, RowDamaged
from store.foundation.flag_kinds import Outcome
from store.foundation.keys import StoreKeys, new_keys
from store.foundation.seals import Seals
from store.foundation.work import Work
from store.opening import engine_with, open_store
from store.people.new_resident import NewResident
from store.people.wrapping_key import change_wrapping_key
from store.tables import sealed_tables
from store.upkeep.backing_up import back_up_store
from store.upkeep.checking import check_store
from store.upkeep.filling import FIRST
from store.upkeep.restoring import restore_store
from store.views.message_search import search_messages
from tests.clinics import ADULT, SEALING, THERE, UNKNOWN, Clinic, Clock
from tests.conftest import Stores
from tests.forms import given

WORD = "Ordbok"
"""Begins every word that is looked for, a number after it."""


@pytest.fixture
def server(stores: Stores, clock: Clock) -> Iterator[Clinic]:
    """A sealed store, on a server always."""
    with stores.clinic("postgresql", "sealed", clock) as entered:
        yield entered


@pytest.fixture
def fenced(stores: Stores, clock: Clock) -> Iterator[Clinic]:
    """A sealed store behind row-level security, in which everybody acts through the database role that is theirs."""
    with stores.clinic("fenced", "sealed", clock) as entered:
        yield entered


class Writer:
    """Writes words in every free text there is."""

    def __init__(self, clinic: Clinic) -> None:
        self.clinic = clinic
        self.words = (f"{WORD}{number}" for number in count())

    def word(self) -> str:
        """Return the next word."""
        return next(self.words)

    def do(self, actor: Any, operation: Callable[..., Any], *arguments: Any, **options: Any) -> Any:
        """Carry an operation out, as a command that may be sent again."""
        with self.clinic.store.work(actor, command=uuid4()) as work:
            return operation(work, *arguments, **options)

    def write(self) -> int:
        """Write in everything; returns the resident's moment."""
        clinic = self.clinic
        moment = clinic.start(program="prov")
        self.of_the_resident(moment)
        self.messages(moment)
        self.flags(moment)
        self.plans(moment)
        self.do(self.clinic.someone(Role.DATA_ADMIN), stop_purge, moment, self.word(), date(2999, 1, 1))
        self.handover()
        self.do(OPERATOR, _stage, self.word())
        return moment

    def of_the_resident(self, moment: int) -> None:
        """What the resident writes and is."""
        clinic, resident = self.clinic, self.clinic.resident()
        self.do(clinic.admin, correct_resident, ADULT, Correction(email=f"{self.word()}@example.org"))
        self.do(resident, write_message, moment, self.word(), heading=self.word())
        clinic.answer(moment, given(1, 2, 3, **{"5": self.word()}))
        faulty = given(1, 2, **{"1": f"{self.word()}?"})
        with clinic.store.work(resident) as work:
            assert answer_form(work, moment, "maende", faulty)

    def messages(self, moment: int) -> None:
        """What the clinician writes and notes."""
        clinician = self.clinic.clinician
        self.do(clinician, send_message, moment, self.word(), heading=self.word())
        draft, version = self.do(clinician, save_draft, moment, self.word(), heading=self.word())
        self.do(clinician, save_draft, moment, self.word(), heading=self.word(), draft=draft, version=version)
        self.do(clinician, note_contact, moment, ContactSort.PHONE, 12, self.word())
        for _ in range(2):  # the second keeps what the first was, to undo it
            day = local_day(days_after(self.clinic.clock(), 5))
            self.do(clinician, set_aside, moment, "meddelande-1", day, self.word())
        self.do(clinician, undo_act, moment)

    def flags(self, moment: int) -> None:
        """Flags by hand, one of them handled, one not reached."""
        clinician = self.clinic.clinician
        handled, tried = (self.do(clinician, add_flag, moment, self.word()) for _ in range(2))
        self.do(clinician, handle_flag, handled, self.word(), outcome=None)
        self.do(clinician, handle_flag, tried, self.word(), outcome=Outcome.NOT_REACHED)

    def plans(self, moment: int) -> None:
        """Plans of both kinds, and what came of one."""
        clinician = self.clinic.clinician
        plan = self.do(clinician, make_plan, moment, NewPlan(self.word(), (NewActivity(self.word()),)))
        self.do(clinician, change_plan, plan, PlanChange(title=self.word()))
        activity = self.clinic.value("SELECT max(id) FROM activity")
        today = local_day(self.clinic.clock())
        self.do(self.clinic.resident(), mark_activity, moment, activity, today, done=True, note=self.word())
        texts = SafetyTexts(*(self.word() for _ in range(5)))
        self.do(clinician, change_safety_plan, moment, texts, 0)

    def handover(self) -> None:
        """One that is declined."""
        clinic = self.clinic
        entered = NewResident("Ny", "Nina", region="05", email=f"{self.word()}@example.org")
        moment = clinic.start(UNKNOWN, "prov", new_resident=entered)
        self.do(clinic.provider_admin, open_program, "prov", THERE)
        self.do(clinic.clinician, offer_handover, moment, THERE, self.word(), confirmed=True)
        self.do(clinic.strange_admin, decline_handover, moment, self.word())


def _stage(work: Work, word: str) -> None:
    """Leave an import as it is after a power cut."""
    whose = {"key": "k", "kind": RESIDENTS.name, "hsa_id": "", "unit_hsa_id": "", "person": "Drift", "is_whole": 0}
    work.db.insert("fileimport", [whose])
    work.db.insert("stagedrows", [{"import_key": "k", "place": 0, "content": word}])


def columns_with(address: str, words: str) -> set[str]:
    """Return the columns of all tables in which such words stand, in whatever case."""
    found = set()
    with psycopg.connect(address.replace("+psycopg", "")) as raw:
        tables = raw.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (table,) in tables.fetchall():
            for (row,) in raw.execute(f'SELECT row_to_json(t)::text FROM "{table}" t'.encode()).fetchall():
                found |= {f"{table}.{name}" for name, value in json.loads(row).items() if words in str(value).lower()}
    return found


def test_no_word_can_be_read_on_the_server_and_each_is_read_in_the_app(fenced: Clinic) -> None:
    writer = Writer(fenced)
    moment = writer.write()
    address = fenced.store.engine.url
    assert columns_with(address, WORD.lower()) == set()
    assert columns_with(address, "0701740605") == set()
    declared = {f"{table.name}.{name}" for table in sealed_tables().values() for name in table.texts}
    assert columns_with(address, "s1.") >= declared  # a new one is to be written above
    with fenced.store.lend() as db:
        read = [
            str(value)
            for table in sealed_tables().values()
            for value in chain.from_iterable(db.rows(f"SELECT {', '.join(table.texts)} FROM {table.name}"))
        ]
    written = int(writer.word().removeprefix(WORD))
    gone = {f"{WORD}{number}" for number in range(written)} - set(re.findall(rf"{WORD}\d+", " ".join(read)))
    assert len(gone) == 3  # the draft that was written over, the plan's first title, and the second putting off
    with fenced.store.read(fenced.clinician) as work:
        assert {one.moment for one in search_messages(work, WORD.lower())} == {moment}
    assert check_store(fenced.store).faults == ()


def test_the_database_refuses_a_text_that_is_not_sealed(server: Clinic) -> None:
    server.start(program="prov")
    for said in ("UPDATE resident SET mobile = '0701740605'", "UPDATE event SET facts = '{}'"):
        with psycopg.connect(server.store.engine.url.replace("+psycopg", "")) as raw:
            with pytest.raises(psycopg.errors.CheckViolation):
                raw.execute(said.encode())
            raw.rollback()
    server.run("UPDATE resident SET mobile = ''")
    server.run("ALTER TABLE event DROP CONSTRAINT event_facts_sealed")
    assert [fault.split(" är borta")[0] for fault in check_store(server.store).faults] == [
        "Databasens eget skydd mot text som inte är förseglad"
    ]
    with server.store.work(OPERATOR) as work:
        server.store.engine.refuse_plain(work.db)
    assert check_store(server.store).faults == ()


def test_a_seal_opens_in_its_own_place_alone_and_what_was_moved_is_found(server: Clinic) -> None:
    moment = server.start(program="prov")
    with server.store.work(server.clinician) as work:
        first, second = (send_message(work, moment, text, heading=text) for text in ("Ett", "Två"))
    for moved in (
        f"UPDATE message SET text = (SELECT text FROM message WHERE id = {first}) WHERE id = {second}",
        f"UPDATE message SET text = (SELECT heading FROM conversation WHERE heading <> '' LIMIT 1) WHERE id = {second}",
        f"UPDATE message SET text = left(text, -4) WHERE id = {second}",
    ):
        with psycopg.connect(server.store.engine.url.replace("+psycopg", "")) as raw:
            kept = raw.execute("SELECT text FROM message WHERE id = %s", (second,)).fetchone()
            raw.execute(moved.encode())
        with pytest.raises(RowDamaged), server.store.read(server.clinician) as work:
            search_messages(work, "ett")
        assert [fault.split(":")[0] for fault in check_store(server.store).faults] == [
            "1 texter i tabellen message går inte att öppna"
        ]
        server.run("UPDATE message SET text = :text WHERE id = :id", text=kept and kept[0], id=second)
    with server.store.read(server.clinician) as work:
        assert len(search_messages(work, "två")) == 1


def test_who_has_lost_the_key_has_lost_all_that_it_sealed(server: Clinic) -> None:
    moment = server.start(program="prov")
    with server.store.work(server.clinician) as work:
        send_message(work, moment, "Kvar", heading="Prov")
    server.run("DELETE FROM resident_key WHERE resident_id = :id", id=server.adult)
    with closing(open_store(server.store.engine.url, keys=SEALING, clock=server.clock)) as anew:
        with pytest.raises(RowDamaged), anew.read(server.clinician) as work:
            search_messages(work, "kvar")
        faults = check_store(anew).faults
    assert any("tabellen message" in fault for fault in faults)
    assert any("1 invånare har ingen nyckel" in fault for fault in faults)


def test_a_new_data_key_opens_all_and_the_old_one_nothing(server: Clinic) -> None:
    new, address = StoreKeys(new_keys().data, SEALING.log), server.store.engine.url
    refused = pytest.raises(Refused, match="Någon har databasen öppen")
    with closing(open_store(address, keys=SEALING, clock=server.clock)), refused:
        change_wrapping_key(server.store, new)
    Writer(server).write()
    before = texts_of(server.store.engine)
    change_wrapping_key(server.store, new)
    with pytest.raises(KeyWrong):
        open_store(address, keys=SEALING)
    with closing(engine_with(address, new)) as engine:
        assert texts_of(engine) == before
    with closing(open_store(address, keys=new, clock=server.clock)) as anew:
        assert check_store(anew).faults == ()


def texts_of(engine: Engine) -> list[list[tuple[Any, ...]]]:
    """Return all texts of all tables, in the order that they were written."""
    with engine.lend() as db:
        return [
            db.rows(f"SELECT {', '.join(one.texts)} FROM {one.name} ORDER BY {', '.join(one.key) or 'id'}")
            for one in sealed_tables().values()
        ]


@pytest.mark.parametrize("empty", ["postgresql"], indirect=True)
@pytest.mark.parametrize("first", [FIRST, ()], ids=["now", "before"])
def test_a_backup_fills_a_server_sealed_whichever_order_it_has(
    server: Clinic, empty: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, first: tuple[str, ...]
) -> None:
    monkeypatch.setattr("store.upkeep.backing_up.FIRST", first)
    Writer(server).write()
    back_up_store(server.store, tmp_path / "kopia", OPERATOR)
    restore_store(tmp_path / "kopia", empty, SEALING, clock=Clock())
    assert columns_with(empty, WORD.lower()) == set()
    with closing(engine_with(empty, SEALING)) as engine:
        assert texts_of(engine) == texts_of(server.store.engine)
    with closing(open_store(empty, keys=SEALING, clock=server.clock)) as restored:
        assert check_store(restored).faults == ()


def test_the_papers_name_every_column_that_is_sealed() -> None:
    papers = (Path(__file__).parents[2] / "docs" / "domain.md").read_text("utf-8")
    missing = [f"{one.name}.{column}" for one in sealed_tables().values() for column in one.texts]
    assert [name for name in missing if f"`{name}`" not in papers] == []


def test_a_query_that_hides_its_table_is_refused(server: Clinic) -> None:
    with server.store.lend() as db, pytest.raises(InvariantBroken, match="after a comma"):
        db.rows("SELECT f.note FROM moment m, flag f WHERE f.moment_id = m.id")


def test_many_rows_need_one_question_for_the_keys_and_the_next_time_none(
    server: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in (UNKNOWN, "199001022395"):
        server.add_resident(number, mobile="0701740606")
    asked: list[list[int]] = []
    fetch = Seals._fetch

    def noting(self: Seals, driver: Any, residents: Any) -> None:
        asked.append(list(residents))
        fetch(self, driver, residents)

    monkeypatch.setattr(Seals, "_fetch", noting)
    with closing(engine_with(server.store.engine.url, SEALING)) as engine:
        for _ in range(2):
            with engine.lend() as db:
                found = db.values("SELECT mobile FROM resident WHERE mobile <> '' ORDER BY id")
    assert [len(each) for each in asked] == [len(found)] == [3]
