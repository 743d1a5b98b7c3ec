"""The practice cast as contract.md §4 has it, to the letter, and as domain.md §9 allows it."""

import subprocess
import sys
from datetime import date
from typing import Any

import pytest

from store.data import data_folder
from store.foundation.access import Role
from store.foundation.clock import days_between, local_day
from store.foundation.contact import FICTIONAL_MOBILES
from store.foundation.errors import NotPermitted
from store.foundation.fictional import is_fictional
from store.foundation.identity import PersonalNumber
from store.foundation.log_reading import log_rows
from store.foundation.store import Store
from store.opening import create_store
from store.people.residents import ResidentActor
from store.people.sign_in import SeveralUnits, sign_in
from store.practice import NotPractice, act_as_resident, cast_of
from store.practice.cast import Deed
from store.practice.reading import read_cast, read_residents
from store.practice.seed import CAST_FILE, RESIDENTS_FILE
from tests.opened_log import ask_log

OVN1, OVN2 = "SE2321000040-OVN1", "SE2321000040-OVN2"
PROGRAMS = {path.name for path in (data_folder() / "programs").iterdir()}
C, RA, AA, DA, LR, TR, PA = (
    Role.CLINICIAN,
    Role.RESIDENT_ADMIN,
    Role.ACCESS_ADMIN,
    Role.DATA_ADMIN,
    Role.LOG_REVIEWER,
    Role.TRAINER,
    Role.PROVIDER_ADMIN,
)


def person(suffix: str) -> str:
    return f"SE2321000040-{suffix}"


def rows(store: Store, sql: str, **parameters: object) -> list[Any]:
    with store.lend() as db:
        found = db.rows(sql, **parameters)
    return [row[0] if len(row) == 1 else row for row in found]


def running(store: Store, suffix: str) -> list[Any]:
    return rows(
        store,
        "SELECT r.personnummer, m.program FROM moment m JOIN resident r ON r.id = m.resident_id"
        " JOIN staff s ON s.id = m.responsible_id WHERE s.hsa_id = :hsa_id AND m.status = 'pagaende'",
        hsa_id=person(suffix),
    )


def test_everybody_stands_in_the_choice_list_once_for_each_unit(practice: Store) -> None:
    assert [(one.hsa_id[-4:], one.unit_hsa_id, one.roles) for one in cast_of(practice)] == [
        ("OV01", OVN1, (C,)),
        ("OV02", OVN1, (C, RA)),
        ("OV03", OVN1, (AA,)),
        ("OV04", OVN1, (DA, LR)),
        ("OV05", OVN1, (TR,)),
        ("OV11", OVN2, (C, RA)),
        ("OV12", OVN1, (C,)),
        ("OV12", OVN2, (C,)),
        ("OV13", OVN2, (AA,)),
        ("OV21", None, (PA,)),
    ]


def test_the_choice_list_agrees_with_signing_in(practice: Store) -> None:
    for one in cast_of(practice):
        actor = sign_in(practice, one.hsa_id, one.unit_hsa_id)
        assert (actor.name, actor.unit_name, actor.roles) == (one.name, one.unit_name, frozenset(one.roles))


def test_the_choice_list_does_not_need_sqlmodel() -> None:
    code = "import store.practice, sys; sys.exit('sqlmodel' in sys.modules or 'sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_who_is_inactive_cannot_sign_in(practice: Store) -> None:
    with pytest.raises(NotPermitted):
        sign_in(practice, person("OV06"))
    assert rows(practice, "SELECT r.role FROM staff s JOIN assignmentrole r ON r.staff_id = s.id"
                " JOIN assignment a ON a.staff_id = s.id WHERE s.hsa_id = :hsa_id AND a.active = 0",
                hsa_id=person("OV06")) == ["behandlare"]  # fmt: skip


def test_one_works_on_both_units(practice: Store) -> None:
    with pytest.raises(SeveralUnits):
        sign_in(practice, person("OV12"))


def test_the_units(practice: Store) -> None:
    assert rows(practice, "SELECT hsa_id, region, service_area FROM unit ORDER BY hsa_id") == [
        (OVN1, "05", "hela-landet"),
        (OVN2, "05", "egen-region"),
    ]
    opened = rows(practice, "SELECT hsa_id, program FROM openprogram JOIN unit ON unit.id = unit_id")
    assert {program for unit, program in opened if unit == OVN1} == PROGRAMS
    assert {program for unit, program in opened if unit == OVN2} == {"komigang-online"}


def test_all_programs_are_installed(practice: Store) -> None:
    assert set(rows(practice, "SELECT program FROM programversion")) == PROGRAMS


@pytest.mark.parametrize(
    ("suffix", "trained"),
    [("OV01", PROGRAMS), ("OV02", PROGRAMS), ("OV06", PROGRAMS | {"behandlare"}), ("OV12", {"komigang-online"})],
)
def test_trainings(practice: Store, suffix: str, trained: set[str]) -> None:
    assert trained <= trainings(practice, suffix)


def test_ov11_has_no_training_for_komigang(practice: Store) -> None:
    assert "komigang-online" not in trainings(practice, "OV11")


def trainings(store: Store, suffix: str) -> set[str]:
    sql = "SELECT subject FROM training JOIN staff ON staff.id = staff_id WHERE hsa_id = :hsa_id"
    return set(rows(store, sql, hsa_id=person(suffix)))


def test_ov01_has_enough_to_do(practice: Store) -> None:
    mine = running(practice, "OV01")
    assert 7 <= len(mine) <= 9
    assert ("198001022386", "komigang-online") in mine
    assert {program for _, program in mine} == PROGRAMS


def test_the_other_clinicians_have_something_too(practice: Store) -> None:
    assert len(running(practice, "OV02")) >= 2
    assert len(running(practice, "OV12")) >= 2
    units = rows(practice, "SELECT u.hsa_id FROM moment m JOIN unit u ON u.id = m.unit_id")
    assert units.count(OVN2) >= 2


def test_moments_stand_at_every_point_of_their_life(practice: Store) -> None:
    now = practice.clock()
    moments = rows(practice, "SELECT status, started_at, last_active_at, purge_by FROM moment")
    statuses = [status for status, *_ in moments]
    assert statuses.count("vidmakthallande") >= 1
    assert statuses.count("avslutat") >= 2
    assert any(status == "pagaende" and active is None for status, _, active, _ in moments)
    left = [(date.fromisoformat(purge_by) - local_day(now)).days for *_, purge_by in moments]
    assert any(0 < days < 90 for days in left)
    assert all(days_between(started, now) >= 1 for _, started, _, _ in moments)


def test_the_register_holds_some_without_a_moment(practice: Store) -> None:
    free = rows(practice, "SELECT personnummer, protection, region FROM resident r"
                " WHERE NOT EXISTS (SELECT 1 FROM moment m WHERE m.resident_id = r.id)")  # fmt: skip
    today = local_day(practice.clock())
    protected = [PersonalNumber(number).age(today) or 0 for number, protection, _ in free if protection]
    assert ("200001252386", "sekretessmarkering", "05") in free
    assert any(age >= 18 for age in protected)
    assert any(age < 13 for age in protected)
    assert any(region != "05" for *_, region in free)


def test_the_one_who_is_free_for_exercises(practice: Store) -> None:
    assert rows(
        practice, "SELECT region, protection, channel, email <> '' FROM resident WHERE personnummer = '200001012384'"
    ) in ([("05", "", "epost", 1)], [("05", "", "epost", True)])


def test_everything_is_made_up(practice: Store) -> None:
    assert all(is_fictional(PersonalNumber(number)) for number in rows(practice, "SELECT personnummer FROM resident"))
    for table in ("resident", "staff"):
        mobiles = [mobile for mobile in rows(practice, f"SELECT mobile FROM {table}") if mobile]
        assert mobiles
        assert set(mobiles) <= set(FICTIONAL_MOBILES)
        emails = [email for email in rows(practice, f"SELECT email FROM {table}") if email]
        assert emails
        assert all(email.endswith("@example.org") for email in emails)


def test_mobiles_and_names_belong_to_one_each(practice: Store) -> None:
    mobiles = [one for table in ("resident", "staff") for one in rows(practice, f"SELECT mobile FROM {table}") if one]
    assert len(set(mobiles)) == len(mobiles)
    names = rows(practice, "SELECT sort_name FROM resident UNION ALL SELECT sort_name FROM staff")
    assert len(set(names)) == len(names)


def test_a_child_acts_through_the_first_ombud(practice: Store) -> None:
    actor = act_as_resident(practice, "20200101-2398")
    assert (actor.kind, actor.name) == ("ombud", "Maria Bergqvist")
    assert isinstance(actor, ResidentActor)
    assert actor.is_proxy


def test_a_protected_child_and_an_adult_act_themselves(practice: Store) -> None:
    assert act_as_resident(practice, "202001022389").kind == "invånare"
    assert act_as_resident(practice, "8001022386").name == "Lena Andersson"


def test_nobody_acts_as_somebody_unknown(practice: Store) -> None:
    with pytest.raises(NotPermitted):
        act_as_resident(practice, "195002132446")


def test_in_a_real_store_nobody_plays(tmp_path: object) -> None:
    real = create_store(f"{tmp_path}/riktig.db", kind="real")
    with pytest.raises(NotPractice):
        act_as_resident(real, "198001022386")
    with pytest.raises(NotPractice):
        cast_of(real)
    real.close()


def test_what_the_cast_did_stands_in_timeline_and_log(practice: Store) -> None:
    """No act is without its event and its log row, and none of them comes before an earlier one."""
    cast = read_residents(data_folder() / RESIDENTS_FILE, read_cast(data_folder() / CAST_FILE))
    acts = [act for moment in cast.moments for act in moment.acts]
    raised = "actor_kind = 'system'"  # flags, and what closes them
    assert set(rows(practice, f"SELECT kind FROM event WHERE {raised}")) == {"flagga-satt", "flagga-stangd"}
    events = rows(practice, f"SELECT moment_id, at, kind FROM event WHERE NOT {raised}")
    along = [act for act in acts if act.message and act.deed in (Deed.SWITCH, Deed.END)]
    apart = (
        Deed.READ_FORM,
        Deed.READ_MESSAGES,
        Deed.DRAFT,
    )  # one of those reads all that is unread; a draft is no event
    others = [act for act in acts if act.deed not in apart]
    told = ("formular-last", "meddelande-last", "stallforetradare-utsedd")
    assert sum(kind not in told for *_, kind in events) == len(others) + len(along)
    written = [act for act in acts if act.deed in (Deed.WRITE, Deed.MESSAGE)]
    assert sum(kind == "meddelande-skickat" for *_, kind in events) == len(written) + len(along)
    assert sum(kind == "steg-last" for *_, kind in events) == sum(act.deed is Deed.READ for act in acts)
    assert sum(kind == "startat" for *_, kind in events) == len(cast.moments)
    whose = dict(rows(practice, "SELECT m.id, personnummer FROM moment m JOIN resident r ON r.id = m.resident_id"))
    with practice.lend() as db:
        log = [row for row in log_rows(db, None) if row.moment_id is not None]
    own = {(row.moment_id, row.at) for row in log if row.personnummer == whose[row.moment_id]
           and row.operation != "save_draft"}  # fmt: skip
    assert own == {(moment, at) for moment, at, _ in events}
    also = [(row.operation, row.personnummer) for row in log if row.personnummer != whose[row.moment_id]]
    guardians = {child.number: child.guardians for child in cast.residents}
    ombud = [("start_moment", number) for moment in cast.moments for number in guardians[moment.resident]]
    assert sorted(also) == sorted(ombud)
    times = rows(practice, "SELECT coalesce(moment_id, 0), at FROM log WHERE outcome = 'gjort' ORDER BY id")
    for which in {moment for moment, _ in times} - {0}:
        mine = [at for moment, at in times if moment == which]
        assert mine == sorted(mine)
    assert max(at for _, at in times) < practice.clock()


def test_everybody_in_the_register_came_there_by_an_import(practice: Store) -> None:
    with practice.lend() as db:
        imported = ask_log(db, None, "SELECT personnummer FROM log WHERE operation = 'import_residents'")
    assert sorted(number for (number,) in imported) == sorted(rows(practice, "SELECT personnummer FROM resident"))


def test_the_counters_hold(practice: Store) -> None:
    counted = rows(practice, "SELECT unit_id, responsible_id, program, status, count(*) FROM moment"
                   " GROUP BY 1, 2, 3, 4 ORDER BY 1, 2, 3, 4")  # fmt: skip
    kept = rows(practice, "SELECT * FROM momentcount WHERE number <> 0 ORDER BY 1, 2, 3, 4")
    assert counted == kept
    latest = "SELECT max(at) FROM event e WHERE e.moment_id = m.id AND actor_kind IN ('invånare', 'ombud')"
    assert all(active == last for active, last in rows(practice, f"SELECT last_active_at, ({latest}) FROM moment m"))


def test_reminders_of_ended_moments_are_taken_back(practice: Store) -> None:
    unsent = rows(practice, "SELECT m.status = 'avslutat', n.state FROM notice n JOIN moment m ON m.id = moment_id"
                  " WHERE n.state <> 'skickad'")  # fmt: skip
    assert set(unsent) == {(0, "vantar"), (1, "aterkallad")}


def test_what_should_have_gone_out_by_now_has(practice: Store) -> None:
    now = practice.clock()
    due = rows(practice, "SELECT due_at FROM notice WHERE state = 'vantar'")
    assert due
    assert min(due) > now
    assert "skickad" in rows(practice, "SELECT state FROM notice")


def test_there_is_something_to_read_and_to_answer(practice: Store) -> None:
    mine = rows(practice, "SELECT unread_messages FROM moment m JOIN staff s ON s.id = m.responsible_id"
                " WHERE s.hsa_id = :hsa_id AND m.oldest_unanswered_at IS NOT NULL", hsa_id=person("OV01"))  # fmt: skip
    assert any(mine)


def test_the_unit_and_a_person_have_templates(practice: Store) -> None:
    found = rows(practice, "SELECT u.hsa_id, t.staff_id IS NULL FROM messagetemplate t JOIN unit u ON u.id = unit_id")
    assert {(OVN1, 0), (OVN1, 1)} <= set(found)


def test_one_unit_says_what_it_does_at_risk(practice: Store) -> None:
    (here, there) = rows(practice, "SELECT risk_instruction FROM unit ORDER BY hsa_id")
    assert here
    assert there == ""


def test_there_are_flags_of_every_severity_and_of_time(practice: Store) -> None:
    """A fresh environment has something to learn each of them by; Lena has nothing that waits."""
    opened = rows(practice, "SELECT severity, kind FROM flag WHERE handled_at IS NULL")
    assert {severity for severity, _ in opened} == {"prioriterad", "varning", "upplysning"}
    assert {kind for _, kind in opened} >= {"svar", "forsamring", "modul", "tyst", "saknas", "langd", "gallring"}
    lena = "SELECT unread_forms, unread_messages, open_flags FROM moment m JOIN resident r ON r.id = m.resident_id"
    assert rows(practice, f"{lena} WHERE r.personnummer = '198001022386'") == [(0, 0, 0)]
    assert rows(practice, "SELECT DISTINCT state FROM notice WHERE kind = 'personal-prioriterat'") == ["skickad"]
