"""A resident's page in a real terminal, from the key to the paint, beside a keystroke in an `Input` of an app alone."""

import json
import os
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import pexpect

from store.care.installed_forms import form_to_install, install_form
from store.care.questionnaire.instruments import instruments
from store.foundation.access import OPERATOR
from store.practice import make_practice
from tests.bench.harness import Measure
from tests.forms import choice, file

ROWS, COLUMNS = 40, 120
EVENTS = 5_000
ROUNDS = 25
CLINICIAN = "SE2321000040-OV01"
OCCASIONS = 100
PHQ_9 = instruments()[0]
LIST, HANTERA, TIMELINE, GRAPH = "STARTA MOMENTET", "INFORMATION OM MOMENTET", "hela perioden", "av 27, "

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
    key, opening, tab, graph = (median(figures) for figures in zip(*rounds, strict=True))
    return [
        Measure(f"page: open to Hantera, {EVENTS:,} events / key in an Input", opening, key, 14),
        Measure("page: tab to tab / key in an Input", tab, key, 6),
        Measure(f"page: graph of {OCCASIONS} occasions / key in an Input", graph, key, 14),
    ]


def _round(app: "Terminal", field: "Terminal") -> tuple[float, float, float, float]:
    """Seconds of a key, of opening the page, of a change of tab, and of the graph."""
    key = median(field.seconds(letter, letter) for letter in "abcdefghi")
    field.settle("")
    field.child.send("\x15")  # empties the field
    opening = app.seconds("\r", HANTERA)
    tab = median([app.seconds("3", TIMELINE), app.seconds("1", HANTERA), app.seconds("3", TIMELINE)])
    graph = app.seconds("g", GRAPH)
    app.child.send("\x1b")
    app.settle("")
    app.child.send("\x1b")
    app.settle(LIST)
    return key, opening, tab, graph


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


def _answers(week: int) -> str:
    """Answers that go up and down over the weeks."""
    return json.dumps({f"q{at}": ["abcd"[(week // 5 + at) % 4]] for at in range(1, 10)})


def _make(path: Path) -> None:
    """Make a practice store in which every moment has many events, and is measured often."""
    store = make_practice(path)
    items = (choice(f"q{at}", 0, 1, 2, 3, code=[{"code": code}]) for at, code in enumerate(PHQ_9.codes, 1))
    with store.work(OPERATOR) as work:
        install_form(work, form_to_install("phq", file(*items).encode()))
    db = store.engine.connect()
    db.run("BEGIN")
    db.run_many(
        "INSERT INTO event (resident_id, moment_id, at, seq, kind, actor_kind, actor_name, facts)"
        " SELECT resident_id, id, :at, 1, 'steg-last', 'invånare', 'Prov', '{}' FROM moment",
        [{"at": at} for at in range(EVENTS)],
    )
    db.run_many(
        "INSERT INTO formanswer"
        " (resident_id, moment_id, form, installed_id, answers, saved_at, saved_by, read_at, read_by)"
        " SELECT m.resident_id, m.id, 'phq', i.id, :answers, m.started_at + :week * 604800000, 'Prov', 1, 'Prov'"
        " FROM moment m, installedform i",
        [{"week": week, "answers": _answers(week)} for week in range(OCCASIONS)],
    )
    db.run("COMMIT")
    db.driver.close()
    store.close()
