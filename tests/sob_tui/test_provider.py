"""`sob vardgivare` and `sob enhet ny`: what is decided above the units, from the command line."""

import pytest

from store.foundation.access import Role
from tests.clinics import HERE, PREFIX, PROVIDER_ADMIN, THERE, Clinic, hsa_id_of
from tests.sob_tui.conftest import Sob

ADMIN = hsa_id_of(Role.ACCESS_ADMIN)
NEW = "SE2321000040-NEW2"


def test_all_that_is_below_is_told(sob: Sob) -> None:
    found = sob("vardgivare", "visa", "--json", som=PROVIDER_ADMIN).json
    here, there = found.pop("units")
    assert found == {
        "hsa_id": f"{PREFIX}P",
        "name": "Region Prov",
        "purge_decision": "",
        "purge_reference": "",
        "purge_decided_on": None,
        "agreement": "",
        "agreement_ends": None,
        "statistics_threshold": 5,
        "log_years": 5,
        "log_decision": "",
        "backup_days": None,
        "advice": found["advice"],
        "administrators": [{"hsa_id": PROVIDER_ADMIN, "name": found["administrators"][0]["name"]}],
    }
    assert set(here) == {"hsa_id", "name", "region", "contact", "administrators", "programs", "advice"}
    assert (here["hsa_id"], [one["hsa_id"] for one in here["administrators"]]) == (HERE, [ADMIN])
    assert [(one["program"], one["version"], one["open"], one["running"]) for one in here["programs"]] == [
        ("komigang-online", "1.1", True, []),
        ("prov", "1", True, []),
    ]
    assert there["hsa_id"] == THERE
    told = sob("vårdgivare", "visa", som=PROVIDER_ADMIN).out
    assert "Loggen sparas" in told
    assert "Enheten har bara en behörighetsadministratör" in told


@pytest.mark.parametrize("som", [None, PROVIDER_ADMIN])
def test_what_is_decided_is_changed_by_the_operator_or_above_the_units(sob: Sob, som: str | None) -> None:
    changed = sob(
        *("vardgivare", "andra", "--gallringsbeslut", "Gallras efter tio år.", "--gallringsbeslut-referens", "RS 1"),
        *("--gallringsbeslut-datum", "2026-01-15", "--avtal", "A 7", "--avtal-slut", "2099-12-31", "--troskel", "10"),
        *("--loggtid", "10", "--beslut", "RS 2", "--kopior-dagar", "35"),
        som=som,
    )
    assert (changed.code, changed.out) == (0, "Vårdgivarens inställningar är ändrade.\n")
    found = sob("vardgivare", "visa", "--json", som=som).json
    assert (found["agreement_ends"], found["log_years"], found["log_decision"]) == ("2099-12-31", 10, "RS 2")
    assert (found["purge_decided_on"], found["statistics_threshold"], found["backup_days"]) == ("2026-01-15", 10, 35)
    assert sob("vardgivare", "andra", "--avtal-slut", "", som=som).code == 0
    assert sob("vardgivare", "visa", "--json", som=som).json["agreement_ends"] is None


def test_what_will_not_do_is_refused_with_its_rule(sob: Sob) -> None:
    def refused(*words: str) -> tuple[int, str]:
        said = sob("vardgivare", "andra", *words, som=PROVIDER_ADMIN)
        return said.code, said.err

    code, said = refused("--loggtid", "4")
    assert (code, "HSLF-FS 2016:40" in said) == (3, True)
    assert refused("--loggtid", "7") == (
        3,
        "Att spara loggen längre än 5 år kräver ett beslut. Ange beslutets referens. (--beslut TEXT)\n",
    )
    assert refused("--troskel", "många")[0] == 3
    assert refused("--avtal-slut", "nyår") == (
        3,
        "nyår är inget datum. Skriv år, månad och dag så här: 2026-11-22.\n",
    )
    assert refused() == (3, "Ange minst en inställning att ändra. (sob vardgivare andra --help)\n")
    assert sob("vardgivare", "andra", "--loggtid", "x", som=ADMIN).code == 4  # before any value is read
    assert sob("vardgivare", "visa", som=ADMIN).code == 4


def test_a_unit_is_added_and_described_from_above(sob: Sob, clinic: Clinic) -> None:
    added = sob("enhet", "ny", NEW, "--namn", "Enhet Tre", "--kontakt", "Eva Ek", "--json", som=PROVIDER_ADMIN)
    assert added.json == {"hsa_id": NEW, "name": "Enhet Tre"}
    again = sob("enhet", "ny", NEW.lower(), "--namn", "Enhet Tre", som=None)
    assert (again.code, "finns redan" in again.err) == (3, True)
    assert sob("enhet", "ny", NEW, "--namn", "X", som=ADMIN).code == 4
    assert sob("vardgivare", "enhet", NEW, "--namn", "Enhet [/x]", som=PROVIDER_ADMIN).code == 0
    found = sob("vardgivare", "visa", "--json", "--som-driften", "Kim i driften", som=None).json
    assert [one["name"] for one in found["units"]] == ["Enhet [/x]", "Enhet Ett", "Enhet Två"]
    assert sob("vardgivare", "enhet", "SE2321000040-INGEN", "--namn", "X", som=PROVIDER_ADMIN).code == 4
    assert sob("vardgivare", "enhet", NEW, "--kontakt", "", "--som-driften", "Kim i driften", som=None).code == 0
    assert clinic.log_value("SELECT actor_name FROM log ORDER BY id DESC LIMIT 1") == "Kim i driften"
