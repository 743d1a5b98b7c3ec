"""`sob enhet`: a unit's own settings from the command line."""

from typing import Any

import pytest

from store.foundation.access import Role
from store.foundation.errors import NotPermitted
from store.people.crisis_numbers import crisis_numbers
from store.people.unit_settings import ADVICE_WHOLE_COUNTRY
from tests.clinics import ELSEWHERE, HERE, THERE, Clinic, hsa_id_of
from tests.sob_tui.conftest import CLINICIAN, Said, Sob

ADMIN = hsa_id_of(Role.ACCESS_ADMIN)
THEIR_ADMIN = hsa_id_of(Role.ACCESS_ADMIN, THERE)


def change(sob: Sob, *words: str, som: str = ADMIN) -> Said:
    return sob("enhet", "andra", *words, som=som)


def settings(sob: Sob) -> Any:
    return sob("enhet", "visa", "--json", som=ADMIN).json


def program(sob: Sob, wanted: str = "prov") -> Any:
    return next(one for one in settings(sob)["programs"] if one["program"] == wanted)


def test_the_settings_are_shown(sob: Sob) -> None:
    assert settings(sob) == {
        "hsa_id": HERE,
        "name": "Enhet Ett",
        "region": "05",
        "service_area": "hela-landet",
        "collect_hour": 9,
        "claim_minutes": 30,
        "lock_minutes": 15,
        "idle_minutes": 60,
        "risk_instruction": "",
        "silent_days": 14,
        "never_days": 7,
        "missing_days": 3,
        "unanswered_days": 2,
        "support": "IT-kundservice, telefon 14141, eller ett ärende i Tjänstekatalogen.",
        "super_users": "",
        "trainer_keys": "",
        "role_training": True,
        "crisis_numbers": list(crisis_numbers().lines),
        "crisis_numbers_confirmed": None,
        "programs": [
            {
                "program": name,
                "title": title,
                "contact_name": "",
                "contact_email": "",
                "contact_phone": "",
                "end_reasons": [],
                "training": "",
            }
            for name, title in (("komigang-online", "KomIgång online"), ("prov", "Ångest – prov"))
        ],
        "advice": [
            "Enheten har ingen instruktion för risksvar. Skriv vad som ska göras när en prioriterad flagga kommer.",
            crisis_numbers().note(""),
        ],
    }


def test_they_are_shown_in_words(sob: Sob) -> None:
    out = sob("enhet", "visa", som=THEIR_ADMIN).out
    assert out.startswith(f"Enhet Två ({THERE})\n")
    assert "Betjäningsområde" in out
    assert "Egen region" in out
    assert "Enheten har inte betjäningsområdet Hela landet." in out


def test_every_setting_has_an_option(sob: Sob) -> None:
    said = change(
        sob,
        *("--betjaningsomrade", "egen-region", "--uppsamlat-timme", "8", "--risk-instruktion", "Ring"),
        *("--support", "Anna", "--superanvandare", "Bo", "--rollutbildning", "nej"),
        *("--tyst", "0", "--aldrig", "1", "--saknas", "2"),
        *("--obesvarat", "4", "--krisnummer", "ja"),
    )
    assert said.out == f"Enhetens inställningar är ändrade.\n{ADVICE_WHOLE_COUNTRY}\n"
    found = settings(sob)
    assert (found["service_area"], found["collect_hour"], found["risk_instruction"]) == ("egen-region", 8, "Ring")
    assert (found["support"], found["super_users"], found["role_training"]) == ("Anna", "Bo", False)
    assert found["crisis_numbers_confirmed"] >= crisis_numbers().written.isoformat()
    days = [found[f"{name}_days"] for name in ("silent", "never", "missing", "unanswered")]
    assert days == [0, 1, 2, 4]
    change(sob, "--krisnummer", "nej")
    assert settings(sob)["crisis_numbers_confirmed"] is None


def test_a_programs_own_are_changed_one_by_one(sob: Sob) -> None:
    own = ("--program", "prov")
    change(
        sob, *own, "--kontakt", "Ek, Åsa", "--kontakt-epost", "asa@example.org", "--orsak", "Flyttat", "--orsak", "Död"
    )
    change(sob, *own, "--kontakt-telefon", "010", "--utbildning", "ja")
    assert program(sob) == {
        "program": "prov",
        "title": "Ångest – prov",
        "contact_name": "Ek, Åsa",
        "contact_email": "asa@example.org",
        "contact_phone": "010",
        "end_reasons": ["Flyttat", "Död"],
        "training": "ja",
    }
    change(sob, *own, "--kontakt", "", "--orsak", "", "--utbildning", "programmets")
    assert (program(sob)["contact_email"], program(sob)["end_reasons"], program(sob)["training"]) == ("", [], "")


def test_both_at_once_or_neither(sob: Sob) -> None:
    said = change(sob, "--tyst", "3", "--program", "prov", "--kontakt", "Ek")
    assert (said.code, said.err) == (
        3,
        "Kontaktpersonen går inte att nå. Ange e-post eller telefon. "
        "(--kontakt-epost ADRESS, --kontakt-telefon NUMMER)\n",
    )
    assert settings(sob)["silent_days"] == 14
    assert change(sob, "--tyst", "3", "--program", "prov", "--utbildning", "nej", "--json").json == {"changed": True}
    assert (settings(sob)["silent_days"], program(sob)["training"]) == (3, "nej")


def test_the_betjaningsomrade_lets_a_refused_start_through(sob: Sob) -> None:
    start = ("moment", "starta", ELSEWHERE, "--program", "komigang-online", "--ja")
    stranger = hsa_id_of(Role.CLINICIAN, THERE)
    refused = sob(*start, som=stranger)
    assert (refused.code, "kan ändra enhetens betjäningsområde" in refused.err) == (3, True)
    assert change(sob, "--betjäningsområde", "Hela-landet", som=THEIR_ADMIN).code == 0
    assert sob(*start, som=stranger).code == 0


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 3, "Ange minst en inställning att ändra."),
        (("--kontakt", "Ek"), 2, "Ange --program tillsammans med det som ska ändras för programmet."),
        (("--program", "prov"), 2, "Ange --program tillsammans med det som ska ändras för programmet."),
        (("--tyst", "många"), 3, "Ange dagar till flagga för ingen aktivitet som ett heltal från 0 till 365."),
        (("--tyst", "0", "--aldrig", "-1"), 3, "Ange dagar till flagga för aldrig aktiv som ett heltal"),
        (("--tyst", "400"), 3, "Ange dagar till flagga för ingen aktivitet som ett heltal från 0 till 365."),
        (("--uppsamlat-timme", "15"), 3, "Ange timme för uppsamlat som ett heltal från 6 till 11."),
        (("--betjaningsomrade", "Europa"), 3, "Betjäningsområdet är hela-landet eller egen-region."),
        (("--rollutbildning", "kanske"), 3, "Rollutbildning är ja eller nej."),
        (("--program", "prov", "--utbildning", "kanske"), 3, "Utbildning är ja, nej eller programmets."),
    ],
)
def test_what_is_wrong_is_one_line(sob: Sob, words: tuple[str, ...], code: int, said: str) -> None:
    result = change(sob, *words)
    assert (result.code, result.out, result.err.count("\n")) == (code, "", 1)
    assert result.err.startswith(said)
    if code == 3:
        assert change(sob, *words, som=CLINICIAN).err == NotPermitted.SENTENCE + "\n"


def test_nobody_else_sees_or_changes(sob: Sob, clinic: Clinic) -> None:
    assert sob("enhet", "visa").code == 4
    assert change(sob, "--tyst", "3", som=CLINICIAN).code == 4
    assert change(sob, "--program", "xyz", "--utbildning", "ja").code == 4
    assert clinic.value("SELECT count(*) FROM log WHERE operation LIKE 'change_unit%' AND outcome = 'gjort'") == 0
