"""What reaches a real terminal: nothing that data asks of it, and nothing of a resident when the app fails."""

import os
import re
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pexpect
import pyte
import pytest

from tests.screens.faults import NAME, SECRET

ROOT = Path(__file__).parents[2]
PATIENCE = 15
KINDS = [
    *("compose", "mount", "key", "rich", "render", "worker", "thread_worker", "thread", "timer", "task", "style"),
    *("input", "panic", "many"),
]
FORBIDDEN = [
    b"\x1b]52",  # the clipboard
    b"\x1b[31;7;5m",
    b"\x1b[?9999h",
    b"\x1bP+q",
    b"\x1b]0;HACKED",
    b"\x1b[21t",  # report the title: typed back as if by the person
    "\x9b31m".encode(),
    "\x90HACKED".encode(),
    "\u202e".encode(),
    "\u2066".encode(),
    "\u2028".encode(),
    "\u200f".encode(),
]
SGR = re.compile(rb"\x1b\[([\d;]*)m")
"""What sets how the characters that follow look."""
COLOURS = {*range(30, 39), *range(40, 49), *range(90, 98), *range(100, 108)}
"""Its parameters that set a colour; 39 and 49 set the terminal's own."""
HOSTILE = "Åsa" + "".join(sequence.decode() for sequence in FORBIDDEN) + "\x07\x0e\x08\x7f[/x][@click=app.quit]ÖBERG"


class Terminal:
    def __init__(self, *arguments: str, **variables: str) -> None:
        environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith(("TEXTUAL", "NO_COLOR"))},
            **{"TERM": "xterm-256color", "COLORTERM": "truecolor", "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT)},
            **variables,
        }
        command = ["-m", *arguments]
        self.screen = pyte.Screen(120, 50)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = b""
        self.child: pexpect.spawn[bytes] = pexpect.spawn(
            sys.executable, command, dimensions=(50, 120), env=environment, timeout=PATIENCE
        )

    def read_until(self, words: str) -> None:
        self.raw += self._read(self.child.expect_exact(words.encode()))
        self.stream.feed(self.raw)

    def _read(self, _: int) -> bytes:
        return (self.child.before or b"") + (self.child.after if isinstance(self.child.after, bytes) else b"")

    def finish(self) -> int | None:
        self.raw += self._read(self.child.expect(pexpect.EOF))
        self.child.close()
        return self.child.exitstatus


@contextmanager
def running(*arguments: str, **variables: str) -> Iterator[Terminal]:
    terminal = Terminal(*arguments, **variables)
    try:
        yield terminal
    finally:
        terminal.child.close(force=True)


def test_no_control_byte_of_the_data_reaches_the_terminal() -> None:
    with running("tests.screens.faults", "show", HOSTILE) as terminal:
        terminal.read_until("ÖBERG")
        terminal.child.send("\x10")  # ctrl+p, to have painted once more what lies beneath
        terminal.read_until("Sök kommando")
        terminal.child.send("\x1b")
        terminal.child.send("\x11")
        terminal.read_until("?1049l")
        terminal.finish()
        assert [sequence for sequence in FORBIDDEN if sequence in terminal.raw] == []
        assert b"\x07" not in terminal.raw.replace(b"\x1b]22;", b"").replace(b"default\x07", b"")
        assert b"\x0e" not in terminal.raw
        assert b"[@click=app.quit]" in terminal.raw, "shown as it stands"


@pytest.mark.parametrize("kind", KINDS)
def test_a_crash_tells_nothing_of_a_resident(tmp_path: Path, kind: str) -> None:
    with running("tests.screens.faults", kind, str(tmp_path)) as terminal:
        if kind not in ("compose", "mount"):
            terminal.read_until("Redo")
            terminal.child.send("x")
        if kind == "input":
            terminal.read_until("Nästa tangent")
            terminal.child.send("y")
        assert terminal.finish() == 1
        for words in (SECRET, NAME, "boom", "personnummer =", "Traceback", "fail("):
            assert words.encode() not in terminal.raw
        shown = terminal.raw.decode().rpartition("\x1b[?1049l")[2]
        assert shown.count("Programmet stoppades. Felkod ") == 1
        assert "Inga personuppgifter visas här." in shown
        assert "textual" not in shown, "no advice on how to see all errors"
        log = tmp_path / "crash.log"
        noted = log.read_text()
        assert stat.S_IMODE(log.stat().st_mode) == 0o600
        assert shown.partition("Felkod ")[2][:8] in noted
        assert " 9.9 " in noted
        assert kind in ("style", "panic") or "faults.py" in noted
        assert " at ?" not in noted
        for words in (SECRET, NAME, "boom"):
            assert words not in noted


def test_no_color_sends_no_colour_at_all() -> None:
    with running("tests.screens.frame", NO_COLOR="1") as terminal:
        terminal.read_until("F9")
        terminal.child.send("\x11")
        terminal.finish()
        looks = {int(part) for look in SGR.findall(terminal.raw) for part in look.split(b";") if part}
        assert looks
        assert looks.isdisjoint(COLOURS)
        assert "▌ÖVNINGSMILJÖ▐".encode() in terminal.raw


def test_a_lock_leaves_nothing_on_the_terminal() -> None:
    with running("tests.screens.frame") as terminal:
        terminal.read_until("F9")
        assert "Ahlberg" in "\n".join(terminal.screen.display)
        terminal.child.send("\x1b[20~")
        terminal.read_until("Tryck på valfri tangent")
        assert "Ahlberg" not in "\n".join(terminal.screen.display)
