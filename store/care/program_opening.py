"""Which programs are open to which units: decided above the units (FAQ; domain.md §1)."""

from store.care.programs import latest_version
from store.foundation.access import Action
from store.foundation.errors import Refused
from store.foundation.hsa_id import hsa_key
from store.foundation.operation import operation
from store.foundation.work import Work
from store.people.provider_changes import unit_changed
from store.people.providers import MAY_ABOVE, unit_below
from store.people.units import FoundUnit, OpenProgram, is_open


@operation("Öppna ett program för en enhet", may=MAY_ABOVE, action=Action.CHANGED)
def open_program(work: Work, program: str, unit_hsa_id: str) -> str:
    """Let a unit start moments of a program; returns the program's title.

    Args:
        program: the program's id.
        unit_hsa_id: the unit.

    Raises:
        NotPermitted: the unit is another vårdgivare's, or there is none.
        Refused: the program is not installed, or is open there already.
    """
    unit = _unit(work, unit_hsa_id)
    title = _title(work, program)
    if is_open(work.db, unit.id, program):
        raise Refused(f"{title} är redan öppet för {unit.name}.", field="program")
    work.add(OpenProgram(unit_id=unit.id, program=program))
    _tell(work, unit.id, f"{program} öppnat för {unit.hsa_id}")
    return title


@operation("Stänga ett program för en enhet", may=MAY_ABOVE, action=Action.CHANGED)
def close_program(work: Work, program: str, unit_hsa_id: str) -> str:
    """Let a unit start no more moments of a program; those that run go on. Returns the program's title.

    What the unit had of its own for the program goes with it.

    Raises:
        NotPermitted: the unit is another vårdgivare's, or there is none.
        Refused: the program is not installed, or is not open there.
    """
    unit = _unit(work, unit_hsa_id)
    title = _title(work, program)
    if not is_open(work.db, unit.id, program):
        raise Refused(f"{title} är inte öppet för {unit.name}.", field="program")
    work.db.run("DELETE FROM openprogram WHERE unit_id = :unit AND program = :program", unit=unit.id, program=program)
    _tell(work, unit.id, f"{program} stängt för {unit.hsa_id}")
    return title


def _unit(work: Work, hsa_id: str) -> FoundUnit:
    """Return a unit that the one who acts stands above; two that open at once get their turns."""
    work.serialize(f"programs:{hsa_key(hsa_id)}")
    return unit_below(work, hsa_id)


def _title(work: Work, program: str) -> str:
    version = latest_version(work.db, program)
    if version is None:
        raise Refused(
            f"Programmet {program} är inte installerat. Installera det med sob program installera.", field="program"
        )
    return version[1]


def _tell(work: Work, unit_id: int, what: str) -> None:
    work.log(Action.CHANGED, details=what, unit_id=unit_id)
    unit_changed(work, unit_id)
