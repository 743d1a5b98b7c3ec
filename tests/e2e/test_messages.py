"""A message in a real terminal: the program is killed in the middle of it, and nothing is lost."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.opening import open_store
from tests.e2e.terminal import Terminal

OV01 = "SE2321000040-OV01"
RESIDENT = "19800102"
TEXT = "Hej Lena, [/x] hur har det varit i veckan?"


class Starts:
    """Starts the app, and ends what was started."""

    def __init__(self, store: Path) -> None:
        self._store = store
        self._started: list[Terminal] = []

    def __call__(self) -> Terminal:
        """OV01's app, with the resident's messages open."""
        line = ("ovning", "--store", str(self._store), "--som", OV01)
        terminal = Terminal(*line)
        self._started.append(terminal)
        terminal.wait("Andersson, Lena", "n Starta").press("/", RESIDENT, "enter").wait_gone("Åkesson")
        return terminal.press("enter").wait("INFORMATION OM MOMENTET").press("2").wait("NY KONVERSATION")

    def close(self) -> None:
        for terminal in self._started:
            terminal.kill()


@pytest.fixture
def start(store: Path) -> Iterator[Starts]:
    """What starts the app."""
    starts = Starts(store)
    yield starts
    starts.close()


def kill_9(terminal: Terminal) -> None:
    terminal._child.kill(signal.SIGKILL)
    terminal.closed()


def sent(path: Path) -> list[str]:
    store = open_store(path)
    with store.lend() as db:
        found = [str(text) for (text,) in db.rows("SELECT text FROM message ORDER BY id DESC")]
    store.close()
    return found


def test_a_draft_outlives_kill_9_and_is_sent(start: Starts, store: Path) -> None:
    terminal = start().press("n").wait("Rubrik").press(TEXT).wait(TEXT, "Utkast sparat")
    kill_9(terminal)
    terminal = start().wait("UTKAST (1)").press("n").wait(TEXT, "Utkast sparat")
    terminal.press("ctrl+s").wait("skickat.", "UTKAST (0)", "går strax iväg", TEXT)
    terminal.press("esc").wait("Tillbaka").press("esc").wait("Mina").press("ctrl+q")
    assert terminal.closed() == 0
    assert sent(store)[0] == TEXT
    assert sent(store).count(TEXT) == 1


def test_what_is_written_without_a_database_outlives_kill_9(start: Starts, store: Path, home: Path) -> None:
    terminal = start().press("n").wait("Rubrik")
    away = store.rename(store.with_name("borta.sqlite"))
    terminal.press(TEXT).wait("sparat som utkast.")
    terminal.until(lambda: len(list((home / "sob-tui" / "utkast").iterdir())) == 1, "the file")
    kill_9(terminal)
    (kept,) = (home / "sob-tui" / "utkast").iterdir()
    assert b"Lena" not in kept.read_bytes()
    away.rename(store)
    terminal = start().wait("UTKAST (1)").press("n").wait(TEXT, "Utkast sparat")
    assert not kept.exists()
    terminal.press("ctrl+q")
    assert terminal.closed() == 0
