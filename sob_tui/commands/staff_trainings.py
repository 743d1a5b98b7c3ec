"""`sob personal utbildning`: a training that somebody has, recorded by hand or from a trainer's signed file."""

from pathlib import Path
from typing import Annotated

import typer

from sob_tui.commands.files import content
from sob_tui.commands.role_words import known_role
from sob_tui.commands.session import Session
from sob_tui.commands.words import listed
from sob_tui.options import UsageFault


def utbildning(
    ctx: typer.Context,
    hsa_id: Annotated[str | None, typer.Argument(metavar="HSA-ID", help="Personens HSA-id.")] = None,
    amne: Annotated[
        str | None,
        typer.Option("--amne", metavar="ROLL|PROGRAM", help="Rollen, eller programmets id, som utbildningen gällde."),
    ] = None,
    ta_bort: Annotated[bool, typer.Option("--ta-bort", help="Ta bort den registrerade utbildningen.")] = False,
    fil: Annotated[
        Path | None,
        typer.Option("--fil", metavar="FIL", help="En utbildning som en utbildare har skrivit under; - läser in den."),
    ] = None,
) -> None:
    """Record a training, by hand or from a trainer's signed file, or take the record away."""
    here = Session(ctx)
    if fil is not None:
        if hsa_id is not None or amne is not None or ta_bort:
            raise UsageFault("--fil anges ensamt: filen säger vem och vad. Se sob personal utbildning --help.")
        _record_signed(here, fil)
        return
    if hsa_id is None or amne is None:
        raise UsageFault("Ange HSA-ID och --amne, eller --fil. Se sob personal utbildning --help.")
    _record_by_hand(here, hsa_id, amne, done=not ta_bort)


def _record_signed(here: Session, file: Path) -> None:
    from store.people.signed_training import MOST_BYTES, read_signed_training, record_signed_training

    with here.reading_for(record_signed_training):
        given = content(file, most=MOST_BYTES + 1)
        read_signed_training(given)
    with here.work() as work:
        done = record_signed_training(work, given, confirmed=here.common.ja)
    answer = {"hsa_id": done.hsa_id, "trainings": list(done.subjects), "renew_on": done.renew_on or None}
    due = f" Den förnyas senast {done.renew_on}." if done.renew_on else ""
    here.answer(answer, [f"Utbildning i {listed(done.subjects, 'och')} är registrerad för {done.hsa_id}.{due}"])


def _record_by_hand(here: Session, hsa_id: str, amne: str, *, done: bool) -> None:
    from store.people.assignments import record_training
    from store.people.members import member_of

    subject = known_role(amne) or amne
    with here.work() as work:
        record_training(work, hsa_id, subject, done=done)
        hsa_id = member_of(work, hsa_id).hsa_id
    here.answer(
        {"hsa_id": hsa_id, "training": str(subject), "done": done},
        [f"Utbildning i {subject} är {'registrerad' if done else 'borttagen'} för {hsa_id}."],
    )
