"""The main job from the command line, on both databases, with the practice cast (contract.md §4)."""

import pytest

from tests.sob_tui.conftest import Said, Sob, start

OV01, OV02, OV11 = (f"SE2321000040-OV{number}" for number in ("01", "02", "11"))
START = ("moment", "starta", "0001012384", "--program", "komigang-online")


@pytest.fixture
def sob(practice: str, capsys: pytest.CaptureFixture[str]) -> Sob:
    """Commands on the practice store."""
    return Sob(capsys, practice)


def test_the_walk_from_start_to_end(sob: Sob) -> None:
    started = sob(*START, "--json", som=OV01)
    assert (started.code, started.json["personnummer"]) == (0, "200001012384")
    moment = started.json["id"]

    (row,) = [row for row in sob("lista", "--json", som=OV01).json if row["id"] == moment]
    assert (row["personnummer"], row["status"], row["clinician"]) == ("200001012384", "pagaende", OV01)

    assert sob("moment", "byt", moment, "--till", OV02, som=OV01).code == 0
    assert moment not in {row["id"] for row in sob("lista", "--json", som=OV01).json}

    end = ("moment", "avsluta", moment, "--orsak", "Avslutat enligt plan")
    assert sob(*end, som=OV01).code == 4
    assert sob(*end, som=OV02).out == "Momentet är avslutat.\n"
    again = sob(*end, som=OV02)
    assert (again.code, again.out, again.err.startswith("Momentet är avslutat.")) == (3, "", True)
    assert moment in {row["id"] for row in sob("lista", "--status", "avslutat", "--json", som=OV02).json}


def test_the_second_unit_serves_its_own_region_and_warns_of_a_missing_training(sob: Sob) -> None:
    said = sob(*START, som=OV11)
    assert (said.code, said.out) == (3, "")
    assert "ingen registrerad utbildning för KomIgång online" in said.err
    assert said.err.endswith("Lägg till --ja för att bekräfta.\n")
    assert sob(*START, "--ja", som=OV11).code == 0
    assert "är inte öppet för enheten" in sob("moment", "starta", "0001012384", "--program", "sovhjalpen", som=OV11).err


def test_two_processes_start_the_same_resident_at_the_same_instant(sob: Sob, practice: str) -> None:
    both = [start(*START, "--som", who, "--store", practice) for who in (OV01, OV02)]
    said = [Said(0, *process.communicate(timeout=60)) for process in both]
    codes = sorted(process.returncode for process in both)
    assert codes == [0, 3], said
    ((told),) = [one.err.splitlines() for one in said if one.err]
    assert [line for line in told if "har redan KomIgång online pågående" in line] == told[1:2]
    assert told[-1] == "Lägg till --ja för att bekräfta."
    unit = sob("lista", "--alla", "--json", som=OV02).json
    assert len([row for row in unit if row["personnummer"] == "200001012384"]) == 1
