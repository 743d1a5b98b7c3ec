"""A mail server and an sms gateway on this machine, which answer as a test tells them to."""

import asyncio
import base64
import json
import socket
import ssl
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any
from urllib.parse import parse_qs

import trustme
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP as Protocol
from aiosmtpd.smtp import AuthResult, Envelope, LoginPassword, Session

HOST = "127.0.0.1"
USER, PASSWORD = "sob", "hemligt"
OK = "250 OK"
DROP = "drop"
"""Accept, and be gone before the answer."""
SILENCE = "silence"


@dataclass(frozen=True)
class Accepted:
    """A message that the server took."""

    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    encrypted: bool
    signed_in: bool

    @property
    def id(self) -> str:
        return str(self.message["Message-ID"])


@dataclass
class MailServer:
    """Where it listens, what it has taken, and what it answers next (else it accepts)."""

    port: int
    accepted: list[Accepted] = field(default_factory=list)
    to_sender: deque[str] = field(default_factory=deque)
    to_recipient: deque[str] = field(default_factory=deque)
    to_data: deque[str] = field(default_factory=deque)
    connections: int = 0
    hang_up: Callable[[], None] = lambda: None

    async def handle_EHLO(
        self, _server: Protocol, session: Session, _envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += session.ssl is None
        session.host_name = hostname
        return responses

    async def handle_MAIL(
        self, _server: Protocol, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        answer = _next(self.to_sender)
        if answer == OK:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(
        self, _server: Protocol, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        answer = _next(self.to_recipient)
        if answer == OK:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, server: Protocol, session: Session, envelope: Envelope) -> str:
        answer = _next(self.to_data)
        if answer == SILENCE:
            await asyncio.Event().wait()
        if answer in (OK, DROP):
            assert isinstance(envelope.content, bytes)
            message = message_from_bytes(envelope.content, policy=policy.SMTP)
            assert isinstance(message, EmailMessage)
            who = (envelope.mail_from or "", tuple(envelope.rcpt_tos))
            self.accepted.append(Accepted(*who, message, session.ssl is not None, bool(session.authenticated)))
        if answer == DROP:
            _abort(server)
        return OK if answer == DROP else answer


class _OnSocket(Controller):
    """A controller on a port that the system has chosen."""

    def __init__(self, handler: object, listener: socket.socket, **options: Any) -> None:
        super().__init__(handler, hostname=HOST, port=listener.getsockname()[1], **options)
        self._listener = listener
        self._protocols: list[Protocol] = []

    def factory(self) -> Protocol:
        self._protocols.append(Protocol(self.handler, **self.SMTP_kwargs))
        return self._protocols[-1]

    def hang_up(self) -> None:
        """End the conversations that go on."""
        for one in self._protocols:
            self.loop.call_soon_threadsafe(_abort, one)

    def _create_server(self) -> Any:
        return self.loop.create_server(self._factory_invoker, sock=self._listener)


@contextmanager
def mail_server(ca: trustme.CA, *, starttls: bool = True, sign_in: bool = True) -> Iterator[MailServer]:
    """Run a mail server."""
    options: dict[str, Any] = {} if sign_in else {"auth_exclude_mechanism": ["LOGIN", "PLAIN"]}
    if starttls:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        ca.issue_cert(HOST).configure_cert(context)
        options |= {"tls_context": context, "require_starttls": True}
    if sign_in:
        options |= {"authenticator": _authenticate, "auth_required": True}
    listener = socket.create_server((HOST, 0))
    server = MailServer(listener.getsockname()[1])
    controller = _OnSocket(server, listener, **options)
    controller.start()
    server.hang_up = controller.hang_up
    try:
        yield server
    finally:
        controller.hang_up()  # the library leaves them open
        controller.stop()


@contextmanager
def nobody() -> Iterator[int]:
    """Hold a port on which nobody listens."""
    with socket.socket() as held:
        held.bind((HOST, 0))
        yield held.getsockname()[1]


def _abort(conversation: Protocol) -> None:
    if isinstance(conversation.transport, asyncio.Transport):
        conversation.transport.abort()


def _authenticate(_server: Protocol, _session: Session, _envelope: Envelope, _way: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


def _next(answers: deque[str]) -> str:
    return answers.popleft() if answers else OK


CREATED = (200, {"id": "s1", "status": "created", "to": "+46701740605"})


@dataclass
class Gateway:
    """Where it listens, what it was asked, and what it answers next (else it accepts)."""

    url: str
    asked: list[dict[str, str]] = field(default_factory=list)
    signed_in: list[bool] = field(default_factory=list)
    answers: deque[tuple[int, object] | str] = field(default_factory=deque)
    location: str = ""
    released: threading.Event = field(default_factory=threading.Event)


@contextmanager
def gateway(ca: trustme.CA | None = None) -> Iterator[Gateway]:
    """Run an sms gateway; over TLS with a certificate of the authority's."""
    state = Gateway("")

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            _serve(self, state)

        def log_message(self, *_: object) -> None:
            pass

    class Server(HTTPServer):
        def handle_error(self, *_: object) -> None:
            pass  # a client that does not trust the certificate hangs up

    server = Server((HOST, 0), Handler)
    if ca:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        ca.issue_cert(HOST).configure_cert(context)
        server.socket = context.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
    state.url = f"{'https' if ca else 'http'}://{HOST}:{server.server_port}/a1/sms"
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield state
    finally:
        state.released.set()
        server.shutdown()
        thread.join()
        server.server_close()


def _serve(request: BaseHTTPRequestHandler, state: Gateway) -> None:
    form = parse_qs(request.rfile.read(int(request.headers["Content-Length"])).decode())
    state.asked.append({key: value for key, (value,) in form.items()})
    expected = "Basic " + base64.b64encode(f"{USER}:{PASSWORD}".encode()).decode()
    state.signed_in.append(request.headers.get("Authorization") == expected)
    answer = state.answers.popleft() if state.answers else CREATED
    if answer == SILENCE:
        state.released.wait(15)
    if isinstance(answer, str):
        request.close_connection = True
        return
    code, content = answer
    if not state.signed_in[-1]:
        code = 401
    request.send_response(code)
    if state.location:
        request.send_header("Location", state.location)
    request.end_headers()
    request.wfile.write(content if isinstance(content, bytes) else json.dumps(content).encode())
