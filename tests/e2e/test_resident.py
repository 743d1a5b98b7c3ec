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
    heads = [place for place, line in enumerate(lines) if line.startswith(" Väntar ")]
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


SOFIA = "200001012384"


def test_two_terminals_go_through_a_whole_course_of_treatment(store: Path) -> None:
    """Start, form, risk answer, message, four weeks, the next form, end: what either does the other sees."""
    line = ("ovning", "--store", str(store))
    clinician, resident = Terminal(*line, "--som", OV01, rows=40), Terminal(*line, "--invanare", SOFIA)
    try:
        resident.wait("Du har inget program just nu")
        clinician.wait("Andersson, Lena", "n Starta").press("n", "0001012384", "tab").wait("20000101-2384")
        clinician.press("enter", "Ned").wait("Esc Stäng").press("enter").wait_gone("Esc Stäng")
        clinician.press("ctrl+s").wait("startat.")

        resident.wait("Fyll i: Måendeskattning").press("down", "enter").wait("Jag har varit så trött", "ctrl+s Skicka")
        answered(resident, *[0] * 8, 3)
        resident.press("ctrl+s").wait("Formuläret är skickat. Tack!", "Läs vidare")
        resident.press("m").wait("Meddelanden").press("n").wait("Rubrik").press("tab", "Vad gör jag nu?", "ctrl+s")
        resident.wait("Meddelandet är skickat.").press("esc").wait("Läs vidare")

        clinician.press("1").until(lambda: "nyss" in top(clinician), "the risk answer among the first")
        clinician.press("home", "down", "enter").wait("RISKSVAR", "Ekdahl, Sofia").press("h").wait("Vad har du gjort?")
        clinician.press("Ringde. Trygg hemma.", "ctrl+s").wait("Flaggan är hanterad", "Ärende 2 av")
        clinician.wait("Skriv ett meddelande till").press("esc", "esc").wait_gone("Ärende 2 av").wait(" Väntar ")
        clinician.press("2").wait("n Starta").press("/", "20000101").wait_gone("Andersson, Lena")
        clinician.wait("Ekdahl, Sofia").press("enter", "enter").wait("INFORMATION OM MOMENTET").press("2")
        clinician.wait("OLÄST (1)", "Min konversation").press("enter").wait("Vad gör jag nu?", "Skriv ett meddelande")
        clinician.press("Jag ringer i dag.", "ctrl+s").wait("Meddelandet är skickat")
        resident.wait("1 nytt meddelande").press("m").wait("● Min konversation").press("enter")
        resident.wait("Jag ringer i dag.")

        clinician.press("\x10").wait("Sök kommando").press("klockan").wait("Låt tid gå").press("enter")
        clinician.wait("Hur långt").press("+4v", "ctrl+s").wait("Nu är det")
        resident.press("esc", "esc").wait("Fyll i: Måendeskattning")
        clinician.press("esc", "1", "a").wait("Avslutningsorsak:").press("enter", "Avsl").wait("Esc Stäng")
        clinician.press("enter").wait_gone("Esc Stäng").press("ctrl+s").wait("Inget moment stämmer")
        resident.wait("Programmet är avslutat.")
        for terminal in (clinician, resident):
            terminal.press("ctrl+q")
            assert terminal.closed() == 0
        opened = open_store(store)
        with opened.lend() as db:
            course = "SELECT status, unread_messages, started_at > 0 FROM moment ORDER BY id DESC LIMIT 1"
            assert db.rows(course) == [("avslutat", 0, 1)]
            assert db.value("SELECT count(*) FROM log WHERE outcome = 'nekat'") == 0
        opened.close()
    finally:
        for terminal in (clinician, resident):
            terminal.kill()
