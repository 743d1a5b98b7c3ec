"""How long another's risk answer, or *Jag tar den*, takes to stand in a clinician's queue, in a real terminal."""

import json
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

from store.opening import open_store
from store.practice import make_practice
from tests.bench.harness import Measure
from tests.bench.moment_page import Terminal

CLINICIAN, COLLEAGUE = "SE2321000040-OV01", "SE2321000040-OV02"
RESIDENT, PROGRAM, FORM = "198301272384", "nedstamdhet", "maendeskattning"
ANSWERS = {2: "De flesta dagar", 3: "Alla dagar"}
"""Weights of answers, and their words, as the row begins with them."""
WIDE = 150
"""Columns in which the reason stands whole."""
ALLOWED = 2.0
"""Seconds within which what others change is on screen (ARCHITECTURE.md §Change)."""


def measure() -> list[Measure]:
    """Answer twice with a risk; the slower of the two clinicians' screens counts."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder, "live.sqlite")
        make_practice(store).close()
        screens = [
            Terminal("-m", "sob_tui.cli", "ovning", "--store", str(store), "--som", who)
            for who in (CLINICIAN, COLLEAGUE)
        ]
        try:
            for screen in screens:
                screen.settle("STARTA MOMENTET")
                screen.child.setwinsize(40, WIDE)
                screen.child.send("1")
                screen.settle("på fråga 9")
            slowest = max(_seconds(store, screens, weight) for weight in ANSWERS)
            taken = _seconds_until_taken(store, screens[1])
        finally:
            for screen in screens:
                screen.close()
    return [
        Measure("live: a risk answer on top at two clinicians / 2 s", slowest, ALLOWED, 1.0),
        Measure("live: Jag tar den at a colleague / 2 s", taken, ALLOWED, 1.0),
    ]


def _seconds_until_taken(store: Path, colleague: Terminal) -> float:
    """Seconds from the end of *Jag tar den*, in another process, until the colleague's screen has painted it."""
    with closing(open_store(store)) as opened, opened.lend() as db:
        flag = db.value("SELECT max(id) FROM flag WHERE severity = 'prioriterad' AND handled_at IS NULL")
    line = ["-m", "sob_tui.cli", "flagga", "ta", str(flag), "--som", CLINICIAN, "--store", str(store)]
    subprocess.run([sys.executable, *line], capture_output=True, check=True)
    begun = time.perf_counter()
    colleague.child.expect_exact("tar den sedan")
    return time.perf_counter() - begun


def _seconds(store: Path, screens: list[Terminal], weight: int) -> float:
    """Seconds from the answer's end, in another process, until both screens have painted it."""
    answers = {str(question): 0 for question in range(1, 11)} | {"9": weight}
    line = ["-m", "sob_tui.cli", "invanare", "svara", RESIDENT, "--program", PROGRAM, "--formular", FORM]
    subprocess.run(
        [sys.executable, *line, "--svar", "-", "--store", str(store)],
        input=json.dumps(answers).encode(),
        capture_output=True,
        check=True,
    )
    begun = time.perf_counter()
    for screen in screens:
        screen.child.expect_exact(f"Svar ”{ANSWERS[weight]}”")
    return time.perf_counter() - begun
