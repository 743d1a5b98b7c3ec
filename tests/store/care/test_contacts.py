"""Contacts that were made outside the program."""

import pytest

from store.care.contacts import DAYS_AFTER_END, MOST_MINUTES, ContactSort, note_contact
from store.care.endings import end_moment
from store.care.time_spent import correct_time, week_name
from store.care.typed_time import past_time_given
from store.foundation.clock import Instant, days_after, local, local_day
from store.foundation.errors import Refused
from store.views.journal import confirm_journal, read_journal
from store.views.time import view_time
from store.views.timeline import open_timeline
from tests.clinics import Clinic


def note(clinic: Clinic, moment: int, minutes: int = 12, text: str = "Pratade om sömnen.\nRinger igen.") -> None:
    with clinic.store.work(clinic.clinician) as work:
        note_contact(work, moment, ContactSort.PHONE, minutes, text)


def test_a_contact_is_an_event_with_its_minutes_counted(clinic: Clinic) -> None:
    moment = clinic.start()
    week = week_name(local_day(clinic.clock()))
    with clinic.store.work(clinic.clinician) as work:
        correct_time(work, moment, week, 3)
    note(clinic, moment)
    with clinic.store.read(clinic.clinician) as work:
        first = open_timeline(work, moment).rows[0]
        assert (first.text, first.category) == (
            "Kontakt, telefon, 12 min: Pratade om sömnen. Ringer igen.",
            "Meddelanden",
        )
        assert [(one.minutes, one.own) for one in view_time(work, moment)] == [(15, 15)]
    assert clinic.value("SELECT last_active_at FROM moment") is None, "the resident has done nothing in the program"


@pytest.mark.parametrize(
    ("minutes", "is_taken"), [(0, False), (1, True), (MOST_MINUTES, True), (MOST_MINUTES + 1, False)]
)
def test_as_many_minutes_as_there_can_be(clinic: Clinic, minutes: int, is_taken: bool) -> None:
    moment = clinic.start()
    if is_taken:
        note(clinic, moment, minutes, "")
    else:
        with pytest.raises(Refused, match="1 till 600 minuter") as refusal:
            note(clinic, moment, minutes)
        assert refusal.value.field == "minuter"
    events = clinic.value("SELECT count(*) FROM event WHERE kind = 'kontakt'")
    assert (events, clinic.value("SELECT coalesce(sum(seconds), 0) FROM timespent")) == (
        int(is_taken),
        minutes * 60 * is_taken,
    )


MINUTE = 60_000
HOUR = 60 * MINUTE


def noted(clinic: Clinic, moment: int, at: Instant, text: str = "Efteråt") -> None:
    with clinic.store.work(clinic.clinician) as work:
        note_contact(work, moment, ContactSort.PHONE, 12, text, at=at)


def test_one_of_an_earlier_day_is_told_of_there_and_is_new_to_the_record(clinic: Clinic) -> None:
    """Noted after a copy had arrived: *sedan senast kopierat* has it, and so has the text of the day it was made on."""
    moment = clinic.start()
    made = Instant(clinic.clock.now + HOUR)
    clinic.clock.now = days_after(clinic.clock.now, 8)
    with clinic.store.work(clinic.clinician) as work:
        confirm_journal(work, moment, read_journal(work, moment).until)
    clinic.clock.now = Instant(clinic.clock.now + HOUR)
    noted(clinic, moment, made)
    day, today = local_day(made), local_day(clinic.clock.now)
    told = f"{day} Telefon {local(made):%H.%M}, 12 min, {clinic.clinician.name}, noterad {today}: Efteråt"
    with clinic.store.read(clinic.clinician) as work:
        assert told in read_journal(work, moment, since_copied=True).text
        assert told in read_journal(work, moment, day, day).text
        assert "Efteråt" not in read_journal(work, moment, today, today).text.replace(told, "")
        assert (
            "Efteråt"
            not in read_journal(work, moment, local_day(days_after(made, 1)), local_day(days_after(made, 2))).text
        )
        assert (
            f"Kontakt, telefon {local(made):%Y-%m-%d %H.%M}, 12 min: Efteråt"
            == open_timeline(work, moment).rows[0].text
        )
        assert [(one.week, one.own) for one in view_time(work, moment)] == [(week_name(day), 12)]


def test_it_was_made_neither_before_the_moment_nor_later_than_now(clinic: Clinic) -> None:
    moment = clinic.start()
    started = clinic.clock.now
    clinic.clock.now = Instant(started + HOUR)
    noted(clinic, moment, Instant(started - started % MINUTE))
    noted(clinic, moment, clinic.clock.now)
    for at in (started - started % MINUTE - 1, clinic.clock.now + 1):
        with pytest.raises(Refused) as refusal:
            noted(clinic, moment, Instant(at))
        assert refusal.value.field == "tid"
    assert clinic.value("SELECT count(*) FROM event WHERE kind = 'kontakt'") == 2


def test_after_the_end_one_is_noted_that_was_made_soon_enough(clinic: Clinic) -> None:
    moment = clinic.start()
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Övrigt")
    last = days_after(clinic.clock.now, DAYS_AFTER_END)
    clinic.clock.now = days_after(last, 200)
    noted(clinic, moment, last)
    with pytest.raises(Refused, match="hör inte till momentet"):
        noted(clinic, moment, Instant(last + 1))
    with clinic.store.read(clinic.clinician) as work:
        assert "Efteråt" in read_journal(work, moment).text


def test_a_time_that_has_been_is_read_as_it_is_typed(clinic: Clinic) -> None:
    now = clinic.clock.now
    assert past_time_given(" ", now) is None
    assert past_time_given(f"{local(now):%H:%M}", now) == now - now % MINUTE
    assert past_time_given("2026-01-02 14.30", now) is not None
    for text in (
        f"{local(Instant(now + HOUR)):%H.%M}",
        f"{local(Instant(now + HOUR)):%Y-%m-%d %H.%M}",
        "25.00",
        "[/x]",
    ):
        with pytest.raises(Refused) as refusal:
            past_time_given(text, now)
        assert refusal.value.field == "tid"
