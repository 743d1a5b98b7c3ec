"""`sob ovning resultat`: how far the trainees of a course have come (domain.md §9)."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sob_tui.commands.session import Session
from sob_tui.commands.words import NOTHING
from sob_tui.printing import Table, put, put_json, tell

if TYPE_CHECKING:
    from store.practice.results import Result, Results

NONE_YET = "Ingen har börjat på någon övning än."
LEGEND = "✓ löst, › pågår, · lämnad; lösta steg av alla, och efter ! antalet felsteg."


def resultat(
    ctx: typer.Context,
    pdf: Annotated[
        Path | None, typer.Option("--pdf", metavar="FIL", help="Skriv en PDF i stället; filen får inte finnas.")
    ] = None,
) -> None:
    """Print the table of trainees and exercises, or write it as a PDF."""
    from store.practice.results import results_of

    here = Session(ctx)
    asked_by = None if here.common.som is None else here.trainer
    found = results_of(here.practice, asked_by)
    if pdf is not None:
        from sob_tui.results_pdf import results_pdf
        from store.foundation.files import write_new

        write_new(pdf, results_pdf(found, here.practice.machine_clock()))
        here.answer(
            {"file": str(pdf)}, [f"Resultaten är skrivna i {pdf}. De raderas inte med kursen: ta bort filen själv."]
        )
    elif here.common.json:
        put_json(_json(found))
    else:
        _put(found)


def _put(found: "Results") -> None:
    """Print the table, and what the columns' numbers stand for."""
    if found.is_empty:
        put(NONE_YET)
    else:
        table = Table("", *(str(number) for number, _ in enumerate(found.exercises, 1)))
        rows = [
            (f"{one.name} ({one.trainee})", *(_mark(one.results.get(exercise)) for exercise, _ in found.exercises))
            for one in found.trainees
        ]
        table.put(rows, heading=True)
        put()
        for number, (exercise, title) in enumerate(found.exercises, 1):
            put(f"{number}  {title} ({exercise})")
        put()
        put(LEGEND)
    if found.erased_on:
        tell(f"Allt raderas med kursen, senast {found.erased_on}.")


def _mark(result: "Result | None") -> str:
    return NOTHING if result is None else result.mark


def _json(found: "Results") -> dict[str, Any]:
    return {
        "erased_on": found.erased_on or None,
        "trainees": [
            {
                "trainee": one.trainee,
                "name": one.name,
                "round": one.round,
                "exercises": [
                    {
                        "exercise": result.exercise,
                        "title": result.title,
                        "state": result.state,
                        "done": result.done,
                        "steps": result.steps,
                        "wrong_turns": result.wrong_turns,
                        "seconds": result.seconds,
                        "keys": result.keys,
                    }
                    for result in one.results.values()
                ],
            }
            for one in found.trainees
        ],
    }


COMMANDS: dict[str, tuple[Callable[..., None], str]] = {
    "resultat": (
        resultat,
        "Visa hur långt deltagarna i en kurs har kommit, övning för övning, eller skriv det som PDF.",
    ),
}
