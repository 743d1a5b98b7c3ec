"""How notices are sent: a table of the settings file for each channel."""

import ipaddress
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from sob_tui.password_places import is_open_to_others
from sob_tui.settings import settings_file, settings_in
from store.foundation.contact import ascii_email
from store.foundation.errors import Refused
from store.practice.toml_table import TomlTable


@dataclass(frozen=True)
class SenderSettings:
    """What every channel has in its table."""

    user: str | None
    """Who signs in to the service; None where nobody does."""
    sender: str
    password_file: Path | None
    password: str | None = field(default=None, repr=False)
    """Where it stands in the table itself."""


def tables(examples: Mapping[str, str]) -> "dict[str, TableReader]":
    """Return the channels' tables that stand in the settings file, by name, to be read.

    Args:
        examples: for every table there may be, how it looks.

    Raises:
        Refused: the file can't be read, or has a table or a key that means nothing.
    """
    path = settings_file()
    try:
        found = settings_in(path)
    except FileNotFoundError:
        return {}
    return {
        name: TableReader(name, found.values[name], path, example, is_open=is_open_to_others(found.mode))
        for name, example in examples.items()
        if name in found.values
    }


class TableReader:
    """Takes one table's keys; every refusal names the file, the table and the key, and ends with an example."""

    def __init__(self, name: str, values: Any, path: Path, example: str, *, is_open: bool) -> None:
        """Take a table as it stands in the file, how it may look, and whether others can read the file.

        Raises:
            Refused: it is no table.
        """
        if not isinstance(values, dict):
            sentence = f"Inställningsfilen {path}: {name} ska vara en tabell, [{name}]. {example}"
            raise Refused(sentence, field=name)
        self.name = name
        self._path = path
        self._example = example
        self._is_open = is_open
        self._table = TomlTable(values, "")

    def needed(self, key: str) -> str:
        """Return a text that must stand there."""
        if value := self._text(key, None):
            return value
        raise self._fault(f"{key} är tom.", key)

    def optional(self, key: str) -> str | None:
        """Return a text, or None."""
        return self._text(key, "") or None

    def matching(self, key: str, pattern: re.Pattern[str], what: str) -> str:
        """Return a text of a certain form; `what` says which."""
        value = self.needed(key)
        if not pattern.fullmatch(value):
            raise self._fault(f"{key} ska vara {what}.", key)
        return value

    def mail_sender(self) -> str:
        """Return an e-mail address in ASCII, since its domain becomes part of the Message-ID."""
        value = self.needed("sender")
        if not value.isascii() or not ascii_email(value):
            raise self._fault("sender ska vara en e-postadress.", "sender")
        return value

    def password(self) -> str | None:
        """Return the password where it stands in the table, which nobody else may then be able to read."""
        value = self.optional("password")
        if value and self._is_open:
            raise Refused(
                f"Inställningsfilen {self._path} har ett lösenord under [{self.name}] och kan läsas av andra än "
                f"ägaren. Kör: chmod 600 {self._path}. Eller ange password_file, eller lägg lösenordet i nyckelringen.",
                field="password",
            )
        return value

    def file(self, key: str) -> Path | None:
        """Return a path; a relative one counts from the settings file's folder."""
        name = self.optional(key)
        return self._path.parent / Path(name).expanduser() if name else None

    def port(self, default: int) -> int:
        """Return the port."""
        try:
            return self._table.number("port", 1, 65535, default)
        except Refused as error:
            raise self._fault(error.message, "port") from None

    def url(self) -> str:
        """Return an address whose traffic nobody between us and the service can read."""
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
        """Refuse what nobody asked for."""
        try:
            self._table.done()
        except Refused as error:
            raise self._fault(error.message, error.field) from None

    def _text(self, key: str, default: str | None) -> str:
        try:
            return self._table.text(key, default)
        except Refused as error:
            raise self._fault(error.message, key) from None

    def _fault(self, message: str, key: str | None) -> Refused:
        where = f"Inställningsfilen {self._path}, tabellen [{self.name}]"
        return Refused(f"{where}: {message} {self._example}", field=key)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
