"""Waits after failed sign-ins: they grow with each, by the name that was typed and by where it was typed.

What was typed is kept as a hash: it may be a passphrase in the wrong field. Unknown names wait as known ones do.
"""

import hashlib
from typing import NamedTuple

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from store.foundation.errors import Refused
from store.foundation.hsa_id import hsa_key
from store.foundation.upsert import upsert
from store.foundation.work import Work

FIRST_WAIT, LONGEST_WAIT = 30_000, 15 * 60_000
FORGOTTEN_AFTER = 24 * 60 * 60_000
"""All three in milliseconds."""


class SignInAttempts(SQLModel, table=True):
    """Sign-ins that have failed, or are under way."""

    subject: str = Field(primary_key=True)
    """The hash of a name, or of a place."""
    failures: int
    last_at: int = Field(sa_type=BigInteger)


class Throttled(Refused):
    """Too many sign-ins have failed."""

    kind = "spärr"

    def __init__(self, milliseconds: int) -> None:
        seconds = -(-milliseconds // 1000)
        wait = f"{seconds} s" if seconds < 120 else f"{-(-seconds // 60)} minuter"
        super().__init__(f"För många försök har misslyckats. Vänta {wait} och försök igen.")


class _Kind(NamedTuple):
    name: str
    free: int
    """How many may fail before there is a wait: many may sign in from one place."""


_NAME, _PLACE = _Kind("namn", 4), _Kind("plats", 20)


def wait_after(failures: int, free: int) -> int:
    """Return how many milliseconds must pass after so many failures, of which some are free."""
    if failures < free:
        return 0
    return min(FIRST_WAIT << min(failures - free, 10), LONGEST_WAIT)


def note_attempt(work: Work, hsa_id: str, place: str) -> None:
    """Count an attempt as failed until it has succeeded: several at once are no way past the waits.

    Args:
        work: the transaction.
        hsa_id: the name that was typed.
        place: where.

    Raises:
        Throttled: it comes too soon; it is not counted.
    """
    work.serialize("signin")
    work.db.run("DELETE FROM signinattempts WHERE last_at <= :old", old=work.now - FORGOTTEN_AFTER)
    for kind, value in _subjects(hsa_id, place):
        subject = _subject(kind, value)
        found = work.db.pair("SELECT failures, last_at FROM signinattempts WHERE subject = :subject", subject=subject)
        failures, last = found or (0, 0)
        left = last + wait_after(failures, kind.free) - work.now
        if left > 0:
            raise Throttled(left)
        work.db.run(
            upsert("signinattempts", ["subject"], added=["failures"], replaced=["last_at"]),
            subject=subject,
            failures=1,
            last_at=work.now,
        )


def forget_attempt(work: Work, hsa_id: str, place: str) -> None:
    """Take back what was counted of an attempt that has succeeded: all of the name's, this one of the place's."""
    (name, place_) = (_subject(kind, value) for kind, value in _subjects(hsa_id, place))
    work.db.run("DELETE FROM signinattempts WHERE subject = :subject", subject=name)
    work.db.run(
        "UPDATE signinattempts SET failures = failures - 1 WHERE subject = :subject AND failures > 0", subject=place_
    )


def _subjects(hsa_id: str, place: str) -> tuple[tuple[_Kind, str], tuple[_Kind, str]]:
    return (_NAME, hsa_key(hsa_id)), (_PLACE, place)


def _subject(kind: _Kind, value: str) -> str:
    return f"{kind.name}:{hashlib.sha256(value.encode('utf-8', 'surrogatepass')).hexdigest()}"
