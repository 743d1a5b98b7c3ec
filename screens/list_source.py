"""Where a list of moments gets its rows: the store's headings and pages, in the shape that the list widget asks for."""

from collections.abc import Hashable, Sequence
from typing import NamedTuple

from screens.store_client import StoreClient
from screens.widgets.outline import SectionInfo
from screens.widgets.paging import Key, Place
from store.views.lists import (
    ENDED,
    MAINTENANCE,
    RUNNING,
    Heading,
    ListRow,
    Order,
    Tab,
    list_headings,
    list_offset,
    list_page,
    list_page_at,
    list_place,
    open_list,
)

SUBHEADINGS = {RUNNING: "Pågående", MAINTENANCE: "Vidmakthållande", ENDED: "Avslutade"}
START = "STARTA MOMENTET"


class Section(NamedTuple):
    """The program and status that a run of rows has in common."""

    program: str
    status: str


class MomentRow(NamedTuple):
    """A row with its place in the order that the list has now."""

    row: ListRow
    key: Key

    @property
    def id(self) -> int:
        """The moment's id."""
        return self.row.id


class Filter(NamedTuple):
    """The program and the status that a list shows; None shows all."""

    program: str | None = None
    status: str | None = None

    def shows(self, heading: Heading) -> bool:
        """Whether a heading is shown."""
        return self.program in (None, heading.program) and self.status in (None, heading.status)


def sections_of(headings: Sequence[Heading], *, may_start: bool) -> list[SectionInfo]:
    """Return the list's sections; a program's title stands over its first."""
    sections: list[SectionInfo] = []
    over = None
    for heading in headings:
        first, over = heading.program != over, heading.program
        sections.append(
            SectionInfo(
                key=Section(heading.program, heading.status),
                count=heading.number,
                heading=heading.title if first else "",
                subheading=f"{SUBHEADINGS[heading.status]} ({heading.number} st)",
                action=START if first and may_start else "",
            )
        )
    return sections


class TabSource:
    """A tab's rows in an order, behind a filter. Called in a thread."""

    def __init__(
        self, client: StoreClient, tab: Tab, order: Order = Order.STANDARD, only: Filter | None = None
    ) -> None:
        """Read a tab in an order, behind a filter; the first reading is logged as an opening."""
        self._client = client
        self.tab = tab
        self.order = order
        self.only = only or Filter()
        self.headings: list[Heading] = []
        self._is_open = False

    def showing(self, *, order: Order | None = None, only: Filter | None = None) -> "TabSource":
        """Return the same tab in another order or behind another filter."""
        return TabSource(self._client, self.tab, order or self.order, only or self.only)

    def sections(self) -> Sequence[SectionInfo]:
        """Return the headings that the filter shows."""
        self.headings = self._client.read_here(list_headings if self._is_open else open_list, self.tab)
        self._is_open = True
        shown = [heading for heading in self.headings if self.only.shows(heading)]
        return sections_of(shown, may_start=self.tab is not Tab.ENDED)

    def page(self, section: Hashable, after: Key | None, limit: int, *, backwards: bool = False) -> Sequence[MomentRow]:
        """Return the rows next after a key, or next before it."""
        program, status = _known(section)
        rows = self._client.read_here(
            list_page, self.tab, program, status, after=after, limit=limit, back=backwards, order=self.order
        )
        return self._placed(rows)

    def page_at(self, section: Hashable, offset: int, limit: int) -> Sequence[MomentRow]:
        """Return the rows from a place on."""
        program, status = _known(section)
        rows = self._client.read_here(
            list_page_at, self.tab, program, status, skip=offset, limit=limit, order=self.order
        )
        return self._placed(rows)

    def locate(self, row_id: Hashable) -> Place | None:
        """Return where a moment's row stands now."""
        if not isinstance(row_id, int):
            return None  # another list's row
        found = self._client.read_here(list_place, self.tab, row_id, order=self.order)
        return Place(Section(*found[:2]), found[2]) if found else None

    def offset_of(self, section: Hashable, key: Key) -> int:
        """Return how many rows come before a key."""
        program, status = _known(section)
        return self._client.read_here(list_offset, self.tab, program, status, key, order=self.order)

    def _placed(self, rows: Sequence[ListRow]) -> list[MomentRow]:
        return [MomentRow(row, row.key(self.order)) for row in rows]


class SearchSource:
    """What a search finds in a tab: read once for each reading anew, since it is never long."""

    MOST = 500

    def __init__(self, client: StoreClient, tab: Tab, query: str) -> None:
        self._client = client
        self._tab = tab
        self._query = query
        self._found: dict[Section, list[MomentRow]] = {}
        self._is_open = False

    def sections(self) -> Sequence[SectionInfo]:
        """Search, and return what was found by heading."""
        from store.views.search import search_again, search_list  # nobody has searched before the first rows

        self._found = {}
        headings: dict[Section, Heading] = {}
        search = search_again if self._is_open else search_list
        for row in self._client.read_here(search, self._tab, self._query, limit=self.MOST):
            section = Section(row.program, row.status)
            rows = self._found.setdefault(section, [])
            rows.append(MomentRow(row, (len(rows),)))
            heading = headings.get(section) or Heading(row.program, row.program_title, row.status, 0)
            headings[section] = heading._replace(number=len(rows))
        self._is_open = True
        return sections_of(list(headings.values()), may_start=False)

    def page(self, section: Hashable, after: Key | None, limit: int, *, backwards: bool = False) -> Sequence[MomentRow]:
        """Return the rows next after a key, or next before it."""
        rows = self._found.get(_known(section), [])
        if backwards:
            end = len(rows) if after is None else int(after[0])
            return rows[max(0, end - limit) : end]
        start = 0 if after is None else int(after[0]) + 1
        return rows[start : start + limit]

    def page_at(self, section: Hashable, offset: int, limit: int) -> Sequence[MomentRow]:
        """Return the rows from a place on."""
        return self._found.get(_known(section), [])[offset : offset + limit]

    def locate(self, row_id: Hashable) -> Place | None:
        """Return where a moment's row stands now."""
        for section, rows in self._found.items():
            for place, row in enumerate(rows):
                if row.id == row_id:
                    return Place(section, place)
        return None

    def offset_of(self, section: Hashable, key: Key) -> int:
        """Return how many rows come before a key."""
        return min(int(key[0]), len(self._found.get(_known(section), [])))


def _known(section: Hashable) -> Section:
    if not isinstance(section, Section):
        raise TypeError(f"not a section of a list of moments: {section!r}")
    return section
