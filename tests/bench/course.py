"""How late a trainer sees what ten trainees do at once, each in a terminal of their own on one store."""

import tempfile
from pathlib import Path

from store.practice import make_practice
from tests.bench.harness import Measure
from tests.e2e.course import hold_course

TRAINEES = 10
ALLOWED = 2.0
"""Seconds within which what others change is on screen (ARCHITECTURE.md §Change)."""


def measure() -> list[Measure]:
    """Let them all do an exercise by keys; the latest counts. Each row must be right."""
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder, "kurs.sqlite")
        make_practice(store).close()
        late, results = hold_course(store, TRAINEES, is_watched=True)
    if [[one.is_solved for one in row.results.values()] for row in results.trainees] != [[True]] * TRAINEES:
        raise RuntimeError(f"a row is wrong: {results}")
    return [Measure(f"course: {TRAINEES} trainees, seen by the trainer / 2 s", late, ALLOWED, 1.0)]
