"""How the app ends where nobody closes it: by a signal, or because the terminal is gone.

The terminal is left as it was found, what is written is kept, and the command line says why.
"""

from __future__ import annotations

import asyncio
import os
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from textual.app import App, ReturnType
from textual.message import Message

WORK_SECONDS = 3.0
"""How long what is written may take to be kept."""
LAST_SECONDS = 6.0
"""When the program ends whatever keeps it, such as a terminal that takes no more."""

WHY = {
    "SIGTERM": "Appen stängdes utifrån (signalen TERM).",
    "SIGHUP": "Appen stängdes: terminalen är borta (signalen HUP).",
    "SIGINT": "Appen avbröts (signalen INT).",
    "SIGQUIT": "Appen avbröts (signalen QUIT).",
}
GONE = "Appen stängdes: det går inte att läsa tangenter längre, för standard in eller terminalen är stängd."
UNKEPT = "Det du hade skrivit gick inte att spara."
ODD_BYTES = (
    "Terminalen skickar tecken som inte är UTF-8, och de kom inte med. Ställ in terminalens teckenuppsättning på UTF-8."
)


class NotUtf8(Message):
    """The terminal has sent bytes that are no UTF-8."""


class TerminalGone(Message):
    """Nothing more will come from the terminal: it is closed, or standard input is."""


class EndingApp(App[ReturnType]):
    """Ends cleanly when it is told to, with the exit code that a shell has for a signal."""

    ended_because = ""
    """Why it ended by itself, a sentence; empty where somebody closed it."""

    async def _keep_drafts(self) -> bool:
        """See to it that what is written outlives the app; returns whether it does."""
        return True

    @contextmanager
    def ended_by_signals(self) -> Iterator[None]:
        """End the app by the signals that would leave the terminal as it is painted."""
        loop = asyncio.get_running_loop()
        numbers = {getattr(signal, name): why for name, why in WHY.items() if hasattr(signal, name)}
        with suppress(NotImplementedError, ValueError, RuntimeError):  # Windows, or no main thread: there are none
            for number, why in numbers.items():
                loop.add_signal_handler(number, self._end, 128 + number, why)
        try:
            yield
        finally:
            with suppress(NotImplementedError, ValueError, RuntimeError):
                for number in numbers:
                    loop.remove_signal_handler(number)

    def on_terminal_gone(self, _: TerminalGone) -> None:
        """End as a signal would: nobody can close the app any more."""
        self._end(128 + getattr(signal, "SIGHUP", 1), GONE)

    def on_not_utf8(self, _: NotUtf8) -> None:
        """Say what is odd about the terminal."""
        self.notify(ODD_BYTES, severity="warning")

    def _end(self, code: int, why: str) -> None:
        if self.ended_because:
            return
        self.ended_because = why
        last = threading.Timer(LAST_SECONDS, os._exit, [code])
        last.daemon = True
        last.start()
        self._ending = asyncio.ensure_future(self._keep_and_exit(code))

    async def _keep_and_exit(self, code: int) -> None:
        with self._context():
            kept = False
            with suppress(Exception):  # whatever keeps it from being kept, the app ends
                kept = await asyncio.wait_for(self._keep_drafts(), WORK_SECONDS)
            self.ended_because += "" if kept else f" {UNKEPT}"
            self.exit(return_code=code)
