"""The administrator's duties, walked by a newcomer in a real terminal: from *Att göra*, with keys that stand there."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.care.duties import DutyKind, decide_duty
from store.opening import open_store
from store.people.sign_in import sign_in
from store.purge.certificate import read_certificate
from tests.app.test_purging import end_a_dozen, left_of
from tests.e2e.terminal import Terminal
from tests.e2e.test_unit import leave, on_row, rows, says

OV03, OV04 = "SE2321000040-OV03", "SE2321000040-OV04"
MOST_ROWS = 200
"""More than a draw of two of the staff and two residents gives in the practice store."""


@pytest.fixture
def dozen(store: Path) -> list[int]:
    """Twelve moments that are due; the unit has delegated purging and the log's review to OV04."""
    moments = end_a_dozen(store)
    opened = open_store(store)
    with opened.work(sign_in(opened, OV03)) as work:
        for duty in (DutyKind.PURGE, DutyKind.LOG_REVIEW):
            decide_duty(work, duty, 1, OV04, "Eva Chef", work.today)
    opened.close()
    return moments


@pytest.fixture
def terminal(store: Path, dozen: list[int]) -> Iterator[Terminal]:
    """The app with OV04 at work, in the smallest terminal."""
    assert len(dozen) == 12
    running = Terminal("ovning", "--store", str(store), "--som", OV04)
    yield running
    running.kill()


def do(terminal: Terminal, key: str, label: str) -> Terminal:
    """Press a key that stands on the screen beside what it does."""
    shown = {"esc": "Esc", "enter": "Enter"}.get(key, key)
    terminal.wait_like(rf"(?m)(^|[ \[]){shown.replace('+', '.')} {label}\b")
    return terminal.press(key)


def test_last_months_review_and_a_purge_of_a_dozen_from_the_queue(
    terminal: Terminal, store: Path, dozen: list[int], tmp_path: Path
) -> None:
    report, certificate = tmp_path / "r.pdf", tmp_path / "c.txt"
    do(terminal, "1", "Att göra").wait("[1 Att göra 2]", "Enter Öppna uppgiften")
    _review(terminal, report)
    terminal.wait("[1 Att göra 1]", "Gallring: skulle")
    _purge(terminal, certificate)
    says(terminal, "Inget väntar på dig just nu.")
    leave(terminal)
    assert report.read_bytes().startswith(b"%PDF-")
    assert read_certificate(certificate.read_text(encoding="utf-8"))["moments"] == 11
    assert len(left_of(store, dozen)) == 1
    assert sorted(rows(store, "SELECT kind FROM dutydone")) == [("gallring",), ("logguppfoljning",)]
    assert rows(store, "SELECT count(*) FROM logreviewrow WHERE verdict = 'med'") == [(1,)]
    assert rows(store, "SELECT count(*) FROM logreviewrow WHERE verdict = ''") == [(0,)]


def _review(terminal: Terminal, report: Path) -> None:
    """Draw last month's sample, judge each row, sign, and save the report."""
    do(on_row(terminal, "Logguppf"), "enter", "Öppna uppgiften").wait("‹ Att göra", "Inga granskningar än.")
    do(terminal, "n", "Dra stickprov").wait("Personal, antal", "Samma frö drar samma rader").wait_gone("procent")
    do(terminal, "ctrl+s", "Dra").wait("att bedöma.")
    do(terminal, "m", "Med").wait("Kommentar").press("Varfor [/x]")
    do(terminal, "ctrl+s", "Med anmärkning").wait_gone("Kommentar").wait("! med")
    for _ in range(MOST_ROWS):
        if "Alla rader är bedömda." in terminal.text:
            break
        before = terminal.text
        do(terminal, "a", "Alla lika utan").until(lambda before=before: terminal.text != before, "a row to be judged")  # type: ignore[misc]
    terminal.wait("Alla rader är bedömda.")
    do(terminal, "s", "Signera").wait("Sedan ändras den inte.")
    do(terminal, "ctrl+s", "Signera").wait("Spara i fil", "1 med anmärkning").press(str(report))
    do(terminal, "ctrl+s", "Spara").wait("Rapporten är sparad")
    do(terminal, "esc", "Stäng").wait("Signerad av Navid Rashidi.", "r Rapport")
    do(terminal, "esc", "Tillbaka").wait("✓ signerad")
    do(terminal, "esc", "Tillbaka")


def _purge(terminal: Terminal, certificate: Path) -> None:
    """Stop one of those that are due, purge the others, and save the certificate."""
    do(terminal, "enter", "Öppna uppgiften").wait("‹ Att göra", "12 moment · 0 valda", "Enter Välj")
    do(terminal, "s", "Stoppa").wait("Grund", "Sista dag").press("Tvist", "tab", "2999-06-01")
    do(terminal, "ctrl+s", "Stoppa").wait("■ stopp")
    do(terminal, "a", "Välj förfallna").wait("11 valda")
    do(terminal, "g", "Gallra").wait("11 moment gallras för alltid.", "Skriv antalet").press("11")
    do(terminal, "ctrl+s", "Gallra").wait("GALLRINGSINTYG 1", "Spara i fil").press(str(certificate))
    do(terminal, "ctrl+s", "Spara").wait("Intyget är sparat")
    do(terminal, "esc", "Stäng").wait("1 moment · 0 valda")
    do(terminal, "esc", "Tillbaka")
