"""Persons of a CSV file are placed on the unit, with roles and trainings, as *Lägg till* and *Roller* do one by one."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from store.foundation.access import Action, DataCategory, Role
from store.foundation.csv_file import Cell, FaultyFile, Layout, LineFault, read_rows
from store.foundation.errors import NeedsConfirmation, Refused
from store.foundation.operation import operation
from store.foundation.progress import untold
from store.foundation.text import clean, shortened
from store.foundation.upsert import upsert
from store.foundation.work import Work
from store.people.assignments import AlreadyThere, check_role_on_unit, wants_training
from store.people.members import REASON_LIMIT, hold_staff, log_change, member_of, set_role
from store.people.staff import Assignment
from store.people.staff_import import COLUMNS, StaffRow, import_staff, staff_row

MOST_ROWS = 1_000
"""Lines of a file: a unit's staff, written in one transaction."""
REASON = "Importerad från fil"
"""Why a role is given, where the file doesn't say."""
PLACED = "Uppgifterna kan inte ändras härifrån, men personen är placerad på enheten"
"""What is told of a row about somebody who is another unit's, too."""
_LAYOUT = Layout((*COLUMNS, "roller", "utbildningar", "skal"), needed=3)
COLUMNS_SAID = ";".join(_LAYOUT.columns)


@dataclass(frozen=True)
class PlacedRow:
    """A line of the file, checked: the person, the roles and trainings (roles' words, programs' ids), and why."""

    person: StaffRow
    roles: tuple[Role, ...]
    trainings: tuple[str, ...]
    reason: str

    @property
    def line(self) -> int:
        """Its number."""
        return self.person.line

    @property
    def whose(self) -> str:
        """The person's HSA-id."""
        return self.person.hsa_id


class _There(NamedTuple):
    """Somebody of the file as the store has them; `active` is None for who has no assignment on the unit."""

    hsa_id: str
    staff_id: int
    sort_name: str
    active: int | None


def read_placed(content: bytes) -> list[PlacedRow]:
    """Return the rows of a CSV file, checked.

    Raises:
        FaultyFile: with every fault (the first thousand).
    """
    rows = read_rows(content, _LAYOUT, _row, untold)
    if len(rows) > MOST_ROWS:
        raise FaultyFile([LineFault(rows[MOST_ROWS].line, f"Högst {MOST_ROWS} personer placeras åt gången.")])
    return rows


@operation(
    "Placera personal på enheten från en CSV-fil",
    may={Role.ACCESS_ADMIN},
    action=Action.IMPORTED,
    category=DataCategory.STAFF,
)
def place_staff(work: Work, rows: Sequence[PlacedRow], *, confirmed: bool = False) -> list[int]:
    """Import the persons of a file's rows (`read_placed`), and place them on the unit, in one transaction.

    Returns the lines of those who are other units' too: placed, but their names and addresses left as they are.
    Who is there already gets the roles and trainings that are missing; nothing is taken away.

    Raises:
        FaultyFile: a line names a training that is none, a role that isn't given here, or somebody inactive.
        NeedsConfirmation: roles without their training, line by line, unless `confirmed`.
    """
    hold_staff(work)
    imported = import_staff(work, [row.person for row in rows])
    there = _there(work)
    subjects = {*Role, *map(str, work.db.values("SELECT DISTINCT program FROM programversion"))}
    faults = [
        LineFault(row.line, said) for row in rows for said in _faults(work, row, there[row.whose], frozenset(subjects))
    ]
    if faults:
        raise FaultyFile(faults)
    if not confirmed and (warnings := list(_warnings(work, rows, there))):
        raise NeedsConfirmation(warnings, helps=("record_training",))
    for row in rows:
        _place(work, row, there[row.whose])
    work.log(Action.IMPORTED, details=f"{len(rows)} placerade på enheten")
    return [one.line for one in imported.skipped]


def _row(line: int, cell: Cell) -> PlacedRow:
    reason = clean(cell("skal"), multiline=False, limit=REASON_LIMIT, field="skal").strip() or REASON
    roles = tuple(map(_role, _words(cell("roller"))))
    return PlacedRow(staff_row(line, cell), roles, tuple(_words(cell("utbildningar"))), reason)


def _words(cell: str) -> list[str]:
    """Return the words of a cell, separated by commas, each once."""
    return list(dict.fromkeys(filter(None, (word.strip().lower() for word in cell.split(",")))))


def _role(word: str) -> Role:
    known = [role.value for role in Role if role is not Role.PROVIDER_ADMIN]
    if word not in known:
        raise Refused(f"Det finns ingen roll {shortened(word)}. Rollerna är {', '.join(known)}.", field="roller")
    return Role(word)


def _there(work: Work) -> dict[str, _There]:
    found = work.db.all(
        _There,
        "SELECT s.hsa_id, s.id AS staff_id, s.sort_name, a.active FROM staff s"
        " LEFT JOIN assignment a ON a.staff_id = s.id AND a.unit_id = :unit",
        unit=work.actor.unit_id,
    )
    return {one.hsa_id: one for one in found}


def _faults(work: Work, row: PlacedRow, there: _There, subjects: frozenset[str]) -> Iterator[str]:
    if there.active == 0:
        unit = str(work.db.value("SELECT hsa_id FROM unit WHERE id = :unit", unit=work.actor.unit_id))
        yield f"{AlreadyThere(row.whose, unit, is_inactive=True).message}, men är inaktiv. Aktivera först."
    for role in row.roles:
        try:
            check_role_on_unit(work, role)
        except Refused as refusal:
            yield refusal.message
    for subject in row.trainings:
        if subject not in subjects:
            yield f"{subject} är varken en roll eller ett programs id."


def _warnings(work: Work, rows: Iterable[PlacedRow], there: dict[str, _There]) -> Iterator[str]:
    if not wants_training(work):
        return
    known = set(work.db.pairs("SELECT staff_id, subject FROM training"))
    held = "SELECT staff_id, role FROM assignmentrole WHERE unit_id = :unit"
    known.update(work.db.pairs(held, unit=work.actor.unit_id))
    for row in rows:
        for role in row.roles:
            if role.value not in row.trainings and (there[row.whose].staff_id, role.value) not in known:
                yield f"Rad {row.line}: {row.whose} har ingen registrerad utbildning för rollen {role}."


def _place(work: Work, row: PlacedRow, there: _There) -> None:
    unit = work.actor.unit_id or 0
    if there.active is None:
        work.add(Assignment(staff_id=there.staff_id, unit_id=unit, active=1, sort_name=there.sort_name))
        log_change(work, member_of(work, row.whose), "tillagd")
    member = member_of(work, row.whose)
    for subject in row.trainings:
        work.db.run(upsert("training", ["staff_id", "subject"]), staff_id=there.staff_id, subject=subject)
        log_change(work, member, f"utbildning {subject} registrerad")
    for role in row.roles:
        if role not in member.roles:
            set_role(work, there.staff_id, unit, role, row.reason)
            log_change(work, member, f"rollen {role} given: {row.reason}")
