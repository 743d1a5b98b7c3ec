"""`sob flytta`: a store moves from a file to PostgreSQL, with its keys' places (domain.md §13)."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sob_tui.commands.init_places import OnServer, OperatorRole, RuntimeRole, address_without_secrets, fencing
from sob_tui.commands.keys import named_operator, own_file
from sob_tui.commands.session import Session
from sob_tui.commands.words import counted
from sob_tui.password_places import has_password, refuse_password_in, see_to_libpq
from sob_tui.progress import bar
from sob_tui.settings import settings_file
from store.foundation.errors import StoreMoved

if TYPE_CHECKING:
    from store.fenced_opening import Fencing
    from store.upkeep.moving import Moved

HELP = """Flytta en databas från en fil till PostgreSQL: varje rad skrivs, läses tillbaka och jämförs, och sedan går
ingenting att spara i filen. Ingen kan arbeta under tiden. Avbryts det gäller filen, eller så gör samma kommando klart.
Körs av driften, med adressen för den roll som ska äga databasen."""


def flytta(
    ctx: typer.Context,
    till: Annotated[str, typer.Option("--till", metavar="ADRESS", help="En tom databas på PostgreSQL: postgresql://…")],
    roll: RuntimeRole = None,
    driftroll: OperatorRole = None,
) -> None:
    """Move a store to a server."""
    here = Session(ctx)
    address, roles = server_address(till), fencing(roll, driftroll)
    path = own_file(here)
    is_real, moved = _moved(here, path, address, roles)
    told = [
        f"Databasen är flyttad till {address_without_secrets(address)}: {counted(moved.total, 'rad', 'rader')}, "
        "tillbakalästa och lika.",
        f"I {path} går ingenting att spara längre. Spara filen tills en säkerhetskopia av den nya är gjord, och ta "
        "sedan bort den.",
    ]
    told += OnServer(address, roles).told() if is_real else [f"Ange --store {address_without_secrets(address)}."]
    here.answer({"store": address_without_secrets(address), "rows": moved.total, "digest": moved.digest}, told)


def server_address(till: str) -> str:
    """Return the address that a store is to have on a server.

    Raises:
        Refused: it is no server's, or a password stands where others see it.
    """
    from store.upkeep.moving import require_server_address

    require_server_address(till)
    if has_password(till):
        raise refuse_password_in("--till", settings_file())
    see_to_libpq(till, settings_file)
    return till


def _moved(here: Session, path: Path, address: str, roles: "Fencing") -> "tuple[bool, Moved]":
    """Move the store, or finish a move that was cut off; returns whether it is a real one, and what was moved."""
    from sob_tui.keys.opening import keys_of, place_of
    from sob_tui.keys.server import take_place_along
    from store.foundation.sqlite_engine import SqliteEngine
    from store.upkeep.moving import finish_move, move_store

    place = place_of(str(path))
    if place is not None:
        take_place_along(path, place)
    try:
        store = here.store
    except StoreMoved:
        keys = keys_of(str(path))
        engine = SqliteEngine(path, keys.cipher if keys else "")
        try:
            return place is not None, finish_move(engine, keys, named_operator(here), roles)
        finally:
            engine.close()
    is_real = not store.is_practice
    return is_real, move_store(store, address, named_operator(here), roles if is_real else None, bar)
