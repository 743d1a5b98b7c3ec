"""`sob ovning kurs` and `aterstall`: trainees, each on a unit of their own (domain.md §9)."""

import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from sob_tui.commands.role_words import role_of
from sob_tui.commands.session import Session
from sob_tui.printing import Table, put, put_json
from sob_tui.progress import bar
from sob_tui.settings import own_exercises
from store.foundation.access import Role
from store.foundation.errors import Refused

if TYPE_CHECKING:
    from store.people.seats import Seat
    from store.practice.exercises.exercise import Exercise


def kurs(
    ctx: typer.Context,
    antal: Annotated[
        str | None, typer.Argument(metavar="N", help="Antalet deltagare. Utan det visas kursen som den är.")
    ] = None,
    roller: Annotated[
        str,
        typer.Option("--roller", metavar="LISTA", help="Rollerna som varje deltagare har, med kommatecken emellan."),
    ] = Role.CLINICIAN.value,
) -> None:
    """Give trainees a unit each, or tell who they are."""
    from store.practice.course_end import erased_on, told_to_trainees
    from store.practice.courses import MOST_TRAINEES, begin_course, seats_of

    here = Session(ctx)
    if antal is not None:
        if not re.fullmatch("[0-9]{1,3}", antal):
            raise Refused(f"Ange antalet deltagare med siffror, från 1 till {MOST_TRAINEES}.", field="antal")
        roles = tuple(dict.fromkeys(_role_on_unit(word) for word in roller.split(",")))
        with bar("Gör deltagarnas enheter") as progress:
            begin_course(here.practice, int(antal), roles, exercises=_own_exercises(), progress=progress)
    found = seats_of(here.practice)
    with here.practice.lend() as db:
        day = erased_on(db)
    if here.common.json:
        put_json({"trainees": [_json(one) for one in found], "erased_on": day and day.isoformat()})
        return
    if day is None:
        put("Det finns ingen kurs. Gör en med antalet deltagare: sob ovning kurs 10.")
        return
    table = Table("HSA-id", "Enhet", "HSA-id för enheten")
    table.put([(one.hsa_id, one.unit_name, one.unit_hsa_id) for one in found], heading=True)
    put(told_to_trainees(day))


def aterstall(
    ctx: typer.Context,
    hsa_id: Annotated[str, typer.Argument(metavar="HSA-ID", help="Deltagarens HSA-id, som sob ovning kurs visar.")],
) -> None:
    """Give a trainee a new unit; the old one stays."""
    from store.practice.courses import begin_anew

    here = Session(ctx)
    seat = begin_anew(here.practice, hsa_id, exercises=_own_exercises())
    here.answer(_json(seat), [f"{seat.hsa_id} börjar om på {seat.unit_name}. Den förra enheten finns kvar."])


def _own_exercises() -> tuple["Exercise", ...]:
    from store.practice.exercises.reading import all_exercises

    return all_exercises(own_exercises()).own


def _role_on_unit(word: str) -> Role:
    role = role_of(word, field="roller")
    if role in (Role.PROVIDER_ADMIN, Role.TRAINER):
        raise Refused(f"En deltagare kan inte ha rollen {role}.", field="roller")
    return role


def _json(seat: "Seat") -> dict[str, object]:
    return {
        "number": seat.number,
        "round": seat.round,
        "hsa_id": seat.hsa_id,
        "unit_hsa_id": seat.unit_hsa_id,
        "unit_name": seat.unit_name,
    }


COMMANDS: dict[str, tuple[Callable[..., None], str]] = {
    "kurs": (
        kurs,
        "Ge deltagarna i en kurs var sin enhet i övningsmiljön, med egna invånare, eller visa vilka de är.",
    ),
    "aterstall": (
        aterstall,
        "Låt en deltagare börja om på en ny enhet. Den förra finns kvar att gå igenom.",
    ),
}
