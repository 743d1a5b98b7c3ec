"""Dataexport: who has taken which moments of a program out of the store, for whom and why (domain.md §11).

The files themselves are written by `store.export`. Here stand the choice, the rows that are kept of each export, and
the log row on each resident, which is in the store before anything of that resident is in a file.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from store.care.moments import MomentStatus
from store.foundation.access import Action, Role, Subject
from store.foundation.clock import Instant, days_after, start_of
from store.foundation.connection import Connection, columns
from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.foundation.identity import PersonalNumber
from store.foundation.operation import operation
from store.foundation.text import clean
from store.foundation.work import ReadTransaction, Work

LIMIT = 200
"""Characters of a recipient, and of a purpose."""
LEFT = "Ett moment lämnade enheten medan det exporterades. Ingen fil är skriven. Gör om exporten."


class Identity(StrEnum):
    """What stands of who a resident is; the value is the option's."""

    FULL = "full"
    SEX_AND_AGE = "kon-alder"
    PSEUDONYM = "pseudonym"


class Part(StrEnum):
    """What can be chosen beside what is always in; the value is the option's."""

    EVENTS = "handelser"
    PLANS = "planer"
    BATTERY = "matbatteri"
    OTHER_FORMS = "ovriga"


class Life(StrEnum):
    """Which moments: those that go on, in maintenance too, or those that have ended."""

    RUNNING = "pagaende"
    ENDED = "avslutat"

    @property
    def statuses(self) -> tuple[MomentStatus, ...]:
        """The moments' statuses."""
        return (MomentStatus.ENDED,) if self is Life.ENDED else (MomentStatus.RUNNING, MomentStatus.MAINTENANCE)


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


@dataclass(frozen=True)
class Choice:
    """What is exported, to whom and why."""

    program: str
    life: Life
    identity: Identity
    recipient: str
    purpose: str
    parts: frozenset[Part] = frozenset()
    first: date | None = None
    """Moments that were started on this day or later."""
    last: date | None = None
    """And on this day or earlier."""
    numbers: tuple[PersonalNumber, ...] = ()
    """Of these residents alone; empty for all."""
    reveals: bool = False
    """Whether residents with skyddade personuppgifter are in."""


class Count(NamedTuple):
    """What an export would hold."""

    title: str
    """The program's."""
    moments: int
    residents: int
    protected: int
    """Moments of residents with skyddade personuppgifter, in or left out as is chosen."""


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


@operation("Se vilka program som kan exporteras", may={Role.DATA_ADMIN}, action=None)
def exportable_programs(work: ReadTransaction) -> list[tuple[str, str]]:
    """Return id and title of the programs that the unit has moments of, by title."""
    return work.db.pairs(
        "SELECT p.program, p.title FROM programversion p WHERE p.id = (SELECT max(v.id) FROM programversion v"
        " WHERE v.program = p.program) AND EXISTS (SELECT 1 FROM moment m WHERE m.unit_id = :unit"
        " AND m.program = p.program) ORDER BY p.sort_title, p.program",
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


def text_given(text: str, field: str, *, what: str) -> str:
    """Return a recipient or a purpose; raises `Refused` where there is none, or it is too long."""
    found = clean(text, multiline=False, limit=LIMIT, field=field).strip()
    if not found:
        raise Refused(f"Ange {what}.", field=field)
    return found


def check_period(first: date | None, last: date | None) -> None:
    """Raise `Refused` for a period that ends before it begins."""
    if first is not None and last is not None and last < first:
        raise Refused(
            f"Perioden slutar ({last.isoformat()}) före den börjar ({first.isoformat()}). Byt plats på dagarna.",
            field="till-och-med",
        )


@operation("Räkna vad en dataexport skulle omfatta", may={Role.DATA_ADMIN}, action=None)
def count_export(work: ReadTransaction, choice: Choice) -> Count:
    """Return how much an export would hold; serves nobody.

    Raises:
        Refused: the store has no such program, or there is nothing to export.
    """
    _check_program(work, choice)
    titles = work.db.value(
        "SELECT title FROM programversion WHERE program = :program ORDER BY id DESC LIMIT 1", program=choice.program
    )
    condition = Wanted(choice, work.actor.unit_id or 0)
    found = work.db.all(
        _Counted,
        "SELECT r.protection <> '' AS is_protected, count(*) AS moments, count(DISTINCT m.resident_id) AS residents"
        f" FROM moment m JOIN resident r ON r.id = m.resident_id WHERE {condition.but_protection}"
        " GROUP BY r.protection <> ''",
        **condition.values,
    )
    shown = [one for one in found if choice.reveals or not one.is_protected]
    protected = sum(one.moments for one in found if one.is_protected)
    if not shown:
        raise Refused(_empty(choice, protected), field="status")
    return Count(titles, sum(one.moments for one in shown), sum(one.residents for one in shown), protected)


class _Counted(NamedTuple):
    is_protected: bool
    moments: int
    residents: int


def _empty(choice: Choice, protected: int) -> str:
    if protected:
        return (
            "Alla moment i urvalet är invånares med skyddade personuppgifter, och de lämnas utanför. Ingenting "
            "exporteras."
        )
    kind = "avslutade" if choice.life is Life.ENDED else "pågående"
    return f"Inga {kind} moment på enheten stämmer med urvalet. Kontrollera program, period och personnummer."


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
    _check_program(work, choice)
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


class Wanted:
    """Which moments are chosen, in SQL on a moment `m` and its resident `r`, with the values of its parameters."""

    def __init__(self, choice: Choice, unit: int) -> None:
        """Choose among the moments of a unit, by its id."""
        found = dict(_conditions(choice))
        self.values: dict[str, object] = {"unit": unit, "program": choice.program}
        for values in found.values():
            self.values.update(values)
        self.but_protection = " AND ".join(("m.unit_id = :unit", "m.program = :program", *found))
        """Also those that are left out since they are protected."""
        self.sql = self.but_protection + ("" if choice.reveals else " AND r.protection = ''")


def _conditions(choice: Choice) -> Iterator[tuple[str, dict[str, object]]]:
    among = ", ".join(f"'{status.value}'" for status in choice.life.statuses)
    yield f"m.status IN ({among})", {}
    if choice.first is not None:
        yield "m.started_at >= :first", {"first": start_of(choice.first)}
    if choice.last is not None:
        yield "m.started_at < :beyond", {"beyond": days_after(Instant(start_of(choice.last)), 1)}
    if choice.numbers:
        named: dict[str, object] = {f"n{place}": number.value for place, number in enumerate(choice.numbers)}
        yield f"r.personnummer IN ({', '.join(f':{name}' for name in named)})", named


def _check_program(work: ReadTransaction, choice: Choice) -> None:
    """Refuse a program that the store does not have."""
    known = work.db.values("SELECT DISTINCT program FROM programversion ORDER BY program")
    if choice.program not in known:
        raise Refused(
            f"Programmet {choice.program} finns inte. De som finns är: {', '.join(known) or 'inga'}.", field="program"
        )


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
