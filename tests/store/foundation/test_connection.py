"""Rows are read by name: a query whose columns are not the fields of what is made of them is refused."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

import pytest

import store as package
from store.foundation.connection import Connection, columns
from store.foundation.store import Store


class Name(NamedTuple):
    """Two texts, which nobody would miss if they changed places."""

    family: str
    given: str
    flags: tuple[str, ...] = ()
    """No column."""


@dataclass(frozen=True)
class Dated:
    """The same as a dataclass."""

    family: str
    given: str
    born: str = ""


QUERY = "SELECT 'Ek' AS family, 'Ali' AS given"


def test_rows_are_made_of_their_columns(store: Store) -> None:
    with store.lend() as db:
        assert db.all(Name, f"{QUERY} UNION ALL SELECT 'Öberg', 'Åsa' ORDER BY 1") == [
            Name("Ek", "Ali"),
            Name("Öberg", "Åsa"),
        ]
        assert db.one(Dated, QUERY) == Dated("Ek", "Ali")
        assert db.one(Dated, f"{QUERY}, '1980-01-02' AS born") == Dated("Ek", "Ali", "1980-01-02")
        assert db.one(Name, f"SELECT * FROM ({QUERY}) AS found WHERE family = :name", name="Åkerlund") is None


@pytest.mark.parametrize("kind", [Name, Dated])
@pytest.mark.parametrize(
    "query",
    [
        "SELECT 'Ali' AS given, 'Ek' AS family",
        "SELECT 'Ek' AS family",
        f"{QUERY}, 'x' AS other",
        "SELECT 'Ek' AS name, 'Ali' AS given",
    ],
    ids=["swapped", "too few", "one more", "another name"],
)
def test_a_query_with_other_columns_is_refused(store: Store, kind: type, query: str) -> None:
    with store.lend() as db, pytest.raises(TypeError, match="has the fields"):
        db.all(kind, query)


class Sort(StrEnum):
    """A word that is stored."""

    FIRST = "forsta"


class Typed(NamedTuple):
    """What no database has a type for."""

    sort: Sort
    other: Sort | None
    is_open: bool
    number: int


def test_a_field_is_what_it_is_declared_as(store: Store) -> None:
    with store.lend() as db:
        row = db.one(Typed, "SELECT 'forsta' AS sort, NULL AS other, 1 AS is_open, 1 AS number")
    assert row is not None
    assert (row.sort is Sort.FIRST, row.other, row.is_open, row.number) == (True, None, True, 1)
    assert columns(Typed, "t") == "t.sort, t.other, t.is_open, t.number"


def test_single_values_and_pairs(store: Store) -> None:
    with store.lend() as db:
        assert db.value("SELECT 1 AS one") == 1
        assert db.value("SELECT 1 WHERE 1 = 0") is None
        assert db.values("SELECT 1 UNION ALL SELECT 2 ORDER BY 1") == [1, 2]
        assert dict(db.pairs("SELECT 1, 'en'")) == {1: "en"}
        assert db.has("SELECT 1")
        assert not db.has("SELECT 1 WHERE 1 = 0")


@pytest.mark.parametrize("read", [Connection.value, Connection.values])
def test_a_value_is_of_the_only_column(store: Store, read: object) -> None:
    with store.lend() as db, pytest.raises(ValueError, match="too many values"):
        read(db, "SELECT 1, 2")  # type: ignore[operator]


def test_the_store_reads_no_row_by_its_places() -> None:
    files = [path for path in Path(package.__file__).parent.rglob("*.py") if "migrations" not in path.parts]
    by_place = re.compile(r"\b(?:db|connection)\.rows?\(|\brow\[")
    assert not [path.name for path in files if by_place.search(path.read_text(encoding="utf-8"))]
