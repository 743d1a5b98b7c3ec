"""`sob sakerhetsplan`, and the resident's own."""

import json
from functools import partial

import pytest

from store.foundation.errors import NotPermitted
from store.opening import open_store
from store.people.crisis_numbers import crisis_numbers
from tests.clinics import ADULT, COLLEAGUE, Clinic
from tests.sob_tui.conftest import Sob, Typed


@pytest.fixture(autouse=True)
def _standing_clock(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands read the clinic's clock."""
    monkeypatch.setattr("store.opening.open_store", partial(open_store, clock=clinic.clock))


@pytest.fixture
def moment(clinic: Clinic) -> str:
    """A moment."""
    return str(clinic.start(program="prov"))


def test_a_plan_is_written_shown_and_read_in_again(sob: Sob, moment: str, typed: Typed) -> None:
    typed(b'varningstecken = "Sover inte\\u001b[31m [/x]"\nringa = ["Mor", "Far"]')
    assert sob("sakerhetsplan", "andra", moment).out == "Säkerhetsplanen är ändrad.\n"
    shown = sob("sakerhetsplan", "visa", moment).out
    assert shown.splitlines() == [
        "SÄKERHETSPLAN",
        "Version 1, sparad 2026-03-02 10:00 av Kim T1clinician",
        "",
        "VARNINGSTECKEN",
        "Sover inte [/x]",
        "",
        "DET SOM HJÄLPER",
        "(inget skrivet)",
        "",
        "VEM JAG KAN RINGA",
        "Mor",
        "Far",
        "",
        "VÅRDENS NUMMER",
        "(inget skrivet)",
        "",
        "EN SÄKRARE MILJÖ",
        "(inget skrivet)",
        "",
        "OM DET ÄR AKUT",
        *crisis_numbers().lines,
        crisis_numbers().note(""),
    ]
    typed(shown.replace("Far\n", "Far\nSyster\n").encode())
    assert sob("sakerhetsplan", "andra", moment, "--json").json == {"id": moment}
    found = sob("sakerhetsplan", "visa", moment, "--json").json
    assert (found["version"], found["ringa"], found["hjalper"]) == (2, "Mor\nFar\nSyster", None)
    assert "Mor\nFar\n\n" in sob("sakerhetsplan", "visa", moment, "--version", "1").out
    assert sob("sakerhetsplan", "visa", moment, "--version", "9").code == 3


def test_a_change_that_crosses_is_refused_and_kept(sob: Sob, moment: str, typed: Typed) -> None:
    typed("DET SOM HJÄLPER\nGå ut".encode())
    assert sob("invanare", "sakerhetsplan", ADULT, "--andra", som=None).code == 0
    typed(b'version = 0\nhjalper = "Vila"')
    said = sob("sakerhetsplan", "andra", moment)
    assert (said.code, said.out) == (3, "")
    assert said.err.startswith("Invånaren (2026-03-02 kl. 10.00) har ändrat planen sedan du läste den")
    found = sob("sakerhetsplan", "visa", moment, "--json").json
    assert (found["hjalper"], found["as"]) == ("Gå ut", "invånare")
    assert [(one["hjalper"], one["why"]) for one in found["beside"]] == [("Vila", "krock")]
    shown = sob("sakerhetsplan", "visa", moment)
    assert shown.err == "En annan text står bredvid planen och är inte med i den. Visa den med --bredvid.\n"
    assert "Vila" in sob("sakerhetsplan", "visa", moment, "--bredvid").out
    assert json.loads(sob("invanare", "sakerhetsplan", ADULT, "--json", som=None).out)["version"] == 1


def test_nobody_else_is_told_of_what_they_typed(sob: Sob, moment: str, typed: Typed) -> None:
    typed(b"ringa = 3")
    said = sob("sakerhetsplan", "andra", moment, som=COLLEAGUE)
    assert (said.code, said.err.strip()) == (4, NotPermitted.SENTENCE)
    refused = sob("sakerhetsplan", "andra", moment)
    assert (refused.code, "ringa ska vara en text" in refused.err) == (3, True)


def test_with_moments_on_two_units_the_resident_says_which(sob: Sob, clinic: Clinic, moment: str, typed: Typed) -> None:
    other = clinic.start(by=clinic.stranger, confirmed=True)
    said = sob("invanare", "sakerhetsplan", ADULT, som=None)
    assert (said.code, f"{moment}, {other}" in said.err) == (2, True)
    typed(b'ringa = "Mor"')
    assert sob("invanare", "sakerhetsplan", ADULT, "--andra", "--moment", moment, som=None).code == 0
    assert sob("invanare", "sakerhetsplan", ADULT, "--moment", str(other), "--json", som=None).json["version"] == 0
