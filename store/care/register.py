"""Mending what the register says of a resident: names, mobile, e-mail, number (domain.md §2)."""

from dataclasses import dataclass
from typing import Any

from store.foundation.access import Action, DataCategory, Role, Standing, Subject
from store.foundation.contact import parse_email, parse_mobile
from store.foundation.errors import NotPermitted, Refused
from store.foundation.events import EventKind
from store.foundation.identity import PersonalNumber
from store.foundation.operation import operation
from store.foundation.text import clean_name
from store.foundation.work import ReadTransaction, Work
from store.people.residents import Person, change_person, check_number, find_person, hold_register, person


@dataclass(frozen=True)
class Correction:
    """What is to be mended, as typed; None leaves it as it is, an empty mobile or e-mail takes it away."""

    family_name: str | None = None
    given_name: str | None = None
    mobile: str | None = None
    email: str | None = None
    number: str | None = None
    """A new identity number (samordningsnummer → personnummer)."""


@dataclass(frozen=True, kw_only=True)
class ResidentSubject(Subject):
    """A resident with what the register says of it."""

    person: Person


def resident_subject(work: ReadTransaction, resident_id: int) -> ResidentSubject | None:
    """Return a resident as the subject on the actor's unit: where it has a moment, or where nobody has.

    The register is held before it is read, so that what is mended is what the register says.
    """
    hold_register(work)
    someone = person(work.db, resident_id)
    if someone is None:
        return None
    units = set(work.db.values("SELECT DISTINCT unit_id FROM moment WHERE resident_id = :id", id=resident_id))
    mine = work.actor.unit_id if not units or work.actor.unit_id in units else None
    return ResidentSubject(someone.id, someone.personnummer, someone.name, unit_id=mine, person=someone)


@operation(
    "Rätta en invånares uppgifter",
    may={Role.RESIDENT_ADMIN, Standing.OPERATOR},
    action=None,
    category=DataCategory.RECORD,
)
def correct_resident(work: Work, identity: str, correction: Correction) -> None:
    """Mend a resident's data by the number as typed.

    Raises:
        NotPermitted: nobody has the number, or only other units do.
        Refused: a value is wrong, nothing is to be changed, or the new number is somebody else's.
    """
    hold_register(work)
    someone = find_person(work, PersonalNumber.parse(identity, work.today))
    if someone is None:
        raise NotPermitted
    correct_person(work, someone.id, correction)


@operation(
    "Rätta en invånares uppgifter i registret",
    may={Role.RESIDENT_ADMIN, Standing.OPERATOR},
    action=Action.CHANGED,
    category=DataCategory.RECORD,
    on=resident_subject,
)
def correct_person(work: Work, resident: ResidentSubject, correction: Correction) -> None:
    """Mend a resident's data; every moment of the resident gets an event. A new number gets a log row of its own."""
    someone = resident.person
    changes = _changes(work, someone, correction)
    if not changes:
        raise Refused("Inget att ändra: ange vad som ska rättas.")
    new = apply_changes(work, someone, changes)
    if new.personnummer != someone.personnummer:  # the log names a resident by number: each row leads to the other
        work.log(Action.CHANGED, someone.subject(), details=f"nytt nummer {new.personnummer}")
        work.log(Action.CHANGED, new.subject(), details=f"tidigare nummer {someone.personnummer}")


def apply_changes(work: Work, someone: Person, changes: dict[str, Any]) -> Person:
    """Write the changed columns, the lists' copy of the name, and an event on each moment; returns the new person."""
    new = change_person(work, someone, changes)
    work.db.run("UPDATE moment SET sort_name = :name WHERE resident_id = :id", name=new.list_name, id=someone.id)
    for moment_id, unit_id in work.db.pairs("SELECT id, unit_id FROM moment WHERE resident_id = :id", id=someone.id):
        touched = Subject(someone.id, someone.personnummer, someone.name, moment_id, unit_id)
        work.event(touched, EventKind.RESIDENT_CORRECTED, columns=sorted(changes))
    return new


def _changes(work: Work, someone: Person, asked: Correction) -> dict[str, Any]:
    """Return the columns that really change."""
    new: dict[str, Any] = {}
    if asked.family_name is not None:
        new["family_name"] = clean_name(asked.family_name, "efternamn")
    if asked.given_name is not None:
        new["given_name"] = clean_name(asked.given_name, "fornamn")
    if asked.mobile is not None:
        new["mobile"] = parse_mobile(asked.mobile) if asked.mobile else ""
    if asked.email is not None:
        new["email"] = parse_email(asked.email) if asked.email else ""
    if asked.number is not None:
        new["personnummer"] = _free_number(work, someone, asked.number)
    return {name: value for name, value in new.items() if value != getattr(someone, name)}


def _free_number(work: Work, someone: Person, typed: str) -> str:
    number = PersonalNumber.parse(typed, work.today)
    check_number(work, number)
    other = find_person(work, number)
    if other is not None and other.id != someone.id:
        raise Refused("Det nya numret tillhör redan en annan invånare i registret.", field="personnummer")
    return number.value
