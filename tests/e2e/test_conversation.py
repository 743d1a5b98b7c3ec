"""A conversation between two terminals: the resident writes in one, the clinician answers in the other."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.terminal import Terminal

OV01, RESIDENT = "SE2321000040-OV01", "198001022386"
WHO = (RESIDENT, "--program", "komigang-online")


@pytest.fixture
def terminal(store: Path) -> Iterator[Terminal]:
    """The app, with OV01 at work."""
    running = Terminal("ovning", "--store", str(store), "--som", OV01)
    yield running
    running.kill()


def as_resident(store: Path, *words: str, text: str = "") -> str:
    """Run a command of the resident's in another process; returns what it printed."""
    line = [sys.executable, "-m", "sob_tui.cli", "invanare", *words, *WHO, "--store", str(store)]
    done = subprocess.run(line, input=text.encode(), capture_output=True, timeout=60, check=True)
    return done.stdout.decode()


def messages(store: Path) -> list[dict[str, Any]]:
    """Return the messages that the resident sees, the oldest first."""
    found = json.loads(as_resident(store, "meddelanden", "--json"))
    return [message for conversation in found for message in conversation["messages"]]


def test_the_tab_is_marked_by_itself_and_the_answer_shows_at_the_resident(terminal: Terminal, store: Path) -> None:
    terminal.wait("Andersson, Lena", "n Starta").press("/", "19800102", "enter").wait_gone("Åkesson")
    terminal.press("enter").wait("INFORMATION OM MOMENTET").wait_gone("●1")
    as_resident(store, "skriv", text="Hur ofta ska vi öva? [/x]")
    terminal.wait("●1").press("2").wait("OLÄST (1)", "Min konversation").press("enter").wait(
        "Hur ofta ska vi öva? [/x]"
    )
    terminal.wait("OLÄST (0)").press("En stund varje dag.").wait("Utkast sparat").press("ctrl+s")
    terminal.wait("skickat.")
    said = ["Hur ofta ska vi öva? [/x]", "En stund varje dag."]
    terminal.until(lambda: [one["text"] for one in messages(store)] == said, "the release, five seconds later")
    terminal.wait("✓ läst").press("ctrl+q")
    assert terminal.closed() == 0


def test_hostile_words_reach_no_terminal(terminal: Terminal, store: Path) -> None:
    terminal.wait("Andersson, Lena", "n Starta").press("/", "19800102", "enter").wait_gone("Åkesson")
    terminal.press("enter").wait("INFORMATION OM MOMENTET")
    as_resident(store, "skriv", text="\x1b]52;c;aGVq\x07\x1b[2J[@click=app.quit]tryck[/]" + "å" * 9_000)
    terminal.wait("●1").press("2").wait("OLÄST (1)").press("enter").wait("OLÄST (0)").press("esc", "home")
    assert b"\x1b]52;" not in terminal.raw
    terminal.press("ctrl+q")
    assert terminal.closed() == 0
