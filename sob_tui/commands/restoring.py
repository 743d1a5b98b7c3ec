"""`sob aterstall`: a store made of a backup, in a place of its own (domain.md §13)."""

from base64 import b64decode
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sob_tui.commands.backups import ended_tidily
from sob_tui.commands.init_places import OperatorRole, RuntimeRole
from sob_tui.commands.keys import KeyFile, PassphraseFile, RecoveryFile, asked_paper, named_operator
from sob_tui.commands.session import Session
from sob_tui.commands.words import counted, minute
from sob_tui.options import UsageFault
from sob_tui.settings import configured_store
from store.foundation.clock import Instant, iso_local
from store.foundation.errors import DomainError, Refused
from store.foundation.files import file_content

if TYPE_CHECKING:
    from sob_tui.keys.places import KeyPlace
    from sob_tui.keys.restoring import Found, Outside
    from store.foundation.checkpoint import Checkpoint
    from store.upkeep.backup_file import Header
    from store.upkeep.restoring import Ledger, Restored

RESTORE = """Återställ en säkerhetskopia till en ny plats, aldrig över en databas. Det som har gallrats sedan dess
gallras igen, alla inloggningar avslutas, och aviseringar som väntade hålls. Med --prova sägs vad som behövs."""

NewStore = Annotated[
    str | None, typer.Option("--till", metavar="PLATS", help="Den nya databasens fil, helst i en egen mapp.")
]
Fil = Annotated[Path, typer.Argument(metavar="FIL", help="Säkerhetskopian.")]
Nyckel = Annotated[
    str | None,
    typer.Option(
        "--nyckel",
        metavar="SLAG",
        help="Var nycklarna ligger, eller ska ligga med återställningsnyckeln: nyckelring, fil eller losenfras.",
    ),
]
Gallringar = Annotated[
    Path | None,
    typer.Option("--gallringar", metavar="FIL", help="Den nyaste liggaren över gallringar; det i den gallras igen."),
]
Kontrollpunkter = Annotated[
    Path | None,
    typer.Option("--kontrollpunkter", metavar="FIL", help="Loggens kontrollpunkter; loggen jämförs med den nyaste."),
]
Gallringsnyckel = Annotated[
    Path | None,
    typer.Option(
        "--gallringsnyckel",
        metavar="FIL",
        help="Den öppna nyckel (Ed25519, base64) som liggaren och kontrollpunkterna är signerade med.",
    ),
]
Prova = Annotated[
    bool, typer.Option("--prova", help="Säg vad som är i säkerhetskopian och vad som behövs; gör ingenting.")
]


def aterstall(
    ctx: typer.Context,
    fil: Fil,
    till: NewStore = None,
    aterstallningsnyckel: RecoveryFile = None,
    nyckel: Nyckel = None,
    nyckelfil: KeyFile = None,
    nyckelfras_fil: PassphraseFile = None,
    gallringar: Gallringar = None,
    kontrollpunkter: Kontrollpunkter = None,
    gallringsnyckel: Gallringsnyckel = None,
    roll: RuntimeRole = None,
    driftroll: OperatorRole = None,
    prova: Prova = False,
) -> None:
    """Restore a backup to a new place."""
    from sob_tui.commands.init_places import address_without_secrets, fencing
    from sob_tui.keys.choosing import Choice
    from sob_tui.keys.restoring import come_back, come_back_on_server
    from store.upkeep.backup_file import read_header

    here = Session(ctx)
    if here.common.som is not None:
        raise UsageFault("Kommandot är driftens. Ta bort --som.", field="som")
    header = read_header(fil)
    if prova:
        here.answer(_header_json(header), _needs(header))
        return
    where = _new_place(till)
    outside = _outside(header, gallringar, kontrollpunkter, gallringsnyckel)
    found = _keys(here, header, aterstallningsnyckel, Choice(nyckel, nyckelfil, nyckelfras_fil))
    with ended_tidily():
        if isinstance(where, Path):
            restored = come_back(fil, header, where, found, outside, named_operator(here))
        else:
            roles = fencing(roll, driftroll)
            restored = come_back_on_server(fil, header, where, found, outside, named_operator(here), roles)
    place = str(where) if isinstance(where, Path) else address_without_secrets(where)
    here.answer(_restored_json(place, restored), _restored(place, restored, has_ledger=outside.ledger is not None))


def _new_place(till: str | None) -> Path | str:
    """Return the file, or the address on a server, where a store is to come back; raises `Refused` for one in use."""
    from sob_tui.commands.moving import server_address
    from sob_tui.keys.making import require_free
    from sob_tui.keys.places import file_of

    if till is None:
        raise UsageFault("Ange var databasen ska ligga med --till PLATS.", field="till")
    path = file_of(till)
    if path is None:
        return server_address(till)
    require_free(path.absolute())
    return path.absolute()


def _keys(here: Session, header: "Header", paper: Path | None, choice: Any) -> "Found":
    """Return the keys: from the paper, where the options say that they lie, or where those of the configured store do.

    Raises:
        Refused: none of that is there; the sentence says what is needed.
    """
    from sob_tui.asking import somebody_is_there
    from sob_tui.keys.opening import ask_passphrase
    from sob_tui.keys.places import KeyPlace
    from sob_tui.keys.restoring import from_paper, kept

    if paper is not None:
        return from_paper(header, asked_paper(paper), choice)
    if choice.kind is not None:
        file, phrase = (str(Path(one).expanduser().absolute()) if one else "" for one in choice[1:])
        return kept(KeyPlace(header.store, choice.kind, file, phrase), ask_passphrase)
    place = _configured_place(here)
    if place is not None and place.store == header.store:
        return kept(place, ask_passphrase)
    if not somebody_is_there():
        raise Refused(
            "Det behövs nycklar: säg var de ligger med --nyckel, eller ange återställningsnyckeln med "
            f"--aterstallningsnyckel FIL. {' '.join(_needs(header))}"
        )
    return from_paper(header, asked_paper(None), choice)


def _configured_place(here: Session) -> "KeyPlace | None":
    """Return where the configured store's keys are, where one is configured and says so."""
    from sob_tui.keys.opening import place_of

    try:
        return place_of(configured_store(here.common.store))
    except DomainError:
        return None


def _outside(header: "Header", ledger: Path | None, checkpoints: Path | None, key: Path | None) -> "Outside":
    """Return what was purged, and the log's newest checkpoint, once all signatures hold.

    Raises:
        UsageFault: an option is missing.
        Refused: a file can't be read, or a line does not hold.
    """
    from sob_tui.keys.restoring import Outside

    if ledger is None and checkpoints is None:
        if key is not None:
            raise UsageFault("--gallringsnyckel hör till --gallringar eller --kontrollpunkter.", field="gallringar")
        return Outside()
    if key is None:
        raise UsageFault("--gallringar och --kontrollpunkter behöver --gallringsnyckel.", field="gallringsnyckel")
    try:
        public = b64decode(file_content(key, most=1000).strip(), validate=True)
    except ValueError:
        public = b""
    if len(public) != 32:
        raise Refused(f"Filen {key} innehåller ingen öppen nyckel (Ed25519, base64).", field="gallringsnyckel")
    return Outside(
        None if ledger is None else _ledger(header, ledger, public),
        None if checkpoints is None else _newest_checkpoint(checkpoints, public),
    )


def _ledger(header: "Header", file: Path, public: bytes) -> "Ledger":
    from store.foundation.purge_ledger import read_ledger
    from store.foundation.signed_lines import LineBroken
    from store.upkeep.restoring import ledger_of

    number = 0
    purged = []
    try:
        for one in read_ledger(_lines(file), public):
            purged.append(one)
            number += 1
    except LineBroken:
        raise _not_signed(f"Liggaren {file}, rad {number + 1}", "gallringar") from None
    return ledger_of(header.store, header.at, purged)


def _newest_checkpoint(file: Path, public: bytes) -> "Checkpoint":
    from store.foundation.checkpoint import read_checkpoint
    from store.foundation.signed_lines import LineBroken

    lines = _lines(file)
    if not lines:
        raise Refused(f"Filen {file} har ingen kontrollpunkt.", field="kontrollpunkter")
    try:
        return read_checkpoint(lines[-1], public)
    except LineBroken:
        raise _not_signed(f"Kontrollpunkterna {file}, rad {len(lines)}", "kontrollpunkter") from None


def _lines(file: Path) -> list[str]:
    return file_content(file).decode("utf-8", "replace").splitlines()


def _not_signed(where: str, field: str) -> Refused:
    return Refused(
        f"{where}: underskriften stämmer inte. Raden är ändrad, eller underskriven med en annan nyckel. Ingenting är "
        "återställt.",
        field=field,
    )


def _needs(header: "Header") -> list[str]:
    return [
        f"Säkerhetskopia av databasen {header.store}, gjord {minute(header.at)}: "
        f"{counted(header.total, 'rad', 'rader')}, version {header.revision}.",
        f"Nycklar som behövs: datanyckeln {header.data_key} och loggnyckeln {header.log_key}"
        + (", eller återställningsnyckeln på papper." if header.recovery else "."),
        "Inställningar som inte är med: inställningsfilen (var databasen ligger, hur aviseringar skickas) och dess "
        "lösenord.",
        "Kontrollpunkter som behövs: den nyaste raden i loggens fil med kontrollpunkter, att jämföra loggen med, och "
        f"den nyaste liggaren över gallringar efter {minute(header.at)}.",
    ]


def _restored(path: str, found: "Restored", *, has_ledger: bool) -> list[str]:
    from store.care.purges import counted as counted_purged

    until, again = minute(found.until), counted_purged(found.purged, found.unused)
    purged = (
        f"Liggaren över gallringar är komplett till {until}: {again} gallrades igen."
        if has_ledger
        else f"Ingen liggare över gallringar är angiven: det som har gallrats efter {until} är tillbaka."
    )
    log = (
        "Ingen kontrollpunkt är angiven: loggen är inte jämförd med någon."
        if found.missing is None
        else "Loggen stämmer med kontrollpunkten; "
        f"{counted(found.missing, 'rad', 'rader')} skrevs efter kopian och saknas."
    )
    ended = counted(found.ended, "inloggning är avslutad", "inloggningar är avslutade")
    held = counted(found.held, "avisering som väntade hålls", "aviseringar som väntade hålls")
    return [
        f"Databasen är återställd i {path} från säkerhetskopian av {minute(found.header.at)}: "
        f"{counted(found.header.total, 'rad', 'rader')}.",
        purged,
        log,
        f"{ended}. {held}: de kan ha gått sedan kopian gjordes, och skickas först med sob avisera --slapp.",
        f'Skriv store = "{path}" i inställningsfilen, där hur aviseringar skickas ska stå också, och kontrollera '
        "databasen med sob kontrollera.",
    ]


def _header_json(header: "Header") -> dict[str, object]:
    return {
        "store": header.store,
        "at": iso_local(header.at),
        "revision": header.revision,
        "rows": header.total,
        "data_key": header.data_key,
        "log_key": header.log_key,
        "paper": bool(header.recovery),
    }


def _restored_json(path: str, found: "Restored") -> dict[str, object]:
    return {
        "store": path,
        "at": iso_local(found.header.at),
        "rows": found.header.total,
        "purged": found.purged,
        "purged_residents": found.unused,
        "purged_until": iso_local(Instant(found.until)),
        "sessions": found.ended,
        "held": found.held,
        "log_missing": found.missing,
    }
