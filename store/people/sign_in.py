"""Staff as actors: who somebody is on a unit, read anew at every transaction.

Plain SQL: the first list is on screen before SQLModel is imported.
"""

from dataclasses import dataclass, field, replace
from typing import ClassVar, NamedTuple

from store.foundation.access import Actor, Role, Standing, Subject, Who
from store.foundation.clock import Instant, local_day
from store.foundation.connection import Connection
from store.foundation.errors import DomainError, InvariantBroken, NotPermitted
from store.foundation.hsa_id import hsa_key, same_hsa_id
from store.foundation.store import Store
from store.people.session_clock import require_open_session

_LATER_ADMINS = (
    "SELECT 1 FROM assignmentrole o JOIN assignment b ON b.staff_id = o.staff_id AND b.unit_id = o.unit_id"
    " WHERE o.unit_id = r.unit_id AND o.role = r.role AND o.staff_id <> r.staff_id AND b.active = 1"
    " AND (o.until = '' OR o.until > r.until)"
)
_RUNNING = (
    "SELECT 1 FROM momentcount c WHERE c.unit_id = r.unit_id AND c.responsible_id = r.staff_id"
    " AND c.status <> 'avslutat' AND c.number > 0"
)
HELD = (
    "(r.until = '' OR r.until >= :today"
    f" OR (r.role = '{Role.ACCESS_ADMIN}' AND NOT EXISTS ({_LATER_ADMINS}))"
    f" OR (r.role = '{Role.CLINICIAN}' AND EXISTS ({_RUNNING})))"
)
"""Whether a role `r` of an active assignment is held on the day `:today`.

Its end does not bite on the last behörighetsadministratör, nor on a clinician with running moments: there it is a
matter for the administrator. The last is who has the latest end: what has bitten once never comes back by itself.
"""


CAN_STAND_IN = (
    "EXISTS (SELECT 1 FROM assignment a JOIN assignmentrole r ON r.staff_id = a.staff_id AND r.unit_id = a.unit_id"
    f" WHERE a.staff_id = w.substitute_id AND a.unit_id = w.unit_id AND a.active = 1 AND r.role = '{Role.CLINICIAN}'"
    f" AND {HELD})"
)
"""Whether who stands in by a substitution `w` is an active behandlare of the unit on the day `:today`."""

STANDS_IN = f"w.ended_at IS NULL AND w.first_day <= :today AND w.last_day >= :today AND {CAN_STAND_IN}"
"""Whether a substitution `w` gives its standing on the day `:today`: within its days, and while who stands in is an
active behandlare of the unit. Nothing has to be written for it to begin or to end."""


@dataclass(frozen=True)
class StaffActor(Actor):
    """A staff member at work on a unit (`unit_id` is None for a vårdgivaradministratör, who stands above the units)."""

    staff_id: int = 0
    unit_hsa_id: str | None = None
    unit_name: str = ""
    roles: frozenset[Role] = field(default_factory=frozenset)
    lost: frozenset[Role] = field(default_factory=frozenset)
    """Roles that were held at the sign-in and are so no more."""
    covers: frozenset[int] = field(default_factory=frozenset)
    """The ids of the colleagues on the unit for whom the actor stands in today."""
    is_unattended: bool = False
    """Whether the program carries through what the person set going: nobody has to be there for it."""

    @property
    def place(self) -> str | None:
        """The HSA-id by which one signs in to where one works: the unit's, above the units the care provider's."""
        return self.unit_hsa_id or self.provider_hsa_id or None

    def standing(self, subject: Subject | None, /) -> frozenset[Who]:
        """Return the roles on the unit, and what the actor is to the moment; nothing on another unit.

        That is *ansvarig* to one's own, and *ställföreträdare* to those of a colleague for whom one stands in.
        """
        if subject is None:
            return frozenset(self.roles)
        if subject.unit_id is None or subject.unit_id != self.unit_id:
            return frozenset()
        if Role.CLINICIAN not in self.roles:
            return frozenset(self.roles)
        if subject.responsible_id == self.staff_id:
            return self.roles | {Standing.RESPONSIBLE}
        if subject.responsible_id in self.covers:
            return self.roles | {Standing.SUBSTITUTE}
        return self.roles | {Standing.WATCHING} if subject.is_watched else frozenset(self.roles)

    @property
    def own_moments(self) -> str:
        """That a moment `m` is one's own or of somebody for whom one stands in today, in SQL."""
        return f"m.responsible_id IN ({', '.join(map(str, sorted({self.staff_id, *self.covers})))})"  # ids of our own

    def current(self, connection: Connection, now: Instant, /) -> "StaffActor":
        """Return the actor as of today; raises `NotPermitted` where the assignment is no longer active."""
        if self.unit_id is None:
            return replace(_above_the_units(connection, self.hsa_id or ""), session=self.session)
        roles = _roles(connection, self.staff_id, self.unit_id, now)
        if roles is None:
            raise AssignmentGone
        covers = _covers(connection, self.staff_id, self.unit_id, now)
        if roles == self.roles and covers == self.covers:
            return self
        return replace(self, roles=roles, lost=self.lost | (self.roles - roles), covers=covers)

    def require_session(self, connection: Connection, now: Instant, /) -> None:
        """Raise `SessionOver` where the person is not signed in, or is so no more."""
        if not self.is_unattended:
            require_open_session(connection, self.session, self.staff_id, self.unit_id, now)

    def refusal(self, subject: Subject | None, may: frozenset[Who], /) -> NotPermitted:
        """Return why something may not be done: the lost role that allowed it, to who could see the thing with it."""
        for role in Role:
            if role in self.lost - self.roles and replace(self, roles=frozenset({role})).standing(subject) & may:
                return RoleGone(role)
        return NotPermitted()


def as_staff(actor: Actor) -> StaffActor:
    """Return the actor of an operation that only staff may do."""
    if not isinstance(actor, StaffActor):
        raise InvariantBroken(f"{actor.kind} does what only staff may do")
    return actor


class AssignmentGone(NotPermitted):
    """The assignment was inactivated after the sign-in."""

    kind = "uppdrag"

    def __init__(self) -> None:
        super().__init__(
            "Ditt uppdrag på enheten är inaktiverat. Kontakta enhetens behörighetsadministratör om det är fel."
        )


class RoleGone(NotPermitted):
    """The role that this needs was taken away, or ran out, after the sign-in."""

    kind = "roll"

    def __init__(self, role: Role) -> None:
        super().__init__(
            f"Du har inte längre rollen {role}: den har tagits bort eller gått ut. "
            "Kontakta enhetens behörighetsadministratör om det är fel."
        )


class SeveralUnits(DomainError):
    """The person works on several units and must say on which (`--enhet`, or the choice on screen)."""

    exit_code: ClassVar[int] = 2

    def __init__(self, units: list[tuple[str, str]]) -> None:
        named = ", ".join(f"{name} ({hsa_id})" for hsa_id, name in units)
        super().__init__(f"Du har uppdrag på flera enheter: {named}. Ange vilken med --enhet.", field="enhet")
        self.units = units


def sign_in(store: Store, hsa_id: str, unit_hsa_id: str | None = None) -> StaffActor:
    """Return the staff member as an actor on a unit; above the units, where it is the care provider that is named.

    Who works on no unit and stands above them is an actor there without naming it.

    Raises:
        NotPermitted: nobody active by that HSA-id (on that unit, or above those of that care provider).
        SeveralUnits: active on more than one unit, and none was named.
    """
    try:
        return find_staff(store, hsa_id, unit_hsa_id)
    except NotPermitted as refusal:
        store.note_refusal("sign_in", refusal, hsa_id=hsa_id)
        raise


def find_staff(store: Store, hsa_id: str, unit_hsa_id: str | None = None) -> StaffActor:
    """Return and refuse as `sign_in` does, without a row in the log: for what is told of who was refused already."""
    with store.lend() as db:
        units = db.all(
            _Place,
            "SELECT s.id AS staff_id, s.hsa_id, s.given_name, s.family_name, u.id AS unit_id, u.hsa_id AS unit_hsa_id,"
            " u.name AS unit_name"
            " FROM staff s JOIN assignment a ON a.staff_id = s.id JOIN unit u ON u.id = a.unit_id"
            f" WHERE {same_hsa_id('s.hsa_id')} AND a.active = 1 AND ({same_hsa_id('u.hsa_id', 'unit')} OR :unit = '')"
            " ORDER BY u.hsa_id",
            hsa_id=hsa_id,
            unit=unit_hsa_id or "",
        )
        if not units:
            above = _above_the_units(db, hsa_id)
            if unit_hsa_id is not None and hsa_key(unit_hsa_id) != hsa_key(above.provider_hsa_id):
                raise NotPermitted
            return replace(above, session=store.access_log.new_session())
        if len(units) > 1:
            raise SeveralUnits(_places(db, hsa_id))
        place = units[0]
        return StaffActor(
            kind="personal",
            name=f"{place.given_name} {place.family_name}",
            hsa_id=place.hsa_id,
            unit_id=place.unit_id,
            staff_id=place.staff_id,
            unit_hsa_id=place.unit_hsa_id,
            unit_name=place.unit_name,
            roles=_roles(db, place.staff_id, place.unit_id, store.clock()) or frozenset(),
            covers=_covers(db, place.staff_id, place.unit_id, store.clock()),
            session=store.access_log.new_session(),
        )


def places_of(store: Store, hsa_id: str) -> list[tuple[str, str]]:
    """Return HSA-id and name of where somebody may work: the units, then the care provider of who stands above them."""
    with store.lend() as db:
        return _places(db, hsa_id)


def _places(db: Connection, hsa_id: str) -> list[tuple[str, str]]:
    units = db.pairs(
        "SELECT u.hsa_id, u.name FROM staff s JOIN assignment a ON a.staff_id = s.id JOIN unit u ON u.id = a.unit_id"
        f" WHERE {same_hsa_id('s.hsa_id')} AND a.active = 1 ORDER BY u.hsa_id",
        hsa_id=hsa_id,
    )
    above = db.pairs(
        "SELECT c.hsa_id, c.name FROM staff s JOIN provideradmin p ON p.staff_id = s.id"
        f" JOIN careprovider c ON c.id = p.provider_id WHERE {same_hsa_id('s.hsa_id')}",
        hsa_id=hsa_id,
    )
    return units + above


def actor_now(store: Store, actor: StaffActor) -> StaffActor:
    """Return somebody who has signed in with the roles of this moment; raises `NotPermitted` as `current` does."""
    with store.lend() as db:
        if not store.is_practice:
            actor.require_session(db, store.clock())
        return actor.current(db, store.clock())


def sign_in_above(store: Store, hsa_id: str) -> StaffActor:
    """Return the staff member as an actor above the units, whatever units the person works on.

    Raises:
        NotPermitted: nobody by that HSA-id stands there.
    """
    with store.lend() as db:
        return _above_the_units(db, hsa_id)


class _Place(NamedTuple):
    staff_id: int
    hsa_id: str
    given_name: str
    family_name: str
    unit_id: int
    unit_hsa_id: str
    unit_name: str


class _ProviderAdmin(NamedTuple):
    staff_id: int
    hsa_id: str
    given_name: str
    family_name: str
    provider_name: str
    provider_hsa_id: str


def _above_the_units(db: Connection, hsa_id: str) -> StaffActor:
    found = db.one(
        _ProviderAdmin,
        "SELECT s.id AS staff_id, s.hsa_id, s.given_name, s.family_name, c.name AS provider_name,"
        " c.hsa_id AS provider_hsa_id FROM staff s"
        " JOIN provideradmin p ON p.staff_id = s.id JOIN careprovider c ON c.id = p.provider_id"
        f" WHERE {same_hsa_id('s.hsa_id')}",
        hsa_id=hsa_id,
    )
    if found is None:
        raise NotPermitted
    return StaffActor(
        kind="personal",
        name=f"{found.given_name} {found.family_name}",
        hsa_id=found.hsa_id,
        staff_id=found.staff_id,
        unit_name=found.provider_name,
        roles=frozenset({Role.PROVIDER_ADMIN}),
        provider_hsa_id=found.provider_hsa_id,
    )


def _roles(db: Connection, staff_id: int, unit_id: int, now: Instant) -> frozenset[Role] | None:
    """Return the roles of an active assignment, None where there is none."""
    roles = db.values(
        "SELECT r.role FROM assignment a"
        f" LEFT JOIN assignmentrole r ON r.staff_id = a.staff_id AND r.unit_id = a.unit_id AND {HELD}"
        " WHERE a.staff_id = :staff_id AND a.unit_id = :unit_id AND a.active = 1",
        staff_id=staff_id,
        unit_id=unit_id,
        today=local_day(now).isoformat(),
    )
    return frozenset(Role(role) for role in roles if role) if roles else None


def _covers(db: Connection, staff_id: int, unit_id: int, now: Instant) -> frozenset[int]:
    """Return for whom somebody stands in on the unit today."""
    covered = db.values(
        f"SELECT w.staff_id FROM substitution w WHERE w.substitute_id = :staff AND w.unit_id = :unit AND {STANDS_IN}",
        staff=staff_id,
        unit=unit_id,
        today=local_day(now).isoformat(),
    )
    return frozenset(covered)
