"""The resident at a glance: what is read, and that a damaged row keeps nothing else from being read."""

import json
from datetime import date, timedelta

import pytest

from store.care.contacts import ContactSort, note_contact
from store.care.endings import end_moment
from store.care.flags import add_flag
from store.foundation.clock import Instant, local_day
from store.views import glance
from store.views.glance import OCCASIONS, Due, Glance, LastContact, SleepWeek, open_glance
from tests.clinics import Clinic
from tests.forms import NIGHT, given
from tests.store.letters import write

HOUR = 3_600_000


def read(clinic: Clinic, moment: int) -> Glance:
    with clinic.store.read(clinic.clinician) as work:
        return open_glance(work, moment)


def test_it_holds_the_latest_scores_the_last_contact_and_what_is_due(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    assert read(clinic, moment) == Glance(may_score=True)
    for at in range(OCCASIONS + 1):
        clinic.clock.now = Instant(clinic.clock.now + HOUR)
        clinic.answer(moment, given(at % 3, 1, 0))
    write(clinic, moment, "Hur gör jag?", heading="Fråga")
    written = clinic.clock.now
    clinic.clock.now = Instant(written + HOUR)
    today = local_day(clinic.clock.now)
    later = date(today.year + 1, 1, 2)
    with clinic.store.work(clinic.clinician) as work:
        note_contact(work, moment, ContactSort.PHONE, 5, at=Instant(written - HOUR))
        add_flag(work, moment, "Ring [/x]", due_on=later)
    found = read(clinic, moment)
    (score,) = found.scores
    assert [point.value for point in score.points] == [float(at % 3 + 1) for at in range(1, OCCASIONS + 1)]
    assert found.contact == LastContact(written, actor_kind="invånare"), (
        "a contact that is noted later was made before it"
    )
    assert found.due == (Due(later, "flagga: Ring [/x]"),)

    clinic.store.engine.dispose()
    with clinic.store.lend_to_write() as db:
        db.run("UPDATE formanswer SET answers = 'x'")
    assert read(clinic, moment) == Glance(is_damaged=True)
    assert clinic.value("SELECT count(*) FROM log WHERE operation = 'open_glance'") == 3


def test_the_week_is_looked_for_among_the_latest_entries_of_the_diary(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(glance, "_ENTRIES", 2)
    moment = clinic.start(program="prov")
    today = local_day(clinic.clock.now)
    clinic.clock.now = Instant(clinic.clock.now + 5 * 24 * HOUR)
    for ago in range(3):
        clinic.clock.now = Instant(clinic.clock.now + HOUR)
        night = NIGHT | {"dag": (today + timedelta(days=1 + ago)).isoformat()}
        clinic.answer(moment, json.dumps(night), "dagbok")
    first, last = (today + timedelta(days=days) for days in (2, 3))
    assert read(clinic, moment).sleep == SleepWeek(81, 2, first, last)


def test_after_the_end_nothing_is_due(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    with clinic.store.work(clinic.clinician) as work:
        add_flag(work, moment, "Ring", due_on=date(2027, 1, 2))
    assert read(clinic, moment).due
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Klart", confirmed=True)
    assert read(clinic, moment).due == ()
