"""A practice store's clock is moved forward, and what would have happened on the way happens (domain.md §9).

Each night that is passed the day's rules run, and each notice goes when it is due, in order. Notices are taken to be
sent: nothing leaves the machine.
"""

import re
from dataclasses import dataclass

from store.care.day_run import CLOCKS_APART, run_day
from store.care.delivery import claim_notice, notice_sent
from store.care.held_messages import release_due
from store.foundation.access import OPERATOR, Actor, Role
from store.foundation.client_clocks import ask_clocks
from store.foundation.clock import Instant, MovedClock, days_after, days_between, next_hour
from store.foundation.errors import Refused
from store.foundation.progress import Progress, untold
from store.foundation.store import Store
from store.people.channels import CHANNELS
from store.people.sign_in import StaffActor
from store.practice.course_end import erased_on
from store.practice.errors import NotPractice

NIGHT = 4
"""The hour at which the day's rules run on the way, as `sob dygn` does by night."""
MOST_DAYS = 366
"""How far the clock is moved at once."""
MOST_AHEAD = 20 * 366 * 24 * 60 * 60_000
"""Milliseconds that it may stand ahead in all."""

HOUR = 60 * 60_000
_UNITS = {"t": 1, "d": 24, "v": 7 * 24}
_EXAMPLES = "Skriv till exempel +6t, +3d eller +2v, för timmar, dagar eller veckor."
FORWARD = f"Klockan går bara framåt. {_EXAMPLES}"
UNREAD = f"Det går inte att läsa hur långt klockan ska flyttas. {_EXAMPLES}"
TOO_FAR = "Klockan flyttas högst ett år åt gången."
FAR_AHEAD = "Klockan står redan så långt fram som den kan. Gör om övningsmiljön med sob ovning --nollstall."
TO_TRAINER = "I en kurs är det utbildaren som ställer fram klockan, för alla på en gång."
IN_USE = "Någon annan flyttar klockan just nu. Vänta tills den står stilla."


@dataclass(frozen=True)
class ClockMove:
    """What came of moving the clock."""

    at: Instant
    """What it shows now."""
    nights: int
    """How many times the day's rules have run."""
    raised: int
    """Flags that they have raised."""
    sent: int
    """Notices that would have gone."""
    left: int
    """Moments in which a rule could not be carried out, on any day."""

    @property
    def passed(self) -> str:
        """What happened on the way, in words: `3 dygn, 1 flagga, 2 aviseringar`."""
        flags = "flagga" if self.raised == 1 else "flaggor"
        notices = "avisering" if self.sent == 1 else "aviseringar"
        return f"{self.nights} dygn, {self.raised} {flags}, {self.sent} {notices}"


def moved(now: Instant, span: str) -> Instant:
    """Return the instant that `+6t`, `+3d` or `+2v` leads to; days and weeks keep the time of day.

    Raises:
        Refused: it leads back, nowhere or too far, or can't be read.
    """
    word = re.sub(r"\s", "", span).lower()
    if re.fullmatch(r"[-−–]\d+[tdv]", word) or re.fullmatch(r"\+0+[tdv]", word):
        raise Refused(FORWARD, field="klocka")
    found = re.fullmatch(r"\+?(\d+)([tdv])", word, re.ASCII)
    if found is None:
        raise Refused(UNREAD, field="klocka")
    digits, unit = found.groups()
    if len(digits) > 5 or int(digits) * _UNITS[unit] > MOST_DAYS * 24:
        raise Refused(TOO_FAR, field="klocka")
    if int(digits) == 0:
        raise Refused(FORWARD, field="klocka")
    if unit == "t":
        return Instant(now + int(digits) * HOUR)
    return days_after(now, int(digits) * _UNITS[unit] // 24)


def move_clock(
    store: Store, span: str, actor: Actor = OPERATOR, progress: Progress = untold, *, asked_by: Actor | None = None
) -> ClockMove:
    """Move a practice store's clock forward by a span (`moved`).

    Where the way is cut off, by a full disk or a lost database, the clock stands where it had come, and all that
    belongs to the days before has happened.

    Args:
        store: the open practice store.
        span: how far.
        actor: who does it.
        progress: is told of the days.
        asked_by: who wants it, where somebody is signed in.

    Raises:
        NotPractice: in a real store time goes by itself.
        Refused: the span is none; a trainee wants it; somebody else moves the clock; this machine's clock is wrong.
        StoreUnreachable: the database is gone or full.
    """
    clock = store.clock
    if not store.is_practice or not isinstance(clock, MovedClock):
        raise NotPractice
    if is_left_to_trainer(store, asked_by):
        raise Refused(TO_TRAINER, field="klocka")
    with store.engine.claim("klocka") as is_ours:
        if not is_ours:
            raise Refused(IN_USE)
        store.change_no(None)  # how far others have moved it
        until = moved(store.clock(), span)
        if until - store.machine_clock() > MOST_AHEAD:
            raise Refused(FAR_AHEAD, field="klocka")
        if apart := ask_clocks(store):
            raise Refused(CLOCKS_APART.format(apart))
        return _Way(store, clock, actor, until).go(progress)


def is_left_to_trainer(store: Store, asked_by: Actor | None) -> bool:
    """Whether it is a trainee in a course who wants something that is everybody's."""
    with store.lend() as db:
        if erased_on(db) is None:
            return False
    is_trainer = isinstance(asked_by, StaffActor) and Role.TRAINER in asked_by.roles
    return not is_trainer and (asked_by is not None or bool(store.access_log.trainee))


class _Way:
    """The way from now to an instant."""

    def __init__(self, store: Store, clock: MovedClock, actor: Actor, until: Instant) -> None:
        self._store = store
        self._clock = clock
        self._actor = actor
        self._until = until
        self._nights = self._raised = self._sent = 0
        self._left: set[int] = set()

    def go(self, progress: Progress) -> ClockMove:
        """Go from stop to stop."""
        begun = self._clock()
        days = days_between(begun, self._until)
        release_due(self._store, self._actor)  # where that fails the moment is left, and the day's run names it
        self._let_notices_go()
        while (now := self._clock()) < self._until:
            night = next_hour(now, NIGHT)
            due = self._next_notice(now)
            stop = min(self._until, night, due)
            self._put(stop)
            is_news = stop == night and self._run_rules()
            if is_news or stop == due:
                self._let_notices_go()
            progress(days_between(begun, stop), days)
        return ClockMove(self._clock(), self._nights, self._raised, self._sent, len(self._left))

    def _put(self, at: Instant) -> None:
        """Let the clock show an instant, here and at everybody else's."""
        ahead = at - self._clock.kept()
        with self._store.lend_to_write() as db:
            db.run("UPDATE store_info SET clock_ahead = :ahead WHERE clock_ahead < :ahead", ahead=ahead)
        self._clock.ahead = ahead

    def _run_rules(self) -> bool:
        """Run the day's rules; returns whether they raised anything."""
        report = run_day(self._store, self._actor, compare_clocks=False)
        self._nights += 1
        self._raised += report.raised
        self._left |= set(report.left)
        return report.raised > 0

    def _next_notice(self, now: Instant) -> Instant:
        """Return when the next notice is due; the end of the way where none is."""
        with self._store.lend() as db:
            due = db.value("SELECT min(due_at) FROM notice WHERE state = 'vantar' AND due_at > :now", now=now)
        return self._until if due is None else Instant(due)

    def _let_notices_go(self) -> None:
        """Let the notices that are due go, as `sob avisera` would have."""
        with self._store.work(self._actor) as work:
            while notice := claim_notice(work, frozenset(CHANNELS.values())):
                notice_sent(work, notice.id, notice.others)
                self._sent += 1
