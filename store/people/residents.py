"""Residents: the register of people in care, and who acts for a child (domain.md §2, §3.1)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Any

from sqlalchemy import text, update
from sqlmodel import Field, SQLModel, col

from store.foundation.access import Actor, Origin, Standing, Subject, Who
from store.foundation.connection import Connection, columns
from store.foundation.errors import InvariantBroken, Refused
from store.foundation.fictional import is_fictional
from store.foundation.identity import PersonalNumber
from store.foundation.reach import Reach
from store.foundation.read_transaction import ReadTransaction
from store.foundation.tables import BYTEWISE, EMPTY, FreeText
from store.foundation.text import search_parts, sort_name
from store.foundation.work import Work
from store.people.channels import NO_CHANNEL
from store.people.resident_keys import give_keys, number_residents

PROXY_BELOW_AGE = 13
"""Guardians act as ombud for children under 13 (FAQ: *upp till 13 år*, read as under 13)."""


PROTECTED_LAST = "~"
"""Sorts after every name."""


class Protection(StrEnum):
    """Skyddade personuppgifter."""

    NONE = ""
    CONFIDENTIALITY = "sekretessmarkering"
    PROTECTED_REGISTRATION = "skyddad-folkbokforing"


PROTECTIONS = tuple(protection.value for protection in Protection if protection)
"""What a column `skydd` may hold."""


class Resident(SQLModel, table=True):
    """Invånare."""

    id: int | None = Field(default=None, primary_key=True)
    personnummer: str = Field(unique=True)
    """Twelve digits."""
    family_name: str
    given_name: str
    sort_name: str = Field(sa_type=BYTEWISE)
    region: str = ""
    """Two-digit county code of the registration; empty where it is not known."""
    mobile: str = Field(default="", sa_type=FreeText)
    email: str = Field(default="", sa_type=FreeText)
    channel: str = NO_CHANNEL
    """How the person receives aviseringar, by name: the own setting in 1177."""
    protection: str = Protection.NONE.value
    entered_by_hand: int = 0
    """1 where a clinician typed the names (*manuellt angivet*)."""
    registered_on: str = Field(default="", sa_column_kwargs={"server_default": EMPTY})
    """ISO date on which the resident came into the register (`entry`): 12 months without a moment count from it."""
    registered_unit_id: int = Field(default=0, sa_column_kwargs={"server_default": text("0")})
    """The unit by which; 0 where it was the operator, or nobody knows."""


class ResidentPart(SQLModel, table=True):
    """A part of a resident's name, folded, that a search may begin. Protected residents have none."""

    __table_args__ = {"sqlite_with_rowid": False}

    part: str = Field(primary_key=True, sa_type=BYTEWISE)
    resident_id: int = Field(primary_key=True, foreign_key="resident.id", index=True)


class Guardian(SQLModel, table=True):
    """Vårdnadshavare of a child."""

    child_id: int = Field(primary_key=True, foreign_key="resident.id")
    guardian_id: int = Field(primary_key=True, foreign_key="resident.id")


@dataclass(frozen=True)
class Person:
    """A resident as the rules see it."""

    id: int
    personnummer: str
    family_name: str
    given_name: str
    region: str
    mobile: str
    email: str
    channel: str
    protection: str
    entered_by_hand: int

    @property
    def number(self) -> PersonalNumber:
        """The identity number."""
        return PersonalNumber(self.personnummer)

    @property
    def name(self) -> str:
        """Efternamn, Förnamn."""
        return f"{self.family_name}, {self.given_name}"

    @property
    def is_protected(self) -> bool:
        """Whether the person has skyddade personuppgifter."""
        return self.protection != Protection.NONE

    @property
    def list_name(self) -> str:
        """What lists sort by; the place of a protected person's row must not tell the name."""
        return PROTECTED_LAST if self.is_protected else sort_name(self.family_name, self.given_name)

    def subject(self, unit_id: int | None = None) -> Subject:
        """Return the person as what an operation touches."""
        return Subject(self.id, self.personnummer, self.name, unit_id=unit_id)


_PERSON = f"SELECT {columns(Person)} FROM resident"


def person(db: Connection, resident_id: int) -> Person | None:
    """Return a resident by id."""
    return db.one(Person, f"{_PERSON} WHERE id = :id", id=resident_id)


def known_person(db: Connection, resident_id: int) -> Person:
    """Return a resident whom the register is bound to hold: a moment, or a notice, names the id."""
    found = person(db, resident_id)
    if found is None:
        raise InvariantBroken(f"resident {resident_id} is not in the register")
    return found


def find_person(work: ReadTransaction, number: PersonalNumber) -> Person | None:
    """Return the resident with the number, locked where the transaction writes."""
    lock = work.for_update("resident")
    work.past_fence("sob_look_up", [number.value])
    return work.db.one(Person, f"{_PERSON} WHERE personnummer = :number{lock}", number=number.value)


def guardians_of(db: Connection, child_id: int) -> list[Person]:
    """Return a child's guardians, the first registered first."""
    return db.all(
        Person,
        f"{_PERSON} JOIN guardian ON guardian_id = id WHERE child_id = :child_id ORDER BY guardian_id",
        child_id=child_id,
    )


def proxies_of(db: Connection, child: Person, today: date) -> list[Person]:
    """Return those who may act as ombud: none where the child or the guardian is protected (FAQ)."""
    age = child.number.age(today)
    if age is None or age >= PROXY_BELOW_AGE or child.is_protected:
        return []
    return [guardian for guardian in guardians_of(db, child.id) if not guardian.is_protected]


def open_proxies(work: ReadTransaction, moment: Subject) -> None:
    """Begin a visit in which those who may be ombud in a moment are shown; see `ReadTransaction.open_visit`."""
    work.open_visit(_proxies_in(moment))


def serve_proxies(work: ReadTransaction, moment: Subject) -> None:
    """Say in the log who may be ombud in a moment: each is a resident, and has a row of its own. Part of operations."""
    proxies = proxies_of(work.db, known_person(work.db, moment.resident_id), work.today)
    named = [replace(one.subject(moment.unit_id), moment_id=moment.moment_id) for one in proxies]
    work.serve(_proxies_in(moment), named)


def _proxies_in(moment: Subject) -> str:
    return f"ombud {moment.moment_id}"


def hold_register(work: ReadTransaction) -> None:
    """Let one transaction at a time add residents and mend them: two may be about to add the same person."""
    work.serialize("register")


def check_number(work: ReadTransaction, number: PersonalNumber) -> None:
    """Refuse a real person's number in a practice environment (domain.md §9)."""
    if work.is_practice:
        check_fictional(number)


def check_fictional(number: PersonalNumber) -> None:
    """Refuse a number that may be a real person's."""
    if not is_fictional(number):
        raise Refused(
            "Övningsmiljön tar bara emot påhittade personnummer (löpnummer 238, 239 eller 980–999, eller ett av "
            "Skatteverkets testnummer). Skriv ett sådant.",
            field="personnummer",
        )


def entry(work: ReadTransaction) -> dict[str, object]:
    """Return the columns that say when, and by which unit, a new resident comes into the register."""
    return {"registered_on": work.today.isoformat(), "registered_unit_id": work.actor.unit_id or 0}


def add_person(work: Work, row: Resident) -> int:
    """Insert a resident, as entered today, and what finds the person; returns the id."""
    for column, value in entry(work).items():
        setattr(row, column, value)
    row.id = next(iter(number_residents(work, 1)), None)
    resident_id = work.add(row)
    work.db.run_many(INDEX, index_parts(resident_id, row.family_name, row.given_name, row.protection))
    give_keys(work, [resident_id])
    return resident_id


def change_person(work: Work, old: Person, changes: dict[str, Any]) -> Person:
    """Update a resident's row and what finds the person; `changes` by column. Returns the person as now written."""
    new = replace(old, **changes)
    columns = {**changes, "sort_name": sort_name(new.family_name, new.given_name)}
    written = work.db.sealed("resident", {**columns, "id": old.id})
    work.execute(update(Resident).where(col(Resident.id) == old.id).values(written))
    work.db.run("DELETE FROM residentpart WHERE resident_id = :id", id=old.id)
    work.db.run_many(INDEX, index_parts(new.id, new.family_name, new.given_name, new.protection))
    return new


INDEX = "INSERT INTO residentpart (part, resident_id) VALUES (:part, :resident_id)"


def index_parts(resident_id: int, family: str, given: str, protection: str | None) -> list[dict[str, object]]:
    """Return the rows of `INDEX`: the parts of a name that a search may begin, none of a protected person's."""
    parts = () if protection else search_parts(family, given)
    return [{"part": part, "resident_id": resident_id} for part in parts]


def people(work: Work, numbers: Sequence[str]) -> dict[str, Person]:
    """Return the residents with these numbers (twelve digits each), locked."""
    found = {}
    lock = work.for_update("resident")
    work.past_fence("sob_look_up", list(numbers))
    for wanted, named in in_pieces(numbers):
        some = work.db.all(Person, f"{_PERSON} WHERE personnummer IN ({wanted}){lock}", **named)
        found.update({one.personnummer: one for one in some})
    return found


_AT_ONCE = 250
"""SQLite binds named parameters in quadratic time."""


def in_pieces(values: Sequence[str | int]) -> Iterator[tuple[str, dict[str, str | int]]]:
    """Yield what stands between the brackets of an SQL `IN`, and its parameters, some of the values at a time."""
    for start in range(0, len(values), _AT_ONCE):
        named = {f"n{place}": value for place, value in enumerate(values[start : start + _AT_ONCE])}
        yield ", ".join(f":{name}" for name in named), named


@dataclass(frozen=True)
class ResidentActor(Actor):
    """The resident, or an ombud for the resident, at the resident's side of the platform."""

    resident_id: int = 0
    is_proxy: bool = False

    @property
    def reach(self) -> Reach:
        """The own rows, on whichever units."""
        return Reach(resident_id=self.resident_id)

    @property
    def origin(self) -> Origin:
        """The resident's side of the platform."""
        return Origin.RESIDENT_PORTAL

    def standing(self, subject: Subject | None, /) -> frozenset[Who]:
        """Return what the person is to its own subject, nothing to others'."""
        if subject is None or subject.resident_id != self.resident_id:
            return frozenset()
        return frozenset({Standing.PROXY if self.is_proxy else Standing.RESIDENT})


def as_resident(db: Connection, someone: Person, today: date) -> ResidentActor:
    """Return the actor at the resident's side: a child's first ombud where there is one, else the resident."""
    proxies = proxies_of(db, someone, today)
    acting = proxies[0] if proxies else someone
    name = f"{acting.given_name} {acting.family_name}"
    return ResidentActor("ombud" if proxies else "invånare", name, resident_id=someone.id, is_proxy=bool(proxies))
