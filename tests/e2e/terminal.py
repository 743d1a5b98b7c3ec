"""A program in a real terminal: what it paints, and keys to press."""

import os
import re
import select
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pexpect
import pyte

from tests.e2e.starter import Started, start

PATIENCE = 15.0
"""Seconds to wait for something before a test fails."""

KEYS = {
    "enter": "\r", "tab": "\t", "esc": "\x1b[27u", "down": "\x1b[B", "up": "\x1b[A", "end": "\x1b[F", "home": "\x1b[H",
    "backtab": "\x1b[Z", "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR", "f5": "\x1b[15~", "f6": "\x1b[17~",
    "f7": "\x1b[18~", "f8": "\x1b[19~", "f9": "\x1b[20~",
    "space": " ", "ctrl+s": "\x13", "ctrl+o": "\x0f", "ctrl+q": "\x11", "ctrl+u": "\x15",
}  # fmt: skip


class Terminal:
    """A pseudo-terminal with `sob` running in it. Waiting polls with a limit; nothing sleeps."""

    def __init__(
        self, *arguments: str, columns: int = 80, rows: int = 24, anew: bool = False, **variables: str
    ) -> None:
        """Start it; `anew` in an interpreter of its own, else as a fork of one that has imported what it needs."""
        environment = {
            **{name: value for name, value in os.environ.items() if name not in ("SSH_CONNECTION", "ESCDELAY")},
            **variables,
            "TERM": "xterm-256color",
            "COLORTERM": "truecolor",
            "TEXTUAL_ANIMATIONS": "none",
            "LANG": "C.UTF-8",
        }
        self.screen = pyte.Screen(columns, rows)
        self.raw = b""
        self._stream = pyte.ByteStream(self.screen)
        self._child: pexpect.spawn[bytes] | Started
        if not anew:
            self._child = start([*arguments], rows, columns, environment)
            return
        self._child = pexpect.spawn(
            sys.executable,
            ["-m", "sob_tui.cli", *arguments],
            dimensions=(rows, columns),
            env=environment,
            cwd=str(Path(__file__).parents[2]),
        )

    @property
    def text(self) -> str:
        """What stands on the screen; a space is a space, also one that no line breaks at."""
        return "\n".join(self.screen.display).replace("\xa0", " ")

    def wait(self, *words: str) -> "Terminal":
        """Read until all the words are on the screen."""
        return self.until(lambda: _all_in(self.text, words), f"{words} to come")

    def wait_like(self, pattern: str) -> "Terminal":
        """Read until a pattern is on the screen."""
        return self.until(lambda: re.search(pattern, self.text) is not None, f"{pattern} to come")

    def wait_gone(self, word: str) -> "Terminal":
        """Read until a word is no longer on the screen."""
        return self.until(lambda: word not in self.text, f"{word} to go")

    def until(self, holds: Callable[[], bool], what: str) -> "Terminal":
        """Read until something holds."""
        limit = time.monotonic() + PATIENCE
        while not holds():
            if time.monotonic() > limit:
                raise AssertionError(f"waited for {what}:\n{self.text}")
            self._take(0.05)
        return self

    def press(self, *keys: str) -> "Terminal":
        """Press keys; what is not a key's name is typed.

        Esc is the sequence that newer terminals send for it: the byte alone is told from Alt with the next key by a
        pause, which a busy machine may not see (`tests/e2e/test_endings.py` has that).
        """
        for key in keys:
            self._child.send(KEYS.get(key, key))
            self._read(0.02)
        return self

    def send(self, content: bytes) -> "Terminal":
        """Send bytes as they are."""
        self._child.send(content)
        return self

    def pass_time(self, seconds: float) -> "Terminal":
        """Read for a while: as long as a slow line lets wait for the rest of a key."""
        self._read(seconds)
        return self

    def signal(self, number: int) -> None:
        """Send the program a signal."""
        self._child.kill(number)

    def hung_up(self) -> int:
        """Close the terminal under the program; returns its exit status."""
        os.close(self._child.child_fd)
        process = self._child.pid
        assert process is not None
        limit = time.monotonic() + PATIENCE
        while time.monotonic() < limit:
            ended, status = os.waitpid(process, os.WNOHANG)
            if ended:
                return os.waitstatus_to_exitcode(status)
            select.select([], [], [], 0.05)
        raise AssertionError("it goes on")

    def closed(self) -> int:
        """Read to the end; returns the exit status."""
        limit = time.monotonic() + PATIENCE
        while self._child.isalive() and time.monotonic() < limit:
            self._read(0.05)
        self._child.close(force=True)
        return int(self._child.exitstatus if self._child.exitstatus is not None else -1)

    def kill(self) -> None:
        """End the program."""
        with suppress(OSError):  # the terminal has been closed
            self._child.close(force=True)

    def _read(self, seconds: float) -> None:
        """Read what the program writes to the terminal within some seconds."""
        limit = time.monotonic() + seconds
        while (left := limit - time.monotonic()) > 0 and self._take(left):
            pass

    def _take(self, seconds: float) -> bool:
        """Read what the program writes next, waiting some seconds at most; False where the terminal is closed."""
        try:
            data = self._child.read_nonblocking(65536, timeout=seconds)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            select.select([], [], [], 0.02)  # it is about to end: who asked reads on until it has
            return False
        self.raw += data
        self._stream.feed(data)
        return True


def _all_in(text: str, words: tuple[str, ...]) -> bool:
    return all(word in text for word in words)
