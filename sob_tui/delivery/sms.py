"""Sms: an HTTP gateway of the shape that 46elks documents. It has no key of ours, so a lost answer may mean two sms."""

import re
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx

from sob_tui.delivery.faults import ChannelDown, DeliveryFault, TryLater, Undeliverable
from sob_tui.delivery.settings import SenderSettings, TableReader
from store.people.channels import SMS

if TYPE_CHECKING:
    from store.care.delivery import Outgoing

EXAMPLE = 'Till exempel: url = "https://sms.example.org/a1/sms", user = "sob", sender = "1177".'
_SENDER = re.compile(r"[A-Za-z0-9]{1,11}|\+[1-9][0-9]{6,14}")
"""What a mobile network shows: at most eleven letters and digits, or a number in E.164."""

TIMEOUT = 20
"""Seconds that the gateway has for each step."""

_SEE_URL = "Kontrollera url under [sms] i inställningsfilen."
_SEE_USER = "Kontrollera user under [sms] i inställningsfilen, och lösenordet."

_REFUSES_ALL = {
    401: ("sms-tjänsten godtog inte inloggningen", _SEE_USER),
    402: ("kontot hos sms-tjänsten saknar pengar", "Fyll på kontot."),
    404: ("sms-tjänsten finns inte på adressen", _SEE_URL),
    405: ("sms-tjänsten finns inte på adressen", _SEE_URL),
    407: ("nätets proxy godtog inte inloggningen", "Kontrollera miljövariabeln HTTPS_PROXY."),
}
"""Answers that are about us and not about the recipient."""

_TRY_AGAIN = frozenset({408, 425, 429})


@dataclass(frozen=True, kw_only=True)
class SmsSettings(SenderSettings):
    """The sms gateway."""

    url: str


def read_sms(reader: TableReader) -> SmsSettings:
    """Return what the table says."""
    return SmsSettings(
        url=reader.url(),
        user=reader.optional("user"),
        sender=reader.matching("sender", _SENDER, "högst elva bokstäver och siffror, eller ett nummer med +"),
        password_file=reader.file("password_file"),
        password=reader.password(),
    )


class Sms:
    """The channel sms."""

    channel = SMS

    def __init__(self, settings: SmsSettings, password: str | None) -> None:
        """Take the settings, and the password where they name a user."""
        self._settings = settings
        self._client = httpx.Client(
            auth=(settings.user, password or "") if settings.user is not None else None,
            verify=ssl.create_default_context(),  # the system's certificates, as for e-mail
            follow_redirects=False,  # numbers go to the address that was set, and nowhere else
            timeout=TIMEOUT,
            trust_env=settings.url.startswith("https:"),  # in clear text not through a proxy
        )

    def send(self, notice: "Outgoing") -> None:
        """Hand a notice over to the gateway.

        Raises:
            DeliveryFault: it was not accepted; one of the three kinds.
        """
        form = {"from": self._settings.sender, "to": international(notice.address), "message": notice.text}
        try:
            response = self._client.post(self._settings.url, data=form)
        except httpx.RequestError as error:
            raise _line_fault(error) from None
        if fault := _fault(response):
            raise fault

    def close(self) -> None:
        """Close the connections."""
        self._client.close()


def international(number: str) -> str:
    """Return a Swedish mobile number in E.164: 0701740605 is +46701740605.

    Raises:
        Undeliverable: it is none.
    """
    if not re.fullmatch("07[0-9]{8}", number):
        raise Undeliverable("mobilnumret har fel form")
    return f"+46{number[1:]}"


def _line_fault(error: httpx.RequestError) -> DeliveryFault:
    """Return what it means that no answer came."""
    if not isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.ProxyError):
        return TryLater("förbindelsen bröts innan sms-tjänsten hade svarat")
    cause: BaseException | None = error
    while cause is not None:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return ChannelDown("sms-tjänstens certifikat är inte betrott", _SEE_URL)
        cause = cause.__cause__ or cause.__context__
    return ChannelDown("sms-tjänsten gick inte att ansluta till", _SEE_URL)


def _fault(response: httpx.Response) -> DeliveryFault | None:
    """Return what an answer means; None for an sms that was accepted."""
    code = response.status_code
    if code in _REFUSES_ALL:
        return ChannelDown(*_REFUSES_ALL[code])
    if code == 403 and "credit" in response.text.lower():  # as 46elks says it
        return ChannelDown(*_REFUSES_ALL[402])
    if response.is_redirect:
        return ChannelDown("sms-tjänsten hänvisar till en annan adress", _SEE_URL)
    if code in _TRY_AGAIN or code >= 500:
        return TryLater(f"sms-tjänsten vill ha ett nytt försök (HTTP {code})")
    if not response.is_success:
        return Undeliverable(f"sms-tjänsten avvisade mottagaren (HTTP {code})")
    return _not_accepted(response)


def _not_accepted(response: httpx.Response) -> DeliveryFault | None:
    """Return what is wrong where the answer is a success by its number only."""
    try:
        answer: Any = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict):  # perhaps another's page altogether; counted, so that it ends
        return TryLater("sms-tjänstens svar går inte att tolka")
    if answer.get("status") == "failed":
        return Undeliverable("sms-tjänsten kunde inte skicka till mottagaren")
    return None
