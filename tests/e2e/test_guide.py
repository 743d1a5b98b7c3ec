"""The guide's chapters walked in a real terminal, in the smallest and in a large one.

At each step it is said whom it is about, and there is always a row that the keys go to.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal

NAME, PROGRAM = "Ekdahl, Sofia", "KomIgång online"
WHOM = f"{NAME} · {PROGRAM}"


@pytest.fixture(params=[(80, 24), (140, 40)], ids=["80", "140"])
def terminal(request: pytest.FixtureRequest, store: Path) -> Iterator[Terminal]:
    """The app on a practice store, with OV01 at work."""
    columns, rows = request.param
    line = ("ovning", "--store", str(store), "--som", "SE2321000040-OV01")
    running = Terminal(*line, columns=columns, rows=rows)
    yield running
    running.kill()


def on_row(terminal: Terminal, words: str) -> Terminal:
    """Wait until the cursor is on a row with some words."""
    return terminal.until(
        lambda: any(line.lstrip().startswith("▌") and words in line for line in terminal.text.splitlines()),
        f"the cursor on {words}",
    )


def test_the_guide(terminal: Terminal) -> None:
    # Starta ett nytt moment: the cursor is on the new row
    terminal.wait("ÖVNINGSMILJÖ", "Andersson, Lena", "n Starta").press("n", "0001012384", "tab")
    terminal.wait("20000101-2384 · 26 år · kvinna").press("enter", "Kom").wait("Esc Stäng").press("enter")
    terminal.wait_gone("Esc Stäng").press("ctrl+s").wait("startat.", NAME)
    on_row(terminal, NAME)
    # Ta del av momentet, Hantera: whose it is stands on the page
    terminal.press("enter").wait("INFORMATION OM MOMENTET", NAME, PROGRAM)
    # Vidmakthållande läge, byt behandlare, kontaktperson, avsluta: each dialog says it
    for key, words in (
        ("w", "Sätt i vidmakthållande läge"),
        ("b", "Ny behandlare"),
        ("k", "14141"),
        ("K", "Notera kontakt"),
        ("r", "Begär en mätning"),
        ("a", "Avslutningsorsak:"),
    ):
        terminal.press(key).wait(words, WHOM).press("esc").wait_gone(WHOM)
    # Meddelanden: sent, taken back, sent again
    terminal.press("2").wait("NY KONVERSATION").press("n").wait("Skicka meddelande").press("Hej Sofia!")
    terminal.wait("Utkast sparat").press("ctrl+s").wait("går strax iväg", NAME).press("esc", "U")
    terminal.wait("är ett utkast igen", "UTKAST (1)", "ctrl+t Mallar").press("ctrl+s").wait("går strax iväg")
    # Startade moduler, tidslinje
    terminal.wait("ctrl+t Mallar").press("esc").wait_gone("ctrl+t Mallar")
    terminal.press("3").wait("behandlingsvecka", "Momentet startade").press("esc")
    # Formulär: the only unread one, read and back with two keys; a row has the focus
    terminal.wait("Mina").press("/", "19830127", "enter").wait_gone("Andersson, Lena").wait_gone("Ekdahl, Sofia")
    terminal.press("end", "enter")
    terminal.wait("INFORMATION OM MOMENTET", "Håkansson, Jenny").press("enter").wait("RISKSVAR").press("esc")
    terminal.wait("INFORMATION OM MOMENTET").until(lambda: "▌" in terminal.text.replace("▌ÖVN", ""), "a row in focus")
    # Avsluta: said of whom
    terminal.press("esc").wait("Mina", "Esc Visa alla").press("esc").wait("Andersson, Lena")
    terminal.press("/", "20000101", "enter").wait_gone("Andersson, Lena").press("enter").wait("INFORMATION OM MOMENTET")
    terminal.press("a").wait("Avslutningsorsak:", WHOM).press("enter", "Avsl").wait("Esc Stäng").press("enter")
    terminal.wait_gone("Esc Stäng").press("ctrl+s").wait("avslutat.", NAME)
    terminal.press("ctrl+q")
    assert terminal.closed() == 0
