"""A form from the resident's answer to the timeline, in a real terminal."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from store.data import data_folder
from tests.e2e.terminal import Terminal

OV01, RESIDENT = "SE2321000040-OV01", "198001022386"
FORM = data_folder() / "programs" / "komigang-online" / "forms" / "mitt-barn.json"


@pytest.fixture
def terminal(store: Path) -> Iterator[Terminal]:
    """The app, with OV01 at work."""
    running = Terminal("ovning", "--store", str(store), "--som", OV01)
    yield running
    running.kill()


def required(items: list[dict[str, Any]]) -> Iterator[tuple[str, str]]:
    """Yield an answer to each question that must have one: the first of its choices."""
    for item in items:
        if item.get("required"):
            yield item["linkId"], item["answerOption"][0]["valueCoding"]["code"]
        yield from required(item.get("item", []))


def answer(store: Path, program: str, form: str, answers: dict[str, Any], number: str = RESIDENT) -> int:
    """Answer a form as the resident, at another terminal; returns the exit code."""
    line = ["-m", "sob_tui.cli", "invanare", "svara", number, "--program", program, "--formular", form]
    said = subprocess.run(
        [sys.executable, *line, "--svar", "-", "--store", str(store)],
        input=json.dumps(answers).encode(),
        capture_output=True,
        timeout=60,
        check=False,
    )
    return said.returncode


def test_mitt_barn_from_the_answer_to_the_timeline(terminal: Terminal, store: Path) -> None:
    terminal.wait("Andersson, Lena", "n Starta").press("/", "19800102", "enter").wait_gone("Åkesson")
    terminal.press("enter").wait("INFORMATION OM MOMENTET", "Inga formulär att hantera.")
    answers = dict(required(json.loads(FORM.read_text("utf-8"))["item"]))
    assert answer(store, "komigang-online", "mitt-barn", answers) == 0
    terminal.wait("1 OLÄST FORMULÄR I MÄTBATTERI", "Mitt barn", "Markera som läst")
    terminal.press("home", "up", "up", "up").press("enter").wait("Tillfälle 1 av 1", "✓ läst")
    terminal.press("esc").wait("Inga formulär att hantera.")
    terminal.press("3").wait("Besvarat: Mitt barn").press("f").wait("Visa i tidslinjen").press("space", "ctrl+s")
    terminal.wait("Formulär · hela perioden", "Läst av behandlare: Mitt barn").wait_gone("Steg läst")
    terminal.press("down", "enter").wait("Tillfälle 1 av 1", "✓ läst").press("esc").wait("Formulär · hela perioden")
    terminal.press("ctrl+q")
    assert terminal.closed() == 0


def test_hostile_answers_reach_no_terminal(terminal: Terminal, store: Path) -> None:
    terminal.wait("Andersson, Lena", "n Starta").press("/", "19500907", "enter").wait_gone("Andersson, Lena")
    terminal.press("enter").wait("INFORMATION OM MOMENTET").press("d").wait("togs inte emot")
    hostile = {"dag": "2026-01-01", "lade": "\x1b]52;c;aGVq\x07\x1b[2J[/x]" + "å" * 10_000}
    assert answer(store, "sovhjalpen", "somndagbok", hostile, "195009072553") == 3
    terminal.press("end").wait("[/x]").press("home").wait("togs inte emot")
    assert b"\x1b]52;" not in terminal.raw
    terminal.press("esc").wait("INFORMATION OM MOMENTET").press("ctrl+q")
    assert terminal.closed() == 0
