"""Reading the access log: the one way in which its rows are read, whether a store seals them or not."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from store.foundation.clock import Instant
from store.foundation.connection import Connection, columns
from store.foundation.errors import SealBroken
from store.foundation.keys import StoreKeys, number_code, unseal
from store.foundation.log import sealed_about


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
    return [_opened(one, keys) for one in found]


def of_number(keys: StoreKeys | None, number: str) -> Condition:
    """Return the condition for the rows on a personnummer of twelve digits, sealed or not."""
    if keys is None:
        return Condition("personnummer = :number", (("number", number),))
    # Two ranges of two indexes: the second is of sealed rows only.
    return Condition(
        "id IN (SELECT id FROM log WHERE personnummer = :number"
        " UNION SELECT id FROM log WHERE number_hmac = :code AND number_hmac <> '')",
        (("number", number), ("code", number_code(keys, number))),
    )


def opened_number(keys: StoreKeys | None, key_id: str, sealed: str, about: tuple[int, int, str, str]) -> str | None:
    """Return whose a sealed row is; None where it is nobody's, or sealed with a key that is not here."""
    if keys is None or keys.log_id != key_id:
        return None
    try:
        number: str | None = json.loads(unseal(keys.log_rows, sealed, sealed_about(*about)))[0]
    except SealBroken:
        return None
    return number


def each_row(db: Connection, keys: StoreKeys | None) -> Iterator[LogRow]:
    """Yield all rows of the log in the order they were written, never all in memory; what is sealed is opened."""
    for portion in db.stream(f"SELECT {_COLUMNS} FROM log ORDER BY id", _TOGETHER):
        yield from (_opened(LogRow(*one), keys) for one in portion)


_TOGETHER = 2000
_COLUMNS = f"{columns(LogRow)}, key_id, sealed, chain, chain_number"


def _opened(row: LogRow, keys: StoreKeys | None) -> LogRow:
    if not row.sealed:
        return row
    about = sealed_about(row.at, row.wall_at, row.operation, row.session)
    try:
        if keys is None or keys.log_id != row.key_id:
            raise SealBroken
        number, name, details, *actor = json.loads(unseal(keys.log_rows, row.sealed, about))
    except SealBroken:
        return replace(row, is_unreadable=True)
    return replace(
        row, personnummer=number, resident_name=name, details=details, actor_name=actor[0] if actor else row.actor_name
    )
