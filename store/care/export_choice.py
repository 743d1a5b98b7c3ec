"""Which moments a dataexport takes: the choice, how many it would hold, and its SQL (domain.md §11)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from store.care.moments import MomentStatus
from store.foundation.access import Role
from store.foundation.clock import Instant, days_after, start_of
from store.foundation.errors import Refused
from store.foundation.identity import PersonalNumber
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.text import clean

LIMIT = 200
"""Characters of a recipient, and of a purpose."""


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


@operation("Se vilka program som kan exporteras", may={Role.DATA_ADMIN}, action=None)
def exportable_programs(work: ReadTransaction) -> list[tuple[str, str]]:
    """Return id and title of the programs that the unit has moments of, by title."""
    return work.db.pairs(
        "SELECT p.program, p.title FROM programversion p WHERE p.id = (SELECT max(v.id) FROM programversion v"
        " WHERE v.program = p.program) AND EXISTS (SELECT 1 FROM moment m WHERE m.unit_id = :unit"
        " AND m.program = p.program) ORDER BY p.sort_title, p.program",
        unit=work.actor.unit_id,
    )


@operation("Räkna vad en dataexport skulle omfatta", may={Role.DATA_ADMIN}, action=None)
def count_export(work: ReadTransaction, choice: Choice) -> Count:
    """Return how much an export would hold; serves nobody.

    Raises:
        Refused: the store has no such program, or there is nothing to export.
    """
    check_program(work, choice)
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


def check_program(work: ReadTransaction, choice: Choice) -> None:
    """Refuse a program that the store does not have."""
    known = work.db.values("SELECT DISTINCT program FROM programversion ORDER BY program")
    if choice.program not in known:
        raise Refused(
            f"Programmet {choice.program} finns inte. De som finns är: {', '.join(known) or 'inga'}.", field="program"
        )
