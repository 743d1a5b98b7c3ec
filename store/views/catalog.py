"""The catalogue of programs: all that are installed, whom to ask about each, and how a unit gets it (FAQ)."""

from dataclasses import dataclass

from store.care.program_shape import Contact, Program
from store.care.programs import program_of
from store.care.training import wants_training
from store.foundation.access import Role
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.people.unit_programs import UnitProgram, own_program
from store.people.units import way_to_open

ASK_ABOVE = "Öppnas för en enhet av vårdgivaradministratören."
OPEN = "Öppet för enheten."
TRAINED = "Den som startar det ska ha utbildning."
UNTRAINED = "Ingen utbildning krävs."


@dataclass(frozen=True)
class CatalogProgram:
    """A program as the catalogue tells of it, on the unit of the one who looks."""

    program: str
    title: str
    version: str
    recommended_days: int
    is_open: bool
    """Whether the unit may start moments of it."""
    training: bool
    """Whether who starts it must have training: what the unit has decided, else what the program says."""
    training_link: str
    contact: Contact
    """Whom to ask about its content: the unit's own, else the program's."""
    way: str
    """How it is had, in whole sentences."""


@operation("Se programkatalogen", may=frozenset(Role), action=None)
def program_catalog(work: ReadTransaction) -> list[CatalogProgram]:
    """Return every installed program in its newest version, in Swedish order. Concerns no resident."""
    newest = work.db.values(
        "SELECT id FROM programversion WHERE id IN (SELECT max(id) FROM programversion GROUP BY program)"
        " ORDER BY sort_title, program"
    )
    return [_told(work, program_of(work.db, version)) for version in newest]


def _told(work: ReadTransaction, program: Program) -> CatalogProgram:
    unit = work.actor.unit_id
    own = None if unit is None else own_program(work, unit, program.id)
    training = program.requires_training if unit is None else wants_training(work, unit, program)
    return CatalogProgram(
        program=program.id,
        title=program.title,
        version=program.version,
        recommended_days=program.recommended_days,
        is_open=own is not None,
        training=training,
        training_link=program.training_link,
        contact=contact_for(program, own),
        way=_way(work, unit, own, training=training),
    )


def contact_for(program: Program, own: UnitProgram | None) -> Contact:
    """Return whom to ask about a program's content: the unit's own contact person, where it has named one."""
    if own is None or not own.contact_name:
        return program.contact
    return Contact(own.contact_name, own.contact_email, own.contact_phone)


def _way(work: ReadTransaction, unit: int | None, own: UnitProgram | None, *, training: bool) -> str:
    asked = TRAINED if training else UNTRAINED
    if unit is None:
        return f"{ASK_ABOVE} {asked}"
    return f"{OPEN} {asked}" if own else f"Inte öppet för enheten. {way_to_open(work.db, unit)}"
