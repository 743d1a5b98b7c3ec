"""Contacts that were made outside the program."""

import pytest

from store.care.contacts import MOST_MINUTES, ContactSort, note_contact
from store.care.time_spent import correct_time, week_name
from store.foundation.clock import local_day
from store.foundation.errors import Refused
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
