"""What can be set in the settings file: each key with what it does, what it may be, and what holds without it."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from store.people.channels import CHANNELS

Value = str | int


class Setting(NamedTuple):
    """A key of the file's top level."""

    name: str
    title: str
    """What it is called on the page *Inställningar*."""
    about: str
    """What it does, in a sentence."""
    allowed: str
    """What it may be, as the end of a sentence that begins with its name."""
    read: Callable[[Any], Value | None]
    """Takes what stands in the file; None where it is something else than what is allowed."""
    default: Value | None = None
    variable: str = ""
    """The environment variable that comes before the file."""
    choices: tuple[str, ...] = ()
    """All that it may be, where that is few."""
    is_own: bool = False
    """Whether it is about the person and their terminal, and not the store: then it holds in practice too."""

    @property
    def held(self) -> str:
        """What holds without it, in words."""
        return "standardvärdet" if self.default is None else f"standardvärdet {self.default}"


class Table(NamedTuple):
    """A table of the file whose keys are known."""

    name: str
    about: str
    keys: tuple[str, ...]
    secret: frozenset[str] = frozenset({"password"})
    """Keys whose values are never shown."""


def _word(*choices: str) -> Callable[[Any], str | None]:
    """Return a reader of a setting that is one of some words, typed with or without å ä ö."""

    def read(value: Any) -> str | None:
        from sob_tui.options import plain

        found = plain(value).lower() if isinstance(value, str) else ""
        return found if found in choices else None

    return read


def _between(least: int, most: int) -> Callable[[Any], int | None]:
    def read(value: Any) -> int | None:
        return value if type(value) is int and least <= value <= most else None

    return read


def _place(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


THEMES = ("mork", "ljus", "kontrast")
DENSITIES = ("luftig", "tat")
PREVIEWS = ("vila", "tangent", "av")
GRAPHS = ("block", "punkter", "tecken")
MOST_MS, MOST_IDLE = 5000, 60

SETTINGS = (
    Setting(
        "store",
        "Databas",
        "Var databasen är.",
        'en sökväg (från filens egen katalog) eller en adress: store = "…"',
        _place,
        variable="SOB_STORE",
    ),
    Setting(
        "theme",
        "Tema",
        "Skärmens färger.",
        'mork, ljus eller kontrast: theme = "mork"',
        _word(*THEMES),
        THEMES[0],
        choices=THEMES,
        is_own=True,
    ),
    Setting(
        "density",
        "Täthet",
        "Hur tätt det står: tat tar bort tomma rader mellan delarna.",
        'luftig eller tat: density = "luftig"',
        _word(*DENSITIES),
        DENSITIES[0],
        choices=DENSITIES,
        is_own=True,
    ),
    Setting(
        "graph",
        "Grafens kurva",
        "Vad kurvor ritas med: punkter är finast men behöver punktskrift i terminalens typsnitt.",
        'block, punkter eller tecken: graph = "block"',
        _word(*GRAPHS),
        GRAPHS[0],
        choices=GRAPHS,
        is_own=True,
    ),
    Setting(
        "preview",
        "Förhandsvisning",
        "Om det som en rad gäller visas bredvid listan när markören vilar, bara med en tangent, eller aldrig.",
        'vila, tangent eller av: preview = "vila"',
        _word(*PREVIEWS),
        PREVIEWS[0],
        choices=PREVIEWS,
        is_own=True,
    ),
    Setting(
        "idle_minutes",
        "Skärmen täcks efter",
        "Efter hur många minuter utan tangent skärmen täcks, högst enhetens.",
        f"hela minuter, 1–{MOST_IDLE}: idle_minutes = 15",
        _between(1, MOST_IDLE),
        15,
    ),
    Setting(
        "escape_ms",
        "Väntan efter Esc",
        "Hur länge resten av en tangent som börjar med «Esc» väntas in. Standard är 500 över SSH, annars 100.",
        f"millisekunder, 1–{MOST_MS}: escape_ms = 500",
        _between(1, MOST_MS),
        variable="ESCDELAY",
        is_own=True,
    ),
)
KEYMAP = Table("keymap", "Egna tangenter: ett kommandos namn och den tangent som det ska ha.", ())
_SENDING = {
    "smtp": ("host", "port", "user", "sender", "ca_file", "password_file", "password"),
    "sms": ("url", "user", "sender", "password_file", "password"),
}
"""The keys of the channels' tables; the values are read by `sob_tui.delivery`."""


def delivery_tables() -> tuple[Table, ...]:
    """Return the tables that say how each channel sends."""
    return tuple(
        Table(one.table, f"Hur aviseringar skickas med {one.word}.", _SENDING.get(one.table, ()))
        for one in CHANNELS.values()
    )


def names() -> tuple[str, ...]:
    """Return all that may stand at the file's top level."""
    return (*(one.name for one in SETTINGS), KEYMAP.name, *(one.name for one in delivery_tables()))


class Fault(NamedTuple):
    """What is wrong in the file."""

    path: tuple[str, ...]
    """The key, with the table it stands in."""
    message: str
    """A sentence or two, without the place; begins with a small letter."""
    is_own: bool = True
    """Whether it is about what holds in practice too, or may be: a key that is unknown."""
    is_unknown: bool = False


def setting(name: str) -> Setting:
    """Return a setting by its name."""
    return next(one for one in SETTINGS if one.name == name)


def faults_in(values: Mapping[str, Any]) -> list[Fault]:
    """Return what is wrong in a file's values; of the keymap only whether it is one."""
    found = [_unknown(key, values[key]) for key in values if key not in names()]
    found += [_wrong(one, values[one.name]) for one in SETTINGS if one.name in values and _is_wrong(one, values)]
    for table in (KEYMAP, *delivery_tables()):
        value = values.get(table.name)
        if value is not None and not isinstance(value, dict):
            found.append(Fault((table.name,), f"{table.name} ska vara en tabell, [{table.name}].", table is KEYMAP))
        elif table.keys:
            found += [_unknown_in(table, key) for key in value or () if key not in table.keys]
    return found


def _is_wrong(one: Setting, values: Mapping[str, Any]) -> bool:
    return one.read(values[one.name]) is None


def _wrong(one: Setting, value: Any) -> Fault:
    kept = "" if one.name == "store" else f" Det är {shown(value)}, så {one.held} gäller."
    return Fault((one.name,), f"{one.name} ska vara {one.allowed}.{kept}", one.is_own)


def shown(value: Any) -> str:
    """Return a value from the file as a sentence has it, short whatever it is."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    return f"«{text[:40]}{'…' * (len(text) > 40)}»"


def _unknown(key: str, value: Any) -> Fault:
    kind = "tabellen" if isinstance(value, dict) else "nyckeln"
    return Fault((key,), f"{kind} {key} är okänd. {nearest(key, names())}", is_unknown=True)


def _unknown_in(table: Table, key: str) -> Fault:
    message = f"tabellen [{table.name}], nyckeln {key} är okänd. {nearest(key, table.keys)}"
    return Fault((table.name, key), message, is_own=False, is_unknown=True)


def nearest(word: str, known: tuple[str, ...]) -> str:
    """Return the question whether the nearest of the known words was meant, else all of them."""
    from difflib import get_close_matches

    near = get_close_matches(word.lower(), known, n=1)
    return f"Menade du {near[0]}?" if near else f"De som finns är {', '.join(known)}."
