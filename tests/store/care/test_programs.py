"""Programs in the store: installed once, kept by the moments that began with them."""

from dataclasses import replace
from typing import Any

import pytest

from store.care.endings import end_moment
from store.care.messages import send_message
from store.care.program_opening import close_program, open_program
from store.care.programs import install_program, latest_version, program_of
from store.foundation.access import OPERATOR, Actor
from store.foundation.errors import NotPermitted, Refused
from store.people.units import CareProvider
from store.views.moment import open_moment
from tests.clinics import ADULT, CHILD, SMALL, THERE, Clinic, shipped


def test_the_same_version_again_changes_nothing(clinic: Clinic) -> None:
    before = clinic.rows("SELECT * FROM programversion ORDER BY id")
    with clinic.store.work(OPERATOR) as work:
        assert install_program(work, SMALL) == before[1][0]
    assert clinic.rows("SELECT * FROM programversion ORDER BY id") == before


def test_the_same_version_with_another_content_is_refused(clinic: Clinic) -> None:
    with pytest.raises(Refused, match=r"Höj version i program\.toml") as error, clinic.store.work(OPERATOR) as work:
        install_program(work, replace(SMALL, title="Annan"))
    assert error.value.field == "version"


def test_a_running_moment_keeps_its_version(clinic: Clinic) -> None:
    old = clinic.start(program="prov")
    with clinic.store.work(clinic.provider_admin) as work:
        install_program(work, replace(SMALL, version="2", recommended_days=60))
    versions = dict(clinic.rows("SELECT id, version_id FROM moment"))
    with clinic.store.lend() as db:
        assert program_of(db, versions[old]) == SMALL
        newest = latest_version(db, "prov")
        assert newest is not None
        assert program_of(db, newest[0]).recommended_days == 60
        assert latest_version(db, "nonsens") is None


def test_what_is_stored_is_the_whole_program(clinic: Clinic) -> None:
    with clinic.store.lend() as db:
        version = latest_version(db, "komigang-online")
        assert version is not None
        assert program_of(db, version[0]) == shipped("komigang-online")


def test_an_installation_is_logged_by_name_and_version(clinic: Clinic) -> None:
    rows = clinic.log("SELECT actor_kind, actor_name, details FROM log WHERE operation = 'install_program' ORDER BY id")
    assert rows == [
        ("drift", "Driften", f"komigang-online {shipped('komigang-online').version}"),
        ("drift", "Driften", "prov 1"),
    ]


# --- which units may start it ---


def test_an_opened_program_can_be_started_and_a_closed_one_runs_on(clinic: Clinic) -> None:
    with pytest.raises(Refused, match="inte öppet för enheten"):
        clinic.start(ADULT, "prov", by=clinic.stranger)
    before = clinic.store.change_no(clinic.there)
    do(clinic, clinic.provider_admin, open_program, "prov", THERE)
    moment = clinic.start(ADULT, "prov", by=clinic.stranger)
    do(clinic, OPERATOR, close_program, "prov", THERE)
    with pytest.raises(Refused, match="inte öppet för enheten"):
        clinic.start(CHILD, "prov", by=clinic.stranger)
    with clinic.store.work(clinic.stranger) as work:
        send_message(work, moment, "Hej!")
        open_moment(work, moment)
        end_moment(work, moment, "Klart", confirmed=True)
    assert clinic.store.change_no(clinic.there) > before
    rows = clinic.log("SELECT unit_id, actor_kind, details FROM log WHERE operation LIKE '%_program' ORDER BY id")
    assert rows[-2:] == [
        (clinic.there, "personal", f"prov öppnat för {THERE}"),
        (clinic.there, "drift", f"prov stängt för {THERE}"),
    ]


@pytest.mark.parametrize(
    ("act", "program", "sentence"),
    [
        (open_program, "inget", "Programmet inget är inte installerat"),
        (open_program, "komigang-online", "KomIgång online är redan öppet för Enhet Två"),
        (close_program, "prov", "är inte öppet för Enhet Två"),
    ],
)
def test_what_cannot_be_opened_or_closed(clinic: Clinic, act: Any, program: str, sentence: str) -> None:
    with pytest.raises(Refused, match=sentence):
        do(clinic, OPERATOR, act, program, THERE)


def test_another_vardgivares_unit_is_nobodys_to_open(clinic: Clinic) -> None:
    with clinic.store.work(OPERATOR) as work:
        other = work.add(CareProvider(hsa_id="SE2321000040-P2", name="Annan vårdgivare"))
    clinic.run("UPDATE unit SET provider_id = :other WHERE id = :unit", other=other, unit=clinic.there)
    for act, unit in ((open_program, THERE), (close_program, THERE), (open_program, "SE2321000040-INGEN")):
        with pytest.raises(NotPermitted):
            do(clinic, clinic.provider_admin, act, "prov", unit)


def do(clinic: Clinic, by: Actor, act: Any, *arguments: Any) -> None:
    with clinic.store.work(by) as work:
        act(work, *arguments)
