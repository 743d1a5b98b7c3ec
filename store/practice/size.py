"""How many live in a practice store besides the cast and its residents."""

from typing import NamedTuple

MOST_MOMENTS = 100_000
"""How large a crowd can be."""


class Crowd(NamedTuple):
    """Moments for a demonstration of scale, and what they are drawn by: the same seed draws the same."""

    number: int
    seed: str = "1"
