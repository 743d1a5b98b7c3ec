"""The tests' own server goes away with the run, however the run ends."""

import subprocess
import sys
from pathlib import Path

import psutil  # type: ignore[import-untyped]
import pytest

from tests.postgres import ROOT, locked

RUN = """
import os, signal
from tests.postgres import run_folder, server_address
with run_folder() as folder:
    print(folder, server_address(folder), flush=True)
    {end}
"""


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), signal.SIGKILL)", "raise KeyboardInterrupt", "pass"])
def test_nothing_is_left(end: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", RUN.format(end=end)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    folder, address = done.stdout.split()
    assert address.startswith("postgresql://")
    if Path(folder).exists():
        with locked(Path(folder) / "kept"):  # until the keeper is done
            pass
    assert not Path(folder, "postgres").exists()
    commands = [process.info["cmdline"] or () for process in psutil.process_iter(["cmdline"])]
    assert not [command for command in commands if f"{folder}/postgres" in command]
