"""Imports of files: staged, and then applied in pieces so short that nobody waits long for one (contract.md §2).

An import that was cut off is finished when the store is opened next: what is staged goes on where it was, and each row
is taken off in the transaction that applies it.
"""

import json
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import uuid4

from sqlmodel import Field, SQLModel

from store.care.resident_import import ResidentRow, import_residents
from store.foundation.access import OPERATOR, SYSTEM, Action, Actor
from store.foundation.csv_file import CsvRow, Imported, LineFault
from store.foundation.errors import DomainError, NotPermitted, RowDamaged, StoreDamaged, StoreUnreachable
from store.foundation.garbage import garbage_left
from store.foundation.operation import check, declaration_of
from store.foundation.progress import Progress, Show, untold
from store.foundation.store import Store
from store.foundation.tables import FreeText
from store.foundation.work import Work
from store.people.sign_in import StaffActor, sign_in
from store.people.staff_import import StaffRow, import_staff

CHUNK = 100
"""Rows that are staged as one."""
STAGED_AT_ONCE = 2_000
"""Rows that are staged in one transaction: some tens of milliseconds."""
FIRST_PIECE = 100
"""Rows of an import's first piece; how many the next ones have is measured."""
PIECE_SECONDS = 0.15
"""What a piece should take; 200 ms are allowed."""
PAUSE_SECONDS = 0.005
"""Between two pieces: a writer who waits for a file is woken meanwhile, and comes first."""

REST = "Resten importeras nästa gång databasen öppnas."
CUT_SHORT = "En import av {what} hade avbrutits innan hela filen var inläst. Inget av den är importerat: gör om den."
FINISHED = "En import av {what} hade avbrutits och är nu klar. Antal rader som skrevs nu: {number}."
LEFT = "Rader som lämnades orörda, se loggen: {lines}."
GIVEN_UP = "En import av {what} hade avbrutits och kan inte göras klar: {why}"
STOPPED = "Antal rader som har importerats: {number}. Resten är inte importerad."
NO_LONGER = "den som importerade har inte längre behörighet. Resten är inte importerad."
FAULT = "programmet har ett fel. Resten är inte importerad: gör om den."
FAULTY = "Raden kunde inte skrivas på grund av ett fel i programmet."

MOST_LINES = 20
"""Lines that a sentence names."""

R = TypeVar("R", bound=CsvRow)


class FileImport(SQLModel, table=True):
    """A file's import that has not been carried through."""

    key: str = Field(primary_key=True)
    """Whoever carries it through has claimed this name."""
    kind: str
    hsa_id: str
    """Who imports, and on which unit; both are empty where it is the operator, by name."""
    unit_hsa_id: str
    person: str
    is_whole: int = 0
    """1 once all rows are staged."""


class StagedRows(SQLModel, table=True):
    """Some rows of a file, checked, that have not been applied."""

    import_key: str = Field(primary_key=True, foreign_key="fileimport.key")
    place: int = Field(primary_key=True)
    content: str = Field(sa_type=FreeText)
    """A JSON list; each row as its fields."""


@dataclass(frozen=True)
class Kind(Generic[R]):
    """What a file can hold."""

    name: str
    what: str
    """In Swedish, several of them."""
    row: Callable[..., R]
    carry_out: Callable[[Work, Sequence[R]], Imported]
    """The operation that writes some rows, each of which it looks at as things are then."""


RESIDENTS = Kind("residents", "invånare", ResidentRow, import_residents)
STAFF = Kind("staff", "personer", StaffRow, import_staff)
_KINDS: dict[str, Kind[Any]] = {kind.name: kind for kind in (RESIDENTS, STAFF)}


def import_rows(store: Store, actor: Actor, kind: Kind[R], rows: Sequence[R], progress: Progress = untold) -> Imported:
    """Write the rows of a file without faults; `progress` is told of the second half of the way.

    Raises:
        NotPermitted: the actor may not, or may no more: then it says how many rows were written.
        StoreUnreachable: once all is staged the rest is written when the store is opened next.
    """
    if not rows:
        with store.work(actor) as work:
            return kind.carry_out(work, rows)
    key = uuid4().hex
    with store.engine.claim(key), garbage_left():
        _stage(store, actor, kind, key, rows)
        return _Application(store, actor, kind, key).carry_through(
            lambda done: progress(len(rows) + done, 2 * len(rows))
        )


def finish_imports(store: Store, show: Show) -> tuple[str, ...]:
    """Carry through what was cut off; returns a sentence on each, which names nobody. One under way is left alone."""
    with store.lend() as db:
        keys = db.values("SELECT key FROM fileimport ORDER BY key")
    return tuple(sentence for key in keys for sentence in _finish(store, key, show))


def _stage(store: Store, actor: Actor, kind: Kind[R], key: str, rows: Sequence[R]) -> None:
    staff = actor if isinstance(actor, StaffActor) else None
    header = {
        "key": key,
        "kind": kind.name,
        "hsa_id": (staff and staff.hsa_id) or "",
        "unit_hsa_id": (staff and staff.unit_hsa_id) or "",
        "person": actor.logged_name,
    }
    chunks = [
        {"import_key": key, "place": start, "content": _packed([vars(row) for row in rows[start : start + CHUNK]])}
        for start in range(0, len(rows), CHUNK)
    ]
    with store.work(actor) as work:
        check(kind.carry_out, work)
        work.db.run(_BEGIN, **header)
    at_once = STAGED_AT_ONCE // CHUNK
    for start in range(0, len(chunks), at_once):
        with store.work(actor) as work:
            work.db.insert("stagedrows", chunks[start : start + at_once])
        time.sleep(PAUSE_SECONDS)
    with store.work(actor) as work:
        work.db.run("UPDATE fileimport SET is_whole = 1 WHERE key = :key", key=key)


_BEGIN = (
    "INSERT INTO fileimport (key, kind, hsa_id, unit_hsa_id, person, is_whole)"
    " VALUES (:key, :kind, :hsa_id, :unit_hsa_id, :person, 0)"
)


def _packed(rows: list[dict[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def _take(work: Work, key: str, most: int) -> list[dict[str, Any]]:
    """Take the next rows off what is staged, and the import with its last ones; nothing where it is over."""
    lock = work.for_update("fileimport")
    if not work.db.has(f"SELECT 1 FROM fileimport WHERE key = :key{lock}", key=key):
        return []
    chunks = work.db.pairs(
        "SELECT place, content FROM stagedrows WHERE import_key = :key ORDER BY place LIMIT :limit",
        key=key,
        limit=most // CHUNK + 2,  # the first may have been begun with
    )
    taken: list[dict[str, Any]] = []
    for place, content in chunks:
        rows = json.loads(content)
        free = most - len(taken)
        taken += rows[:free]
        if rows[free:]:
            _put_back(work, key, place, rows[free:])
            return taken
        work.db.run("DELETE FROM stagedrows WHERE import_key = :key AND place = :place", key=key, place=place)
    work.db.run("DELETE FROM fileimport WHERE key = :key", key=key)
    return taken


def _put_back(work: Work, key: str, place: int, rows: list[dict[str, Any]]) -> None:
    work.db.run(
        "UPDATE stagedrows SET content = :content WHERE import_key = :import_key AND place = :place",
        **work.db.sealed("stagedrows", {"import_key": key, "place": place, "content": _packed(rows)}),
    )


def _discard(store: Store, key: str) -> None:
    """Throw away what is staged, in pieces too."""
    gone = 1
    while gone:
        with store.work(SYSTEM, is_long=True) as work:
            gone = work.db.run(
                "DELETE FROM stagedrows WHERE import_key = :key AND place IN"
                " (SELECT place FROM stagedrows WHERE import_key = :key ORDER BY place LIMIT :some)",
                key=key,
                some=STAGED_AT_ONCE // CHUNK,
            )
            if not gone:
                work.db.run("DELETE FROM fileimport WHERE key = :key", key=key)


class _Application(Generic[R]):
    """Applies what is staged, piece by piece."""

    def __init__(self, store: Store, actor: Actor, kind: Kind[R], key: str) -> None:
        self._store = store
        self._actor = actor
        self._kind = kind
        self._key = key
        self._most = FIRST_PIECE
        self._number = 0
        self._left: list[LineFault] = []
        self._fault: Exception | None = None

    def carry_through(self, progress: Callable[[int], None]) -> Imported:
        """Apply all; `progress` is told how many rows are done. See `import_rows` for what it raises."""
        try:
            while self._apply_piece():
                progress(self._number + len(self._left))
                time.sleep(PAUSE_SECONDS)
        except StoreDamaged:
            raise  # what is to be restored may be from before
        except StoreUnreachable as error:
            raise StoreUnreachable(f"{error.message} {REST}") from error
        except NotPermitted as error:
            _discard(self._store, self._key)
            raise NotPermitted(f"{error.message} {STOPPED.format(number=self._number)}") from error
        return Imported(self._number, tuple(self._left), self._fault)

    def _apply_piece(self) -> bool:
        """Apply some rows, fewer of them where one stops the others; returns whether there were any."""
        begun = time.monotonic()
        try:
            with garbage_left(), self._store.work(self._actor, is_long=True) as work:
                begun = time.monotonic()  # what it waited for others is not its own
                taken = _take(work, self._key, self._most)
                imported = self._kind.carry_out(work, [self._kind.row(**row) for row in taken]) if taken else None
        except (StoreUnreachable, NotPermitted):
            raise
        except Exception as error:
            if self._most == 1:
                self._leave_row(error)
            self._most = max(1, self._most // 2)
            return True
        if imported is None:
            return False
        self._number += imported.number
        self._left += imported.skipped
        self._most = rows_for_next(self._most, time.monotonic() - begun)
        return True

    def _leave_row(self, error: Exception) -> None:
        """Take the next row off without applying it, and say so in the log: the others go on."""
        message = error.message if isinstance(error, DomainError) else FAULTY
        if not isinstance(error, DomainError):
            self._fault = self._fault or error
        with self._store.work(self._actor) as work:
            (left,) = _take(work, self._key, 1)
            with work.attempt(declaration_of(self._kind.carry_out), {}):
                work.log(Action.IMPORTED, details=f"rad {left['line']}: {message}", denied="fel")
        self._left.append(LineFault(left["line"], message))


def rows_for_next(most: int, seconds: float) -> int:
    """Return how many rows the next piece may have, after one of at most so many that took so long."""
    return max(1, min(2 * most, int(most * PIECE_SECONDS / max(seconds, 0.001))))


class _CutOff(NamedTuple):
    kind: str
    hsa_id: str
    unit_hsa_id: str
    person: str
    is_whole: bool
    chunks: int


def _finish(store: Store, key: str, show: Show) -> list[str]:
    """Carry an import through that nobody else does; returns what is told of it."""
    with store.engine.claim(key) as is_mine:
        found = _cut_off(store, key) if is_mine else None
        if found is None:
            return []
        kind = _KINDS[found.kind]
        if not found.is_whole:
            _discard(store, key)
            return [CUT_SHORT.format(what=kind.what)]
        total = found.chunks * CHUNK
        try:
            with show("Gör klart en import") as progress:
                actor = _importer(store, found)
                done = _Application(store, actor, kind, key).carry_through(lambda done: progress(done, total))
        except Exception as error:  # whatever else it is, it must not keep the store from being opened
            if isinstance(error, StoreUnreachable) and not isinstance(error, RowDamaged):
                raise
            _discard(store, key)
            why = NO_LONGER if isinstance(error, NotPermitted) else FAULT
            return [GIVEN_UP.format(what=kind.what, why=why)]
    return [" ".join([FINISHED.format(what=kind.what, number=done.number), *_told(done.skipped)])]


def _told(left: Sequence[LineFault]) -> list[str]:
    if not left:
        return []
    lines = ", ".join(str(one.line) for one in left[:MOST_LINES]) + (" …" if len(left) > MOST_LINES else "")
    return [LEFT.format(lines=lines)]


def _cut_off(store: Store, key: str) -> _CutOff | None:
    with store.lend() as db:
        return db.one(
            _CutOff,
            "SELECT kind, hsa_id, unit_hsa_id, person, is_whole,"
            " (SELECT count(*) FROM stagedrows WHERE import_key = key) AS chunks FROM fileimport WHERE key = :key",
            key=key,
        )


def _importer(store: Store, cut_off: _CutOff) -> Actor:
    """Return who imported, as the person is now; raises `NotPermitted` where nobody is that any longer."""
    if not cut_off.hsa_id:
        return replace(OPERATOR, person=cut_off.person)
    return replace(sign_in(store, cut_off.hsa_id, cut_off.unit_hsa_id), is_unattended=True)
