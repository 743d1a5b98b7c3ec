"""HSA-ids are compared without case: twins are joined, and none can come again."""

from collections.abc import Iterator
from itertools import groupby
from typing import NamedTuple

import sqlalchemy as sa
from alembic import context, op

from store.foundation.errors import NeedsConfirmation, Refused

revision = "0010"
down_revision = "0009"

POINTING = ("moment.responsible_id", "draft.staff_id", "messagetemplate.staff_id", "message.author_id")
"""What names who did something, or has it."""
SUMS = {
    "momentcount": (("unit_id", "responsible_id", "program", "status"), "number"),
    "timespent": (("resident_id", "moment_id", "staff_id", "week"), "seconds"),
}
"""Numbers that are kept for a person: the key, and what is added up."""
HELD = {
    "flagseen": ("flag_id", "staff_id", "at"),
    "assignmentrole": ("staff_id", "unit_id", "role", "given_by", "given_at", "reason", "until"),
    "provideradmin": ("staff_id", "provider_id"),
    "training": ("staff_id", "subject"),
}
"""What a person has once for each of something: it is taken over where the other has none."""


class Person(NamedTuple):
    """Somebody on the staff."""

    id: int
    hsa_id: str
    name: str


def upgrade() -> None:
    """Bring a store to this revision.

    Raises:
        Refused: two units or vårdgivare have the same HSA-id; nothing can say which is meant.
        NeedsConfirmation: two persons have the same, and both have done something; all of them are named.
    """
    for table, what in (("unit", "enheter"), ("careprovider", "vårdgivare")):
        for same in _twins(f"SELECT id, hsa_id, name FROM {table}"):
            raise Refused(f"{_named(same)} är samma HSA-id, men olika {what} i databasen. {_UNTOUCHED}")
    pairs = list(_twins("SELECT id, hsa_id, given_name || ' ' || family_name FROM staff"))
    used = [_named(same) for same in pairs if sum(map(_has_done_something, same)) > 1]
    if used and not context.config.attributes.get("confirmed"):
        raise NeedsConfirmation([f"{names} är samma HSA-id, och båda har använts: {_TOGETHER}" for names in used])
    for kept, *others in pairs:
        for other in others:
            _join(kept.id, other.id)
    for table in ("staff", "unit", "careprovider"):
        op.create_index(f"{table}_hsa_id", table, [sa.text("lower(hsa_id)")], unique=True)


_UNTOUCHED = "Databasen är orörd. Kontakta den som har lagt upp dem."
_TOGETHER = "de blir en person när databasen tas i bruk i den här versionen."


def _twins(query: str) -> Iterator[list[Person]]:
    """Yield those whose HSA-ids differ in case alone, together; who was given it first comes first."""
    found = sorted((Person(*row) for row in op.get_bind().execute(sa.text(query))), key=_key)
    groups = (list(same) for _, same in groupby(found, key=lambda one: one.hsa_id.lower()))
    return (same for same in groups if len(same) > 1)


def _key(person: Person) -> tuple[str, int]:
    return person.hsa_id.lower(), person.id


def _named(same: list[Person]) -> str:
    return " och ".join(f"{one.hsa_id} ({one.name})" for one in same)


def _has_done_something(person: Person) -> bool:
    """Whether the log has anything that the person did, or anything is there that the person made or has."""
    did = "SELECT 1 FROM log WHERE actor_hsa_id = :hsa_id AND outcome = 'gjort'"
    columns = (*POINTING, *(f"{table}.{_whose(table)}" for table in SUMS))
    has = (f"SELECT 1 FROM {table} WHERE {column} = :id" for table, column in (name.split(".") for name in columns))
    found = op.get_bind().execute(sa.text(" UNION ".join((did, *has))), {"hsa_id": person.hsa_id, "id": person.id})
    return found.first() is not None


def _join(kept: int, other: int) -> None:
    """Let one person have all that another has, who goes."""
    for table, (key, number) in SUMS.items():
        columns = (*key, number)
        values = _instead(columns)
        _run(
            f"INSERT INTO {table} ({', '.join(columns)}) SELECT {values} FROM {table} WHERE {_whose(table)} = :other"
            f" ON CONFLICT ({', '.join(key)}) DO UPDATE SET {number} = {table}.{number} + excluded.{number}",
            kept,
            other,
        )
    # Active anywhere is active: a person that the unit has inactivated under the one id works there under the other.
    _run(
        "INSERT INTO assignment (staff_id, unit_id, active, sort_name) SELECT :kept, unit_id, active,"
        " (SELECT sort_name FROM staff WHERE id = :kept) FROM assignment WHERE staff_id = :other"
        " ON CONFLICT (staff_id, unit_id) DO UPDATE"
        " SET active = CASE WHEN excluded.active = 1 THEN 1 ELSE assignment.active END",
        kept,
        other,
    )
    for table, held in HELD.items():
        _run(
            f"INSERT INTO {table} ({', '.join(held)}) SELECT {_instead(held)} FROM {table}"
            " WHERE staff_id = :other ON CONFLICT DO NOTHING",
            kept,
            other,
        )
    for table, column in (name.split(".") for name in (*POINTING, "notice.staff_id")):
        _run(f"UPDATE {table} SET {column} = :kept WHERE {column} = :other", kept, other)
    for table in (*SUMS, *HELD, "assignment"):
        _run(f"DELETE FROM {table} WHERE {_whose(table)} = :other", kept, other)
    _run("DELETE FROM staff WHERE id = :other", kept, other)


def _whose(table: str) -> str:
    return "responsible_id" if table == "momentcount" else "staff_id"


def _instead(columns: tuple[str, ...]) -> str:
    """Return the columns with the kept person's id where the person's stands."""
    return ", ".join(":kept" if name in ("staff_id", "responsible_id") else name for name in columns)


def _run(sql: str, kept: int, other: int) -> None:
    op.get_bind().execute(sa.text(sql), {"kept": kept, "other": other})
