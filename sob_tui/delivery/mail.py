"""E-mail: SMTP with STARTTLS, one connection for as long as all goes well."""

import smtplib
import socket
import ssl
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sob_tui.delivery.faults import ChannelDown, DeliveryFault, TryLater, Undeliverable
from sob_tui.delivery.settings import SenderSettings, TableReader
from store.foundation.contact import ascii_email
from store.foundation.errors import Refused
from store.people.channels import EMAIL

if TYPE_CHECKING:
    from store.care.delivery import Outgoing

EXAMPLE = 'Till exempel: host = "smtp.example.org", user = "sob", sender = "svara-inte@example.org".'
SUBMISSION_PORT = 587
"""Where mail programs hand in mail (RFC 6409)."""

TIMEOUT = 20
"""Seconds that the server has for each answer."""

_SIGN_IN_FIRST = 530

_SEE_HOST = "Kontrollera host och port under [smtp] i inställningsfilen."
_SEE_USER = "Kontrollera user under [smtp] i inställningsfilen, och lösenordet."
_SEE_CA = "Kontrollera host under [smtp] i inställningsfilen, eller ange utfärdarens certifikat med ca_file."

_DOWN: tuple[tuple[type[Exception], str, str], ...] = (
    (smtplib.SMTPAuthenticationError, "e-postservern godtog inte inloggningen", _SEE_USER),
    (smtplib.SMTPServerDisconnected, "e-postservern avbröt förbindelsen", _SEE_HOST),
    (smtplib.SMTPResponseException, "e-postservern tar inte emot förbindelser", _SEE_HOST),
    (smtplib.SMTPException, "e-postservern erbjuder ingen inloggning som går att använda", _SEE_USER),
    (UnicodeEncodeError, "användarnamnet eller lösenordet har tecken utanför ASCII", "Byt till ett utan å, ä och ö."),
    (ssl.SSLCertVerificationError, "e-postserverns certifikat är inte betrott", _SEE_CA),
    (ssl.SSLError, "e-postservern klarade inte att kryptera förbindelsen", _SEE_HOST),
    (socket.gaierror, "e-postserverns namn går inte att slå upp", _SEE_HOST),
    (TimeoutError, "e-postservern svarar inte", _SEE_HOST),
    (ConnectionRefusedError, "e-postservern tar inte emot förbindelser", _SEE_HOST),
    (OSError, "e-postservern gick inte att ansluta till", _SEE_HOST),
)
"""What stops a connection, the narrower kinds first: smtplib's own are OSErrors too."""


@dataclass(frozen=True, kw_only=True)
class SmtpSettings(SenderSettings):
    """The mail server. Without `ca_file` the system's own certificates are trusted."""

    host: str
    port: int
    ca_file: Path | None


def read_smtp(reader: TableReader) -> SmtpSettings:
    """Return what the table says."""
    return SmtpSettings(
        host=reader.needed("host"),
        port=reader.port(SUBMISSION_PORT),
        user=reader.optional("user"),
        sender=reader.mail_sender(),
        ca_file=reader.file("ca_file"),
        password_file=reader.file("password_file"),
        password=reader.password(),
    )


class Mail:
    """The channel e-mail."""

    channel = EMAIL

    def __init__(self, settings: SmtpSettings, password: str | None) -> None:
        """Take the settings, and the password where they name a user.

        Raises:
            Refused: `ca_file` holds no certificates.
        """
        self._settings = settings
        self._password = password
        self._trust = _trust(settings)
        self._connection: smtplib.SMTP | None = None

    def send(self, notice: "Outgoing") -> None:
        """Hand a notice over to the server.

        Raises:
            DeliveryFault: it was not accepted; one of the three kinds.
        """
        message = _message(notice, self._settings.sender)
        connection = self._connected()
        try:
            connection.send_message(message, self._settings.sender, [ascii_email(notice.address)])
        except OSError as error:
            self._drop()
            raise _fault(error) from None  # the error's text may hold the address

    def close(self) -> None:
        """Take leave of the server."""
        if self._connection is not None:
            with suppress(OSError):
                self._connection.quit()
        self._drop()

    def _connected(self) -> smtplib.SMTP:
        """Return the connection that is there, or a new one: servers tire of those that wait or send much."""
        if self._connection is not None and not _answers(self._connection):
            self._drop()
        if self._connection is None:
            self._connection = self._connect()
        return self._connection

    def _connect(self) -> smtplib.SMTP:
        try:
            return self._signed_in()
        except (OSError, UnicodeEncodeError) as error:
            reason, mend = next((reason, mend) for kind, reason, mend in _DOWN if isinstance(error, kind))
            raise ChannelDown(reason, mend) from None

    def _signed_in(self) -> smtplib.SMTP:
        with ExitStack() as on_fault:
            connection = smtplib.SMTP(self._settings.host, self._settings.port, timeout=TIMEOUT)
            on_fault.callback(connection.close)
            connection.ehlo()
            if not connection.has_extn("starttls"):
                raise ChannelDown("e-postservern erbjuder ingen kryptering (STARTTLS)", _SEE_HOST)
            connection.starttls(context=self._trust)
            if self._settings.user is not None:
                connection.login(self._settings.user, self._password or "")
            on_fault.pop_all()
        return connection

    def _drop(self) -> None:
        """Forget a connection whose state is not known."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _trust(settings: SmtpSettings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.ca_file)
    except OSError:
        sentence = f"Certifikatfilen {settings.ca_file} (ca_file under [smtp]) går inte att läsa. Ange en PEM-fil."
        raise Refused(sentence, field="ca_file") from None


def _answers(connection: smtplib.SMTP) -> bool:
    try:
        return connection.noop()[0] == 250
    except OSError:
        return False


def _message(notice: "Outgoing", sender: str) -> EmailMessage:
    """Return the message. Its Message-ID is the same at every attempt, so that one sent twice can be told."""
    message = EmailMessage()
    # Older stores may hold addresses that are none, and the standard library's parser stops in many ways at them.
    if not (address := ascii_email(notice.address)):
        raise Undeliverable("adressen har fel form")
    message["To"] = Address(addr_spec=address)  # not as text, where a comma would make two of it
    message["From"] = Address(addr_spec=sender)
    message["Subject"] = notice.subject
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{notice.key}@{sender.rpartition('@')[2]}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(notice.text)
    return message


def _fault(error: OSError) -> DeliveryFault:
    """Return what an answer means; without one nobody knows whether the message was accepted."""
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return Undeliverable("e-postservern tar inte emot adresser med å, ä och ö")
    code = _code(error)
    if code is None:
        return TryLater("förbindelsen bröts innan e-postservern hade svarat")
    is_sender_refused = isinstance(error, smtplib.SMTPSenderRefused) and code >= 500
    if is_sender_refused or code == _SIGN_IN_FIRST:
        mend = "Kontrollera sender och user under [smtp] i inställningsfilen."
        return ChannelDown(f"e-postservern tar inte emot från avsändaren (SMTP {code})", mend)
    if code >= 500:
        return Undeliverable(f"e-postservern avvisade mottagaren (SMTP {code})")
    return TryLater(f"e-postservern vill ha ett nytt försök (SMTP {code})")


def _code(error: OSError) -> int | None:
    if isinstance(error, smtplib.SMTPRecipientsRefused):  # one recipient in each message
        return next(iter(error.recipients.values()))[0]
    return error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None
