"""`sob nyckel`: a new data key, and the keys back from paper (domain.md §13)."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NamedTuple, cast

import typer

from sob_tui.commands.session import Session, operator
from sob_tui.options import UsageFault
from sob_tui.printing import tell
from sob_tui.settings import configured_store
from store.foundation.errors import KeyMissing, Refused, StoreMissing
from store.foundation.files import file_content
from store.foundation.sqlite_engine import SqliteEngine

if TYPE_CHECKING:
    from sob_tui.keys.places import KeyPlace
    from store.foundation.access import Fixed
    from store.foundation.store import Store

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
    from sob_tui.keys.changing import exchange, in_file, on_server
    from sob_tui.keys.opening import ask_passphrase, open_with, place_of
    from sob_tui.keys.places import keeper_of
    from store.people.operators import require_operator

    here = Session(ctx)
    store, beside, is_server = own_store(here)
    place = place_of(store)
    if place is None:
        raise Refused("Databasen har inga nycklar att byta.")
    keeper = keeper_of(place, ask_passphrase)
    actor = named_operator(here)

    def opened() -> "Store":
        found = open_with(store, keeper)
        try:
            require_operator(found)
        except BaseException:
            found.close()
            raise
        return found

    exchange(on_server(store, beside, actor) if is_server else in_file(beside, actor), opened, keeper)
    tell(CHANGED_ON_A_SERVER.format(beside=beside) if is_server else CHANGED)


CHANGED = "Datanyckeln är bytt, och hela databasen är krypterad på nytt. Återställningsnyckeln gäller som förut."
CHANGED_ON_A_SERVER = (
    "Datanyckeln är bytt, och invånarnas nycklar är låsta med den nya. Återställningsnyckeln gäller som förut. På "
    "andra maskiner som öppnar databasen läggs nycklarna tillbaka med sob nyckel aterstall: ta med filen "
    "{beside}.aterstallning dit."
)


def ny_loggnyckel(ctx: typer.Context) -> None:
    """Give a store whose log key is lost a new one."""
    from sob_tui.keys.changing import replace_lost_log_key
    from sob_tui.keys.opening import ask_passphrase, place_of
    from sob_tui.keys.places import keeper_of

    here = Session(ctx)
    store, beside, _ = own_store(here)
    place = place_of(store)
    if place is None:
        raise Refused("Databasen har inga nycklar.")
    keeper = keeper_of(place, ask_passphrase)
    replace_lost_log_key(store, beside, keeper, named_operator(here), confirmed=here.common.ja)
    tell(
        "Loggen går vidare under en ny loggnyckel. Raderna före den går inte att läsa: sob logg verifiera säger vilka."
    )


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
    from sob_tui.keys.places import PASSPHRASE, keeper_of, write_place
    from sob_tui.keys.server import write_server_place

    here = Session(ctx)
    store, beside, is_server = own_store(here)
    paper = asked_paper(aterstallningsnyckel)
    place = _place_before(store) if nyckel is None else None
    found = recover(store, paper, beside)
    if place is None or place.kind == PASSPHRASE:
        choice = Choice(nyckel or (place.kind if place else None), nyckelfil, nyckelfras_fil)
        place, keeper = choose(choice, found.uuid)
    else:
        keeper = keeper_of(place, lambda: "")
    put_back(store, keeper, found.keys, named_operator(here))
    if is_server:
        write_server_place(place)
    else:
        write_place(beside, place)
    tell("Nycklarna är tillbaka, och databasen går att öppna.")


def _place_before(store: str) -> "KeyPlace | None":
    """Return where the keys were; None where nothing says so any longer."""
    from sob_tui.keys.opening import place_of

    try:
        return place_of(store)
    except KeyMissing:
        return None


class OwnStore(NamedTuple):
    """The configured store, where the operator is the one who runs the command."""

    store: str
    """Its path or address."""
    beside: Path
    """How the names begin of what lies beside it: its path, or what stands for it where it is on a server."""
    is_server: bool


def own_store(here: Session) -> OwnStore:
    """Return the configured store; a file's owner is asked for here, a server's role when it is opened.

    Raises:
        StoreMissing: there is none.
        NoOperator: another user owns the file.
    """
    from sob_tui.keys.places import file_of

    address = configured_store(here.common.store)
    if file_of(address) is not None:
        path = own_file(here)
        return OwnStore(str(path), path, is_server=False)
    if here.common.som is not None:
        raise UsageFault("Kommandot är driftens. Ta bort --som.", field="som")
    from sob_tui.keys.server import beside_server
    from store.opening import on_server

    found = on_server(address)
    if found is None:
        raise StoreMissing
    return OwnStore(address, beside_server(found.uuid), is_server=True)


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
        raise Refused("Kommandot gäller en databas i en fil.")
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
    "ny-loggnyckel": (
        ny_loggnyckel,
        "Ersätt en loggnyckel som är förlorad. Vilka invånare de gamla raderna gäller går aldrig mer att läsa.",
    ),
    "aterstall": (aterstall, "Lägg tillbaka nycklarna med återställningsnyckeln på papper."),
}
