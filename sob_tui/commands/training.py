"""`sob ovning utbildarnyckel` and `intyg`: a trainer signs what somebody has passed (domain.md §9)."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from sob_tui.commands.role_words import known_role
from sob_tui.commands.session import Session
from sob_tui.settings import own_exercises
from store.foundation.clock import local_day, wall_clock
from store.foundation.errors import Refused


def utbildarnyckel(
    ctx: typer.Context,
    fil: Annotated[Path, typer.Argument(metavar="FIL", help="Var nyckeln ska ligga; filen får inte finnas.")],
) -> None:
    """Make a trainer's key; needs no store."""
    from store.people.trainer_key import make_trainer_key

    fingerprint = make_trainer_key(fil)
    Session(ctx).answer(
        {"file": str(fil), "fingerprint": fingerprint},
        [
            f"Nyckeln ligger i {fil}. Bara du kan läsa den: låt den aldrig lämna dig, och lägg den inte i en databas.",
            f"Fingeravtryck: {fingerprint}",
            "Enheten registrerar fingeravtrycket med sob enhet andra --utbildarnyckel.",
        ],
    )


def intyg(
    ctx: typer.Context,
    hsa_id: Annotated[str, typer.Argument(metavar="HSA-ID", help="Deltagarens HSA-id, som på enheten.")],
    deltagare: Annotated[
        str, typer.Option("--deltagare", metavar="HSA-ID", help="Vem det är i kursen, som sob ovning kurs visar.")
    ],
    amne: Annotated[
        list[str],
        typer.Option("--amne", metavar="ROLL|PROGRAM", help="Vad utbildningen gällde. Kan anges flera gånger."),
    ],
    nyckel: Annotated[Path, typer.Option("--nyckel", metavar="FIL", help="Din nyckel, från utbildarnyckel.")],
    till: Annotated[Path, typer.Option("--till", metavar="FIL", help="Filen som skrivs; den får inte finnas.")],
    manader: Annotated[
        str, typer.Option("--manader", metavar="N", help="Efter hur många månader den ska förnyas; 0 för aldrig.")
    ] = "0",
    kurs: Annotated[str, typer.Option("--kurs", metavar="TEXT", help="Kursens namn.")] = "",
    ovningar: Annotated[
        str,
        typer.Option(
            "--ovningar",
            metavar="LISTA",
            help="Övningarna som ska vara lösta, med kommatecken; annars de som hör till.",
        ),
    ] = "",
) -> None:
    """Sign that a trainee of the practice store has passed, once the set of exercises is solved."""
    from store.foundation.files import write_new
    from store.people.signed_training import MOST_MONTHS, Passed, sign_training
    from store.practice.exercises.reading import all_exercises
    from store.practice.passing import require_passed

    if not (manader.isascii() and manader.isdigit() and len(manader) <= len(str(MOST_MONTHS))):
        raise Refused(f"Ange månaderna som ett heltal från 0 till {MOST_MONTHS}.", field="manader")
    subjects = tuple(str(known_role(word) or word) for word in amne)
    here = Session(ctx)
    named = tuple(filter(None, (name.strip() for name in ovningar.split(","))))
    shelf = all_exercises(own_exercises())
    solved = require_passed(here.practice, deltagare, subjects, (*shelf.shipped, *shelf.own), named)
    passed = Passed(hsa_id, subjects, kurs, local_day(wall_clock()), int(manader))
    write_new(till, sign_training(passed, nyckel))
    here.answer(
        {
            "file": str(till),
            "hsa_id": hsa_id,
            "trainings": list(subjects),
            "exercises": [one.id for one in solved],
            "renew_on": str(passed.renew_on or "") or None,
        },
        [f"{till} är underskriven. Enheten läser in den med sob personal utbildning --fil {till}."],
    )


COMMANDS: dict[str, tuple[Callable[..., None], str]] = {
    "utbildarnyckel": (
        utbildarnyckel,
        "Gör en utbildares nyckel i en fil som bara du kan läsa, och skriv ut fingeravtrycket.",
    ),
    "intyg": (
        intyg,
        "Skriv under att en deltagare har löst övningarna, i en fil som enheten läser in.",
    ),
}
