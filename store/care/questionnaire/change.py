"""Reliable change: whether two scores differ by more than chance explains (Jacobson & Truax 1991; domain.md §6)."""

import math
from dataclasses import dataclass

from store.care.questionnaire.scale import Scale

WORSE, BETTER, NOT_RELIABLE = "pålitlig försämring", "pålitlig förbättring", "ingen pålitlig förändring"
UNTRIED = "förändring, gränsen är inte prövad"
"""What is said of a change past a limit that no source of the scale has shown to be more than chance."""


@dataclass(frozen=True)
class Change:
    """A change. `verdict` is empty where there is nothing to say; `is_worse` None where it does not reach the limit."""

    amount: float
    verdict: str
    is_worse: bool | None
    is_tried: bool = True
    """Whether the scale's own source gives the limit."""


def reliable_threshold(sd: float, reliability: float) -> float:
    """Return what |Δ| must exceed: 1.96 · √2 · SD · √(1 − r).

    Args:
        sd: the score's standard deviation before treatment, in the score's own units.
        reliability: of the instrument, 0 to 1 (test–retest, or Cronbach's alpha).
    """
    if sd < 0 or not 0 <= reliability <= 1:
        raise ValueError("a standard deviation is not negative, and a reliability lies from 0 to 1")
    return 1.96 * math.sqrt(2) * sd * math.sqrt(1 - reliability)


def change_between(scale: Scale, before: float, now: float) -> Change:
    """Return how a score has changed; the scale's `reliable_change` is the smallest change that is told of."""
    amount = now - before
    if scale.reliable_change is None:
        return Change(amount, "", None)
    is_tried = bool(scale.change_source)
    if abs(amount) < scale.reliable_change:
        return Change(amount, NOT_RELIABLE if is_tried else "", None, is_tried)
    is_worse = (amount > 0) is scale.higher_is_worse
    verdict = (WORSE if is_worse else BETTER) if is_tried else UNTRIED
    return Change(amount, verdict, is_worse, is_tried)
