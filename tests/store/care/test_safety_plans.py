"""Säkerhetsplaner: versions, what crosses, whose they are, and who is told."""

import pytest

from store.care.endings import end_moment
from store.care.handovers import accept_handover, offer_handover
from store.care.maintenance import maintain_moment
from store.care.safety_plan_text import SafetyTexts
from store.care.safety_plans import change_own_safety_plan, change_safety_plan, refusal_of
from store.foundation.access import OPERATOR, Role
from store.foundation.errors import NotPermitted, Refused
from store.people.crisis_numbers import PLACE, CrisisNumbers, crisis_numbers, with_numbers
from store.views.safety_plan import (
    SafetyPage,
    open_safety_plan,
    read_own_safety_plan,
    safety_plan_page,
    view_safety_plan,
)
from tests.clinics import GUARDIAN, THERE, Clinic, hsa_id_of, shipped

FIRST = SafetyTexts(warning_signs="Jag slutar svara.")
SECOND = SafetyTexts(warning_signs="Jag slutar svara.", what_helps="Gå ut.")


def write(clinic: Clinic, moment: int, texts: SafetyTexts = FIRST, version: int = 0) -> str:
    with clinic.store.work(clinic.clinician) as work:
        return change_safety_plan(work, moment, texts, version)


def write_as_resident(clinic: Clinic, moment: int, texts: SafetyTexts = SECOND, version: int = 0) -> str:
    with clinic.store.work(clinic.resident()) as work:
        return change_own_safety_plan(work, moment, texts, version)


def page(clinic: Clinic, moment: int) -> SafetyPage:
    with clinic.store.read(clinic.clinician) as work:
        return view_safety_plan(work, moment)


def flags(clinic: Clinic) -> list[tuple[int, bool]]:
    rows = clinic.rows("SELECT moment_id, handled_at IS NULL FROM flag WHERE kind = 'sakerhetsplan' ORDER BY id")
    return [(moment, bool(is_open)) for moment, is_open in rows]


def test_a_plan_is_kept_in_versions(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    assert (page(clinic, moment).version, page(clinic, moment).texts) == (0, SafetyTexts())
    assert write(clinic, moment, SafetyTexts(warning_signs="\n Jag slutar svara.\x1b[31m \n")) == ""
    assert write(clinic, moment, SECOND, 1) == ""
    found = page(clinic, moment)
    assert [(one.version, one.texts) for one in found.versions] == [(2, SECOND), (1, FIRST)]
    assert found.newest is not None
    assert (found.newest.saved_by, found.newest.saved_at) == (clinic.clinician.name, clinic.clock())
    with pytest.raises(Refused, match="inget att ändra"):
        write(clinic, moment, SECOND, 2)
    kinds = clinic.rows("SELECT kind FROM event WHERE kind LIKE 'sakerhetsplan%' ORDER BY at, seq")
    assert [kind for (kind,) in kinds] == ["sakerhetsplan-andrad"] * 2


def test_of_two_that_write_at_once_one_is_refused_and_both_texts_are_kept(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    write(clinic, moment)
    write_as_resident(clinic, moment, SECOND, 1)
    mine = SafetyTexts(whom_to_call="Syster")
    newer = write(clinic, moment, mine, 1)
    refusal = refusal_of(newer)
    assert refusal is not None
    assert refusal.message.startswith("Invånaren (2026-")
    found = page(clinic, moment)
    assert (found.texts, found.version) == (SECOND, 2)
    assert [(one.texts, one.version, one.beside) for one in found.beside] == [(mine, 1, "krock")]
    assert write(clinic, moment, mine, 2) == ""
    assert (page(clinic, moment).texts, page(clinic, moment).beside) == (mine, ())
    assert clinic.value("SELECT count(*) FROM safetyplan") == 4


def test_the_resident_is_told_of_no_name_when_an_edit_crosses(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    write(clinic, moment)
    assert write_as_resident(clinic, moment, SECOND, 0).startswith("Din behandlare (")


def test_two_moments_on_a_unit_have_one_plan_and_both_are_told(clinic: Clinic) -> None:
    one, other = clinic.start(program="prov"), clinic.start(program="komigang-online", confirmed=True)
    write_as_resident(clinic, one)
    assert page(clinic, other).texts == SECOND
    assert flags(clinic) == [(one, True), (other, True)]
    with clinic.store.work(clinic.clinician) as work:
        open_safety_plan(work, one)
    assert flags(clinic) == [(one, False), (other, True)]
    write_as_resident(clinic, one, FIRST, 1)
    assert flags(clinic)[2:] == [(one, True), (other, True)]
    write(clinic, other, SECOND, 2)
    assert flags(clinic)[2:] == [(one, True), (other, False)]


def test_who_only_looks_takes_no_flag_away(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    write_as_resident(clinic, moment)
    with clinic.store.work(clinic.someone(Role.RESIDENT_ADMIN)) as work:
        open_safety_plan(work, moment)
    page(clinic, moment)
    assert flags(clinic) == [(moment, True)]


def test_another_unit_has_a_plan_of_its_own(clinic: Clinic) -> None:
    here = clinic.start(program="prov")
    there = clinic.start(program="komigang-online", by=clinic.stranger, confirmed=True)
    write(clinic, here)
    with clinic.store.read(clinic.stranger) as work:
        assert view_safety_plan(work, there).versions == ()
        with pytest.raises(NotPermitted):
            view_safety_plan(work, here)


def test_after_the_end_it_is_read_as_it_was_then(clinic: Clinic) -> None:
    ended, running = clinic.start(program="prov"), clinic.start(program="komigang-online", confirmed=True)
    write(clinic, ended)
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, ended, "Klart", confirmed=True)
    clinic.clock.set(2026, 3, 3)
    write(clinic, running, SECOND, 1)
    assert page(clinic, ended).texts == FIRST
    assert page(clinic, running).texts == SECOND
    with pytest.raises(Refused, match="Momentet är avslutat"):
        write(clinic, ended, SECOND, 1)
    with clinic.store.read(clinic.resident()) as work:
        assert read_own_safety_plan(work, ended).texts == SECOND


def test_in_maintenance_staff_change_it_and_the_resident_reads(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moment)
    write(clinic, moment)
    with pytest.raises(Refused, match="vidmakthållande"):
        write_as_resident(clinic, moment, SECOND, 1)


@pytest.mark.parametrize("has_own", [False, True])
def test_the_unit_that_takes_over_gets_the_plan(clinic: Clinic, has_own: bool) -> None:
    with clinic.store.work(OPERATOR) as work:
        work.db.run("INSERT INTO openprogram (unit_id, program) VALUES (:unit, 'prov')", unit=clinic.there)
    moment = clinic.start(program="prov")
    write(clinic, moment)
    if has_own:
        own = clinic.start(program="komigang-online", by=clinic.stranger, confirmed=True)
        with clinic.store.work(clinic.stranger) as work:
            change_safety_plan(work, own, SECOND, 0)
    with clinic.store.work(clinic.clinician) as work:
        offer_handover(work, moment, THERE, "x", confirmed=True)
    with clinic.store.work(clinic.someone(Role.RESIDENT_ADMIN, THERE)) as work:
        accept_handover(work, moment, hsa_id_of(Role.CLINICIAN, THERE))
    with clinic.store.read(clinic.stranger) as work:
        found = safety_plan_page(work, moment)
    assert (found.texts, [one.texts for one in found.beside]) == ((SECOND, [FIRST]) if has_own else (FIRST, []))
    assert found.newest is not None
    assert (found.beside or found.versions)[0].saved_by == clinic.clinician.name


def test_a_resident_without_a_plan_leaks_none_of_anothers(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    write(clinic, moment)
    with clinic.store.read(clinic.resident(GUARDIAN)) as work, pytest.raises(NotPermitted):
        read_own_safety_plan(work, moment)


def test_the_numbers_are_unconfirmed_until_that_day_or_later() -> None:
    shipped = crisis_numbers()
    numbers = CrisisNumbers(shipped.written, shipped.lines)
    day = shipped.written.isoformat()
    assert numbers.note("") == f"Kontrollera numren. De skrevs {day}, och enheten har inte bekräftat dem."
    assert numbers.note("2020-01-01") == numbers.note("")
    assert numbers.note(day) == f"Enheten kontrollerade numren {day}."
    assert any("90101" in line for line in numbers.lines)


def test_the_crisis_pages_have_the_numbers_and_their_day_until_the_unit_has_confirmed_them() -> None:
    day = crisis_numbers().written.isoformat()
    pages = [step for name in ("nedstamdhet", "min-vardplan", "sovhjalpen") for _, step in shipped(name).steps()]
    pages = [step for step in pages if PLACE in step.text]
    assert [step.id for step in pages] == ["om-det-ar-akut", "tankar-och-narstaende", "om-du-mar-samre"]
    for step in pages:
        assert all(f"- {line}" in with_numbers(step.text) for line in crisis_numbers().lines)
        assert f"*Kontrollera numren ({day}).*" in with_numbers(step.text)
        assert "Kontrollera numren" not in with_numbers(step.text, day)
