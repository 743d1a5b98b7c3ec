"""`sob nyckel`: a new data key, and the keys back from paper (domain.md §13)."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, cast

import typer

from sob_tui.commands.session import Session, operator
from sob_tui.options import UsageFault
from sob_tui.printing import tell
from sob_tui.settings import configured_store
from store.foundation.errors import Refused, StoreMissing
from store.foundation.files import file_content
from store.foundation.sqlite_engine import SqliteEngine

if TYPE_CHECKING:
    from store.foundation.access import Fixed

HELP = "Nycklarna till en databas: byt datanyckeln, eller lägg tillbaka dem från återställningsnyckeln på papper."

Kind = Annotated[
    str | None,
    typer.Option(
        "--nyckel", metavar="SLAG", help="Var nycklarna ska ligga: nyckelring, fil eller losenfras. Annars där de låg."
    ),
]
KeyFile = Annotated[
    str | None, typer.Option("--nyckelfil", metavar="FIL", help="Filen för datanyckeln; loggens blir FIL.logg.")
]
PassphraseFile = Annotated[
    str | None, typer.Option("--nyckelfras-fil", metavar="FIL", help="En fil med lösenfrasen, bara läsbar för ägaren.")
]
RecoveryFile = Annotated[
    Path | None,
    typer.Option("--aterstallningsnyckel", metavar="FIL", help="En fil med återställningsnyckeln, för skript."),
]


def byt(ctx: typer.Context) -> None:
    """Give the store a new data key."""
    from sob_tui.keys.changing import exchange
    from sob_tui.keys.opening import ask_passphrase, open_with, place_of
    from sob_tui.keys.places import keeper_of

    here = Session(ctx)
    path = own_file(here)
    place = place_of(str(path))
    if place is None:
        raise Refused("Databasen har inga nycklar att byta.")
    keeper = keeper_of(place, ask_passphrase)
    exchange(path, lambda: open_with(str(path), keeper), keeper, named_operator(here))
    tell("Datanyckeln är bytt, och hela databasen är krypterad på nytt. Återställningsnyckeln gäller som förut.")


def aterstall(
    ctx: typer.Context,
    aterstallningsnyckel: RecoveryFile = None,
    nyckel: Kind = None,
    nyckelfil: KeyFile = None,
    nyckelfras_fil: PassphraseFile = None,
) -> None:
    """Put a store's keys back, by the recovery key on paper."""
    from sob_tui.keys.changing import put_back, recover
    from sob_tui.keys.choosing import Choice, choose
    from sob_tui.keys.opening import place_of
    from sob_tui.keys.places import PASSPHRASE, keeper_of, write_place

    here = Session(ctx)
    path = own_file(here)
    paper = asked_paper(aterstallningsnyckel)
    place = place_of(str(path)) if nyckel is None else None
    found = recover(path, paper)
    if place is None or place.kind == PASSPHRASE:
        choice = Choice(nyckel or (place.kind if place else None), nyckelfil, nyckelfras_fil)
        place, keeper = choose(choice, found.uuid)
    else:
        keeper = keeper_of(place, lambda: "")
    put_back(path, keeper, found.keys, named_operator(here))
    write_place(path, place)
    tell("Nycklarna är tillbaka, och databasen går att öppna.")


def own_file(here: Session) -> Path:
    """Return the file of the configured store, where it is one, and the system's user owns it.

    Raises:
        Refused: it is a server's.
        StoreMissing: there is none.
        NoOperator: another user owns it.
    """
    from sob_tui.keys.places import file_of
    from store.people.operators import NoOperator

    path = file_of(configured_store(here.common.store))
    if path is None:
        raise Refused("Kommandot gäller än så länge bara en databas i en fil.")
    if not path.is_file():
        raise StoreMissing
    if here.common.som is not None:
        raise UsageFault("Kommandot är driftens. Ta bort --som.", field="som")
    if not SqliteEngine(path).is_owned():
        raise NoOperator
    return path.absolute()


def named_operator(here: Session) -> "Fixed":
    """Return the operator, named for the log."""
    return cast("Fixed", operator(here.common.som_driften))


def asked_paper(file: Path | None) -> str:
    """Return the recovery key that a file has, or that is asked for; raises `Refused` or `UsageFault`."""
    from sob_tui.asking import ask, somebody_is_there
    from store.foundation.recovery import read_recovery_key

    if file is not None:
        return read_recovery_key(file_content(file, most=1000).decode("utf-8", "replace"))
    if not somebody_is_there():
        raise UsageFault("Ange återställningsnyckeln med --aterstallningsnyckel FIL.", field="aterstallningsnyckel")
    return ask("Återställningsnyckeln, som den står på papperet", read_recovery_key)


COMMANDS = {
    "byt": (byt, "Ge databasen en ny datanyckel. Ingen får ha databasen öppen."),
    "aterstall": (aterstall, "Lägg tillbaka nycklarna med återställningsnyckeln på papper."),
}
