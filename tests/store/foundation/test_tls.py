"""A server over a network: everything goes by TLS, to the server that the address names, or nothing goes at all.

The tests' own PostgreSQL is built without TLS, so what speaks it stands before it. The client's side is libpq's own.
"""

import select
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme

from store.foundation.errors import StoreUnreachable
from store.foundation.postgres_engine import NOT_TRUSTED
from store.opening import create_store, on_server, open_store
from tests.clinics import Clock, enter, populate
from tests.conftest import SHARED
from tests.fenced import own_database
from tests.line import _place
from tests.postgres import server_address

HOST = "db.example.org"
REQUEST = b"\x00\x00\x00\x08\x04\xd2\x16\x2f"
"""What a client begins with that wants TLS (PostgreSQL's protocol, SSLRequest)."""


class Front:
    """Speaks TLS with clients, and passes on what they say to the server behind it."""

    def __init__(self, server: str, certificate: trustme.LeafCert | None) -> None:
        """Stand before a server; without a certificate as one that speaks no TLS."""
        self._server = _place(server)
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if certificate is not None:
            certificate.configure_cert(self._context)
        self._answer = b"N" if certificate is None else b"S"
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.versions: list[str | None] = []
        """The TLS of each client that came through."""
        self.heard = b""
        """What clients said beside asking for TLS, in it or in clear."""
        self.talks: list[threading.Thread] = []

    def serve(self) -> None:
        """Let clients in, until the listener is closed."""
        with suppress(OSError):
            while True:
                self.talks.append(
                    threading.Thread(target=self._welcome, args=(self.listener.accept()[0],), daemon=True)
                )
                self.talks[-1].start()

    def _welcome(self, client: socket.socket) -> None:
        with suppress(OSError), client:
            assert client.recv(len(REQUEST), socket.MSG_WAITALL) == REQUEST
            client.sendall(self._answer)
            if self._answer == b"N":
                self.heard += client.recv(1000)
                return
            with self._context.wrap_socket(client, server_side=True) as inside, self._behind() as server:
                self.versions.append(inside.version())
                self._pass_on(inside, server)

    def _behind(self) -> socket.socket:
        host, port = self._server
        server = socket.socket(socket.AF_UNIX if host.startswith("/") else socket.AF_INET)
        server.connect(f"{host}/.s.PGSQL.{port}" if host.startswith("/") else (host, port))
        return server

    def _pass_on(self, client: ssl.SSLSocket, server: socket.socket) -> None:
        while True:
            ready = [client] if client.pending() else select.select([client, server], [], [])[0]
            for end in ready:
                if not (said := end.recv(65536)):
                    return
                self.heard += said if end is client else b""
                (server if end is client else client).sendall(said)


@contextmanager
def front(server: str, certificate: trustme.LeafCert | None) -> Iterator[Front]:
    """Lend a front of a server's."""
    one = Front(server, certificate)
    threading.Thread(target=one.serve, daemon=True).start()
    with one.listener:
        yield one
        for talk in one.talks:
            talk.join(15)


@pytest.fixture
def server(pytestconfig: pytest.Config) -> Iterator[str]:
    """The owner's address of an empty database."""
    with own_database(server_address(pytestconfig.stash[SHARED])) as address:
        yield address


@pytest.fixture
def authority(tmp_path: Path) -> trustme.CA:
    """Who issues certificates; its own lies in `ca.pem`."""
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "ca.pem")
    return authority


def address(server: str, over: Front, ca: Path) -> str:
    """Return a server's address as it is over a network, with the port of what stands before it."""
    parts = urlsplit(server)
    role = parts.netloc.partition("@")[0]
    port = over.listener.getsockname()[1]
    return (
        f"postgresql+psycopg://{role}@{HOST}:{port}{parts.path}"
        f"?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert={ca}&gssencmode=disable"
    )


def test_a_store_over_a_network_is_worked_in_by_tls_alone(server: str, authority: trustme.CA, tmp_path: Path) -> None:
    with front(server, authority.issue_cert(HOST)) as over:
        place = address(server, over, tmp_path / "ca.pem")
        with closing(create_store(place, kind="practice", clock=Clock())) as store:
            populate(store)
            moment = enter(store, Clock()).start(program="prov")
        with closing(open_store(place, clock=Clock())) as again, again.lend() as db:
            assert db.has("SELECT 1 FROM moment WHERE id = :id", id=moment)
            assert db.driver.pgconn.ssl_in_use
    assert over.versions
    assert {*over.versions} <= {"TLSv1.2", "TLSv1.3"}


@pytest.mark.parametrize("wrong", ["another authority", "another name", "no TLS"])
def test_a_server_that_is_not_the_one_is_told_nothing(
    server: str, authority: trustme.CA, tmp_path: Path, wrong: str
) -> None:
    issued = {
        "another authority": trustme.CA().issue_cert(HOST),
        "another name": authority.issue_cert("other.example.org"),
        "no TLS": None,
    }
    with front(server, issued[wrong]) as over, pytest.raises(StoreUnreachable) as refused:
        on_server(address(server, over, tmp_path / "ca.pem"))
    if wrong != "no TLS":
        assert refused.value.message == NOT_TRUSTED
    assert over.talks
    assert over.heard == b""
