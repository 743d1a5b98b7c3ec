"""Somebody with an assignment on the unit, as operations on staff see it."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from store.foundation.access import Action, Role
from store.foundation.errors import NotPermitted, Refused
from store.foundation.hsa_id import same_hsa_id
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work
from store.people.provider_changes import unit_changed
from store.people.session_clock import Over, end_sessions
from store.people.sign_in import HELD
from store.people.staff import AssignmentRole

REASON_LIMIT = 200
"""Characters in the reason why a role is given or taken."""


@dataclass(frozen=True)
class Member:
    """Somebody with an assignment on the unit. `roles` are those held today, `held` all that are recorded."""

    staff_id: int
    hsa_id: str
    given_name: str
    family_name: str
    is_active: bool
    roles: frozenset[Role]
    held: frozenset[Role]

    @property
    def name(self) -> str:
        """Förnamn Efternamn."""
        return f"{self.given_name} {self.family_name}"


def member_of(work: ReadTransaction, hsa_id: str) -> Member:
    """Return somebody with an assignment on the actor's unit, active or not; raises `NotPermitted`.

    In a writing transaction nobody is given a moment there meanwhile (`hold_clinician`).
    """
    row = work.db.one(
        _Assigned,
        "SELECT s.id, s.hsa_id, s.given_name, s.family_name, a.active FROM staff s"
        " JOIN assignment a ON a.staff_id = s.id AND a.unit_id = :unit"
        f" WHERE {same_hsa_id('s.hsa_id')}" + work.for_update("a"),
        unit=work.actor.unit_id,
        hsa_id=hsa_id,
    )
    if row is None:
        raise NotPermitted
    recorded = _roles(work, row.id, "1 = 1")
    held = _roles(work, row.id, HELD)
    return Member(row.id, row.hsa_id, row.given_name, row.family_name, row.active, held, recorded)


class _Assigned(NamedTuple):
    id: int
    hsa_id: str
    given_name: str
    family_name: str
    active: bool


def hold_staff(work: Work) -> None:
    """Let one transaction at a time change the unit's staff: two may each be about to take away the last but one."""
    work.serialize(f"staff:{work.actor.unit_id}")


def require_another_admin(work: ReadTransaction, member: Member) -> None:
    """Refuse what would leave the unit without an active behörighetsadministratör (FAQ)."""
    if not other_admins(work, member):
        raise Refused(
            f"{member.name} är enhetens enda behörighetsadministratör. Ge först rollen till en till person: "
            "varje enhet måste ha minst en.",
            helps=("give_role",),
        )


def other_admins(work: ReadTransaction, member: Member, *, after: date | None = None) -> bool:
    """Whether anybody else on the unit is behörighetsadministratör today, or still is after a day."""
    lasting = " AND (r.until = '' OR r.until > :after)" if after is not None else ""
    return work.db.has(
        "SELECT 1 FROM assignmentrole r JOIN assignment a ON a.staff_id = r.staff_id AND a.unit_id = r.unit_id"
        f" WHERE r.unit_id = :unit AND r.role = :role AND r.staff_id <> :staff AND a.active = 1 AND {HELD}{lasting}",
        unit=work.actor.unit_id,
        role=Role.ACCESS_ADMIN.value,
        staff=member.staff_id,
        today=work.today.isoformat(),
        **({"after": after.isoformat()} if after is not None else {}),
    )


def set_active(work: Work, member: Member, *, active: bool) -> None:
    """Activate an assignment, or inactivate it; who works nowhere any longer is signed out. Part of operations."""
    work.db.run(
        "UPDATE assignment SET active = :active WHERE staff_id = :staff AND unit_id = :unit",
        active=int(active),
        staff=member.staff_id,
        unit=work.actor.unit_id,
    )
    if not active and not works_somewhere(work, member.staff_id):
        end_sessions(work.db, member.staff_id, Over.INACTIVATED, work.now)


def works_somewhere(work: ReadTransaction, staff_id: int) -> bool:
    """Whether somebody has an active assignment, or stands above the units."""
    return work.db.has(
        "SELECT 1 FROM assignment WHERE staff_id = :staff AND active = 1"
        " UNION ALL SELECT 1 FROM provideradmin WHERE staff_id = :staff",
        staff=staff_id,
    )


def remove_role(work: Work, staff_id: int, unit_id: int, role: Role) -> None:
    """Remove a role from an assignment; part of operations."""
    work.db.run(
        "DELETE FROM assignmentrole WHERE staff_id = :staff AND unit_id = :unit AND role = :role",
        staff=staff_id,
        unit=unit_id,
        role=role.value,
    )


def set_role(work: Work, staff_id: int, unit_id: int, role: Role, reason: str, until: date | None = None) -> None:
    """Let an assignment carry a role, given now, instead of how it was carried before; part of operations."""
    remove_role(work, staff_id, unit_id, role)
    work.add(
        AssignmentRole(
            staff_id=staff_id,
            unit_id=unit_id,
            role=role.value,
            given_by=work.actor.name,
            given_at=work.now,
            reason=reason,
            until=until.isoformat() if until else "",
        )
    )


def log_change(work: Work, member: Member, what: str) -> None:
    """Say in the log what was done with whom."""
    work.log(Action.CHANGED, details=f"{member.hsa_id}: {what}")
    if work.actor.unit_id is not None:
        unit_changed(work, work.actor.unit_id)


def _roles(work: ReadTransaction, staff_id: int, condition: str) -> frozenset[Role]:
    roles = work.db.values(
        f"SELECT r.role FROM assignmentrole r WHERE r.staff_id = :staff AND r.unit_id = :unit AND {condition}",
        staff=staff_id,
        unit=work.actor.unit_id,
        **({"today": work.today.isoformat()} if condition == HELD else {}),
    )
    return frozenset(Role(role) for role in roles)
