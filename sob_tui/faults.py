"""What the terminal says when a command cannot be carried out, and with which exit code (contract.md §1)."""

import re
from collections.abc import Sequence

from screens.crash import record
from sob_tui import VERSION
from sob_tui.options import UsageFault, ticket_wanted
from sob_tui.printing import tell
from sob_tui.settings import state_folder
from store.foundation.errors import DomainError, NeedsConfirmation, StoreUnreachable

CONFIRM = "Lägg till --ja för att bekräfta."


def refuse(error: DomainError, line: Sequence[str] = ()) -> int:
    """Say what was refused, a plain line; all warnings, where there are any; and the ticket, where it is wanted."""
    if isinstance(error, NeedsConfirmation):
        for warning in error.warnings:
            tell(warning)
        tell(CONFIRM)
    else:
        tell(error.message)
    _put_ticket(_without_values(error, line), line, is_store_there=not isinstance(error, StoreUnreachable))
    return error.exit_code


def _without_values(error: DomainError, line: Sequence[str]) -> str:
    """Return the sentence without what was typed, which may be a resident's name; ids of staff and moments stay."""
    words = [word.partition("=")[2] if word.startswith("-") else word for word in line]
    command = [word for word in words if _WORD.fullmatch(word)][:2]
    values = [word for word in words if len(word) > 1 and word not in command and not _ID.fullmatch(word)]
    values += [error.echo] if isinstance(error, UsageFault) and error.echo else []
    sentence = error.message
    for value in sorted(values, key=len, reverse=True):
        sentence = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "…", sentence)
    return sentence


_WORD = re.compile(r"[a-z-]+")
_ID = re.compile(r"SE(?:16)?[0-9]{10}-[0-9A-Z]+|[0-9]{1,6}", re.IGNORECASE | re.ASCII)


FAULT = 1
"""The exit code of a fault of the program."""


def told_code(error: BaseException) -> str:
    """Keep what is known of a fault of the program (see `crash`); returns what is told of it."""
    return f"Felkod {record(error, state_folder(), version=VERSION)}. Uppge felkoden när du anmäler felet."


def crash(error: BaseException, line: Sequence[str] = ()) -> int:
    """Say that the program has a fault. No value may be shown or kept: any of them may be a resident's."""
    sentence = f"Programmet stoppades av ett fel. {told_code(error)}"
    tell(sentence)
    _put_ticket(sentence, line)
    return FAULT


def _put_ticket(sentence: str, line: Sequence[str], *, is_store_there: bool = True) -> None:
    common = ticket_wanted(line)
    if common is not None:
        from sob_tui.tickets import put_ticket

        put_ticket(sentence, common, is_store_there=is_store_there)
