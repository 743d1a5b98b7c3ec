"""`sob ovning kurs` and `aterstall`: trainees on a unit each."""

import re
import shlex
import shutil
from pathlib import Path

import pytest

from sob_tui.launch import is_plain_start
from sob_tui.options import take_common
from tests.sob_tui.conftest import ROOT, Sob

FIRST = "SE2321000040-OVK01"


def test_a_course_is_made_told_and_begun_anew(nowhere: Sob, practice_file: Path, tmp_path: Path) -> None:
    store = ("--store", str(shutil.copy(practice_file, tmp_path / "kurs.sqlite")))
    assert nowhere("ovning", "kurs", *store).out.startswith("Det finns ingen kurs.")
    made = nowhere("ovning", "kurs", "1", "--roller", "behandlare, invanaradministrator", "--json", *store).json
    assert [(one["hsa_id"], one["round"]) for one in made["trainees"]] == [(FIRST, 1)]
    kept = tmp_path / "kurs.ndjson"
    assert nowhere("ovning", "scenario", "--spara", str(kept), *store).err.endswith(
        "En kurs går inte att spara: det som deltagarna har gjort raderas med den.\n"
    )
    assert not kept.exists()
    again = nowhere("ovning", "aterstall", FIRST.lower(), *store)
    assert again.out == (
        f"{FIRST} börjar om på Övningsmottagningen Eken, deltagare 1, omgång 2. Den förra enheten finns kvar.\n"
    )
    assert f"raderas med kursen, senast {made['erased_on']}" in again.err
    assert nowhere("ovning", "aterstall", "[/x]", *store).err.endswith(
        "Ingen deltagare har HSA-id [/x]. Se sob ovning kurs.\n"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("x",), "Ange antalet deltagare med siffror, från 1 till 30."),
        (("1", "--roller", "utbildare"), "En deltagare kan inte ha rollen utbildare."),
        (("1", "--roller", "[/x]"), "Det finns ingen roll [/x]."),
    ],
)
def test_what_is_written_wrongly_makes_no_store(
    nowhere: Sob, tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    path = tmp_path / "ingen.sqlite"
    refused = nowhere("ovning", "kurs", *words, "--store", str(path))
    assert (refused.code, refused.err.startswith(said)) == (3, True)
    assert not path.exists()


def test_the_lines_for_ssh_open_the_app_as_one_trainee_each() -> None:
    """The server runs what stands there; nobody sees its answer but the trainee who could not begin."""
    told = (ROOT / "docs" / "course.md").read_text("utf-8")
    lines = re.findall(r'command="\S+/sob ([^"]+)" ssh', told) + re.findall(r"ForceCommand \S+/sob (.+)", told)
    read = [take_common(shlex.split(line)) for line in lines]
    assert [is_plain_start(rest) for _, rest in read] == [True] * 4
    assert {common.som for common, _ in read} == {FIRST, "SE2321000040-OVK02", "SE2321000040-OV05"}
    assert all(common.store for common, _ in read)
