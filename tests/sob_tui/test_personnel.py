"""`sob personal`: the unit's staff from the command line, to the contract's letter."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from store.foundation.access import OPERATOR, Role
from store.foundation.clock import local_day, wall_clock
from store.foundation.errors import NotPermitted
from store.practice.exercises.beginning import begin_exercise
from store.practice.exercises.judging import judge
from store.practice.exercises.keeping import keep
from store.practice.exercises.reading import shipped_exercises
from tests.clinics import COLLEAGUE, GUARDIAN, HERE, INACTIVE, PREFIX, PROVIDER_ADMIN, THERE, Clinic, hsa_id_of, staff
from tests.sob_tui.conftest import ADMIN as RESIDENT_ADMIN
from tests.sob_tui.conftest import CLINICIAN, Said, Sob

ADMIN = hsa_id_of(Role.ACCESS_ADMIN)
NEW = f"{PREFIX}NEW1"
NAMES = ("--efternamn", "Ek", "--fornamn", "Åsa", "--epost", "asa@example.org")
SECOND = f"{HERE}second"


@pytest.fixture
def personal(sob: Sob) -> "Personal":
    """`sob personal` as the unit's behörighetsadministratör."""
    return Personal(sob)


class Personal:
    """Runs the group's commands."""

    def __init__(self, sob: Sob) -> None:
        self._sob = sob

    def __call__(self, *words: str, som: str | None = ADMIN) -> Said:
        """Run a command, as the administrator unless said."""
        return self._sob("personal", *words, som=som)


def roles(personal: Personal, hsa_id: str) -> dict[str, str | None]:
    (line,) = [line for line in personal("lista", "--json").json if line["hsa_id"] == hsa_id]
    return {role["role"]: role["until"] for role in line["roles"] if role["held"]}


def test_an_hsa_id_is_read_in_any_case_and_told_as_it_was_given_first(personal: Personal) -> None:
    said = personal("ny", f"{PREFIX.lower()}NeW9", *NAMES, som=ADMIN.swapcase())
    assert (said.code, said.out) == (0, f"{PREFIX.lower()}NeW9 är tillagd på enheten, utan roller.\n")
    there = personal("ny", f"{PREFIX}NEW9", "--enhet", HERE.lower())
    assert (there.code, there.err) == (
        3,
        f"Användaren med hsaid: {PREFIX.lower()}NeW9 finns redan på enheten med hsaid: {HERE} (sob personal roll)\n",
    )
    answer = personal(
        "roll", CLINICIAN.swapcase(), "--ge", "invanaradministrator", "--skal", "x", "--ja", "--json"
    ).json
    assert answer["hsa_id"] == CLINICIAN
    assert personal("utbildning", CLINICIAN.lower(), "--amne", "prov", "--json").json["hsa_id"] == CLINICIAN
    assert personal("inaktivera", CLINICIAN.lower(), "--json").json["hsa_id"] == CLINICIAN
    assert personal("aktivera", CLINICIAN.lower(), "--json").json["hsa_id"] == CLINICIAN


def test_the_list_is_json_in_swedish_order_the_active_first(personal: Personal, clinic: Clinic) -> None:
    clinic.start()
    said = personal("lista", "--json")
    assert said.err == (
        "Kim T1accessadmin är ensam behörighetsadministratör. Det är bra om mer än en person har rollen, till exempel "
        "när någon blir sjuk.\n"
    )
    found = said.json
    assert [line["active"] for line in found] == [True] * 7 + [False]
    assert found[1] == {
        "hsa_id": CLINICIAN,
        "name": "T1clinician, Kim",
        "email": "",
        "protected": False,
        "active": True,
        "moments": 1,
        "roles": [{"role": "behandlare", "held": True, "until": None, "given_by": None, "given": None, "reason": None}],
        "trainings": ["komigang-online"],
        "renewals": {},
        "substitutes": [],
    }


def test_the_list_is_a_table_with_headings(personal: Personal, clinic: Clinic) -> None:
    clinic.run("UPDATE staff SET protection = 'sekretessmarkering' WHERE hsa_id = :id", id=COLLEAGUE)
    out = personal("lista").out
    assert "Aktiva (7 st)\n" in out
    assert "Inaktiva (1 st)\n" in out
    assert "T1colleague, Kim (skyddade personuppgifter)" in out


def test_a_list_longer_than_a_page_is_printed_whole(
    personal: Personal, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sob_tui.commands.personnel._PAGE", 3)
    assert len(personal("lista", "--json").json) == 8
    assert len(clinic.rows("SELECT 1 FROM assignment WHERE unit_id = :unit", unit=clinic.here)) == 8


def test_somebody_new_needs_names_and_somebody_known_does_not(personal: Personal) -> None:
    said = personal("ny", NEW)
    assert (said.code, said.err) == (
        3,
        "HSA-id:t är nytt här. Ange efternamn och förnamn, och e-post om den finns. "
        "(--efternamn NAMN, --fornamn NAMN)\n",
    )
    assert personal("ny", NEW, *NAMES).out == f"{NEW} är tillagd på enheten, utan roller.\n"
    assert personal("ny", hsa_id_of(Role.CLINICIAN, THERE), "--ja", "--json").json == {
        "hsa_id": hsa_id_of(Role.CLINICIAN, THERE),
        "active": True,
    }
    whole = (
        "--roll",
        "behandlare",
        "--skal",
        "Börjar",
        "--utbildning",
        "behandlare",
        "--utbildning",
        "komigang-online",
    )
    added = personal("ny", hsa_id_of(Role.RESIDENT_ADMIN, THERE), *whole, "--ja")
    assert added.out == f"{hsa_id_of(Role.RESIDENT_ADMIN, THERE)} är tillagd på enheten, med rollen behandlare.\n"


def test_who_is_known_from_elsewhere_is_named_before_anybody_is_added(personal: Personal, clinic: Clinic) -> None:
    """Name and units, with the other warnings; nothing is written until they are confirmed."""
    someone = hsa_id_of(Role.CLINICIAN, THERE)
    name, unit = clinic.rows(
        "SELECT s.given_name || ' ' || s.family_name, u.name FROM staff s JOIN assignment a ON a.staff_id = s.id"
        " JOIN unit u ON u.id = a.unit_id WHERE s.hsa_id = :hsa_id",
        hsa_id=someone,
    )[0]
    who = f"{someone} finns redan: {name}. Arbetar på: {unit}."
    before = clinic.rows("SELECT * FROM assignment")
    said = personal("ny", someone.lower())
    assert (said.code, said.out, said.err) == (3, "", f"{who}\nLägg till --ja för att bekräfta.\n")
    both = personal("ny", someone, "--roll", "behandlare", "--skal", "Börjar")
    assert both.err.startswith(f"{who}\n")
    assert "utbildning" in both.err
    assert clinic.rows("SELECT * FROM assignment") == before
    assert personal("ny", someone, som=CLINICIAN).code == 4
    added = personal("ny", someone, "--ja")
    assert (added.code, added.err) == (0, f"{who}\n")
    assert added.out == f"{someone} är tillagd på enheten, utan roller.\n"
    outside = personal("ny", PROVIDER_ADMIN)
    assert "Arbetar på: ingen enhet just nu." in outside.err


@pytest.mark.parametrize(("hsa_id", "helps"), [(COLLEAGUE, "sob personal roll"), (INACTIVE, "sob personal aktivera")])
def test_who_is_there_already_is_one_line_in_the_platforms_words(personal: Personal, hsa_id: str, helps: str) -> None:
    for names in ((), NAMES):
        said = personal("ny", hsa_id, *names)
        assert (said.code, said.out) == (3, "")
        assert said.err == f"Användaren med hsaid: {hsa_id} finns redan på enheten med hsaid: {HERE} ({helps})\n"
    assert "sob personal aktivera" in " ".join(personal("ny", "--help").out.split())


def test_activated_and_inactivated(personal: Personal) -> None:
    assert personal("aktivera", INACTIVE).out == f"{INACTIVE} är aktiv på enheten igen.\n"
    assert personal("inaktivera", INACTIVE, "--json").json == {"hsa_id": INACTIVE, "active": False, "moved": 0}
    assert personal("inaktivera", INACTIVE).code == 3


def test_moments_are_handed_to_one_or_several(personal: Personal, clinic: Clinic) -> None:
    third = f"{HERE}third"
    with clinic.store.work(OPERATOR) as work:
        staff(work, clinic.here, third, Role.CLINICIAN, trained=True)
    moments = [clinic.start(), clinic.start(program="prov"), clinic.start(GUARDIAN)]
    said = personal("inaktivera", CLINICIAN)
    assert (said.code, said.err) == (
        3,
        "Kim T1clinician är ansvarig behandlare för 3 moment. Välj vem som tar över. (--till HSA-ID)\n",
    )
    some = (f"--moment-till={moments[0]}={third}", "--moment-till", f"{moments[1]}={third}")
    assert personal("inaktivera", CLINICIAN, *some).err.endswith("Välj vem som tar över 1 av dem. (--till HSA-ID)\n")
    said = personal("inaktivera", CLINICIAN, *some, "--till", COLLEAGUE)
    assert said.out.splitlines() == [
        f"{CLINICIAN} är inaktiv på enheten.",
        "3 moment har fått en ny ansvarig behandlare.",
    ]
    numbers = {line["hsa_id"]: line["moments"] for line in personal("lista", "--json").json}
    assert (numbers[third], numbers[COLLEAGUE], numbers[CLINICIAN]) == (2, 1, 0)


@pytest.mark.parametrize("word", ["x", "1", "1=", "=SE2321000040-A", "x=SE2321000040-A"])
def test_a_moment_that_is_written_wrongly_is_refused_after_permission(personal: Personal, word: str) -> None:
    said = personal("inaktivera", CLINICIAN, "--moment-till", word)
    assert (said.code, said.err) == (
        3,
        "Skriv --moment-till som momentets id, likhetstecken och ett HSA-id.\n",
    )
    assert personal("inaktivera", CLINICIAN, "--moment-till", word, som=CLINICIAN).code == 4


@pytest.mark.parametrize("word", ["behörighetsadministratör", "behorighetsadministrator", "Behörighetsadministratör"])
def test_roles_are_written_with_or_without_dots(personal: Personal, word: str) -> None:
    give = ("roll", COLLEAGUE, "--ge", word, "--skal", "Vikarie")
    said = personal(*give)
    assert (said.code, said.err.splitlines()) == (
        3,
        [
            "Kim T1colleague har ingen registrerad utbildning för rollen behörighetsadministratör. En roll ges efter "
            "utbildning. (sob personal utbildning)",
            "Lägg till --ja för att bekräfta.",
        ],
    )
    said = personal(*give, "--till-och-med", "2099-12-31", "--ja")
    assert said.out == f"{COLLEAGUE} har rollen behörighetsadministratör till och med 2099-12-31.\n"
    assert roles(personal, COLLEAGUE) == {"behandlare": None, "behörighetsadministratör": "2099-12-31"}
    said = personal("roll", COLLEAGUE, "--ta", word, "--skal", "Klar", "--json")
    assert said.json == {
        "hsa_id": COLLEAGUE,
        "role": "behörighetsadministratör",
        "held": False,
        "until": None,
        "moved": 0,
    }
    assert roles(personal, COLLEAGUE) == {"behandlare": None}


def test_a_stallforetradare_for_some_days(personal: Personal, clinic: Clinic, sob: Sob) -> None:
    moment = clinic.start()
    first = local_day(wall_clock())
    last = first + timedelta(days=2)
    days = ("--fran", str(first), "--till-och-med", str(last))
    choose = ("stallforetradare", CLINICIAN, "--till", COLLEAGUE, *days)
    assert personal("stallforetradare", CLINICIAN).code == 2
    assert personal(*choose, "--ta-bort").code == 2
    assert personal("stallforetradare", CLINICIAN, "--till", COLLEAGUE, "--fran", "x", "--till-och-med", "y").code == 3
    assert personal(*choose, som=COLLEAGUE).code == 4
    said = personal(*choose, "--meddelande", "Hej!", "--json", som=CLINICIAN)
    assert said.json == {
        "hsa_id": CLINICIAN,
        "substitute": COLLEAGUE,
        "first": str(first),
        "last": str(last),
        "told": 1,
    }
    (line,) = [one for one in personal("lista", "--json").json if one["hsa_id"] == CLINICIAN]
    there = {"hsa_id": COLLEAGUE, "name": "Kim T1colleague", "first": str(first), "last": str(last), "stands": True}
    assert line["substitutes"] == [there]
    (row,) = sob("lista", "--json", som=COLLEAGUE).json
    assert (row["id"], row["clinician"]) == (str(moment), CLINICIAN)
    said = personal("stallforetradare", CLINICIAN, "--ta-bort")
    assert (said.code, said.out) == (0, f"1 ställföreträdarskap avslutat för {CLINICIAN}.\n")
    assert sob("lista", "--json", som=COLLEAGUE).json == []


def test_the_clinicians_role_is_taken_with_who_takes_over(personal: Personal, clinic: Clinic) -> None:
    clinic.start()
    take = ("roll", CLINICIAN, "--ta", "behandlare", "--skal", "Slutar")
    assert personal(*take).code == 3
    said = personal(*take, "--till", COLLEAGUE)
    assert said.out.splitlines() == [
        f"{CLINICIAN} har inte längre rollen behandlare.",
        "1 moment har fått en ny ansvarig behandlare.",
    ]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ((), 2, "Ange antingen --ge eller --ta. Se sob personal roll --help."),
        (("--ge", "behandlare", "--ta", "behandlare"), 2, "Ange antingen --ge eller --ta."),
        (("--ge", "behandlare", "--till", COLLEAGUE), 2, "--till-och-med hör till --ge, och --till till --ta."),
        (("--ta", "behandlare", "--till-och-med", "2099-01-01"), 2, "--till-och-med hör till --ge"),
        (("--ge", "chef"), 3, "Det finns ingen roll chef. Rollerna är behandlare, invånaradministratör,"),
        (("--ge", "vårdgivaradministratör"), 3, "ingen roll på en enhet"),
        (("--ge", "behandlare", "--till-och-med", "i morgon"), 3, "i morgon är inget datum"),
        (("--ge", "behandlare", "--till-och-med", "2001-01-01"), 3, "Dagen har redan varit"),
        (("--ta", "dataadministratör"), 3, "har inte rollen dataadministratör"),
    ],
)
def test_a_role_is_refused_in_one_line(personal: Personal, words: tuple[str, ...], code: int, said: str) -> None:
    result = personal("roll", COLLEAGUE, "--skal", "x", *words)
    assert (result.code, result.out, result.err.count("\n")) == (code, "", 1)
    assert result.err.startswith(said) or said in result.err
    if code == 3:
        assert personal("roll", COLLEAGUE, "--skal", "x", *words, som=CLINICIAN).err == NotPermitted.SENTENCE + "\n"


def test_the_last_administrator_stays(personal: Personal) -> None:
    for words in (("inaktivera", ADMIN), ("roll", ADMIN, "--ta", "behorighetsadministrator", "--skal", "x")):
        said = personal(*words)
        assert (said.code, said.err.count("\n")) == (3, 1)
        assert "enhetens enda behörighetsadministratör" in said.err


def test_trainings_are_recorded_for_roles_and_programs(personal: Personal) -> None:
    for subject, kept in (("prov", "prov"), ("dataadministrator", "dataadministratör")):
        said = personal("utbildning", COLLEAGUE, "--amne", subject)
        assert said.out == f"Utbildning i {kept} är registrerad för {COLLEAGUE}.\n"
    said = personal("utbildning", COLLEAGUE, "--ämne", "prov", "--ta-bort", "--json")
    assert said.json == {"hsa_id": COLLEAGUE, "training": "prov", "done": False}
    (line,) = [line for line in personal("lista", "--json").json if line["hsa_id"] == COLLEAGUE]
    assert line["trainings"] == ["dataadministratör", "komigang-online"]
    assert personal("utbildning", COLLEAGUE, "--amne", "xyz").code == 3


def test_what_a_trainer_has_signed_is_read_in_from_the_file(
    personal: Personal, sob: Sob, clinic: Clinic, tmp_path: Path
) -> None:
    key, file = tmp_path / "nyckel.pem", tmp_path / "intyg.json"
    fingerprint = sob("ovning", "utbildarnyckel", str(key), "--json", som=None).json["fingerprint"]
    words = [*("ovning", "intyg", COLLEAGUE, "--deltagare", "anna", "--ovningar", "logga-in", "--amne")]
    words += ["dataadministrator", "--nyckel", str(key), "--till", str(file)]
    assert sob(*words, "--manader", "x", som=None).err.startswith("Ange månaderna")
    assert sob(*words, som=None).err == "Ingen deltagare heter anna. Se sob ovning resultat.\n"
    (exercise,) = (one for one in shipped_exercises() if one.id == "logga-in")
    attempt = begin_exercise(clinic.store, exercise, "anna")
    with clinic.store.lend_to_write() as db:  # the commands' clock is the machine's, by which old attempts are erased
        db.run("UPDATE exerciseattempt SET made_at = :now", now=wall_clock())
    said = sob(*words, som=None)
    assert (said.code, said.err) == (
        3,
        "anna har inte löst 1 av 1 övningar: Gå ifrån skärmen. Inget är skrivet.\n",
    )
    assert not file.exists()
    attempt = replace(attempt, answers={"las": (2,), "dolj": (2,)})
    keep(clinic.store, attempt, judge(clinic.store, attempt), worked=0, keys=0)
    none = [word.replace("dataadministrator", "utbildare") for word in (*words[:5], *words[7:])]
    assert "Ingen övning hör till utbildare." in sob(*none, som=None).err
    signed = sob(*words, "--manader", "12", "--json", som=None).json
    assert (signed["trainings"], signed["exercises"]) == (["dataadministratör"], ["logga-in"])
    assert sob(*words, som=None).err == f"Filen {file} finns redan. Ange en annan.\n"
    assert fingerprint in personal("utbildning", "--fil", str(file)).err
    assert sob("enhet", "andra", "--utbildarnyckel", fingerprint, som=ADMIN).code == 0
    said = personal("utbildning", "--fil", str(file), "--json")
    assert said.json == {"hsa_id": COLLEAGUE, "trainings": ["dataadministratör"], "renew_on": signed["renew_on"]}
    (line,) = [line for line in personal("lista", "--json").json if line["hsa_id"] == COLLEAGUE]
    assert line["renewals"] == {"dataadministratör": signed["renew_on"]}
    assert personal("utbildning", COLLEAGUE, "--fil", str(file)).code == 2
    assert personal("utbildning", "--fil", str(file), som=CLINICIAN).code == 4
    assert personal("utbildning").err.startswith("Ange HSA-ID och --amne, eller --fil.")


def test_persons_are_imported_by_the_operator_and_the_administrator(
    personal: Personal, clinic: Clinic, tmp_path: Path
) -> None:
    file = tmp_path / "personal.csv"
    file.write_text(f"hsa-id;efternamn;fornamn;epost;skydd\n{NEW};Ek;Åsa;;\n", "utf-8")
    for som in (None, ADMIN):
        assert personal("importera", str(file), som=som).out == "1 personer importerade.\n"
    assert personal("importera", str(file), som=CLINICIAN).code == 4
    assert personal("ny", NEW, "--ja").code == 0
    file.write_text("hsa-id;efternamn;fornamn\nfel;Ek;Åsa\n", "utf-8")
    said = personal("importera", str(file), "--json", som=None)
    assert (said.code, said.json["imported"], said.json["faults"][0]["line"]) == (3, 0, 2)
    assert said.err == "Ingenting importerades: 1 fel i filen.\n"
    assert (
        clinic.value(
            "SELECT count(*) FROM log WHERE action = 'importerade' AND actor_kind = 'drift' AND outcome = 'gjort'"
        )
        == 1
    )


def test_a_file_places_on_the_unit_by_its_administrator_alone(personal: Personal, tmp_path: Path) -> None:
    file = tmp_path / "personal.csv"
    file.write_text(f"hsa-id;efternamn;fornamn;roller;utbildningar\n{NEW};Ek;Bo;behandlare;segling\n", "utf-8")
    said = personal("importera", str(file), "--placera")
    assert (said.code, said.out) == (3, "Rad 2: segling är varken en roll eller ett programs id.\n")
    assert personal("importera", str(file), "--placera", som=CLINICIAN).code == 4
    assert "Första raden ska vara" in personal("importera", str(file)).out
    file.write_text(f"hsa-id;efternamn;fornamn;roller\n{NEW};Ek;Bo;behandlare\n", "utf-8")
    said = personal("importera", str(file), "--placera")
    assert (said.code, said.out) == (3, "")
    assert said.err.startswith(f"Rad 2: {NEW} har ingen registrerad utbildning")
    assert personal("importera", str(file), "--placera", "--ja").out == "1 person har placerats på enheten.\n"
    assert roles(personal, NEW) == {"behandlare": None}


def test_the_operator_appoints_an_administrator(personal: Personal, clinic: Clinic) -> None:
    appoint = ("utse", NEW, *NAMES, "--beslut", "Verksamhetschefen 2026-03-01")
    said = personal(*appoint, som=None)
    assert (said.code, said.err) == (2, "Ange enheten med --enhet HSA-ID.\n")
    said = personal(*appoint, "--enhet", HERE, som=None)
    assert said.out == f"{NEW} är utsedd till behörighetsadministratör på {HERE}.\n"
    assert personal("lista", som=NEW).code == 0
    assert clinic.value("SELECT actor_kind FROM log WHERE operation = 'appoint_admin'") == "drift"
    assert personal(*appoint, "--enhet", HERE).code == 4
    assert personal("utse", NEW, "--beslut", " ", "--enhet", HERE, som=None).code == 3
    assert personal("utse", NEW, "--beslut", "x", "--enhet", "SE2321000040-X", som=None).code == 3


def test_the_access_table_is_help(personal: Personal) -> None:
    found = {row["text"]: row["may"] for row in personal("behorigheter", "--json").json}
    assert found["Ge en person en roll"] == ["behörighetsadministratör"]
    assert found["Erbjuda ett moment till en annan enhet"] == ["invånaradministratör", "ansvarig behandlare"]
    assert "Vad som kan göras" in personal("behörigheter").out


@pytest.mark.parametrize(
    "words",
    [
        ("lista",),
        ("ny", "fel"),
        ("inaktivera", "fel"),
        ("aktivera", "fel"),
        ("roll", "fel", "--ge", "fel", "--skal", ""),
        ("roll", "fel", "--ta", "fel", "--skal", ""),
        ("utbildning", "fel", "--amne", "fel"),
        ("behorigheter",),
    ],
    ids=lambda words: " ".join(words),
)
def test_permission_comes_before_any_rule(personal: Personal, words: tuple[str, ...]) -> None:
    for som in (CLINICIAN, RESIDENT_ADMIN, INACTIVE, "SE2321000040-NOBODY"):
        said = personal(*words, som=som)
        assert (said.code, said.out, said.err) == (4, "", NotPermitted.SENTENCE + "\n")
    assert personal(*words, som=None).code == 2
