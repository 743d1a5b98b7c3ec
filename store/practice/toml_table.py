"""A TOML file's tables, read key by key: what is wrong is said in Swedish, with the line or the place of the entry."""

import difflib
import json
import re
import tomllib
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from store.foundation.errors import DomainError, NotPermitted, Refused, why_unreadable


class TomlTable:
    """One table. Keys are taken out one by one, and `done` refuses what is left."""

    def __init__(self, values: dict[str, Any], where: str, text: str = "") -> None:
        """Take the table, how it is called in a message, and the whole file's text where it is the top table."""
        self.where = where
        self._values = values
        self._text = text
        self._taken: list[str] = []

    @property
    def whole_text(self) -> str:
        """The whole file's text; of the top table alone."""
        return self._text

    def line_of(self, key: str) -> int | None:
        """Return the line on which a key of the top table stands; None where it doesn't."""
        found = re.search(rf"^[ \t]*\[?{re.escape(key)}\b", self._text, re.MULTILINE)
        return None if found is None else self._text.count("\n", 0, found.start()) + 1

    def has(self, key: str) -> bool:
        """Whether a key is there."""
        return key in self._values

    def unknown(self, key: str, word: str, choices: Collection[str]) -> Refused:
        """Return the refusal of a word that is none of those that a key can have, with the nearest of them."""
        near = difflib.get_close_matches(word, choices, n=1)
        mend = f"Menade du {near[0]}?" if near else f"De som finns är {', '.join(choices)}."
        return self.fault(f"{key}: {word} finns inte. {mend}", key)

    def values(self, key: str) -> dict[str, str | int | bool]:
        """Return a table of texts, numbers and true or false, by any names; empty where it is left out."""
        table = self._take(key, {})
        if not isinstance(table, dict) or not all(isinstance(one, str | int | bool) for one in table.values()):
            raise self.fault(f'{key} ska vara en tabell: {key} = {{ namn = "värde" }}', key)
        return dict(table)

    def text(self, key: str, default: str | None = None, *, multiline: bool = False, most: int | None = None) -> str:
        """Return a text, of `most` characters; a missing key is a fault unless there is a default."""
        value = self._take(key, default)
        if not isinstance(value, str) or not value.replace("\n", "" if multiline else "\n").isprintable():
            raise self.fault(f'{key} ska vara en text: {key} = "…"', key)
        if most is not None and len(value.strip()) > most:
            raise self.fault(f"{key} är för lång ({len(value.strip())} tecken). Skriv högst {most}.", key)
        return value.strip()

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false."""
        value = self._take(key, default)
        if not isinstance(value, bool):
            raise self.fault(f"{key} ska vara true eller false.", key)
        return value

    def number(self, key: str, least: int, most: int, default: int | None = None) -> int:
        """Return a whole number within the limits."""
        value = self._take(key, default)
        if not isinstance(value, int) or isinstance(value, bool) or not least <= value <= most:
            raise self.fault(f"{key} ska vara ett heltal från {least} till {most}.", key)
        return value

    def one_of(self, key: str, choices: tuple[str, ...], default: str | None = None) -> str:
        """Return one of the words."""
        value = self.text(key, default)
        if value not in choices and value != default:
            raise self.fault(f"{key} kan vara {', '.join(choices)}.", key)
        return value

    def texts(self, key: str, default: tuple[str, ...] | None = None, *, repeated: bool = False) -> tuple[str, ...]:
        """Return a list of texts, each of them once unless it may be repeated."""
        value = self._take(key, None if default is None else list(default))
        if not isinstance(value, list) or not all(isinstance(one, str) and one for one in value):
            raise self.fault(f'{key} ska vara en lista med texter: {key} = ["…", "…"]', key)
        if not repeated and len(set(value)) < len(value):
            raise self.fault(f"{key} nämner något två gånger.", key)
        return tuple(value)

    def all_or_texts(self, key: str, default: tuple[str, ...] | None = None) -> tuple[str, ...] | None:
        """Return a list of texts, or None for the word "all"."""
        if self._values.get(key) == "all":
            self._taken.append(key)
            return None
        return self.texts(key, default)

    def json(self, key: str) -> str:
        """Return a table as JSON; a list of numbers stands for the answers to 1, 2, 3 and so on."""
        value = self._take(key)
        if isinstance(value, list):
            value = {str(number): answer for number, answer in enumerate(value, 1)}
        if not isinstance(value, dict):
            raise self.fault(f'{key} ska vara svar: {key} = {{ "1" = 2 }} eller {key} = [2, 0, 1].', key)
        try:
            return json.dumps(value, ensure_ascii=False)
        except TypeError:
            raise self.fault(f"{key}: skriv datum och klockslag inom citattecken.", key) from None

    def table(self, key: str) -> "TomlTable":
        """Return a table inside this one."""
        value = self._take(key)
        if not isinstance(value, dict):
            raise self.fault(f"{key} ska vara en tabell: [{key}]", key)
        return TomlTable(value, f"{self.where}, {key}" if self.where else key)

    def tables(self, key: str, *, needed: bool = True) -> "list[TomlTable]":
        """Return a list of tables; in the top table with their lines."""
        value = self._take(key, None if needed else [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.fault(f"{key} ska vara en lista med tabeller.", key)
        lines = _lines(self._text, key)
        places = (f"rad {lines[at]}" if at < len(lines) else f"{key} nr {at + 1}" for at in range(len(value)))
        return [
            TomlTable(one, place if self._text else f"{self.where}, {place}")
            for one, place in zip(value, places, strict=True)
        ]

    def done(self) -> None:
        """Refuse a key that nobody has asked for."""
        self.only(self._taken)

    def only(self, known: Sequence[str]) -> None:
        """Refuse a key that is none of the known ones."""
        for key in self._values.keys() - set(known):
            near = difflib.get_close_matches(key, known, n=1)
            mend = f"Menade du {near[0]}?" if near else f"Nycklar som finns: {', '.join(known)}."
            raise self.fault(f"nyckeln {key} är okänd. {mend}", key)

    def fault(self, message: str, key: str | None = None) -> Refused:
        """Return the refusal that names the place."""
        return Refused(f"{self.where}: {message}" if self.where else message, field=key)

    def _take(self, key: str, default: object = None) -> Any:
        self._taken.append(key)
        value = self._values.get(key, default)
        if value is None:
            raise self.fault(f"nyckeln {key} saknas.", key)
        return value


def read_toml(path: Path) -> TomlTable:
    """Return a file's top table.

    Raises:
        Refused: the file cannot be read, or is not TOML.
    """
    try:
        return parse_toml(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise Refused(f"filen går inte att läsa ({why_unreadable(error)}).") from error
    except UnicodeDecodeError as error:
        raise Refused("filen är inte UTF-8. Spara om den i textredigeraren med kodningen UTF-8.") from error


def parse_toml(text: str) -> TomlTable:
    """Return the top table of a file's text.

    Raises:
        Refused: it is not TOML.
    """
    try:
        return TomlTable(tomllib.loads(text), "", text)
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"filen går inte att tolka som TOML ({error}).") from error


@contextmanager
def placed(where: str) -> Iterator[None]:
    """Put the place before what the store refuses in the block."""
    try:
        yield
    except NotPermitted as error:
        sentence = "den som ska göra detta saknar behörighet till det, eller är inte aktiv på enheten."
        raise Refused(f"{where}: {sentence}") from error
    except DomainError as error:
        raise Refused(f"{where}: {error.message}", field=error.field) from error


def _lines(text: str, name: str) -> list[int]:
    """Return the lines on which `[[name]]` stands."""
    header = re.compile(rf"^[ \t]*\[\[[ \t]*{re.escape(name)}[ \t]*\]\]", re.MULTILINE)
    return [text.count("\n", 0, found.start()) + 1 for found in header.finditer(text)]
