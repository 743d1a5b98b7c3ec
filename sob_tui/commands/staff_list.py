"""How the command line prints staff."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from sob_tui.commands.words import NOTHING
from sob_tui.printing import Table, put
from store.foundation.clock import Instant, iso_local

if TYPE_CHECKING:
    from store.people.personnel import HeldRole, StaffLine

_TITLES = ("HSA-id", "Namn", "E-post", "Roller", "Utbildningar", "Moment")


def staff_json(line: "StaffLine") -> dict[str, Any]:
    """Return a person on the unit."""
    return {
        "hsa_id": line.hsa_id,
        "name": line.name,
        "email": line.email,
        "protected": bool(line.protection),
        "active": line.is_active,
        "moments": line.moments,
        "roles": [_role_json(role) for role in line.roles],
        "trainings": list(line.trainings),
        "renewals": dict(line.renewals),
        "substitutes": [
            {
                "hsa_id": one.by,
                "name": one.by_name,
                "first": one.first_day,
                "last": one.last_day,
                "stands": bool(one.stands),
            }
            for one in line.substitutes
            if not one.fell_away
        ],
    }


def put_staff(pages: Iterable[list["StaffLine"]], number: int, *, is_active: bool) -> None:
    """Print those who are active, or inactive, under their heading."""
    put(f"{'Aktiva' if is_active else 'Inaktiva'} ({number} st)")
    table = Table(*_TITLES, right=[5])
    for nth, page in enumerate(pages):
        table.put([_cells(line) for line in page], heading=nth == 0 and bool(page), indent="  ")
    put()


def _role_json(role: "HeldRole") -> dict[str, Any]:
    return {
        "role": role.role.value,
        "held": role.is_held,
        "until": role.until or None,
        "given_by": role.given_by or None,
        "given": iso_local(Instant(role.given_at)) if role.given_at else None,
        "reason": role.reason or None,
    }


def _cells(line: "StaffLine") -> tuple[str, ...]:
    name = f"{line.name} (skyddade personuppgifter)" if line.protection else line.name
    roles = ", ".join(_role_text(role) for role in line.roles)
    trainings = ", ".join(_training_text(line, subject) for subject in line.trainings)
    return line.hsa_id, name, line.email or NOTHING, roles or NOTHING, trainings or NOTHING, str(line.moments)


def _training_text(line: "StaffLine", subject: str) -> str:
    due = line.renewals.get(subject)
    return f"{subject} (förnyas {due})" if due else subject


def _role_text(role: "HeldRole") -> str:
    if role.is_kept:
        return f"{role.role} (skulle ha gått ut {role.until})"
    if not role.is_held:
        return f"{role.role} (gick ut {role.until})"
    return f"{role.role} (till och med {role.until})" if role.until else str(role.role)
