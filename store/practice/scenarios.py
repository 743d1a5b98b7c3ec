"""Scenarios: what a practice store is made with besides its cast and residents, to teach by (domain.md §9).

A shipped one is a file in `data/practice/scenarios`, known by its name; anybody's own is a file somewhere else. What a
file says of residents and moments is what `residents.toml` says (`store.practice.reading`).
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from store.data import data_folder
from store.foundation.clock import STOCKHOLM, Instant, instant, local
from store.foundation.errors import Refused
from store.foundation.text import fold
from store.practice.cast import Cast
from store.practice.reading import read_lives
from store.practice.toml_table import TomlTable, placed, read_toml

FORMAT = 1
"""What this program can read; a file of a later format comes from a later program."""
FOLDER = Path("practice", "scenarios")
DAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag", "lördag", "söndag")


@dataclass(frozen=True)
class Scenario:
    """A scenario; `name` is the file's."""

    name: str
    title: str
    about: str
    """What it is for, and as whom to begin."""
    weekday: int | None
    """On which day it begins, from Monday (0); None for any."""
    time: time | None
    """At what time of day; None for any."""
    cast: Cast
    """Everybody, with whom the scenario adds."""

    def begins(self, now: Instant) -> Instant:
        """Return when it begins: the next such day and time."""
        here = local(now).replace(tzinfo=None)
        at = datetime.combine(here.date(), self.time or here.time())
        while at < here or self.weekday not in (None, at.weekday()):
            at += timedelta(days=1)
        return max(now, instant(at.replace(tzinfo=STOCKHOLM)))


def shipped() -> list[Path]:
    """Return the scenarios' files, by name."""
    return sorted((data_folder() / FOLDER).glob("*.toml"))


def about_shipped(cast: Cast) -> list[Scenario]:
    """Return the shipped scenarios.

    Raises:
        Refused: one has a fault.
    """
    return [read_scenario(path, cast) for path in shipped()]


def scenario_file(word: str, own: Path | None = None) -> Path:
    """Return the file that a name or a path means; `own` is a folder with others.

    Raises:
        Refused: there is none.
    """
    wanted = fold(word).replace(" ", "-")
    files = shipped()
    for path in files:
        if wanted in (fold(path.stem), fold(_title(path)).replace(" ", "-")):
            return path
    if "/" in word or "\\" in word or "." in word:
        return Path(word)
    for path in (own / f"{word}.toml", own / f"{word}.ndjson") if own is not None else ():
        if path.is_file():
            return path
    names = ", ".join(path.stem for path in files)
    raise Refused(f"Scenariot finns inte. Ange en fil, eller något av: {names}.", field="scenario")


def _title(path: Path) -> str:
    return read_toml(path).text("title", "")


def read_scenario(path: Path, cast: Cast) -> Scenario:
    """Return the scenario of a file.

    Args:
        path: the file.
        cast: who is there without it.

    Raises:
        Refused: the first fault, with its place.
    """
    called = f"Scenariot {path.name}"
    with placed(called):
        top = read_toml(path)
        _check_format(top)
        title, about = top.text("title", most=80), top.text("about", multiline=True, most=600)
        weekday, at = top.one_of("weekday", DAYS, ""), top.text("time", "")
        whole = read_lives(top, called, cast)
        top.done()
        return Scenario(path.stem, title, about, DAYS.index(weekday) if weekday else None, _time(top, at), whole)


def _check_format(top: TomlTable) -> None:
    if top.number("format", 1, 1_000_000) > FORMAT:
        raise Refused("filen är gjord för en nyare version av programmet. Uppdatera programmet.", field="format")


def _time(top: TomlTable, text: str) -> time | None:
    if not text:
        return None
    try:
        return time.fromisoformat(text) if len(text) == len("15:40") else time.fromisoformat("")
    except ValueError:
        raise top.fault('time ska vara ett klockslag: time = "15:40"', "time") from None
