"""Persons on the staff from a CSV file (as residents', contract.md §2): every fault by its line, all or nothing.

It adds them to the store and to no unit: that is the units' own doing (*Lägg till*, `store.people.staff_placing`).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from store.foundation.access import Action, DataCategory, Role, Standing
from store.foundation.contact import parse_email
from store.foundation.csv_file import NOT_FROM_HERE, Cell, Imported, Layout, LineFault, one_of, read_rows
from store.foundation.excel import require_unspoilt
from store.foundation.hsa_id import HsaId, hsa_key
from store.foundation.operation import operation
from store.foundation.progress import Progress, untold
from store.foundation.text import clean_name, sort_name
from store.foundation.upsert import upsert
from store.foundation.work import Work
from store.people.provider_changes import unit_changed
from store.people.residents import PROTECTIONS
from store.people.staff import hold_people

COLUMNS = ("hsa-id", "efternamn", "fornamn", "epost", "skydd")
_LAYOUT = Layout(COLUMNS, needed=3)


@dataclass(frozen=True)
class StaffRow:
    """A line of the file, checked. Optional values are None where the column is absent or empty."""

    line: int
    hsa_id: str
    family_name: str
    given_name: str
    email: str | None
    protection: str | None

    @property
    def whose(self) -> str:
        """The person's HSA-id, as it is compared."""
        return hsa_key(self.hsa_id)


def read_staff(content: bytes, progress: Progress = untold) -> list[StaffRow]:
    """Return the rows of a CSV file, checked.

    Raises:
        FaultyFile: with every fault (the first thousand).
    """
    return read_rows(content, _LAYOUT, staff_row, progress)


@operation(
    "Importera personal från en CSV-fil",
    may={Role.ACCESS_ADMIN, Standing.OPERATOR},
    action=Action.IMPORTED,
    category=DataCategory.STAFF,
)
def import_staff(work: Work, rows: Sequence[StaffRow]) -> Imported:
    """Add the persons of some of a file's rows (`read_staff`) to the store, or update those who are there.

    An empty cell changes nothing for somebody who is there already: above all it takes no protection away. Somebody who
    works elsewhere only is left as it is, and told.
    """
    hold_people(work)
    rows = _as_stored(work, rows)
    others = _others(work)
    left = [row for row in rows if row.hsa_id in others]
    _import(work, [row for row in rows if row.hsa_id not in others])
    for row in left:
        work.log(Action.IMPORTED, details=f"{row.hsa_id}: {NOT_FROM_HERE}", denied="annan-enhet")
    if not rows:
        work.log(Action.IMPORTED, details="0 rader")
    return Imported(len(rows) - len(left), tuple(LineFault(row.line, NOT_FROM_HERE) for row in left))


def _as_stored(work: Work, rows: Sequence[StaffRow]) -> list[StaffRow]:
    """Return the rows with the HSA-ids as they were given first, of those who are there already."""
    stored = {hsa_key(hsa_id): hsa_id for hsa_id in map(str, work.db.values("SELECT hsa_id FROM staff"))}
    return [replace(row, hsa_id=stored.get(row.whose, row.hsa_id)) for row in rows]


def _others(work: Work) -> frozenset[str]:
    """Return the HSA-ids of those whom the actor's unit may not change.

    A unit may change who is active there, or has no assignment anywhere and is not above the units either; the operator
    may change all.
    """
    if Standing.OPERATOR in work.actor.standing(None):
        return frozenset()
    found = work.db.values(
        "SELECT s.hsa_id FROM staff s WHERE (EXISTS (SELECT 1 FROM assignment a WHERE a.staff_id = s.id)"
        " OR EXISTS (SELECT 1 FROM provideradmin p WHERE p.staff_id = s.id)) AND NOT EXISTS"
        " (SELECT 1 FROM assignment a WHERE a.staff_id = s.id AND a.unit_id = :unit AND a.active = 1)",
        unit=work.actor.unit_id,
    )
    return frozenset(map(str, found))


def _import(work: Work, rows: Sequence[StaffRow]) -> None:
    work.db.run_many(_WRITE, [_columns(row) for row in rows])
    work.db.run_many(_RENAME, [{"hsa_id": row.hsa_id, "sort_name": _sorted(row)} for row in rows])
    for row in rows:
        work.log(Action.IMPORTED, details=f"{row.hsa_id}: importerad")
    _tell_units(work, rows)


def staff_row(line: int, cell: Cell) -> StaffRow:
    """Return a line, checked; raises `Refused` with what is wrong."""
    require_unspoilt({"hsa-id": cell("hsa-id")})
    return StaffRow(
        line=line,
        hsa_id=HsaId.parse(cell("hsa-id")).value,
        family_name=clean_name(cell("efternamn"), "efternamn"),
        given_name=clean_name(cell("fornamn"), "fornamn"),
        email=parse_email(email) if (email := cell("epost")) else None,
        protection=one_of(protection, "skydd", PROTECTIONS) if (protection := cell("skydd")) else None,
    )


_WRITE = upsert(
    "staff",
    ["hsa_id"],
    replaced=["family_name", "given_name", "sort_name"],
    filled=["email", "protection"],
    kept=["mobile"],
)
_RENAME = "UPDATE assignment SET sort_name = :sort_name WHERE staff_id = (SELECT id FROM staff WHERE hsa_id = :hsa_id)"


def _columns(row: StaffRow) -> dict[str, object]:
    return {
        "hsa_id": row.hsa_id,
        "family_name": row.family_name,
        "given_name": row.given_name,
        "sort_name": _sorted(row),
        "email": row.email or "",
        "mobile": "",
        "protection": row.protection or "",
    }


def _sorted(row: StaffRow) -> str:
    return sort_name(row.family_name, row.given_name)


def _tell_units(work: Work, rows: Sequence[StaffRow]) -> None:
    """Let the units see it where any of them works."""
    imported = {row.hsa_id for row in rows}
    places = work.db.pairs("SELECT DISTINCT a.unit_id, s.hsa_id FROM assignment a JOIN staff s ON s.id = a.staff_id")
    for unit_id in {unit_id for unit_id, hsa_id in places if hsa_id in imported}:
        unit_changed(work, unit_id)
