"""Which row of a list a preview is about: what is read once the cursor rests, and what may still be shown of it."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from enum import Enum
from typing import NamedTuple


class Previewed(NamedTuple):
    """A row as its preview needs it."""

    id: Hashable
    title: str
    """Whom it is about, masked where the list masks it."""
    moment: int = 0
    """The moment that is read."""
    about: Mapping[str, object] | None = None
    """What of the moment is read; None for what waits in it."""
    is_by_key: bool = False
    """Whether it is read only when that is asked for: resting on it reads nothing."""
    is_protected: bool = False
    """Whether that is so because the resident has skyddade personuppgifter."""
    said: str = ""
    """All that there is to show, where nothing has to be read for it."""


class State(Enum):
    """How far a preview has come."""

    EMPTY = "nothing is read"
    READING = "it is on its way"
    SHOWN = "it is on screen"


class Rest:
    """The row that the cursor is on. What was asked for it is shown while the cursor stays, and never beside another.

    A reading is told apart by its turn: one whose turn has passed comes to nothing, if it has not begun it isn't made.
    """

    def __init__(self) -> None:
        self.row: Previewed | None = None
        self.state = State.EMPTY
        self._turn = 0

    def move(self, row: Previewed | None) -> bool:
        """Stand on a row, or on none; returns whether it is another than before."""
        is_other = (self.row and self.row.id) != (row and row.id) or (self.row is None) != (row is None)
        self.row = row
        if is_other:
            self.clear()
        return is_other

    def clear(self) -> None:
        """Show nothing of the row; what is on its way comes to nothing."""
        self.state = State.EMPTY
        self._turn += 1

    def rested(self, *, is_asked: bool = False) -> bool:
        """Whether the row is to be read, now that the cursor has rested on it, or that it `is_asked` for."""
        return self.row is not None and self.state is State.EMPTY and (is_asked or not self.row.is_by_key)

    def begin(self) -> int:
        """Begin to read the row, for the first time or again; returns the reading's turn."""
        self._turn += 1
        if self.state is State.EMPTY:
            self.state = State.READING
        return self._turn

    def awaits(self, turn: int) -> bool:
        """Whether what is read in a turn would be shown."""
        return turn == self._turn

    def came(self, turn: int) -> bool:
        """Mark the row as shown where this turn is the latest; returns whether what was read is to be painted."""
        if turn == self._turn:
            self.state = State.SHOWN
        return turn == self._turn
