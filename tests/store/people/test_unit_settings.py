"""*Enhet*: what a unit decides for itself, and where it takes effect (FAQ; domain.md §7)."""

from datetime import UTC, datetime
from typing import Any

import pytest

from store.care.endings import end_moment
from store.care.messages import send_message
from store.care.notices import Delivery
from store.care.starting import start_moment
from store.foundation.clock import instant, local_day
from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.people.crisis_numbers import crisis_numbers
from store.people.ticket import support_of
from store.people.unit_programs import LINE_LIMIT, UnitProgram, change_unit_program
from store.people.unit_settings import (
    FORENOON,
    MOST_DAYS,
    TEXT_LIMIT,
    UnitSettings,
    change_unit,
    typed_number,
    unit_settings,
)
from store.people.units import SUPPORT, ServiceArea
from store.views.flags import view_flags
from store.views.moment import open_moment
from tests.clinics import ELSEWHERE, THERE, Clinic
from tests.store.people.staffing import admin_of, do, last_details, see


def settings(clinic: Clinic) -> UnitSettings:
    found = see(clinic, unit_settings)
    assert isinstance(found, UnitSettings)
    return found


def program(clinic: Clinic, wanted: str = "prov") -> UnitProgram:
    return next(one for one in settings(clinic).programs if one.program == wanted)


def test_a_unit_begins_with_the_regions_and_the_programs_own(clinic: Clinic) -> None:
    found = settings(clinic)
    assert (found.service_area, found.collect_hour, found.support) == (ServiceArea.WHOLE_COUNTRY, 9, SUPPORT)
    assert found.days == {"silent_days": 14, "never_days": 7, "missing_days": 3, "unanswered_days": 2}
    assert (found.role_training, [one.program for one in found.programs]) == (True, ["komigang-online", "prov"])
    assert found.programs[1] == UnitProgram("prov", "Ångest – prov", "", "", "", (), "")
    assert found.advice == (
        "Enheten har ingen instruktion för risksvar. Skriv vad som ska göras när en prioriterad flagga kommer.",
        crisis_numbers().note(""),
    )


def test_a_unit_that_does_not_serve_the_whole_country_is_advised(clinic: Clinic) -> None:
    advice = see(clinic, unit_settings, by=admin_of(clinic, THERE)).advice
    assert advice[0].startswith("Enheten har inte betjäningsområdet Hela landet. Den inställningen ska alla enheter ha")


def test_what_is_named_changes_and_the_rest_stays(clinic: Clinic) -> None:
    do(clinic, change_unit, crisis_numbers=True)
    day = max(local_day(clinic.clock()), crisis_numbers().written).isoformat()
    assert last_details(clinic) == f"enhetens inställningar: krisnummer kontrollerade {day}"
    assert settings(clinic).crisis_numbers_confirmed == day
    do(clinic, change_unit, collect_hour=10, risk_instruction=" Ring.\nSkriv sedan. ", role_training=False)
    days = {"silent_days": 0, "never_days": 365, "missing_days": 5, "unanswered_days": 1}
    do(clinic, change_unit, days=days, support="Anna, 14141")
    found = settings(clinic)
    assert (found.collect_hour, found.risk_instruction, found.role_training) == (10, "Ring.\nSkriv sedan.", False)
    assert found.days == days
    assert (found.support, found.service_area, found.advice) == ("Anna, 14141", ServiceArea.WHOLE_COUNTRY, ())
    assert last_details(clinic) == (
        "enhetens inställningar: support, dagar till flagga för ingen aktivitet 0, dagar till flagga för aldrig aktiv "
        "365, dagar till flagga för formulär som saknas 5, arbetsdagar till flagga för obesvarat meddelande 1"
    )
    do(clinic, change_unit, support="", risk_instruction="")
    assert (settings(clinic).support, settings(clinic).risk_instruction) == (SUPPORT, "")
    assert clinic.value("SELECT support FROM unit WHERE id = :id", id=clinic.there) == ""


def test_what_one_unit_decides_is_its_own_and_of_that_program_alone(filed: Clinic) -> None:
    filed.run("INSERT INTO openprogram (unit_id, program) VALUES (:unit, 'prov')", unit=filed.there)
    rest = (
        "SELECT * FROM unit WHERE id <> :here",
        "SELECT * FROM openprogram WHERE unit_id <> :here OR program <> 'prov' ORDER BY 1, 2",
    )
    before = [filed.rows(sql, here=filed.here) for sql in rest]
    days = dict.fromkeys(("silent_days", "never_days", "missing_days", "unanswered_days"), MOST_DAYS)
    for hour in FORENOON:
        do(filed, change_unit, collect_hour=hour, days=days, support="x" * TEXT_LIMIT)
        assert (settings(filed).collect_hour, settings(filed).days) == (hour, days)
    line = "x" * LINE_LIMIT
    do(filed, change_unit_program, "prov", contact_name=line, contact_phone=line, end_reasons=(line,), training="ja")
    assert program(filed) == UnitProgram("prov", "Ångest – prov", line, "", line, (line,), "ja")
    assert [filed.rows(sql, here=filed.here) for sql in rest] == before


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({}, None),
        ({"claim_minutes": 4}, "ta-minuter"),
        ({"claim_minutes": 121}, "ta-minuter"),
        ({"lock_minutes": 0}, "las-minuter"),
        ({"lock_minutes": 61}, "las-minuter"),
        ({"idle_minutes": 4}, "utloggning-minuter"),
        ({"idle_minutes": 241}, "utloggning-minuter"),
        ({"collect_hour": 5}, "uppsamlat-timme"),
        ({"collect_hour": 12}, "uppsamlat-timme"),
        ({"days": {"silent_days": -1}}, "tyst"),
        ({"days": {"never_days": 366}}, "aldrig"),
        ({"days": {"missing_days": 366}}, "saknas"),
        ({"days": {"unanswered_days": 366}}, "obesvarat"),
        ({"support": "x" * 4001}, "support"),
        ({"super_users": "x" * 4001}, "superanvandare"),
        ({"risk_instruction": "x" * 4001}, "risk-instruktion"),
    ],
)
def test_a_setting_is_refused(clinic: Clinic, changes: dict[str, Any], field: str | None) -> None:
    before = settings(clinic)
    with pytest.raises(Refused) as error:
        do(clinic, change_unit, **{"role_training": False, **changes} if changes else {})
    assert error.value.field == field
    assert settings(clinic) == before


# --- where they take effect ---


def test_what_another_has_changed_meanwhile_is_written_over_only_by_who_was_told(clinic: Clinic) -> None:
    do(clinic, change_unit, collect_hour=10, support="Anna", days={"silent_days": 20})
    mine: dict[str, Any] = {"collect_hour": 8, "support": "Bo", "days": {"silent_days": 20}}
    seen: dict[str, int | str] = {"collect_hour": 9, "support": SUPPORT, "silent_days": 14}
    with pytest.raises(NeedsConfirmation) as warned:
        do(clinic, change_unit, **mine, seen=seen)
    assert warned.value.field == "uppsamlat-timme"
    assert warned.value.warnings == (
        "Timme för uppsamlat har ändrats till ”10” sedan du såg det. Sparar du gäller ditt.",
        "Support har ändrats till ”Anna” sedan du såg det. Sparar du gäller ditt.",
    )
    assert (settings(clinic).collect_hour, settings(clinic).support) == (10, "Anna")
    do(clinic, change_unit, **mine, seen=seen, confirmed=True)
    assert (settings(clinic).collect_hour, settings(clinic).support) == (8, "Bo")
    do(clinic, change_unit, support="Cia", seen={"support": "Bo"})
    do(clinic, change_unit, support="", seen={"support": "Cia"})
    with pytest.raises(NeedsConfirmation, match="Superanvändare har tagits bort sedan du såg det"):
        do(clinic, change_unit, super_users="Dan", seen={"super_users": "Eva"})


def test_what_another_has_changed_of_a_program_meanwhile_stays_or_is_told(clinic: Clinic) -> None:
    before = program(clinic)
    do(clinic, change_unit_program, "prov", training="ja")
    do(
        clinic,
        change_unit_program,
        "prov",
        contact_name="Åsa",
        contact_phone="1",
        end_reasons=("Flyttat",),
        seen=before,
    )
    found = program(clinic)
    assert (found.training, found.contact_name, found.end_reasons) == ("ja", "Åsa", ("Flyttat",))
    others: dict[str, Any] = {
        "contact_name": "Bo",
        "contact_email": "bo@example.org",
        "training": "nej",
        "seen": before,
    }
    with pytest.raises(NeedsConfirmation) as warned:
        do(clinic, change_unit_program, "prov", **others)
    assert warned.value.warnings == (
        "Kontaktpersonen har ändrats till ”Åsa, 1” sedan du såg det. Sparar du gäller ditt.",
        "Utbildningskravet har ändrats till ”ja” sedan du såg det. Sparar du gäller ditt.",
    )
    do(clinic, change_unit_program, "prov", **others, confirmed=True)
    found = program(clinic)
    assert (found.contact_name, found.contact_phone, found.end_reasons) == ("Bo", "", ("Flyttat",))


def test_the_betjaningsomrade_lets_a_refused_start_through(clinic: Clinic) -> None:
    with pytest.raises(Refused, match="kan ändra enhetens betjäningsområde"):
        clinic.start(ELSEWHERE, by=clinic.stranger, confirmed=True)
    do(clinic, change_unit, by=admin_of(clinic, THERE), service_area=ServiceArea.WHOLE_COUNTRY)
    clinic.start(ELSEWHERE, by=clinic.stranger, confirmed=True)
    assert clinic.log_value("SELECT details FROM log WHERE operation = 'change_unit'") == (
        "enhetens inställningar: betjäningsområde hela-landet"
    )


def test_collected_aviseringar_go_at_the_units_hour(clinic: Clinic) -> None:
    do(clinic, change_unit, collect_hour=11)
    moment = clinic.start()
    do(clinic, send_message, moment, "Hej", by=clinic.clinician, delivery=Delivery.COLLECTED)
    due = clinic.value("SELECT due_at FROM notice WHERE kind = 'uppsamlat'")
    assert due == instant(datetime(2026, 3, 2, 10, 0, tzinfo=UTC))


def test_the_instruction_stands_beside_flags_and_the_support_in_tickets(clinic: Clinic) -> None:
    do(clinic, change_unit, risk_instruction="Ring genast.", support="Anna, 14141")
    moment = clinic.start()
    assert see(clinic, view_flags, moment, by=clinic.clinician).instruction == "Ring genast."
    assert see(clinic, support_of, by=clinic.clinician).support == "Anna, 14141"
    do(clinic, change_unit, super_users=" Bo Ek, 040-1\nOlle ")
    assert see(clinic, support_of, by=clinic.clinician).super_users == "Bo Ek, 040-1\nOlle"
    assert see(clinic, support_of, by=clinic.stranger).support == SUPPORT
    assert see(clinic, support_of, by=clinic.provider_admin).support == SUPPORT


# --- per program ---


def test_the_units_contact_person_stands_in_its_moments(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    assert see(clinic, open_moment, moment, by=clinic.clinician).contact.name == "Ek, Nils"
    do(clinic, change_unit_program, "prov", contact_name=" Ek, Åsa ", contact_phone="010-123", end_reasons=("Flyttat",))
    contact = see(clinic, open_moment, moment, by=clinic.clinician).contact
    assert (contact.name, contact.email, contact.phone) == ("Ek, Åsa", "", "010-123")
    do(clinic, change_unit_program, "prov", end_reasons=("Flyttat",))
    assert see(clinic, open_moment, moment, by=clinic.clinician).contact.name == "Ek, Nils"


def test_the_units_end_reasons_stand_beside_the_programs(clinic: Clinic) -> None:
    do(clinic, change_unit_program, "prov", end_reasons=(" Flyttat ", "", "Klart", "Rad\nbruten"))
    assert program(clinic).end_reasons == ("Flyttat", "Klart", "Rad bruten")
    moment = clinic.start(program="prov")
    reasons = see(clinic, open_moment, moment, by=clinic.clinician).end_reasons
    assert reasons == ("Klart", "Övrigt", "Flyttat", "Rad bruten")
    do(clinic, end_moment, moment, "Flyttat", by=clinic.clinician)
    assert see(clinic, open_moment, moment, by=clinic.clinician).end_reason == "Flyttat"
    other = clinic.start()
    with pytest.raises(Refused, match="Välj en avslutningsorsak"):
        do(clinic, end_moment, other, "Flyttat", by=clinic.clinician)


def test_the_unit_decides_who_must_have_training(clinic: Clinic) -> None:
    clinic.run("DELETE FROM training")
    do(clinic, change_unit_program, "komigang-online", training="nej")
    do(clinic, change_unit_program, "prov", training="ja")
    clinic.start()
    with pytest.raises(NeedsConfirmation, match="ingen registrerad utbildning för Ångest"):
        do(clinic, start_moment, ELSEWHERE, "prov", by=clinic.clinician)
    do(clinic, change_unit_program, "prov", training="")
    clinic.start(program="prov")
    with pytest.raises(NeedsConfirmation, match="ingen registrerad utbildning för KomIgång"):
        clinic.start(by=clinic.stranger)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"contact_name": "Ek"}, "kontakt-epost"),
        ({"contact_email": "ek@example.org"}, "kontakt"),
        ({"contact_phone": "010"}, "kontakt"),
        ({"contact_name": "Ek", "contact_email": "fel"}, "kontakt-epost"),
        ({"contact_name": "E" * 101, "contact_phone": "1"}, "kontakt"),
        ({"training": "kanske"}, "utbildning"),
        ({"end_reasons": ("Flyttat", "Flyttat ")}, "orsak"),
        ({"end_reasons": ("x" * 101,)}, "orsak"),
    ],
)
def test_what_a_unit_has_of_its_own_is_refused(clinic: Clinic, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as error:
        do(clinic, change_unit_program, "prov", **changes)
    assert error.value.field == field
    assert program(clinic) == UnitProgram("prov", "Ångest – prov", "", "", "", (), "")


def test_a_program_that_is_not_open_is_nothing_here(clinic: Clinic) -> None:
    for wanted in ("prov", "xyz"):
        with pytest.raises(NotPermitted):
            do(clinic, change_unit_program, wanted, by=admin_of(clinic, THERE), training="ja")


def test_a_number_as_it_is_typed() -> None:
    typed = {"9": 9, " 10 ": 10, "0": 0, "365": 365, "999": 999, "1000": -1, "": -1, "-1": -1, "x": -1, "٣": -1}
    assert {text: typed_number(text) for text in typed} == typed
