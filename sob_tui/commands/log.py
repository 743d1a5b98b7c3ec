"""`sob logg`: the access log verified, shown and handed out (domain.md §8)."""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sob_tui.commands.backups import operator_of
from sob_tui.commands.parameters import Personnummer, VisaSkyddade
from sob_tui.commands.session import Session
from sob_tui.commands.words import NOTHING, counted, minute
from sob_tui.printing import tell
from sob_tui.progress import bar
from store.foundation.clock import iso_local
from store.foundation.errors import Refused
from store.foundation.files import file_content, write_new

if TYPE_CHECKING:
    from store.views.access_log import Extract, ShownRow

HELP = "Pröva, läs och lämna ut loggen."

VERIFY = """Räkna om loggens kedjor ur raderna och jämför dem med kontrollpunkterna. Den första rad som är ändrad,
borttagen, inskjuten eller flyttad namnges, och koden blir 3. Körs av driften."""

SHOW = """Visa rader ur loggen, de äldsta först: enhetens för loggranskaren, alla för driften. Varför anges med --skal.
Det står i loggen, och likaså varje invånare som visas. Utan --fran visas trettio dagar."""
EXTRACT = """Gör ett loggutdrag till en invånare: från vilken enhet, när, i vilken roll och vad. Inga namn på andra står
i det. Med --bevis skriver driften en fil som visar att raderna står så i loggen."""
CHECK = """Kontrollera beviset till ett loggutdrag, utan databas. Stämmer det inte blir koden 3."""

EXPORT = """Skriv loggens rader för ett annat loggsystem: FHIR AuditEvent, en på varje rad, från en kontrollpunkt till
och med den nyaste. Utan --fran från början. Körs av driften."""

Checkpoints = Annotated[
    Path | None,
    typer.Option(
        "--kontrollpunkter", metavar="FIL", help="Filen med kontrollpunkter. Annars den som sob dygn skriver."
    ),
]
PublicKey = Annotated[
    Path | None,
    typer.Option(
        "--nyckel",
        metavar="FIL",
        help="Den öppna nyckel (Ed25519, base64) som de är underskrivna med. Annars driftens.",
    ),
]


def verifiera(ctx: typer.Context, kontrollpunkter: Checkpoints = None, nyckel: PublicKey = None) -> int:
    """Look all of the log through; 3 where something is wrong."""
    from sob_tui.checkpoints import outside
    from store.upkeep.log_verifying import may_verify_log, verify_log

    here = Session(ctx)
    actor = operator_of(here)
    with here.store.read(actor) as work:
        may_verify_log(work)
    known = outside(here.store, kontrollpunkter, nyckel)
    with bar("Prövar loggen") as progress, here.store.lend() as db:
        here.store.engine.be_patient(db)
        found = verify_log(db, here.store.keys, known.checkpoints, known.public, progress)
    if found.fault is not None:
        tell(found.fault)
    for note in found.notes:
        tell(note)
    answer = {
        "rows": found.rows,
        "chains": [{"chain": one.chain, "number": one.number, "mac": one.mac} for one in found.positions],
        "checkpoints": found.checkpoints,
        "fault": found.fault,
        "notes": list(found.notes),
    }
    here.answer(answer, [] if found.fault else [_right(found.rows, len(found.positions), found.checkpoints)])
    return Refused.exit_code if found.fault else 0


def _right(rows: int, chains: int, checkpoints: int) -> str:
    compared = (
        f"Den är jämförd med {counted(checkpoints, 'kontrollpunkt', 'kontrollpunkter')}."
        if checkpoints
        else "Det finns ingen kontrollpunkt att jämföra med: sob dygn skriver dem, för övningsmiljön med "
        "--kontrollpunkter FIL."
    )
    return f"Loggen stämmer: {counted(rows, 'rad', 'rader')} i {counted(chains, 'kedja', 'kedjor')}. {compared}"


def visa(
    ctx: typer.Context,
    skal: Annotated[str, typer.Option("--skal", metavar="TEXT", help="Varför loggen läses. Det står i loggen.")],
    fran: Annotated[str | None, typer.Option("--fran", metavar="DATUM", help="Den första dagen.")] = None,
    till: Annotated[str | None, typer.Option("--till", metavar="DATUM", help="Den sista dagen.")] = None,
    personal: Annotated[
        str | None, typer.Option("--personal", metavar="HSA-ID", help="Bara vad den personen har gjort.")
    ] = None,
    invanare: Annotated[
        str | None, typer.Option("--invanare", metavar="PERSONNUMMER", help="Bara det som gäller den invånaren.")
    ] = None,
    visa_skyddade: VisaSkyddade = False,
) -> None:
    """Show rows of the log."""
    from store.views.access_log import Wanted, show_log

    here = Session(ctx)
    wanted = Wanted(skal, _day(fran, "fran"), _day(till, "till"), personal, invanare, visa_skyddade)
    with here.store.read(here.staff_or_operator) as work:
        rows = show_log(work, wanted)
    here.answer([_json(row) for row in rows], [_said(row) for row in rows] or ["Loggen har inga sådana rader."])


def _day(text: str | None, field: str) -> date | None:
    """Return the day that was typed; raises `Refused`."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Refused("Ange datumet som ÅÅÅÅ-MM-DD, till exempel 2026-03-01.", field=field) from None


def _json(row: "ShownRow") -> dict[str, object]:
    return {
        "id": row.id,
        "at": iso_local(row.at),
        "unit": row.unit or None,
        "actor_hsa_id": row.actor_hsa_id,
        "actor_name": row.actor_name,
        "action": row.action,
        "operation": row.operation,
        "personnummer": row.personnummer,
        "moment": None if row.moment is None else str(row.moment),
        "category": row.category,
        "outcome": row.outcome,
        "reason": row.reason,
    }


def _said(row: "ShownRow") -> str:
    whose = "skyddade personuppgifter" if row.is_masked else row.personnummer or NOTHING
    came = row.outcome if not row.reason else f"{row.outcome} ({row.reason})"
    who = " ".join(filter(None, (row.actor_hsa_id, row.actor_name)))
    return (
        f"{minute(row.at)}  {row.unit or NOTHING}  {who}  {row.action} {row.category}  {whose}  {came}  {row.operation}"
    )


def utdrag(
    ctx: typer.Context,
    personnummer: Personnummer,
    pdf: Annotated[Path | None, typer.Option("--pdf", metavar="FIL", help="Skriv utdraget som PDF, en ny fil.")] = None,
    bevis: Annotated[
        Path | None, typer.Option("--bevis", metavar="FIL", help="Skriv ett bevis till utdraget, en ny fil. Driftens.")
    ] = None,
) -> None:
    """Make a loggutdrag."""
    from sob_tui.log_extract import extract_lines, extract_pdf
    from store.views.access_log import extract_log

    here = Session(ctx)
    actor = here.staff_or_operator
    with here.store.read(actor) as work:
        found, made_at = extract_log(work, personnummer), work.now
    written = []
    if bevis is not None:
        _write_proof(here, personnummer, bevis)
        written.append(bevis)
    if pdf is not None:
        write_new(pdf, extract_pdf(found, made_at), mode=0o600)
        written.append(pdf)
    lines = [f"{path} är skriven. Den innehåller uppgifter om invånaren." for path in written]
    here.answer(_extract_json(found, written), lines or list(extract_lines(found, made_at)))


def _write_proof(here: Session, personnummer: str, file: Path) -> None:
    """Write the proof of an extract, signed by the operator."""
    import json

    from sob_tui.keys.changing import identity_of
    from sob_tui.keys.signing_key import signing_key
    from store.upkeep.log_proof import prove_log

    actor = operator_of(here)
    key = signing_key(identity_of(here.store).uuid)
    with bar("Bevisar utdraget") as progress, here.store.read(actor) as work:
        proof = prove_log(work, personnummer, key, progress)
    write_new(file, json.dumps(proof, ensure_ascii=False, indent=1).encode(), mode=0o600)


def _extract_json(found: "Extract", written: list[Path]) -> dict[str, object]:
    rows = [
        {"at": iso_local(row.at), "unit": row.unit or None, "role": row.role, "what": row.what} for row in found.rows
    ]
    files = [str(path) for path in written]
    return {"personnummer": found.personnummer, "rows": rows, "unreadable": found.unreadable, "files": files}


def kontrollera_bevis(
    ctx: typer.Context,
    fil: Annotated[Path, typer.Argument(metavar="FIL", help="Beviset.")],
    nyckel: Annotated[
        Path | None,
        typer.Option("--nyckel", metavar="FIL", help="Vårdgivarens öppna nyckel. Annars den som står i beviset."),
    ] = None,
) -> None:
    """Check the proof of an extract, without a store."""
    from sob_tui.check_log_proof import check_proof
    from sob_tui.keys.signing_key import read_public

    here = Session(ctx)
    public = None if nyckel is None else read_public(nyckel, "nyckel")
    try:
        found = check_proof(file_content(fil).decode("utf-8", "replace"), public)
    except ValueError as error:
        raise Refused(str(error), field="fil") from None
    rows = found["rows"]
    compared = (
        ""
        if nyckel is not None
        else f" Underskriven med nyckeln {found['fingerprint'][:16]}: jämför med vårdgivarens fingeravtryck."
    )
    here.answer(found, [f"Beviset stämmer: {counted(len(rows), 'rad står', 'rader står')} så i loggen.{compared}"])


def exportera(
    ctx: typer.Context,
    fil: Annotated[Path, typer.Argument(metavar="FIL", help="En ny fil.")],
    fran: Annotated[
        str | None,
        typer.Option(
            "--fran", metavar="KONTROLLPUNKT", help="Kontrollpunkten som det börjar efter, med dess tidpunkt."
        ),
    ] = None,
    kontrollpunkter: Checkpoints = None,
    nyckel: PublicKey = None,
) -> None:
    """Write the log's rows between two checkpoints for another log system."""
    from sob_tui.checkpoints import outside
    from store.export.audit_events import between, export_log, lines_of
    from store.foundation.files import write_lines

    here = Session(ctx)
    actor = operator_of(here)
    rows = between(outside(here.store, kontrollpunkter, nyckel).checkpoints or (), fran)
    with bar("Lämnar ut loggen") as progress, here.store.read(actor) as work:
        export_log(work, rows, str(fil))
        number = write_lines(fil, lines_of(work, rows, progress))
    until = iso_local(rows.until.at)
    answer = {"file": str(fil), "rows": number, "from": fran, "to": until}
    here.answer(
        answer, [f"{counted(number, 'rad är skriven', 'rader är skrivna')} i {fil}. Nästa gång: --fran {until}"]
    )


COMMANDS = {
    "visa": (visa, SHOW),
    "verifiera": (verifiera, VERIFY),
    "utdrag": (utdrag, EXTRACT),
    "kontrollera-bevis": (kontrollera_bevis, CHECK),
    "exportera": (exportera, EXPORT),
}
