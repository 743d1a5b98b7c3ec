"""All tables together: importing this module declares each of them."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, Connection, Inspector, MetaData, Table, inspect
from sqlmodel import SQLModel

from store.care import (
    activity_marks,
    activity_plans,
    acts,
    claims,
    conversations,
    day_run,
    drafts,
    duties,
    exports,
    file_import,
    flag_attempts,
    flags,
    form_answers,
    handovers,
    installed_forms,
    log_reviews,
    measurements,
    messages,
    modules,
    moments,
    notices,
    programs,
    purge_record,
    purge_stops,
    role_analyses,
    safety_plans,
    set_aside,
    statistics,
    templates,
    time_spent,
)
from store.foundation import tables
from store.foundation.schema import REVISIONS
from store.foundation.seals import SealedTable
from store.people import (
    accounts,
    attempts,
    invitations,
    resident_keys,
    residents,
    sessions,
    staff,
    staff_news,
    substitutions,
    throttling,
    trainees,
    units,
)

__all__ = [
    "accounts",
    "activity_marks",
    "activity_plans",
    "acts",
    "attempts",
    "claims",
    "conversations",
    "day_run",
    "drafts",
    "duties",
    "exports",
    "file_import",
    "flag_attempts",
    "flags",
    "form_answers",
    "handovers",
    "installed_forms",
    "invitations",
    "log_reviews",
    "measurements",
    "messages",
    "modules",
    "moments",
    "notices",
    "programs",
    "purge_record",
    "purge_stops",
    "resident_keys",
    "residents",
    "role_analyses",
    "safety_plans",
    "sessions",
    "set_aside",
    "staff",
    "staff_news",
    "statistics",
    "substitutions",
    "tables",
    "templates",
    "throttling",
    "time_spent",
    "trainees",
    "units",
]

METADATA = SQLModel.metadata

_RESIDENT = {"resident": "id"}
"""The column with the resident, where it is another than `resident_id`."""


def sealed_tables() -> dict[str, SealedTable]:
    """Return the tables with free texts (`FreeText`), by name."""
    return {table.name: _sealed_table(table) for table in METADATA.sorted_tables if _texts(table)}


def _texts(table: Table) -> tuple[str, ...]:
    return tuple(column.name for column in table.columns if isinstance(column.type, tables.FreeText))


def _sealed_table(table: Table) -> SealedTable:
    names = tuple(column.name for column in table.columns)
    resident = _RESIDENT.get(table.name, "resident_id" if "resident_id" in names else "")
    key = tuple(column.name for column in table.primary_key.columns if column.name != resident)
    return SealedTable(table.name, names, _texts(table), resident, key)


def tables_at(sql: Connection, revision: str) -> dict[str, Table]:
    """Return the tables of a store that is at a revision, those first that others name.

    An older revision's are read from the database, with their columns alone.
    """
    if revision == REVISIONS[-1]:
        return {table.name: table for table in METADATA.sorted_tables}
    there = inspect(sql)
    names = [name for name, _ in there.get_sorted_table_and_fkc_names() if name is not None]
    return {name: Table(name, MetaData(), *_columns(there, name)) for name in names}


def _columns(there: Inspector, table: str) -> Iterator[Column[Any]]:
    for column in there.get_columns(table):
        yield Column(column["name"], column["type"], nullable=column["nullable"])


def insert_of(table: Table) -> str:
    """Return the statement that inserts a row, all its columns given by their names."""
    names = [column.name for column in table.columns]
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"
