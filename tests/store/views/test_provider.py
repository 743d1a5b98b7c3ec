"""*Vårdgivare*: which unit runs what, in which version, and who administers it."""

from dataclasses import replace

from store.care.endings import end_moment
from store.care.maintenance import maintain_moment
from store.care.program_opening import close_program
from store.care.programs import install_program
from store.foundation.access import Role
from store.views.provider import COUNTED, NO_ADMIN, ONE_ADMIN, RUNNING, Provided, RunningVersion, provided
from tests.clinics import (
    ADULT,
    CHILD,
    ELSEWHERE,
    GUARDIAN,
    HERE,
    PROVIDER_ADMIN,
    SMALL,
    THERE,
    Clinic,
    hsa_id_of,
    staff,
)


def seen(clinic: Clinic) -> Provided:
    with clinic.store.read(clinic.provider_admin) as work:
        return provided(work)


def test_programs_stand_with_the_versions_that_run(clinic: Clinic) -> None:
    for number in (CHILD, GUARDIAN, ELSEWHERE):
        clinic.start(number, "prov", confirmed=True)
    ended = clinic.start(ADULT, "prov", confirmed=True)
    maintained = clinic.value("SELECT min(id) FROM moment")
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, ended, "Klart", confirmed=True)
        maintain_moment(work, maintained)
    with clinic.store.work(clinic.provider_admin) as work:
        install_program(work, replace(SMALL, version="2"))
    clinic.start(ADULT, "prov", confirmed=True)
    with clinic.store.work(clinic.provider_admin) as work:
        close_program(work, "prov", HERE)
    here, there = seen(clinic).units
    shown = {one.program: one for one in here.programs}
    assert (shown["prov"].version, shown["prov"].is_open) == ("2", False)
    assert shown["prov"].running == (RunningVersion("2", 1), RunningVersion("1", 3))
    assert (shown["prov"].moments, shown["komigang-online"].running) == (4, ())
    assert [(one.program, one.is_open) for one in there.programs] == [("komigang-online", True)]


def test_units_with_one_administrator_or_none_are_marked(clinic: Clinic) -> None:
    with clinic.store.work(clinic.provider_admin) as work:
        work.db.run("UPDATE unit SET name = 'Åkern' WHERE id = :id", id=clinic.here)
    found = seen(clinic)
    assert [one.name for one in found.units] == ["Enhet Två", "Åkern"]
    assert [one.advice for one in found.units] == [ONE_ADMIN, ONE_ADMIN]
    assert [who.hsa_id for who in found.administrators] == [PROVIDER_ADMIN]
    with clinic.store.work(clinic.provider_admin) as work:
        staff(work, clinic.here, f"{HERE}second", Role.ACCESS_ADMIN)
        work.db.run(
            "UPDATE assignment SET active = 0 WHERE unit_id = :unit AND staff_id ="
            " (SELECT id FROM staff WHERE hsa_id = :who)",
            unit=clinic.there,
            who=hsa_id_of(Role.ACCESS_ADMIN, THERE),
        )
    assert [one.advice for one in seen(clinic).units] == [NO_ADMIN, ""]


def test_what_has_ended_is_not_looked_at(filed: Clinic) -> None:
    with filed.store.lend() as db:
        plan = db.rows(
            f"EXPLAIN QUERY PLAN {RUNNING.format(counted=COUNTED)}",
            running="pagaende",
            maintained="vidmakthallande",
            id=1,
        )
    read = [step for *_, step in plan if " m " in step]
    assert read == ["SEARCH m USING INDEX moment_mine (unit_id=? AND responsible_id=? AND program=? AND status=?)"]
