"""Where *Gallring* gets its rows, what its columns say, and what is told of the cursor's."""

from collections.abc import Iterator, Sequence

from textual.content import Content

from screens.store_client import StoreClient
from screens.whole_source import WholeRow, WholeSource
from screens.widgets.cells import Cell, Ink, clean
from screens.widgets.columns import Column
from screens.wording import plural
from store.care.purges import counted
from store.foundation.identity import MASKED_NAME
from store.views.purge_list import Due, DueList, Line, open_purges, purge_list

PurgeRow = WholeRow[Line]

NO_DECISION = "Gallringsbeslut saknas. Utan det går det inte att gallra. Vårdgivaradministratören skriver in det."
WITHOUT = "inget moment"
_MARKS = {Due.OVERDUE: "! försenad", Due.DUE: "! i dag", Due.SOON: "· snart", Due.LATER: "  senare"}


class PurgeSource(WholeSource[Line]):
    """What is due on the unit. Called in a thread."""

    def __init__(self, client: StoreClient, *, all_ended: bool = False, chosen: set[str] | None = None) -> None:
        """`chosen` are the lines that are chosen, by `key_of`, kept over other sources."""
        self._client = client
        self.all_ended = all_ended
        self.chosen = set[str]() if chosen is None else chosen
        self.found: DueList | None = None
        """As it was read last."""
        self._is_open = False

    def read(self) -> Sequence[Line]:
        """Read all that is shown; what can no longer be purged is chosen no longer."""
        if not self._is_open:
            self._client.read_here(open_purges)
            self._is_open = True
        self.found = self._client.read_here(purge_list, all_ended=self.all_ended)
        self.chosen &= {key_of(line) for line in self.found.lines if line.can_be_purged}
        return self.found.lines

    def id_of(self, value: Line) -> str:
        """Return what tells a line from the others."""
        return key_of(value)

    @property
    def due(self) -> set[str]:
        """The lines whose day has come, and that can be purged."""
        lines = self.found.lines if self.found else []
        return {key_of(line) for line in lines if line.can_be_purged and line.due in (Due.OVERDUE, Due.DUE)}

    @property
    def chosen_ids(self) -> tuple[list[int], list[int]]:
        """The ids of the moments that are chosen, and of the residents without any."""
        lines = [line for line in (self.found.lines if self.found else []) if key_of(line) in self.chosen]
        moments = [line.id for line in lines if not line.resident]
        return moments, [line.resident for line in lines if line.resident]


def key_of(line: Line) -> str:
    """Return what tells a line from the others."""
    return f"invånare {line.resident}" if line.resident else str(line.id)


def columns_for(source: PurgeSource) -> Sequence[Column[PurgeRow]]:
    """Return the columns, the first of which says what is chosen."""

    def chosen(row: PurgeRow) -> Cell:
        if row.id in source.chosen:
            return Ink("[x]", "waiting")
        return "[ ]" if row.value.can_be_purged else ""

    return (
        Column(title="", cell=chosen, width=3),
        Column(title="Gallras senast", cell=lambda row: row.value.purge_by, width=14, least=10),
        Column(title="", cell=_due, width=10),
        Column(title="Namn", cell=lambda row: row.value.name, width=18, least=12, most=40, flex=1),
        Column(
            title="Program", cell=lambda row: row.value.program or WITHOUT, width=16, least=8, most=40, flex=1, give=1
        ),
        Column(title="Hinder", cell=_hindrance, width=10, least=6, most=30, flex=1, give=2),
    )


def _due(row: PurgeRow) -> Cell:
    words = _MARKS[row.value.due]
    return Ink(words, "waiting") if words.startswith("!") else words


def _hindrance(row: PurgeRow) -> Cell:
    line = row.value
    if line.stop_until:
        return Ink(f"■ stopp {line.stop_until}", "waiting")
    return "" if line.can_be_purged else "▶ pågår"


def told(line: Line) -> Content:
    """Return what there is to know of a moment, under the list."""
    return Content("\n").join(Content(clean(one)) for one in _told(line))


def _told(line: Line) -> Iterator[str]:
    number = f" · {line.personnummer[:8]}-{line.personnummer[8:]}" if line.personnummer else ""
    whose = WITHOUT if line.resident else f"{line.program} · moment {line.id}"
    yield f"{line.name or MASKED_NAME}{number} · {whose}"
    if line.resident:
        yield f"I registret sedan {line.registered_on}, utan moment i 12 månader. Gallras ur registret."
    elif line.stop_until:
        yield f"Gallringsstopp till och med {line.stop_until}, satt av {line.stop_by}: {line.stop}"
    elif not line.can_be_purged:
        yield f"Pågår. {line.clinician} måste avsluta det innan det kan gallras."
    else:
        yield f"Avslutat. Ansvarig behandlare var {line.clinician}."


def above_words(source: PurgeSource) -> Iterator[tuple[str, Content]]:
    """Yield what stands over the rows: what should be thought of, and how many are chosen."""
    found = source.found
    if found is None:
        return
    if not found.decision:
        yield "!", Content.styled(NO_DECISION, "$text-warning")
    if unfinished := found.unfinished:
        left = f"{unfinished.left} av {unfinished.chosen} återstår"
        yield "!", Content.styled(f"En gallring avbröts: {left}. Gallra fortsätter den.", "$text-warning")
    chosen = plural(len(source.chosen), "valt", "valda")
    beyond = f" · {found.total - len(found.lines)} till visas inte" if found.total > len(found.lines) else ""
    yield "·", Content(f"{counted(found.total - found.alone, found.alone)}{beyond} · {chosen}")
