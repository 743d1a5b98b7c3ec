"""A line to the server that can be cut, held and slowed down, for tests of what becomes of a lost one.

`python -m tests.line ADDRESS HOST` is one that listens on another host's address: that of a network namespace.
"""

import heapq
import selectors
import socket
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count
from urllib.parse import parse_qs, urlsplit


class Line:
    """Stands between a client and a server and passes on what they say, as long as it is let."""

    def __init__(self, address: str, host: str = "127.0.0.1") -> None:
        """Lead from a port of a host's to the server of a store's address."""
        self.is_held = False
        """Whether the line is kept and nothing passes."""
        self.keeps_answers = False
        """Whether what the server says is kept, and what it is told passes."""
        self.delay = 0.0
        """Seconds that everything takes on its way, in each direction."""
        self._host, self._port = _place(address)
        self._listener = socket.create_server((host, 0))
        self._ends: set[socket.socket] = set()
        self._is_over = False
        parts = urlsplit(address)
        user, _, _ = parts.netloc.rpartition("@")
        where = f"{host}:{self._listener.getsockname()[1]}"
        self.address = f"{parts.scheme}://{user}@{where}{parts.path}?sslmode=disable&gssencmode=disable"
        """The store's address over this line."""

    @property
    def number(self) -> int:
        """How many clients are on the line."""
        return len(self._ends) // 2

    def cut(self) -> None:
        """Hang up on everybody."""
        for end in list(self._ends):
            self._hang_up(end)

    def serve(self) -> None:
        """Let clients in, until the line is closed."""
        while not self._is_over:
            try:
                client, _ = self._listener.accept()
                server = socket.socket(socket.AF_UNIX if self._host.startswith("/") else socket.AF_INET)
                server.connect(
                    f"{self._host}/.s.PGSQL.{self._port}" if self._host.startswith("/") else (self._host, self._port)
                )
            except OSError:
                continue
            self._ends |= {client, server}
            for heard, told in ((client, server), (server, client)):
                threading.Thread(target=self._pass_on, args=(heard, told, heard is server), daemon=True).start()

    def close(self) -> None:
        """Take the line down."""
        self._is_over = True
        self.is_held = self.keeps_answers = False
        self._listener.close()
        self.cut()

    def _pass_on(self, heard: socket.socket, told: socket.socket, is_answer: bool) -> None:
        def is_kept() -> bool:
            return self.is_held or (is_answer and self.keeps_answers)

        waiting: list[tuple[float, int, bytes]] = []
        numbers = count()
        with selectors.DefaultSelector() as ready, suppress(OSError, ValueError):
            ready.register(heard, selectors.EVENT_READ)
            while True:
                is_due = waiting and not is_kept()  # who is held waits too, and doesn't look again and again
                pause = max(0.0, waiting[0][0] - time.monotonic()) if is_due else 0.05
                if ready.select(min(pause, 0.05)):
                    if not (said := heard.recv(65536)):
                        break
                    heapq.heappush(waiting, (time.monotonic() + self.delay, next(numbers), said))
                while waiting and not is_kept() and waiting[0][0] <= time.monotonic():
                    told.sendall(heapq.heappop(waiting)[2])
        self._hang_up(heard)
        self._hang_up(told)

    def _hang_up(self, end: socket.socket) -> None:
        self._ends.discard(end)
        with suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)
        end.close()


def _place(address: str) -> tuple[str, int]:
    """Return where a server is: the folder of its socket or its host, and its port."""
    parts = urlsplit(address)
    query = parse_qs(parts.query)
    host = query.get("host", [parts.hostname or "127.0.0.1"])[0]
    return host, int(query.get("port", [parts.port or 5432])[0])


@contextmanager
def line_to(address: str, host: str = "127.0.0.1") -> Iterator[Line]:
    """Lend a line to the server of a store's address."""
    line = Line(address, host)
    threading.Thread(target=line.serve, daemon=True).start()
    try:
        yield line
    finally:
        line.close()


if __name__ == "__main__":
    with line_to(*sys.argv[1:]) as line:
        print(line.address, flush=True)
        sys.stdin.read()
