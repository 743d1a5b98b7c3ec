"""Dataexport: who has taken which moments of a program out of the store, for whom and why (domain.md §11).

What is chosen stands in `store.care.export_choice`, and the files are written by `store.export`. Here stand the rows
that are kept of each export, and the log row on each resident: it is in the store before anything about that resident
is in a file.
"""

from collections.abc import Sequence
from typing import NamedTuple

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from store.care.export_choice import Choice, Identity, check_program
from store.foundation.access import Action, Role, Subject
from store.foundation.connection import Connection, columns
from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work

LEFT = "Ett moment lämnade enheten medan det exporterades. Ingen fil är skriven. Gör om exporten."


class DataExport(SQLModel, table=True):
    """An export. One that was cut off has no `finished_at`: its residents are in the log, and no file is left."""

    id: int | None = Field(default=None, primary_key=True)
    unit_id: int = Field(index=True)
    actor_hsa_id: str
    actor_name: str
    begun_at: int = Field(sa_type=BigInteger)
    finished_at: int | None = Field(default=None, sa_type=BigInteger)
    recipient: str
    purpose: str
    program: str
    identity: str
    format: str
    file: str
    """The name, without the folder."""
    key_id: str = ""
    """Which key the pseudonyms were made with; empty where there are none."""
    moments: int = 0


class ExportedMoment(SQLModel, table=True):
    """That a moment is in an export; gone with the moment."""

    __table_args__ = {"sqlite_with_rowid": False}

    moment_id: int = Field(primary_key=True)
    export_id: int = Field(primary_key=True)


class ListedExport(NamedTuple):
    """An export of the unit's, as who exports sees it in a list. Instants are UTC milliseconds."""

    id: int
    begun_at: int
    finished_at: int | None
    """None where it was cut off, or goes on."""
    actor_name: str
    recipient: str
    purpose: str
    program: str
    identity: Identity
    format: str
    file: str
    moments: int


MOST_LISTED = 200


@operation("Se enhetens dataexporter", may={Role.DATA_ADMIN}, action=None)
def list_exports(work: ReadTransaction) -> list[ListedExport]:
    """Return the unit's exports, the latest first; no resident is in them."""
    return work.db.all(
        ListedExport,
        f"SELECT {columns(ListedExport)} FROM dataexport WHERE unit_id = :unit ORDER BY id DESC LIMIT {MOST_LISTED:d}",
        unit=work.actor.unit_id,
    )


class EarlierExport(NamedTuple):
    """An export as a purge names it: who is to be told that the data is gone. Instants are UTC milliseconds."""

    id: int
    finished_at: int
    actor_hsa_id: str
    actor_name: str
    recipient: str
    purpose: str
    program: str
    file: str
    moments: int
    """How many of the moments that were asked about it held."""


@operation("Börja en dataexport", may={Role.DATA_ADMIN}, action=Action.EXPORTED)
def begin_export(work: Work, choice: Choice, form: str, file: str, key_id: str = "") -> int:
    """Note an export that begins; returns its number.

    Args:
        work: the transaction.
        choice: what, to whom, why.
        form: the format's name.
        file: the file's name.
        key_id: which key its pseudonyms are made with.
    """
    check_program(work, choice)
    actor = work.actor
    export = work.add(
        DataExport(
            unit_id=actor.unit_id or 0,
            actor_hsa_id=actor.hsa_id or "",
            actor_name=actor.name,
            begun_at=work.now,
            recipient=choice.recipient,
            purpose=choice.purpose,
            program=choice.program,
            identity=choice.identity.value,
            format=form,
            file=file,
            key_id=key_id,
        )
    )
    said = f"{choice.program}, {choice.life.value}, identitet {choice.identity.value}, {form}, {file}"
    work.log(Action.EXPORTED, details=f"export {export} påbörjad: {said}. {_whom(choice.recipient, choice.purpose)}")
    return export


class _Underway(NamedTuple):
    recipient: str
    purpose: str


@operation("Exportera moment", may={Role.DATA_ADMIN}, action=Action.EXPORTED)
def export_moments(work: Work, export: int, moments: Sequence[int]) -> int:
    """Say in the log whose moments are exported, before they are; returns how many they are.

    Raises:
        NotPermitted: no such export is under way on the unit.
        Refused: a moment is no longer the unit's.
    """
    underway = _underway(work, export)
    whom = _whom(underway.recipient, underway.purpose)
    subjects = _subjects(work, moments)
    if len(subjects) < len(moments):
        raise Refused(LEFT)
    for subject in subjects:
        work.log(Action.EXPORTED, subject, f"export {export}. {whom}")
    if not subjects:
        work.log(Action.EXPORTED, details=f"export {export}: inga moment")
    work.db.run_many(
        "INSERT INTO exportedmoment (moment_id, export_id) VALUES (:moment, :export)",
        [{"moment": subject.moment_id, "export": export} for subject in subjects],
    )
    return len(subjects)


@operation("Avsluta en dataexport", may={Role.DATA_ADMIN}, action=Action.EXPORTED)
def finish_export(work: Work, export: int, moments: int) -> None:
    """Note that an export is whole; its file gets its name after this.

    Raises:
        NotPermitted: no such export is under way on the unit.
    """
    _underway(work, export)
    work.db.run(
        "UPDATE dataexport SET finished_at = :now, moments = :moments WHERE id = :id",
        now=work.now,
        moments=moments,
        id=export,
    )
    work.log(Action.EXPORTED, details=f"export {export} klar: {moments} moment")


def exports_of(db: Connection, moments: Sequence[int]) -> list[EarlierExport]:
    """Return the exports that hold any of the moments, the oldest first; part of operations."""
    found: dict[int, EarlierExport] = {}
    for start in range(0, len(moments), _AT_ONCE):
        among = ", ".join(str(int(moment)) for moment in moments[start : start + _AT_ONCE])
        for one in db.all(EarlierExport, f"{_EARLIER} WHERE e.moment_id IN ({among}) {_EACH}"):
            before = found.get(one.id)
            found[one.id] = one if before is None else one._replace(moments=one.moments + before.moments)
    return [found[number] for number in sorted(found)]


_AT_ONCE = 1000
_EARLIER = (
    "SELECT d.id, d.finished_at, d.actor_hsa_id, d.actor_name, d.recipient, d.purpose, d.program, d.file,"
    " count(*) AS moments FROM exportedmoment e"
    " JOIN dataexport d ON d.id = e.export_id AND d.finished_at IS NOT NULL"
)
_EACH = "GROUP BY d.id, d.finished_at, d.actor_hsa_id, d.actor_name, d.recipient, d.purpose, d.program, d.file"


@operation("Kontrollera nyckeln till pseudonymer", may={Role.DATA_ADMIN}, action=None)
def check_pseudonyms(work: ReadTransaction, recipient: str, key_id: str, *, confirmed: bool = False) -> None:
    """Warn where a recipient has pseudonyms of the unit's that another key made; concerns no resident.

    Raises:
        NeedsConfirmation: the key of those is lost, so that a resident gets another pseudonym now.
    """
    before = work.db.values(
        "SELECT DISTINCT recipient FROM dataexport WHERE unit_id = :unit AND key_id NOT IN ('', :key)"
        " AND finished_at IS NOT NULL",
        unit=work.actor.unit_id,
        key=key_id,
    )
    if not confirmed and same_recipient(recipient) in map(same_recipient, before):
        raise NeedsConfirmation([LOST_KEY.format(recipient=recipient)], field="identitet")


LOST_KEY = (
    "Nyckeln till de pseudonymer som {recipient} har fått förut finns inte här. Invånarna får nya pseudonymer, som "
    "inte går att föra ihop med de förra."
)


def same_recipient(recipient: str) -> str:
    """Return a recipient as it is compared: capital letters and spaces apart it is the same."""
    return " ".join(recipient.split()).casefold()


def _underway(work: Work, export: int) -> _Underway:
    found = work.db.one(
        _Underway,
        "SELECT recipient, purpose FROM dataexport WHERE id = :id AND unit_id = :unit AND actor_hsa_id = :actor"
        " AND finished_at IS NULL",
        id=export,
        unit=work.actor.unit_id,
        actor=work.actor.hsa_id,
    )
    if found is None:
        raise NotPermitted
    return found


class _Subject(NamedTuple):
    resident_id: int
    personnummer: str
    name: str
    moment_id: int


def _subjects(work: ReadTransaction, moments: Sequence[int]) -> list[Subject]:
    if not moments:
        return []
    among = ", ".join(str(int(moment)) for moment in moments)
    rows = work.db.all(
        _Subject,
        "SELECT m.resident_id, r.personnummer, r.family_name || ', ' || r.given_name AS name, m.id AS moment_id"
        f" FROM moment m JOIN resident r ON r.id = m.resident_id WHERE m.id IN ({among})"
        " AND m.unit_id = :unit",
        unit=work.actor.unit_id,
    )
    return [Subject(*row) for row in rows]


def _whom(recipient: str, purpose: str) -> str:
    return f"Mottagare: {recipient}. Ändamål: {purpose}."
