"""Ärendeunderlag: the exact sentence, who and where, and nothing of a resident (domain.md §10)."""

import pytest

from store.people.ticket import Where, support_of, ticket
from tests.clinics import ADULT, HERE, MONDAY, Clinic
from tests.store.people.staffing import CLINICIAN, see


def test_it_says_who_where_which_version_when_and_what(clinic: Clinic) -> None:
    where = see(clinic, support_of, by=clinic.clinician)
    assert ticket(where, "1.2", "Det gick inte.", MONDAY) == (
        "Ärende: Stöd och behandling i terminalen\n"
        f"HSA-id: {CLINICIAN}\n"
        f"Enhet: Enhet Ett ({HERE})\n"
        "Version: 1.2\n"
        "Tid: 2026-03-02 10:00\n"
        "Meddelande: Det gick inte.\n"
        "\n"
        "Skickas till: IT-kundservice, telefon 14141, eller ett ärende i Tjänstekatalogen.\n"
    )


def test_above_the_units_and_before_the_sign_in(clinic: Clinic) -> None:
    above = see(clinic, support_of, by=clinic.provider_admin)
    assert "\nEnhet: Region Prov\n" in ticket(above, "1", "x", MONDAY)
    assert "\nHSA-id: inte inloggad\nEnhet: ingen\n" in ticket(Where(), "1", "x", MONDAY)
    assert f"\nEnhet: {HERE}\n" in ticket(Where(CLINICIAN, HERE), "1", "x", MONDAY)


@pytest.mark.parametrize(
    "number", [ADULT, "19800102-2386", "800102-2386", "800102+2386", "8001022386", "000101T384", "196109732393"]
)
def test_a_number_that_may_be_a_residents_is_left_out(number: str) -> None:
    text = ticket(Where(hsa_id=number), "1", f"Kommandot {number} finns inte.", MONDAY)
    assert number not in text
    assert "Kommandot [personnummer] finns inte." in text


def test_an_hsa_id_and_a_phone_to_the_support_stay() -> None:
    text = ticket(Where(CLINICIAN, HERE, "E", "Ring 0101234567"), "1", f"{CLINICIAN} SE162321000040-0A1B", MONDAY)
    assert f"Meddelande: {CLINICIAN} SE162321000040-0A1B\n" in text
    assert text.endswith("Skickas till: Ring 0101234567\n")


@pytest.mark.parametrize("dash", [*"-+ \xa0\u2011\u2013\u2212"])
def test_a_number_with_any_hyphen_is_left_out(dash: str) -> None:
    told = ticket(Where(), "1.0", f"Numret 19800102{dash}2386 – går inte.", MONDAY)
    assert "Numret [personnummer] – går inte." in told
