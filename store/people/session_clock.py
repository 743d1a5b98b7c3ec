"""How long a sign-in to a real store lasts (domain.md §13): plain SQL, for it is asked in every transaction."""

from enum import StrEnum
from typing import NamedTuple

from store.foundation.clock import Instant
from store.foundation.connection import Connection
from store.foundation.errors import NotPermitted

LOCK_MINUTES = 15
"""Minutes without a key after which the screen is covered, unless a unit has its own."""
IDLE_MINUTES = 60
"""Minutes without a key after which a session is over, unless a unit has its own."""
MOST_HOURS = 12
"""Hours after which a session is over, whoever works in it."""

_MINUTE = 60_000


class Over(StrEnum):
    """Why a session is over; the value is stored."""

    SIGNED_OUT = "utloggad"
    IDLE = "overksam"
    AGE = "for-gammal"
    INACTIVATED = "inaktiverad"
    RESET = "nollstalld"
    RESTORED = "aterstalld"


_SENTENCES = {
    Over.SIGNED_OUT: "Du är utloggad.",
    Over.IDLE: "Du är utloggad: ingenting har hänt på länge.",
    Over.AGE: f"Du är utloggad: en inloggning gäller i {MOST_HOURS} timmar.",
    Over.INACTIVATED: "Du är utloggad: ditt uppdrag är inaktiverat.",
    Over.RESET: "Du är utloggad: ditt konto har nollställts.",
    Over.RESTORED: "Du är utloggad: databasen har återställts från en säkerhetskopia.",
}


class SessionOver(NotPermitted):
    """The session has ended, or there was none."""

    kind = "session"

    def __init__(self, why: Over = Over.SIGNED_OUT) -> None:
        super().__init__(f"{_SENTENCES[why]} Logga in igen.")
        self.why = why


class Clocks(NamedTuple):
    """When a session began and when a key was pressed in it last, and after how many minutes without one it ends."""

    began_at: Instant
    seen_at: Instant
    idle_minutes: int

    def over(self, now: Instant) -> Over | None:
        """Return why the session is over; None where it is not."""
        if now - self.began_at >= MOST_HOURS * 60 * _MINUTE:
            return Over.AGE
        return Over.IDLE if now - self.seen_at >= self.idle_minutes * _MINUTE else None


class _Session(NamedTuple):
    staff_id: int
    began_at: int
    seen_at: int
    ended: str
    idle_minutes: int | None


def require_open_session(db: Connection, session: str, staff_id: int, unit_id: int | None, now: Instant) -> None:
    """Raise `SessionOver` where a session is over, is not the person's, or was never there.

    The idle time is that of the unit on which the person works.
    """
    row = db.one(
        _Session,
        "SELECT s.staff_id, s.began_at, s.seen_at, s.ended,"
        " (SELECT u.idle_minutes FROM unit u WHERE u.id = :unit) AS idle_minutes"
        " FROM staffsession s WHERE s.id = :session",
        session=session,
        unit=unit_id,
    )
    if row is None or row.staff_id != staff_id:
        raise SessionOver
    if row.ended:
        raise SessionOver(Over(row.ended))
    why = Clocks(Instant(row.began_at), Instant(row.seen_at), row.idle_minutes or IDLE_MINUTES).over(now)
    if why is not None:
        raise SessionOver(why)


def see_session(db: Connection, session: str, now: Instant) -> None:
    """Take note that somebody is there: a key was pressed, or a command given. It wakes nothing that is over."""
    db.run(
        "UPDATE staffsession SET seen_at = :now WHERE id = :session AND ended = '' AND seen_at < :now",
        session=session,
        now=now,
    )


def end_sessions(db: Connection, staff_id: int, why: Over, now: Instant) -> None:
    """End all of a person's sessions; part of operations."""
    db.run(
        "UPDATE staffsession SET ended = :why, ended_at = :now WHERE staff_id = :staff AND ended = ''",
        why=why.value,
        now=now,
        staff=staff_id,
    )
