"""What the terminal says when a command cannot be carried out, and with which exit code (contract.md §1)."""

from screens.crash import record
from sob_tui import VERSION
from sob_tui.printing import tell
from sob_tui.settings import state_folder
from store.foundation.errors import DomainError, NeedsConfirmation

CONFIRM = "Lägg till --ja för att bekräfta."


def refuse(error: DomainError) -> int:
    """Say what was refused, a plain line; all warnings, where there are any."""
    if isinstance(error, NeedsConfirmation):
        for warning in error.warnings:
            tell(warning)
        tell(CONFIRM)
    else:
        tell(error.message)
    return error.exit_code


def crash(error: BaseException) -> int:
    """Say that the program has a fault. No value may be shown or kept: any of them may be a resident's."""
    code = record(error, state_folder(), version=VERSION)
    tell(f"Programmet stoppades av ett fel. Felkod {code}. Uppge felkoden när du anmäler felet.")
    return 1
