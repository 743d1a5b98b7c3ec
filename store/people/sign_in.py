"""Staff as actors: who somebody is on a unit, read anew at every transaction.

Plain SQL: the first list is on screen before SQLModel is imported.
"""

from dataclasses import dataclass, field, replace
from typing import ClassVar

from store.foundation.access import Actor, Role, Standing, Subject, Who
from store.foundation.clock import Instant, local_day
from store.foundation.connection import Connection
from store.foundation.errors import DomainError, InvariantBroken, NotPermitted
from store.foundation.store import Store

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


@dataclass(frozen=True)
class StaffActor(Actor):
    """A staff member at work on a unit (`unit_id` is None for a vårdgivaradministratör, who stands above the units)."""

    staff_id: int = 0
    unit_hsa_id: str | None = None
    unit_name: str = ""
    roles: frozenset[Role] = field(default_factory=frozenset)
    lost: frozenset[Role] = field(default_factory=frozenset)
    """Roles that were held at the sign-in and are so no more."""

    def standing(self, subject: Subject | None, /) -> frozenset[Who]:
        """Return the roles on the unit, and *ansvarig* where the moment is the actor's own; nothing on another unit."""
        if subject is None:
            return frozenset(self.roles)
        if subject.unit_id is None or subject.unit_id != self.unit_id:
            return frozenset()
        if Role.CLINICIAN not in self.roles:
            return frozenset(self.roles)
        own = subject.responsible_id == self.staff_id
        more = {Standing.RESPONSIBLE} if own else {Standing.WATCHING} if subject.is_watched else set[Who]()
        return self.roles | more

    def current(self, connection: Connection, now: Instant, /) -> "StaffActor":
        """Return the actor with today's roles; raises `NotPermitted` where the assignment is no longer active."""
        if self.unit_id is None:
            return _above_the_units(connection, self.hsa_id or "")
        roles = _roles(connection, self.staff_id, self.unit_id, now)
        if roles is None:
            raise AssignmentGone
        return self if roles == self.roles else replace(self, roles=roles, lost=self.lost | (self.roles - roles))

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

    def __init__(self) -> None:
        super().__init__(
            "Ditt uppdrag på enheten är inaktiverat. Kontakta enhetens behörighetsadministratör om det är fel."
        )


class RoleGone(NotPermitted):
    """The role that this needs was taken away, or ran out, after the sign-in."""

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
    """Return the staff member as an actor on a unit.

    Raises:
        NotPermitted: nobody active by that HSA-id (on that unit).
        SeveralUnits: active on more than one unit, and none was named.
    """
    with store.lend() as db:
        units = db.rows(
            "SELECT s.id, s.given_name, s.family_name, u.id, u.hsa_id, u.name"
            " FROM staff s JOIN assignment a ON a.staff_id = s.id JOIN unit u ON u.id = a.unit_id"
            " WHERE s.hsa_id = :hsa_id AND a.active = 1 AND (u.hsa_id = :unit OR :unit = '')"
            " ORDER BY u.hsa_id",
            hsa_id=hsa_id,
            unit=unit_hsa_id or "",
        )
        if not units and unit_hsa_id is None:
            return _above_the_units(db, hsa_id)
        if not units:
            raise NotPermitted
        if len(units) > 1:
            raise SeveralUnits([(row[4], row[5]) for row in units])
        staff_id, given, family, unit_id, unit_hsa, unit_name = units[0]
        return StaffActor(
            kind="personal",
            name=f"{given} {family}",
            hsa_id=hsa_id,
            unit_id=unit_id,
            staff_id=staff_id,
            unit_hsa_id=unit_hsa,
            unit_name=unit_name,
            roles=_roles(db, staff_id, unit_id, store.clock()) or frozenset(),
        )


def _above_the_units(db: Connection, hsa_id: str) -> StaffActor:
    found = db.row(
        "SELECT s.id, s.given_name, s.family_name, c.name FROM staff s"
        " JOIN provideradmin p ON p.staff_id = s.id JOIN careprovider c ON c.id = p.provider_id"
        " WHERE s.hsa_id = :hsa_id",
        hsa_id=hsa_id,
    )
    if found is None:
        raise NotPermitted
    return StaffActor(
        kind="personal",
        name=f"{found[1]} {found[2]}",
        hsa_id=hsa_id,
        staff_id=found[0],
        unit_name=found[3],
        roles=frozenset({Role.PROVIDER_ADMIN}),
    )


def _roles(db: Connection, staff_id: int, unit_id: int, now: Instant) -> frozenset[Role] | None:
    """Return the roles of an active assignment, None where there is none."""
    rows = db.rows(
        "SELECT r.role FROM assignment a"
        f" LEFT JOIN assignmentrole r ON r.staff_id = a.staff_id AND r.unit_id = a.unit_id AND {HELD}"
        " WHERE a.staff_id = :staff_id AND a.unit_id = :unit_id AND a.active = 1",
        staff_id=staff_id,
        unit_id=unit_id,
        today=local_day(now).isoformat(),
    )
    return frozenset(Role(role) for (role,) in rows if role) if rows else None
