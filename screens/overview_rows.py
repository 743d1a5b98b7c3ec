"""The rows and columns of the unit's overview."""

from collections.abc import Sequence

from screens.queue.labels import waited
from screens.store_client import StoreClient
from screens.whole_source import WholeRow, WholeSource
from screens.widgets.cells import Cell, Ink
from screens.widgets.columns import Column
from screens.wording import number
from store.foundation.clock import Instant
from store.views.unit_overview import ClinicianLine, open_overview, overview_again

ClinicianRow = WholeRow[ClinicianLine]
_AGE = 7
"""Cells of how long something has waited: most are `38 dgr` or `336 dgr`."""


class OverviewSource(WholeSource[ClinicianLine]):
    """The lines of a unit's clinicians; the first reading is logged as an opening."""

    def __init__(self, client: StoreClient) -> None:
        self._client = client
        self._is_open = False

    def read(self) -> Sequence[ClinicianLine]:
        """Read a line for each clinician of the unit."""
        lines = self._client.read_here(overview_again if self._is_open else open_overview)
        self._is_open = True
        return lines

    def id_of(self, value: ClinicianLine) -> str:
        """Return the clinician's HSA-id."""
        return value.hsa_id


def columns_for(now: Instant) -> Sequence[Column[ClinicianRow]]:
    """Return the columns; the oldest matter's reason takes what room there is."""

    def oldest(row: ClinicianRow) -> Cell:
        matter = row.value.oldest
        if matter is None:
            return Ink("–", "muted")
        return (Ink(f"{waited(matter, now):>{_AGE}}"), Ink(f"  {matter.reason}", "muted"))

    return (
        Column(title="Behandlare", cell=_name, width=16, least=12, most=46, flex=2),
        Column(title="Moment", cell=lambda row: number(row.value.moments), width=6, most=9, right=True),
        Column(title="Väntar", cell=lambda row: number(row.value.waiting), width=6, most=9, right=True),
        Column(title="Prioriterade", cell=_priority, width=12, right=True),
        Column(title="Min/vecka", cell=lambda row: number(row.value.minutes), width=9, right=True),
        Column(title="Har väntat längst", cell=oldest, width=17, least=6, most=70, flex=1),
    )


def _name(row: ClinicianRow) -> Cell:
    line = row.value
    said = [] if line.is_active else [Ink(" (inte aktiv)", "muted")]
    said += [Ink(f" (för {', '.join(line.stands_in_for)})", "accent")] if line.stands_in_for else []
    said += [Ink(f" (ersätts av {line.substitute})", "muted")] if line.substitute else []
    said += [Ink(" (ersätts inte längre)", "waiting")] if line.has_lost_substitute else []
    name = f"! {line.name}" if line.has_lost_substitute else line.name
    return (Ink(name), *said)


def _priority(row: ClinicianRow) -> Cell:
    flags = row.value.priority_flags
    return Ink(f"▲ {number(flags)}", "risk") if flags else Ink("0", "muted")
