"""Locks of the operating system: those who want to write to a file stand in line, and a name is claimed by a file.

SQLite has no line: who waits looks again now and then, and who came last looks most often. The operating system's file
lock has one. It is politeness only: SQLite's own lock still keeps writers apart, where this one can't be had too.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Event, Lock, Thread

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@contextmanager
def claimed(path: Path) -> Iterator[bool]:
    """Lock a file of that name while the block runs, and remove it; yields whether nobody else has it locked.

    Where there are no such locks everybody is let in.
    """
    try:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    except OSError:  # nothing can be written there: the store is going to say so
        yield True
        return
    is_mine = _locks(handle)
    try:
        yield is_mine
    finally:
        if is_mine:
            with suppress(OSError):
                path.unlink()
        os.close(handle)


def _locks(handle: int) -> bool:
    if fcntl is not None:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        except OSError:  # a file system without such locks
            return True
    return True


class WriteQueue:
    """The line before one store's file: the lock on its write-ahead log, which SQLite itself never locks.

    (It locks the other two files, and would lose those locks if they were opened and closed here.)
    """

    def __init__(self, store: Path) -> None:
        """Stand before a store's file."""
        self._log = f"{store}-wal"

    def join(self, seconds: float) -> "Turn | None":
        """Wait for one's turn, at most so long; returns what ends it, None where there is no line to stand in."""
        if fcntl is None:
            return None
        try:
            handle = os.open(self._log, os.O_RDONLY | os.O_CLOEXEC)
        except OSError:  # nobody has the store open
            return None
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return _Waiting(handle).wait(seconds)
        except OSError:  # a file system without such locks
            os.close(handle)
            return None
        return Turn(handle)


class Turn:
    """A writer's turn, until it is ended."""

    def __init__(self, handle: int) -> None:
        self._handle = handle

    def end(self) -> None:
        """Let the next one in."""
        os.close(self._handle)


class _Waiting:
    """Waits for the lock in a thread: a lock that is waited for in line can't be waited for with a limit."""

    def __init__(self, handle: int) -> None:
        self._handle = handle
        self._has_lock = Event()
        self._deciding = Lock()
        self._has_left = False
        self._thread = Thread(target=self._stand, name="store-line", daemon=True)

    def wait(self, seconds: float) -> Turn | None:
        """Return the turn; None where it did not come in time, or never will."""
        self._thread.start()
        self._has_lock.wait(seconds)
        with self._deciding:
            if self._has_lock.is_set():
                return Turn(self._handle) if self._handle >= 0 else None
            self._has_left = True
            return None

    def _stand(self) -> None:
        with suppress(OSError):
            fcntl.flock(self._handle, fcntl.LOCK_EX)
        with self._deciding:
            if self._has_left:
                os.close(self._handle)
            self._has_lock.set()
