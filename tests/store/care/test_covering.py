"""Absence: an invånaradministratör works for a colleague, or moves all that a colleague has."""

import json

import pytest

from store.care.maintenance import maintain_moment
from store.care.switching import switch_all
from store.foundation.access import Role
from store.foundation.errors import NotPermitted, Refused
from store.people.sign_in import StaffActor
from store.views.conversations import open_conversation
from store.views.diary import open_diary
from store.views.form_pages import open_answer
from store.views.todo import open_todo
from store.views.unit_overview import movable_moments
from tests.clinics import CHILD, COLLEAGUE, ELSEWHERE, GUARDIAN, THERE, Clinic, hsa_id_of
from tests.forms import NIGHT, given
from tests.store.letters import write

CLINICIAN = hsa_id_of(Role.CLINICIAN)


def unread(clinic: Clinic) -> tuple[int, int]:
    """How many answers and messages are unread."""
    return (
        int(clinic.value("SELECT count(*) FROM formanswer WHERE read_at IS NULL")),
        int(clinic.value("SELECT coalesce(sum(unread), 0) FROM conversation")),
    )


def open_all(clinic: Clinic, moment: int, by: StaffActor, *, covers: bool) -> None:
    """Open an answer, a diary and a conversation."""
    answer = int(clinic.value("SELECT id FROM formanswer WHERE form = 'maende'"))
    conversation = int(clinic.value("SELECT id FROM conversation"))
    with clinic.store.work(by) as work:
        open_answer(work, moment, answer, covers=covers)
        open_diary(work, moment, covers=covers)
        open_conversation(work, moment, conversation, covers=covers)


@pytest.fixture
def waiting(clinic: Clinic) -> int:
    """A moment in which a form, a diary and a message wait."""
    moment = clinic.start(program="prov")
    clinic.answer(moment, given(1, 1, 0))
    clinic.answer(moment, json.dumps(NIGHT), "dagbok")
    write(clinic, moment)
    return moment


def test_what_who_covers_opens_is_handled_in_their_name(clinic: Clinic, waiting: int) -> None:
    open_all(clinic, waiting, clinic.admin, covers=True)
    assert unread(clinic) == (0, 0)
    assert set(clinic.rows("SELECT read_by FROM formanswer")) == {(clinic.admin.name,)}


def test_what_an_admin_opens_without_covering_stays_unread(clinic: Clinic, waiting: int) -> None:
    open_all(clinic, waiting, clinic.admin, covers=False)
    assert unread(clinic) == (2, 1)


def test_who_only_watches_cannot_cover(clinic: Clinic, waiting: int) -> None:
    clinic.answer(waiting, given(1, 1, 2))
    with clinic.store.work(clinic.colleague) as work:
        open_diary(work, waiting, covers=True)
    assert unread(clinic) == (3, 1)


@pytest.fixture
def four(clinic: Clinic) -> list[int]:
    """The clinician's moments; the last is in maintenance."""
    numbers = ("198001022386", GUARDIAN, CHILD, ELSEWHERE)
    moments = [clinic.start(number, program="prov", confirmed=True) for number in numbers]
    with clinic.store.work(clinic.clinician) as work:
        maintain_moment(work, moments[-1])
    return moments


def test_all_moments_move_each_with_its_event_and_its_log_row(clinic: Clinic, four: list[int]) -> None:
    with clinic.store.work(clinic.admin) as work:
        assert switch_all(work, CLINICIAN, COLLEAGUE, message="Kim tar över.") == 4
    assert clinic.rows("SELECT moment_id FROM event WHERE kind = 'behandlare-bytt' ORDER BY moment_id") == [
        (moment,) for moment in four
    ]
    logged = "SELECT count(*) FROM log WHERE operation = 'switch_clinician' AND action = 'ändrade'"
    assert clinic.value(logged) == 4
    texts = clinic.rows("SELECT moment_id FROM message WHERE text = 'Kim tar över.' ORDER BY moment_id")
    assert texts == [(moment,) for moment in four[:3]]  # nothing is written in maintenance
    with clinic.store.read(clinic.clinician) as work:
        assert open_todo(work) == []


def test_what_is_left_out_stays(clinic: Clinic, four: list[int]) -> None:
    with clinic.store.read(clinic.admin) as work:
        assert [one.id for one in movable_moments(work, CLINICIAN)] == sorted(four, key=lambda one: names(clinic, one))
    with pytest.raises(Refused, match="minst ett"), clinic.store.work(clinic.admin) as work:
        switch_all(work, CLINICIAN, COLLEAGUE, leave=four)
    with clinic.store.work(clinic.admin) as work:
        assert switch_all(work, CLINICIAN, COLLEAGUE, leave=four[:1]) == 3
    stays = clinic.rows("SELECT id FROM moment WHERE responsible_id = :id", id=clinic.clinician.staff_id)
    assert stays == [(four[0],)]


def names(clinic: Clinic, moment: int) -> str:
    return str(clinic.value("SELECT sort_name FROM moment WHERE id = :id", id=moment))


def test_all_or_none_move(clinic: Clinic, four: list[int]) -> None:
    assert four
    with pytest.raises(Refused, match="inte aktiv behandlare"), clinic.store.work(clinic.admin) as work:
        switch_all(work, CLINICIAN, f"{THERE}nobody")
    assert clinic.value("SELECT count(*) FROM event WHERE kind = 'behandlare-bytt'") == 0


def test_who_has_stopped_leaves_nothing_behind(clinic: Clinic, four: list[int]) -> None:
    clinic.run("UPDATE assignment SET active = 0 WHERE staff_id = :who", who=clinic.clinician.staff_id)
    with clinic.store.work(clinic.admin) as work:
        assert switch_all(work, CLINICIAN, COLLEAGUE) == len(four)


def test_ended_moments_stay(clinic: Clinic, four: list[int]) -> None:
    clinic.run("UPDATE moment SET status = 'avslutat' WHERE id = :id", id=four[0])
    with clinic.store.work(clinic.admin) as work:
        assert switch_all(work, CLINICIAN, COLLEAGUE) == 3


@pytest.mark.parametrize("of", [COLLEAGUE, CLINICIAN])
def test_where_there_is_nothing_it_is_said(clinic: Clinic, of: str) -> None:
    with pytest.raises(Refused, match="har inga moment att flytta"), clinic.store.work(clinic.admin) as work:
        switch_all(work, of, COLLEAGUE)


@pytest.mark.parametrize("of", [hsa_id_of(Role.CLINICIAN, THERE), "SE2321000040-finnsinte", ""])
def test_another_units_are_nobodys(clinic: Clinic, of: str) -> None:
    with pytest.raises(NotPermitted), clinic.store.work(clinic.admin) as work:
        switch_all(work, of, COLLEAGUE)
