"""A course in terminals: trainees who do the same exercise at once by keys, and a trainer who sees them."""

import re
import time
from pathlib import Path

from store.opening import open_store
from store.practice.courses import begin_course
from store.practice.results import Results, results_of
from tests.e2e.terminal import Terminal

TRAINER = "SE2321000040-OV05"
F5, PALETTE = "\x1b[15~", "\x10"
WORK = (
    ((PALETTE,), "Sök kommando"),
    (("vningar",), "Öva på en sak i taget"),
    (("enter",), "Användaren finns redan"),
    (("h", "h", "enter"), "✓ 0/2"),
    (("down", "enter"), "✓ 1/2"),
    ((F5,), "Enter ställer frågan."),
    (("down", "enter"), "Ingenting, om du stänger genast"),
)
"""Keys that each trainee presses, and what is then on screen: the right one of two residents is opened."""
LAST, DONE = ("down", "enter"), "Rätt Lena är öppnad"


def hold_course(store: Path, trainees: int, *, is_watched: bool = False) -> tuple[float, Results]:
    """Let so many trainees do an exercise at once; returns how late the trainer saw the latest, and the results.

    Args:
        store: a practice store's file.
        trainees: how many, each in a terminal of their own on the one store.
        is_watched: whether the trainer is there, and each app is a program of its own and no fork.
    """
    opened = open_store(store)
    seats = begin_course(opened, trainees)
    line = ("ovning", "--store", str(store), "--som")
    trainer = Terminal(*line, TRAINER, columns=100, rows=40, anew=True) if is_watched else None
    screens = [Terminal(*line, seat.hsa_id, anew=is_watched) for seat in seats]
    everybody = [*screens, *([trainer] if trainer is not None else [])]
    try:
        if trainer is not None:
            trainer.wait("[5 Kursen]", "Ingen har börjat")
        for screen in screens:
            screen.wait("Andersson, Lena")
        for keys, words in WORK:
            for screen in screens:
                screen.press(*keys)
            for screen in screens:
                screen.wait(words)
        late = max(_finished(screen, trainer, number) for number, screen in enumerate(screens, 1))
        for screen in everybody:
            screen.press("ctrl+q")
        assert [screen.closed() for screen in everybody] == [0] * len(everybody)
        return late, results_of(opened)
    finally:
        for screen in everybody:
            screen.kill()
        opened.close()


def _finished(screen: Terminal, trainer: Terminal | None, number: int) -> float:
    """Answer the last question; returns the seconds until it stands on the trainer's screen too."""
    if trainer is not None:
        trainer.pass_time(0.02)  # what it has painted meanwhile is no part of it
    screen.press(*LAST).wait(DONE)
    if trainer is None:
        return 0.0
    begun = time.monotonic()
    row = re.compile(rf"Deltagare {number:02}\s+✓ 2/2")
    trainer.until(lambda: row.search(trainer.text) is not None, f"trainee {number} to be done")
    return time.monotonic() - begun
