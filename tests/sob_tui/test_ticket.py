"""`--arende`: the ticket follows a refusal or a fault, and nothing else changes (contract.md §1)."""

import pytest

from sob_tui import VERSION
from store.foundation.access import Role
from tests.clinics import ADULT, HERE, INACTIVE, PREFIX, Clinic, hsa_id_of
from tests.sob_tui.conftest import CLINICIAN, Sob

SUPPORT = "Skickas till: IT-kundservice, telefon 14141, eller ett ärende i Tjänstekatalogen."
END = ("moment", "avsluta", "1", "--orsak", "Trött")


def ticket(err: str) -> dict[str, str]:
    """Return the ticket's lines by their labels; an empty line stands before it."""
    _, found = err.split("\n\n", 1)
    return dict(line.split(": ", 1) for line in found.splitlines() if line)


def test_it_follows_a_refusal_with_the_exact_sentence(sob: Sob, clinic: Clinic) -> None:
    clinic.start(program="prov")
    plain = sob(*END)
    said = sob(*END, "--arende")
    assert (said.code, said.out) == (plain.code, plain.out) == (3, "")
    assert said.err.startswith(plain.err + "\n")
    found = ticket(said.err)
    assert {**found, "Tid": ""} == {
        "Ärende": "Stöd och behandling i terminalen",
        "HSA-id": CLINICIAN,
        "Enhet": f"Enhet Ett ({HERE})",
        "Version": VERSION,
        "Tid": "",
        "Meddelande": plain.err.strip(),
        "Skickas till": SUPPORT.partition(": ")[2],
    }


def test_the_units_own_support_is_named(sob: Sob) -> None:
    sob("enhet", "andra", "--support", "Ring Anna på 14141.", som=hsa_id_of(Role.ACCESS_ADMIN))
    assert ticket(sob("visa", "99", "--arende").err)["Skickas till"] == "Ring Anna på 14141."


def test_where_all_goes_well_it_changes_nothing(sob: Sob, clinic: Clinic) -> None:
    clinic.start()
    plain, said = sob("lista"), sob("--arende", "lista")
    assert (said.code, said.out, said.err) == (plain.code, plain.out, plain.err)


def test_it_stands_anywhere_on_the_line_and_may_have_dots(sob: Sob) -> None:
    for line in (("--arende", "visa", "99"), ("visa", "--arende", "99"), ("visa", "99", "--ärende")):
        assert "\nÄrende: " in sob(*line).err


@pytest.mark.parametrize("som", ["SE2321000040-NOBODY", INACTIVE])
def test_who_cannot_sign_in_is_named_as_typed(sob: Sob, clinic: Clinic, som: str) -> None:
    found = ticket(sob("lista", "--arende", som=som).err)
    assert (found["HSA-id"], found["Enhet"]) == (som, "ingen")
    assert clinic.rows("SELECT operation, actor_hsa_id FROM log WHERE outcome = 'nekat'") == [("sign_in", som)]


def test_without_a_store_or_a_person_it_says_what_is_known(nowhere: Sob) -> None:
    said = nowhere("lista", "--store", "/nowhere/s.db", "--arende")
    assert said.code == 5
    assert ticket(said.err)["HSA-id"] == CLINICIAN
    said = nowhere("lista", "--arende", som=None)
    assert (said.code, ticket(said.err)["HSA-id"]) == (2, "inte inloggad")


@pytest.mark.parametrize(
    "line",
    [
        (ADULT, "--arende"),
        ("Åsa Berg", "--arende"),
        ("lista", f"--{ADULT}", "--arende"),
        ("lista", "--Berg", "--arende"),
        ("--arende", "--som"),
        ("moment", "starta", ADULT, "--program", ADULT, "--arende"),
        ("moment", "byt", "1", "--till", "19800102-2386", "--arende"),
        ("flagga", "ny", "1", "--text", "x", "--datum", "Åsa Berg", "--arende"),
        ("flagga", "ny", "1", "--text", "x", "--datum=åsa", "--arende"),
        ("flagga", "ny", "1", "--text", "x", "--datum", "berg", "--arende"),
    ],
    ids=" ".join,
)
def test_what_was_typed_of_a_resident_is_not_in_it(sob: Sob, clinic: Clinic, line: tuple[str, ...]) -> None:
    clinic.start()
    said = sob(*line, som=None if "--som" in line else CLINICIAN)
    text = said.err.split("\n\n", 1)[1]
    assert text.startswith("Ärende: ")
    for data in (ADULT, "19800102-2386", "berg", "åsa"):
        assert data not in text.lower()


def test_it_follows_warnings_too(sob: Sob, clinic: Clinic) -> None:
    clinic.start()
    said = sob("moment", "starta", ADULT, "--program", "komigang-online", "--arende")
    found = ticket(said.err)
    assert found["Meddelande"] == (
        "Invånaren har redan KomIgång online pågående hos Kim T1clinician, startat 2026-03-02."
    )
    for data in (ADULT, "19800102-2386", "Berg"):
        assert data not in said.err.split("\n\n", 1)[1]


def test_it_follows_a_crash(sob: Sob, monkeypatch: pytest.MonkeyPatch) -> None:
    def boom(*_arguments: object, **_more: object) -> None:
        raise RuntimeError(f"Berg, Åsa {ADULT}")

    monkeypatch.setattr("store.care.starting.start_moment", boom)
    said = sob("moment", "starta", ADULT, "--program", "komigang-online", "--arende")
    assert said.code == 1
    found = ticket(said.err)
    assert found["Meddelande"] == said.err.splitlines()[0]
    assert found["HSA-id"] == CLINICIAN
    assert "Felkod" in found["Meddelande"]
    for data in (ADULT, "Berg", "Åsa"):
        assert data not in said.err


def test_a_crash_in_the_making_of_it_is_no_second_one(sob: Sob, monkeypatch: pytest.MonkeyPatch) -> None:
    def boom(*_arguments: object, **_more: object) -> None:
        raise RuntimeError("Berg")

    monkeypatch.setattr("sob_tui.tickets.support_of", boom)
    said = sob("personal", "ny", f"{PREFIX}X", "--arende")
    assert (said.code, ticket(said.err)["Enhet"]) == (4, "ingen")
