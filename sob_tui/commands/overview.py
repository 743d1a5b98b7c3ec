"""`sob oversikt`: what waits at each of the unit's clinicians."""

from typing import TYPE_CHECKING, Any

import typer

from sob_tui.commands.session import Session
from sob_tui.commands.words import NOTHING, day
from sob_tui.printing import Table, put, put_json
from store.foundation.clock import Instant, iso_local

if TYPE_CHECKING:
    from store.views.unit_overview import ClinicianLine

HELP = "Visa vad som väntar hos enhetens behandlare, för invånaradministratören."


def oversikt(ctx: typer.Context) -> None:
    """Print a line for each clinician."""
    from store.views.unit_overview import open_overview

    here = Session(ctx)
    with here.store.read(here.staff) as work:
        lines = open_overview(work)
    if here.common.json:
        put_json([_json(line) for line in lines])
        return
    if not lines:
        put("Enheten har inga behandlare.")
        return
    titles = ("HSA-id", "Behandlare", "Moment", "Väntar", "Prioriterade", "Äldsta", "Minuter i veckan")
    Table(*titles, right=[2, 3, 4, 6]).put([_cells(line) for line in lines], heading=True)


def _json(line: "ClinicianLine") -> dict[str, Any]:
    return {
        "clinician": line.hsa_id,
        "name": line.name,
        "active": line.is_active,
        "moments": line.moments,
        "waiting": line.waiting,
        "priority_flags": line.priority_flags,
        "oldest": iso_local(Instant(line.oldest.since)) if line.oldest else None,
        "minutes": line.minutes,
        "stands_in_for": list(line.stands_in_for),
        "substitute": line.substitute or None,
        "lost_substitute": line.has_lost_substitute,
    }


def _cells(line: "ClinicianLine") -> list[str]:
    name = line.name if line.is_active else f"{line.name} (inte aktiv)"
    name += f" (för {', '.join(line.stands_in_for)})" if line.stands_in_for else ""
    name += f" (ersätts av {line.substitute})" if line.substitute else ""
    name += " (ersätts inte längre)" if line.has_lost_substitute else ""
    numbers = (line.moments, line.waiting, line.priority_flags)
    oldest = day(line.oldest.since) if line.oldest else NOTHING
    return [line.hsa_id, name, *map(str, numbers), oldest, str(line.minutes)]
