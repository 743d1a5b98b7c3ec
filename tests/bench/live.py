"""How long another's risk answer takes to stand on top of a clinician's queue, in a real terminal."""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from store.practice import make_practice
from tests.bench.harness import Measure
from tests.bench.moment_page import Terminal

CLINICIAN, COLLEAGUE = "SE2321000040-OV01", "SE2321000040-OV02"
RESIDENT, PROGRAM, FORM = "198301272384", "nedstamdhet", "maendeskattning"
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
            slowest = max(_seconds(store, screens, weight) for weight in (2, 3))
        finally:
            for screen in screens:
                screen.close()
    return [Measure("live: a risk answer on top at two clinicians / 2 s", slowest, ALLOWED, 1.0)]


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
        screen.child.expect_exact(f"{weight} av 3")
    return time.perf_counter() - begun
