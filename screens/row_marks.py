"""Rows that are marked to do something for, and what came of it: kept beside a list, whatever is read meanwhile."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import ClassVar, Generic, NamedTuple, TypeVar

from textual.binding import Binding

from screens.widgets.cells import Cell, Ink
from screens.widgets.columns import Column
from screens.widgets.paging import KeyedRow
from screens.wording import plural

T = TypeVar("T")
RowT = TypeVar("RowT", bound=KeyedRow)


class Outcome(NamedTuple):
    """What came of what was to be done for a moment."""

    is_done: bool
    words: str
    """As the row shows it."""
    sentence: str
    """What was done for the resident as a whole sentence, or why it was not done."""


def mark_keys(place: str) -> tuple[Binding, ...]:
    """Return the keys of a list whose rows can be marked; `place` begins their ids."""
    return (
        Binding(
            "space",
            "mark",
            "Markera",
            key_display="␣",  # the word would push others off the keys' two lines
            id=f"{place}.mark",
            tooltip="Markera raden med mellanslag, eller ta bort markeringen.",
        ),
        Binding(
            "g",
            "act",
            "Åtgärda",
            id=f"{place}.act",
            tooltip="Påminn, begär en mätning, öppna en modul eller svara.",
        ),
        Binding("escape", "unmark", "Avmarkera", id=f"{place}.unmark", tooltip="Ta bort alla markeringar."),
    )


class RowMarks(Generic[T]):
    """The marked rows, in the order in which they were marked, and what came of what was done in this visit."""

    MOST: ClassVar[int] = 100
    """How many can be marked: each is done for in a transaction of its own."""
    TOO_MANY: ClassVar[str] = f"Högst {MOST} rader kan vara markerade samtidigt."

    def __init__(self, moment_of: Callable[[T], int]) -> None:
        """`moment_of` returns a row's moment."""
        self._moment_of = moment_of
        self.rows: dict[Hashable, T] = {}
        """By the row's id, as it was when it was marked."""
        self.outcomes: dict[int, Outcome] = {}
        """By moment."""

    def toggle(self, row_id: Hashable, row: T) -> bool:
        """Mark a row, or take its mark away; returns False where too many are marked."""
        if self.rows.pop(row_id, None) is not None:
            return True
        if len(self.rows) >= self.MOST:
            return False
        self.rows[row_id] = row
        return True

    def chosen(self, row: T | None) -> list[T]:
        """Return the marked rows, a moment once; where none is marked, the cursor's `row`."""
        rows = list(self.rows.values()) or ([] if row is None else [row])
        return list({self._moment_of(one): one for one in reversed(rows)}.values())[::-1]

    def take(self, outcomes: Mapping[int, Outcome]) -> None:
        """Keep the outcomes of an action, by moment, and unmark the rows of the moments for which it was done."""
        self.outcomes |= outcomes
        done = {moment for moment, one in outcomes.items() if one.is_done}
        self.rows = {name: row for name, row in self.rows.items() if self._moment_of(row) not in done}

    def forget(self) -> None:
        """Keep nothing: the rows name residents who may no longer be seen."""
        self.rows, self.outcomes = {}, {}

    def said(self, moment: int | None) -> list[str]:
        """Return how many are marked, and what came of it for the cursor's `moment`, a sentence each."""
        marked = [f"{plural(len(self.rows), 'markerad', 'markerade')}."] if self.rows else []
        outcome = None if moment is None else self.outcomes.get(moment)
        return [*marked, outcome.sentence] if outcome else marked

    def columns(self, moment_of: Callable[[RowT], int], gap: int) -> Sequence[Column[RowT]]:
        """Return the columns that say which rows are marked, and what came of it; none where there is nothing."""

        def mark(row: RowT) -> Cell:
            return Ink("[x]", "accent") if row.id in self.rows else ""

        def outcome(row: RowT) -> Cell:
            found = self.outcomes.get(moment_of(row))
            return "" if found is None else Ink(found.words, "done" if found.is_done else "waiting")

        return (
            *((Column(title="", cell=mark, width=3, gap=gap),) if self.rows else ()),
            *((Column(title="Gjort", cell=outcome, width=11, gap=gap),) if self.outcomes else ()),
        )
