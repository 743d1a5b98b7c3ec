"""The columns of *Att göra*: the reason first, then who, and what Enter does where there is room for it."""

from collections.abc import Sequence

from screens.marks import PROTECTED
from screens.queue.labels import Opening, age_of, mark_of, opening, said_of
from screens.queue.source import MatterRow
from screens.shown_keys import own_key
from screens.widgets.cells import Cell, Ink
from screens.widgets.columns import Column
from store.foundation.clock import Instant
from store.views.matters import Matter

ROOMY, WIDE = 100, 120
"""Columns of the screen from which it is said what Enter does, and from which the program is."""


def columns_for(width: int, now: Instant) -> Sequence[Column[MatterRow]]:
    """Return the columns that the width has room for; the cursor's row is described in full under the list."""
    program = Column[MatterRow](
        title="Program", cell=lambda row: row.value.program_title, width=16, least=10, most=24, flex=1
    )
    enter = Column[MatterRow](title="", cell=_opening, width=20)
    return (
        Column(title="Väntar", cell=lambda row: mark_of(row.value), width=13),
        Column(title="", cell=lambda row: _reason(row, now), width=30, least=8, most=70, flex=4, give=1),
        Column(title="Namn", cell=lambda row: name_of(row.value), width=14, least=10, most=28),
        *((program,) if width >= WIDE else ()),
        Column(title="Ålder", cell=lambda row: age_of(row.value, now), width=7, most=13, right=True),
        *((enter,) if width >= ROOMY else ()),
    )


def name_of(matter: Matter) -> Cell:
    """Return the resident's name, masked as in the lists."""
    return Ink(PROTECTED, "waiting") if matter.protected else matter.name


def _reason(row: MatterRow, now: Instant) -> Cell:
    """Return the reason; first who is on it and when the resident is tried again, which a narrow row must not lose."""
    said = said_of(row.value, now)
    return (Ink(" · ".join(said), "accent"), Ink(f" · {row.value.reason}")) if said else row.value.reason


def _opening(row: MatterRow) -> Cell:
    does = opening(row.value)
    return (Ink(own_key(f"todo.open.{list(Opening).index(does)}", "Enter"), "accent"), Ink(f" {does}"))
