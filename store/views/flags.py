"""The tab *Flaggor och aktivitetsplaner*: a moment's flags, open and handled (domain.md §4)."""

from dataclasses import dataclass, replace
from typing import NamedTuple

from store.care.claims import Taken, taken_in
from store.care.flags import see_flags
from store.care.moments import MomentSubject, moment_subject
from store.foundation.access import Action, DataCategory, Role
from store.foundation.connection import columns
from store.foundation.flag_kinds import FlagKind, Outcome, Severity, rank_in_sql
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work
from store.people.sign_in import StaffActor
from store.views.moment import SEES

CAUTION = (
    "Inga flaggor betyder inte att det inte finns någon risk. I en stor studie hade sju av tio som tog sitt liv svarat "
    "”inte alls” på frågan om självmordstankar. Fråga invånaren."
)
"""Ours, on the tab and beside scores: in a large cohort 71.6 % of those who died by suicide had answered *not at all*
on PHQ-9 item 9 (domain.md §4)."""


class Attempt(NamedTuple):
    """An attempt that did not reach the resident. Instants are UTC milliseconds."""

    flag: int
    at: int
    made_by: str
    note: str
    next_at: int | None


@dataclass(frozen=True)
class FlagRow:
    """A flag as it is shown. Instants are UTC milliseconds; `due_on` is an ISO day or empty."""

    id: int
    kind: FlagKind
    about: str
    severity: Severity
    reason: str
    due_on: str
    raised_at: int
    waiting_since: int
    """When the waiting began, which a rule may have seen later."""
    raised_by: str
    handled_at: int | None
    handled_by: str
    """Empty where a rule closed it."""
    note: str
    outcome: Outcome | None
    """How it went, where that was said."""
    next_attempt_at: int | None
    """When the resident is tried again, after an attempt that reached nobody; None too where that was not said."""
    attempts: tuple[Attempt, ...] = ()
    """The attempts that did not reach the resident, the oldest first."""
    taken: Taken | None = None
    """Who is on it right now."""
    seen: tuple[tuple[str, int], ...] = ()
    """Who has seen a prioriterad flagga, Förnamn Efternamn, and when."""


@dataclass(frozen=True)
class FlagsPage:
    """All that the tab shows of flags: the open ones first, the most urgent first of them; then the latest handled."""

    flags: tuple[FlagRow, ...]
    instruction: str
    """What the unit does at a risk answer; empty where it has not said."""

    @property
    def open(self) -> tuple[FlagRow, ...]:
        """Those that wait."""
        return tuple(flag for flag in self.flags if flag.handled_at is None)


@operation("Öppna flaggor", may=SEES, action=Action.READ, category=DataCategory.FLAGS, on=moment_subject)
def open_flags(work: Work, moment: MomentSubject) -> FlagsPage:
    """Return a moment's flags; a clinician who opens them has seen the priority ones."""
    actor = work.actor
    if isinstance(actor, StaffActor) and Role.CLINICIAN in actor.roles:
        see_flags(work, moment, actor.staff_id)
    return _page(work, moment)


@operation("Läsa flaggor", may=SEES, action=Action.READ, category=DataCategory.FLAGS, on=moment_subject)
def view_flags(work: ReadTransaction, moment: MomentSubject) -> FlagsPage:
    """Return a moment's flags; nobody has seen them by that."""
    return _page(work, moment)


@operation("Läsa om öppna flaggor", may=SEES, action=None, category=DataCategory.FLAGS, on=moment_subject)
def flags_page(work: ReadTransaction, moment: MomentSubject) -> FlagsPage:
    """Return a moment's flags again, as a refresh does; opening them was logged."""
    return _page(work, moment)


def _page(work: ReadTransaction, moment: MomentSubject) -> FlagsPage:
    instruction = work.db.value("SELECT risk_instruction FROM unit WHERE id = :unit", unit=moment.unit_id)
    return FlagsPage(flags_of(work, moment), instruction)


def flags_of(work: ReadTransaction, moment: MomentSubject) -> tuple[FlagRow, ...]:
    """Return a moment's flags, as `FlagsPage` has them; part of operations."""
    seen: dict[int, list[tuple[str, int]]] = {}
    place = {"resident": moment.resident_id, "moment": moment.moment_id}
    for one in work.db.all(_Seen, _SEEN, **place):
        seen.setdefault(one.flag, []).append((one.name, one.at))
    attempts: dict[int, list[Attempt]] = {}
    for attempt in work.db.all(Attempt, _ATTEMPTS, **place):
        attempts.setdefault(attempt.flag, []).append(attempt)
    taken = taken_in(work, moment)
    return tuple(
        replace(
            flag,
            seen=tuple(seen.get(flag.id, ())),
            attempts=tuple(attempts.get(flag.id, ())),
            taken=taken.get(flag.id),
        )
        for flag in work.db.all(FlagRow, _FLAGS, **place)
    )


class _Seen(NamedTuple):
    flag: int
    name: str
    at: int


_FLAGS = (
    f"SELECT {columns(FlagRow)} FROM flag"
    " WHERE resident_id = :resident AND moment_id = :moment"
    " ORDER BY handled_at IS NOT NULL, CASE WHEN handled_at IS NULL THEN"
    f" {rank_in_sql('severity')} ELSE 0 END,"
    " coalesce(handled_at, raised_at) DESC, id DESC"
)
_ATTEMPTS = (
    "SELECT flag_id AS flag, at, made_by, note, next_at FROM flagattempt"
    " WHERE resident_id = :resident AND moment_id = :moment ORDER BY id"
)
_SEEN = (
    "SELECT w.flag_id AS flag, s.given_name || ' ' || s.family_name AS name, w.at"
    " FROM flag f JOIN flagseen w ON w.flag_id = f.id JOIN staff s ON s.id = w.staff_id"
    " WHERE f.resident_id = :resident AND f.moment_id = :moment ORDER BY w.at, s.id"
)
