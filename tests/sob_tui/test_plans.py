"""`sob plan`, and the resident's activities."""

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from store.care.program_shape import PlannedActivity, PlanTemplate
from store.care.programs import install_program
from store.foundation.access import OPERATOR, Role
from store.foundation.errors import NotPermitted
from store.opening import open_store
from tests.clinics import ADULT, COLLEAGUE, SMALL, Clinic, hsa_id_of
from tests.sob_tui.conftest import Sob
from tests.store.care.test_program_activities import MORE
from tests.store.care.test_program_files import STEP, TOML, write

WALK = "Promenad | mån,ons 09:00 | varje 2 veckor | till 2026-12-24"


@pytest.fixture(autouse=True)
def _standing_clock(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the commands read the clinic's clock."""
    monkeypatch.setattr("store.opening.open_store", partial(open_store, clock=clinic.clock))


@pytest.fixture
def moment(clinic: Clinic) -> str:
    """A moment of a program that proposes a plan."""
    template = PlanTemplate("Vila lagom", (PlannedActivity("Vila", (6,), "14:00"),), 14)
    with clinic.store.work(OPERATOR) as work:
        install_program(work, replace(SMALL, version="2", activity_plans=(template,)))
    return str(clinic.start(program="prov"))


def plans(sob: Sob, moment: str) -> Any:
    return sob("plan", "lista", moment, "--json").json


def test_a_plan_is_made_listed_changed_and_ended(sob: Sob, moment: str) -> None:
    words = ("--titel", "Rörelse", "--aktivitet", WALK, "--aktivitet", "Vila", "--folj-upp", "2026-03-16")
    made = sob("plan", "ny", moment, *words)
    assert (made.code, made.out) == (0, "Planen är gjord. Plan 1.\n")
    assert plans(sob, moment) == [
        {
            "id": "1",
            "title": "Rörelse",
            "follow_up": "2026-03-16",
            "made": "2026-03-02T10:00:00+01:00",
            "ended": None,
            "activities": [
                {
                    "id": "1",
                    "description": "Promenad",
                    "at": "09:00",
                    "repeats": "mån, ons varannan vecka till 2026-12-24",
                    "removed": None,
                    "marks": [],
                },
                {
                    "id": "2",
                    "description": "Vila",
                    "at": None,
                    "repeats": "varje dag",
                    "removed": None,
                    "marks": [],
                },
            ],
        }
    ]
    changed = sob("plan", "andra", "1", "--ta-bort", "2", "--folj-upp", "nej", "--aktivitet", "Simma | lör")
    assert (changed.code, changed.out) == (0, "Planen är ändrad.\n")
    (plan,) = plans(sob, moment)
    assert (plan["follow_up"], [one["removed"] for one in plan["activities"]]) == (None, [None, "2026-03-02", None])
    assert sob("plan", "avsluta", "1", "--json").json == {"id": "1"}
    assert plans(sob, moment)[0]["ended"] == "2026-03-02T10:00:00+01:00"


def test_a_plan_is_shown_to_a_person(sob: Sob, moment: str) -> None:
    assert sob("plan", "lista", moment).out == "Inga aktivitetsplaner än.\n"
    sob("plan", "ny", moment, "--titel", "Rörelse", "--aktivitet", WALK)
    sob("plan", "folj-upp", "1", "--anteckning", "Går\nbra.", "--nasta", "2026-03-30")
    sob("invanare", "aktivitet", ADULT, "--program", "prov", "--aktivitet", "1", "--ej-utford", "--anteckning", "Regn")
    assert sob("plan", "lista", moment).out.splitlines() == [
        "Rörelse (plan 1)",
        "  Gjord 2026-03-02 av Kim T1clinician · Följs upp: 2026-03-30",
        "  Promenad (aktivitet 1) · mån, ons varannan vecka till 2026-12-24 09:00",
        "    2026-03-02 ej utförd: Regn",
        "  Uppföljd 2026-03-02 av Kim T1clinician: Går bra.",
        "",
    ]
    assert sob("plan", "vecka", moment).out.splitlines() == [
        "Vecka 10, 2026-03-02 – 2026-03-08: 0 av 2 utförda",
        "mån 2026-03-02",
        "  09:00 Promenad, ej utförd: Regn",
        "ons 2026-03-04",
        "  09:00 Promenad, inte markerad",
    ]
    later = sob("plan", "vecka", moment, "--dag", "2026-03-16", "--json").json
    assert [len(day["activities"]) for day in later] == [1, 0, 1, 0, 0, 0, 0]


def test_a_plan_is_made_of_what_the_program_proposes(sob: Sob, moment: str) -> None:
    assert sob("plan", "ny", moment, "--mall", "vila LAGOM", "--aktivitet", "Gå").code == 0
    (plan,) = plans(sob, moment)
    assert (plan["title"], plan["follow_up"]) == ("Vila lagom", "2026-03-16")
    assert [one["description"] for one in plan["activities"]] == ["Vila", "Gå"]
    missing = sob("plan", "ny", moment, "--mall", "vilse")
    assert (missing.code, "Förslagen är: Vila lagom." in missing.err) == (3, True)


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([], 2, "Ange planens titel med --titel"),
        (["--titel", "", "--aktivitet", "Gå"], 3, "behöver en titel"),
        (["--titel", "A"], 3, "minst en aktivitet"),
        (["--titel", "A", "--aktivitet", "Gå | snart"], 3, '"snart" går inte att förstå'),
        (["--titel", "A", "--aktivitet", "Gå", "--folj-upp", "snart"], 3, "snart är inget datum"),
        (["--titel", "A", "--aktivitet", "Gå", "--folj-upp", "2026-03-01"], 3, "har redan varit"),
    ],
)
def test_what_is_wrong_is_said(sob: Sob, moment: str, words: list[str], code: int, said: str) -> None:
    refused = sob("plan", "ny", moment, *words)
    assert (refused.code, said in refused.err, refused.out) == (code, True, "")
    assert refused.err.count("\n") == 1


def test_who_may_not_gets_the_one_sentence(sob: Sob, moment: str) -> None:
    sob("plan", "ny", moment, "--titel", "A", "--aktivitet", "Gå")
    said = {
        sob(*words, som=som).err
        for som in (COLLEAGUE, hsa_id_of(Role.RESIDENT_ADMIN, "SE2321000040-T2"))
        for words in (
            ("plan", "lista", moment),
            ("plan", "vecka", moment),
            ("plan", "ny", moment, "--titel", "B", "--aktivitet", "Gå"),
            ("plan", "ny", moment, "--mall", "B"),
            ("plan", "andra", "1", "--titel", "B"),
            ("plan", "avsluta", "1"),
            ("plan", "folj-upp", "1", "--anteckning", "B"),
            ("plan", "folj-upp", "4711", "--anteckning", "B"),
        )
    }
    assert said == {f"{NotPermitted.SENTENCE}\n"}


def test_the_resident_marks_and_lists_the_own_activities(sob: Sob, clinic: Clinic, moment: str) -> None:
    sob("plan", "ny", moment, "--titel", "Rörelse", "--aktivitet", "Gå | mån, tis 09:00")
    clinic.clock.set(2026, 3, 3, 12)
    resident = (ADULT, "--program", "prov")
    done = sob("invanare", "aktivitet", *resident, "--aktivitet", "1", "--utford", som=None)
    assert (done.code, done.out) == (0, "Aktiviteten är markerad som utförd 2026-03-03.\n")
    words = ("--aktivitet", "1", "--ej-utford", "--dag", "2026-03-02", "--json")
    marked = sob("invanare", "aktivitet", *resident, *words, som=None).json
    assert marked == {"id": moment, "activity": "1", "day": "2026-03-02", "done": False}
    own = sob("invanare", "aktiviteter", *resident, "--json", som=None).json
    assert [mark["done"] for mark in own["plans"][0]["activities"][0]["marks"]] == [False, True]
    assert [one["done"] for day in own["week"] for one in day["activities"]] == [False, True]
    listed = sob("invanare", "aktiviteter", *resident, som=None).out
    assert "Gå (aktivitet 1) · mån, tis 09:00" in listed
    assert "tis 2026-03-03\n  09:00 Gå, utförd\n" in listed


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (["--aktivitet", "1"], 2, "--utford/--ej-utford saknas"),
        (["--aktivitet", "4711", "--utford"], 4, NotPermitted.SENTENCE),
        (["--aktivitet", "1", "--utford", "--dag", "2026-03-03"], 3, "har inte kommit än"),
        (["--aktivitet", "1", "--utford", "--dag", "i går"], 3, "i går är inget datum"),
    ],
)
def test_what_cannot_be_marked_says_why(sob: Sob, moment: str, words: list[str], code: int, said: str) -> None:
    sob("plan", "ny", moment, "--titel", "Rörelse", "--aktivitet", "Gå")
    refused = sob("invanare", "aktivitet", ADULT, "--program", "prov", *words, som=None)
    assert (refused.code, said in refused.err) == (code, True)


def test_a_preview_shows_flags_and_plans(nowhere: Sob, tmp_path: Path) -> None:
    files: dict[str, str | bytes | None] = {
        "program.toml": TOML + MORE,
        "modules/00-borja-har/titel.txt": "Börja här\n",
        "modules/00-borja-har/01-valkommen.md": STEP,
    }
    folder = str(write(tmp_path / "prov", files))
    text = nowhere("program", "visa", folder, som=None).out
    for words in (
        "ingen aktivitet efter 30 dagar, inte vid aldrig aktiv, obesvarat meddelande efter 1 dag, inte när en modul",
        "Förslag till aktivitetsplan: Rörelse, följs upp efter 14 dagar\n",
        "  Promenad · mån, ons varannan vecka 09:00 i 8 veckor\n",
        "  Vila · varje dag\n",
    ):
        assert words in text
    preview = nowhere("program", "visa", folder, "--json", som=None).json
    assert (preview["flags"]["silent_days"], preview["plans"][0]["title"]) == (30, "Rörelse")
