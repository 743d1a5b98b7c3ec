"""`sob logg`: the access log verified, shown and handed out (domain.md §8)."""

from pathlib import Path
from typing import Annotated

import typer

from sob_tui.commands.backups import operator_of
from sob_tui.commands.session import Session
from sob_tui.commands.words import counted
from sob_tui.printing import tell
from sob_tui.progress import bar
from store.foundation.errors import Refused

HELP = "Pröva, läs och lämna ut loggen."

VERIFY = """Räkna om loggens kedjor ur raderna och jämför dem med kontrollpunkterna. Den första rad som är ändrad,
borttagen, inskjuten eller flyttad namnges, och koden blir 3. Körs av driften."""

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
        else "Det finns ingen kontrollpunkt att jämföra med: sob dygn skriver dem."
    )
    return f"Loggen stämmer: {counted(rows, 'rad', 'rader')} i {counted(chains, 'kedja', 'kedjor')}. {compared}"


COMMANDS = {"verifiera": (verifiera, VERIFY)}
