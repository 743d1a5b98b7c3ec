"""Statistik: what is counted of a whole month, once, and who sees what of it."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from store.care.day_run import run_day
from store.care.month_counting import Counted, Figure, Month
from store.care.small_cells import Cell
from store.care.statistics import Hidden, Shown, Statistics, _hiding, count_whole_months, rounded, see_statistics
from store.foundation.access import OPERATOR, Role
from store.foundation.clock import instant
from store.people.sign_in import StaffActor
from tests.clinics import ADULT, ELSEWHERE, GUARDIAN, Clinic, Clock
from tests.conftest import Stores
from tests.forms import given
from tests.store.letters import send


def at(month: int, day: int, hour: int = 12) -> int:
    return instant(datetime(2026, month, day, hour, tzinfo=UTC))


def see(clinic: Clinic, by: StaffActor, *, is_published: bool = False, program: str = "prov") -> Statistics:
    with clinic.store.read(by) as work:
        return see_statistics(work, program, Month(2025, 12), Month(2026, 12), is_published=is_published)


def figures(found: Statistics) -> dict[tuple[Figure, str], tuple[int | None, ...]]:
    return {(line.figure, line.detail): tuple(one.number for one in line.months) for line in found.lines}


def a_winter(clinic: Clinic) -> list[int]:
    """Let three start in January, two of whom end in February; one asks and is answered. Returns the moments."""
    moments = [clinic.start(number, "prov", confirmed=True) for number in (ADULT, GUARDIAN, ELSEWHERE)]
    first, second, _ = moments
    send(clinic, first, "Hur går det?")
    started = at(1, 31, 23)  # the first minutes of February in Stockholm
    clinic.run("UPDATE moment SET started_at = :at", at=at(1, 10))
    clinic.run("UPDATE moment SET started_at = :at WHERE id = :id", at=started, id=moments[2])
    for moment, reason, day in ((first, "Klart", 28), (second, "Övrigt", 11)):
        clinic.run(
            "UPDATE moment SET status = 'avslutat', ended_at = :at, end_reason = :reason WHERE id = :id",
            at=at(2, day),
            reason=reason,
            id=moment,
        )
    place = clinic.value("SELECT id FROM conversation")
    resident = clinic.value("SELECT resident_id FROM moment WHERE id = :id", id=first)
    columns = "resident_id, moment_id, conversation_id, unit_id, sender, author, text, sent_at"
    for sender, when in (
        ("invanare", at(1, 31)),
        ("invanare", at(2, 1)),
        ("behandlare", at(2, 1, 15)),
        ("behandlare", at(2, 2)),
        ("invanare", at(2, 3)),
    ):
        clinic.run(
            f"INSERT INTO message ({columns}) VALUES (:resident, :moment, :place, :unit, :sender, 'Prov', '', :at)",
            resident=resident,
            moment=first,
            place=place,
            unit=clinic.here,
            sender=sender,
            at=when,
        )
    for week, seconds in (("2026-W05", 60), ("2026-W08", 120), ("2026-W09", 6000)):  # the first Sunday is in February
        clinic.run(
            "INSERT INTO timespent (resident_id, moment_id, staff_id, week, seconds, unit_id)"
            " VALUES (:resident, :moment, :staff, :week, :seconds, :unit)",
            resident=resident,
            moment=first,
            staff=clinic.clinician.staff_id,
            week=week,
            seconds=seconds,
            unit=clinic.here,
        )
    return moments


def test_whole_months_are_counted_once_and_stay_as_they_were(clinic: Clinic) -> None:
    moments = a_winter(clinic)
    run_day(clinic.store, OPERATOR)
    found = see(clinic, clinic.someone(Role.RESIDENT_ADMIN))
    assert (found.months, found.is_exact, found.threshold) == ((Month(2026, 1), Month(2026, 2)), True, 5)
    expected = {
        (Figure.STARTED, ""): (2, 1),
        (Figure.RUNNING, ""): (2, 1),
        (Figure.ENDED, ""): (0, 2),
        (Figure.REASON, "Klart"): (0, 1),
        (Figure.REASON, "Övrigt"): (0, 1),
        (Figure.LENGTH, ""): (None, 40),
        (Figure.CLINICIANS, ""): (1, 1),
        (Figure.ANSWER_TIME, ""): (None, None),
        (Figure.MINUTES, ""): (None, None),
    }
    assert figures(found) == expected
    kept = clinic.rows("SELECT figure, number, hidden FROM monthfigure WHERE figure IN ('svarstid', 'minuter')")
    assert sorted(kept) == [("minuter", 3, 2), ("svarstid", 27 * 60, 2)]
    assert all(shown.is_hidden for line in found.lines if line.figure is Figure.MINUTES for shown in line.months[1:])

    clinic.run("UPDATE moment SET ended_at = NULL, status = 'pagaende' WHERE id = :id", id=moments[0])
    clinic.clock.set(2026, 3, 31)
    assert count_whole_months(clinic.store, OPERATOR) == 0  # the month is not whole
    clinic.clock.set(2026, 3, 31, 22)
    assert count_whole_months(clinic.store, OPERATOR) == 1
    assert count_whole_months(clinic.store, OPERATOR) == 0
    after = figures(see(clinic, clinic.someone(Role.RESIDENT_ADMIN)))
    assert after[Figure.STARTED, ""] == (2, 1, 0)
    assert after[Figure.ENDED, ""] == (0, 2, 0)
    assert after[Figure.RUNNING, ""] == (2, 1, 2)


def test_what_is_published_or_shown_to_others_has_no_small_number(clinic: Clinic) -> None:
    a_winter(clinic)
    run_day(clinic.store, OPERATOR)
    for found in (see(clinic, clinic.clinician), see(clinic, clinic.someone(Role.RESIDENT_ADMIN), is_published=True)):
        assert not found.is_exact
        numbers = figures(found)
        assert numbers[Figure.STARTED, ""] == (None, None)
        assert numbers[Figure.ENDED, ""] == (0, None)
        shown = [one for line in found.lines for one in line.months]
        assert {one.number for one in shown} == {0, None}
    elsewhere = see(clinic, clinic.strange_admin)
    assert (elsewhere.months, elsewhere.lines) == ((), ())


@pytest.fixture
def fenced(stores: Stores, clock: Clock) -> Iterator[Clinic]:
    with stores.clinic("fenced", "clinic", clock) as entered:
        yield entered


def test_behind_the_fence_the_operator_counts_and_each_unit_sees_its_own(fenced: Clinic) -> None:
    a_winter(fenced)
    assert count_whole_months(fenced.store, OPERATOR) == 2
    assert see(fenced, fenced.someone(Role.RESIDENT_ADMIN)).months == (Month(2026, 1), Month(2026, 2))
    assert see(fenced, fenced.strange_admin).months == ()


def test_what_has_been_measured_goes_by_what_the_scales_source_calls_a_change(sealed: Clinic) -> None:
    """From the first answer to the last of a moment that ended; the answers are read where they are sealed, too."""
    for number, answers in (
        (ADULT, ((3, 3, 0), (0, 0, 0), (1, 0, 0))),
        (GUARDIAN, ((0, 0, 0), (2, 2, 0))),
        (ELSEWHERE, ((1, 1, 1),)),
    ):
        moment = sealed.start(number, "prov", confirmed=True)
        for weights in answers:
            sealed.answer(moment, given(*weights), number=number)
    sealed.run(
        "UPDATE moment SET started_at = :start, ended_at = :end, status = 'avslutat'", start=at(1, 5), end=at(1, 9)
    )
    assert count_whole_months(sealed.store, OPERATOR) == 1
    found = figures(see(sealed, sealed.someone(Role.RESIDENT_ADMIN)))
    assert {detail: numbers for (figure, detail), numbers in found.items() if figure is Figure.CHANGE} == {
        "Mående: pålitlig förbättring": (1,),
        "Mående: pålitlig försämring": (1,),
    }


def test_five_clinicians_let_minutes_be_seen_and_few_answered_hide_the_time_to_answer() -> None:
    cells = {Cell(Figure.STARTED): 20, Cell(Figure.RUNNING): 20, Cell(Figure.ENDED): 0}
    cells |= {Cell(Figure.MINUTES): 600, Cell(Figure.ANSWER_TIME): 90}
    few = Counted({**cells, Cell(Figure.CLINICIANS): 4}, answered=9)
    many = Counted({**cells, Cell(Figure.CLINICIANS): 5}, answered=4)
    hidden = _hiding(few, (), 5)
    assert (hidden[Cell(Figure.MINUTES)], hidden[Cell(Figure.ANSWER_TIME)]) == (Hidden.FROM_ALL, Hidden.FROM_ALL)
    assert hidden[Cell(Figure.CLINICIANS)] is Hidden.WHERE_PUBLISHED
    hidden = _hiding(many, (), 5)
    assert hidden[Cell(Figure.MINUTES)] is Hidden.FROM_NOBODY
    assert hidden[Cell(Figure.ANSWER_TIME)] is Hidden.WHERE_PUBLISHED


def test_one_small_change_of_a_scale_takes_the_least_other_along() -> None:
    cells = {Cell(Figure.STARTED): 0, Cell(Figure.RUNNING): 0, Cell(Figure.ENDED): 30}
    cells |= {Cell(Figure.REASON, "Klart"): 30}
    changes = {
        Cell(Figure.CHANGE, f"PHQ-9: {one}"): number for one, number in (("bättre", 12), ("lika", 9), ("sämre", 2))
    }
    others = {Cell(Figure.CHANGE, f"GAD-7: {one}"): number for one, number in (("bättre", 6), ("lika", 5))}
    hidden = _hiding(Counted({**cells, **changes, **others}), (), 5)
    assert {cell.detail for cell, how in hidden.items() if how is Hidden.WHERE_PUBLISHED} == {
        "PHQ-9: lika",
        "PHQ-9: sämre",
    }


def test_a_published_number_is_the_nearest_five() -> None:
    assert [rounded(number) for number in (0, 3, 5, 7, 8, 12, 13)] == [0, 5, 5, 5, 10, 10, 15]
    assert Shown(None, is_hidden=True).number is None
