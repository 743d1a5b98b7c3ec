"""`sob moment` and `sob modul`."""

import pytest

from store.care.activity_plans import NewActivity, NewPlan, make_plan
from store.foundation.access import Role
from store.foundation.clock import local_day, wall_clock
from store.foundation.errors import NotPermitted
from store.foundation.identity import PersonalNumber
from tests.clinics import ADULT, CHILD, COLLEAGUE, ELSEWHERE, HIDDEN, INACTIVE, THERE, UNKNOWN, Clinic, hsa_id_of
from tests.sob_tui.conftest import ADMIN, CLINICIAN, Sob

KOMIGANG = ("--program", "komigang-online")
STRANGER = hsa_id_of(Role.CLINICIAN, THERE)


def age(number: str) -> int | None:
    """Return how old somebody is now: commands use the real clock."""
    return PersonalNumber(number).age(local_day(wall_clock()))


def status(sob: Sob, moment: str) -> str:
    return str(sob("visa", moment, "--json").json["status"])


def test_starting_says_who_the_number_means_and_which_moment_it_became(sob: Sob, clinic: Clinic) -> None:
    said = sob("moment", "starta", "8001022386", *KOMIGANG)
    assert (said.code, said.err) == (0, "")
    assert said.out.splitlines() == [
        f"19800102-2386 · {age(ADULT)} år · kvinna · Berg, Åsa",
        "Momentet är startat. Moment 1.",
    ]
    assert clinic.value("SELECT count(*) FROM log WHERE operation = 'look_up_resident'") == 1


def test_starting_as_json(sob: Sob) -> None:
    answer = sob("moment", "starta", ADULT, *KOMIGANG, "--json").json
    assert answer == {
        "personnummer": ADULT,
        "name": "Berg, Åsa",
        "protected": False,
        "age": age(ADULT),
        "sex": "kvinna",
        "id": "1",
        "said": [],
    }


def test_an_unknown_resident_needs_a_name(sob: Sob) -> None:
    said = sob("moment", "starta", UNKNOWN, *KOMIGANG)
    assert (said.code, said.out) == (3, "")
    assert said.err == (
        "Personnumret finns inte i registret. Ange efternamn och förnamn om invånaren ska läggas till. "
        "(--efternamn NAMN, --fornamn NAMN)\n"
    )
    half = sob("moment", "starta", UNKNOWN, *KOMIGANG, "--efternamn", "Ek")
    assert (half.code, half.err) == (3, "Förnamnet saknas. (--fornamn NAMN)\n")
    new = (
        "--efternamn",
        "Ek",
        "--förnamn",
        "Nils",
        "--region",
        "05",
        "--mobil",
        "0701740606",
        "--epost",
        "a@example.org",
    )
    assert "Ek, Nils" in sob("moment", "starta", UNKNOWN, *KOMIGANG, *new).out


def test_what_is_only_said_is_printed_and_goes_on(sob: Sob) -> None:
    child = sob("moment", "starta", CHILD, *KOMIGANG)
    assert child.code == 0
    assert "Vårdnadshavare kan agera ombud" in child.out
    protected = sob("moment", "starta", HIDDEN, *KOMIGANG)
    assert (protected.code, protected.err) == (0, "")
    assert protected.out.splitlines()[:2] == [
        f"20000125-2386 · {age(HIDDEN)} år · kvinna · Skyddade personuppgifter",
        "Invånaren har skyddade personuppgifter. Program kan startas, men inget ombud kan agera.",
    ]


def test_a_protected_child_starts_with_the_sentence_that_no_ombud_can_act(sob: Sob, clinic: Clinic) -> None:
    clinic.add_resident("202001022389", protection="skyddad-folkbokforing")
    said = sob("moment", "starta", "202001022389", *KOMIGANG, "--json")
    assert (said.code, said.json["name"], said.json["personnummer"]) == (0, None, None)
    assert said.json["said"][0].endswith("Program kan startas, men inget ombud kan agera.")


def test_warnings_are_all_listed_and_confirmed_by_ja(sob: Sob, clinic: Clinic) -> None:
    again = (*("moment", "starta", ADULT), *KOMIGANG)
    assert sob(*again).code == 0
    clinic.run("DELETE FROM training")
    said = sob(*again)
    assert (said.code, said.out) == (3, "")
    assert said.err.splitlines() == [
        f"19800102-2386 · {age(ADULT)} år · kvinna · Berg, Åsa",
        "Kim T1clinician har ingen registrerad utbildning för KomIgång online. För alla program krävs utbildning.",
        f"Invånaren har redan KomIgång online pågående hos Kim T1clinician, startat {local_day(wall_clock())}.",
        "Lägg till --ja för att bekräfta.",
    ]
    assert sob(*again, "--ja").out.splitlines()[-1] == "Momentet är startat. Moment 2."


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("200001012385", "kontrollsiffra stämmer inte"),
        ("200001010006", "kan inte vara 000"),
        ("20000101 2384", "får bara bindestreck eller plus stå"),
        ("200001012384 ", ""),
        ("000101T384", "interimsnummer och i vissa reservnummer"),
        ("000101AB84", "Det ser ut som ett reservnummer"),
        ("990001012384", "Det ser ut som ett reservnummer"),
        ("209901012384", "ligger i framtiden"),
        ("200013012384", "finns inte"),
        ("123", "tio eller tolv siffror"),
        ("", "Fyll i personnumret"),
        ("0905271474", "Övningsmiljön tar bara emot påhittade personnummer"),
    ],
)
def test_a_wrong_number_has_its_own_sentence(sob: Sob, number: str, words: str) -> None:
    said = sob("moment", "starta", number, *KOMIGANG)
    assert (said.code, said.out, said.err.count("\n")) == (3, "", 1)
    assert words in said.err


@pytest.mark.parametrize(
    ("line", "som", "words"),
    [
        (("moment", "starta", ELSEWHERE, *KOMIGANG), STRANGER, "skriven i en annan region"),
        (("moment", "starta", ADULT, "--program", "prov"), STRANGER, "är inte öppet för enheten"),
        (("moment", "starta", ADULT, "--program", "inget"), CLINICIAN, "Programmet inget finns inte"),
        (("moment", "starta", ADULT, *KOMIGANG), ADMIN, "Välj ansvarig behandlare"),
        (("moment", "starta", ADULT, *KOMIGANG, "--behandlare", INACTIVE), ADMIN, "är inte aktiv behandlare"),
        (("moment", "starta", UNKNOWN, *KOMIGANG, "--efternamn", "1", "--fornamn", "A"), CLINICIAN, "minst en bokstav"),
        (("moment", "byt", "1", "--till", INACTIVE), CLINICIAN, "är inte aktiv behandlare"),
        (("moment", "byt", "1", "--till", CLINICIAN), CLINICIAN, "är redan ansvarig behandlare"),
        (("moment", "byt", "1", "--till", COLLEAGUE, "--meddelande", " "), CLINICIAN, "Meddelandet är tomt"),
        (("moment", "avsluta", "1", "--orsak", "Trött"), CLINICIAN, "Välj en avslutningsorsak: Klart, Övrigt."),
        (("moment", "ateruppta", "1"), CLINICIAN, "kan inte återupptas"),
        (("modul", "visa", "1", "start"), CLINICIAN, "visas redan"),
        (("modul", "dolj", "1", "mer"), CLINICIAN, "är inte öppnad än"),
        (("modul", "oppna", "1", "start"), CLINICIAN, "är redan öppnad"),
        (("modul", "oppna", "1", "ingen"), CLINICIAN, "finns inte"),
    ],
)
def test_a_rule_says_no_in_one_sentence(sob: Sob, clinic: Clinic, line: tuple[str, ...], som: str, words: str) -> None:
    clinic.start(CHILD, program="prov")
    said = sob(*line, som=som)
    assert (said.code, said.out, said.err.count("\n")) == (3, "", 1)
    assert words in said.err


LINES = [
    ("moment", "starta", ADULT, *KOMIGANG),
    ("moment", "byt", "1", "--till", COLLEAGUE),
    ("moment", "avsluta", "1", "--orsak", "Klart"),
    ("moment", "vidmakthallande", "1"),
    ("moment", "ateruppta", "1"),
    ("modul", "visa", "1", "start"),
    ("modul", "dolj", "1", "start"),
    ("modul", "oppna", "1", "mer"),
]


@pytest.mark.parametrize(
    "line",
    [
        ("flagga", "ny", "1", "--text", "Ring", "--datum", "snart"),
        ("flagga", "ny", "1", "--text", "Ring", "--allvar", "stort"),
        ("visa", "1", "--tidslinje", "--fran", "snart"),
        ("visa", "1", "--journal", "--till", "snart"),
        ("plan", "ny", "1", "--titel", "Gå", "--folj-upp", "snart"),
        ("plan", "andra", "1", "--folj-upp", "snart"),
        ("plan", "folj-upp", "1", "--anteckning", "Bra", "--nasta", "snart"),
        ("att-gora", "--skjut-upp", "flagga-1", "--till", "snart", "--skal", "Semester"),
        ("meddelande", "skriv", "1", "--avisera", "ibland"),
        ("formular", "installera", "finns-inte.json"),
        ("program", "installera", "finns-inte"),
        ("invanare", "importera", "finns-inte.csv"),
        ("personal", "importera", "finns-inte.csv"),
    ],
    ids=lambda line: " ".join(line[:2]),
)
def test_permission_comes_before_a_value_that_the_command_reads(
    sob: Sob, clinic: Clinic, line: tuple[str, ...]
) -> None:
    moment = clinic.start(program="prov")
    with clinic.store.work(clinic.clinician) as work:
        make_plan(work, moment, NewPlan("Promenader", (NewActivity("Gå ut"),), None))
    assert sob(*line, som=hsa_id_of(Role.DATA_ADMIN)).code == 4
    may = None if line[1] in ("installera", "importera") else CLINICIAN
    assert sob(*line, som=may).code == 3


@pytest.mark.parametrize("line", LINES, ids=lambda line: " ".join(line[:2]))
def test_permission_comes_before_any_rule(sob: Sob, clinic: Clinic, line: tuple[str, ...]) -> None:
    clinic.start(program="prov")
    for som in ("SE2321000040-NOBODY", INACTIVE, hsa_id_of(Role.ACCESS_ADMIN)):
        wrong = [word if word not in (ADULT, "start", "mer", "Klart", COLLEAGUE) else "fel" for word in line]
        said = sob(*wrong, som=som)
        assert (said.code, said.out, said.err) == (4, "", NotPermitted.SENTENCE + "\n")
    assert sob(*line, som=None).code == 2
    assert sob(*["ett" if word == "1" else word for word in line], som=INACTIVE).code == 4


def test_a_clinician_starts_for_nobody_else(sob: Sob) -> None:
    assert sob("moment", "starta", "fel", *KOMIGANG, "--behandlare", COLLEAGUE).code == 4
    assert sob("moment", "starta", ADULT, *KOMIGANG, "--behandlare", COLLEAGUE, som=ADMIN).code == 0


def test_switching_takes_several_moments_or_none(sob: Sob, clinic: Clinic) -> None:
    moments = [str(clinic.start()), str(clinic.start(program="prov"))]
    assert sob("moment", "byt", *moments, "99", "--till", COLLEAGUE).code == 4
    assert len(sob("lista", "--json").json) == 2
    said = sob("moment", "byt", *moments, moments[0], "--till", COLLEAGUE, "--meddelande", "Hej\nKim tar över.")
    assert (said.code, said.out) == (0, "Behandlaren är bytt för 2 moment.\n")
    assert len(sob("lista", "--json", som=COLLEAGUE).json) == 2
    assert clinic.value("SELECT min(text) FROM message") == "Hej\nKim tar över."
    back = sob("moment", "byt", *moments, "--till", CLINICIAN, "--json", som=COLLEAGUE)
    assert back.json == {"moments": moments, "clinician": CLINICIAN}


def test_a_missing_training_is_told_for_all_that_are_switched_and_confirmed_once(sob: Sob, clinic: Clinic) -> None:
    moments = [str(clinic.start()), str(clinic.start(CHILD)), str(clinic.start(program="prov"))]
    clinic.run("DELETE FROM training")
    clinic.run("UPDATE openprogram SET training = 'ja' WHERE program = 'prov'")
    said = sob("moment", "byt", *moments, "--till", COLLEAGUE)
    assert (said.code, said.err.count("KomIgång online"), said.err.count("Ångest – prov")) == (3, 1, 1)
    assert len(sob("lista", "--json").json) == 3
    assert sob("moment", "byt", *moments, "--till", COLLEAGUE, "--ja").code == 0
    assert len(sob("lista", "--json", som=COLLEAGUE).json) == 3


@pytest.mark.parametrize(
    "words",
    [("vidmakthallande", "ateruppta"), ("vidmakthållande", "återuppta"), ("vidmakthållande", "a\u030ateruppta")],
)
def test_maintenance_and_back_in_both_spellings(sob: Sob, clinic: Clinic, words: tuple[str, str]) -> None:
    moment = str(clinic.start())
    there, back = words
    assert sob("moment", there, moment).out == "Momentet är i vidmakthållande läge.\n"
    assert status(sob, moment) == "vidmakthallande"
    assert "Vidmakthållande (1 st)" in sob("lista").out
    assert sob("moment", back, moment, "--json").json == {"id": moment, "status": "pagaende"}
    assert status(sob, moment) == "pagaende"


def test_an_ended_moment_is_ended(sob: Sob, clinic: Clinic) -> None:
    moment = str(clinic.start(program="prov"))
    end = ("moment", "avsluta", moment, "--orsak", "Klart")
    answer = sob(*end, "--meddelande", "Tack.", "--nytt-program", "komigang-online", "--json").json
    assert answer == {"id": moment, "status": "avslutat", "new": "2", "said": []}
    page = sob("visa", moment, "--json").json
    assert (page["status"], page["end_reason"]) == ("avslutat", "Klart")
    for line in (end, ("moment", "vidmakthallande", moment), ("moment", "byt", moment, "--till", COLLEAGUE)):
        said = sob(*line)
        assert (said.code, said.err.startswith("Momentet är avslutat. Ett avslutat moment kan inte")) == (3, True)
    assert sob("moment", "avsluta", "2", "--orsak", "Övrigt").out == "Momentet är avslutat.\n"


def test_what_is_said_at_a_start_is_said_where_it_comes_with_an_end(sob: Sob, clinic: Clinic) -> None:
    moment = str(clinic.start(HIDDEN, program="prov"))
    said = sob("moment", "avsluta", moment, "--orsak", "Klart", "--nytt-program", "komigang-online")
    assert said.code == 0
    assert said.out.splitlines()[:2] == [
        "Momentet är avslutat.",
        "Invånaren har skyddade personuppgifter. Program kan startas, men inget ombud kan agera.",
    ]


def test_what_is_left_undone_is_confirmed(sob: Sob, clinic: Clinic) -> None:
    moment = str(clinic.start(program="prov"))
    clinic.run("UPDATE moment SET unread_messages = 2, unread_forms = 1")
    end = ("moment", "avsluta", moment, "--orsak", "Klart")
    assert sob(*end).err.splitlines() == [
        "2 olästa meddelanden",
        "1 oläst formulär",
        "Lägg till --ja för att bekräfta.",
    ]
    assert "2 olästa meddelanden, 1 oläst formulär" in sob("lista").out
    assert sob(*end, "--ja").code == 0


@pytest.mark.parametrize(("hide", "open_"), [("dolj", "oppna"), ("dölj", "öppna")])
def test_modules_are_opened_hidden_and_shown(sob: Sob, clinic: Clinic, hide: str, open_: str) -> None:
    moment = str(clinic.start(program="prov"))

    def more() -> tuple[bool, bool]:
        module = sob("visa", moment, "--json").json["modules"][1]
        return module["opened"] is not None, module["hidden"]

    assert sob("modul", open_, moment, "mer").out == "Modulen är öppnad för invånaren.\n"
    assert more() == (True, False)
    assert sob("modul", hide, moment, "mer").out == "Det är dolt för invånaren.\n"
    assert more() == (True, True)
    assert "dold, läst 0 av 3" in sob("visa", moment).out
    assert sob("modul", "visa", moment, "mer", "--json").json == {"id": moment, "module": "mer"}
    assert more() == (True, False)
    assert sob("modul", hide, moment, "tva").code == 0
    assert "  tva" in sob("visa", moment).out


def test_the_last_act_is_undone_or_the_reason_told(clinic: Clinic, sob: Sob) -> None:
    """`sob angra`: undoes, says that there is nothing, and that somebody has acted since; nothing changes then."""
    moment = str(clinic.start(program="prov"))
    nothing = sob("angra", moment)
    assert (nothing.code, "inget att ångra här" in nothing.err) == (3, True)
    assert sob("moment", "vidmakthallande", moment).code == 0
    undone = sob("angra", moment, "--json")
    assert undone.json == {"id": moment, "undone": "vidmakthallande", "said": "Momentet är pågående igen."}
    assert sob("angra", moment).code == 3, "once"
    assert sob("moment", "byt", moment, "--till", COLLEAGUE).code == 0
    assert sob("flagga", "ny", moment, "--text", "Ring.", som=COLLEAGUE).code == 0
    refused = sob("angra", moment)
    assert (refused.code, f"{clinic.colleague.name} har gjort något i momentet sedan dess" in refused.err) == (3, True)
    assert clinic.value("SELECT responsible_id FROM moment") == clinic.colleague.staff_id
    assert sob("angra", "4711").code == 4
    assert sob("angra", moment, som=ADMIN).code == 3
