"""How notices are sent: the tables `[smtp]` and `[sms]` of the settings file. Passwords are never in it."""

import ipaddress
import re
import tomllib
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import httpx

from sob_tui.settings import settings_file
from store.foundation.contact import ascii_email
from store.foundation.errors import Refused
from store.practice.entries import Entry

SUBMISSION_PORT = 587
"""Where mail programs hand in mail (RFC 6409)."""

_EXAMPLES = {
    "smtp": 'Till exempel: host = "smtp.example.org", user = "sob", sender = "svara-inte@example.org".',
    "sms": 'Till exempel: url = "https://sms.example.org/a1/sms", user = "sob", sender = "1177".',
}

_SMS_SENDER = re.compile(r"[A-Za-z0-9]{1,11}|\+[1-9][0-9]{6,14}")
"""What a mobile network shows: at most eleven letters and digits, or a number in E.164."""


@dataclass(frozen=True)
class SmtpSettings:
    """The mail server. Without `user` nobody signs in; without `ca_file` the system's own certificates are trusted."""

    host: str
    port: int
    user: str | None
    sender: str
    ca_file: Path | None
    password_file: Path | None


@dataclass(frozen=True)
class SmsSettings:
    """The sms gateway."""

    url: str
    user: str | None
    sender: str
    password_file: Path | None


@dataclass(frozen=True)
class DeliverySettings:
    """Both channels; None for one that is not set up."""

    smtp: SmtpSettings | None
    sms: SmsSettings | None


def delivery_settings() -> DeliverySettings:
    """Return what the settings file says.

    Raises:
        Refused: it can't be read, or a table is faulty.
    """
    path = settings_file()
    tables = _tables(path)
    return DeliverySettings(
        smtp=_smtp(tables["smtp"], path) if "smtp" in tables else None,
        sms=_sms(tables["sms"], path) if "sms" in tables else None,
    )


def _tables(path: Path) -> dict[str, Any]:
    """Return the whole file. A table whose name is misspelt would be a channel that nobody misses."""
    try:
        tables = tomllib.loads(path.read_text("utf-8-sig"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise Refused(f"Inställningsfilen {path} går inte att läsa. Skriv den som TOML.") from None
    for name in tables.keys() - _EXAMPLES.keys():
        if near := get_close_matches(name.lower(), _EXAMPLES, n=1, cutoff=0.7):
            raise Refused(f"Inställningsfilen {path}: tabellen {name} är okänd. Menade du [{near[0]}]?", field=name)
    return tables


def _smtp(table: Any, path: Path) -> SmtpSettings:
    reader = _Reader("smtp", {"port": SUBMISSION_PORT, **_checked(table, "smtp", path)}, path)
    settings = SmtpSettings(
        host=reader.needed("host"),
        port=reader.port(),
        user=reader.optional("user"),
        sender=reader.mail_sender(),
        ca_file=reader.file("ca_file"),
        password_file=reader.file("password_file"),
    )
    reader.done()
    return settings


def _sms(table: Any, path: Path) -> SmsSettings:
    reader = _Reader("sms", _checked(table, "sms", path), path)
    settings = SmsSettings(
        url=reader.url(),
        user=reader.optional("user"),
        sender=reader.matching("sender", _SMS_SENDER, "högst elva bokstäver och siffror, eller ett nummer med +"),
        password_file=reader.file("password_file"),
    )
    reader.done()
    return settings


def _checked(table: Any, name: str, path: Path) -> dict[str, Any]:
    if not isinstance(table, dict):
        raise Refused(f"Inställningsfilen {path}: {name} ska vara en tabell, [{name}]. {_EXAMPLES[name]}", field=name)
    return table


class _Reader:
    """Takes one table's keys; every refusal names the file, the table and the key, and ends with an example."""

    def __init__(self, name: str, values: dict[str, Any], path: Path) -> None:
        self._name = name
        self._path = path
        self._entry = Entry(values, "")

    def needed(self, key: str) -> str:
        if value := self._text(key, None):
            return value
        raise self._fault(f"{key} är tom.", key)

    def optional(self, key: str) -> str | None:
        return self._text(key, "") or None

    def matching(self, key: str, pattern: re.Pattern[str], what: str) -> str:
        value = self.needed(key)
        if not pattern.fullmatch(value):
            raise self._fault(f"{key} ska vara {what}.", key)
        return value

    def mail_sender(self) -> str:
        """An address in ASCII, since its domain becomes part of the Message-ID."""
        value = self.needed("sender")
        if not value.isascii() or not ascii_email(value):
            raise self._fault("sender ska vara en e-postadress.", "sender")
        return value

    def file(self, key: str) -> Path | None:
        """A relative path counts from the settings file's folder."""
        name = self.optional(key)
        return self._path.parent / Path(name).expanduser() if name else None

    def port(self) -> int:
        try:
            return self._entry.number("port", 1, 65535)
        except Refused as error:
            raise self._fault(error.message, "port") from None

    def url(self) -> str:
        """An address whose traffic nobody between us and the gateway can read."""
        value = self.needed("url")
        try:
            url = httpx.URL(value)
        except httpx.InvalidURL:
            raise self._fault("url är ingen adress.", "url") from None
        if not url.host or url.scheme not in ("https", "http"):
            raise self._fault("url ska vara en adress som börjar med https://.", "url")
        if url.userinfo:
            raise self._fault("url får inte innehålla användare och lösenord. Använd user och password_file.", "url")
        if url.scheme == "http" and not _is_loopback(url.host):
            raise self._fault("url ska börja med https://, annars kan andra läsa det som skickas.", "url")
        return value

    def done(self) -> None:
        try:
            self._entry.done()
        except Refused as error:
            raise self._fault(error.message, error.field) from None

    def _text(self, key: str, default: str | None) -> str:
        try:
            return self._entry.text(key, default)
        except Refused as error:
            raise self._fault(error.message, key) from None

    def _fault(self, message: str, key: str | None) -> Refused:
        where = f"Inställningsfilen {self._path}, tabellen [{self._name}]"
        return Refused(f"{where}: {message} {_EXAMPLES[self._name]}", field=key)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
