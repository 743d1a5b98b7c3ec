"""The training that a program asks of its clinicians: who lacks it is warned of, and may have it confirmed (FAQ)."""

from collections.abc import Iterable

from store.care.moments import MomentSubject
from store.care.program_shape import Program
from store.care.programs import program_of
from store.foundation.errors import NeedsConfirmation
from store.foundation.read_transaction import ReadTransaction
from store.people.staff import Colleague, is_trained
from store.people.unit_programs import own_program


def missing_training(work: ReadTransaction, unit_id: int, clinician: Colleague, program: Program) -> list[str]:
    """Return the warning that a clinician of the unit lacks the training for a program; nothing where none is asked."""
    if not wants_training(work, unit_id, program) or is_trained(work.db, clinician.staff_id, program.id):
        return []
    return [
        f"{clinician.name} har ingen registrerad utbildning för {program.title}. För alla program krävs utbildning."
    ]


def check_training(
    work: ReadTransaction, unit_id: int, taken: Iterable[tuple[MomentSubject, Colleague]], *, confirmed: bool
) -> None:
    """Warn of who takes over moments without the training for their programs, as a start does (domain.md §3.1).

    Args:
        work: the transaction.
        unit_id: the unit on which they take over.
        taken: moments, each with the clinician who is to have it.
        confirmed: whether the warnings have been confirmed.

    Raises:
        NeedsConfirmation: one warning for each clinician and program.
    """
    if confirmed:
        return
    pairs = {(who.staff_id, moment.program): (who, moment.version_id) for moment, who in taken}
    found = [missing_training(work, unit_id, who, program_of(work.db, version)) for who, version in pairs.values()]
    if warnings := [warning for some in found for warning in some]:
        raise NeedsConfirmation(warnings)


def wants_training(work: ReadTransaction, unit_id: int, program: Program) -> bool:
    """Whether a clinician must have training: what the unit has decided, else what the program says."""
    own = own_program(work, unit_id, program.id)
    return own.training == "ja" if own and own.training else program.requires_training
