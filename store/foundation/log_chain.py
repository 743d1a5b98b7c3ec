"""The chains of the access log: by them a row that was changed, removed, inserted or moved is found (domain.md §8).

A unit has a chain, named by its HSA-id; what has no unit is in the chain without a name. In a chain rows are numbered
from 1 without gaps, in the order of their ids, and each has a code: HMAC-SHA-256 under a key of the log key's, over the
code of the row before it and all that the row says as it is stored (`CONTENT`), sealed as that may be. The head of
a chain (table `loghead`) says how many rows there are and the last one's code, under a seal of the same key: so a cut
tail is found, too. The `id` is in no code: it is given by the database, and tells no more than the order.

A store without keys, as the practice environment's, has a key for each chain in the head itself, and its rows are
sealed with that one. Nothing is secret there: the key's use is that the same code runs, and the same faults are found,
in what people practise on.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from store.foundation.connection import Connection
from store.foundation.errors import InvariantBroken
from store.foundation.keys import KeyedHash, LogKeys, StoreKeys, derived, keyed_hash, new_key
from store.foundation.log_sealing import seal_row
from store.foundation.upsert import upsert

CONTENT = (
    "at",
    "wall_at",
    "unit_id",
    "actor_kind",
    "actor_hsa_id",
    "actor_name",
    "action",
    "operation",
    "personnummer",
    "resident_name",
    "moment_id",
    "details",
    "acted_as",
    "ground",
    "category",
    "thing_kind",
    "thing_id",
    "origin",
    "session",
    "outcome",
    "reason",
    "unit_hsa_id",
    "provider_hsa_id",
    "key_id",
    "number_hmac",
    "sealed",
    "chain",
    "chain_number",
)
"""The columns that a row's code is over, in this order: all but `id` and the code itself."""


class Head(NamedTuple):
    """How many rows a chain has, and the code of the last one."""

    number: int
    mac: str


BEGINNING = Head(0, "")
"""What a chain is before its first row."""

_values = itemgetter(*CONTENT)
_written: Callable[[Any], str] = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class ChainKey:
    """The key of a chain: for the codes of its rows and the seal of its head, and to seal its rows with (`sealing`)."""

    def __init__(self, key: bytes) -> None:
        """Derive them from a key of 32 bytes."""
        self.sealing = LogKeys(key)
        self._rows = KeyedHash(derived(key, "log chain"))
        self._heads = derived(key, "log heads")

    def mac(self, before: str, content: Sequence[object]) -> str:
        """Return a row's code, in hex.

        Args:
            before: the code of the row before it; empty before the first.
            content: the row's values in the order of `CONTENT`.
        """
        return self._rows.hex((before + _written(content)).encode())

    def seal(self, chain: str, head: Head) -> str:
        """Return the seal of a chain's head, in hex."""
        return keyed_hash(self._heads, f"{head.number} {head.mac} {chain}".encode()).hex()


@lru_cache(maxsize=64)
def _chain_key(key: bytes) -> ChainKey:
    return ChainKey(key)


class StoredHead(NamedTuple):
    """The head of a chain, as it stands in the store."""

    chain: str
    number: int
    mac: str
    seal: str
    key_id: str
    """Which log key it is sealed with; empty where its own is in `own_key`."""
    own_key: str
    """The key of a chain in a store without keys, in hex; empty in others."""

    @property
    def head(self) -> Head:
        """How many rows there are, and the last one's code."""
        return Head(self.number, self.mac)

    def key(self, keys: StoreKeys | None) -> ChainKey | None:
        """Return the chain's key; None where it is one that is not here."""
        if self.own_key:
            return _chain_key(bytes.fromhex(self.own_key))
        return _chain_key(keys.log) if keys is not None and keys.log_id == self.key_id else None


def own_log_keys(db: Connection) -> dict[str, LogKeys]:
    """Return what the rows of a store without keys are sealed with, by the id that stands in the rows."""
    owned = db.values("SELECT own_key FROM loghead WHERE own_key <> ''")
    return {one.id: one for one in (_chain_key(bytes.fromhex(own)).sealing for own in owned)}


class LogPosition(NamedTuple):
    """How far a chain of the log has come: the chain's name, how many rows it has, and the code of the last."""

    chain: str
    number: int
    mac: str


def log_position(db: Connection, chain: str = "") -> LogPosition:
    """Return how far a chain has come, for a certificate or a checkpoint; see `chain_of`."""
    found = db.pair("SELECT number, mac FROM loghead WHERE chain = :chain", chain=chain)
    return LogPosition(chain, *(found or BEGINNING))


def log_positions(db: Connection) -> list[LogPosition]:
    """Return how far each chain has come, by name."""
    return db.all(LogPosition, "SELECT chain, number, mac FROM loghead ORDER BY chain")


def chain_of(unit_hsa_id: str, broken: str = "") -> str:
    """Return the name of a unit's chain; `broken` is the id of the log key with which it goes on after one was lost."""
    return f"{unit_hsa_id}/{broken}" if broken else unit_hsa_id


def chain_rows(
    db: Connection, keys: StoreKeys | None, rows: Sequence[dict[str, Any]], *, lock: str = "", seals: bool = False
) -> list[dict[str, object]]:
    """Number rows that are about to be written in their chains, and give each its code.

    Returns how far the heads are to be moved, for `move_heads` in the same transaction. The heads are locked until it
    ends: this is the last that it does. They are taken in the order of their names, so that no two transactions wait
    for each other.

    Args:
        db: the transaction.
        keys: the store's, where it has any.
        rows: by column, all of `CONTENT` but the last two, which are filled in, as is `mac`.
        lock: the clause that locks what is read to be changed, where the database needs it said.
        seals: whether the rows are to be sealed, with the chain's key. A store with keys of its own has sealed them
            before, so that the heads are locked for a shorter time.
    """
    chains: dict[str, list[dict[str, Any]]] = {}
    for one in rows:
        chains.setdefault(one["unit_hsa_id"], []).append(one)
    moved: list[dict[str, object]] = []
    for unit in sorted(chains):
        before = _head_to_move(db, keys, unit, lock)
        key = before.key(keys)
        if key is None:
            raise InvariantBroken(f"the chain {before.chain} goes on with a key that is not here")
        if seals:
            for one in chains[unit]:
                seal_row(one, key.sealing)
        head = _chained(key, before, chains[unit])
        seal = key.seal(before.chain, head)
        moved.append({"number": head.number, "mac": head.mac, "seal": seal, "chain": before.chain})
    return moved


def move_heads(db: Connection, moved: Iterable[dict[str, object]]) -> None:
    """Move the heads of chains on, as `chain_rows` says."""
    for one in moved:
        db.run("UPDATE loghead SET number = :number, mac = :mac, seal = :seal WHERE chain = :chain", **one)


def _chained(key: ChainKey, before: StoredHead, rows: Iterable[dict[str, Any]]) -> Head:
    """Fill in what chains the rows; returns the head after the last."""
    number, mac = before.head
    for one in rows:
        number += 1
        one.update(chain=before.chain, chain_number=number)
        mac = key.mac(mac, _values(one))
        one["mac"] = mac
    return Head(number, mac)


def _head_to_move(db: Connection, keys: StoreKeys | None, unit: str, lock: str) -> StoredHead:
    """Return the head of a unit's chain, locked; one that is new is begun, and so is one whose key is lost."""
    log_id = "" if keys is None else keys.log_id
    found = _locked(db, unit, lock) or _begun(db, unit, log_id, lock)
    if found.key(keys) is None:
        chain = chain_of(unit, log_id)
        found = _locked(db, chain, lock) or _begun(db, chain, log_id, lock)
    return found


_BEGIN = upsert("loghead", ["chain"], kept=StoredHead._fields[1:])
_HEAD = f"SELECT {', '.join(StoredHead._fields)} FROM loghead"


def stored_heads(db: Connection) -> dict[str, StoredHead]:
    """Return the heads by the names of their chains."""
    return {one.chain: one for one in db.all(StoredHead, f"{_HEAD} ORDER BY chain")}


def _locked(db: Connection, chain: str, lock: str) -> StoredHead | None:
    return db.one(StoredHead, f"{_HEAD} WHERE chain = :chain{lock}", chain=chain)


def _begun(db: Connection, chain: str, log_id: str, lock: str) -> StoredHead:
    """Begin a chain, unless somebody else has just done so."""
    begun = StoredHead(chain, *BEGINNING, "", log_id, "" if log_id else new_key().hex())
    db.run(_BEGIN, **begun._asdict())
    return _locked(db, chain, lock) or begun
