"""What a trainee's place has for the cast's names: its people, units and residents once more (domain.md §9).

The names are chosen when the place is made, for the exercises that are shipped too, and stored
(`store.people.trainees.TraineeName`); so an exercise is a trainee's own by them, at any time.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import is_dataclass, replace
from datetime import date, timedelta
from typing import Any, TypeVar

from store.foundation.access import Role
from store.foundation.fictional import FICTIONAL_SERIALS, SAFE_NUMBERS, fictional_number
from store.foundation.identity import PersonalNumber
from store.practice.cast import Cast, CastStaff

T = TypeVar("T")

_ALL = "SE2321000040-OVK"
"""What the HSA-ids of trainees begin with."""
_NUMBER = re.compile("[0-9]{12}")


class Own:
    """The names of a place."""

    def __init__(self, names: Mapping[str, str]) -> None:
        """Take the own name for each of the cast's; a personnummer is known with a hyphen in it too."""
        self._names = {**names, **{hyphened(one): hyphened(own) for one, own in names.items() if _is_number(one)}}
        longest_first = sorted(self._names, key=len, reverse=True)
        self._any = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, longest_first))})(?!\w)")

    def of(self, thing: T) -> T:
        """Return a thing with the cast's names replaced in every text that it holds."""
        return self._renamed(thing)  # type: ignore[no-any-return]

    def _renamed(self, thing: Any) -> Any:
        if type(thing) is str:
            return self._any.sub(lambda found: self._names[found[0]], thing) if self._names else thing
        if isinstance(thing, tuple):
            return tuple(self._renamed(one) for one in thing)
        if isinstance(thing, dict):
            return {key: self._renamed(value) for key, value in thing.items()}
        if is_dataclass(thing) and not isinstance(thing, type):
            return replace(thing, **{name: self._renamed(value) for name, value in vars(thing).items()})
        return thing


def trainee_id(number: int) -> str:
    """Return the HSA-id that a trainee signs in by."""
    return f"{_ALL}{number:02}"


def trainee_name(number: int) -> tuple[str, str]:
    """Return a trainee's given name and family name."""
    return "Deltagare", f"{number:02}"


def chosen_names(
    cast: Cast, others: Collection[str], number: int, round_: int, roles: tuple[Role, ...], taken: set[str]
) -> dict[str, str]:
    """Choose the names of a trainee's place.

    Args:
        cast: whoever is there.
        others: HSA-ids and personnummer of the exercises.
        number: the trainee's.
        round_: how many times the trainee has begun.
        roles: the trainee's own; a behandlare has the part, and the residents, of the cast's first.
        taken: the personnummer that are somebody's; those that are chosen become so.
    """
    which = f", deltagare {number}" + (f", omgång {round_}" if round_ > 1 else "")
    named = [*(unit.hsa_id for unit in cast.units), *(one.hsa_id for one in cast.staff)]
    everybody = [*named, *(one.number for one in cast.residents), *others]
    names = more_names(everybody, number, round_, taken) | {unit.name: f"{unit.name}{which}" for unit in cast.units}
    if Role.CLINICIAN in roles and (part := _part(cast)) is not None:
        called = " ".join(trainee_name(number))
        names |= {part.hsa_id: trainee_id(number), part.given_name: called}
        names[f"{part.given_name} {part.family_name}"] = called
    return names


def more_names(those: Iterable[str], number: int, round_: int, taken: set[str]) -> dict[str, str]:
    """Choose names at a trainee's place for HSA-ids and personnummer; `taken` is as for `chosen_names`."""
    suffix = f"K{number:02}" + (f"R{round_}" if round_ > 1 else "")
    each = dict.fromkeys(those)
    own = {hsa_id: f"{hsa_id}{suffix}" for hsa_id in each if not _is_number(hsa_id)}
    return own | dict(_own_numbers(filter(_is_number, each), taken))


def _part(cast: Cast) -> CastStaff | None:
    """Return who is nothing but behandlare on the first unit: whose part a trainee plays."""
    unit = cast.units[0].hsa_id
    return next((one for one in cast.staff if _only_clinician(one, unit)), None)


def _only_clinician(one: CastStaff, unit: str) -> bool:
    return [(post.unit, post.roles, post.active) for post in one.posts] == [(unit, (Role.CLINICIAN,), True)]


def _is_number(name: str) -> bool:
    return _NUMBER.fullmatch(name) is not None


def hyphened(number: str) -> str:
    """Return a personnummer of twelve digits as it is shown."""
    return f"{number[:8]}-{number[8:]}"


def _own_numbers(numbers: Iterable[str], taken: set[str]) -> Iterator[tuple[str, str]]:
    """Yield for each a free number of the same sex, of somebody born that day or soon after."""
    for number in numbers:
        value = PersonalNumber.parse(number, date.max).value
        day, is_coordination = int(value[6:8]), int(value[6:8]) > 60
        born = date(int(value[:4]), int(value[4:6]), day - 60 * is_coordination)
        own = next(
            found
            for found in _same_sex(born, int(value[10]) % 2, is_coordination)
            if found not in taken and found not in SAFE_NUMBERS
        )
        taken.add(own)
        yield number, own


def _same_sex(born: date, parity: int, is_coordination: bool) -> Iterator[str]:
    while True:
        for serial in FICTIONAL_SERIALS:
            if serial % 2 == parity:
                yield fictional_number(born, serial, coordination=is_coordination).value
        born += timedelta(days=1)
