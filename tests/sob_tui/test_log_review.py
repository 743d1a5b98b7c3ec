"""`sob logguppfoljning`: from the draw to the signed report, and what is refused on the way."""

from pathlib import Path

from store.foundation.access import Role
from tests.clinics import ADULT, CHILD, Clinic, hsa_id_of
from tests.sob_tui.conftest import Said, Sob

REVIEWER = hsa_id_of(Role.LOG_REVIEWER)


def run(sob: Sob, *words: str) -> Said:
    return sob("logguppfoljning", *words, som=REVIEWER)


def test_a_month_is_drawn_judged_signed_and_reported(sob: Sob, clinic: Clinic, tmp_path: Path) -> None:
    clinic.clock.set(2026, 2, 10, 9)
    for number in (ADULT, CHILD):
        clinic.start(number, "prov")
    drawn = run(sob, "dra", "--period", "2026-02", "--fro", "frö", "--json").json
    assert (drawn["review"], drawn["seed"], drawn["rows"]) == (1, "frö", 2)
    again = run(sob, "dra", "--period", "2026-02", "--fro", "annat")
    assert (again.code, "2026-02 är redan dragen (antal), i granskning 1." in again.err) == (3, True)
    (line,) = run(sob, "lista", "--json").json
    assert (line["period"], line["kind"], line["left"], line["signed_at"]) == ("2026-02", "antal", 2, None)
    listed = run(sob, "lista", "1", "--json").json["review_rows"]
    assert [(row["row"], row["verdict"]) for row in listed] == [("1.1", None), ("1.2", None)]
    assert {row["personnummer"] for row in listed} == {ADULT, CHILD}
    report = tmp_path / "rapport.pdf"
    early = run(sob, "signera", "1", "--rapport", str(report))
    assert (early.code, "2 rader är inte bedömda." in early.err, report.exists()) == (3, True, False)
    assert run(sob, "bedom", "1.1").code == 2
    assert run(sob, "bedom", "1.1", "2.1", "--utan").code == 3
    assert run(sob, "bedom", "1.1", "--utan").out == "1 rad är bedömd utan anmärkning.\n"
    assert run(sob, "bedom", "1.2", "--med", "--kommentar", "Varför [/x]").code == 0
    signed = run(sob, "signera", "1", "--rapport", str(report))
    assert (signed.code, signed.out) == (0, f"Granskning 1 är signerad.\nRapporten är skriven i {report}.\n")
    assert report.read_bytes().startswith(b"%PDF-")
    there = run(sob, "signera", "1", "--rapport", str(report))
    assert (there.code, "Det finns redan en fil" in there.err) == (3, True)
    text = tmp_path / "rapport.txt"
    assert run(sob, "signera", "1", "--rapport", str(text)).out == f"Rapporten är skriven i {text}.\n"
    said = text.read_text(encoding="utf-8")
    assert "varav 1 utan anmärkning och 1 med anmärkning" in said
    assert [number in said for number in (listed[0]["personnummer"], listed[1]["personnummer"])] == [False, True]
    assert "Varför [/x]" in said
    assert run(sob, "bedom", "1.1", "--utan").code == 3
