"""From exec to the first frame and to the first rows, in a real terminal, beside a Textual app with one `Static`."""

import compileall
import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from store.foundation.connection import Connection
from store.foundation.fictional import fictional_numbers
from store.practice import make_practice
from tests.bench.harness import Measure

ROWS, COLUMNS = 40, 120
RUNS = 7
MOMENTS = 10_000
PACKAGES = ("sob_tui", "screens", "store")
LAST_SEEN = 25
"""The row that stands near the bottom of the first screen."""

FLOOR = """
from textual.app import App
from textual.widgets import Static

class Floor(App):
    def compose(self):
        yield Static("FLOOR-IS-PAINTED")

Floor().run()
"""


def measure() -> list[Measure]:
    """Measure both start-ups, each run beside a run of the floor."""
    for package in PACKAGES:  # else each start compiles what was changed, where Python may not write bytecode
        compileall.compile_dir(package, quiet=2)
    subprocess.run([sys.executable, "-m", "sob_tui.module_archive"], check=True)  # as setting up does
    with tempfile.TemporaryDirectory() as folder:
        small, large, floor = Path(folder, "small.sqlite"), Path(folder, "large.sqlite"), Path(folder, "floor.py")
        floor.write_text(FLOOR)
        make_practice(small).close()
        store = make_practice(large)
        with store.lend() as db:
            clinician = db.rows("SELECT id FROM staff WHERE hsa_id = 'SE2321000040-OV01'")[0][0]
        store.close()
        _fill(store.engine.connect(), clinician)
        bare = _start([sys.executable, str(floor)], b"FLOOR-IS-PAINTED")
        frame = _paired(_start(_ours(small), "ÖVNINGSMILJÖ".encode()), bare)
        rows = _paired(_start(_ours(large), f"Rad{LAST_SEEN:05}".encode()), bare)
    return [
        Measure("exec → first frame", *frame, 1.25),
        Measure(f"exec → first rows of Mina, {MOMENTS:,} moments", *rows, 1.45),
    ]


def _ours(store: Path) -> list[str]:
    return [str(Path(sys.executable).with_name("sob")), "ovning", "--store", str(store), "--som", "SE2321000040-OV01"]


def _fill(db: Connection, clinician: int) -> None:
    """Give the clinician many moments, all of them before those of the cast."""
    first = db.rows("SELECT max(id) FROM resident")[0][0] + 1
    numbers = list(fictional_numbers(MOMENTS))
    residents = [(first + at, number.value, f"Rad{at:05}") for at, number in enumerate(numbers)]
    db.run("BEGIN")
    db.run_many(
        "INSERT INTO resident (id, personnummer, family_name, given_name, sort_name, region, mobile, email, channel,"
        " protection, entered_by_hand) VALUES (:id, :number, :name, 'A', :name, '05', '', '', 'ingen', '', 0)",
        [{"id": key, "number": number, "name": name} for key, number, name in residents],
    )
    db.run_many(
        "INSERT INTO moment (resident_id, unit_id, program, version_id, responsible_id, status, started_at, end_reason,"
        " unread_forms, unread_messages, drafts, open_flags, priority_flags, severity_rank, purge_by, sort_name)"
        " SELECT :id, unit_id, program, version_id, :clinician, 'pagaende', started_at, '', 0, 0, 0, 0, 0, 3,"
        " '2028-01-01', :name FROM moment WHERE program = 'komigang-online' AND responsible_id = :clinician LIMIT 1",
        [{"id": key, "clinician": clinician, "name": f"  {name}"} for key, _, name in residents],
    )
    db.run(
        "UPDATE momentcount SET number = number + :more"
        " WHERE responsible_id = :clinician AND program = 'komigang-online' AND status = 'pagaende'",
        more=MOMENTS,
        clinician=clinician,
    )
    db.run("COMMIT")
    db.driver.close()


def _paired(ours: Callable[[], float], floor: Callable[[], float]) -> tuple[float, float]:
    """Return both medians; the runs take turns, since the machine's speed drifts. The first of each is a warm-up."""
    pairs = [(ours(), floor()) for _ in range(RUNS + 1)][1:]
    return median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)


def _start(command: Sequence[str], marker: bytes) -> Callable[[], float]:
    return lambda: _seconds_until(command, marker)


def _seconds_until(command: Sequence[str], marker: bytes) -> float:
    """Start a program in a terminal of its own; return the seconds until it has painted the marker."""
    outer, inner = pty.openpty()
    fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor", "TEXTUAL_ANIMATIONS": "none"}
    begun = time.perf_counter()
    child = subprocess.Popen(
        command, stdin=inner, stdout=inner, stderr=inner, env=environment, start_new_session=True, close_fds=True
    )
    os.close(inner)
    try:
        return _read_until(outer, marker) - begun
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
        os.close(outer)


def _read_until(terminal: int, marker: bytes) -> float:
    seen = b""
    while marker not in seen:
        ready, _, _ = select.select([terminal], [], [], 30)
        if not ready:
            raise TimeoutError(f"{marker!r} was not painted within 30 s: {seen[-200:]!r}")
        seen += os.read(terminal, 65536)
    return time.perf_counter()
