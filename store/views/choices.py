"""What there is to choose from in dialogs: nothing of a resident's, so nothing is logged."""

from store.foundation.access import DataCategory, Role
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.people.staff import Colleague, clinicians_of

_STAFF = {Role.CLINICIAN, Role.RESIDENT_ADMIN, Role.ACCESS_ADMIN}


@operation("Se vilka program som är öppna för enheten", may=_STAFF, action=None)
def open_programs(work: ReadTransaction) -> list[tuple[str, str]]:
    """Return id and title of the programs that are open to the unit, in Swedish order."""
    return work.db.pairs(
        "SELECT v.program, v.title FROM openprogram o JOIN programversion v"
        " ON v.id = (SELECT max(id) FROM programversion WHERE program = o.program)"
        " WHERE o.unit_id = :unit ORDER BY v.sort_title, v.program",
        unit=work.actor.unit_id,
    )


@operation("Se enhetens behandlare", may=_STAFF, action=None, category=DataCategory.STAFF)
def unit_clinicians(work: ReadTransaction) -> list[Colleague]:
    """Return the unit's active clinicians in Swedish order."""
    return clinicians_of(work, work.actor.unit_id or 0)


@operation("Se enhetens region", may={Role.CLINICIAN, Role.RESIDENT_ADMIN}, action=None)
def unit_region(work: ReadTransaction) -> str:
    """Return the unit's two-digit county code."""
    return str(work.db.value("SELECT region FROM unit WHERE id = :unit", unit=work.actor.unit_id) or "")
