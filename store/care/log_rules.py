"""The rules that point out rows of the log beside what was drawn (domain.md §8): one table, each rule in words.

They say what is worth a look, never that something is wrong. A rule is asked of a group: all that one of the staff did
with one resident in a day.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from store.foundation.access import Action, Ground
from store.foundation.clock import local, local_day
from store.foundation.log import DENIED
from store.foundation.log_reading import LogRow
from store.foundation.text import fold

ODD_FROM, ODD_UNTIL = 22, 6
"""The hours in which care by messages and forms is seldom done; a unit that works nights judges by its schedule."""
MANY_RESIDENTS, MANY_MINUTES = 15, 10
"""So many residents opened within so many minutes: more than can be read with care, one every forty seconds."""
ACCESS_REFUSALS = frozenset({"behörighet", "uppdrag", "roll"})
"""Refusals that say somebody tried what they may not; those of a rule or a warning are slips of everyday work."""


class Colleague(NamedTuple):
    """One of the unit's staff, present or former."""

    hsa_id: str
    family_name: str
    given_name: str


@dataclass(frozen=True)
class Surroundings:
    """What the rules need to know beside the rows."""

    staff: Mapping[str, Colleague]
    """By HSA-id in capital letters."""
    protected: frozenset[str] = frozenset()
    """Personnummer of residents with skyddade personuppgifter."""
    ended: Mapping[int, int] = field(default_factory=dict)
    """When moments of the unit ended (UTC milliseconds), by id."""
    hurried: frozenset[int] = frozenset()
    """Ids of rows within a short time in which one opened many residents; see `hurried_rows`."""

    @property
    def names(self) -> frozenset[tuple[str, str]]:
        """Family and given names of the staff, folded."""
        return frozenset((fold(one.family_name), fold(one.given_name)) for one in self.staff.values())


class Group(NamedTuple):
    """What one of the staff did with one resident in a day."""

    actor: str
    """HSA-id in capital letters."""
    number: str
    """Personnummer; as it was typed where a refusal was on nobody."""
    day: str
    """ISO."""
    rows: Sequence[LogRow]

    @property
    def is_listed_only(self) -> bool:
        """Whether the resident only stood in a list that was opened."""
        return all(row.action == Action.LISTED and row.outcome != DENIED for row in self.rows)

    @property
    def resident_names(self) -> tuple[str, str]:
        """The resident's family and given name, folded; empty where the log names nobody."""
        name = next((row.resident_name for row in self.rows if row.resident_name), "")
        family, _, given = name.partition(", ")
        return fold(family), fold(given)


Test = Callable[[Group, Surroundings], bool]


class Rule(NamedTuple):
    """A rule: by what it is stored, how it says why it points at a row, and what it asks."""

    id: str
    words: str
    points_at: Test


def _same_surname(group: Group, around: Surroundings) -> bool:
    person = around.staff.get(group.actor)
    return person is not None and group.resident_names[0] == fold(person.family_name) != ""


def _own_record(group: Group, around: Surroundings) -> bool:
    person = around.staff.get(group.actor)
    return person is not None and group.resident_names == (fold(person.family_name), fold(person.given_name))


def _colleague(group: Group, around: Surroundings) -> bool:
    return group.resident_names in around.names and not _own_record(group, around)


def _protected(group: Group, around: Surroundings) -> bool:
    return group.number in around.protected


def _ended(group: Group, around: Surroundings) -> bool:
    return any(
        row.moment_id is not None and around.ended.get(row.moment_id, row.at) < row.at and row.action != Action.LISTED
        for row in group.rows
    )


def _odd_hours(group: Group, _around: Surroundings) -> bool:
    return any(not ODD_UNTIL <= local(row.at).hour < ODD_FROM for row in group.rows if row.action != Action.LISTED)


def _hurried(group: Group, around: Surroundings) -> bool:
    return any(row.id in around.hurried for row in group.rows)


def _without_own(group: Group, _around: Surroundings) -> bool:
    reasons = (Ground.OWN, Ground.COVER, Ground.PRIORITY, Ground.LOG_REVIEW)
    return any(row.action == Action.READ and row.outcome != DENIED and row.ground not in reasons for row in group.rows)


def _refused(group: Group, _around: Surroundings) -> bool:
    return any(row.outcome == DENIED and row.reason in ACCESS_REFUSALS for row in group.rows)


RULES = (
    Rule("efternamn", "personen och invånaren har samma efternamn", _same_surname),
    Rule("egen", "invånaren heter som personen själv: kan vara de egna uppgifterna", _own_record),
    Rule("kollega", "invånaren heter som någon i personalen: kan vara en kollega", _colleague),
    Rule("skyddad", "invånaren har skyddade personuppgifter", _protected),
    Rule("avslutat", "momentet var avslutat", _ended),
    Rule("tid", f"mellan klockan {ODD_FROM} och {ODD_UNTIL}", _odd_hours),
    Rule("manga", f"minst {MANY_RESIDENTS} invånare öppnades på {MANY_MINUTES} minuter", _hurried),
    Rule("utan-eget", "läst utan eget moment, ställföreträdare eller prioriterad flagga", _without_own),
    Rule("nekat", "försök som nekades", _refused),
)
"""All rules, in the order in which they are told."""

WORDS = {rule.id: rule.words for rule in RULES}


def pointed_out(group: Group, around: Surroundings) -> tuple[str, ...]:
    """Return the ids of the rules that point at a group."""
    if group.is_listed_only:
        return ()
    return tuple(rule.id for rule in RULES if rule.points_at(group, around))


def groups_of(rows: Iterable[LogRow]) -> list[Group]:
    """Return rows of the log by person, resident and day, in the order of their first row."""
    found: dict[tuple[str, str, str], list[LogRow]] = defaultdict(list)
    for row in rows:
        if row.actor_hsa_id and row.personnummer:
            found[row.actor_hsa_id.upper(), row.personnummer, local_day(row.at).isoformat()].append(row)
    return [Group(*key, theirs) for key, theirs in found.items()]


def hurried_rows(rows: Iterable[LogRow]) -> frozenset[int]:
    """Return the ids of rows by which somebody opened at least `MANY_RESIDENTS` within `MANY_MINUTES`."""
    opened: dict[str, list[LogRow]] = defaultdict(list)
    for row in rows:
        is_opened = row.action == Action.READ and row.outcome != DENIED and row.ground != Ground.LOG_REVIEW
        if is_opened and row.actor_hsa_id and row.personnummer:
            opened[row.actor_hsa_id.upper()].append(row)
    return frozenset(id_ for theirs in opened.values() for id_ in _hurried_of(sorted(theirs, key=lambda row: row.at)))


def _hurried_of(rows: Sequence[LogRow]) -> Iterable[int]:
    """Yield the ids of one person's rows, sorted by time, that lie within a window of many residents."""
    first, found = 0, set[int]()
    for last, row in enumerate(rows):
        while row.at - rows[first].at > MANY_MINUTES * 60_000:
            first += 1
        window = rows[first : last + 1]
        if len({one.personnummer for one in window}) >= MANY_RESIDENTS:
            found.update(one.id for one in window)
    return found
