"""Exercises are solved by keys in a real terminal, one after the other in one session, and each counts as solved."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from store.opening import open_store
from tests.e2e.terminal import Terminal

OV01 = "SE2321000040-OV01"


@pytest.fixture
def terminal(store: Path) -> Iterator[Terminal]:
    """The trainee's terminal."""
    running = Terminal("ovning", "--store", str(store), "--som", OV01, columns=120, rows=40)
    yield running
    running.kill()


def begun(terminal: Terminal, letter: str, step: str) -> None:
    """Choose the exercise whose title begins with a letter, in the palette."""
    terminal.press("\x10").wait("Sök kommando").press("vningar").wait("Öva på en sak i taget").press("enter")
    terminal.wait("Avbryt", "Välj").press(letter, "enter").wait(f"› {step}", "✓ 0/")


def opened(terminal: Terminal, name: str, found: str) -> None:
    """Search for a resident on *Mina*, and open the row."""
    terminal.press("2", "/", "ctrl+u", name).wait_gone("Ödman, Sven").wait(found)
    terminal.press("enter", "enter").wait("INFORMATION OM MOMENTET", found)


def test_three_are_solved_by_keys(terminal: Terminal, store: Path) -> None:
    terminal.wait("Att göra", "n Starta")
    begun(terminal, "n", "Notera ett telefonsamtal")
    opened(terminal, "wester", "Wester, Pia")
    terminal.press("K").wait("Minuter").press("15", "ctrl+s").wait("Samtalet är noterat. ✓ 1/1").press("esc")

    terminal.wait("n Starta")
    begun(terminal, "ö", "Öppna modulen")
    opened(terminal, "engström", "Engström, Camilla")
    terminal.press("tab", "tab", "down", "down", "p").wait("› Dölj modulen igen", "✓ 1/2")
    terminal.press("v").wait("Modulen är dold", "✓ 2/2").press("esc")

    terminal.wait("n Starta")
    begun(terminal, "s", "Öppna Bengt Rosengrens")
    opened(terminal, "rosengren", "Rosengren, Bengt")
    terminal.wait("› Svara på frågan om Bengt", "✓ 1/2")
    terminal.press("f5").wait("Enter ställer frågan").press("down", "enter").wait("Att allt är läst, så det går bra")
    terminal.press("down", "enter").wait("Du kan läsa av Hantera. ✓ 2/2")
    terminal.press("ctrl+q")
    assert terminal.closed() == 0
    opened_store = open_store(store)
    with opened_store.lend() as db:
        solved = "SELECT exercise FROM exerciseattempt WHERE finished_at IS NOT NULL ORDER BY id"
        assert db.values(solved) == ["kontakt", "startade-moduler", "hantera"]
    opened_store.close()
