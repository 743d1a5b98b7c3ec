"""The options that every command takes, read once and wherever they stand on the line (contract.md §1).

They are taken out before Typer sees the rest, so `sob --som X lista`, `sob lista --som X` and the quick start of the
app (`sob_tui.launch`) all read them the same way. A value that looks like one of them is written `--orsak=--json`.
"""

import os
import unicodedata
from collections.abc import Sequence
from typing import ClassVar, NamedTuple

from store.foundation.errors import DomainError, Refused
from store.foundation.text import clean, plain_dashes

HELP = (
    ("--store PLATS", "Databasen: en sökväg eller adress. Annars gäller SOB_STORE, annars inställningsfilen."),
    ("--som HSA-ID", "Vem du är. I en övningsmiljö loggar det in dig; annars logga in med sob logga in."),
    ("--enhet HSA-ID", "På vilken enhet, för den som har uppdrag på flera."),
    ("--som-driften NAMN", "Ditt namn, när du kör ett av driftens kommandon. Annars loggas systemanvändarens."),
    ("--json", "Svara med JSON."),
    ("--ja", "Bekräfta varningar."),
    ("--arende", "Skriv ett ärendeunderlag till supporten när något går fel eller nekas."),
)
"""The common options and what they do, for every command's help."""

NAMES = tuple(name.split()[0] for name, _ in HELP)
_WITH_VALUE = tuple(name.split()[0] for name, _ in HELP if " " in name)
_WITHOUT_RINGS = str.maketrans("åäöÅÄÖ", "aaoAAO")


class UsageFault(DomainError):
    """An option or argument is unknown or missing; `echo` is the word of the line that the sentence repeats."""

    exit_code: ClassVar[int] = 2

    def __init__(self, message: str, *, field: str | None = None, echo: str = "") -> None:
        """Take the sentence, the field it belongs to, and the word."""
        super().__init__(message, field=field)
        self.echo = echo


class Common(NamedTuple):
    """What the common options say."""

    store: str | None = None
    som: str | None = None
    """The actor's HSA-id."""
    enhet: str | None = None
    """The HSA-id of the unit that the actor is at."""
    som_driften: str | None = None
    """The name of the one who acts as the operator."""
    json: bool = False
    ja: bool = False
    """Whether warnings are confirmed."""
    arende: bool = False
    """Whether a ticket follows what goes wrong."""


def plain(word: str) -> str:
    """Return a command's or an option's name without å ä ö: both spellings are the same word."""
    return unicodedata.normalize("NFC", word).translate(_WITHOUT_RINGS)


def require_utf8(line: Sequence[str]) -> None:
    """Refuse bytes that are no UTF-8 in the line's words and in the program's own environment variables.

    Raises:
        Refused: with the place of the first.
    """
    places = [(f"Ord {place} på kommandoraden", word) for place, word in enumerate(line, 1)]
    places += [(f"Miljövariabeln {name}", value) for name, value in os.environ.items() if name.startswith("SOB_")]
    for place, text in places:
        if not text.isascii() and any("\ud800" <= character <= "\udfff" for character in text):
            raise Refused(
                f"{place} är inte UTF-8. Ställ in terminalens teckenuppsättning på UTF-8 och skriv det igen. "
                "Ingenting är gjort."
            )


def take_common(line: Sequence[str]) -> tuple[Common, list[str]]:
    """Return the common options and the rest of the line; what follows a bare `--` is left alone.

    Raises:
        UsageFault: a value is missing, or stands where none belongs.
    """
    found: dict[str, str | bool] = {}
    rest: list[str] = []
    words = list(line)
    while words:
        word = words.pop(0)
        if word == "--":
            return _common(found), [*rest, word, *words]
        name, equals, value = word.partition("=")
        option = plain(name)
        if option not in NAMES:
            rest.append(word)
        elif option in _WITH_VALUE:
            found[option] = value if equals else _value(option, words)
        elif equals:
            raise UsageFault(f"Flaggan {option} tar inget värde.")
        else:
            found[option] = True
    return _common(found), rest


def ticket_wanted(line: Sequence[str]) -> Common | None:
    """Return the common options where the line asks for a ticket, as far as they can be read; else None."""
    try:
        common, _ = take_common(line)
    except UsageFault:
        common = Common(arende="--arende" in map(plain, line))
    return common if common.arende else None


def _value(option: str, words: list[str]) -> str:
    if not words or words[0].startswith("--"):
        raise UsageFault(f"Flaggan {option} behöver ett värde.")
    return words.pop(0)


def _common(found: dict[str, str | bool]) -> Common:
    empty = [option for option, value in found.items() if value == ""]
    if empty:
        raise UsageFault(f"Flaggan {empty[0]} behöver ett värde.")
    texts = {option: value for option, value in found.items() if isinstance(value, str)}
    return Common(
        store=texts.get("--store"),
        som=_id(texts.get("--som")),
        enhet=_id(texts.get("--enhet")),
        som_driften=_name(texts.get("--som-driften")),
        json="--json" in found,
        ja="--ja" in found,
        arende="--arende" in found,
    )


def _name(value: str | None) -> str | None:
    return None if value is None else clean(value, multiline=False).strip()


def _id(value: str | None) -> str | None:
    return None if value is None else clean(plain_dashes(value), multiline=False).strip()
