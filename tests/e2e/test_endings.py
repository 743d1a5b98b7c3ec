"""Every way out leaves the terminal clean and says why; odd bytes and slow keys from a terminal stop nothing."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.terminal import Terminal

SOB = ("ovning", "--som", "SE2321000040-OV01")
LEFT = b"\x1b[?1049l"
CLEAN = (b"\x1b[?1000l", b"\x1b[?1003l", b"\x1b[?1006l", b"\x1b[?2004l", b"\x1b[?25h", b"\x1b[?7h", LEFT)


@pytest.mark.parametrize(
    ("name", "code", "why"), [("SIGTERM", 143, "(signalen TERM)"), ("SIGHUP", 129, "(signalen HUP)")]
)
def test_a_signal_leaves_a_clean_terminal_and_what_was_written(store: Path, name: str, code: int, why: str) -> None:
    terminal = Terminal(*SOB, "--store", str(store), anew=True)
    try:
        terminal.wait("Mina 10", "Åkesson").press("enter").wait("INFORMATION OM MOMENTET").press("2")
        terminal.wait("NY KONVERSATION").press("n").wait("Skicka meddelande").press("Halvskrivet till dig").wait(
            "Halvskrivet till dig"
        )
        terminal.signal(getattr(signal, name))
        assert terminal.closed() == code
        for sequence in CLEAN:
            assert sequence in terminal.raw
        after = terminal.raw.rpartition(LEFT)[2].decode()
        assert why in after
        assert "Åkesson" not in after
    finally:
        terminal.kill()
    again = Terminal(*SOB, "--store", str(store), anew=True)
    try:
        again.wait("Mina 10", "Åkesson").press("enter").wait("INFORMATION OM MOMENTET").press("2")
        again.wait("UTKAST (1)").press("ctrl+q")
        assert again.closed() == 0
    finally:
        again.kill()


def test_a_terminal_that_is_gone_ends_the_app(store: Path) -> None:
    terminal = Terminal(*SOB, "--store", str(store), anew=True)
    try:
        terminal.wait("Mina 10")
        assert terminal.hung_up() == 129
    finally:
        terminal.kill()


@pytest.mark.parametrize("closed", [True, False])
def test_standard_input_without_keys_is_said(store: Path, closed: bool) -> None:
    line = [sys.executable, "-m", "sob_tui.cli", *SOB, "--store", str(store)]
    command = ["sh", "-c", 'exec "$@" <&-', "sh", *line] if closed else line
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        timeout=60,
        check=False,
        cwd=str(Path(__file__).parents[2]),
        env={**os.environ, "TERM": "xterm-256color"},
    )
    assert done.returncode == (3 if closed else 129)
    assert "standard in" in done.stderr.rpartition(LEFT)[2].decode()


def test_bytes_that_are_no_utf_8_stop_nothing(store: Path) -> None:
    terminal = Terminal(*SOB, "--store", str(store), anew=True)
    try:
        terminal.wait("Mina 10").press("/")
        terminal.send(b"\xe5\x6b\x65")
        terminal.wait("teckenuppsättning", "UTF-8")
        terminal.press("ctrl+u").send("åkes".encode())
        terminal.wait("Åkesson").wait_gone("Andersson").press("ctrl+q")
        assert terminal.closed() == 0
    finally:
        terminal.kill()


def test_over_a_slow_line_a_key_may_come_in_pieces(store: Path) -> None:
    terminal = Terminal(*SOB, "--store", str(store), anew=True, SSH_CONNECTION="192.0.2.1 5 192.0.2.2 22")
    try:
        terminal.wait("Mina 10", "Åkesson").press("enter").wait("INFORMATION OM MOMENTET").press("2")
        terminal.wait("NY KONVERSATION").press("n").wait("Skicka meddelande").press("ab").wait("ab")
        for piece in (b"\x1b", b"[", b"D"):
            terminal.send(piece)
            terminal.pass_time(0.2)
        terminal.press("x").wait("axb")
        terminal.send(b"\x1b").wait("n Skapa").press("ctrl+q")
        assert terminal.closed() == 0
    finally:
        terminal.kill()
