"""`sob program`."""

import shutil
from pathlib import Path

import pytest

from store.data import data_folder
from store.foundation.access import Role
from tests.clinics import ADULT, CHILD, PROVIDER_ADMIN, THERE, Clinic, hsa_id_of
from tests.sob_tui.conftest import ADMIN, Sob

SHIPPED = data_folder() / "programs"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of a program that may be broken."""
    return Path(shutil.copytree(SHIPPED / "komigang-online", tmp_path / "komigang-online"))


@pytest.fixture
def faulty(folder: Path) -> Path:
    """A program with two faults, one with a line and one without."""
    toml = folder / "program.toml"
    toml.write_text(toml.read_text("utf-8").replace("recommended_days = 90", 'recommended_days = "nio"'), "utf-8")
    (folder / "modules" / "01-foralder" / "titel.txt").unlink()
    return folder


@pytest.mark.parametrize("program", sorted(path.name for path in SHIPPED.iterdir()))
def test_what_we_ship_has_no_faults(nowhere: Sob, program: str) -> None:
    said = nowhere("program", "kontrollera", str(SHIPPED / program), som=None)
    assert (said.code, said.err) == (0, "")
    assert said.out.startswith("Inga fel. ")
    assert nowhere("program", "kontrollera", str(SHIPPED / program), "--json", som=None).json["faults"] == []


@pytest.mark.parametrize("command", ["kontrollera", "visa"])
def test_every_fault_is_told_with_its_place_and_mend(nowhere: Sob, faulty: Path, command: str) -> None:
    said = nowhere("program", command, str(faulty), som=None)
    assert (said.code, said.err) == (3, "Programmet har 2 fel.\n")
    lines = said.out.splitlines()
    assert len(lines) == 2
    assert any(line.startswith("program.toml:") and " Åtgärd: Skriv antalet dagar" in line for line in lines)
    assert any(line.startswith("modules/01-foralder: Titeln saknas. Åtgärd: ") for line in lines)


def test_faults_as_json(nowhere: Sob, faulty: Path) -> None:
    said = nowhere("program", "kontrollera", str(faulty), "--json", som=None)
    assert said.code == 3
    assert [set(fault) for fault in said.json["faults"]] == [{"file", "line", "message", "mend"}] * 2


def test_a_folder_that_is_not_there(nowhere: Sob, tmp_path: Path) -> None:
    said = nowhere("program", "kontrollera", str(tmp_path / "inget"), som=None)
    assert (said.code, "Mappen finns inte. Åtgärd: Ange mappen" in said.out) == (3, True)


def test_a_preview_shows_title_modules_and_steps(nowhere: Sob, folder: Path) -> None:
    text = nowhere("program", "visa", str(folder), som=None).out
    assert text.startswith("KomIgång online 1.1\n")
    for words in ("90 dagar", "Börja här", "1 Du som förälder är viktig", "öppen från start", "  aviseringar"):
        assert words in text
    preview = nowhere("program", "visa", str(folder), "--json", som=None).json
    assert (preview["program"], preview["modules"][0]["id"]) == ("komigang-online", "borja-har")


def test_a_preview_of_one_step_is_its_text(nowhere: Sob, folder: Path) -> None:
    said = nowhere("program", "visa", str(folder), "--steg", "aviseringar", som=None)
    assert said.out.startswith("# ")
    assert len(said.out.splitlines()) > 5
    step = nowhere("program", "visa", str(folder), "--steg", "aviseringar", "--json", som=None).json
    assert step["text"].strip() in said.out
    missing = nowhere("program", "visa", str(folder), "--steg", "inget", som=None)
    assert (missing.code, missing.err) == (3, "Steget inget finns inte i KomIgång online.\n")


@pytest.mark.parametrize("som", [None, PROVIDER_ADMIN])
def test_installing_by_the_operator_or_above_the_units(sob: Sob, clinic: Clinic, folder: Path, som: str | None) -> None:
    toml = folder / "program.toml"
    toml.write_text(toml.read_text("utf-8").replace('version = "1.1"', 'version = "1.2"'), "utf-8")
    assert sob("program", "installera", str(folder), som=som).out.startswith(
        "Installerat. KomIgång online 1.2: 8 moduler"
    )
    again = sob("program", "installera", str(folder), "--json", som=som)
    assert again.json == {"program": "komigang-online", "title": "KomIgång online", "version": "1.2"}
    versions = clinic.rows("SELECT version FROM programversion WHERE program = 'komigang-online' ORDER BY id")
    assert versions == [("1.1",), ("1.2",)]


def test_an_installation_that_is_refused(sob: Sob, nowhere: Sob, folder: Path, faulty: Path) -> None:
    assert sob("program", "installera", str(faulty), som=None).code == 3
    assert sob("program", "installera", str(SHIPPED / "komigang-online"), som=ADMIN).code == 4
    assert nowhere("program", "installera", str(SHIPPED / "komigang-online"), som=None).code == 2
    toml = faulty / "program.toml"
    shutil.copytree(SHIPPED / "komigang-online", faulty, dirs_exist_ok=True)
    toml.write_text(toml.read_text("utf-8").replace("recommended_days = 90", "recommended_days = 80"), "utf-8")
    changed = sob("program", "installera", str(folder), som=None)
    assert (changed.code, "Höj version" in changed.err) == (3, True)


def test_an_installed_program_is_opened_for_a_unit_and_closed(sob: Sob) -> None:
    start = ("moment", "starta", ADULT, "--program", "prov", "--ja")
    stranger = hsa_id_of(Role.CLINICIAN, THERE)
    assert sob(*start, som=stranger).code == 3
    said = sob("program", "öppna", "prov", "--enhet", THERE, som=PROVIDER_ADMIN)
    assert (said.code, said.out) == (0, f"Ångest – prov är öppet för {THERE}.\n")
    moment = sob(*start, "--json", som=stranger).json["id"]
    said = sob("program", "stang", "prov", "--enhet", THERE, "--json", som=None)
    assert said.json == {"program": "prov", "unit": THERE, "open": False}
    assert sob("visa", moment, som=stranger).code == 0
    assert sob("moment", "starta", CHILD, "--program", "prov", "--ja", som=stranger).code == 3


def test_who_opens_programs_acts_above_the_units(sob: Sob, clinic: Clinic) -> None:
    clinic.run(
        "INSERT INTO assignment (staff_id, unit_id, active, sort_name)"
        " SELECT id, :unit, 1, sort_name FROM staff WHERE hsa_id = :hsa_id",
        unit=clinic.here,
        hsa_id=PROVIDER_ADMIN,
    )
    assert sob("program", "oppna", "prov", "--enhet", THERE, som=PROVIDER_ADMIN).code == 0
    for som in (ADMIN, hsa_id_of(Role.ACCESS_ADMIN, THERE)):
        assert sob("program", "stang", "prov", "--enhet", THERE, som=som).code == 4
    assert sob("program", "stang", "prov", "--enhet", "SE2321000040-INGEN", som=PROVIDER_ADMIN).code == 4
    said = sob("program", "stang", "prov", som=None)
    assert (said.code, said.err) == (2, "Ange enheten med --enhet HSA-ID.\n")


def test_the_catalogue_has_what_is_not_open_too(sob: Sob) -> None:
    found = {one["program"]: one for one in sob("program", "lista", "--json").json}
    assert found["prov"]["open"]
    assert set(found["prov"]["contact"]) == {"name", "email", "phone"}
    there = {
        one["program"]: one for one in sob("program", "lista", "--json", som=hsa_id_of(Role.CLINICIAN, THERE)).json
    }
    assert not there["prov"]["open"]
    assert there["prov"]["way"].startswith("Inte öppet för enheten. Kontakta din chef")
    said = sob("program", "lista").out
    assert f"{found['prov']['title']} (prov)" in said
    assert "Kontaktperson" in said
