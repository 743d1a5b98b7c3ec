"""Starts `sob` in pseudo-terminals, each as a fork of one process that has imported it.

A new interpreter spends more than half of a short session's processor time on importing; what is tested comes after.
`test_endings` starts a new one each time.
"""

import atexit
import fcntl
import gc
import importlib
import json
import os
import pkgutil
import pty
import runpy
import signal
import socket
import struct
import subprocess
import sys
import termios
from functools import cache
from typing import Any

from pexpect.fdpexpect import fdspawn

import screens
import sob_tui
import store

LONGEST = 65536
"""Bytes of an answer."""


class Started(fdspawn):  # type: ignore[type-arg]  # it takes none when it runs
    """A session that was forked: what `pexpect.spawn` says of a child of one's own."""

    def __init__(self, terminal: int, pid: int) -> None:
        super().__init__(terminal)
        self.pid: int = pid
        self.exitstatus: int | None = None

    def isalive(self) -> bool:
        if self.exitstatus is None:
            self.exitstatus = _starter().ask({"wait": self.pid})[0]["ended"]
        return self.exitstatus is None

    def kill(self, sig: int) -> None:
        if self.isalive():
            os.kill(self.pid, sig)

    def close(self, force: bool = True) -> None:
        """Close the terminal and, if it must be, end the session."""
        super().close()
        if force:
            self.kill(signal.SIGKILL)


class Starter:
    """The process that forks; it ends with the one that asked for it."""

    def __init__(self) -> None:
        self._line, its = socket.socketpair()
        with its:
            self._process = subprocess.Popen(
                [sys.executable, "-m", __name__, str(its.fileno())], pass_fds=[its.fileno()]
            )
        atexit.register(self._end)

    def ask(self, order: dict[str, Any]) -> tuple[dict[str, Any], list[int]]:
        """Give an order; returns the answer, and the files that come with it."""
        self._line.sendall(json.dumps(order).encode() + b"\n")
        said, files, _, _ = socket.recv_fds(self._line, LONGEST, 1)
        return json.loads(said), list(files)

    def _end(self) -> None:
        self._line.close()
        self._process.wait()


_starter = cache(Starter)


def start(arguments: list[str], rows: int, columns: int, environment: dict[str, str]) -> Started:
    """Start `sob` with arguments in a terminal of a size."""
    order = {"line": arguments, "size": (rows, columns), "environment": environment}
    answer, (terminal,) = _starter().ask(order)
    return Started(terminal, answer["pid"])


def _serve(line: socket.socket) -> list[str] | None:
    """Answer orders; returns the arguments in a process that has been forked, and nothing when there is nobody left."""
    for said in line.makefile():
        order = json.loads(said)
        if "wait" in order:
            pid, status = os.waitpid(order["wait"], os.WNOHANG)
            ended = os.waitstatus_to_exitcode(status) if pid else None
            line.sendall(json.dumps({"ended": ended}).encode())
            continue
        pid, terminal = pty.fork()
        if not pid:
            line.close()
            _take_up(order)
            return list(order["line"])
        socket.send_fds(line, [json.dumps({"pid": pid}).encode()], [terminal])
        os.close(terminal)
    return None


def _take_up(order: dict[str, Any]) -> None:
    """Be as a new process in the terminal would: its size, its streams, its environment."""
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", *order["size"], 0, 0))
    sys.stdin = sys.__stdin__ = open(0, closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stdout = sys.__stdout__ = open(1, "w", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    sys.stderr = sys.__stderr__ = open(2, "w", closefd=False)  # type: ignore[misc]  # noqa: SIM115
    os.environ.clear()
    os.environ.update(order["environment"])


_LATE = (
    "cryptography.fernet",
    "cryptography.hazmat.primitives.ciphers.aead",
    "email_validator",
    "holidays.countries.sweden",
    "psycopg",
    "sqlalchemy.dialects.sqlite",
    "sqlcipher3.dbapi2",
    "stdnum.luhn",
)
"""What the program's modules import on first use."""


def _import_all() -> None:
    """Import the program, also what it imports once it is at work: half a second of each session."""
    for package in (store, screens, sob_tui):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if "__main__" not in module.name and ".migrations." not in module.name:
                importlib.import_module(module.name)
    for name in _LATE:
        importlib.import_module(name)
    gc.freeze()


if __name__ == "__main__":
    _import_all()
    with socket.socket(fileno=int(sys.argv[1])) as asked:
        words = _serve(asked)
    if words is not None:
        sys.argv = ["sob", *words]
        runpy.run_module("sob_tui.cli", run_name="__main__", alter_sys=True)
