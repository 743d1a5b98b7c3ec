"""Questions on the command line, where somebody sits at the terminal. Questions go to standard error."""

import sys
from collections.abc import Callable
from typing import TypeVar

from sob_tui.printing import tell
from store.foundation.errors import Refused

T = TypeVar("T")

ENDED = "Inmatningen tog slut. Ingenting är gjort."


def somebody_is_there() -> bool:
    """Whether questions can be asked: both ends are a terminal."""
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stderr))


def ask(question: str, read: Callable[[str], T]) -> T:
    """Ask until the answer can be read; what is wrong with one is told.

    Raises:
        Refused: there are no more answers.
    """
    while True:
        print(f"{question}: ", end="", file=sys.stderr, flush=True)
        line = sys.stdin.readline()
        if not line:
            raise Refused(ENDED)
        try:
            return read(line.strip())
        except Refused as refused:
            tell(refused.message)


def ask_unseen(question: str) -> str:
    """Ask for what nobody is to see.

    Raises:
        Refused: there are no more answers.
    """
    from getpass import getpass

    try:
        return getpass(f"{question}: ")
    except EOFError:
        raise Refused(ENDED) from None


def ask_new_passphrase(question: str, check: Callable[[str], None]) -> str:
    """Ask for a new passphrase, twice, until both are the same and it will do."""
    while True:
        typed = ask_unseen(question)
        try:
            check(typed)
        except Refused as refused:
            tell(refused.message)
            continue
        if ask_unseen("En gång till") == typed:
            return typed
        tell("De två var inte lika. Försök igen.")
