"""`sob invanare`."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from store.care import file_import, resident_import
from store.care.resident_import import read_residents
from store.foundation.access import OPERATOR, Role
from store.foundation.clock import local_day
from store.foundation.errors import NotPermitted
from store.opening import create_store
from store.people import residents
from tests.clinics import ADULT, CHILD, ELSEWHERE, GUARDIAN, THERE, UNKNOWN, Clinic, hsa_id_of
from tests.sob_tui.conftest import ADMIN, CLINICIAN, ROOT, Sob, Typed

HEADER = "personnummer;efternamn;fornamn;region;mobil;skydd;epost;avisering\n"
NUMBERS = ("195001182046", "195002132461")


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    """A file with two residents."""
    path = tmp_path / "in.csv"
    path.write_text(HEADER + f"{NUMBERS[0]};Ek;Nils;05;;;;\n{NUMBERS[1]};Öst;Åke;05;;;;\n", "utf-8")
    return path


@pytest.mark.parametrize("som", [None, ADMIN])
def test_an_import_by_the_operator_or_an_admin(sob: Sob, clinic: Clinic, csv: Path, som: str | None) -> None:
    said = sob("invanare", "importera", str(csv), "--json", som=som)
    assert (said.code, said.json, said.err) == (0, {"imported": 2, "faults": [], "skipped": []}, "")
    assert sob("invånare", "importera", str(csv), som=som).out == "2 invånare importerade.\n"
    who = clinic.rows("SELECT DISTINCT actor_kind FROM log WHERE operation = 'import_residents'")
    assert who == [("drift" if som is None else "personal",)]


def test_the_operator_is_logged_by_name(sob: Sob, clinic: Clinic, csv: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newest = "SELECT actor_kind, actor_name, origin FROM log ORDER BY id DESC LIMIT 1"
    monkeypatch.setenv("LOGNAME", "kim")
    assert sob("invanare", "importera", str(csv), som=None).code == 0
    assert clinic.rows(newest) == [("drift", "kim", "importfil")]
    assert sob("invanare", "ratta", ADULT, "--fornamn", "Asa", "--som-driften", "Kim Ek", som=None).code == 0
    assert clinic.rows(newest) == [("drift", "Kim Ek", "kommandoraden")]
    both = sob("invanare", "ratta", ADULT, "--fornamn", "Åsa", "--som-driften", "Kim Ek", som=ADMIN)
    assert (both.code, both.err) == (2, "Ange antingen --som eller --som-driften.\n")


def test_whoever_is_refused_is_logged_with_what_was_typed(sob: Sob, clinic: Clinic) -> None:
    theirs = clinic.start(GUARDIAN, by=clinic.stranger, confirmed=True)
    for typed in ("4711", "nonsens", str(theirs)):
        assert sob("visa", typed).code == 4
    assert sob("visa", "4711", som=f"{THERE}nobody").code == 4
    assert sob("moment", "starta", ADULT, "--program", "nonsens").code == 3
    columns = "operation, actor_hsa_id, personnummer, thing_id, reason"
    assert clinic.log(f"SELECT {columns} FROM log WHERE outcome = 'nekat' ORDER BY id") == [
        ("open_moment", CLINICIAN, None, "4711", "behörighet"),
        ("open_moment", CLINICIAN, None, "nonsens", "behörighet"),
        ("open_moment", CLINICIAN, GUARDIAN, str(theirs), "behörighet"),
        ("sign_in", f"{THERE}nobody", None, "", "behörighet"),
        ("start_moment", CLINICIAN, ADULT, "nonsens", "regel"),
    ]


def test_standard_input_is_read_for_a_dash(sob: Sob, csv: Path, typed: Typed) -> None:
    typed(csv.read_bytes())
    assert sob("invanare", "importera", "-", som=None).out == "2 invånare importerade.\n"


def test_faults_are_all_told_by_line_and_nothing_is_imported(sob: Sob, clinic: Clinic, csv: Path) -> None:
    before = clinic.value("SELECT count(*) FROM resident")
    with csv.open("a", encoding="utf-8") as file:
        file.write(f"{NUMBERS[0]};Ek;Nils;05;;;;\n19500118;Ek;Nils;;;;;\n")
    said = sob("invanare", "importera", str(csv), "--json", som=None)
    assert (said.code, said.err) == (3, "Ingenting importerades: 2 fel i filen.\n")
    assert said.json["imported"] == 0
    assert [fault["line"] for fault in said.json["faults"]] == [4, 5]
    assert all(fault["message"] for fault in said.json["faults"])
    text = sob("invanare", "importera", str(csv), som=None)
    assert (text.code, text.out.splitlines()[0][:6]) == (3, "Rad 4:")
    assert clinic.value("SELECT count(*) FROM resident") == before


def test_a_file_that_is_not_there_and_who_may_not(sob: Sob, tmp_path: Path, csv: Path) -> None:
    said = sob("invanare", "importera", str(tmp_path / "ingen.csv"), som=None)
    assert (said.code, said.err.count("\n")) == (3, 1)
    assert said.err.rstrip().endswith("ingen.csv går inte att läsa (den finns inte).")
    assert sob("invanare", "importera", str(csv)).code == 4
    assert sob("invanare", "importera", str(csv), som="SE2321000040-NOBODY").code == 4


def test_nothing_of_the_bar_is_seen_in_a_pipe(sob: Sob, csv: Path) -> None:
    said = sob("invanare", "importera", str(csv), som=None)
    assert (said.out, said.err) == ("2 invånare importerade.\n", "")


def cut_off(clinic: Clinic, csv: Path) -> None:
    """Stage what is in a file, and apply nothing."""

    def stop(_application: object) -> bool:
        raise KeyboardInterrupt

    rows = read_residents(csv.read_bytes(), local_day(clinic.clock.now), is_practice=True)
    with patch.object(file_import._Application, "_apply_piece", stop), pytest.raises(KeyboardInterrupt):
        file_import.import_rows(clinic.store, OPERATOR, file_import.RESIDENTS, rows)


FINISHED = "En import av invånare hade avbrutits och är nu klar. Antal rader som skrevs nu: 2.\n"


def test_whoever_opens_the_store_next_is_told_that_an_import_was_finished(sob: Sob, clinic: Clinic, csv: Path) -> None:
    cut_off(clinic, csv)
    said = sob("lista", "--json")
    assert (said.code, said.json, said.err) == (0, [], FINISHED)
    assert sob("lista").err == ""
    there = "SELECT count(*) FROM resident WHERE personnummer IN (:one, :other)"
    assert clinic.value(there, one=NUMBERS[0], other=NUMBERS[1]) == 2


def test_a_row_that_a_fault_of_the_program_stops_is_told_with_its_code(
    sob: Sob, csv: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parts = residents.index_parts

    def breaking(resident: int, family: str, given: str, protection: str | None) -> Any:
        return parts(resident, family, given, protection) if family != "Öst" else 1 / 0

    monkeypatch.setattr(resident_import, "index_parts", breaking)
    said = sob("invanare", "importera", str(csv), "--json", som=None)
    told = "Raden kunde inte skrivas på grund av ett fel i programmet."
    assert said.json == {"imported": 1, "faults": [], "skipped": [{"line": 3, "message": told}]}
    assert said.code == 1
    assert re.fullmatch(r"Felkod [0-9a-f]{8}\. Uppge felkoden när du anmäler felet\.\n", said.err)


@pytest.mark.skipif(os.name == "nt", reason="POSIX terminals")
def test_a_bar_is_shown_on_a_terminal(sob: Sob, clinic: Clinic, csv: Path) -> None:
    cut_off(clinic, csv)
    answer, shown = on_a_terminal("invanare", "importera", str(csv), "--store", str(sob.store), "--json")
    assert json.loads(answer) == {"imported": 2, "faults": [], "skipped": []}
    assert shown.index("Gör klart en import") < shown.index(FINISHED.rstrip()) < shown.index("Importerar")
    _, shown = on_a_terminal("dygn", "--store", str(sob.store))
    assert "Kör dygnet" in shown


def on_a_terminal(*words: str) -> tuple[bytes, str]:
    """Run a command whose standard error is a terminal; returns its answer and what was shown there."""
    ours, its = os.openpty()
    line = [sys.executable, "-m", "sob_tui.cli", *words]
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm"}
    with subprocess.Popen(line, env=environment, stdout=subprocess.PIPE, stderr=its) as process:
        os.close(its)
        assert process.stdout
        answer = process.stdout.read()
        shown = os.read(ours, 100_000).decode()
    os.close(ours)
    return answer, shown


def test_mending_the_register(sob: Sob, clinic: Clinic) -> None:
    new = ("--efternamn", "Bergh", "--fornamn", "Åsa-Li", "--mobil", "", "--epost", "asa@example.org")
    assert sob("invanare", "ratta", ADULT, *new, som=None).out == "Uppgifterna är rättade.\n"
    rows = clinic.rows("SELECT family_name, given_name, mobile, email FROM resident WHERE personnummer = :n", n=ADULT)
    assert rows == [("Bergh", "Åsa-Li", "", "asa@example.org")]
    said = sob("invånare", "rätta", ADULT, "--personnummer", "19610118-2803", "--json", som=ADMIN)
    assert (said.code, said.json) == (0, {"corrected": True})
    assert clinic.value("SELECT count(*) FROM resident WHERE personnummer = '196101182803'") == 1


@pytest.mark.parametrize(
    ("line", "som", "code"),
    [
        ((ADULT,), None, 3),
        ((ADULT, "--mobil", "123"), None, 3),
        ((ADULT, "--personnummer", CHILD), None, 3),
        (("fel", "--efternamn", "X"), None, 3),
        ((UNKNOWN, "--efternamn", "X"), None, 4),
        ((ADULT, "--efternamn", "X"), CLINICIAN, 4),
        ((), None, 2),
    ],
)
def test_a_mending_that_is_refused(sob: Sob, line: tuple[str, ...], som: str | None, code: int) -> None:
    said = sob("invanare", "ratta", *line, som=som)
    assert (said.code, said.out, said.err.count("\n")) == (code, "", 1)


def test_the_resident_reads_a_step(sob: Sob, clinic: Clinic) -> None:
    moment = str(clinic.start(program="prov"))
    read = ("invanare", "las", ADULT, "--program", "prov", "--steg", "hej")
    assert sob(*read, som=None).out == "Text.\n\nSteget är läst.\n"
    assert sob("invånare", "läs", *read[2:], "--json", som=None).json == {
        "id": moment,
        "step": "hej",
        "text": "Text.",
    }
    page = sob("visa", moment, "--json").json
    assert page["last_active"] is not None
    assert page["modules"][0]["sections"][0]["steps"][0]["read"] is not None
    assert "✓ läst 20" in sob("visa", moment).out
    assert clinic.value("SELECT max(actor_kind) FROM log WHERE operation = 'read_step'") == "invånare"


def test_a_childs_ombud_reads_for_it(sob: Sob, clinic: Clinic) -> None:
    clinic.start(CHILD, program="prov")
    assert sob("invanare", "las", CHILD, "--program", "prov", "--steg", "hej", som=None).code == 0
    assert clinic.value("SELECT max(actor_kind) FROM log WHERE operation = 'read_step'") == "ombud"


def test_with_two_moments_of_a_program_one_is_named(sob: Sob, clinic: Clinic) -> None:
    first, second = str(clinic.start(program="prov")), str(clinic.start(program="prov", confirmed=True))
    read = ("invanare", "las", ADULT, "--program", "prov", "--steg", "hej")
    said = sob(*read, som=None)
    assert (said.code, said.out) == (2, "")
    assert said.err == f"Invånaren har flera moment med det programmet: {first}, {second}. Ange vilket med --moment.\n"
    assert sob(*read, "--moment", second, "--json", som=None).json["id"] == second
    sob("moment", "avsluta", second, "--orsak", "Klart")
    assert sob(*read, "--json", som=None).json["id"] == first


def test_reading_is_refused_where_the_resident_may_not(sob: Sob, clinic: Clinic) -> None:
    moment = str(clinic.start(program="prov"))
    other = str(clinic.start(CHILD, program="prov"))
    read = ("invanare", "las", ADULT, "--program", "prov", "--steg")
    assert sob(*read, "a", som=None).code == 3
    assert sob(*read, "inget", som=None).code == 3
    assert sob(*read, "hej", "--moment", other, som=None).err == NotPermitted.SENTENCE + "\n"
    assert sob("invanare", "las", ELSEWHERE, "--program", "prov", "--steg", "hej", som=None).code == 3
    assert sob("invanare", "las", UNKNOWN, "--program", "prov", "--steg", "hej", som=None).code == 4
    sob("moment", "avsluta", moment, "--orsak", "Klart")
    ended = sob(*read, "hej", som=None)
    assert (ended.code, ended.err.startswith("Momentet är avslutat.")) == (3, True)


def test_nobody_plays_the_resident_in_a_real_store_nor_signs_in(nowhere: Sob, tmp_path: Path) -> None:
    real = str(tmp_path / "real.db")
    create_store(real, kind="real").close()
    said = nowhere("invanare", "las", ADULT, "--program", "prov", "--steg", "hej", "--store", real, som=None)
    assert (said.code, "övningsmiljö" in said.err) == (3, True)
    said = nowhere("lista", "--store", real)
    assert (said.code, said.err.startswith("Du är inte inloggad")) == (4, True)
    assert nowhere("invanare", "importera", "-", "--store", real, som=hsa_id_of(Role.RESIDENT_ADMIN, THERE)).code == 4
