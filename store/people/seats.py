"""The seats of a course: which trainee works on which unit, and who sits there. Plain SQL, for the start."""

from typing import NamedTuple

from store.foundation.connection import Connection
from store.foundation.hsa_id import same_hsa_id
from store.foundation.store import Store


class Seat(NamedTuple):
    """A trainee's place as it is now."""

    id: int
    number: int
    round: int
    hsa_id: str
    """To sign in as."""
    unit_hsa_id: str
    unit_name: str


_SEATS = (
    "SELECT t.id, t.number, t.round, s.hsa_id, u.hsa_id AS unit_hsa_id, u.name AS unit_name FROM trainee t"
    " JOIN staff s ON s.id = t.staff_id JOIN unit u ON u.id = t.unit_id"
    " WHERE t.round = (SELECT max(o.round) FROM trainee o WHERE o.number = t.number)"
)


def seats(db: Connection) -> list[Seat]:
    """Return the trainees, each with the unit that is worked in; nothing where there is no course."""
    return db.all(Seat, f"{_SEATS} ORDER BY t.number")


def seat_of(db: Connection, hsa_id: str) -> Seat | None:
    """Return the seat of the trainee who signs in by an HSA-id; None where no trainee does."""
    return db.one(Seat, f"{_SEATS} AND {same_hsa_id('s.hsa_id')}", hsa_id=hsa_id)


def own_names(db: Connection, seat: int) -> dict[str, str]:
    """Return the names that a seat has instead of the cast's: HSA-ids, personnummer, names of units and people."""
    return dict(db.pairs("SELECT name, own FROM traineename WHERE trainee_id = :seat", seat=seat))


def numbers_taken(db: Connection) -> set[str]:
    """Return the personnummer that are somebody's, or will be when an exercise begins; and names that are none."""
    return {str(one) for one in db.values("SELECT personnummer FROM resident UNION SELECT own FROM traineename")}


def has_attempt(store: Store) -> bool:
    """Whether whoever practises here has an exercise under way, or left it when the app was closed."""
    open_ones = "SELECT 1 FROM exerciseattempt WHERE trainee = :trainee AND finished_at IS NULL AND left_at IS NULL"
    with store.lend() as db:
        return bool(store.access_log.trainee) and db.has(open_ones, trainee=store.access_log.trainee)


def sit_down(store: Store, hsa_id: str) -> None:
    """Let what is done from now on be a trainee's, where one of a course signs in by the HSA-id."""
    if not store.is_practice:
        return
    with store.lend() as db:
        seat = seat_of(db, hsa_id)
    if seat is not None and seat.hsa_id != store.access_log.trainee:
        store.access_log.begin_trainee(seat.hsa_id)
