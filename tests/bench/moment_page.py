"""A resident's page in a real terminal, from the key to the paint, beside a keystroke in an `Input` of an app alone."""

import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import pexpect

from screens.moment import tabs
from store.practice import make_practice
from tests.bench.harness import Measure

ROWS, COLUMNS = 40, 120
EVENTS = 5_000
ROUNDS = 25
CLINICIAN = "SE2321000040-OV01"
LIST, HANTERA, TIMELINE = "STARTA MOMENTET", "INFORMATION OM MOMENTET", tabs.LATER[tabs.TIMELINE]

FLOOR = """
from textual.app import App
from textual.widgets import Input

class Floor(App):
    def compose(self):
        yield Input()

Floor().run()
"""


def measure() -> list[Measure]:
    """Measure opening and the tabs, each round beside keystrokes in the floor."""
    with tempfile.TemporaryDirectory() as folder:
        store, floor = Path(folder, "page.sqlite"), Path(folder, "floor.py")
        floor.write_text(FLOOR)
        _make(store)
        app = Terminal("-m", "sob_tui.cli", "ovning", "--store", str(store), "--som", CLINICIAN)
        field = Terminal(str(floor))
        try:
            app.settle(LIST)
            field.settle("")
            rounds = [_round(app, field) for _ in range(ROUNDS + 1)][1:]  # the first loads what is loaded once
        finally:
            app.close()
            field.close()
    key, opening, tab = (median(figures) for figures in zip(*rounds, strict=True))
    return [
        Measure(f"page: open to Hantera, {EVENTS:,} events / key in an Input", opening, key, 15),
        Measure("page: tab to tab / key in an Input", tab, key, 8),
    ]


def _round(app: "Terminal", field: "Terminal") -> tuple[float, float, float]:
    """Seconds of a key, of opening the page, and of a change of tab."""
    key = median(field.seconds(letter, letter) for letter in "abcdefghi")
    field.settle("")
    field.child.send("\x15")  # empties the field
    opening = app.seconds("\r", HANTERA)
    tab = median([app.seconds("3", TIMELINE), app.seconds("1", HANTERA), app.seconds("3", TIMELINE)])
    app.child.send("\x1b")
    app.settle(LIST)
    return key, opening, tab


class Terminal:
    """A Python program in a terminal of its own."""

    def __init__(self, *arguments: str) -> None:
        """Start it."""
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none"}
        self.child = pexpect.spawn(
            sys.executable, [*arguments], env=environment, dimensions=(ROWS, COLUMNS), timeout=30, encoding="utf-8"
        )
        self.child.delaybeforesend = None

    def seconds(self, key: str, painted: str) -> float:
        """Return the time from a key until the words have been painted; then wait until all is still."""
        begun = time.perf_counter()
        self.child.send(key)
        self.child.expect_exact(painted)
        passed = time.perf_counter() - begun
        self.settle("")
        return passed

    def settle(self, words: str) -> None:
        """Wait until some words have been painted, and nothing more comes."""
        self.child.expect_exact(words)
        while self.child.expect_exact([pexpect.TIMEOUT, "\x1b"], timeout=0.15):
            pass

    def close(self) -> None:
        """End it."""
        self.child.close(force=True)


def _make(path: Path) -> None:
    """Make a practice store in which every moment has many events."""
    store = make_practice(path)
    db = store.engine.connect()
    db.run("BEGIN")
    db.run_many(
        "INSERT INTO event (resident_id, moment_id, at, seq, kind, actor_kind, actor_name, facts)"
        " SELECT resident_id, id, :at, 1, 'steg-last', 'invånare', 'Prov', '{}' FROM moment",
        [{"at": at} for at in range(EVENTS)],
    )
    db.run("COMMIT")
    db.driver.close()
    store.close()
