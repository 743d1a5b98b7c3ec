"""The lists *Mina*, *Alla* and *Avslutade* (domain.md §5): kept counts for headings, keyset pages for rows.

Plain SQL over the bare connection: the first rows are on screen before SQLModel is imported.
"""

from enum import StrEnum
from typing import Any, NamedTuple

from store.foundation.access import Action, DataCategory, Role, Who
from store.foundation.flag_kinds import IS_URGENT, NO_FLAG
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.people.served import serve_moments
from store.people.sign_in import as_staff
from store.views.open_flags import OpenFlag, flags_among


class Tab(StrEnum):
    """Which list."""

    MINE = "mina"
    ALL = "alla"
    ENDED = "avslutade"
    MY_ENDED = "mina avslutade"


RUNNING, MAINTENANCE, ENDED = STATUSES = ("pagaende", "vidmakthallande", "avslutat")

READERS: frozenset[Who] = frozenset({Role.CLINICIAN, Role.RESIDENT_ADMIN})

Key = tuple[Any, ...]
"""Where a row stands under its heading: the values of its order's columns."""


class Order(StrEnum):
    """What the rows under a heading are sorted by; the value is the word on screen."""

    STANDARD = "Flaggor och namn"
    NAME = "Namn"
    STARTED = "Momentstart"
    ACTIVE = "Senast aktiv"

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns, ending in the unique one. The standard order is an index; the others sort what a heading has."""
        return {
            Order.STANDARD: ("m.severity_rank", "m.sort_name", "m.id"),
            Order.NAME: ("m.sort_name", "m.id"),
            Order.STARTED: ("m.started_at", "m.id"),
            Order.ACTIVE: ("coalesce(m.last_active_at, 0)", "m.id"),
        }[self]

    @property
    def is_descending(self) -> bool:
        """Whether the latest comes first."""
        return self in (Order.STARTED, Order.ACTIVE)

    def by(self, direction: str) -> str:
        """Return the ORDER BY clause."""
        return ", ".join(f"{column} {direction}" for column in self.columns)


class Heading(NamedTuple):
    """What rows stand under: a program and a status, with the number of rows."""

    program: str
    title: str
    status: str
    number: int


class ListRow(NamedTuple):
    """A moment in a list. Instants are UTC milliseconds, `purge_by` an ISO date."""

    id: int
    personnummer: str
    family_name: str
    given_name: str
    protection: str
    program: str
    program_title: str
    status: str
    started_at: int
    last_active_at: int | None
    clinician: str
    """HSA-id."""
    clinician_name: str
    unread_forms: int
    unread_messages: int
    drafts: int
    open_flags: int
    severity_rank: int
    purge_by: str
    sort_name: str
    flags: tuple[OpenFlag, ...] = ()
    """The open ones, the most urgent first."""

    @property
    def name(self) -> str:
        """Efternamn, Förnamn."""
        return f"{self.family_name}, {self.given_name}"

    @property
    def is_protected(self) -> bool:
        """Whether the row is to be masked."""
        return bool(self.protection)

    def key(self, order: Order) -> Key:
        """The row's place under its heading."""
        return _key(self, order)


class _Place(NamedTuple):
    """Where a moment stands in the lists."""

    id: int
    program: str
    status: str
    started_at: int
    last_active_at: int | None
    severity_rank: int
    sort_name: str


def _key(row: ListRow | _Place, order: Order) -> Key:
    return {
        Order.STANDARD: (row.severity_rank, row.sort_name, row.id),
        Order.NAME: (row.sort_name, row.id),
        Order.STARTED: (row.started_at, row.id),
        Order.ACTIVE: (row.last_active_at or 0, row.id),
    }[order]


class Scope(NamedTuple):
    """Which moments a list holds for the one who asks."""

    where: str
    parameters: dict[str, Any]
    statuses: tuple[str, ...]
    is_counted: bool
    """Whether kept counts tell how many there are."""


def scope_of(work: ReadTransaction, tab: Tab) -> Scope:
    """Return whose moments the tab shows; raises `NotPermitted`."""
    actor = as_staff(work.actor)
    statuses = (ENDED,) if tab in (Tab.ENDED, Tab.MY_ENDED) else (RUNNING, MAINTENANCE)
    whole_unit = Role.RESIDENT_ADMIN in actor.roles and tab in (Tab.ALL, Tab.ENDED)
    if whole_unit:
        return Scope("m.unit_id = :unit", {"unit": actor.unit_id}, statuses, is_counted=True)
    if Role.CLINICIAN not in actor.roles:
        raise actor.refusal(None, frozenset({Role.CLINICIAN}))
    if tab is Tab.ALL:
        # Another clinician's moments show only while a prioriterad flagga stands unhandled.
        return Scope(f"m.unit_id = :unit AND {IS_URGENT}", {"unit": actor.unit_id}, STATUSES, is_counted=False)
    return Scope(f"m.unit_id = :unit AND {actor.own_moments}", {"unit": actor.unit_id}, statuses, is_counted=True)


@operation("Öppna listorna Mina, Alla och Avslutade", may=READERS, action=Action.LISTED, category=DataCategory.RECORD)
def open_list(work: ReadTransaction, tab: Tab) -> list[Heading]:
    """Return a list's headings in order; opening it is logged with the number of rows."""
    headings = _headings(work, tab)
    work.open_visit(_place(tab))
    work.log(Action.LISTED, details=f"{tab.value}: {sum(heading.number for heading in headings)} rader")
    return headings


@operation("Läsa om en öppen listas rubriker", may=READERS, action=None, category=DataCategory.RECORD)
def list_headings(work: ReadTransaction, tab: Tab) -> list[Heading]:
    """Return the headings again, as a refresh does."""
    return _headings(work, tab)


@operation("Bläddra i en öppen lista", may=READERS, action=None, category=DataCategory.RECORD)
def list_page(
    work: ReadTransaction,
    tab: Tab,
    program: str,
    status: str,
    *,
    after: Key | None = None,
    limit: int = 100,
    back: bool = False,
    order: Order = Order.STANDARD,
) -> list[ListRow]:
    """Return up to `limit` rows under a heading: those next after a key, or with `back` those next before it.

    Without a key they are the first rows, or with `back` the last; always in the list's order.
    """
    forwards = order.is_descending == back
    condition, keys = ("", {}) if after is None else _beyond(order, after, forwards=forwards)
    by = order.by("ASC" if forwards else "DESC")
    rows = _rows(work, tab, f"{_SECTION}{condition} ORDER BY {by} LIMIT :limit", program, status, limit=limit, **keys)
    return rows[::-1] if back else rows


@operation("Hoppa i en öppen lista", may=READERS, action=None, category=DataCategory.RECORD)
def list_page_at(
    work: ReadTransaction,
    tab: Tab,
    program: str,
    status: str,
    *,
    skip: int,
    limit: int = 100,
    order: Order = Order.STANDARD,
) -> list[ListRow]:
    """Return the rows from a far place on. What is skipped is counted in the index alone."""
    by = order.by("DESC" if order.is_descending else "ASC")
    scope = scope_of(work, tab)
    inner = f"SELECT m.id FROM moment m WHERE {scope.where} {_SECTION} ORDER BY {by} LIMIT :limit OFFSET :skip"
    return _rows(work, tab, f"AND m.id IN ({inner}) ORDER BY {by}", program, status, limit=limit, skip=skip)


@operation("Hitta en rad i en öppen lista", may=READERS, action=None, category=DataCategory.RECORD)
def list_place(
    work: ReadTransaction, tab: Tab, moment: int, *, order: Order = Order.STANDARD
) -> tuple[str, str, int] | None:
    """Return program, status and the number of rows before a moment's row, None where the list has it no more."""
    scope = scope_of(work, tab)
    found = work.db.one(
        _Place,
        f"SELECT {', '.join(f'm.{name}' for name in _Place._fields)} FROM moment m WHERE {scope.where} AND m.id = :id",
        **scope.parameters,
        id=moment,
    )
    if found is None or found.status not in scope.statuses:
        return None
    before = list_offset(work, tab, found.program, found.status, _key(found, order), order=order)
    return found.program, found.status, before


@operation("Räkna raderna före en plats i en öppen lista", may=READERS, action=None, category=DataCategory.RECORD)
def list_offset(
    work: ReadTransaction, tab: Tab, program: str, status: str, key: Key, *, order: Order = Order.STANDARD
) -> int:
    """Return how many rows under a heading come before a key."""
    scope = scope_of(work, tab)
    condition, keys = _beyond(order, key, forwards=order.is_descending)
    number = work.db.value(
        f"SELECT count(*) FROM moment m WHERE {scope.where} {_SECTION}{condition}",
        **scope.parameters,
        **keys,
        program=program,
        status=status,
    )
    return int(number)


_SECTION = "AND m.program = :program AND m.status = :status"


def _beyond(order: Order, key: Key, *, forwards: bool) -> tuple[str, dict[str, Any]]:
    """Return the condition for rows after a key (`forwards`: greater), and its parameters."""
    names = [f"key{place}" for place in range(len(key))]
    wanted = ", ".join(f":{name}" for name in names)
    condition = f" AND ({', '.join(order.columns)}) {'>' if forwards else '<'} ({wanted})"
    return condition, dict(zip(names, key, strict=True))


def _headings(work: ReadTransaction, tab: Tab) -> list[Heading]:
    scope = scope_of(work, tab)
    table, number = ("momentcount", "sum(m.number)") if scope.is_counted else ("moment", "count(*)")
    rows = work.db.all(
        _Heading,
        f"SELECT m.program, min(v.title) AS title, m.status, {number} AS number, min(v.sort_title) AS sort_title"
        f" FROM {table} m {_VERSION} WHERE {scope.where} GROUP BY m.program, m.status",
        **scope.parameters,
    )
    found = [row for row in rows if row.number and row.status in scope.statuses]
    found.sort(key=lambda row: (row.sort_title, row.program, STATUSES.index(row.status)))
    return [Heading(row.program, row.title, row.status, int(row.number)) for row in found]


class _Heading(NamedTuple):
    program: str
    title: str
    status: str
    number: int
    sort_title: str


# A heading carries the newest version's title.
_VERSION = "JOIN programversion v ON v.id = (SELECT max(id) FROM programversion WHERE program = m.program)"
FROM_MOMENTS = (
    " FROM moment m JOIN resident r ON r.id = m.resident_id JOIN staff s ON s.id = m.responsible_id"
    " JOIN programversion v ON v.id = m.version_id"
)
_ELSEWHERE = {
    **{name: f"r.{name}" for name in ("personnummer", "family_name", "given_name", "protection")},
    "program_title": "v.title",
    "clinician": "s.hsa_id",
    "clinician_name": "s.given_name || ' ' || s.family_name",
}
"""The fields of a `ListRow` that are no column of the moment by that name."""
_COLUMNS = [name for name in ListRow._fields if name not in ListRow._field_defaults]
SELECT_ROWS = (
    "SELECT " + ", ".join(f"{_ELSEWHERE.get(name, f'm.{name}')} AS {name}" for name in _COLUMNS) + FROM_MOMENTS
)


def _rows(work: ReadTransaction, tab: Tab, rest: str, program: str, status: str, **parameters: Any) -> list[ListRow]:
    scope = scope_of(work, tab)
    parameters |= {**scope.parameters, "program": program, "status": status}
    where = f"WHERE {scope.where} {rest}"
    rows = work.db.all(ListRow, f"{SELECT_ROWS} {where}", **parameters)
    serve_moments(work, _place(tab), (row.id for row in rows))
    return with_flags(work, rows, f"SELECT m.id, m.resident_id FROM moment m {where}", parameters)


def _place(tab: Tab) -> str:
    return f"lista {tab}"


def with_flags(work: ReadTransaction, rows: list[ListRow], moments: str, parameters: dict[str, Any]) -> list[ListRow]:
    """Return rows with their open flags; `moments` is the query of their `id` and `resident_id`."""
    if all(row.severity_rank == NO_FLAG for row in rows):
        return rows
    flags = flags_among(work, moments, **parameters)
    return [row._replace(flags=flags[row.id]) if row.id in flags else row for row in rows]
