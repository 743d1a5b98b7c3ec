"""Flaggor: what somebody must look at, why, and what was done about it (domain.md §4).

A prioriterad flagga is closed only by a person with a note and an outcome; every clinician of the unit sees it. The
others a rule may close again. Nothing is deleted. One cause raises one flag; what a rule closed, and finds anew, is
raised again.
"""

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import BigInteger, Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from store.care.drafts import WRITERS
from store.care.flag_attempts import note_attempt
from store.care.moments import (
    MOMENT_COLUMNS,
    UNTIL_ENDED,
    MomentSubject,
    change_moment,
    moment_subject,
)
from store.care.notices import NoticeKind, notify_clinicians
from store.care.read_state import set_answer_read
from store.foundation.access import SYSTEM, Action, DataCategory, Standing
from store.foundation.clock import Instant, start_of
from store.foundation.coming_day import check_coming_day
from store.foundation.errors import Refused
from store.foundation.events import EventKind
from store.foundation.flag_kinds import NO_FLAG, About, FlagKind, Outcome, Severity
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.tables import FreeText, of_moment
from store.foundation.text import clean
from store.foundation.upsert import insert_missing
from store.foundation.work import Work

TEXT_LIMIT = 500
NOTE_LIMIT = 2_000


class Flag(SQLModel, table=True):
    """A flag. `about` is what it came from: an answer's, conversation's or plan's id, a form, a module."""

    __table_args__ = (
        UniqueConstraint("moment_id", "cause"),
        Index("flag_moment", "resident_id", "moment_id", "handled_at"),
        Index("flag_unit", "unit_id", "severity", "handled_at"),
    )

    id: int | None = Field(default=None, primary_key=True)
    resident_id: int = Field(foreign_key="resident.id")
    moment_id: int = Field(foreign_key="moment.id")
    unit_id: int = Field(foreign_key="unit.id")
    kind: str
    about: str
    cause: str
    """The very thing that raised it: no other flag of the moment has the same. One that a rule closed lets go of it."""
    severity: str
    reason: str = Field(sa_type=FreeText)
    due_on: str = ""
    """ISO day from which one raised by hand is a matter; empty for at once, and nothing to a prioriterad one."""
    raised_at: int = Field(sa_type=BigInteger)
    waiting_since: int = Field(default=0, sa_type=BigInteger, sa_column_kwargs={"server_default": "0"})
    """When the waiting began: the silence, the missing form, the day of one by hand; not when a rule saw it."""
    raised_by: str = ""
    """Who raised it by hand; empty for a rule."""
    handled_at: int | None = Field(default=None, sa_type=BigInteger)
    handled_by: str = ""
    """Empty for a rule."""
    note: str = Field(default="", sa_type=FreeText)
    """What was done, or why the rule closed it."""
    outcome: str | None = None
    """The `Outcome` it was handled with; None for a rule, where none was given, and before there were any."""
    attempts: int = Field(default=0, sa_column_kwargs={"server_default": "0"})
    """How often somebody has tried and not reached the resident."""
    next_attempt_at: int | None = Field(default=None, sa_type=BigInteger)
    """When that is tried again."""


class FlagSeen(SQLModel, table=True):
    """That a clinician has seen a prioriterad flagga: seen is not handled."""

    flag_id: int = Field(primary_key=True, foreign_key="flag.id")
    staff_id: int = Field(primary_key=True, foreign_key="staff.id")
    at: int = Field(sa_type=BigInteger)
    unit_id: int = of_moment()


@dataclass(frozen=True)
class FlagSubject(MomentSubject):
    """A flag with its moment, which is watched only while this very flag is prioriterad and open."""

    flag_id: int = 0
    severity: Severity = Severity.NOTE
    is_open: bool = False


@dataclass(frozen=True)
class Cause:
    """What a rule has found. `key` tells it from every other cause in the moment."""

    kind: FlagKind
    severity: Severity
    reason: str
    about: str = ""
    key: str = ""
    since: int | None = None
    """When the waiting began, UTC milliseconds; None for when it is raised."""

    @property
    def stored(self) -> str:
        """The flag's `cause`."""
        return self.kind.cause(self.key or self.about)


def flag_subject(work: ReadTransaction, flag: int) -> FlagSubject | None:
    """Return a flag with its moment, both locked where the transaction writes; None where there is no such flag."""
    found = work.db.one(
        FlagSubject,
        f"SELECT {MOMENT_COLUMNS}, f.id AS flag_id, f.severity, f.handled_at IS NULL AS is_open FROM flag f"
        " JOIN moment m ON m.id = f.moment_id JOIN resident r ON r.id = m.resident_id"
        f" WHERE f.id = :id{work.for_update('m, f')}",
        id=flag,
    )
    return found and replace(found, is_watched=found.is_open and found.severity is Severity.PRIORITY)


@operation(
    "Sätta en egen flagga",
    may=WRITERS,
    action=Action.CHANGED,
    category=DataCategory.FLAGS,
    event=True,
    on=moment_subject,
    statuses=UNTIL_ENDED,
)
def add_flag(
    work: Work, moment: MomentSubject, text: str, *, severity: Severity = Severity.WARNING, due_on: date | None = None
) -> int:
    """Raise a flag by hand; returns its id.

    Args:
        moment: the moment's id.
        text: why.
        severity: how urgent it is.
        due_on: the day from which it is a matter; None for at once. A prioriterad one is so at once in any case.

    Raises:
        Refused: the text is empty, the day has passed, or the moment is ended.
    """
    text = clean(text, multiline=False, limit=TEXT_LIMIT, field="text").strip()
    if not text:
        raise Refused("Flaggan behöver en text. Skriv vad den ska påminna om.", field="text")
    if due_on is not None:
        check_coming_day(due_on, work.today, field="datum")
    number = work.db.value(
        "SELECT count(*) FROM flag WHERE moment_id = :moment AND kind = :kind",
        moment=moment.moment_id,
        kind=FlagKind.MANUAL.value,
    )
    since = start_of(due_on) if due_on and severity is not Severity.PRIORITY else work.now
    cause = Cause(FlagKind.MANUAL, severity, text, key=str(number + 1), since=max(work.now, since))
    flag = _insert(work, moment, cause, due_on=due_on.isoformat() if due_on else "", raised_by=work.actor.name)
    work.event(moment, EventKind.FLAG_RAISED, flag=flag, severity=severity.value, of=FlagKind.MANUAL.value)
    _count(work, moment)
    if severity is Severity.PRIORITY:
        notify_clinicians(work, moment, NoticeKind.STAFF_PRIORITY)
    return flag


@operation(
    "Hantera en flagga",
    may=WRITERS | {Standing.WATCHING},
    action=Action.CHANGED,
    category=DataCategory.FLAGS,
    event=True,
    on=flag_subject,
)
def handle_flag(
    work: Work, flag: FlagSubject, note: str, *, outcome: Outcome | None = None, next_attempt: Instant | None = None
) -> None:
    """Close a flag with a note on what was done. Of one that isn't theirs, clinicians may close a priority flag alone.

    Who was not reached is tried again: that outcome notes an attempt, and the flag stays open. The events' facts are
    `flag` and `severity`, with the `outcome`'s value where there is one (`FLAG_HANDLED`), else `note_attempt`'s.

    Args:
        work: the transaction.
        flag: the flag's id.
        note: what was done, or tried.
        outcome: how it went; None is *nådde* of a prioriterad flagga, and nothing of another.
        next_attempt: when it is tried again, with `Outcome.NOT_REACHED` only; None where that is not decided.

    Raises:
        Refused: the note is empty, the flag is handled already, or the next attempt is not to come.
    """
    note = clean(note, multiline=True, limit=NOTE_LIMIT, field="anteckning").strip()
    if not note:
        raise Refused("Skriv vad som har gjorts. Utan anteckning hanteras ingen flagga.", field="anteckning")
    if not flag.is_open:
        raise Refused("Flaggan är redan hanterad.")
    if outcome is Outcome.NOT_REACHED:
        note_attempt(work, flag, flag.flag_id, note, next_attempt)
        return
    if next_attempt is not None:
        raise Refused("Nästa försök anges bara när invånaren inte nåddes.", field="nasta")
    if outcome is None and flag.severity is Severity.PRIORITY:
        outcome = Outcome.REACHED
    _close(work, flag, flag.flag_id, work.actor.name, note, outcome)
    said = {"outcome": outcome.value} if outcome else {}
    work.event(flag, EventKind.FLAG_HANDLED, flag=flag.flag_id, severity=flag.severity.value, **said)
    _count(work, flag)
    _read_source(work, flag)


def raise_flag(work: Work, moment: MomentSubject, cause: Cause) -> bool:
    """Raise a flag by a rule; returns False where the same cause has one that is open, or that somebody handled."""
    known = work.db.has(
        "SELECT 1 FROM flag WHERE moment_id = :moment AND cause = :cause",
        moment=moment.moment_id,
        cause=cause.stored,
    )
    if known:
        return False
    flag = _insert(work, moment, cause)
    facts = {"flag": flag, "severity": cause.severity.value, "of": cause.kind.value, "reason": cause.reason}
    work.event_by(SYSTEM, moment, EventKind.FLAG_RAISED, **facts)
    _count(work, moment)
    if cause.severity is Severity.PRIORITY:
        notify_clinicians(work, moment, NoticeKind.STAFF_PRIORITY)
    return True


def close_flags(work: Work, moment: MomentSubject, *kinds: FlagKind, about: str | None = None, why: str) -> None:
    """Close by a rule what it no longer finds, with that reason; never a prioriterad flagga."""
    if not moment.open_flags:
        return
    named = {f"k{place}": kind.value for place, kind in enumerate(kinds)}
    rows = work.db.pairs(
        "SELECT id, severity FROM flag WHERE resident_id = :resident AND moment_id = :moment AND handled_at IS NULL"
        f" AND severity <> :priority AND kind IN ({', '.join(f':{name}' for name in named)})"
        " AND (:about = '' OR about = :about) ORDER BY id",
        resident=moment.resident_id,
        moment=moment.moment_id,
        priority=Severity.PRIORITY.value,
        about=about or "",
        **named,
    )
    for flag, severity in rows:
        _close(work, moment, flag, "", why)
        work.event_by(SYSTEM, moment, EventKind.FLAG_CLOSED, flag=flag, severity=severity, reason=why)
    if rows:
        _count(work, moment)


def reopen_flags(work: Work, moment: MomentSubject, closed_at: int, *kinds: FlagKind) -> None:
    """Open again what a rule closed at an instant: what it followed from is undone."""
    named = {f"k{place}": kind.value for place, kind in enumerate(kinds)}
    reopened = work.db.run(
        "UPDATE flag SET handled_at = NULL, note = '', cause = replace(cause, '#' || id, '')"
        " WHERE resident_id = :resident AND moment_id = :moment AND handled_at = :at AND handled_by = ''"
        f" AND kind IN ({', '.join(f':{name}' for name in named)})",
        resident=moment.resident_id,
        moment=moment.moment_id,
        at=closed_at,
        **named,
    )
    if reopened:
        _count(work, moment)


def see_flags(work: Work, moment: MomentSubject, staff_id: int) -> None:
    """Note that a clinician has seen the moment's open priority flags; the first time counts."""
    work.db.run(
        insert_missing(
            "flagseen",
            ["flag_id", "staff_id", "at"],
            "SELECT id, :staff, :now FROM flag"
            " WHERE resident_id = :resident AND moment_id = :moment AND severity = :priority AND handled_at IS NULL",
        ),
        staff=staff_id,
        now=work.now,
        resident=moment.resident_id,
        moment=moment.moment_id,
        priority=Severity.PRIORITY.value,
    )


def _read_source(work: Work, flag: FlagSubject) -> None:
    """Mark the answer that a handled flag came from as read; who is there for the priority flags alone reads nothing.

    So the matter is done, and does not come back as an unread form (domain.md §4).
    """
    if not work.actor.standing(flag) & WRITERS:
        return
    kind, about = work.db.pair("SELECT kind, about FROM flag WHERE id = :id", id=flag.flag_id) or ("", "")
    if FlagKind(kind).facts.about is About.ANSWER:
        set_answer_read(work, flag, int(about))


def _insert(work: Work, moment: MomentSubject, cause: Cause, *, due_on: str = "", raised_by: str = "") -> int:
    return work.add(
        Flag(
            resident_id=moment.resident_id,
            moment_id=moment.moment_id,
            unit_id=moment.unit_id,
            kind=cause.kind.value,
            about=cause.about,
            cause=cause.stored,
            severity=cause.severity.value,
            reason=cause.reason,
            due_on=due_on,
            raised_at=work.now,
            waiting_since=work.now if cause.since is None else cause.since,
            raised_by=raised_by,
        )
    )


def _close(work: Work, moment: MomentSubject, flag: int, by: str, note: str, outcome: Outcome | None = None) -> None:
    work.db.run(
        "UPDATE flag SET handled_at = :now, handled_by = :by, note = :note, outcome = :outcome, next_attempt_at = NULL,"
        " cause = cause || :let_go WHERE id = :id",
        now=work.now,
        by=by,
        **work.db.sealed("flag", {"id": flag, "resident_id": moment.resident_id, "note": note}),
        outcome=outcome and outcome.value,
        let_go="" if by else f"#{flag}",
    )


def _count(work: Work, moment: MomentSubject) -> None:
    """Keep what the lists show of the moment's flags."""
    rows = work.db.pairs(
        "SELECT severity, count(*) FROM flag WHERE resident_id = :resident AND moment_id = :moment"
        " AND handled_at IS NULL GROUP BY severity",
        resident=moment.resident_id,
        moment=moment.moment_id,
    )
    numbers = {Severity(severity): int(number) for severity, number in rows}
    change_moment(
        work,
        moment,
        open_flags=sum(numbers.values()),
        priority_flags=numbers.get(Severity.PRIORITY, 0),
        severity_rank=min((severity.rank for severity in numbers), default=NO_FLAG),
    )
