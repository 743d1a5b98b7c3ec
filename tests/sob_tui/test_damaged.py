"""A page of the store that is overwritten: each command that comes upon it says so in one sentence, and ends with 5."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.care.messages import send_message
from store.foundation.engines import engine_for
from tests.clinics import Clinic
from tests.sob_tui.conftest import Sob

DAMAGED = "Databasen är skadad. Den behöver återställas från en säkerhetskopia."


@pytest.fixture
def copy(clinic: Clinic, tmp_path: Path) -> Iterator[Path]:
    """A copy of a store in which one moment runs, that nobody has open."""
    moment = clinic.start(program="prov")
    with clinic.store.work(clinic.clinician) as work:
        send_message(work, moment, "Ett ord", heading="Prov")
    path = tmp_path / "kopia.sqlite"
    with clinic.store.lend() as db:
        db.driver.rollback()
        db.run("VACUUM INTO :path", path=str(path))
    yield path
    shutil.rmtree(tmp_path)


def overwrite(path: Path, table: str, *, zeros: bool) -> None:
    """Write over the first page of a table."""
    connection = engine_for(path).connect()
    page = connection.value("SELECT rootpage FROM sqlite_master WHERE name = :table", table=table)
    size = connection.value("PRAGMA page_size")
    connection.close()
    with path.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(bytes(size) if zeros else b"\xa5" * size)


@pytest.mark.parametrize("zeros", [True, False])
@pytest.mark.parametrize(
    ("table", "words"),
    [
        ("moment", ("lista", "--json")),
        ("moment", ("visa", "1")),
        ("event", ("visa", "1", "--tidslinje")),
        ("moment", ("att-gora",)),
        ("message", ("meddelande", "sok", "ord")),
        ("moment", ("dygn",)),
        ("notice", ("avisera",)),
        ("resident", ("invanare", "importera", "FIL")),
        ("staff", ("personal", "importera", "FIL")),
        ("log", ("lista",)),
    ],
)
def test_a_damaged_page_is_told_in_one_sentence(
    copy: Path, capsys: pytest.CaptureFixture[str], tmp_path: Path, table: str, words: tuple[str, ...], zeros: bool
) -> None:
    file = tmp_path / "in.csv"
    columns = "hsa-id" if words[0] == "personal" else "personnummer"
    whose = "SE2321000040-NY1" if words[0] == "personal" else "195001182046"
    file.write_text(f"{columns};efternamn;fornamn\n{whose};Ek;Nils\n", "utf-8")
    overwrite(copy, table, zeros=zeros)
    by_operator = "FIL" in words or words[0] in ("dygn", "avisera")
    words = tuple(str(file) if word == "FIL" else word for word in words)
    said = Sob(capsys, str(copy))(*words, **({"som": None} if by_operator else {}))
    assert (said.code, said.out, said.err) == (5, "", f"{DAMAGED}\n")


@pytest.mark.parametrize("content", ["'{'", "CAST(x'7bff' AS TEXT)"])
def test_a_text_that_is_not_what_was_written_is_damage_too(clinic: Clinic, sob: Sob, content: str) -> None:
    moment = clinic.start(program="prov")
    clinic.run(f"UPDATE programversion SET content = {content}")
    said = sob("visa", str(moment))
    assert (said.code, said.out, said.err) == (5, "", f"{DAMAGED}\n")
    said = sob("dygn", som=None)
    assert (said.code, said.err) == (5, f"Moment {moment}: dygnets regler kunde inte köras. {DAMAGED}\n")
    assert said.out.endswith("0 flaggor är satta.\n")
