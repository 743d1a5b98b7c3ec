"""Whom a typed personnummer means: the echo before a start, and what is said of the person (domain.md §2, §3.1)."""

from dataclasses import dataclass

from store.care.notices import is_reached, why_unreached
from store.foundation.access import Action, DataCategory, Role
from store.foundation.identity import EXCEPTIONAL_AGE, PersonalNumber
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.people.residents import (
    PROXY_BELOW_AGE,
    Person,
    check_number,
    find_person,
    guardians_of,
    proxies_of,
)


@dataclass(frozen=True)
class Echo:
    """Who the number means, before anything starts: the ten-digit form is ambiguous over a century."""

    number: PersonalNumber
    display: str
    """`ÅÅÅÅMMDD-XXXX`."""
    age: int | None
    sex: str
    name: str | None
    """None where the register does not know the person."""
    is_protected: bool
    said: tuple[str, ...]
    """What the clinician should know, and need not confirm."""


@operation(
    "Slå upp ett personnummer", may={Role.CLINICIAN, Role.RESIDENT_ADMIN}, action=None, category=DataCategory.RECORD
)
def look_up_resident(work: ReadTransaction, identity: str) -> Echo:
    """Return whom a typed number means. An exact hit is a read of that resident, and logged.

    Raises:
        Refused: the number cannot be used; field `personnummer`.
    """
    number = PersonalNumber.parse(identity, work.today)
    check_number(work, number)
    someone = find_person(work, number)
    if someone:
        work.log(Action.READ, someone.subject(work.actor.unit_id))
    return Echo(
        number=number,
        display=number.display(work.today),
        age=number.age(work.today),
        sex=number.sex_at(work.today),
        name=someone.name if someone else None,
        is_protected=bool(someone and someone.is_protected),
        said=_said(work, number, someone),
    )


def _said(work: ReadTransaction, number: PersonalNumber, someone: Person | None) -> tuple[str, ...]:
    """Return what is only said of a resident before a start (domain.md §2, §3.1)."""
    said = []
    age = number.age(work.today)
    if number.birth_date is None:
        said.append("Samordningsnumret saknar känt födelsedatum.")
    if age is not None and age > EXCEPTIONAL_AGE:
        said.append(f"Numret betyder att invånaren är {age} år. Kontrollera århundradet, och att det är rätt person.")
    if someone and someone.is_protected:
        said.append("Invånaren har skyddade personuppgifter. Program kan startas, men inget ombud kan agera.")
    elif age is not None and age < PROXY_BELOW_AGE:
        said.append(_proxy_sentence(work, someone))
    if someone and not is_reached(work, someone.id):
        why = why_unreached(someone.channel, has_proxies=bool(proxies_of(work.db, someone, work.today)))
        said.append(f"{why} Ingen avisering om programmet når fram.")
    return tuple(said)


def _proxy_sentence(work: ReadTransaction, someone: Person | None) -> str:
    guardians = guardians_of(work.db, someone.id) if someone else []
    if guardians and all(guardian.is_protected for guardian in guardians):
        return "Invånaren är under 13 år, men vårdnadshavaren har skyddade personuppgifter och kan inte agera ombud."
    return "Invånaren är under 13 år. Vårdnadshavare kan agera ombud om programmets syfte kräver det."
