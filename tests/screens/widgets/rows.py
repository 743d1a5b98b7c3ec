"""Made-up rows and sources for tests of the paged list."""

from __future__ import annotations

import threading
from bisect import bisect_left, bisect_right
from collections.abc import Hashable, Sequence
from dataclasses import dataclass

from screens.widgets.cells import Ink
from screens.widgets.columns import Column
from screens.widgets.outline import SectionInfo
from screens.widgets.paging import Key, Place


@dataclass(frozen=True)
class MadeUpRow:
    id: int
    name: str
    state: str = "–"

    @property
    def key(self) -> Key:
        return (self.name, self.id)


COLUMNS = (
    Column[MadeUpRow](title="Namn", cell=lambda row: row.name, width=24, least=12, most=44, flex=2),
    Column[MadeUpRow](title="Nummer", cell=lambda row: f"{row.id:06}", width=13),
    Column[MadeUpRow](title="Momentstart", cell=lambda _row: "2026-10-28", width=11, give=1),
    Column[MadeUpRow](title="Senast aktiv", cell=lambda _row: "Ingen aktivitet", width=15, least=10, give=2),
    Column[MadeUpRow](
        title="Flaggor",
        cell=lambda row: Ink("! Aldrig inloggad", "risk") if row.id % 7 == 0 else Ink("Inga flaggor", "muted"),
        width=19,
        least=12,
        most=30,
        flex=1,
        give=3,
    ),
    Column[MadeUpRow](
        title="Att göra",
        cell=lambda row: (Ink("✉ 1", "waiting"), Ink("   "), Ink(row.state)),
        width=12,
        least=8,
        give=4,
    ),
)


def made_up(count: int, start: int = 0) -> list[MadeUpRow]:
    return [MadeUpRow(number, f"rad {number:06}") for number in range(start, start + count)]


class MemorySource:
    """Sections held in memory: the reference that a list is checked against. It counts what it is asked."""

    def __init__(self, sections: dict[str, list[MadeUpRow]], *, empty_programs: bool = False) -> None:
        self.rows = {key: sorted(rows, key=lambda row: row.key) for key, rows in sections.items()}
        self.show_empty = empty_programs
        self.calls: list[tuple[object, ...]] = []
        self.open = threading.Event()
        self.open.set()
        self.error: Exception | None = None

    def _called(self, *call: object) -> None:
        self.calls.append(call)
        if not self.open.wait(15):
            raise TimeoutError
        if self.error is not None:
            raise self.error

    def all(self) -> list[MadeUpRow]:
        return [row for rows in self.rows.values() for row in rows]

    def sections(self) -> Sequence[SectionInfo]:
        self._called("sections")
        return [
            SectionInfo(key, len(rows), f"Program {key}", f"Pågående ({len(rows)} st)", "STARTA MOMENTET")
            for key, rows in self.rows.items()
            if rows or self.show_empty
        ]

    def page(self, section: Hashable, after: Key | None, limit: int, *, backwards: bool = False) -> Sequence[MadeUpRow]:
        self._called("page", section, after, limit, backwards)
        rows = self.rows[str(section)]
        if backwards:
            end = len(rows) if after is None else bisect_left(rows, after, key=lambda row: row.key)
            return rows[max(0, end - limit) : end]
        start = 0 if after is None else bisect_right(rows, after, key=lambda row: row.key)
        return rows[start : start + limit]

    def page_at(self, section: Hashable, offset: int, limit: int) -> Sequence[MadeUpRow]:
        self._called("page_at", section, offset, limit)
        return self.rows[str(section)][offset : offset + limit]

    def locate(self, row_id: Hashable) -> Place | None:
        self._called("locate", row_id)
        for key, rows in self.rows.items():
            for offset, row in enumerate(rows):
                if row.id == row_id:
                    return Place(key, offset)
        return None

    def offset_of(self, section: Hashable, key: Key) -> int:
        self._called("offset_of", section, key)
        return bisect_left(self.rows[str(section)], key, key=lambda row: row.key)

    def insert(self, section: str, row: MadeUpRow) -> None:
        self.rows[section] = sorted([*self.rows[section], row], key=lambda row: row.key)

    def remove(self, *ids: int) -> None:
        gone = set(ids)
        self.rows = {key: [row for row in rows if row.id not in gone] for key, rows in self.rows.items()}
