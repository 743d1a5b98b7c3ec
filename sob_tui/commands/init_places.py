"""Where `sob init` makes a store: in a file, or on a server."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, Protocol

import typer

from sob_tui.keys.places import Keeper, KeyPlace
from sob_tui.settings import settings_file
from store.foundation.errors import Refused
from store.foundation.keys import StoreKeys

if TYPE_CHECKING:
    from store.fenced_opening import Fencing
    from store.foundation.access import Actor
    from store.foundation.work import Work

Fill = Callable[["Work"], str]

RuntimeRole = Annotated[
    str | None,
    typer.Option("--roll", metavar="NAMN", help="På PostgreSQL: rollen som alla arbetar genom, annars sob_app."),
]
OperatorRole = Annotated[
    str | None,
    typer.Option("--driftroll", metavar="NAMN", help="På PostgreSQL: driftens roll, annars sob_drift."),
]


def fencing(runtime: str | None, operator: str | None) -> "Fencing":
    """Return the roles that options name, else those that are usual; raises `Refused` for what can be no name."""
    from store.fence.roles import OPERATOR, RUNTIME
    from store.fenced_opening import Fencing

    return Fencing(_role(runtime, RUNTIME, "roll"), _role(operator, OPERATOR, "driftroll"))


def _role(typed: str | None, usual: str, field: str) -> str:
    if typed is None:
        return usual
    if _ROLE.fullmatch(typed) is None:
        raise Refused("En roll heter 1–63 av a–z, 0–9 och _, med en bokstav eller _ först.", field=field)
    return typed


_ROLE = re.compile("[a-z_][a-z0-9_]{0,62}")
"""What PostgreSQL takes without quotes, and cuts nothing off."""


class Place(Protocol):
    """A place for a new store."""

    @property
    def option(self) -> str:
        """What `--store` takes for it, once it is there."""

    def require_free(self) -> None:
        """Raise `Refused` where a store is, or was."""

    def make(self, place: KeyPlace, keeper: Keeper, keys: StoreKeys, paper: str, actor: "Actor", fill: Fill) -> str:
        """Make the store and fill it, whole or not at all; returns what filling it gives."""

    def planned(self) -> list[str]:
        """Say what would be made."""

    def told(self) -> list[str]:
        """Say what was made, and how it is used."""


class InFile(NamedTuple):
    """A file."""

    path: Path

    @property
    def option(self) -> str:
        """Its path."""
        return str(self.path)

    def require_free(self) -> None:
        """Raise `Refused` where a store is, or what belongs to one."""
        from sob_tui.keys.making import require_free

        require_free(self.path)

    def make(self, place: KeyPlace, keeper: Keeper, keys: StoreKeys, paper: str, actor: "Actor", fill: Fill) -> str:
        """Make it in a file that gets its name when it is whole."""
        from sob_tui.keys.making import make_store
        from store.foundation.store import Store

        def begin(store: Store) -> str:
            with store.work(actor) as work:
                return fill(work)

        return make_store(self.path, place, keeper, keys, paper, begin)

    def planned(self) -> list[str]:
        """Say what would lie where."""
        name = self.path.name
        return [f"Databas: {self.path}, krypterad. Bredvid den: {name}.toml och {name}.aterstallning."]

    def told(self) -> list[str]:
        """Say how it is found, and what it is never without."""
        return [
            f'Skriv store = "{self.path}" i {settings_file()} för att slippa ange --store.',
            f"Flytta aldrig databasen utan {self.path.name}.toml och {self.path.name}.aterstallning bredvid den.",
        ]


class OnServer(NamedTuple):
    """An empty database of PostgreSQL's, by the address of the role that is to own it."""

    url: str
    fencing: "Fencing"

    @property
    def option(self) -> str:
        """The address that people work through."""
        from sob_tui.keys.server import address_for

        return address_for(self.url, self.fencing.runtime)

    def require_free(self) -> None:
        """Raise `Refused` where a store is."""
        from store.foundation.engines import engine_for
        from store.opening import TAKEN, is_taken

        engine = engine_for(self.url)
        try:
            if is_taken(engine):
                raise Refused(TAKEN, field="store")
        finally:
            engine.close()

    def make(self, place: KeyPlace, keeper: Keeper, keys: StoreKeys, paper: str, actor: "Actor", fill: Fill) -> str:
        """Make it in one transaction."""
        from sob_tui.keys.server import make_server_store

        return make_server_store(self.url, place, keeper, keys, paper, self.fencing, actor, fill)

    def planned(self) -> list[str]:
        """Say what would be made on the server, and what would stand here."""
        from sob_tui.keys.places import places_file
        from sob_tui.keys.server import beside_settings

        runtime, operator = self.fencing
        return [
            f"Databas: {address_without_secrets(self.url)}, med stängsel mellan enheterna.",
            f"Roller: {runtime}, som alla arbetar genom, och {operator} för driften. De görs om de inte finns.",
            f"Var nycklarna ligger skrivs i {places_file(beside_settings())}.",
        ]

    def told(self) -> list[str]:
        """Say which address is for what."""
        from sob_tui.keys.places import places_file
        from sob_tui.keys.server import address_for, beside_settings

        runtime, operator = self.fencing
        return [
            f'Skriv store = "{self.option}" i {settings_file()}: den adressen är för alla som arbetar.',
            f"Driftens kommandon (dygn, avisera, kontrollera …) har en egen: {address_for(self.url, operator)}",
            f"Ge {runtime} och {operator} lösenord på servern (i psql: \\password {runtime}), i ~/.pgpass här. "
            "Ägarens adress används bara till sob uppgradera.",
            f"Nycklarnas platser står i {places_file(beside_settings())}. Spara den och filen .aterstallning bredvid.",
        ]


def address_without_secrets(url: str) -> str:
    """Return an address as it may be shown."""
    from urllib.parse import urlsplit

    from sob_tui.keys.server import address_for

    return address_for(url, urlsplit(url).username or "")
