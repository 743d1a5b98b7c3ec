"""A newcomer's program: made, checked, written over, installed, answered and flagged, by the words of the documents."""

import json
from pathlib import Path

import pytest

from store.care.program_files import read_program
from tests.clinics import ADULT, HERE, Clinic
from tests.sob_tui.conftest import Sob


def test_what_is_made_passes_the_check_and_says_what_is_next(nowhere: Sob, tmp_path: Path) -> None:
    folder = tmp_path / "ma-bra"
    said = nowhere("program", "ny", str(folder), som=None)
    assert (said.code, said.err) == (0, "")
    assert said.out == (
        f"Programmet är skapat i {folder}. Ma bra 1.0: 2 moduler, 2 steg.\n"
        f"Kontrollera: sob program kontrollera {folder}\n"
    )
    assert nowhere("program", "kontrollera", str(folder), som=None).code == 0
    program, faults = read_program(folder)
    assert (program is not None, faults) == (True, ())


def test_an_empty_folder_will_do(nowhere: Sob, tmp_path: Path) -> None:
    (tmp_path / "prov").mkdir()
    made = nowhere("program", "ny", str(tmp_path / "prov"), "--json", som=None)
    assert made.json == {"program": "prov", "title": "Prov", "version": "1.0"}


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "Må bra",
            "Mappens namn är programmets id: små bokstäver a–z, siffror och bindestreck. Ta till exempel ma-bra.",
        ),
        ("full", "Det finns redan något i "),
        ("fil", "Det finns redan något i "),
        ("fil/prov", "går inte att skriva i (vägen går genom något som inte är en mapp)."),
    ],
)
def test_nothing_is_written_over(nowhere: Sob, tmp_path: Path, name: str, said: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full/viktigt.txt").write_text("mitt", "utf-8")
    (tmp_path / "fil").write_text("mitt", "utf-8")
    before = sorted(tmp_path.rglob("*"))
    refused = nowhere("program", "ny", str(tmp_path / name), som=None)
    assert (refused.code, refused.out, said in refused.err) == (3, "", True)
    assert sorted(tmp_path.rglob("*")) == before


def test_it_is_installed_started_answered_and_flagged(sob: Sob, clinic: Clinic, tmp_path: Path) -> None:
    folder = tmp_path / "ma-bra"
    assert sob("program", "ny", str(folder), som=None).code == 0
    assert sob("program", "installera", str(folder), som=None).code == 0
    clinic.run(
        "INSERT INTO openprogram (unit_id, program) SELECT id, 'ma-bra' FROM unit WHERE hsa_id = :unit", unit=HERE
    )
    moment = sob("moment", "starta", ADULT, "--program", "ma-bra", "--json").json["id"]
    (tmp_path / "svar.json").write_text(json.dumps({"1": 3, "2": 2}), "utf-8")
    words = ("invanare", "svara", ADULT, "--program", "ma-bra", "--formular", "hur-har-du-haft-det")
    assert sob(*words, "--svar", str(tmp_path / "svar.json"), som=None).code == 0
    (flag,) = sob("flagga", "lista", moment, "--json").json
    assert (flag["severity"], flag["reason"]) == (
        "prioriterad",
        "Svar på fråga 2 i Hur har du haft det?: 2 av 3 – Jag har känt att ingenting är till någon hjälp.",
    )
    assert "Hur du har haft det: 5 av 6, en del besvär" in sob("visa", moment, "--formular", "1").out
