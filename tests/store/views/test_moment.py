"""One moment as *Hantera* shows it, and what the resident's side sees."""

import pytest

from store.care.endings import end_moment
from store.care.form_answers import mark_answer_read
from store.care.program_files import Contact
from store.foundation.errors import NotPermitted
from store.people.units import SUPPORT
from store.views.moment import MomentPage, open_moment, reveal_protected
from store.views.residents_side import OwnMoment, own_moments
from tests.clinics import CHILD, GUARDIAN, HIDDEN, Clinic
from tests.forms import given


def page(clinic: Clinic, moment: int) -> MomentPage:
    with clinic.store.read(clinic.clinician) as work:
        return open_moment(work, moment)


def test_the_panel_of_a_new_moment(clinic: Clinic) -> None:
    seen = page(clinic, clinic.start(program="prov"))
    assert (seen.name, seen.mobile, seen.channel, seen.proxies) == ("Berg, Åsa", "0701740605", "sms", ())
    assert (seen.program_title, seen.status, seen.recommended_days) == ("Ångest – prov", "pagaende", 30)
    assert (seen.started_at, seen.last_active_at, seen.ended_at) == (clinic.clock.now, None, None)
    assert (seen.clinician, seen.clinician_name) == (clinic.clinician.hsa_id, clinic.clinician.name)
    assert (seen.is_mine, seen.severity, seen.purge_by) == (True, None, "2028-03-02")
    assert seen.contact == Contact("Ek, Nils", "nils.ek@example.org")
    assert seen.end_reasons == ("Klart", "Övrigt")


def test_a_child_has_an_ombud_and_a_protected_guardian_is_said(clinic: Clinic) -> None:
    moment = clinic.start(CHILD)
    seen = page(clinic, moment)
    assert (seen.proxies, seen.has_protected_guardian) == (("Ulla Berg",), False)
    clinic.run("UPDATE resident SET protection = 'sekretessmarkering' WHERE personnummer = :number", number=GUARDIAN)
    seen = page(clinic, moment)
    assert (seen.proxies, seen.has_protected_guardian) == ((), True)


def test_an_admin_sees_that_it_is_anothers(clinic: Clinic) -> None:
    moment = clinic.start()
    with clinic.store.read(clinic.admin) as work:
        assert not open_moment(work, moment).is_mine


def test_an_ended_moment_is_still_read(clinic: Clinic) -> None:
    moment = clinic.start()
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Övrigt")
    seen = page(clinic, moment)
    assert (seen.status, seen.ended_at, seen.end_reason) == ("avslutat", clinic.clock.now, "Övrigt")


def test_revealing_a_protected_resident_is_a_row_of_its_own(clinic: Clinic) -> None:
    moment = clinic.start(HIDDEN)
    with clinic.store.read(clinic.clinician) as work:
        assert reveal_protected(work, moment) == (HIDDEN, "Dold, Dan")
    assert clinic.log("SELECT operation FROM log WHERE action = 'läste' AND personnummer = :number", number=HIDDEN) == [
        ("reveal_protected",)
    ]


def test_the_residents_side_sees_its_own_on_every_unit(clinic: Clinic) -> None:
    first = clinic.start()
    second = clinic.start(by=clinic.stranger, confirmed=True)
    clinic.start(GUARDIAN)
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, first, "Övrigt")
    with clinic.store.read(clinic.resident()) as work:
        assert own_moments(work, "komigang-online") == [OwnMoment(first, True), OwnMoment(second, False)]
        assert own_moments(work, "prov") == []
    with clinic.store.read(clinic.resident(CHILD)) as work, pytest.raises(NotPermitted):
        open_moment(work, first)


def test_the_latest_notice_to_the_resident_that_was_settled_tells_whether_any_comes_through(filed: Clinic) -> None:
    moment, other = filed.start(program="prov"), filed.start()
    filed.run("DELETE FROM notice")

    def notice(state: str, done_at: int | None, *, of: int = moment, staff: bool = False) -> None:
        filed.run(
            "INSERT INTO notice (resident_id, moment_id, unit_id, recipient_id, staff_id, kind, state, due_at, fault,"
            " done_at) VALUES (:resident, :moment, :unit, :recipient, :staff, 'meddelande', :state, 1, :fault, :done)",
            resident=filed.adult,
            moment=of,
            unit=filed.here,
            recipient=None if staff else filed.adult,
            staff=filed.clinician.staff_id if staff else None,
            state=state,
            fault=f"fel {done_at}",  # of an attempt before, where it was sent
            done=done_at,
        )

    said = []
    for state, done_at, options in (
        ("misslyckad", 10, {"staff": True}),
        ("misslyckad", 20, {"of": other}),
        ("vantar", None, {}),
        ("misslyckad", 30, {}),
        ("skickad", 25, {}),
        ("vantar", None, {}),
        ("skickad", 40, {}),
    ):
        notice(state, done_at, **options)
        said.append(page(filed, moment).notice_fault)
    assert said == ["", "", "", "fel 30", "fel 30", "fel 30", ""]


def test_what_belongs_to_one_program_and_one_guardian_of_two(filed: Clinic) -> None:
    other = filed.value("SELECT id FROM resident WHERE personnummer = :number", number=HIDDEN)
    child = filed.value("SELECT id FROM resident WHERE personnummer = :number", number=CHILD)
    filed.run("INSERT INTO guardian (child_id, guardian_id) VALUES (:child, :other)", child=child, other=other)
    moment, without = filed.start(CHILD, "prov"), filed.start(CHILD)
    seen = page(filed, moment)
    assert (seen.proxies, seen.has_protected_guardian) == (("Ulla Berg",), True), "one of them is"
    assert (seen.has_diary, page(filed, without).has_diary) == (True, False)
    assert seen.support == SUPPORT
    filed.run("UPDATE unit SET support = 'Anna, 14141' WHERE id = :id", id=filed.here)
    assert page(filed, moment).support == "Anna, 14141"


def test_the_unread_forms_are_that_moments_the_oldest_first(filed: Clinic) -> None:
    moment, other = filed.start(program="prov"), filed.start(program="prov", confirmed=True)
    answers = []
    for weight in (0, 1, 2):
        filed.clock.now += 1  # type: ignore[assignment]
        answers.append(filed.answer(moment, given(weight, 0, 0)))
    filed.answer(other, given(0, 0, 0))
    filed.run("UPDATE formanswer SET saved_at = saved_at - 10 WHERE id = :id", id=answers[2])
    with filed.store.work(filed.clinician) as work:
        mark_answer_read(work, moment, answers[1])
    waiting = page(filed, moment).waiting_forms
    assert [(one.id, one.form, one.title) for one in waiting] == [
        (answers[2], "maende", "Mående"),
        (answers[0], "maende", "Mående"),
    ]
    assert len(page(filed, other).waiting_forms) == 1
