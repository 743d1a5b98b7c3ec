"""The terminal, as Textual drives it on Linux and macOS, but for what would stop or hang the program.

Textual is pinned, since its private parts are named here; `tests/e2e/test_endings.py` fails if one is no longer called.
"""

import codecs
import os
import selectors
from collections.abc import Iterable
from contextlib import suppress
from typing import IO, Any

from textual._xterm_parser import XTermParser
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message

from screens.ending import NotUtf8, TerminalGone
from screens.pasted import PasteFilter

WAIT_SECONDS = 0.1
"""How long input is waited for before the parser is asked whether a lone Esc is one."""


class _Output:
    """What is painted on. A terminal that is gone takes all, or the thread that writes would end and others wait."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file

    def write(self, text: str) -> None:
        with suppress(OSError, ValueError):
            self._file.write(text)

    def flush(self) -> None:
        with suppress(OSError, ValueError):
            self._file.flush()

    def fileno(self) -> int:
        return self._file.fileno()


class TerminalDriver(LinuxDriver):
    """Reads keys from any terminal, and tells the app when there is none any longer."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._file: Any = _Output(self._file)
        self._is_odd = False
        """Whether bytes have come that are no UTF-8."""

    def _run_input_thread(self) -> None:
        """Let a fault stop the app, with its place in the code: Textual would only say that there was one."""
        try:
            self.run_input_thread()
        except Exception as error:
            self._app.call_later(self._app._handle_exception, error)

    def run_input_thread(self) -> None:
        """Read keys, pastes and the mouse until the app ends or the terminal is gone."""
        parser, pastes = XTermParser(self._debug), PasteFilter()
        codecs.register_error("sob-terminal", self._pass_over)
        decode = codecs.getincrementaldecoder("utf-8")("sob-terminal").decode
        with selectors.SelectSelector() as selector:
            selector.register(self.fileno, selectors.EVENT_READ)
            while not self.exit_event.is_set():
                if selector.select(WAIT_SECONDS):
                    data = self._read()
                    if not data:
                        self.send_message(TerminalGone())
                        return
                    self._hand_on(parser.feed(text) if (text := pastes.feed(decode(data))) else ())
                    if self._is_odd:
                        self._is_odd = False
                        self.send_message(NotUtf8())
                self._hand_on(parser.tick())

    def _read(self) -> bytes:
        try:
            return os.read(self.fileno, 64 * 1024)
        except OSError:  # as a terminal is that was hung up
            return b""

    def _hand_on(self, found: Iterable[Message]) -> None:
        for message in found:
            self.process_message(message)

    def _pass_over(self, error: UnicodeError) -> tuple[str, int]:
        """Leave out what is no UTF-8, as a handler of decoding errors does."""
        self._is_odd = True
        return "", error.end if isinstance(error, UnicodeDecodeError) else len(str(error))
