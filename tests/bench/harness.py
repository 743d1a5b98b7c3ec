"""Ratios to a floor measured in the same run: what a benchmark returns, and how it is shown."""

import statistics
import time
from collections.abc import Callable, Iterable
from typing import NamedTuple


class Measure(NamedTuple):
    """Our figure and the floor's (seconds, or another unit that both share), and the ratio that it may be at most."""

    name: str
    ours: float
    floor: float
    budget: float

    @property
    def ratio(self) -> float:
        """How many times the floor we take."""
        return self.ours / self.floor

    @property
    def is_over(self) -> bool:
        """Whether that is too much."""
        return self.ratio > self.budget


def seconds(act: Callable[[], object], turns: int = 1, clock: Callable[[], float] = time.process_time) -> float:
    """Return the processor's seconds that an act takes, the mean of some turns; other programs count for nothing.

    By another clock they do: where a server does the work, what one waits is measured.
    """
    begun = clock()
    for _ in range(turns):
        act()
    return (clock() - begun) / turns


def compare(
    name: str,
    ours: Callable[[], object],
    floor: Callable[[], object],
    budget: float,
    *,
    runs: int = 15,
    turns: int = 1,
    clock: Callable[[], float] = time.process_time,
) -> Measure:
    """Return the medians of runs that take turns, so that a busy machine is equally busy for both; one to warm up."""
    seconds(ours), seconds(floor)
    pairs = [(seconds(ours, turns, clock), seconds(floor, turns, clock)) for _ in range(runs)]
    return Measure(name, statistics.median(our for our, _ in pairs), statistics.median(its for _, its in pairs), budget)


def show(measures: Iterable[Measure]) -> bool:
    """Print a line for each as it comes; returns whether one is over its budget."""
    print(f"{'':<62} {'ours':>10} {'floor':>10} {'ratio':>7} {'at most':>8}")
    over = False
    for measure in measures:
        figures = f"{measure.ours:10.6f} {measure.floor:10.6f} {measure.ratio:7.2f} {measure.budget:8.1f}"
        print(f"{measure.name:<62} {figures}  {'OVER' if measure.is_over else 'ok'}", flush=True)
        over |= measure.is_over
    return over
