"""A backup's file: a header in clear, then the rows of all tables, compressed and sealed with a key of its own.

The first line is JSON, at most `MOST_HEADER` bytes: `kind`, `format`, `store` (the store's UUID), `store_kind`,
`revision`, `at` (milliseconds since 1970, UTC), `rows` (how many by table), `data_key` and `log_key` (which keys the
store has, by their ids), `sealed` (the backup's own key, under the data key), `paper` (the same, for the recovery key)
and `recovery` (the store's keys for the recovery key, as `store.foundation.recovery` writes them; the two are empty in
a store without one). After it `store.upkeep.sealed_chunks`, bound to that line: zlib over lines of JSON,
`[table, [column, …], [row, …]]`, the tables that others name first. Both databases write the same, and read it.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, NamedTuple

from store.foundation.clock import Instant
from store.foundation.errors import KeyWrong, Refused, SealBroken, why_unreadable
from store.foundation.keys import StoreKeys, new_key, seal, unseal
from store.foundation.progress import Progress, untold
from store.foundation.recovery import Recovered, opened_with, recovered, sealed_for, sealed_keys
from store.foundation.schema import REVISIONS
from store.upkeep.sealed_chunks import SealedWriter, opened_chunks

KIND, FORMAT = "sob-sakerhetskopia", 1
MOST_HEADER = 1 << 16
_LEVEL = 3
"""Of zlib: half of what the highest saves, at a fifth of its time."""


class BackupBroken(Refused):
    """The file is not as it was written."""

    def __init__(self) -> None:
        super().__init__(
            "Säkerhetskopian är avkortad eller ändrad, och går inte att lita på. Använd en annan.", field="fil"
        )


@dataclass(frozen=True)
class Header:
    """What a backup says of itself in clear; nothing of anybody."""

    store: str
    store_kind: str
    revision: str
    at: Instant
    rows: Mapping[str, int]
    data_key: str
    log_key: str
    sealed: str
    paper: str
    recovery: str

    @property
    def total(self) -> int:
        """How many rows it has in all."""
        return sum(self.rows.values())


class Rows(NamedTuple):
    """Some rows of one table."""

    table: str
    columns: tuple[str, ...]
    rows: list[list[Any]]


def sealed_header(
    known: Mapping[str, Any], rows: Mapping[str, int], keys: StoreKeys, recovery_key: str
) -> tuple[Header, bytes]:
    """Return the header of a new backup, and its key.

    Args:
        known: the header's `store`, `store_kind`, `revision` and `at`.
        rows: how many rows it will have, by table.
        keys: the store's.
        recovery_key: the recovery key's public half; empty where the store has none.
    """
    store, key = known["store"], new_key()
    about = _about(store)
    return Header(
        **known,
        rows=rows,
        data_key=keys.data_id,
        log_key=keys.log_id,
        sealed=seal(keys.backups, key, about),
        paper=sealed_for(recovery_key, key, about) if recovery_key else "",
        recovery=sealed_keys(recovery_key, store, [keys.data], keys.log) if recovery_key else "",
    ), key


def write_rows(file: IO[bytes], header: Header, key: bytes, rows: Iterable[Rows]) -> None:
    """Write a backup."""
    line = json.dumps({"kind": KIND, "format": FORMAT, **vars(header)}).encode() + b"\n"
    file.write(line)
    sealed, compressed = SealedWriter(file, key, _digest(line)), zlib.compressobj(_LEVEL)
    for some in rows:
        sealed.write(compressed.compress(json.dumps(some, separators=(",", ":")).encode() + b"\n"))
    sealed.write(compressed.flush())
    sealed.finish()


def read_header(path: Path) -> Header:
    """Return what a backup says of itself; whether that is true shows when its rows are read.

    Raises:
        Refused: the file can't be read, is no backup, or a later program's.
    """
    with _opened(path) as (_, header, _line):
        return header


def key_of(header: Header, keys: StoreKeys) -> bytes:
    """Return a backup's own key, by the store's keys.

    Raises:
        KeyWrong: the store has other keys.
        BackupBroken: they are the right ones, and it does not open.
    """
    if (header.data_key, header.log_key) != (keys.data_id, keys.log_id):
        raise KeyWrong
    try:
        return unseal(keys.backups, header.sealed, _about(header.store))
    except SealBroken:
        raise BackupBroken from None


def keys_by_paper(header: Header, paper: str) -> StoreKeys:
    """Return the keys of the store that a backup is of, by the recovery key.

    Raises:
        Refused: the store has no recovery key, or another.
        BackupBroken: what is sealed for it is not what was written.
    """
    if not header.recovery:
        raise Refused("Säkerhetskopian är av en databas utan återställningsnyckel.", field="aterstallningsnyckel")
    found: Recovered = recovered(header.recovery, paper)
    try:
        opened_with(paper, header.paper, _about(header.store))
    except SealBroken:
        raise BackupBroken from None
    return found.keys[0]


def read_rows(path: Path, key: bytes, progress: Progress = untold) -> Iterator[Rows]:
    """Yield the rows of a backup, in the order they were written.

    Raises:
        BackupBroken: something is missing or was changed; all that was yielded before is as it was written. It is known
            to be whole when the last row has come.
    """
    with _opened(path) as (file, header, line):
        left = dict(header.rows)
        done = 0
        try:
            for text in _lines(opened_chunks(file, key, _digest(line))):
                table, columns, rows = json.loads(text)
                left[table] -= len(rows)
                done += len(rows)
                progress(done, header.total)
                yield Rows(table, tuple(columns), rows)
        except (SealBroken, zlib.error, KeyError, ValueError, TypeError, RecursionError):
            raise BackupBroken from None
        if any(left.values()):
            raise BackupBroken


def check_backup(path: Path, key: bytes, progress: Progress = untold) -> None:
    """Read a backup to its end; raises `BackupBroken`."""
    for _ in read_rows(path, key, progress):
        pass


@contextmanager
def _opened(path: Path) -> Iterator[tuple[IO[bytes], Header, bytes]]:
    try:
        file = path.open("rb")
    except (OSError, ValueError) as error:
        why = why_unreadable(error) if isinstance(error, OSError) else "namnet går inte att använda"
        raise Refused(f"Säkerhetskopian {path} går inte att läsa ({why}).", field="fil") from None
    with file:
        try:
            line = file.readline(MOST_HEADER)
            header = _header(line)
        except OSError as error:
            raise Refused(f"Säkerhetskopian {path} går inte att läsa ({why_unreadable(error)}).", field="fil") from None
        yield file, header, line


def _header(line: bytes) -> Header:
    try:
        found = json.loads(line)
        kind, number = found.pop("kind"), found.pop("format")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise _no_backup() from None
    if kind != KIND:
        raise _no_backup()
    try:
        header = Header(**found) if number == FORMAT else None
    except TypeError:
        header = None
    if header is None or header.revision not in REVISIONS:
        raise _newer() if _is_later(number, found) else BackupBroken()
    if not _is_whole(header):
        raise BackupBroken
    return header


def _is_later(number: object, found: Mapping[str, Any]) -> bool:
    revision = found.get("revision")
    return (type(number) is int and number > FORMAT) or (isinstance(revision, str) and revision > REVISIONS[-1])


def _is_whole(header: Header) -> bool:
    texts = (header.store, header.store_kind, header.data_key, header.log_key, header.sealed, header.paper)
    return (
        all(isinstance(one, str) for one in (*texts, header.recovery))
        and type(header.at) is int
        and isinstance(header.rows, dict)
        and all(type(number) is int for number in header.rows.values())
    )


def _no_backup() -> Refused:
    return Refused("Filen är ingen säkerhetskopia, eller så är dess början skadad.", field="fil")


def _newer() -> Refused:
    return Refused(
        "Säkerhetskopian är gjord av en nyare version av programmet. Uppdatera programmet och försök igen.", field="fil"
    )


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Yield the lines of what was compressed; it has to have come to its end."""
    plain, rest = zlib.decompressobj(), b""
    for chunk in chunks:
        *whole, rest = (rest + plain.decompress(chunk)).split(b"\n")
        yield from whole
    if rest or not plain.eof:
        raise SealBroken


def _about(store: str) -> str:
    return f"{store} backup"


def _digest(line: bytes) -> bytes:
    return sha256(line).digest()
