"""Personnummer and samordningsnummer: what people type, what is stored, what is shown (domain.md §2).

No sentence here repeats the number that was typed: sentences are copied into tickets.
"""

from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, Literal, Self
from unicodedata import category

from store.foundation.errors import Refused
from store.foundation.text import plain_dashes

Sex = Literal["kvinna", "man", "flicka", "pojke"]
ADULT_FROM = 18
EXCEPTIONAL_AGE = 110
"""Over this age a number is more likely mistyped, or another century's, than right (ours)."""

MASKED_NAME = "Skyddade personuppgifter"
"""What stands in prints where a protected resident's name would."""
FIRST_YEAR = 1840
"""Ours: personnummer came in 1947, so this allows for 107 years then; it keeps `+` from reaching a century too far."""

_COORDINATION_DAYS = 60

_EMPTY = "Fyll i personnumret, till exempel 19800102-2386."
_FOREIGN_DIGITS = "Skriv personnumret med siffrorna 0–9."
_SEPARATOR = (
    "I ett personnummer får bara bindestreck eller plus stå, och bara före de fyra sista siffrorna, "
    "till exempel 19800102-2386."
)
_INVISIBLE = "Det står ett osynligt tecken i personnumret. Radera det och skriv numret igen."
_RESERVE = (
    "Det ser ut som ett reservnummer. Ett reservnummer har inget nationellt format, och invånaren kan inte logga in "
    "med det. Ange invånarens personnummer eller samordningsnummer."
)
_INTERIM_OR_RESERVE = (
    "En bokstav bland de fyra sista tecknen finns i interimsnummer och i vissa reservnummer, och invånaren kan inte "
    "logga in med något av dem. Ange invånarens personnummer eller samordningsnummer."
)
_LETTERS = "Ett personnummer består bara av siffror, till exempel 19800102-2386."
_LENGTH = "Ett personnummer har tio eller tolv siffror, till exempel 19800102-2386."
_DATE = "Födelsedatumet i personnumret finns inte. Kontrollera år, månad och dag."
_TOO_EARLY = f"Födelseåret i personnumret är före {FIRST_YEAR}. Kontrollera numret, helst skrivet med tolv siffror."
_FUTURE = "Födelsedatumet i personnumret ligger i framtiden. Kontrollera år, månad och dag."
_FUTURE_TEN = (
    "Födelsedatumet i personnumret ligger i framtiden. Kontrollera det, och skriv numret med tolv siffror om personen "
    "fyller hundra år i år eller är äldre."
)
_SERIAL = "De tre siffrorna efter födelsedatumet kan inte vara 000."
_CHECK_DIGIT = "Personnumrets kontrollsiffra stämmer inte. Kontrollera att alla siffror är rätt."


@dataclass(frozen=True, slots=True, order=True)
class PersonalNumber:
    """A personnummer or samordningsnummer: `value` is its twelve digits.

    The constructor trusts its argument (a row from the store); what a person typed goes through `parse`. The value is
    left out of `repr`, so that neither a crash nor a stray f-string prints it.
    """

    value: str = field(repr=False)

    @classmethod
    def parse(cls, text: str, today: date) -> Self:
        """Return the number that was typed or pasted, in any of the six forms of domain.md §2.

        Ten digits mean a person who turns at most 99 this year, or with `+` 100 or more, also where the birth date is
        unknown: the year is always known. In twelve digits the separator is free, and `display` puts it right.

        Raises:
            Refused: with a sentence of its own for each kind of fault, and field `personnummer`.
        """
        digits, separator = _digits(plain_dashes(text).strip())
        value = digits if len(digits) == 12 else _century(digits, separator, today) + digits
        _check_date(cls(value), today, typed_century=len(digits) == 12)
        if value[8:11] == "000":
            raise _refused(_SERIAL)
        if not _check_digit_holds(value):
            raise _refused(_CHECK_DIGIT)
        return cls(value)

    @property
    def is_coordination(self) -> bool:
        """True for a samordningsnummer (day + 60)."""
        return int(self.value[6:8]) >= _COORDINATION_DAYS

    @property
    def birth_date(self) -> date | None:
        """The birth date, or None where a samordningsnummer says that it is unknown (month 00, day 60, 30 February)."""
        day = int(self.value[6:8]) - (_COORDINATION_DAYS if self.is_coordination else 0)
        try:
            return date(int(self.value[:4]), int(self.value[4:6]), day)
        except ValueError:
            return None

    @property
    def sex(self) -> Sex:
        """The sex marker: the last digit of the serial, even for women."""
        return "man" if int(self.value[10]) % 2 else "kvinna"

    def sex_at(self, today: date) -> Sex:
        """Return the sex marker on a day: of a child *flicka* or *pojke*; of an unknown age as of an adult."""
        age = self.age(today)
        if age is None or age >= ADULT_FROM:
            return self.sex
        return "pojke" if self.sex == "man" else "flicka"

    def age(self, today: date) -> int | None:
        """Return whole years, or None where the birth date is unknown; born 29 February: a year older on 1 March."""
        born = self.birth_date
        if born is None:
            return None
        return today.year - born.year - ((today.month, today.day) < (born.month, born.day))

    def display(self, today: date) -> str:
        """Return `ÅÅÅÅMMDD-XXXX`, with `+` from the calendar year in which the person turns 100."""
        return f"{self.value[:8]}{self._separator(today)}{self.value[8:]}"

    def ten_digit(self, today: date) -> str:
        """Return `ÅÅMMDD-XXXX` or `ÅÅMMDD+XXXX`, which `parse` reads back the same year."""
        return self.display(today)[2:]

    def _separator(self, today: date) -> str:
        return "+" if today.year - int(self.value[:4]) >= 100 else "-"


def _refused(sentence: str) -> Refused:
    return Refused(sentence, field="personnummer")


def _digits(text: str) -> tuple[str, str]:
    """Return the ten or twelve digits and the separator (or nothing) before the last four."""
    if not text:
        raise _refused(_EMPTY)
    marks = [at for at, character in enumerate(text) if character in "-+"]
    plain = text.replace("-", "").replace("+", "")
    _check_characters(plain)
    if len(plain) not in (10, 12):
        raise _refused(_LENGTH)
    if marks not in ([], [len(plain) - 4]):
        raise _refused(_SEPARATOR)
    if len(plain) == 12 and plain.startswith("99"):
        raise _refused(_RESERVE)
    return plain, text[marks[0]] if marks else ""


def _check_characters(plain: str) -> None:
    """Refuse all but the digits 0–9; who types a reservnummer or interim number is told what it is."""
    if plain.isascii() and plain.isdigit():
        return
    if any(category(character) in ("Cf", "Cc") for character in plain):
        raise _refused(_INVISIBLE)
    if not all(character.isalnum() for character in plain):
        raise _refused(_SEPARATOR)
    body, last = plain[:-4], plain[-4:]
    letters = sum(character.isalpha() for character in last)
    if letters and len(body) in (6, 8) and body.isascii() and body.isdigit():
        raise _refused(_RESERVE if letters > 1 else _INTERIM_OR_RESERVE)
    if any(character.isalpha() for character in plain):
        raise _refused(_LETTERS)
    if not plain.isascii():
        raise _refused(_FOREIGN_DIGITS)


def _century(ten: str, separator: str, today: date) -> str:
    """Return the first two digits of the year that ten digits mean."""
    year = today.year - (today.year - int(ten[:2])) % 100
    return f"{year - (100 if separator == '+' else 0):04d}"[:2]


def _check_date(number: PersonalNumber, today: date, *, typed_century: bool) -> None:
    year, month, day = int(number.value[:4]), int(number.value[4:6]), int(number.value[6:8])
    if number.birth_date is None and not (month <= 12 and _COORDINATION_DAYS <= day <= _COORDINATION_DAYS + 31):
        raise _refused(_DATE)
    if year < FIRST_YEAR:
        raise _refused(_TOO_EARLY)
    earliest = number.birth_date or date(year, max(month, 1), 1)
    if earliest > today:
        raise _refused(_FUTURE if typed_century else _FUTURE_TEN)


def _check_digit_holds(value: str) -> bool:
    # Only stdnum's mod 10: its `se.personnummer` refuses every samordningsnummer (a day above 31 is no date to it),
    # chooses the century by the machine's clock, and passes over spaces and colons.
    return bool(_luhn().is_valid(value[2:]))


@lru_cache(maxsize=1)
def _luhn() -> Any:
    # Imported here, since stdnum pulls in `ssl` and `pydoc`: 80 ms that the first list on screen can do without.
    from stdnum import luhn

    return luhn
