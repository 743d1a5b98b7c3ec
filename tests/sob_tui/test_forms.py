"""`sob formular`, `sob invanare svara`, and the parts of `sob visa`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from store.care import handed_in, installed_forms, program_files
from store.foundation.store import Store
from tests import forms
from tests.clinics import ADULT, Clinic
from tests.forms import DAGBOK, MAENDE, NIGHT, choice, file, question
from tests.sob_tui.conftest import ADMIN, Sob, Typed


@pytest.fixture
def here(tmp_path: Path) -> Path:
    """A folder with a form."""
    (tmp_path / "form.json").write_text(MAENDE, "utf-8")
    return tmp_path


def put(folder: Path, name: str, content: Any) -> str:
    """Write a file; what is no text as JSON."""
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return str(path)


def test_a_form_is_told_in_the_contracts_words(nowhere: Sob, here: Path) -> None:
    text = file(question("g", "group", item=[choice("1", 0, 1.5)]), question("2", "text"), title="Prov")
    said = nowhere("formular", "kontrollera", put(here, "f.json", text), "--json", som=None)
    assert (said.code, said.err) == (0, "")
    assert said.json == {
        "readable": True,
        "title": "Prov",
        "items": [
            {"linkId": "g", "text": "Fråga g", "type": "group", "weights": None},
            {"linkId": "1", "text": "Fråga 1", "type": "choice", "weights": [0, 1.5]},
            {"linkId": "2", "text": "Fråga 2", "type": "text", "weights": None},
        ],
        "faults": [],
    }
    plain = nowhere("formular", "kontrollera", str(here / "f.json"), som=None).out
    assert plain == "Prov\ng (group) Fråga g\n  1 (choice) Fråga 1 [0, 1.5]\n2 (text) Fråga 2\nInga fel.\n"


def test_faults_do_not_fail_it_but_what_cannot_be_read_does(nowhere: Sob, here: Path) -> None:
    sloppy = put(here, "s.json", file(question("1", "choice"), question("2", "text")))
    said = nowhere("formular", "kontrollera", sloppy, "--json", som=None)
    assert (said.code, said.json["readable"]) == (0, True)
    assert [fault["where"] for fault in said.json["faults"]] == ["1", "formuläret"]
    assert "kan besvaras men inte poängsättas" in said.json["faults"][1]["message"]
    said = nowhere("formular", "kontrollera", put(here, "b.json", "{"), "--json", som=None)
    assert (said.code, said.json["readable"], said.json["items"]) == (3, False, [])
    assert said.json["faults"][0]["where"] == "rad 1, tecken 2"
    assert said.err.count("\n") == 1
    assert nowhere("formular", "kontrollera", str(here / "saknas.json"), som=None).code == 3


@pytest.mark.parametrize(
    ("answers", "links", "answer"),
    [
        ({"1": 1, "2": "c", "3": "D"}, "1,2,3", {"score": 6, "max": 9}),
        ({"1": 1, "2": "c", "3": "D", "4": 3}, "1, 2", {"score": 3, "max": 6}),
        ({"1": 1}, "1", {"score": 1, "max": 3}),
    ],
)
def test_named_questions_are_summed(nowhere: Sob, here: Path, answers: Any, links: str, answer: Any) -> None:
    words = ("formular", "summera", str(here / "form.json"), put(here, "svar.json", answers), "--fragor", links)
    assert nowhere(*words, "--json", som=None).json == answer
    assert nowhere(*words, som=None).out == f"{answer['score']} av {answer['max']}\n"


@pytest.mark.parametrize(
    ("answers", "links", "said"),
    [
        ({"1": 1}, "1,2", "Fråga 2 är inte besvarad, och nollor gissas inte."),
        ({"1": 1}, "1,9", "Frågan 9 finns inte i formuläret."),
        ({"q": 1}, "1", "Svaren hör till ett annat formulär"),
        ({"1": 8}, "1", "är inget av svarsalternativen"),
        ("{", "1", "går inte att tolka som JSON"),
        ({"1": 1}, ",", "Ange minst en fråga"),
    ],
)
def test_a_sum_is_refused_with_its_reason(nowhere: Sob, here: Path, answers: Any, links: str, said: str) -> None:
    words = ("formular", "summera", str(here / "form.json"), put(here, "svar.json", answers), "--fragor", links)
    found = nowhere(*words, som=None)
    assert (found.code, found.out, found.err.count("\n")) == (3, "", 1)
    assert said in found.err


def answered(sob: Sob, folder: Path, content: Any, form: str = "maende") -> Any:
    words = ("invanare", "svara", ADULT, "--program", "prov", "--formular", form)
    return sob(*words, "--svar", put(folder, "svar.json", content), som=None)


def test_the_resident_answers_and_the_clinician_reads(sob: Sob, clinic: Clinic, here: Path) -> None:
    moment = str(clinic.start(program="prov"))
    assert answered(sob, here, forms.given(1, 2, 1)).out == "Formuläret är sparat.\n"
    (form,) = sob("visa", moment, "--json").json["forms"]
    assert (form["form"], form["title"], form["kind"]) == ("maende", "Mående", "matbatteri")
    page = sob("visa", moment, "--formular", form["id"], "--json").json
    assert (page["read"], page["scores"][0]["score"], page["scores"][0]["band"]) == (None, 4, "en del")
    assert page["answers"][2] == {"linkId": "3", "text": "Fråga 3", "values": ["B"], "asked": True, "risk": True}
    said = sob("formular", "las", moment, form["id"])
    assert said.code == 0
    assert "▲ Risksvar: Fråga 3 B" in said.out
    assert "Mående: 4 av 9, egen nivå: en del (egna gränser)" in said.out
    assert sob("visa", moment, "--json").json["forms"] == []
    assert sob("formular", "las", moment, form["id"]).code == 3
    assert sob("formular", "olast", moment, form["id"]).out == "Formuläret är oläst igen.\n"
    assert sob("lista", "--json").json[0]["unread_forms"] == 1


def test_a_wrong_answer_is_refused_and_kept_for_the_clinician(sob: Sob, clinic: Clinic, here: Path) -> None:
    moment = str(clinic.start(program="prov"))
    said = answered(sob, here, {**NIGHT, "lade": "22.3O"}, "dagbok")
    assert (said.code, said.out) == (3, "")
    assert said.err == 'Fråga lade (lade): "22.3O" är inte ett klockslag. Skriv timmar och minuter så här: 22:30.\n'
    assert clinic.value("SELECT count(*) FROM refusedanswer") == 1
    assert "Svar togs inte emot: Dagbok" in sob("visa", moment, "--tidslinje").out


def test_what_was_not_asked_and_what_was_not_answered_have_words_of_their_own(
    sob: Sob, clinic: Clinic, here: Path
) -> None:
    moment = str(clinic.start(program="prov"))
    when = [{"question": "1", "operator": "=", "answerCoding": {"code": "b"}}]
    items = (choice("1", 0, 1), question("hidden", "text", enableWhen=when), question("left", "text"))
    assert sob("formular", "installera", put(here, "e.json", file(*items)), som=None).code == 0
    sob("formular", "begar", moment, "e")
    assert answered(sob, here, {"1": 0}, "e").code == 0
    answer = sob("visa", moment, "--json").json["forms"][0]["id"]
    lines = sob("visa", moment, "--formular", answer).out.splitlines()
    assert [lines[lines.index(f"Fråga {link}") + 1] for link in ("1", "hidden", "left")] == [
        "  A",
        "  ställdes inte",
        "  –",
    ]
    assert [line["asked"] for line in sob("visa", moment, "--formular", answer, "--json").json["answers"]] == [
        True,
        False,
        True,
    ]


def test_an_answer_of_no_moment_is_nobodys(sob: Sob, clinic: Clinic) -> None:
    moment = str(clinic.start(program="prov"))
    for words in (("las", moment, "9"), ("olast", moment, "x"), ("las", "77", "1")):
        assert sob("formular", *words).code == 4
    assert sob("visa", moment, "--formular", "9").code == 4


def test_a_measurement_is_asked_for(sob: Sob, clinic: Clinic) -> None:
    moment = str(clinic.start(program="prov"))
    assert sob("formular", "begar", moment, "dagbok").out == "Mätningen är begärd.\n"
    assert sob("formular", "begar", moment, "dagbok").code == 3
    assert sob("formular", "begar", moment, "dagbok", som=ADMIN).code == 4
    found = {one["form"]: one["occasions"] for one in sob("visa", moment, "--json").json["measurements"]}
    assert [(one["why"], one["state"]) for one in found["dagbok"]] == [("Begärd", "väntar på svar")]
    assert "vid start 2026-03-02: saknas" in sob("visa", moment).out


def test_a_units_own_file_is_installed(sob: Sob, here: Path) -> None:
    said = sob("formular", "installera", put(here, "Sov_Gott.json", DAGBOK), som=None)
    assert said.out == (
        "Formuläret sov-gott är installerat. Det går att besvara men poängsätts inte.\n"
        "Inget svar ger någon flagga. Ange risksvar med --risk LINKID=VÄRDE om något borde.\n"
    )
    known = file(*(choice(f"q{number}", 0, 1, 2, 3, 4) for number in range(1, 8)))
    words = ("formular", "installera", put(here, "isi.json", known), "--instrument", "isi")
    refused = sob(*words, som=None)
    assert refused.code == 3
    assert "Koppla den: --koppla LINKID=7." in refused.err
    pairs = [word for number in range(1, 8) for word in ("--koppla", f"q{number}={number}")]
    installed = sob(*words, *pairs, "--json", som=None).json
    assert (installed["form"], installed["scores"]) == ("isi", ["ISI"])
    assert sob("formular", "installera", str(here / "form.json"), som=ADMIN).code == 4
    assert sob(*words, "--koppla", "q1", som=None).code == 3


def test_the_timeline_of_a_moment(sob: Sob, clinic: Clinic, here: Path) -> None:
    moment = str(clinic.start(program="prov"))
    answered(sob, here, forms.given(1, 2, 0))
    rows = sob("visa", moment, "--tidslinje", "--json").json
    assert [(row["category"], row["text"], row["by"]) for row in rows] == [
        ("formulär", "Besvarat: Mående", "invånare"),
        ("administration", "Momentet startade", "Kim T1clinician"),
    ]
    assert rows[0]["answer"] == str(clinic.value("SELECT id FROM formanswer"))
    assert sob("visa", moment, "--tidslinje").out.splitlines()[0].split() == ["Tid", "Slag", "Händelse", "Av"]
    assert sob("visa", moment, "--tidslinje", "--till", "2026-03-01", "--json").json == []
    refused = sob("visa", moment, "--tidslinje", "--till", "3/3")
    assert (refused.code, "3/3 är inget datum" in refused.err) == (3, True)


def test_the_text_for_the_record(sob: Sob, clinic: Clinic) -> None:
    moment = str(clinic.start(program="prov"))
    out = sob("visa", moment, "--journal", "--till", "2026-03-02").out
    assert out.startswith("Stöd och behandling (1177): Ångest – prov\nPeriod: 2026-03-02–2026-03-02")
    out = sob("visa", moment, "--journal").out
    assert sob("visa", moment, "--journal", "--json").json == {"id": moment, "text": out}
    assert sob("visa", moment, "--journal", "--tidslinje").code == 2
    assert sob("visa", moment, "--sedan-senast").code == 2


def test_a_contact_stands_in_the_text_until_it_is_confirmed_to_be_in_the_record(
    sob: Sob, clinic: Clinic, typed: Typed
) -> None:
    moment = str(clinic.start(program="prov"))
    typed(b"Pratade.")
    made = sob("kontakt", moment, "--sort", "besök", "--minuter", "12")
    offer = f"Journalunderlaget: sob visa {moment} --journal --sedan-senast\n"
    assert (made.code, made.out, made.err) == (0, "Kontakten är noterad.\n", offer)
    flag = sob("flagga", "ny", moment, "--text", "Ring").out.split()[-1].rstrip(".")
    assert sob("flagga", "hantera", flag, "--anteckning", "Ringde.").err == offer
    assert "--sort är telefon, video, besok" in sob("kontakt", moment, "--sort", "brev", "--minuter", "1").err
    assert "1 till 600 minuter" in sob("kontakt", moment, "--sort", "video", "--minuter", "x").err
    assert (
        "har inte varit än"
        in sob("kontakt", moment, "--sort", "video", "--minuter", "1", "--tid", "2099-01-01 10.00").err
    )
    assert (
        "Ange då eller en senare tid"
        in sob("kontakt", moment, "--sort", "video", "--minuter", "1", "--tid", "2020-01-01 10.00").err
    )
    read = sob("visa", moment, "--journal", "--sedan-senast")
    assert "Besök, 12 min, Kim T1clinician: Pratade." in read.out
    command = read.err.strip().partition("sob ")[2].split()
    assert command[:4] == ["visa", moment, "--journal", "--sedan-senast"]
    assert sob(*command).code == 0
    assert "Besök" not in sob("visa", moment, "--journal", "--sedan-senast").out
    assert "Besök" in sob("visa", moment, "--journal").out
    assert "är ingen tid" in sob("visa", moment, "--journal", "--kopierad", "nyss").err


def test_the_diary_with_what_was_refused(sob: Sob, clinic: Clinic, here: Path) -> None:
    moment = str(clinic.start(program="prov"))
    answered(sob, here, [NIGHT, {**NIGHT, "dag": "2026-03-01", "lade": "22.3O"}], "dagbok")
    ((diary),) = sob("visa", moment, "--dagbok", "--json").json
    kept, refused = diary["rows"]
    assert (kept["asleep"], kept["efficiency"], kept["values"]["Fråga lade"]) == (390, 0.812, "22:30")
    assert (refused["day"], refused["values"], "22.3O" in refused["raw"]) == ("2026-03-01", None, True)
    out = sob("visa", moment, "--dagbok").out
    assert "390" in out
    assert "2026-03-01 togs inte emot: " in out
    assert "Skriv timmar och minuter så här: 22:30." in out
    assert clinic.value("SELECT unread_forms FROM moment") == 1


def test_scores_over_time(sob: Sob, clinic: Clinic, here: Path) -> None:
    moment = str(clinic.start(program="prov"))
    for weights in ((1, 2, 1), (3, 3, 1)):
        answered(sob, here, forms.given(*weights))
    found = sob("visa", moment, "--poang", "--json").json
    assert sorted((point["score"], point["band"]) for point in found) == [(4, "en del"), (7, "mycket")]
    assert "7 av 9" in sob("visa", moment, "--poang").out


def test_answers_are_printed_as_text(sob: Sob, clinic: Clinic, here: Path) -> None:
    moment = str(clinic.start(program="prov"))
    answered(sob, here, forms.given(0, 0, 0, **{"5": "\x1b]52;c;aGVq\x07[/x]" + "å" * 9_000}))
    answer = sob("visa", moment, "--json").json["forms"][0]["id"]
    out = sob("visa", moment, "--formular", answer).out
    assert "\x1b" not in out
    assert "[/x]ååå" in out


SUICIDE = question("phq9t.q9", "boolean", text="Har du haft tankar på att ta ditt liv?")


def test_who_installs_a_form_is_told_what_raises_a_flag_and_warned_where_nothing_does(sob: Sob, here: Path) -> None:
    words = ("formular", "installera", put(here, "t.json", file(SUICIDE, question("2", "text"))))
    warned = sob(*words, som=None)
    assert (warned.code, warned.out, warned.err.count("\n")) == (3, "", 2)
    assert "phq9t.q9 ser ut att gälla risk, men inget svar på den ger någon flagga" in warned.err
    assert "Inget svar ger någon flagga" in sob(*words, "--ja", som=None).out
    told = sob(*words, "--risk", "phq9t.q9=ja", "--json", som=None).json
    assert told["said"] == ["Prioriterad flagga vid svaret: Har du haft tankar på att ta ditt liv? Ja"]


@pytest.mark.parametrize(
    ("risk", "said"),
    [
        ("phq9t.q=ja", "Frågan phq9t.q finns inte i filen. Menade du phq9t.q9?"),
        ("phq9t.q9=kanske", 'Risksvaret på fråga phq9t.q9: "kanske" är varken ja eller nej'),
        ("phq9t.q9", "Skriv frågans linkId och svaret, till exempel 9=ja."),
        ("=ja", "Skriv frågans linkId och svaret, till exempel 9=ja."),
    ],
)
def test_a_risk_answer_that_is_none_is_refused(sob: Sob, clinic: Clinic, here: Path, risk: str, said: str) -> None:
    found = sob("formular", "installera", put(here, "t.json", file(SUICIDE)), "--risk", risk, som=None)
    assert (found.code, found.out, said in found.err) == (3, "", True)
    assert clinic.value("SELECT count(*) FROM installedform") == 0


def test_a_risk_answer_raises_its_flag_with_the_questions_words(sob: Sob, clinic: Clinic, here: Path) -> None:
    moment = str(clinic.start(program="prov"))
    words = ("formular", "installera", put(here, "t.json", file(SUICIDE, title="Tonår")))
    assert sob(*words, "--risk", "phq9t.q9=ja", som=None).code == 0
    assert sob("formular", "begar", moment, "t").code == 0
    assert answered(sob, here, {"phq9t.q9": False}, "t").code == 0
    assert sob("flagga", "lista", moment, "--json").json == []
    assert answered(sob, here, {"phq9t.q9": True}, "t").code == 0
    (flag,) = sob("flagga", "lista", moment, "--json").json
    assert (flag["severity"], flag["reason"]) == (
        "prioriterad",
        "Svar ”Ja” på Tonår – Har du haft tankar på att ta ditt liv?",
    )
    answer = sob("visa", moment, "--json").json["forms"][-1]["id"]
    assert "▲ Risksvar: Har du haft tankar på att ta ditt liv? Ja" in sob("visa", moment, "--formular", answer).out


def test_a_double_code_and_what_is_not_followed_are_said_at_installation(sob: Sob, here: Path) -> None:
    double = choice("1", 0, 3)
    double["answerOption"][1]["valueCoding"]["code"] = "a"
    said = sob("formular", "installera", put(here, "d.json", file(double, status="retired")), som=None)
    assert said.code == 0
    assert "1: Svarsalternativet a står flera gånger." in said.out
    assert "status: Formuläret är märkt retired" in said.out


def test_what_cannot_be_answered_is_not_installed(sob: Sob, clinic: Clinic, here: Path) -> None:
    path = put(
        here, "u.json", file(question("1", "choice", required=True, answerValueSet="urn:x"), question("2", "text"))
    )
    refused = sob("formular", "installera", path, som=None)
    assert (refused.code, refused.out) == (3, "")
    assert "Formuläret går inte att installera. Fråga 1 måste besvaras, men har inget svar som tas emot." in refused.err
    assert clinic.value("SELECT count(*) FROM installedform") == 0
    told = sob("formular", "kontrollera", path, "--json", som=None)
    assert told.json["faults"][-1]["message"].startswith("Det går inte att installera. Fråga 1 måste besvaras")


LATIN1 = file(question("1", "text", text="Hur mår du på kvällen?")).encode("latin-1")
UTF16 = file(question("1", "text")).encode("utf-16")
UTF16_PLAIN = file(question("1", "text", text="Plain"), title="Plain").encode("utf-16-le")


@pytest.mark.parametrize("content", [LATIN1, UTF16, UTF16_PLAIN], ids=["latin-1", "utf-16", "utf-16 without mark"])
def test_a_file_that_is_not_utf8_is_refused_and_nothing_kept(
    sob: Sob, clinic: Clinic, here: Path, content: bytes
) -> None:
    clinic.start(program="prov")
    path = here / "x.json"
    path.write_bytes(content)
    told = sob("formular", "kontrollera", str(path), "--json", som=None)
    assert (told.code, told.json["readable"]) == (3, False)
    assert told.json["faults"][0]["message"].startswith("Filen är inte UTF-8.")
    for words in (
        ("formular", "installera", str(path)),
        ("formular", "summera", str(path), str(here / "form.json"), "--fragor", "1"),
        ("formular", "summera", str(here / "form.json"), str(path), "--fragor", "1"),
        ("invanare", "svara", ADULT, "--program", "prov", "--formular", "maende", "--svar", str(path)),
    ):
        said = sob(*words, som=None)
        assert (said.code, said.out, "Filen är inte UTF-8" in said.err) == (3, "", True)
    for table in ("installedform", "formanswer", "refusedanswer"):
        assert clinic.value(f"SELECT count(*) FROM {table}") == 0


def test_standard_input_that_is_not_utf8_is_refused(sob: Sob, clinic: Clinic, typed: Typed) -> None:
    clinic.start(program="prov")
    typed(b'{"5": "R\xe4tt s\xe5 bra"}')
    words = ("invanare", "svara", ADULT, "--program", "prov", "--formular", "maende", "--svar", "-")
    said = sob(*words, som=None)
    assert (said.code, "Filen är inte UTF-8" in said.err) == (3, True)
    assert clinic.value("SELECT count(*) FROM refusedanswer") == 0


def test_a_byte_order_mark_is_read(sob: Sob, clinic: Clinic, here: Path) -> None:
    clinic.start(program="prov")
    (here / "bom.json").write_bytes(b"\xef\xbb\xbf" + MAENDE.encode())
    assert sob("formular", "kontrollera", str(here / "bom.json"), som=None).code == 0
    (here / "a.json").write_bytes(b"\xef\xbb\xbf" + forms.given(1, 1, 0).encode())
    words = ("invanare", "svara", ADULT, "--program", "prov", "--formular", "maende", "--svar", str(here / "a.json"))
    assert sob(*words, som=None).code == 0


def test_a_file_that_is_too_large_is_refused(sob: Sob, here: Path) -> None:
    path = here / "x.json"
    path.write_bytes(b" " * 5_000_001)
    assert (
        sob("formular", "kontrollera", str(path), "--json", som=None)
        .json["faults"][0]["message"]
        .startswith("Filen är större än 5 MB.")
    )
    for words in (
        ("formular", "installera", str(path)),
        ("formular", "summera", str(here / "form.json"), str(path), "--fragor", "1"),
    ):
        said = sob(*words, som=None)
        assert (said.code, "Filen är större än 5 MB." in said.err) == (3, True)
    path.write_text(file(*[question(str(at), "text") for at in range(5_001)]), "utf-8")
    said = sob("formular", "installera", str(path), som=None)
    assert (said.code, "Formuläret har fler än 5000 frågor, grupper och texter." in said.err) == (3, True)


def test_nothing_is_parsed_while_the_store_is_locked(
    sob: Sob, clinic: Clinic, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large file held a SQLite store for all, as long as it took to read."""
    clinic.start(program="prov")
    is_open = False
    parsed: list[str] = []
    open_work = Store.work

    @contextmanager
    def work(*arguments: Any, **options: Any) -> Iterator[Any]:
        nonlocal is_open
        with open_work(*arguments, **options) as opened:
            is_open = True
            try:
                yield opened
            finally:
                is_open = False

    def watched(module: Any, name: str) -> None:
        function = getattr(module, name)

        def parse(*arguments: Any, **options: Any) -> Any:
            assert not is_open
            parsed.append(name)
            return function(*arguments, **options)

        monkeypatch.setattr(module, name, parse)

    monkeypatch.setattr(Store, "work", work)
    watched(installed_forms, "read_questionnaire")
    watched(handed_in, "read_answers")
    watched(program_files, "read_settings")
    assert sob("formular", "installera", put(here, "egen.json", file(choice("1", 0, 1))), som=None).code == 0
    assert answered(sob, here, forms.given(1, 2, 1)).code == 0
    folder = here / "ma-bra"
    assert sob("program", "ny", str(folder), som=None).code == 0
    assert sob("program", "installera", str(folder), som=None).code == 0
    assert set(parsed) == {"read_questionnaire", "read_answers", "read_settings"}


def test_risks_of_a_form_that_is_there_are_named_anew(sob: Sob, clinic: Clinic, here: Path) -> None:
    moment = str(clinic.start(program="prov"))
    assert sob("formular", "installera", put(here, "t.json", file(SUICIDE, title="Tonår")), "--ja", som=None).code == 0
    assert sob("formular", "begar", moment, "t").code == 0
    shown = sob("formular", "risk", "t", "--json", som=None).json
    assert (shown["form"], shown["title"], shown["risks"]) == ("t", "Tonår", [])
    assert answered(sob, here, {"phq9t.q9": True}, "t").code == 0
    assert sob("flagga", "lista", moment, "--json").json == []
    told = sob("formular", "risk", "t", "--risk", "phq9t.q9=ja", "--json", som=None).json
    assert told["risks"] == ["phq9t.q9=ja"]
    assert told["said"] == ["Har du haft tankar på att ta ditt liv? Ja"]
    assert "Prioriterad flagga vid svaret: Har du haft" in sob("formular", "risk", "t", som=None).out
    assert sob("flagga", "lista", moment, "--json").json == [], "what was answered before keeps its version"
    assert answered(sob, here, {"phq9t.q9": True}, "t").code == 0
    (flag,) = sob("flagga", "lista", moment, "--json").json
    assert flag["severity"] == "prioriterad"
    same = sob("formular", "risk", "t", "--risk", "phq9t.q9=ja", som=None)
    assert (same.code, same.err) == (3, "Risksvaren är de som redan gäller.\n")
    warned = sob("formular", "risk", "t", "--inga", som=None)
    assert (warned.code, "ser ut att gälla risk" in warned.err) == (3, True)
    assert sob("formular", "risk", "t", "--inga", "--ja", "--json", som=None).json["risks"] == []
    assert clinic.value("SELECT count(*) FROM installedform") == 3


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("t", "--risk", "phq9t.q9=kanske"), 3, "är varken ja eller nej"),
        (("x", "--risk", "1=ja"), 3, "Enheten har inget eget formulär x. De som finns är: t."),
        (("x",), 3, "Enheten har inget eget formulär x. De som finns är: t."),
        (("t", "--risk", "phq9t.q9=ja", "--inga"), 2, "antingen --risk eller --inga"),
    ],
)
def test_what_cannot_be_named_is_refused(
    sob: Sob, clinic: Clinic, here: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    assert sob("formular", "installera", put(here, "t.json", file(SUICIDE)), "--ja", som=None).code == 0
    found = sob("formular", "risk", *words, som=None)
    assert (found.code, found.out, said in found.err) == (code, "", True)
    assert clinic.value("SELECT count(*) FROM installedform") == 1


def test_only_who_installs_forms_names_their_risks(sob: Sob, here: Path) -> None:
    assert sob("formular", "installera", put(here, "t.json", file(SUICIDE)), "--ja", som=None).code == 0
    assert sob("formular", "risk", "t").code == 4
    assert sob("formular", "risk", "t", "--risk", "phq9t.q9=ja").code == 4
