"""`sob exportera`: what it takes, what it says, and where the key of pseudonyms lies."""

import os
import signal
from pathlib import Path

import pytest

from sob_tui.commands import exporting
from store.export.xml_file import XmlFile
from store.foundation.access import Role
from tests.clinics import ADULT, HIDDEN, Clinic, hsa_id_of
from tests.sob_tui.conftest import Said, Sob

DATA_ADMIN = hsa_id_of(Role.DATA_ADMIN)
WHOM = ("--mottagare", "Forskargruppen", "--andamal", "Utvärdering")


@pytest.fixture
def begun(clinic: Clinic) -> Clinic:
    """A moment of `ADULT`'s, and one of a protected resident's."""
    clinic.start(program="prov")
    clinic.start(HIDDEN, "prov")
    return clinic


def run(sob: Sob, folder: Path, *words: str, identity: str = "full", som: str | None = DATA_ADMIN) -> Said:
    what = ("--format", "xml", "--identitet", identity, "--status", "pagaende", "--till", str(folder))
    return sob("exportera", "prov", *what, *WHOM, *words, som=som)


@pytest.mark.usefixtures("begun")
def test_it_says_how_much_it_is_where_it_is_and_who_is_left_out(sob: Sob, tmp_path: Path) -> None:
    said = run(sob, tmp_path, "--delar", "handelser,matbatteri")
    (file,) = tmp_path.iterdir()
    assert said.code == 0
    assert said.err == "Ångest – prov: 1 moment (1 invånare) exporteras.\n"
    assert said.out.splitlines()[:2] == [
        f"1 moment exporterade till {file}",
        "1 moment med skyddade personuppgifter lämnades utanför.",
    ]
    assert ADULT in file.read_text(encoding="utf-8")
    other = tmp_path / "andra"
    other.mkdir()
    shown = run(sob, other, "--visa-skyddade", "--personnummer", "20000125-2386", "--json").json
    assert (shown.pop("file"), shown.pop("export")) == (str(next(other.iterdir())), "2")
    assert shown == {"moments": 1, "residents": 1, "protected": 1, "revealed": True}


@pytest.mark.usefixtures("begun")
def test_each_fault_has_a_sentence_and_nothing_is_written(sob: Sob, tmp_path: Path, clinic: Clinic) -> None:
    file = tmp_path / "fil"
    file.touch()
    for words, sentence in (
        (("--fran", "2026-13-01"), "2026-13-01 är inget datum."),
        (("--fran", "2026-03-02", "--till-och-med", "2026-03-01"), "Perioden slutar (2026-03-01) före den börjar"),
        (("--fran", "2026-03-03"), "Inga pågående moment på enheten stämmer med urvalet."),
        (("--status", "avslutat"), "Inga avslutade moment på enheten stämmer med urvalet."),
        (("--status", "klar"), "Status kan vara pagaende, avslutat."),
        (("--format", "pdf"), "Format kan vara xml, csv, fhir, fhir-ndjson."),
        (("--identitet", "namn"), "Identitet kan vara full, kon-alder, pseudonym."),
        (("--delar", "handelser,allt"), "Delen allt finns inte."),
        (("--personnummer", "123"), "Ett personnummer har tio eller tolv siffror"),
        (("--personnummer", HIDDEN), "och de lämnas utanför. Ingenting exporteras."),
        (("--mottagare", " "), "Ange mottagaren."),
        (("--andamal", "x" * 201), "högst 200 tecken"),
        (("--till", str(file)), f"Mappen {file} finns inte."),
        (("--till", str(tmp_path / "borta")), "borta finns inte."),
    ):
        said = run(sob, tmp_path, *words)
        assert (said.code, said.out) == (3, "")
        assert sentence in said.err
    unknown = sob("exportera", "finns-ej", "--format", "xml", "--identitet", "full", *WHOM, "--till", str(tmp_path))
    assert unknown.code == 4  # who may not is told of nothing else
    assert run(sob, tmp_path, som=hsa_id_of(Role.ACCESS_ADMIN)).code == 4
    missing = sob("exportera", "prov", som=DATA_ADMIN)
    assert (missing.code, missing.err) == (2, "Flaggan --format saknas. Se sob exportera --help.\n")
    assert list(tmp_path.iterdir()) == [file]
    assert clinic.value("SELECT count(*) FROM dataexport") == 0


@pytest.mark.usefixtures("begun")
def test_what_is_not_given_is_asked_for_at_a_terminal(
    sob: Sob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers = iter(["csv", "full", "pagaende", "planer, ovriga", "Forskargruppen", "Utvärdering", str(tmp_path)])
    asked: list[str] = []

    def answer(question: str, read: object) -> object:
        asked.append(question.partition(" (")[0])
        return read(next(answers))  # type: ignore[operator]

    monkeypatch.setattr(exporting, "somebody_is_there", lambda: True)
    monkeypatch.setattr(exporting, "ask", answer)
    assert sob("exportera", "prov", som=DATA_ADMIN).code == 0
    assert asked == ["Format", "Identitet", "Status", "Delar", "Mottagare", "Ändamål", "Mapp"]
    (folder,) = tmp_path.iterdir()
    assert sorted(one.stem for one in folder.iterdir()) == [
        *("kopplade", "moment", "om-exporten", "planer", "poang", "svar")
    ]


@pytest.mark.usefixtures("begun")
def test_a_lost_pseudonym_key_is_said_before_the_export(sob: Sob, tmp_path: Path, home: Path) -> None:
    # A new key made without a word: the recipient has every resident twice, and nobody knows why.
    said = run(sob, tmp_path, identity="pseudonym")
    assert said.code == 0
    assert "En pseudonym är fortfarande en personuppgift" in said.err
    (key,) = home.rglob("*.pseudonym")
    assert key.stat().st_mode & 0o077 == 0
    (first,) = tmp_path.iterdir()
    before, kept = first.read_text(encoding="utf-8"), key.read_bytes()
    assert ADULT not in before
    first.unlink()
    key.unlink()
    lost = run(sob, tmp_path, identity="pseudonym")
    assert lost.code == 3
    assert "finns inte här. Invånarna får nya pseudonymer" in lost.err
    assert list(tmp_path.iterdir()) == []
    assert not key.exists()
    assert run(sob, tmp_path, "--ja", identity="pseudonym").code == 0
    assert key.read_bytes() != kept


@pytest.mark.usefixtures("begun")
def test_a_signal_that_ends_it_leaves_nothing_half(sob: Sob, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # Without a handler of ours SIGTERM ends Python at once: residents' data stays in a hidden folder.
    def told_to_end(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGTERM)

    before = signal.getsignal(signal.SIGTERM)
    monkeypatch.setattr(XmlFile, "write", told_to_end)
    assert run(sob, tmp_path).code == 130
    assert list(tmp_path.iterdir()) == []
    assert signal.getsignal(signal.SIGTERM) is before
