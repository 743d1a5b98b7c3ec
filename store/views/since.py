"""*Senast du var här*: what has happened with one's own residents since, for who comes seldom; it names nobody."""

from typing import NamedTuple

from store.foundation.access import Origin, Role
from store.foundation.clock import Instant, days_between
from store.foundation.events import EventKind
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.people.sign_in import as_staff

SELDOM_DAYS = 14
"""Who was here within so many days is told nothing."""


class Since(NamedTuple):
    """When somebody was on the unit last, and how much has happened since in the moments that are theirs now."""

    last: Instant
    answers: int
    messages: int
    """From residents and ombud."""
    flags: int
    moments: int
    """Moments that were started, switched or handed over to the person."""


@operation("Räkna vad som hänt sedan sist", may=frozenset({Role.CLINICIAN}), action=None)
def count_since(work: ReadTransaction) -> Since | None:
    """Return what has happened since the session before this one; None where that was lately, or there was none.

    Served are counts alone, so no resident's row is written.
    """
    actor = as_staff(work.actor)
    last = work.db.value(
        _LAST,
        me=actor.hsa_id,
        unit=actor.unit_id,
        now=actor.session,
        origin=_origin(work),
        preview=Origin.PREVIEW.value,
    )
    if last is None or days_between(last, work.now) <= SELDOM_DAYS:
        return None
    happened = dict(
        work.db.pairs(_HAPPENED.format(own=actor.own_moments), unit=actor.unit_id, last=last, own=_OWN_KIND)
    )
    return Since(
        Instant(last),
        happened.get(EventKind.FORM_SAVED.value, 0),
        happened.get(EventKind.MESSAGE_SENT.value, 0),
        happened.get(EventKind.FLAG_RAISED.value, 0),
        work.db.value(_ARRIVED.format(own=actor.own_moments), unit=actor.unit_id, last=last),
    )


def _origin(work: ReadTransaction) -> str:
    """Return from where one was here: in practice in the app alone, since what the cast lived through is in its log."""
    return Origin.TERMINAL.value if work.is_practice else ""


_OWN_KIND = "personal"

_LAST = (
    "SELECT max(at) FROM log WHERE actor_hsa_id = :me AND unit_id = :unit AND session <> :now"
    " AND (:origin = '' OR origin IN (:origin, :preview))"
)

_FROM_OWN = (
    " FROM moment m JOIN event e ON e.resident_id = m.resident_id AND e.moment_id = m.id"
    " WHERE m.unit_id = :unit AND {own} AND e.at > :last"
)

_HAPPENED = (
    "SELECT e.kind, count(*)"
    + _FROM_OWN
    + f" AND (e.kind IN ('{EventKind.FORM_SAVED}', '{EventKind.FLAG_RAISED}')"
    + f" OR (e.kind = '{EventKind.MESSAGE_SENT}' AND e.actor_kind <> :own)) GROUP BY e.kind"
)

_ARRIVED = (
    "SELECT count(DISTINCT m.id)"
    + _FROM_OWN
    + f" AND e.kind IN ('{EventKind.STARTED}', '{EventKind.SWITCHED}', '{EventKind.HANDOVER_ACCEPTED}')"
)
