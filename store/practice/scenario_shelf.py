"""Scenarios to choose from in the app: the shipped ones, and a trainer's own, which lie in a folder of the user's.

One's own are scenario files (`.toml`) and states that were saved (`.ndjson`).
"""

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from store.foundation.access import Actor
from store.foundation.clock import Instant
from store.foundation.errors import DomainError, Refused, why_unreadable
from store.foundation.store import Store
from store.foundation.text import clean
from store.practice.clock import is_left_to_trainer
from store.practice.course_end import erased_on
from store.practice.errors import NotPractice
from store.practice.opening import make_scenario
from store.practice.saved import save_state, saved_at
from store.practice.scenarios import shipped
from store.practice.toml_table import read_toml

STATE = ".ndjson"
"""How the name of a saved state ends."""
MOST_CHARACTERS = 1000
"""Of a name or a path."""
TO_TRAINER = "I en kurs är det utbildaren som gör om övningsmiljön, för alla på en gång."


class Offered(NamedTuple):
    """A scenario, or a state that was saved."""

    path: Path
    title: str
    about: str
    """What it is; empty for a saved state."""
    saved_at: Instant | None
    """When a state was saved."""
    fault: str
    """Why it can't be loaded; empty where nothing has been found yet."""


def offered(own: Path) -> list[Offered]:
    """Return the shipped scenarios and those in a folder, which need not be there; a file is not read whole."""
    return [*map(_offered, shipped()), *map(_offered, _own_files(own))]


def _own_files(own: Path) -> Iterator[Path]:
    for ending in (".toml", STATE):
        yield from sorted(own.glob(f"*{ending}"))


def _offered(path: Path) -> Offered:
    try:
        if path.suffix == STATE:
            return Offered(path, path.stem, "", saved_at(path), "")
        top = read_toml(path)
        return Offered(path, top.text("title"), top.text("about", multiline=True), None, "")
    except DomainError as error:
        return Offered(path, path.name, "", None, error.message)


def named_file(own: Path, typed: str) -> Path:
    """Return the file that a path means, or a name in the folder, whose ending can be left out.

    Raises:
        Refused: there is none in the folder; nothing was typed, or too much.
    """
    word = _word(typed, "scenario")
    if _is_path(word):
        return Path(word).expanduser()
    for path in (own / word, own / f"{word}{STATE}", own / f"{word}.toml"):
        if path.is_file():
            return path
    raise Refused(f"Det finns ingen fil {word} i {own}. Skriv sökvägen till filen.", field="scenario")


def _word(typed: str, field: str) -> str:
    word = clean(typed, multiline=False).strip()
    if not word:
        raise Refused("Skriv ett namn, eller sökvägen till en fil.", field=field)
    if len(word) > MOST_CHARACTERS:
        raise Refused("Namnet är för långt.", field=field)
    return word


def _is_path(word: str) -> bool:
    return "/" in word or "\\" in word


def save_own(store: Store, own: Path, typed: str) -> Path:
    """Save a practice store's state under a name, or in the file whose path is given; returns the file.

    Raises:
        NotPractice, Refused: as `save_state` says.
    """
    word = _word(typed, "spara")
    path = Path(word).expanduser() if _is_path(word) else own / f"{word.removesuffix(STATE)}{STATE}"
    if path.parent == own:
        try:
            own.mkdir(mode=0o700, parents=True, exist_ok=True)
        except OSError as error:
            raise Refused(f"Mappen {own} går inte att skapa ({why_unreadable(error)}).", field="spara") from None
    save_state(store, path)
    return path


def holds_course(store: Store) -> bool:
    """Whether a course's trainees work in the store."""
    with store.lend() as db:
        return erased_on(db) is not None


def load_scenario(store: Store, path: Path, asked_by: Actor | None) -> None:
    """Make an open practice store anew with a scenario, or as it was saved; everybody on it sees the new one.

    Raises:
        NotPractice: the store is a real one.
        Refused: a trainee of a course wants it; the file has a fault, and the store stays as it was.
        StoreUnreachable: the database does not answer, or is full or read-only.
    """
    if not store.is_practice:
        raise NotPractice
    if is_left_to_trainer(store, asked_by):
        raise Refused(TO_TRAINER)
    make_scenario(store.engine.url, str(path.resolve()), clock=store.machine_clock).close()
