"""Logguppföljning: what is drawn, what rules point out, who may judge what, and what the report says (domain.md §8)."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from store.care.duties import DutyKind, decide_duty, unit_duties
from store.care.endings import end_moment
from store.care.log_draw import DrawKind, Period, drawn, percent_of, rank
from store.care.log_drawing import DrawChoice, draw_from_log
from store.care.log_report import report_lines
from store.care.log_reviews import (
    WITH,
    WITHOUT,
    begin_review,
    judge_rows,
    log_reviews,
    open_review,
    print_review,
    review_again,
    sign_review,
)
from store.care.log_rules import (
    MANY_MINUTES,
    MANY_RESIDENTS,
    RULES,
    Colleague,
    Group,
    Surroundings,
    groups_of,
    hurried_rows,
    pointed_out,
)
from store.foundation.access import Role
from store.foundation.clock import Instant
from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.foundation.log_reading import LogRow, log_rows
from store.views.lists import Tab, list_page
from store.views.moment import open_moment
from tests.clinics import ADULT, CHILD, HIDDEN, MONDAY, THERE, Clinic, Clock, hsa_id_of
from tests.conftest import Stores

REVIEWER, CLINICIAN = hsa_id_of(Role.LOG_REVIEWER), hsa_id_of(Role.CLINICIAN)
MARCH = Period(2026, 3)
ALL = DrawChoice(MARCH, DrawKind.NUMBER, "frö", staff=0, residents=1)


def row(id_: int = 1, at: Instant = MONDAY, **columns: Any) -> LogRow:
    """A row of the log, of a clinician who reads a resident's own moment in the morning."""
    made = LogRow(
        id_, at, at, 1, "", "", "personal", "SE1-a", "Anna Ek", "", "eget moment", "läste", "open_moment",
        ADULT, "Berg, Bo", 7, "", "uppgifter", "", "", "", "", "gjort", "",
    )  # fmt: skip
    return replace(made, **columns)


def pointed(around: Surroundings | None = None, **columns: Any) -> tuple[str, ...]:
    (group,) = groups_of([row(**columns)])
    staff = {"SE1-A": Colleague("SE1-a", "Ek", "Anna"), "SE1-B": Colleague("SE1-b", "Åberg", "Bo")}
    return pointed_out(group, around or Surroundings(staff, frozenset({HIDDEN}), {8: MONDAY - 1}))


@pytest.mark.parametrize(
    ("columns", "rules"),
    [
        ({}, ()),
        ({"resident_name": "EK, Bo"}, ("efternamn",)),
        ({"resident_name": "Ek, Anna"}, ("efternamn", "egen")),
        ({"resident_name": "Åberg, Bo"}, ("kollega",)),
        ({"personnummer": HIDDEN}, ("skyddad",)),
        ({"moment_id": 8}, ("avslutat",)),
        ({"moment_id": 8, "at": Instant(MONDAY - 1)}, ()),
        ({"at": Instant(MONDAY + 12 * 3_600_000 - 1)}, ()),
        ({"at": Instant(MONDAY + 12 * 3_600_000)}, ("tid",)),
        ({"at": Instant(MONDAY - 4 * 3_600_000)}, ()),
        ({"at": Instant(MONDAY - 4 * 3_600_000 - 1)}, ("tid",)),
        ({"ground": "administration"}, ("utan-eget",)),
        ({"ground": "logguppföljning"}, ()),
        ({"ground": "administration", "action": "ändrade"}, ()),
        ({"outcome": "nekat", "reason": "behörighet"}, ("nekat",)),
        ({"outcome": "nekat", "reason": "regel"}, ()),
        ({"personnummer": HIDDEN, "action": "listade"}, ()),
    ],
)
def test_what_each_rule_points_at_and_what_it_does_not(columns: dict[str, Any], rules: tuple[str, ...]) -> None:
    assert pointed(**columns) == rules


def test_many_residents_in_a_short_time_are_counted_by_person_to_the_limit() -> None:
    apart = MANY_MINUTES * 60_000 // (MANY_RESIDENTS - 1)
    rows = [row(n, Instant(MONDAY + n * apart), personnummer=f"{n:012}") for n in range(MANY_RESIDENTS)]
    assert hurried_rows(rows) == set(range(MANY_RESIDENTS))
    assert pointed(Surroundings({}, hurried=frozenset({1}))) == ("manga",)
    assert not hurried_rows([*rows[:-1], replace(rows[-1], at=Instant(rows[0].at + MANY_MINUTES * 60_000 + 1))])
    assert not hurried_rows([*rows[:-1], replace(rows[-1], personnummer=rows[0].personnummer)])
    assert not hurried_rows([*rows[:-1], replace(rows[-1], actor_hsa_id="SE1-b")])
    assert len({rule.id for rule in RULES}) == len(RULES) == 9


def test_the_draw_is_that_of_sha_256_over_the_documented_bytes() -> None:
    # printf 'abc\n2026-10\nSE2321000040-OV01' | sha256sum
    known = "ec0055f8571a1e4bfea6bdf8b5b77b2eb858dacf85d672907eb02a45a13b3eea"
    assert rank("abc", "2026-10", "SE2321000040-OV01") == known
    people = [f"SE1-{n}" for n in range(20)]
    ranked = sorted(people, key=lambda one: rank("frö", "2026-03", one))
    assert drawn("frö", MARCH, [*people, *people], 3) == ranked[:3]
    assert drawn("annat", MARCH, people, 3) != ranked[:3] != drawn("frö", Period(2026, 4), people, 3)
    assert [percent_of(10, number) for number in (1, 10, 11)] == [1, 1, 2]
    assert (Period.before(date(2026, 1, 31)), MARCH.after) == (Period(2025, 12), date(2026, 4, 1))


@pytest.fixture(params=["sqlite", "postgresql", "fenced"])
def march(request: pytest.FixtureRequest, stores: Stores, clock: Clock) -> Iterator[Clinic]:
    """In March the clinician works with three residents, one of them protected; it is April."""
    with stores.clinic(request.param, "clinic", clock) as clinic:
        for number in (ADULT, CHILD, HIDDEN):
            moment = clinic.start(number, "prov")
        with clinic.store.read(clinic.clinician) as work:
            open_moment(work, moment)
            list_page(work, Tab.MINE, "prov", "pagaende")
        with clinic.store.work(clinic.someone(Role.ACCESS_ADMIN)) as work:
            decide_duty(work, DutyKind.LOG_REVIEW, 1, REVIEWER, "Eva Chef", work.today)
        clinic.clock.set(2026, 4, 1, 8)
        yield clinic


def begin(clinic: Clinic, choice: DrawChoice = ALL) -> int:
    with clinic.store.read(clinic.someone(Role.LOG_REVIEWER)) as reading:
        found = draw_from_log(reading, choice)
    with clinic.store.work(clinic.someone(Role.LOG_REVIEWER)) as work:
        return begin_review(work, found)


def test_last_months_review_is_drawn_judged_and_signed_and_its_report_masks_who_is_protected(march: Clinic) -> None:
    reviewer = march.someone(Role.LOG_REVIEWER)
    review = begin(march, replace(ALL, staff=2))
    with march.store.read(reviewer) as work:
        found = open_review(work, review)
        review_again(work, review)
    assert {one.actor_hsa_id for one in found.rows} == {CLINICIAN.upper()}
    assert len(found.rows) == 3
    hidden = next(one for one in found.rows if "invånaren har skyddade personuppgifter" in one.why)
    assert hidden.resident == "Skyddade personuppgifter"
    assert all(one.details == () for one in found.rows)
    logged = march.log("SELECT personnummer, ground FROM log WHERE operation = 'open_review' AND personnummer <> ''")
    assert sorted(logged) == sorted((number, "logguppföljning") for number in (ADULT, CHILD, HIDDEN))
    with march.store.work(reviewer) as work:
        with pytest.raises(Refused, match="3 rader är inte bedömda"):
            sign_review(work, review)
        with pytest.raises(Refused, match="kommentar"):
            judge_rows(work, review, [1], WITH, " ")
        with pytest.raises(NotPermitted):
            judge_rows(work, review, [1, 4], WITHOUT)
        judge_rows(work, review, [hidden.number], WITH, "Varför?")
        judge_rows(work, review, [one.number for one in found.rows if one is not hidden], WITHOUT)
        sign_review(work, review)
        with pytest.raises(Refused, match="redan signerad"):
            sign_review(work, review)
        with pytest.raises(Refused, match="Den ändras inte"):
            judge_rows(work, review, [1], WITHOUT)
    with march.store.read(reviewer) as work:
        text = "\n".join(report_lines(print_review(work, review), "Enheten"))
        (line,) = log_reviews(work)
        duty = next(one for one in unit_duties(work) if one.kind is DutyKind.LOG_REVIEW)
    there = ("frö frö", CLINICIAN.upper(), "Varför?", "1 med anmärkning", "Skyddade personuppgifter")
    assert [words for words in there if words not in text] == []
    assert [number for number in (HIDDEN, ADULT) if number in text] == []
    assert (line.left, line.remarks, line.signed_by) == (0, 1, reviewer.name)
    assert (duty.due_on, duty.done[0].note) == ("2026-05-01", f"Granskning {review} av 2026-03 signerad.")
    with march.store.read(march.someone(Role.LOG_REVIEWER, THERE)) as work:
        assert log_reviews(work) == []
        with pytest.raises(NotPermitted):
            open_review(work, review)


def test_nobody_judges_own_rows_and_a_signature_without_them_says_so(clinic: Clinic) -> None:
    moment = clinic.start()
    reviewer = clinic.someone(Role.LOG_REVIEWER)
    clinic.run(
        "INSERT INTO log (at, wall_at, unit_id, actor_kind, actor_hsa_id, actor_name, action, operation, personnummer,"
        " resident_name, moment_id, details) SELECT at, wall_at, unit_id, 'personal', :who, 'Jag', 'läste', 'x',"
        " :number, 'Prov, Eva', moment_id, '' FROM log WHERE moment_id = :moment",
        who=REVIEWER,
        number=ADULT,
        moment=moment,
    )
    clinic.clock.set(2026, 4, 1, 8)
    review = begin(clinic)
    with clinic.store.read(reviewer) as work:
        own = [one.number for one in open_review(work, review).rows if one.is_own]
    assert len(own) == 1
    with clinic.store.work(reviewer) as work:
        with pytest.raises(Refused, match="är din egen"):
            judge_rows(work, review, own, WITHOUT)
        judge_rows(work, review, [number for number in (1, 2) if number not in own], WITHOUT)
        with pytest.raises(NeedsConfirmation, match="1 rad handlar om vad du själv har gjort"):
            sign_review(work, review)
        sign_review(work, review, confirmed=True)
    with clinic.store.read(reviewer) as work:
        assert "Inte bedömda: 1" in "\n".join(report_lines(print_review(work, review), ""))


def test_a_sealed_log_is_drawn_from_and_no_comment_stands_in_the_store(sealed: Clinic) -> None:
    sealed.start()
    sealed.clock.set(2026, 4, 1, 8)
    targeted = DrawChoice(MARCH, DrawKind.TARGETED, person=ADULT, reason=" Ett \x1b[31mhemligt skäl")
    review = begin(sealed, targeted)
    reviewer = sealed.someone(Role.LOG_REVIEWER)
    with sealed.store.work(reviewer) as work:
        judge_rows(work, review, [1], WITH, "Ett hemligt ord")
    with sealed.store.read(reviewer) as work:
        found = open_review(work, review)
        looked = [one for one in log_rows(work.db, work.keys) if one.operation == "draw_from_log"]
    assert (found.reason, found.rows[0].comment) == ("Ett hemligt skäl", "Ett hemligt ord")
    assert found.rows[0].number_of == ADULT
    assert "start_moment" in "".join(found.rows[0].details)
    assert [(one.personnummer, "misstanke: Ett hemligt skäl" in one.details) for one in looked] == [(ADULT, True)]
    kept = str(sealed.rows("SELECT * FROM logreview")) + str(sealed.rows("SELECT * FROM logreviewrow"))
    assert "hemligt" not in kept
    assert ADULT not in kept


def test_what_cannot_be_drawn_is_refused(clinic: Clinic) -> None:
    clinic.start()
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, 1, "Övrigt")
    for choice, sentence in (
        (ALL, "2026-03 är inte slut"),
        (replace(ALL, period=Period(2026, 2)), "loggen har inga rader"),
        (replace(ALL, period=Period(2026, 2), seed=" "), "Ange ett frö"),
        (replace(ALL, period=Period(2026, 2), residents=0), "minst en anställd"),
        (replace(ALL, period=Period(2026, 2), staff=101), "Ange antalet i personalen som ett heltal från 0 till 100"),
        (replace(ALL, period=Period(2026, 2), percent=0), "Ange andelen i procent"),
        (DrawChoice(MARCH, DrawKind.TARGETED, person=ADULT), "Ange skälet"),
        (DrawChoice(MARCH, DrawKind.TARGETED, reason="x"), "Ange vem"),
        (DrawChoice(MARCH, DrawKind.TARGETED, person=CHILD, reason="x"), "personen finns inte i loggen"),
    ):
        with clinic.store.read(clinic.someone(Role.LOG_REVIEWER)) as work, pytest.raises(Refused, match=sentence):
            draw_from_log(work, choice)
    for text in ("2026-13", "2026-1", "202610", "2026-00", "ÅÅÅÅ-MM", "1999-01"):
        with pytest.raises(Refused, match="är ingen månad"):
            Period.parse(text)
    clinic.clock.set(2026, 4, 1, 8)
    begin(clinic)
    with pytest.raises(Refused, match="redan dragen"):
        begin(clinic)
    assert len(groups_of([row(personnummer=None), row(actor_hsa_id=None)])) == 0
    assert Group("a", "b", "c", [row(action="listade")]).is_listed_only
