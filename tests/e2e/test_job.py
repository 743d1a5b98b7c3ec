"""The whole job with keys alone, in a real terminal; it leaves the same rows as the commands do."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.opening import open_store
from tests.e2e.terminal import Terminal
from tests.opened_log import ask_log

OV01, OV02 = "SE2321000040-OV01", "SE2321000040-OV02"
RESIDENT = "200001012384"
FAREWELL = "Tack for den har tiden [/x]"

Rows = dict[str, list[tuple[object, ...]]]


@pytest.fixture
def terminal(store: Path) -> Iterator[Terminal]:
    """The app on a practice store, with OV01 at work, in the smallest terminal: all is to be found there."""
    running = Terminal("ovning", "--store", str(store), "--som", OV01)
    yield running
    running.kill()


@pytest.fixture(scope="module")
def by_commands(practice_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Rows:
    """What the same job leaves that is done with commands."""
    store = Path(shutil.copyfile(practice_template, tmp_path_factory.mktemp("commands") / "app.sqlite"))
    _by_commands(store)
    return _rows(store)


def test_the_whole_job_with_keys_alone(terminal: Terminal, store: Path, by_commands: Rows) -> None:
    terminal.wait("ÖVNINGSMILJÖ", "Andersson, Lena", "n Starta")
    terminal.press("n", "0001012384", "tab").wait("20000101-2384 · 26 år · kvinna")
    terminal.press("enter", "Kom").wait("Esc Stäng").press("enter").wait_gone("Esc Stäng")
    terminal.press("ctrl+s").wait("startat.")
    terminal.press("/", "20000101", "enter").wait_gone("Andersson, Lena").press("enter").wait("INFORMATION OM MOMENTET")
    terminal.press("w").wait("Sätt i vidmakthållande läge").press("ctrl+s").wait("w Återuppta")
    terminal.press("w").wait("Återuppta momentet").press("ctrl+s").wait("w Vidmakthållande")
    terminal.press("a").wait("Avslutningsorsak:", "Denna åtgärd går inte att ångra")
    terminal.press("enter", "Avsl").wait("Esc Stäng").press("enter").wait_gone("Esc Stäng")
    terminal.press("tab", "space").wait("Meddelande till invånaren").press("tab", FAREWELL).wait(FAREWELL)
    terminal.press("ctrl+s").wait("avslutat.")
    terminal.press("4").wait("Avslutade (", "Ekdahl, Sofia").press("ctrl+q")
    assert terminal.closed() == 0
    assert _rows(store) == by_commands


def _by_commands(store: Path) -> None:
    def sob(*words: str) -> str:
        line = [sys.executable, "-m", "sob_tui.cli", *words, "--som", OV01, "--store", str(store)]
        return subprocess.run(line, check=True, capture_output=True, text=True, timeout=60).stdout

    sob("moment", "starta", "0001012384", "--program", "komigang-online")
    moments = json.loads(sob("lista", "--json"))
    (moment,) = [row["id"] for row in moments if row["personnummer"] == RESIDENT]
    sob("moment", "vidmakthallande", moment)
    sob("moment", "ateruppta", moment)
    sob("moment", "avsluta", moment, "--orsak", "Avslutat enligt plan", "--meddelande", FAREWELL)


def _rows(path: Path) -> Rows:
    """What was done with the resident: all but ids and times, and what was only read."""
    store = open_store(path)
    with store.lend() as db:
        moment = db.rows(
            "SELECT m.id FROM moment m JOIN resident r ON r.id = m.resident_id WHERE personnummer = :number",
            number=RESIDENT,
        )
        found = {
            "moment": db.rows(
                "SELECT program, status, end_reason, responsible_id, drafts FROM moment WHERE id = :id", id=moment[0][0]
            ),
            "events": db.rows(
                "SELECT kind, actor_name FROM event WHERE moment_id = :id ORDER BY at, seq", id=moment[0][0]
            ),
            "messages": db.rows("SELECT text, sender, author FROM message WHERE moment_id = :id", id=moment[0][0]),
            "notices": db.rows("SELECT kind, state FROM notice WHERE moment_id = :id ORDER BY id", id=moment[0][0]),
            "log": ask_log(
                db,
                None,
                "SELECT action, operation, actor_hsa_id FROM log WHERE personnummer = :number"
                " AND action IN ('ändrade', 'skickade') ORDER BY id",
                number=RESIDENT,
            ),
            "counts": db.rows("SELECT program, status, number FROM momentcount ORDER BY 1, 2, 3"),
        }
    store.close()
    return found
