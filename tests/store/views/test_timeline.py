"""The timeline: every event once, in any pages, by kind and by day."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.care.conversations import mark_conversation_unread
from store.care.delivery import claim_notice, notice_failed, notice_sent
from store.care.endings import end_moment
from store.care.modules import hide_module, open_module, read_step
from store.care.moments import load_moment
from store.care.switching import switch_clinician
from store.foundation.access import OPERATOR
from store.foundation.clock import local_day, start_of
from store.foundation.events import TOLD, Category, EventKind, insert_event
from store.people.channels import SMS
from store.views.timeline import (
    Source,
    Span,
    TimelineRow,
    open_timeline,
    timeline_page,
    treatment_week,
    week_of,
)
from tests import forms
from tests.clinics import CHILD, COLLEAGUE, Clinic
from tests.properties import examples
from tests.store.letters import newest, read, send, write


def test_every_kind_of_event_has_its_category() -> None:
    assert set(TOLD) == set(EventKind)


EVERYTHING = Span()


def rows_of(clinic: Clinic, moment: int, span: Span = EVERYTHING, limit: int = 100) -> list[TimelineRow]:
    with clinic.store.read(clinic.admin) as work:
        page = open_timeline(work, moment, span, limit)
        found = list(page.rows)
        while page.more:
            page = timeline_page(work, moment, span, limit, before=(found[-1].at, found[-1].seq))
            found += page.rows
    return found


def test_all_that_happened_in_words_and_what_it_opens(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with clinic.store.work(clinic.clinician) as work:
        open_module(work, moment, "mer")
        hide_module(work, moment, "tva")
    with clinic.store.work(clinic.resident()) as work:
        read_step(work, moment, "hej")
    answer = clinic.answer(moment, forms.given(1, 1, 1))
    with clinic.store.work(clinic.clinician) as work:
        switch_clinician(work, moment, COLLEAGUE, message="Hej!")
    with clinic.store.work(clinic.colleague) as work:
        end_moment(work, moment, "Klart", confirmed=True)
    conversation = clinic.value("SELECT id FROM conversation")
    said = [(row.category.value, row.text, row.source) for row in rows_of(clinic, moment)]
    assert said[::-1] == [
        ("Administration", "Momentet startade", None),
        ("Moduler", "Modul öppnad: Mer", Source(Category.MODULES, module="mer")),
        ("Moduler", "Dolt för invånaren: Två", Source(Category.MODULES, module="tva")),
        ("Moduler", "Steg läst: Hej", None),
        ("Formulär", "Besvarat: Mående", Source(Category.FORMS, answer)),
        ("Flaggor", "Flagga (prioriterad): Svar ”B” på fråga 3 i Mående (1 av 3) – Fråga 3", Source(Category.FLAGS)),
        ("Meddelanden", "Meddelande skickat", Source(Category.MESSAGES, conversation=conversation)),
        ("Administration", "Ny ansvarig behandlare: Kim T1colleague", None),
        ("Administration", "Momentet avslutades: Klart", None),
    ]
    assert [row.actor for row in rows_of(clinic, moment)[-6:-3]] == [
        "Systemet",
        "Åsa Berg (invånare)",
        "Åsa Berg (invånare)",
    ]


def test_messages_and_notices_in_words(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    write(clinic, moment)
    place = newest(clinic, moment)
    read(clinic, moment, place)
    with clinic.store.work(clinic.clinician) as work:
        mark_conversation_unread(work, moment, place)
    for act in (notice_sent, notice_failed):
        send(clinic, moment, conversation=place)
        with clinic.store.work(OPERATOR) as work:
            notice = claim_notice(work, frozenset({SMS}))
            assert notice
            if act is notice_sent:
                notice_sent(work, notice.id)
            else:
                notice_failed(work, notice.id, (), "numret finns inte")
    source = Source(Category.MESSAGES, conversation=place)
    found = [(row.text, row.source) for row in rows_of(clinic, moment, Span((Category.MESSAGES,)))]
    assert found[::-1] == [
        ("Meddelande skickat", source),
        ("Meddelande läst av behandlare", source),
        ("Meddelande oläst igen", source),
        ("Meddelande skickat", source),
        ("Meddelande läst av behandlare", source),
        ("Avisering skickad", None),
        ("Meddelande skickat", source),
        ("Avisering kunde inte levereras: numret finns inte", None),
    ]


def test_what_opens_of_forms_plans_and_corrections(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    happened: tuple[tuple[EventKind, dict[str, object], str, Source | None], ...] = (
        (EventKind.FORM_REQUESTED, {"form": "maende"}, "Mätning begärd: Mående", None),
        (EventKind.FORM_REFUSED, {"form": "maende"}, "Svar togs inte emot: Mående", Source(Category.FORMS)),
        (EventKind.FORM_READ, {"form": "maende", "answer": 7}, "Läst av behandlare: Mående", Source(Category.FORMS, 7)),
        (EventKind.FLAG_CLOSED, {"reason": "Klart."}, "Flagga stängd: Klart.", Source(Category.FLAGS)),
        (
            EventKind.ACTIVITY_MARKED,
            {"activity": "Gå ut", "day": "2026-03-02", "done": False},
            "Gå ut 2026-03-02: ej utförd",
            Source(Category.PLANS),
        ),
        (EventKind.RESIDENT_CORRECTED, {}, "Invånarens uppgifter rättades", None),
    )
    with filed.store.work(filed.clinician) as work:
        here = load_moment(work, moment)
        for kind, facts, *_ in happened:
            insert_event(work.db, work.now, work.actor, here, kind, facts)
    found = [(row.text, row.source) for row in rows_of(filed, moment)][::-1]
    assert found == [("Momentet startade", None), *((text, source) for _, _, text, source in happened)]


def test_who_acted_is_said_with_what_an_ombud_or_a_resident_is(filed: Clinic) -> None:
    moment = filed.start(CHILD, "prov")
    with filed.store.work(filed.resident(CHILD)) as work:
        read_step(work, moment, "hej")
    assert [(row.actor, row.role) for row in rows_of(filed, moment)] == [
        ("Ulla Berg (ombud)", "ombud"),
        (filed.clinician.name, "personal"),
    ]


def test_opening_is_logged_once_and_reading_on_is_not(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    rows_of(clinic, moment, limit=1)
    assert clinic.value("SELECT count(*) FROM log WHERE operation IN ('open_timeline', 'timeline_page')") == 1


def test_a_period_may_end_with_the_last_day_there_is(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    assert len(rows_of(clinic, moment, Span((), date.min, date.max))) == 1


def test_a_period_has_its_first_and_last_day_whole_and_no_more(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    filed.run("DELETE FROM event")
    days = [date(2026, 3, day) for day in (3, 4, 5, 6)]
    with filed.store.work(filed.clinician) as work:
        here = load_moment(work, moment)
        for day in days:
            for at in (start_of(day), start_of(day + timedelta(1)) - 1):
                insert_event(work.db, at, work.actor, here, EventKind.MAINTAINED, {})  # type: ignore[arg-type]

    def found(*span: date | None) -> list[int]:
        return [local_day(row.at).day for row in rows_of(filed, moment, Span((), *span))]  # type: ignore[arg-type]

    assert found(days[1], days[1]) == [4, 4]
    assert found(days[1], days[2]) == [5, 5, 4, 4]
    assert found(None, days[0]) == [3, 3]
    assert found(days[3], None) == [6, 6]
    assert found(days[2], days[1]) == []


def test_there_is_more_after_a_page_only_where_there_is(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    with filed.store.work(filed.clinician) as work:
        open_module(work, moment, "mer")
        hide_module(work, moment, "tva")
    with filed.store.read(filed.admin) as work:
        pages = [open_timeline(work, moment, EVERYTHING, limit) for limit in (2, 3, 4)]
        assert [(len(page.rows), page.more) for page in pages] == [(2, True), (3, False), (3, False)]
        last = pages[0].rows[-1]
        rest = timeline_page(work, moment, EVERYTHING, 1, before=(last.at, last.seq))
        assert ([row.text for row in rest.rows], rest.more) == (["Momentet startade"], False)


@pytest.mark.parametrize(
    ("day", "monday"), [(date(2026, 3, 2), date(2026, 3, 2)), (date(2027, 1, 3), date(2026, 12, 28))]
)
def test_weeks(day: date, monday: date) -> None:
    assert week_of(day) == (monday, monday + timedelta(6))


@pytest.mark.parametrize(("days", "week"), [(-1, 1), (0, 1), (6, 1), (7, 2), (84, 13)])
def test_weeks_of_treatment(days: int, week: int) -> None:
    assert treatment_week(date(2026, 3, 2), date(2026, 3, 2) + timedelta(days)) == week


DAYS = st.dates(date(2026, 3, 1), date(2026, 3, 12))
FACTS = {"answer": 1, "form": "maende", "module": "mer", "step": "hej", "reason": "Klart"}


@examples(15)
@given(
    st.lists(st.tuples(DAYS, st.integers(0, 3), st.sampled_from(EventKind)), max_size=25),
    st.sets(st.sampled_from(Category)),
    st.none() | DAYS,
    st.none() | DAYS,
    st.integers(1, 8),
)
def test_pages_of_any_size_are_the_whole(
    clinic: Clinic,
    happened: list[tuple[date, int, EventKind]],
    categories: set[Category],
    first: date | None,
    last: date | None,
    limit: int,
) -> None:
    clinic.run("DELETE FROM event")
    moment = clinic.start(program="prov", confirmed=True)
    clinic.run("DELETE FROM event")
    with clinic.store.work(clinic.clinician) as work:
        here = load_moment(work, moment)
        for day, hour, kind in happened:
            insert_event(work.db, start_of(day) + hour * 3_600_000, work.actor, here, kind, FACTS)  # type: ignore[arg-type]
    found = rows_of(clinic, moment, Span(tuple(categories), first, last), limit)
    stored = clinic.rows("SELECT at, seq, kind FROM event ORDER BY at DESC, seq DESC")
    low, high = start_of(first) if first else 0, start_of(last + timedelta(1)) if last else 2**62
    wanted = [
        (at, seq)
        for at, seq, kind in stored
        if low <= at < high and (not categories or EventKind(kind).told.category in categories)
    ]
    assert [(row.at, row.seq) for row in found] == wanted


def test_neither_a_page_nor_a_rare_kind_looks_through_the_whole(filed: Clinic) -> None:
    """The cause of the budget: index ranges, by kind where kinds are asked for (ARCHITECTURE.md §Budgets)."""
    from store.views import timeline

    moment = filed.start(program="prov")
    with filed.store.read(filed.clinician) as work:
        here = load_moment(work, moment)
        for span in (Span(), Span((Category.FORMS,)), Span((Category.MODULES,), date(2026, 3, 1), date(2026, 3, 9))):
            sql, parameters = timeline._query(here, span, 100, (1, 1))
            plan = [row[3] for row in work.db.rows(f"EXPLAIN QUERY PLAN {sql}", **parameters)]
            assert not [step for step in plan if step.startswith("SCAN event")]
            by_kind = [step for step in plan if "INDEX event_kind (resident_id=? AND moment_id=? AND kind=?" in step]
            assert len(by_kind) == sum(
                category in span.categories for category in (kind.told.category for kind in EventKind)
            )
            if not span.categories:
                assert "TEMP B-TREE" not in " ".join(plan)
