"""Mending what the register says of a resident: names, mobile, e-mail, number (domain.md §2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from store.foundation.access import Action, DataCategory, Role, Standing, Subject
from store.foundation.contact import parse_email, parse_mobile
from store.foundation.errors import NotPermitted, Refused
from store.foundation.events import EventKind
from store.foundation.identity import PersonalNumber
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import clean_name
from store.foundation.work import Work
from store.people.residents import (
    Person,
    change_person,
    check_number,
    find_person,
    hold_register,
    in_pieces,
    person,
)


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
    """Return a resident as the subject on the actor's unit, unless it is another unit's (`others_people`).

    The register is held before it is read, so that what is mended is what the register says.
    """
    hold_register(work)
    work.past_fence("sob_register", resident_id)
    someone = person(work.db, resident_id)
    if someone is None:
        return None
    mine = None if others_people(work, [someone]) else work.actor.unit_id
    return ResidentSubject(someone.id, someone.personnummer, someone.name, unit_id=mine, person=someone)


def others_people(work: ReadTransaction, people: Iterable[Person]) -> frozenset[str]:
    """Return the numbers of those whom the actor's unit may not change.

    A unit may change who has a moment there that has not ended, or no moment anywhere; the operator may change all.
    """
    if Standing.OPERATOR in work.actor.standing(None):
        return frozenset()
    numbers = {one.id: one.personnummer for one in people}
    found: set[str] = set()
    for wanted, named in in_pieces(list(numbers)):
        query = (
            f"SELECT m.resident_id FROM moment m WHERE m.resident_id IN ({wanted}) GROUP BY m.resident_id"
            " HAVING sum(CASE WHEN m.unit_id = :unit AND m.status <> 'avslutat' THEN 1 ELSE 0 END) = 0"
        )
        query = work.asked_past_fence(f"SELECT sob_others(ARRAY[{wanted}])", query)
        others = work.db.values(query, unit=work.actor.unit_id, **named)
        found.update(numbers[int(one)] for one in others)
    return frozenset(found)


@operation(
    "Rätta en invånares uppgifter",
    may={Role.RESIDENT_ADMIN, Standing.OPERATOR},
    action=None,
    category=DataCategory.RECORD,
)
def correct_resident(work: Work, identity: str, correction: Correction) -> None:
    """Mend a resident's data by the number as typed.

    Raises:
        NotPermitted: nobody has the number, or the resident is another unit's.
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
        raise Refused("Inget att ändra: ange vad som ska rättas.", helps=("correct_person",))
    new = apply_changes(work, someone, changes)
    if new.personnummer != someone.personnummer:  # the log names a resident by number: each row leads to the other
        work.log(Action.CHANGED, someone.subject(), details=f"nytt nummer {new.personnummer}")
        work.log(Action.CHANGED, new.subject(), details=f"tidigare nummer {someone.personnummer}")


def apply_changes(work: Work, someone: Person, changes: dict[str, Any]) -> Person:
    """Write the changed columns, the lists' copy of the name, and an event on each moment; returns the new person."""
    work.past_fence("sob_register", someone.id)
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
        raise Refused("Numret kan inte användas här.", field="personnummer")  # never whose it is
    return number.value
