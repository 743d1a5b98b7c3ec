"""How a flag was handled, and the attempts that leave it open."""

import json
from typing import Any

import pytest

from store.care.flags import add_flag, handle_flag
from store.care.typed_time import time_given
from store.foundation.clock import Instant, local
from store.foundation.errors import Refused
from store.foundation.flag_kinds import Outcome, Severity
from store.people.sign_in import StaffActor
from store.views.flags import FlagRow, view_flags
from store.views.timeline import Span, open_timeline
from store.views.todo import todo_again
from tests.clinics import Clinic


def raised(clinic: Clinic, severity: Severity = Severity.PRIORITY) -> tuple[int, int]:
    moment = clinic.start(program="prov")
    with clinic.store.work(clinic.clinician) as work:
        return moment, add_flag(work, moment, "Ring.", severity=severity)


def handle(clinic: Clinic, flag: int, by: StaffActor | None = None, **options: Any) -> None:
    with clinic.store.work(by or clinic.clinician) as work:
        handle_flag(work, flag, options.pop("note", "Ringde."), **options)


def shown(clinic: Clinic, moment: int) -> FlagRow:
    with clinic.store.read(clinic.clinician) as work:
        (flag,) = view_flags(work, moment).flags
    return flag


@pytest.mark.parametrize(("given", "kept"), [(None, Outcome.REACHED), (Outcome.PLAN, Outcome.PLAN)])
def test_a_priority_flag_is_handled_with_an_outcome(clinic: Clinic, given: Outcome | None, kept: Outcome) -> None:
    moment, flag = raised(clinic)
    handle(clinic, flag, outcome=given)
    found = shown(clinic, moment)
    assert (found.outcome, found.handled_by, found.attempts) == (kept, clinic.clinician.name, ())
    (facts,) = clinic.rows("SELECT facts FROM event WHERE kind = 'flagga-hanterad'")
    assert json.loads(facts[0]) == {"flag": flag, "severity": "prioriterad", "outcome": kept.value}
    with clinic.store.read(clinic.clinician) as work:
        told = [row.text for row in open_timeline(work, moment, Span()).rows]
    assert f"Flagga hanterad (prioriterad): {kept.words}" in told


def test_another_flag_has_none_unless_it_is_said(clinic: Clinic) -> None:
    moment, flag = raised(clinic, Severity.WARNING)
    handle(clinic, flag)
    assert shown(clinic, moment).outcome is None


def test_who_was_not_reached_is_tried_again_and_the_flag_stays_on_top(clinic: Clinic) -> None:
    moment, flag = raised(clinic)
    later = Instant(clinic.clock.now + 3_600_000)
    handle(clinic, flag, outcome=Outcome.NOT_REACHED, next_attempt=later, note="Inget svar.")
    clinic.clock.now = Instant(clinic.clock.now + 60_000)
    handle(clinic, flag, by=clinic.colleague, outcome=Outcome.NOT_REACHED, note="Telefonsvarare.")
    found = shown(clinic, moment)
    assert (found.handled_at, found.outcome, found.next_attempt_at) == (None, None, None)
    assert [(one.made_by, one.note, one.next_at) for one in found.attempts] == [
        (clinic.clinician.name, "Inget svar.", later),
        (clinic.colleague.name, "Telefonsvarare.", None),
    ]
    assert clinic.rows("SELECT open_flags, priority_flags, severity_rank FROM moment") == [(1, 1, 0)]
    for actor in (clinic.clinician, clinic.colleague, clinic.admin):
        with clinic.store.read(actor) as work:
            assert todo_again(work)[0].flag == flag
    facts = [
        json.loads(one) for (one,) in clinic.rows("SELECT facts FROM event WHERE kind = 'flagga-forsok' ORDER BY at")
    ]
    assert facts == [
        {"flag": flag, "number": 1, "next": f"{local(later):%Y-%m-%d %H.%M}"},
        {"flag": flag, "number": 2},
    ]
    handle(clinic, flag, outcome=Outcome.ALERTED)
    assert (shown(clinic, moment).outcome, len(shown(clinic, moment).attempts)) == (Outcome.ALERTED, 2)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"outcome": Outcome.NOT_REACHED, "next_attempt": 0}, "senare än nu"),
        ({"outcome": Outcome.REACHED, "next_attempt": 3_600_000}, "bara när invånaren inte nåddes"),
        ({"outcome": Outcome.NOT_REACHED, "note": " "}, "Skriv vad som har gjorts"),
    ],
)
def test_a_refused_attempt_leaves_nothing(clinic: Clinic, options: dict[str, Any], said: str) -> None:
    moment, flag = raised(clinic)
    if "next_attempt" in options:
        options = {**options, "next_attempt": Instant(clinic.clock.now + options["next_attempt"])}
    with pytest.raises(Refused, match=said):
        handle(clinic, flag, **options)
    assert (shown(clinic, moment).attempts, shown(clinic, moment).handled_at) == ((), None)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("10.01", "2026-03-02 10.01"),
        ("10:00", "2026-03-03 10.00"),  # it is ten now
        (" 9.05 ", "2026-03-03 09.05"),
        ("2026-03-29 08.00", "2026-03-29 08.00"),
        ("2026–03–02 10.01", "2026-03-02 10.01"),
        ("", None),
    ],
)
def test_a_time_is_read_as_it_is_meant(clinic: Clinic, text: str, day: str | None) -> None:
    found = time_given(text, clinic.clock.now)
    assert (found and f"{local(found):%Y-%m-%d %H.%M}") == day


@pytest.mark.parametrize("text", ["24.00", "10", "2026-02-30 10.00", "i morgon", "10.0", "[/x]", "١٠.٠٠"])
def test_what_is_no_time_is_refused(clinic: Clinic, text: str) -> None:
    with pytest.raises(Refused, match="är ingen tid") as refused:
        time_given(text, clinic.clock.now)
    assert refused.value.field == "nasta"
