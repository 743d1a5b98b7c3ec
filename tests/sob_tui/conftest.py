"""Running `sob`: in this process for most, and as a program of its own where that is what is tested."""

import io
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from sob_tui.cli import main
from store.foundation.access import Role
from store.practice import make_practice
from tests.clinics import Clinic, hsa_id_of
from tests.conftest import SHARED, Stores, made_once

ROOT = Path(__file__).resolve().parents[2]
CLINICIAN = hsa_id_of(Role.CLINICIAN)
ADMIN = hsa_id_of(Role.RESIDENT_ADMIN)


@dataclass(frozen=True)
class Said:
    """What a command printed, and its exit code."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """The answer read as JSON."""
        return json.loads(self.out)


class Sob:
    """Runs commands in this process on one store."""

    def __init__(self, capsys: pytest.CaptureFixture[str], store: str | None) -> None:
        self.store = store
        self._capsys = capsys

    def __call__(self, *words: str, som: str | None = CLINICIAN) -> Said:
        """Run a command, as the clinician unless said."""
        common = [*(["--store", self.store] if self.store else []), *(["--som", som] if som else [])]
        self._capsys.readouterr()
        code = main([*words, *common])
        out, err = self._capsys.readouterr()
        return Said(code, out, err)


@pytest.fixture(autouse=True)
def _nobodys_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep what other libraries know of whoever runs the tests out of them too."""
    monkeypatch.setenv("HOME", str(home))


@pytest.fixture
def database() -> str:
    """Which database. A file will do: what differs between the two is tested below the commands."""
    return "sqlite"


@pytest.fixture
def nowhere(capsys: pytest.CaptureFixture[str]) -> Sob:
    """Commands without a store."""
    return Sob(capsys, None)


@pytest.fixture
def sob(clinic: Clinic, capsys: pytest.CaptureFixture[str]) -> Sob:
    """Commands on the clinic, as its clinician."""
    return Sob(capsys, clinic.store.engine.url)


@pytest.fixture(scope="session")
def practice_file(pytestconfig: pytest.Config) -> Path:
    """A practice store that was made today, to be copied; nobody opens it to change it."""
    return made_once(pytestconfig.stash[SHARED], "played.sqlite", lambda new: make_practice(new).close())


@pytest.fixture(params=["sqlite", "postgresql"])
def practice(request: pytest.FixtureRequest, stores: Stores) -> Iterator[str]:
    """The address of a fresh practice store with the cast, in each database."""
    url = getattr(stores, request.param)("played")
    yield url
    stores.discard(url)


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch) -> "Typed":
    """What stands on standard input."""
    return Typed(monkeypatch)


class Typed:
    """Puts bytes on standard input."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self._monkeypatch = monkeypatch

    def __call__(self, content: bytes) -> None:
        self._monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content), "utf-8"))


def run(*words: str, program: str | None = None, **environment: str) -> Said:
    """Run `sob` as a program of its own, or another program in its place."""
    process = start(*words, program=program, **environment)
    out, err = process.communicate(timeout=60)
    return Said(process.returncode, out, err)


def start(*words: str, program: str | None = None, **environment: str) -> subprocess.Popen[str]:
    """Start `sob` as a program of its own, and leave it running."""
    return subprocess.Popen(
        [sys.executable, *(["-c", program] if program else ["-m", "sob_tui.cli"]), *words],
        env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        preexec_fn=None if os.name == "nt" else _heed_ctrl_c,
    )


def _heed_ctrl_c() -> None:
    """Let Ctrl+C end the program: where the tests run in the background, it would be deaf to it as they are."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
