"""`sob tid`: minutes spent on a moment."""

from typing import Annotated

import typer

from sob_tui.commands.parameters import Moment
from sob_tui.commands.session import Session, moment_id
from sob_tui.printing import Table, put, put_json

HELP = "Visa hur många minuter som har gått åt till ett moment, vecka för vecka; eller rätta dina egna."


def tid(
    ctx: typer.Context,
    moment: Moment,
    ratta: Annotated[
        tuple[str, str] | None,
        typer.Option("--ratta", metavar="VECKA MINUTER", help="Dina egna minuter en vecka, som 2026-v48 15."),
    ] = None,
) -> None:
    """Print the time spent, or put the own time of a week right."""
    here = Session(ctx)
    if ratta is None:
        _put_time(here, moment_id(moment))
    else:
        _correct(here, moment, *ratta)


def _put_time(here: Session, moment: int) -> None:
    from store.views.time import view_time

    with here.store.read(here.staff) as work:
        weeks = view_time(work, moment)
    if here.common.json:
        put_json([vars(week) for week in weeks])
    elif weeks:
        table = Table("Vecka", "Minuter", "Dina", right=[1, 2])
        table.put([(week.week, str(week.minutes), str(week.own)) for week in weeks], heading=True)
    else:
        put("Ingen tid är noterad.")


def _correct(here: Session, moment: str, week: str, minutes: str) -> None:
    from store.care.time_spent import correct_time

    number = int(minutes) if minutes.isascii() and minutes.isdigit() and len(minutes) < 6 else -1  # which is refused
    with here.work() as work:
        correct_time(work, moment_id(moment), week, number)
    here.answer({"id": moment, "week": week, "minutes": number}, ["Tiden är rättad."])
