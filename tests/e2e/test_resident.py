"""Two terminals on one store: somebody acts as the resident at one, and the clinician works at the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.opening import open_store
from tests.e2e.terminal import Terminal

OV01, JENNY = "SE2321000040-OV01", "198301272384"
ATTACK = b"[/x]\x1b]52;c;c3Rvcg==\x07 \xe2\x80\xae hej"


@pytest.fixture
def two(store: Path) -> Iterator[tuple[Terminal, Terminal]]:
    """The clinician's terminal and the resident's."""
    line = ("ovning", "--store", str(store))
    running = [Terminal(*line, "--som", OV01), Terminal(*line, "--invanare", JENNY)]
    yield running[0], running[1]
    for terminal in running:
        terminal.kill()


def answered(resident: Terminal, *choices: int) -> None:
    """Answer question after question, each by its place."""
    for choice in choices:
        resident.press(*["down"] * choice, "enter", "tab")


def top(terminal: Terminal) -> str:
    lines = terminal.text.split("\n")
    heads = [place for place, line in enumerate(lines) if "Ålder" in line]
    return " ".join(lines[heads[0] + 1 : heads[0] + 3]) if heads else ""


def test_what_one_does_shows_at_the_other(two: tuple[Terminal, Terminal], store: Path) -> None:
    clinician, resident = two
    clinician.wait("Att göra", "n Starta").press("1").wait("▲ prioriterad", "Ålder")
    resident.wait("ÖVNINGSMILJÖ", "Nedstämdhet").press("enter").wait("Fyll i: Måendeskattning").press("enter")
    resident.wait("Jag har varit så trött", "ctrl+s Skicka")
    answered(resident, *[0] * 8)
    resident.press("ctrl+s").wait("Frågan måste besvaras.")
    answered(resident, 3)
    resident.press("ctrl+s").wait("Formuläret är skickat. Tack!")
    clinician.until(lambda: "nyss" in top(clinician), "the risk answer on top")

    resident.press("m").wait("Meddelanden").press("n").wait("Rubrik").press("tab").send(ATTACK).press("ctrl+s")
    resident.wait("Meddelandet är skickat.")
    clinician.wait("Obesvarat: Min konversation")

    resident.press("esc").wait("Läs vidare")
    clinician.press("down", "down", "down", "down", "enter").wait("Ärende 1 av", "hej")
    clinician.press("Jag ringer i dag.", "ctrl+s")
    resident.wait("1 nytt meddelande").press("m").wait("● Min konversation").press("enter").wait("Jag ringer i dag.")
    opened = open_store(store)
    with opened.lend() as db:
        said = db.value("SELECT text FROM message WHERE sender = 'invanare' ORDER BY id DESC LIMIT 1")
    opened.close()
    assert str(said).startswith("[/x]")
    assert "\x1b" not in str(said)
    assert b"\x1b]52;" not in clinician.raw + resident.raw
    for terminal in two:
        terminal.press("ctrl+q")
        assert terminal.closed() == 0
