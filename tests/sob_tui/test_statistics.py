"""`sob statistik`: months with bars, a file without small numbers, and what is wrong with what is asked for."""

from pathlib import Path

import pytest

from store.care.month_counting import Figure
from store.foundation.access import Role
from tests.clinics import Clinic, hsa_id_of
from tests.sob_tui.conftest import Sob

ADMIN, COLLEAGUE = hsa_id_of(Role.RESIDENT_ADMIN), hsa_id_of(Role.CLINICIAN)
WHOLE = ("--program", "prov", "--fran", "2025-12", "--till", "2026-01")


@pytest.fixture
def counted(clinic: Clinic) -> Clinic:
    """Figures of two months, one of them small, and a reason that would run as a formula."""
    for month, figure, detail, number, hidden in (
        ("2025-12", Figure.STARTED, "", 12, 0),
        ("2026-01", Figure.STARTED, "", 3, 1),
        ("2026-01", Figure.REASON, "=1+1", 8, 0),
        ("2026-01", Figure.ANSWER_TIME, "", 1510, 0),
        ("2026-01", Figure.MINUTES, "", 600, 2),
    ):
        clinic.run(
            "INSERT INTO monthfigure VALUES (:unit, 'prov', :month, :figure, :detail, :number, :hidden)",
            unit=clinic.here,
            month=month,
            figure=figure.value,
            detail=detail,
            number=number,
            hidden=hidden,
        )
    return clinic


@pytest.mark.usefixtures("counted")
def test_the_administrator_sees_exact_numbers_with_bars_and_others_what_is_published(sob: Sob) -> None:
    lines = sob("statistik", *WHOLE, som=ADMIN).out.splitlines()
    assert lines[0] == "Ångest – prov, hela månader"
    assert lines[1].startswith("Exakta tal.")
    assert f"  2025-12          12  {'█' * 30}" in lines
    assert f"  2026-01           3  {'█' * 8}" in lines
    assert f"  2026-01   1 d 1 tim  {'█' * 30}" in lines
    assert "Avslutade, orsak: =1+1" in lines
    assert "  2026-01        dolt" in lines[lines.index("Arbetad tid, minuter") :]
    others = sob("statistik", *WHOLE, som=COLLEAGUE).out.splitlines()
    assert others[1] == "Tal under 5 visas inte, och andra avrundas till fem. Tid visas från fem behandlare."
    assert f"  2025-12          10  {'█' * 30}" in others
    assert "  2026-01        dolt" in others


@pytest.mark.usefixtures("counted")
def test_a_file_and_json_have_no_small_number_whoever_asks_and_no_cell_runs(sob: Sob, tmp_path: Path) -> None:
    file = tmp_path / "statistik.csv"
    said = sob("statistik", *WHOLE, "--per", "manad", "--csv", str(file), som=ADMIN)
    assert (said.code, said.out) == (0, f"Statistiken är skriven till {file}.\n")
    content = file.read_bytes().decode("utf-8-sig")
    assert content.splitlines() == [
        "program;månad;uppgift;gäller;antal",
        "prov;2025-12;Startade moment;;10",
        "prov;2025-12;Avslutade, orsak;'=1+1;0",
        "prov;2025-12;Tid till svar på meddelanden, median;;",
        "prov;2025-12;Arbetad tid, minuter;;",
        "prov;2026-01;Startade moment;;..",
        "prov;2026-01;Avslutade, orsak;'=1+1;10",
        "prov;2026-01;Tid till svar på meddelanden, median;;1510",
        "prov;2026-01;Arbetad tid, minuter;;..",
    ]
    assert file.stat().st_mode & 0o777 == 0o600
    again = sob("statistik", *WHOLE, "--csv", str(file), som=ADMIN)
    assert again.code == 3
    assert file.read_bytes().decode("utf-8-sig") == content
    numbers = [one["number"] for one in sob("statistik", *WHOLE, "--json", som=ADMIN).json["figures"]]
    assert 3 not in numbers


@pytest.mark.usefixtures("counted")
def test_what_is_wrong_is_said(sob: Sob) -> None:
    for words, code, sentence in (
        (("--program", "prov", "--fran", "2026-13"), 3, "Skriv månaden som 2026-11, inte 2026-13."),
        (("--program", "prov", "--fran", "2026-02", "--till", "2026-01"), 3, "Perioden slutar (2026-01) före"),
        (("--program", "finns-ej"), 3, "Programmet finns-ej finns inte. De som finns är:"),
        (("--program", "prov", "--per", "vecka"), 3, "Statistiken visas per manad."),
    ):
        said = sob("statistik", *words, som=ADMIN)
        assert (said.code, said.out) == (code, "")
        assert sentence in said.err
    assert sob("statistik", "--program", "prov", som=hsa_id_of(Role.LOG_REVIEWER)).code == 4
    assert "Inget är räknat" in sob("statistik", "--program", "komigang-online", som=ADMIN).out
