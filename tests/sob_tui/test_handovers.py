"""`sob moment overlamna` and its answers, from the command line."""

import pytest

from store.foundation.access import Role
from store.foundation.errors import NotPermitted
from tests.clinics import ADULT, HERE, HIDDEN, INACTIVE, THERE, Clinic, hsa_id_of
from tests.sob_tui.conftest import ADMIN, CLINICIAN, Sob

THEIR_ADMIN, THEIR_CLINICIAN = (hsa_id_of(role, THERE) for role in (Role.RESIDENT_ADMIN, Role.CLINICIAN))
NOTE = "Har flyttat.\nRing först."


@pytest.fixture
def moment(sob: Sob, clinic: Clinic) -> str:
    """A moment that is offered to the other unit."""
    moment = str(clinic.start())
    assert sob("moment", "overlamna", moment, "--till", THERE, "--anteckning", NOTE).code == 0
    return moment


def test_an_offer_is_made_listed_and_accepted(sob: Sob, clinic: Clinic) -> None:
    moment = str(clinic.start())
    offer = ("moment", "överlämna", moment, "--till", THERE, "--anteckning", NOTE, "--beratta")
    assert sob(*offer).out == f"Momentet är erbjudet till {THERE}.\n"
    (theirs,) = sob("moment", "overlamningar", "--json", som=THEIR_ADMIN).json
    (ours,) = sob("moment", "overlamningar", "--json", som=ADMIN).json
    assert {**ours, "to_us": True} == theirs
    assert {**theirs, "offered": None} == {
        "moment": moment,
        "personnummer": ADULT,
        "name": "Berg, Åsa",
        "protected": False,
        "program": "komigang-online",
        "program_title": "KomIgång online",
        "from": HERE,
        "to": THERE,
        "to_us": True,
        "note": NOTE,
        "offered": None,
        "offered_by": "Kim T1clinician",
        "priority_flags": 0,
        "priority_since": None,
    }
    assert sob("moment", "overlamningar", som=THEIR_ADMIN).out.splitlines()[0] == (
        f"Moment {moment} · Berg, Åsa · KomIgång online · från Enhet Ett"
    )
    accept = ("moment", "ta-emot", moment, "--behandlare", THEIR_CLINICIAN)
    assert sob(*accept, "--json", som=THEIR_ADMIN).json == {"id": moment, "clinician": THEIR_CLINICIAN}
    assert sob("visa", moment).code == 4
    assert "från Enhet Ett till Enhet Två, erbjuden" in sob("visa", moment, som=THEIR_CLINICIAN).out
    assert sob("moment", "overlamningar", som=ADMIN).out == "Inga överlämningar väntar.\n"
    assert clinic.value("SELECT count(*) FROM message") == 1


def test_declined_with_the_reason_and_offered_again_and_withdrawn(sob: Sob, moment: str) -> None:
    decline = ("moment", "avvisa", moment, "--orsak", "Vi har fullt.")
    assert sob(*decline, som=THEIR_ADMIN).out.startswith("Överlämningen är avvisad.")
    assert "avvisad" in sob("visa", moment).out
    assert "Vi har fullt." in sob("visa", moment).out
    assert sob("moment", "overlamna", moment, "--till", THERE, "--anteckning", "Igen").code == 0
    assert sob("moment", "dra-tillbaka", moment, "--json").json == {"id": moment, "offered_to": None}
    said = sob("moment", "dra-tillbaka", moment)
    assert (said.code, said.err) == (3, "Momentet är inte erbjudet till någon enhet.\n")
    assert sob(*decline, som=THEIR_ADMIN).code == 4


def test_what_stays_behind_is_confirmed(sob: Sob, clinic: Clinic) -> None:
    moment = str(clinic.start())
    clinic.run("UPDATE moment SET drafts = 1, priority_flags = 2")
    offer = ("moment", "overlamna", moment, "--till", THERE, "--anteckning", "x")
    said = sob(*offer)
    assert (said.code, said.err.splitlines()) == (
        3,
        [
            "1 utkast stannar kvar här, och kan inte läsas efter överlämningen. Skicka eller kopiera först.",
            "2 ohanterade prioriterade flaggor följer med till den andra enheten.",
            "Lägg till --ja för att bekräfta.",
        ],
    )
    assert sob(*offer, "--ja").code == 0


def test_writing_and_ending_are_withheld_with_the_reason(sob: Sob, moment: str, typed: "object") -> None:
    assert callable(typed)
    typed(b"Hej")
    for words in (("moment", "avsluta", moment, "--orsak", "Klart"), ("meddelande", "skriv", moment)):
        said = sob(*words)
        assert (said.code, said.err.count("\n")) == (3, 1)
        assert "Momentet är erbjudet till en annan enhet" in said.err


def test_a_protected_resident_is_masked_until_it_is_asked_for(sob: Sob, clinic: Clinic) -> None:
    moment = str(clinic.start(HIDDEN))
    assert sob("moment", "overlamna", moment, "--till", THERE, "--anteckning", "x").code == 0
    for som in (THEIR_ADMIN, ADMIN):
        (masked,) = sob("moment", "overlamningar", "--json", som=som).json
        assert (masked["personnummer"], masked["name"], masked["protected"]) == (None, None, True)
        assert "Skyddade personuppgifter" in sob("moment", "overlamningar", som=som).out
        (shown,) = sob("moment", "overlamningar", "--json", "--visa-skyddade", som=som).json
        assert (shown["personnummer"], shown["name"]) == (HIDDEN, "Dold, Dan")
    rows = clinic.rows("SELECT operation, unit_id FROM log WHERE operation LIKE 'reveal%' ORDER BY id")
    assert rows == [("reveal_offered", clinic.there), ("reveal_protected", clinic.here)]


LINES = [
    ("moment", "overlamna", "1", "--till", "fel", "--anteckning", ""),
    ("moment", "ta-emot", "1", "--behandlare", "fel"),
    ("moment", "avvisa", "1", "--orsak", ""),
    ("moment", "dra-tillbaka", "1"),
    ("moment", "overlamningar"),
]


@pytest.mark.parametrize("line", LINES, ids=lambda line: " ".join(line[:2]))
@pytest.mark.usefixtures("moment")
def test_permission_comes_before_any_rule(sob: Sob, line: tuple[str, ...]) -> None:
    for som in ("SE2321000040-NOBODY", INACTIVE, hsa_id_of(Role.ACCESS_ADMIN), THEIR_CLINICIAN):
        said = sob(*line, som=som)
        assert (said.code, said.out, said.err) == (4, "", NotPermitted.SENTENCE + "\n")
    assert sob(*line, som=None).code == 2


def test_the_other_unit_answers_and_nobody_here(sob: Sob, moment: str) -> None:
    for words in (("ta-emot", moment, "--behandlare", CLINICIAN), ("avvisa", moment, "--orsak", "x")):
        assert sob("moment", *words, som=ADMIN).code == 4
    assert sob("moment", "ta-emot", moment, "--behandlare", CLINICIAN, som=THEIR_ADMIN).code == 3
