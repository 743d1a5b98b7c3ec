"""What the tests of staff share: the administrators of a clinic, and doing something as one of them."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from store.foundation.access import OPERATOR, Actor, Role
from store.foundation.clock import days_after
from store.people.sign_in import StaffActor
from tests.clinics import HERE, THERE, Clinic, hsa_id_of, staff

CLINICIAN, RESIDENT_ADMIN, ADMIN = (
    hsa_id_of(role) for role in (Role.CLINICIAN, Role.RESIDENT_ADMIN, Role.ACCESS_ADMIN)
)
THEIR_ADMIN = hsa_id_of(Role.ACCESS_ADMIN, THERE)
SECOND = f"{HERE}second"
TODAY = date(2026, 3, 2)
"""The day of a test's clock."""


def admin_of(clinic: Clinic, unit: str = HERE) -> StaffActor:
    """Return the unit's behörighetsadministratör."""
    return clinic.someone(Role.ACCESS_ADMIN, unit)


def do(clinic: Clinic, act: Callable[..., Any], *arguments: Any, by: Actor | None = None, **options: Any) -> Any:
    """Do it as the unit's behörighetsadministratör, unless said."""
    with clinic.store.work(by or admin_of(clinic)) as work:
        return act(work, *arguments, **options)


def see(clinic: Clinic, act: Callable[..., Any], *arguments: Any, by: Actor | None = None, **options: Any) -> Any:
    """Read something as the unit's behörighetsadministratör, unless said."""
    with clinic.store.read(by or admin_of(clinic)) as work:
        return act(work, *arguments, **options)


def second_admin(clinic: Clinic, hsa_id: str = SECOND) -> None:
    """Add another behörighetsadministratör here."""
    with clinic.store.work(OPERATOR) as work:
        staff(work, clinic.here, hsa_id, Role.ACCESS_ADMIN)


def end_role(clinic: Clinic, hsa_id: str, role: Role, until: date) -> None:
    """Let somebody's role here end on a day."""
    clinic.run(
        "UPDATE assignmentrole SET until = :until WHERE role = :role AND unit_id = :unit"
        " AND staff_id = (SELECT id FROM staff WHERE hsa_id = :hsa_id)",
        until=until.isoformat(),
        role=role.value,
        unit=clinic.here,
        hsa_id=hsa_id,
    )


def let_days_pass(clinic: Clinic, days: int) -> date:
    """Set the clock on; returns the day."""
    clinic.clock.now = days_after(clinic.clock.now, days)
    return TODAY + timedelta(days=days)


def roles_of(clinic: Clinic, hsa_id: str) -> list[tuple[Any, ...]]:
    """Return what is recorded of somebody's roles here."""
    return clinic.rows(
        "SELECT r.role, r.given_by, r.reason, r.until FROM assignmentrole r JOIN staff s ON s.id = r.staff_id"
        " WHERE s.hsa_id = :hsa_id AND r.unit_id = :unit ORDER BY r.role",
        hsa_id=hsa_id,
        unit=clinic.here,
    )


def is_active(clinic: Clinic, hsa_id: str) -> bool:
    """Whether somebody is active here."""
    return bool(
        clinic.value(
            "SELECT a.active FROM assignment a JOIN staff s ON s.id = a.staff_id"
            " WHERE s.hsa_id = :hsa_id AND a.unit_id = :unit",
            hsa_id=hsa_id,
            unit=clinic.here,
        )
    )


def last_details(clinic: Clinic) -> str:
    """Return what the latest log row says."""
    return str(clinic.log_value("SELECT details FROM log ORDER BY id DESC LIMIT 1"))
