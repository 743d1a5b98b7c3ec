"""Reading the access log: the one way in which its rows are read, whether a store seals them or not."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from store.foundation.clock import Instant
from store.foundation.connection import Connection, columns
from store.foundation.errors import SealBroken
from store.foundation.keys import LogKeys, StoreKeys, number_code, unseal
from store.foundation.log_chain import own_log_keys
from store.foundation.log_sealing import sealed_about


@dataclass(frozen=True)
class LogRow:
    """One row of the log, as it was written."""

    id: int
    at: Instant
    wall_at: Instant
    unit_id: int | None
    unit_hsa_id: str
    provider_hsa_id: str
    actor_kind: str
    actor_hsa_id: str | None
    actor_name: str
    acted_as: str
    ground: str
    action: str
    operation: str
    personnummer: str | None
    """As it was typed where that was nobody's; None where the row is on nobody, or is unreadable."""
    resident_name: str | None
    moment_id: int | None
    details: str
    category: str
    thing_kind: str
    thing_id: str
    origin: str
    session: str
    outcome: str
    reason: str
    key_id: str = ""
    """Which key it is sealed with, empty for none; `sealed` is the seal."""
    sealed: str = ""
    chain: str = ""
    chain_number: int | None = None
    is_unreadable: bool = False
    """Whether number, name and details are sealed with a key that is not here."""


@dataclass(frozen=True)
class Condition:
    """Which rows are wanted, in SQL, with the values of its parameters."""

    sql: str = "1 = 1"
    values: tuple[tuple[str, object], ...] = ()


def log_rows(db: Connection, keys: StoreKeys | None, wanted: Condition = Condition()) -> list[LogRow]:
    """Return rows of the log in the order they were written; what is sealed is opened."""
    found = db.all(LogRow, f"SELECT {_COLUMNS} FROM log WHERE {wanted.sql} ORDER BY id", **dict(wanted.values))
    opener = LogOpener(db, keys)
    return [_opened(one, opener) for one in found]


def of_number(db: Connection, keys: StoreKeys | None, number: str) -> Condition:
    """Return the condition for the rows on a personnummer of twelve digits, sealed or not."""
    codes = [number_code(one, number) for one in LogOpener(db, keys).keys.values()]
    among = ", ".join(f":code_{place}" for place in range(len(codes))) or "NULL"
    # Two ranges of two indexes: the second is of sealed rows only.
    return Condition(
        "id IN (SELECT id FROM log WHERE personnummer = :number"
        f" UNION SELECT id FROM log WHERE number_hmac IN ({among}) AND number_hmac <> '')",
        (("number", number), *((f"code_{place}", code) for place, code in enumerate(codes))),
    )


class LogOpener:
    """Opens sealed rows: with the store's log key, or in a store without keys with those of its chains.

    `keys` are those that are here, by the id that stands in the rows.
    """

    def __init__(self, db: Connection, keys: StoreKeys | None) -> None:
        self.keys: Mapping[str, LogKeys] = own_log_keys(db) if keys is None else {keys.log_id: keys.of_log}

    def said(self, key_id: str, sealed: str, about: tuple[int, int, str, str]) -> list[str | None] | None:
        """Return what a sealed row says: number, name, details, and the actor's name where that is a resident's.

        None where it is sealed with a key that is not here.

        Args:
            key_id: with which key it is sealed.
            sealed: the seal.
            about: the row's `at`, `wall_at`, `operation` and `session`.

        Raises:
            SealBroken: it is not as it was written.
        """
        if (key := self.keys.get(key_id)) is None:
            return None
        found: list[str | None] = json.loads(unseal(key.rows, sealed, sealed_about(*about)))
        return found


def each_row(db: Connection, keys: StoreKeys | None) -> Iterator[LogRow]:
    """Yield all rows of the log in the order they were written, never all in memory; what is sealed is opened."""
    opener = LogOpener(db, keys)
    for portion in db.stream(f"SELECT {_COLUMNS} FROM log ORDER BY id", _TOGETHER):
        yield from (_opened(LogRow(*one), opener) for one in portion)


_TOGETHER = 2000
_COLUMNS = f"{columns(LogRow)}, key_id, sealed, chain, chain_number"


def _opened(row: LogRow, opener: LogOpener) -> LogRow:
    if not row.sealed:
        return row
    try:
        said = opener.said(row.key_id, row.sealed, (row.at, row.wall_at, row.operation, row.session))
    except SealBroken:
        said = None
    if said is None:
        return replace(row, is_unreadable=True)
    number, name, details, *actor = said
    return replace(
        row,
        personnummer=number,
        resident_name=name,
        details=details or "",
        actor_name=(actor[0] if actor else None) or row.actor_name,
    )
