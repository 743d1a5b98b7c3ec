"""start.py without a network: when it sets up, who waits, what is told, and how a terminal is given back."""

import fcntl
import importlib.util
import json
import os
import signal
import subprocess
import sys
import threading
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pexpect
import pytest

ROOT = Path(__file__).resolve().parent.parent
FILES = ("start.py", "pyproject.toml", "requirements.lock", "requirements-dev.lock")


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A folder with what start.py needs beside it."""
    for name in FILES:
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    return tmp_path


@pytest.fixture
def start(checkout: Path) -> ModuleType:
    """start.py of that folder, so that its `.venv` stands there."""
    spec = importlib.util.spec_from_file_location("start_of_checkout", checkout / "start.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def installs(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What would have been done to make and fill `.venv`, in order; its programs appear, and do nothing."""
    done: list[str] = []

    def make_venv() -> None:
        done.append("venv")
        for name in ("python", "sob"):
            path = Path(start.script(name))
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch()
            path.chmod(0o755)

    def pip(*arguments: str) -> None:
        done.append(Path(arguments[-1]).name)

    monkeypatch.setattr(start, "make_venv", make_venv)
    monkeypatch.setattr(start, "pip", pip)
    monkeypatch.setattr(start, "compile_packages", lambda: done.append("compiled"))
    monkeypatch.setattr(start, "archive_modules", lambda: done.append("archived"))
    return done


# When to set up


def test_first_start_makes_venv_and_installs_the_lock_then_the_project(
    start: ModuleType, installs: list[str], checkout: Path
) -> None:
    start.set_up(start.RUNTIME)
    assert installs == ["venv", "requirements.lock", checkout.name, "compiled", "archived"]


def test_second_start_does_nothing_and_says_nothing(
    start: ModuleType, installs: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    start.set_up(start.RUNTIME)
    installs.clear()
    capsys.readouterr()
    start.set_up(start.RUNTIME)
    assert installs == []
    assert capsys.readouterr().err == ""


def test_development_holds_the_runtime_but_not_the_other_way(
    start: ModuleType, installs: list[str], checkout: Path
) -> None:
    start.set_up(start.RUNTIME)
    start.set_up(start.DEVELOPMENT)
    start.set_up(start.RUNTIME)
    project = [checkout.name, "compiled", "archived"]
    assert installs == ["venv", "requirements.lock", *project, "requirements-dev.lock", *project]


@pytest.mark.parametrize("name", ["requirements.lock", "pyproject.toml"])
def test_a_changed_file_mends_the_venv_it_was_made_from(
    start: ModuleType, installs: list[str], checkout: Path, name: str
) -> None:
    start.set_up(start.RUNTIME)
    installs.clear()
    with (checkout / name).open("a") as file:
        file.write("# changed\n")
    start.set_up(start.RUNTIME)
    assert installs == ["requirements.lock", checkout.name, "compiled", "archived"]


def test_an_interrupted_set_up_is_made_anew(
    start: ModuleType, installs: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_arguments: str) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(start, "pip", interrupted)
        assert start.main(["setup"]) == 130
    installs.clear()
    assert start.main(["setup"]) == 0
    assert installs[0] == "venv"


@pytest.mark.parametrize("stamp", ["", "{", json.dumps({"root": "/elsewhere"})])
def test_a_venv_of_unknown_making_is_made_anew(start: ModuleType, installs: list[str], stamp: str) -> None:
    start.set_up(start.RUNTIME)
    installs.clear()
    start.STAMP.write_text(stamp)
    start.set_up(start.RUNTIME)
    assert installs[0] == "venv"


def test_a_venv_whose_python_is_gone_is_made_anew(start: ModuleType, installs: list[str]) -> None:
    start.set_up(start.RUNTIME)
    installs.clear()
    Path(start.script("python")).unlink()
    start.set_up(start.RUNTIME)
    assert installs[0] == "venv"


# What set-up compiles


def test_what_is_installed_is_what_is_compiled(start: ModuleType) -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert sorted(folder.name for folder in start.PACKAGES) == sorted(set(wheel["only-include"]) - {"data"})


def test_a_start_that_may_not_write_finds_everything_compiled(
    start: ModuleType, checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in start.PACKAGES:
        (folder / "inner").mkdir(parents=True)
        for name in ("__init__.py", "inner/__init__.py", "inner/part.py"):
            (folder / name).write_text("")
    monkeypatch.setattr(start, "script", lambda _name: sys.executable)
    start.compile_packages()
    imports = "; ".join(f"import {folder.name}.inner.part" for folder in start.PACKAGES)
    run = subprocess.run(
        [sys.executable, "-B", "-v", "-c", imports], cwd=checkout, capture_output=True, text=True, check=True
    )
    origins = [line.rpartition(" ")[2].strip("'") for line in run.stderr.splitlines() if "# code object from" in line]
    ours = [origin for origin in origins if origin.startswith(str(checkout))]
    assert len(ours) == 9
    assert {os.path.splitext(origin)[1] for origin in ours} == {".pyc"}


def test_setup_compiles_anew_what_was_fetched_since(start: ModuleType, installs: list[str]) -> None:
    start.main(["setup"])
    installs.clear()
    assert start.main(["setup"]) == 0
    assert installs == ["compiled", "archived"]


# Two at once


def test_two_first_starts_at_once_take_turns_and_only_one_installs(
    start: ModuleType, installs: list[str], checkout: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    held: list[bool] = []
    install = start.install

    def install_watched(lock: Path, wanted: dict[str, str]) -> None:
        held.append(is_held(checkout / ".venv.lock"))
        install(lock, wanted)

    monkeypatch.setattr(start, "install", install_watched)
    together = threading.Barrier(2)

    def first_start() -> None:
        together.wait()
        start.set_up(start.RUNTIME)

    starts = [threading.Thread(target=first_start) for _ in range(2)]
    for thread in starts:
        thread.start()
    for thread in starts:
        thread.join()
    assert held == [True]
    assert installs.count("venv") == 1


def test_what_a_set_up_runs_keeps_others_out_after_it_was_killed(start: ModuleType, checkout: Path) -> None:
    with start.one_at_a_time():
        orphan = subprocess.Popen(
            [sys.executable, "-c", "input()"], stdin=subprocess.PIPE, close_fds=False, cwd=checkout
        )
    assert is_held(checkout / ".venv.lock")
    orphan.communicate(b"\n")
    assert not is_held(checkout / ".venv.lock")


def is_held(path: Path) -> bool:
    with path.open("a") as file:
        try:
            fcntl.flock(file.fileno(), fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
    return False


# What is told


def test_an_old_python_is_told_which_one_is_needed(start: ModuleType) -> None:
    sentence = start.python_fault((3, 8))
    assert "3.11" in sentence
    assert "3.8" in sentence
    assert "\n" not in sentence
    assert start.python_fault((3, 11)) == ""
    assert start.python_fault((4, 0)) == ""


def test_no_syntax_stands_in_the_way_of_that_sentence() -> None:
    source = (ROOT / "start.py").read_text("utf-8")
    compile(source, "start.py", "exec", flags=0x400, _feature_version=6)  # 0x400: parse alone


def test_a_python_without_ensurepip_is_told_what_to_install(
    start: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(start.importlib.util, "find_spec", lambda _name: None)
    assert start.main(["setup"]) == 1
    told = capsys.readouterr().err
    assert told.count("\n") == 1
    assert "sudo apt install python3-venv" in told


def test_no_network_is_told_as_such(start: ModuleType, tmp_path: Path) -> None:
    output = (
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...)'\n"
        "ERROR: Could not find a version that satisfies the requirement rich==15.0.0\n"
    )
    assert "ingen kontakt med nätet" in start.pip_fault(output, tmp_path)


def test_what_else_stops_pip_is_told_in_pips_words(start: ModuleType, tmp_path: Path) -> None:
    sentence = start.pip_fault("ERROR: No matching distribution found for x==1\n\nmore\n", tmp_path / "pip.log")
    assert "No matching distribution found for x==1" in sentence
    assert "pip.log" in sentence
    assert "\n" not in sentence


# The commands


@pytest.fixture
def commands(start: ModuleType, monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """The commands that would have run, with programs by their name alone."""
    run: list[list[str]] = []

    def run_to_end(command: list[str], _folder: Path | None = None) -> int:
        run.append([Path(command[0]).name, *command[1:]])
        return 3

    monkeypatch.setattr(start, "run_to_end", run_to_end)
    return run


@pytest.mark.parametrize(
    ("arguments", "command"),
    [
        ([], ["sob", "ovning"]),
        (["--nollstall", "--som", "X"], ["sob", "ovning", "--nollstall", "--som", "X"]),
        (["test", "tests/test_start.py"], ["python", "-m", "pytest", "-n", "auto", "tests/test_start.py"]),
        (["check"], ["python", "-m", "tests.upkeep", "check"]),
        (["bench", "lists"], ["python", "-m", "tests.bench", "lists"]),
        (["lock", "--upgrade"], ["python", "-m", "tests.upkeep", "lock", "--upgrade"]),
    ],
)
def test_each_command_sets_up_runs_its_program_and_passes_the_exit_code_on(
    start: ModuleType, installs: list[str], commands: list[list[str]], arguments: list[str], command: list[str]
) -> None:
    assert start.main(arguments) == 3
    assert installs
    assert commands == [command]


def test_setup_runs_nothing(start: ModuleType, installs: list[str], commands: list[list[str]]) -> None:
    assert start.main(["setup"]) == 0
    assert installs
    assert commands == []


def test_help_needs_no_set_up(start: ModuleType, installs: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert start.main(["--help"]) == 0
    assert installs == []
    assert "python3 start.py test" in capsys.readouterr().out


# A program on screen

Terminal = Callable[[str], "pexpect.spawn[str]"]

FULL_SCREEN = """
import os, sys, termios, tty
before = termios.tcgetattr(0)
tty.setraw(0)
sys.stderr.write("\\x1b[?1049h\\x1b[?1000h\\x1b[?25l" "Anna Andersson")
sys.stderr.flush()
sys.stdin.read(1)
os.kill(os.getpid(), 9)
"""

UNTIL_INTERRUPTED = """
import signal, sys
try:
    print("ready", flush=True)
    signal.pause()
except KeyboardInterrupt:
    print("interrupted", flush=True)
    sys.exit(7)
"""

UNTIL_TERMINATED = """
import signal, sys
signal.signal(signal.SIGTERM, lambda *_: sys.exit(8))
print("ready", flush=True)
signal.pause()
"""


@pytest.fixture
def terminal() -> Terminal:
    """Runs a program under start.py in a terminal, then tells the exit code and whether the terminal echoes."""

    def run(program: str) -> "pexpect.spawn[str]":
        parent = (
            "import start, sys, termios\n"
            f"code = start.run_on_screen([sys.executable, '-c', {program!r}])\n"
            "echoes = bool(termios.tcgetattr(0)[3] & termios.ECHO)\n"
            "print('code', code, 'echo', echoes)\n"
        )
        return pexpect.spawn(sys.executable, ["-c", parent], cwd=str(ROOT), encoding="utf-8", timeout=15)

    return run


def test_a_killed_program_leaves_the_terminal_as_it_was_and_cleared(terminal: Terminal) -> None:
    child = terminal(FULL_SCREEN)
    child.expect_exact("Anna Andersson")
    child.send("x")
    child.expect("code 137 echo True")
    after = child.before or ""
    clearing, leaving = after.index("\x1b[2J"), after.index("\x1b[?1049l")
    assert clearing < leaving
    for mode in ("\x1b[?1000l", "\x1b[?1006l", "\x1b[?2004l", "\x1b[?1004l", "\x1b[<u", "\x1b[?25h"):
        assert mode in after
    assert after.endswith("Programmet avslutades oväntat.\r\n")


def test_ctrl_c_is_the_programs_own_business(terminal: Terminal) -> None:
    child = terminal(UNTIL_INTERRUPTED)
    child.expect_exact("ready")
    child.sendintr()
    child.expect_exact("interrupted")
    child.expect("code 7 echo True")


def test_terminating_the_parent_terminates_the_program(terminal: Terminal) -> None:
    child = terminal(UNTIL_TERMINATED)
    child.expect_exact("ready")
    child.kill(signal.SIGTERM)
    child.expect("code 8 echo True")
    assert "\x1b[2J" not in (child.before or "")
