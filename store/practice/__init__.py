"""The practice environment: a store of its own, made with a cast that has something to do (domain.md §9).

`opening` is what the rest of the program uses; the other modules make the store, and are imported when it is made.
"""

from store.practice.errors import NotPractice, StoreExists
from store.practice.opening import (
    CastMember,
    act_as_resident,
    cast_of,
    make_practice,
    make_scenario,
    open_practice,
    play_resident,
)
from store.practice.size import MOST_MOMENTS, Crowd

__all__ = [
    "MOST_MOMENTS",
    "CastMember",
    "Crowd",
    "NotPractice",
    "StoreExists",
    "act_as_resident",
    "cast_of",
    "make_practice",
    "make_scenario",
    "open_practice",
    "play_resident",
]
