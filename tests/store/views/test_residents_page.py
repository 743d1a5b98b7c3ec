"""A moment as the resident sees it, and as staff look at that: what is new, what can be opened, and what is logged."""

from dataclasses import replace
from datetime import timedelta

import pytest

from store.care.endings import end_moment
from store.care.maintenance import maintain_moment
from store.care.messages import send_message
from store.care.modules import hide_module, open_module, read_step
from store.care.program_shape import program_to_json
from store.care.safety_plan_text import SafetyTexts
from store.care.safety_plans import change_own_safety_plan, change_safety_plan
from store.foundation.access import Actor
from store.foundation.clock import Instant
from store.foundation.errors import NotPermitted, Refused
from store.views.plans import residents_activities
from store.views.residents_page import (
    Part,
    ResidentsPage,
    open_residents_side,
    own_programs,
    residents_form,
    residents_page,
    residents_scores,
    residents_step,
)
from store.views.residents_side import read_own_messages, residents_messages
from store.views.safety_plan import residents_safety_plan
from tests.clinics import SMALL, Clinic
from tests.forms import given


@pytest.fixture
def moment(clinic: Clinic) -> int:
    return clinic.start(program="prov")


def page_of(clinic: Clinic, moment: int, actor: Actor | None = None) -> ResidentsPage:
    with clinic.store.read(actor or clinic.resident()) as work:
        return residents_page(work, moment)


def steps_of(page: ResidentsPage) -> list[str]:
    return [step.id for module in page.modules for step in module.steps]


def test_what_is_hidden_or_not_opened_is_not_there(clinic: Clinic, moment: int) -> None:
    assert steps_of(page_of(clinic, moment)) == ["hej", "sen"]
    with clinic.store.work(clinic.clinician) as work:
        open_module(work, moment, "mer")
        hide_module(work, moment, "ett")
    page = page_of(clinic, moment)
    assert steps_of(page) == ["hej", "sen", "c"]
    assert page == page_of(clinic, moment, clinic.clinician)
    with clinic.store.read(clinic.clinician) as work, pytest.raises(Refused, match="inte öppet"):
        residents_step(work, moment, "a")


def test_where_to_read_on(clinic: Clinic, moment: int) -> None:
    with clinic.store.work(clinic.resident()) as work:
        read_step(work, moment, "hej")
    found = page_of(clinic, moment).next_step
    assert found is not None
    assert (found[0].id, found[1].id) == ("start", "sen")


def test_a_form_is_waited_for_until_it_is_answered(clinic: Clinic, moment: int) -> None:
    with clinic.store.work(clinic.clinician) as work:
        open_module(work, moment, "mer")
    due = {form.id for form in page_of(clinic, moment).due}
    assert "maende" in due
    clinic.answer(moment, given(1, 1, 0))
    page = page_of(clinic, moment)
    answered = next(form for form in page.forms if form.id == "maende")
    assert {form.id for form in page.due} == due - {"maende"}
    assert (answered.answered_at, answered.is_open) == (clinic.clock.now, False)
    assert next(form for form in page.forms if form.id == "dagbok").is_open


def test_a_held_message_is_not_there_until_it_goes(clinic: Clinic, moment: int) -> None:
    with clinic.store.work(clinic.clinician) as work:
        send_message(work, moment, "Hej!", hold=True)
    page = page_of(clinic, moment)
    assert (page.unread, page.next_at) == (0, clinic.clock.now + 5_000)
    clinic.clock.now = Instant(clinic.clock.now + 5_000)
    page = page_of(clinic, moment)
    assert (page.unread, page.next_at) == (1, None)
    with clinic.store.work(clinic.resident()) as work:
        read_own_messages(work, moment)
    assert page_of(clinic, moment).unread == 0


def test_staff_mark_nothing_by_looking_and_each_part_has_its_row(clinic: Clinic, moment: int) -> None:
    with clinic.store.work(clinic.clinician) as work:
        send_message(work, moment, "Hej!")
    before = page_of(clinic, moment)
    changes, rows = clinic.store.change_no(clinic.here), clinic.value("SELECT count(*) FROM log")
    for part in Part:
        with clinic.store.read(clinic.admin) as work:
            open_residents_side(work, moment, part)
            residents_page(work, moment)
            residents_step(work, moment, "hej")
            residents_form(work, moment, "maende")
            residents_messages(work, moment)
            residents_activities(work, moment)
            residents_safety_plan(work, moment)
    assert page_of(clinic, moment) == before
    assert clinic.store.change_no(clinic.here) == changes
    new = clinic.rows("SELECT operation, action, thing_id, category, actor_hsa_id FROM log ORDER BY id")[rows:]
    assert [row[2] for row in new if row[0] == "open_residents_side"] == [part.value for part in Part]
    mine = [row for row in new if row[4] == clinic.admin.hsa_id]
    assert {row[1] for row in mine} == {"läste"}
    assert {row[3] for row in mine} == {"uppgifter", "moduler", "formulär", "meddelanden", "planer"}


def test_who_does_not_see_the_moment_does_not_see_the_side(clinic: Clinic, moment: int) -> None:
    for actor in (clinic.colleague, clinic.stranger, clinic.strange_admin):
        with pytest.raises(NotPermitted):
            page_of(clinic, moment, actor)


def test_what_staff_wrote_in_the_plan_is_news_until_the_resident_has_been_there(clinic: Clinic, moment: int) -> None:
    with clinic.store.work(clinic.clinician) as work:
        change_safety_plan(work, moment, SafetyTexts(what_helps="Gå ut"), 0)
    assert page_of(clinic, moment).plan_is_news
    clinic.clock.now = Instant(clinic.clock.now + 60_000)
    with clinic.store.work(clinic.resident()) as work:
        read_step(work, moment, "hej")
    assert not page_of(clinic, moment).plan_is_news


def test_of_an_ended_moment_staff_see_the_plan_as_it_was_and_the_resident_as_it_is(clinic: Clinic, moment: int) -> None:
    with clinic.store.work(clinic.resident()) as work:
        change_own_safety_plan(work, moment, SafetyTexts(what_helps="Gå ut"), 0)
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Klart", confirmed=True)
    clinic.clock.now = Instant(clinic.clock.now + timedelta(days=1) // timedelta(milliseconds=1))
    other = clinic.start(program="prov")
    with clinic.store.work(clinic.resident()) as work:
        change_own_safety_plan(work, other, SafetyTexts(what_helps="Ring Bo"), 1)
    for actor, said in ((clinic.clinician, "Gå ut"), (clinic.resident(), "Ring Bo")):
        with clinic.store.read(actor) as work:
            assert residents_safety_plan(work, moment).texts.what_helps == said


def test_an_ended_moment_has_nothing_to_read_and_one_in_maintenance_nothing_to_answer(
    clinic: Clinic, moment: int
) -> None:
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moment)
    page = page_of(clinic, moment)
    assert (steps_of(page), page.due, page.next_step, page.news) == (["hej", "sen"], (), None, 0)
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Klart", confirmed=True)
    assert steps_of(page_of(clinic, moment)) == []


def test_protected_staff_are_not_named(clinic: Clinic, moment: int) -> None:
    clinic.run("UPDATE staff SET protection = 'sekretessmarkering' WHERE id = :id", id=clinic.clinician.staff_id)
    assert page_of(clinic, moment).clinician == "din behandlare"


def test_scores_are_shown_where_the_program_says_so(clinic: Clinic, moment: int) -> None:
    clinic.answer(moment, given(1, 1, 0))
    with clinic.store.read(clinic.resident()) as work, pytest.raises(Refused, match="visar inga resultat"):
        residents_scores(work, moment)
    shows = program_to_json(replace(SMALL, shows_scores=True))
    clinic.run("UPDATE programversion SET content = :text WHERE program = 'prov'", text=shows)
    assert page_of(clinic, moment).shows_scores
    with clinic.store.read(clinic.resident()) as work:
        assert [point.value for series in residents_scores(work, moment) for point in series.points] == [2]


def test_own_programs_are_all_of_ones_own_those_that_go_on_first(clinic: Clinic, moment: int) -> None:
    clinic.clock.now = Instant(clinic.clock.now + 60_000)
    other = clinic.start(program="komigang-online", confirmed=True)
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, other, "Övrigt", confirmed=True)
    with clinic.store.read(clinic.resident()) as work:
        assert [page.id for page in own_programs(work, clinic.adult)] == [moment, other]
