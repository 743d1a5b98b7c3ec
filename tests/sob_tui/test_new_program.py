"""A newcomer's program: made, checked, written over, installed, answered and flagged, by the words of the documents."""

import json
import re
import shlex
from base64 import b64decode
from pathlib import Path

import pytest

from store.care.program_files import read_program
from tests.documents import document
from tests.sob_tui.conftest import Said, Sob

PICTURE = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")
"""A PNG of one pixel."""


def test_what_is_made_passes_the_check_and_says_what_is_next(nowhere: Sob, tmp_path: Path) -> None:
    folder = tmp_path / "ma-bra"
    said = nowhere("program", "ny", str(folder), som=None)
    assert (said.code, said.err) == (0, "")
    assert said.out == (
        f"Programmet är skapat i {folder}. Ma bra 1.0: 2 moduler, 2 steg.\n"
        f"Kontrollera: sob program kontrollera {folder}\n"
        "Programmets id är ma-bra: mappens namn.\n"
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


def blocks(kind: str) -> list[str]:
    """Return the blocks of one kind in the walk that `docs/program-format.md` describes."""
    walk = document("docs/program-format.md").partition("\n## From nothing to a flag\n")[2].partition("\n## ")[0]
    return re.findall(rf"^```{kind}\n(.*?)^```$", walk, re.DOTALL | re.MULTILINE)


def test_a_newcomers_program_comes_from_nothing_to_a_flag_by_the_words_of_the_document(
    nowhere: Sob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SOB_STORE", str(tmp_path / "ovning.db"))

    def carry_out(block: str) -> list[Said]:
        lines = [line.removeprefix("$ ") for line in block.splitlines()]
        said = [nowhere(*shlex.split(line)[1:], som=None) for line in lines]
        assert [(one.code, one.err) for one in said] == [(0, "")] * len(lines), lines
        return said

    begin, look, use = blocks("console")
    made, checked = carry_out(begin)
    assert made.out.startswith("Programmet är skapat i ma-bra. Ma bra 1.0: 2 moduler, 2 steg.")
    assert checked.out == "Inga fel. Ma bra 1.0: 2 moduler, 2 steg.\nProgrammets id är ma-bra: mappens namn.\n"

    (text,) = blocks("markdown")
    Path("ma-bra/modules/01-forsta-modulen/02-andas.md").write_text(text, "utf-8")
    refused = nowhere("program", "kontrollera", "ma-bra", som=None)
    assert (refused.code, refused.err) == (3, "Programmet har 1 fel.\n")
    assert refused.out.startswith("modules/01-forsta-modulen/02-andas.md:5: Bilden images/andas.png finns inte.")
    Path("ma-bra/images").mkdir()
    Path("ma-bra/images/andas.png").write_bytes(PICTURE)
    (weight,) = map(json.loads, blocks("json"))
    form = json.loads(Path("ma-bra/forms/hur-har-du-haft-det.json").read_text("utf-8"))
    scored = [item for item in form["item"] if "answerOption" in item]
    assert [item["answerOption"][3]["extension"] for item in scored] == [weight["extension"]] * 2

    checked, shown, step = carry_out(look)
    assert "2 moduler, 3 steg" in checked.out
    for words in (
        "ma-bra (mappens namn)",
        "Hur du har haft det: högst 6; från 0 lite besvär, från 3 en del besvär",
        "2: vikt 2 eller mer ger en prioriterad flagga",
        "En sak om dagen",
    ):
        assert words in shown.out
    assert "![En hand som ligger på magen](images/andas.png)" in step.out

    Path("svar.json").write_text('{"1": 3, "2": 2}', "utf-8")
    *_, opened, _started, _answered, queue = carry_out(use)
    assert opened.out == "Ma bra är öppet för SE2321000040-OVN2.\n"
    (raised,) = (line for line in queue.out.splitlines() if "på fråga 2 i Hur har du haft det?" in line)
    assert "prioriterad" in raised
    waiting = nowhere("att-gora", "--json", som="SE2321000040-OV11").json
    (row,) = (one for one in waiting if "på fråga 2 i Hur har du haft det?" in one["reason"])
    assert (row["severity"], row["kind"]) == ("prioriterad", "flagga")
    page = nowhere("visa", row["moment"], "--formular", row["source"].partition("-")[2], som="SE2321000040-OV11")
    assert "Hur du har haft det: 5 av 6, egen nivå: en del besvär" in page.out
