"""`sob dygn`: the day's run."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from screens.crash import describe
from sob_tui.commands.session import Session
from sob_tui.commands.words import counted
from sob_tui.faults import FAULT, told_code
from sob_tui.printing import tell
from sob_tui.progress import bar
from store.foundation.errors import DomainError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from store.foundation.access import Actor
    from store.foundation.store import Store

HELP = """Kör dygnets regler: sätt de flaggor som tiden ger. Det går bra att köra flera gånger: inget ändras av det.
Flaggorna gäller tystnad, formulär som saknas, obesvarade meddelanden, uppföljning, programmets längd och gallring."""

COURSE_OVER = (
    "Kursen är slut: övningsmiljön är gjord om från början, och det som registrerats om deltagarna är raderat."
)


CheckpointFile = Annotated[
    Path | None,
    typer.Option(
        "--kontrollpunkter",
        metavar="FIL",
        help="Filen som loggens kontrollpunkt läggs till i. Annars driftens egen, utom i en övningsmiljö.",
    ),
]


def dygn(ctx: typer.Context, kontrollpunkter: CheckpointFile = None) -> int:
    """Raise what time has brought, and name moments that had to be left, and addresses that reach nobody."""
    from store.care.addresses import unusable_addresses
    from store.care.day_run import run_day
    from store.practice.opening import end_course

    here = Session(ctx)
    if here.store.is_practice and end_course(here.store):
        tell(COURSE_OVER)
    actor = here.staff_or_operator
    with bar("Kör dygnet") as progress:
        report = run_day(here.store, actor, progress)
    raised = counted(report.raised, "flagga är satt", "flaggor är satta")
    answer = {"day": report.day, "raised": report.raised, "left": [str(moment) for moment in report.left]}
    here.answer(answer, [f"Dygnets regler är körda för {report.day}: {raised}."])
    if here.common.som is None and not here.store.is_practice:
        _bring_up_ledger(here)
    if here.common.som is None and (kontrollpunkter is not None or not here.store.is_practice):
        _see_to_log(here.store, actor, kontrollpunkter)
    with here.store.read(actor) as work:
        found = unusable_addresses(work)
    for hsa_id in found.staff:
        tell(f"{hsa_id}: e-postadressen går inte att använda. Rätta den med sob personal importera.")
    for moment in found.moments:
        tell(f"Moment {moment}: mottagarens e-postadress går inte att använda. Rätta den med sob invanare ratta.")
    return _tell_left(report.left)


def _bring_up_ledger(here: Session) -> None:
    """Add to the ledger of purges what others have purged, who can't sign for the operator."""
    from sob_tui.purging import signer_for

    signer_for(here.store).bring_up(here.store)


def _see_to_log(store: "Store", actor: "Actor", file: Path | None) -> None:
    """Remove what has been kept long enough of the log, and sign how far it has come."""
    from sob_tui.keys.changing import identity_of
    from sob_tui.keys.signing_key import checkpoint_file, signing_key
    from store.upkeep.checkpoints import sign_checkpoint
    from store.upkeep.log_expiry import expire_log

    uuid = identity_of(store).uuid
    key, where = signing_key(uuid), file or checkpoint_file(uuid)
    with store.work(actor, is_long=True) as work:
        gone = expire_log(work, key, where)
    if gone:
        tell(
            f"Loggen: {counted(gone, 'rad', 'rader')} har sparats så länge som vårdgivaren har beslutat, och är borta."
        )
    with store.work(actor, is_long=True) as work:
        sign_checkpoint(work, key, where)


def _tell_left(left: "Mapping[int, Exception]") -> int:
    """Name the moments that had to be left, and why; returns the exit code. A fault that many share is kept once."""
    said: dict[str, str] = {}
    for moment, error in left.items():
        why = said.get(what := describe(error)) or (
            error.message if isinstance(error, DomainError) else told_code(error)
        )
        said[what] = why
        tell(f"Moment {moment}: dygnets regler kunde inte köras. {why}")
    return max((error.exit_code if isinstance(error, DomainError) else FAULT for error in left.values()), default=0)
