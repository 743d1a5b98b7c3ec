"""*Personal*: everybody on the unit a page at a time, with roles, trainings and moments; and the access table."""

from datetime import timedelta
from typing import Any

import pytest

from store.care.resident_import import import_residents
from store.care.staffing import take_role
from store.foundation.access import OPERATOR, Role
from store.foundation.clock import Instant
from store.foundation.errors import NotPermitted, Refused
from store.foundation.operation import OPERATIONS
from store.foundation.text import sort_name
from store.people.assignments import add_staff, give_role, record_training
from store.people.personnel import (
    StaffLine,
    permissions,
    personnel,
    staff_history,
    staff_line,
    staff_offset,
    staff_page,
    staff_page_at,
)
from store.people.staff import Assignment, Staff
from tests.clinics import COLLEAGUE, INACTIVE, PREFIX, THERE, Clinic, hsa_id_of
from tests.signing_in import let_in
from tests.store.people.staffing import ADMIN, CLINICIAN, RESIDENT_ADMIN, TODAY, admin_of, do, second_admin, see

NAMES = ("Öberg", "Åberg", "Ärlig", "Berg", "von Berg", "Zorn", "Berg Lund")
IN_ORDER = ("Berg", "Berg Lund", "von Berg", "Zorn", "Åberg", "Ärlig", "Öberg")


@pytest.fixture
def many(clinic: Clinic) -> Clinic:
    """A unit with more staff, half of them inactive."""
    for active in (0, 1):
        with clinic.store.work(OPERATOR) as work:
            for place, family in enumerate(NAMES):
                name = sort_name(family, "Åsa")
                hsa_id = f"{PREFIX}M{active}{place}"
                person = Staff(hsa_id=hsa_id, family_name=family, given_name="Åsa", sort_name=name)
                staff_id = work.add(person)
                work.add(Assignment(staff_id=staff_id, unit_id=clinic.here, active=active, sort_name=name))
    return clinic


def families(lines: list[StaffLine]) -> list[str]:
    return [line.family_name for line in lines]


def test_a_person_is_shown_with_all_that_the_administrator_decides(clinic: Clinic) -> None:
    clinic.start()
    clinic.start(program="prov")
    clinic.run(
        "UPDATE staff SET email = 'kim@example.org', protection = 'sekretessmarkering' WHERE hsa_id = :id", id=ADMIN
    )
    line = see(clinic, staff_line, CLINICIAN)
    assert (line.name, line.hsa_id, line.is_active, line.moments) == ("T1clinician, Kim", CLINICIAN, True, 2)
    assert ([role.role for role in line.roles], line.trainings) == ([Role.CLINICIAN], ("komigang-online",))
    assert (line.roles[0].is_held, line.roles[0].is_kept, line.roles[0].given_at) == (True, False, 0)
    own = see(clinic, staff_line, ADMIN)
    assert (own.email, own.protection) == ("kim@example.org", "sekretessmarkering")
    inactive = see(clinic, staff_line, INACTIVE)
    assert (inactive.is_active, inactive.roles[0].is_held) == (False, True)


def test_roles_stand_in_their_own_order(clinic: Clinic) -> None:
    clinic.run(
        "INSERT INTO assignmentrole (staff_id, unit_id, role) SELECT s.id, :unit, r.role FROM staff s,"
        " (SELECT 'loggranskare' AS role UNION SELECT 'invånaradministratör') r WHERE s.hsa_id = :id",
        unit=clinic.here,
        id=COLLEAGUE,
    )
    held = [role.role for role in see(clinic, staff_line, COLLEAGUE).roles]
    assert held == [Role.CLINICIAN, Role.RESIDENT_ADMIN, Role.LOG_REVIEWER]


def test_the_numbers_stand_over_the_list(many: Clinic) -> None:
    found = see(many, personnel)
    assert (found.active, found.inactive) == (14, 8)
    assert found.advice[0].startswith("Kim T1accessadmin är ensam behörighetsadministratör.")
    second_admin(many)
    assert see(many, personnel).advice == ()


@pytest.mark.parametrize("active", [True, False])
def test_pages_follow_one_another_in_swedish_order(many: Clinic, active: bool) -> None:
    def page(after: Any, *, back: bool = False) -> list[StaffLine]:
        found: list[StaffLine] = see(many, staff_page, active=active, after=after, limit=3, back=back)
        return found

    whole = see(many, staff_page, active=active, limit=100)
    assert [family for family in families(whole) if not family.startswith("T1")] == list(IN_ORDER)
    lines, after = [], None
    while found := page(after):
        lines += found
        after = found[-1].key
    assert lines == whole
    lines, after = [], None
    while found := page(after, back=True):
        lines = found + lines
        after = found[0].key
    assert lines == whole
    for place, line in enumerate(whole):
        assert see(many, staff_offset, active=active, key=line.key) == place
        assert see(many, staff_page_at, active=active, skip=place, limit=2) == whole[place : place + 2]


def test_nobody_is_no_page(clinic: Clinic) -> None:
    clinic.run("DELETE FROM assignment WHERE active = 0")
    assert see(clinic, staff_page, active=False) == []


def test_only_the_own_units_staff_is_seen(clinic: Clinic) -> None:
    everybody = {line.hsa_id for line in see(clinic, staff_page, active=True, limit=100)}
    assert hsa_id_of(Role.CLINICIAN, THERE) not in everybody
    with pytest.raises(NotPermitted):
        see(clinic, staff_line, hsa_id_of(Role.CLINICIAN, THERE))
    do(clinic, add_staff, hsa_id_of(Role.CLINICIAN, THERE))
    assert see(clinic, staff_line, hsa_id_of(Role.CLINICIAN, THERE)).roles == ()


def test_the_access_table_is_shown_whole_in_swedish_order(clinic: Clinic) -> None:
    found = see(clinic, permissions)
    texts = [one.text for one in found]
    assert texts == sorted(texts, key=lambda text: sort_name(text, ""))
    by_text = {one.text: one.may for one in found}
    assert by_text["Avsluta ett moment"] == ("ansvarig behandlare",)
    assert by_text["Byta ansvarig behandlare"] == ("invånaradministratör", "ansvarig behandlare")
    assert by_text["Ge en person en roll"] == ("behörighetsadministratör",)
    assert import_residents.__name__ in OPERATIONS
    for text in ("Utse en behörighetsadministratör", "Se sina egna moment"):  # nobody on the staff
        assert text not in by_text
    assert "Öppna listorna Mina, Alla och Avslutade" in by_text
    deeds = {one.text for one in found if one.is_deed}
    assert {"Avsluta ett moment", "Ge en person en roll", "Öppna flaggor"} <= deeds
    assert deeds.isdisjoint({"Läsa om öppna flaggor", "Räkna personalen före en plats", "Spara ett utkast"})


def test_what_was_done_with_a_person_is_told_the_newest_first(clinic: Clinic) -> None:
    until = TODAY + timedelta(days=30)
    assert see(clinic, staff_history, COLLEAGUE) == []
    do(clinic, record_training, COLLEAGUE, Role.TRAINER.value)
    do(clinic, give_role, COLLEAGUE, Role.RESIDENT_ADMIN, "Vikarie", until=until, confirmed=True)
    clinic.clock.now = Instant(clinic.clock.now + 1)
    do(clinic, take_role, COLLEAGUE, Role.RESIDENT_ADMIN, "Klar")
    do(clinic, give_role, RESIDENT_ADMIN, Role.CLINICIAN, "Någon annan", confirmed=True)
    with pytest.raises(Refused):
        do(clinic, take_role, COLLEAGUE, Role.RESIDENT_ADMIN, "Igen")
    history = see(clinic, staff_history, COLLEAGUE)
    assert [one.what for one in history] == [
        "rollen invånaradministratör borttagen: Klar",
        f"rollen invånaradministratör given till och med {until}: Vikarie",
        "utbildning utbildare registrerad",
    ]
    assert {one.by for one in history} == {admin_of(clinic).name}
    assert [one.at for one in history] == [clinic.clock.now, clinic.clock.now - 1, clinic.clock.now - 1]
    with pytest.raises(NotPermitted):
        see(clinic, staff_history, COLLEAGUE, by=admin_of(clinic, THERE))


@pytest.mark.parametrize("kind", ["practice", "real"])
def test_the_trainers_role_is_named_in_a_practice_environment_alone(filed: Clinic, kind: str) -> None:
    filed.store.kind = kind
    named = {who for one in see(filed, permissions, by=let_in(filed.store, admin_of(filed))) for who in one.may}
    assert (str(Role.TRAINER) in named) is (kind == "practice")
    assert {str(Role.CLINICIAN), "ansvarig behandlare"} <= named


def test_what_was_done_with_a_person_is_told_where_the_log_is_sealed(sealed: Clinic) -> None:
    do(sealed, record_training, COLLEAGUE, Role.TRAINER.value)
    assert [one.what for one in see(sealed, staff_history, COLLEAGUE)] == ["utbildning utbildare registrerad"]
