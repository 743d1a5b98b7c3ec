#!/usr/bin/env python3
"""Set up `.venv` and run sob-tui from it: `python3 start.py --help` lists the commands.

Standard library only. The file must parse on any Python 3.6 or newer, so that an old one gets as far as the sentence
that tells what is missing: no newer syntax here, and nothing newer evaluated above that sentence.
"""

import contextlib
import hashlib
import importlib.util
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

USAGE = """\
python3 start.py [ARG …]        öppna övningsmiljön; ARG går vidare till "sob ovning"
python3 start.py setup          gör bara i ordning .venv
python3 start.py test [ARG …]   kör testerna; ARG går vidare till pytest, och --snabb kör dem som varken
                                öppnar en terminal, en app eller PostgreSQL
python3 start.py check          kör alla granskningar av källkoden
python3 start.py bench [ARG …]  mät mot budgeten
python3 start.py lock [ARG …]   skriv om låsfilerna och beroendelistan; ARG går vidare till uv, som --upgrade"""

OLDEST_PYTHON = (3, 11)


def python_fault(version: "tuple[int, int]") -> str:
    """What to tell someone whose Python is too old; empty when it is new enough."""
    if version >= OLDEST_PYTHON:
        return ""
    return (
        f"sob behöver Python 3.11 eller nyare, och det här är {version[0]}.{version[1]}. "
        "Installera en nyare Python och starta med den, till exempel: python3.11 start.py"
    )


if python_fault(sys.version_info[:2]):
    sys.exit(python_fault(sys.version_info[:2]))

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
STAMP = VENV / "set-up.json"
PYPROJECT = ROOT / "pyproject.toml"
RUNTIME_LOCK = ROOT / "requirements.lock"
DEV_LOCK = ROOT / "requirements-dev.lock"
PACKAGES = tuple(ROOT / name for name in ("sob_tui", "screens", "store"))

# Development adds to the runtime, so who has the larger set has the smaller too.
RUNTIME = (RUNTIME_LOCK,)
DEVELOPMENT = (RUNTIME_LOCK, DEV_LOCK)


class SetUpError(Exception):
    """A sentence for the person at the keyboard, who gets it instead of a traceback."""


def say(sentence: str) -> None:
    """Tell the person something, beside what the program itself prints."""
    print(sentence, file=sys.stderr, flush=True)


# Set-up


def script(name: str) -> str:
    """Path of a program in `.venv`."""
    if os.name == "nt":
        return str(VENV / "Scripts" / f"{name}.exe")
    return str(VENV / "bin" / name)


def fingerprint(locks: tuple[Path, ...]) -> dict[str, str]:
    """All that decides what `.venv` holds: where it stands, for its scripts name that, and what it is made from."""
    digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (PYPROJECT, *locks)}
    return {"root": str(ROOT), **digests}


def stamped() -> dict[str, str]:
    """The fingerprint that the last finished set-up left; empty after one that was interrupted."""
    try:
        stamp: dict[str, str] = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp


def is_ready(wanted: dict[str, str]) -> bool:
    """Whether `.venv` already holds what is wanted, perhaps among more."""
    return wanted.items() <= stamped().items() and Path(script("python")).exists() and Path(script("sob")).exists()


def is_sound() -> bool:
    """Whether `.venv` was once finished where it stands now, and can be mended.

    One without a stamp was left half-way: pip cannot see what is missing in it, so it has to be made anew.
    """
    return stamped().get("root") == str(ROOT) and Path(script("python")).exists()


def set_up(locks: tuple[Path, ...]) -> None:
    """Make `.venv` hold what the locks name and an editable install; at once when it does already."""
    wanted = fingerprint(locks)
    if is_ready(wanted):
        return
    if not is_sound():
        require_ensurepip()
    say("Gör i ordning …")
    with one_at_a_time():
        if not is_ready(wanted):  # the start that held the lock before us may have done it
            install(locks[-1], wanted)


def install(lock: Path, wanted: dict[str, str]) -> None:
    """Install what a lock names, then the project; the stamp goes first and comes back last."""
    sound = is_sound()
    STAMP.unlink(missing_ok=True)
    if not sound:
        make_venv()
    # Only wheels: building from source would fetch build tools that no hash covers.
    pip("--require-hashes", "--only-binary=:all:", "--requirement", str(lock))
    pip("--no-deps", "--no-build-isolation", "--editable", str(ROOT))
    compile_packages()
    archive_modules()
    STAMP.write_text(json.dumps(wanted, indent=1), "utf-8")


def require_ensurepip() -> None:
    """Refuse a Python that cannot make a `.venv`, as Debian's is without its package python3-venv."""
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        raise SetUpError(
            "Den här Python saknar venv och ensurepip. "
            "På Debian och Ubuntu: sudo apt install python3-venv. Kör sedan samma kommando igen."
        )


def make_venv() -> None:
    """Make an empty `.venv`, over what may stand there."""
    # close_fds=False: see one_at_a_time.
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", str(VENV)], capture_output=True, text=True, close_fds=False
    )
    if made.returncode:
        raise SetUpError(f"Det gick inte att skapa {VENV}: {last_line(made.stderr or made.stdout)}")


def pip(*arguments: str) -> None:
    """Run `pip install` in `.venv` with the machine's own pip settings, and keep what it says in a file."""
    log = VENV / "pip.log"
    command = [script("python"), "-m", "pip", "install", "--quiet", "--no-input", "--disable-pip-version-check"]
    command.append("--compile")  # a pip.conf may say otherwise
    with log.open("wb") as output:
        done = subprocess.run(
            [*command, *arguments], stdin=subprocess.DEVNULL, stdout=output, stderr=output, close_fds=False
        )
    if done.returncode:
        raise SetUpError(pip_fault(log.read_text("utf-8", "replace"), log))


def compile_packages() -> None:
    """Compile the program beside its source: pip compiles what it installs, but not what it links to.

    Else the first start would do it, and where Python may not write there, every start: half a second of each. Where
    this may not write either, the program runs as well without.
    """
    folders = [str(folder) for folder in PACKAGES]
    subprocess.run([script("python"), "-m", "compileall", "-q", *folders], capture_output=True, close_fds=False)


def archive_modules() -> None:
    """Put the compiled modules in one file, which a start reads in less time (`sob_tui/module_archive.py`)."""
    subprocess.run([script("python"), "-m", "sob_tui.module_archive"], cwd=ROOT, capture_output=True, close_fds=False)


def pip_fault(output: str, log: Path) -> str:
    """One sentence for what stopped pip."""
    unreachable = ("NewConnectionError", "NameResolutionError", "Timeout", "ProxyError", "Network is unreachable")
    if any(sign in output for sign in unreachable):
        return "Paketen kunde inte hämtas: ingen kontakt med nätet. Kör samma kommando igen när den finns."
    errors = [line for line in output.splitlines() if line.startswith("ERROR: ")]
    return f"Paketen kunde inte installeras: {last_line(errors[0] if errors else output)} (allt står i {log})"


def last_line(output: str) -> str:
    """The last line with something on it: where a program says what went wrong."""
    return ([line.strip() for line in output.splitlines() if line.strip()] or ["okänt fel"])[-1]


@contextlib.contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait for other set-ups of this checkout, and keep them waiting.

    The lock goes with the processes that hold it, however they end. What a set-up runs inherits it (`close_fds=False`):
    a pip that outlives a killed start.py still keeps others out.
    """
    with (ROOT / ".venv.lock").open("a") as file:
        os.set_inheritable(file.fileno(), True)
        acquire(file.fileno())
        yield


def acquire(descriptor: int) -> None:
    """Lock an open file, waiting for as long as it takes."""
    if sys.platform == "win32":
        import msvcrt

        while True:
            with contextlib.suppress(OSError):  # it gives up after ten seconds, we do not
                msvcrt.locking(descriptor, msvcrt.LK_LOCK, 1)
                return
    else:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX)


# The practice environment, in a terminal that may have to be mended

RESTORE_TERMINAL = (
    "\x1b[?2026l"  # an update that was never finished
    "\x1b[2J\x1b[H"  # what was shown
    "\x1b[<u"  # kitty's keyboard mode, kept for each screen: before we leave the alternate one
    "\x1b[?1049l"  # alternate screen
    "\x1b[?1000l\x1b[?1002l\x1b[?1003l\x1b[?1006l\x1b[?1015l\x1b[?1016l"  # mouse
    "\x1b[?1004l\x1b[?2004l\x1b[?2048l"  # focus, bracketed paste, resize reports
    "\x1b[?7h\x1b[?25h\x1b[0m"  # line wrap, cursor, colours
)


def terminal_modes() -> list[Any] | None:
    """The terminal's line settings, to go back to; None without a terminal, and on Windows."""
    if sys.platform == "win32" or not sys.stdin.isatty():
        return None
    import termios

    return termios.tcgetattr(sys.stdin)


def restore_terminal(modes: list[Any] | None) -> None:
    """Give the terminal back as it was, cleared, with unread keys and mouse reports thrown away."""
    if sys.platform != "win32" and modes is not None:
        import termios

        termios.tcsetattr(sys.stdin, termios.TCSAFLUSH, modes)
    if sys.stderr.isatty():
        sys.stderr.write(RESTORE_TERMINAL)
    say("Programmet avslutades oväntat.")


def run_to_end(command: list[str], folder: Path | None = None) -> int:
    """Run a program to its end whatever signals come here, and return its exit code; negative if one killed it."""
    # ctrl+c reaches the child from the terminal. A function, since SIG_IGN would be inherited.
    signal.signal(signal.SIGINT, lambda *_: None)
    child = subprocess.Popen(command, cwd=folder)
    for name in ("SIGTERM", "SIGHUP"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), lambda number, _frame: child.send_signal(number))
    return child.wait()


def exit_code(code: int) -> int:
    """The code to leave with, as a shell tells of a signal."""
    return 128 - code if code < 0 else code


def run_on_screen(command: list[str]) -> int:
    """Run a full-screen program, give the terminal back if it is killed, and return its exit code."""
    modes = terminal_modes()
    code = run_to_end(command)
    if not 0 <= code <= 255:  # a signal; on Windows a number too large for an exit code
        restore_terminal(modes)
    return exit_code(code)


# The commands

# Modules that `.venv` runs in the checkout, with the arguments that follow the command.
DEVELOPMENT_COMMANDS = {
    "test": ["pytest", "-n", "auto"],  # a later -n wins
    "check": ["tests.upkeep", "check"],
    "bench": ["tests.bench"],
    "lock": ["tests.upkeep", "lock"],
}


def run_command(arguments: list[str]) -> int:
    """Run the command that the first argument names, or else open the practice environment with all of them."""
    name = arguments[0] if arguments else ""
    if name in ("--help", "-h"):
        print(USAGE)
        return 0
    if name in DEVELOPMENT_COMMANDS:
        set_up(DEVELOPMENT)
        return exit_code(run_to_end([script("python"), "-m", *DEVELOPMENT_COMMANDS[name], *arguments[1:]], ROOT))
    set_up(RUNTIME)
    if name == "setup":
        compile_packages()  # `.venv` may be older than the source
        archive_modules()
        return 0
    return run_on_screen([script("sob"), "ovning", *arguments])


def main(arguments: list[str]) -> int:
    """Run a command; what stops the set-up is told in one line."""
    try:
        return run_command(arguments)
    except SetUpError as error:
        say(str(error))
        return 1
    except OSError as error:
        say(f"Det gick inte: {error}")
        return 1
    except KeyboardInterrupt:
        return 130


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
