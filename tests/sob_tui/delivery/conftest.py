"""A real store with notices that wait, and servers to send them by."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import trustme

from sob_tui.delivery.mail import Mail, SmtpSettings
from sob_tui.delivery.sms import Sms, SmsSettings
from store.care.delivery import Outgoing
from store.people.channels import EMAIL, SMS
from tests.clinics import Clinic
from tests.signing_in import let_in
from tests.sob_tui.delivery.servers import HOST, PASSWORD, USER, Gateway, MailServer, gateway, mail_server

SENDER = "svara-inte@example.org"
NUMBERS = ("196101182803", "195001182046", "195002132461", "189001019802")
TEXT = ("Åtta ämnen", "Logga in åt dig.")
TO_MAIL = Outgoing(1, (), "sob.1.1", "meddelande", EMAIL, "asa@example.org", *TEXT, due_at=0)
TO_SMS = Outgoing(2, (), "sob.1.2", "meddelande", SMS, "0701740605", *TEXT, due_at=0)


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the network of whoever runs the tests out of them."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture(scope="session")
def ca() -> trustme.CA:
    """An authority whose certificates nobody trusts unless told to."""
    return trustme.CA()


@pytest.fixture(scope="session")
def ca_file(ca: trustme.CA, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its own certificate."""
    path = tmp_path_factory.mktemp("ca") / "ca.pem"
    ca.cert_pem.write_to_path(path)
    return path


@pytest.fixture
def server(ca: trustme.CA) -> Iterator[MailServer]:
    """A mail server that wants STARTTLS and a sign-in."""
    with mail_server(ca) as running:
        yield running


@pytest.fixture
def sms_gateway() -> Iterator[Gateway]:
    """An sms gateway that wants a sign-in."""
    with gateway() as running:
        yield running


def smtp(port: int, user: str | None = None, ca_file: Path | None = None, *, host: str = HOST) -> SmtpSettings:
    """Return the settings of a mail server."""
    return SmtpSettings(host=host, port=port, user=user, sender=SENDER, ca_file=ca_file, password_file=None)


def to_gateway(url: str, user: str | None = None, *, sender: str = "Vardprov") -> SmsSettings:
    """Return the settings of an sms gateway."""
    return SmsSettings(url=url, user=user, sender=sender, password_file=None)


@dataclass(frozen=True)
class Mails:
    """Makes the channel e-mail, and closes what it has made."""

    ca_file: Path
    made: list[Mail]

    def __call__(self, port: int, *, user: str | None = USER, password: str = PASSWORD, trusted: bool = True) -> Mail:
        settings = smtp(port, user, self.ca_file if trusted else None)
        self.made.append(Mail(settings, password))
        return self.made[-1]


@pytest.fixture
def mails(ca_file: Path) -> Iterator[Mails]:
    """What makes the channel e-mail."""
    maker = Mails(ca_file, [])
    yield maker
    for one in maker.made:
        one.close()


@pytest.fixture
def mail(mails: Mails, server: MailServer) -> Mail:
    """The channel e-mail to the server."""
    return mails(server.port)


@pytest.fixture
def sms(sms_gateway: Gateway) -> Iterator[Sms]:
    """The channel sms to the gateway."""
    made = Sms(to_gateway(sms_gateway.url, USER), PASSWORD)
    yield made
    made.close()


@pytest.fixture
def real(clinic: Clinic) -> Clinic:
    """The clinic as a real store."""
    clinic.run("UPDATE store_info SET kind = 'real'")
    clinic.store.kind = "real"
    let_in(clinic.store, clinic.clinician)
    return clinic


def await_notice(clinic: Clinic, number: str, **columns: str) -> int:
    """Let a notice wait for somebody new, who takes e-mail unless said; returns its id."""
    columns = {"channel": "epost", "email": f"n{number[-4:]}@example.org", **columns}
    clinic.add_resident(number, **columns)
    clinic.start(number, program="prov")
    return int(clinic.value("SELECT max(id) FROM notice"))


def state_of(clinic: Clinic, notice: int) -> tuple[str, int, str]:
    """Return a notice's state, its attempts, and what was wrong last."""
    (row,) = clinic.rows("SELECT state, attempts, fault FROM notice WHERE id = :id", id=notice)
    return row[0], row[1], row[2]
