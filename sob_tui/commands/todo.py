"""`sob att-gora`: the queue, and setting a matter of it aside."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sob_tui.commands.session import Session
from sob_tui.commands.words import NOTHING, counted, minute, taken_json
from sob_tui.options import UsageFault
from sob_tui.printing import Table, put, put_json
from store.foundation.clock import Instant, days_between, iso_local
from store.foundation.identity import MASKED_NAME

if TYPE_CHECKING:
    from store.views.matters import Matter

HELP = "Visa allt som väntar på dig, det mest brådskande först; eller skjut upp ett av ärendena."


def att_gora(
    ctx: typer.Context,
    for_: Annotated[
        str | None, typer.Option("--for", metavar="HSA-ID", help="En annan behandlares, för invånaradministratören.")
    ] = None,
    skjut_upp: Annotated[
        str | None, typer.Option("--skjut-upp", metavar="ÄRENDE", help="Skjut upp ärendet, med --till och --skal.")
    ] = None,
    till: Annotated[str | None, typer.Option("--till", metavar="DATUM", help="Dagen då det kommer tillbaka.")] = None,
    skal: Annotated[str | None, typer.Option("--skal", metavar="TEXT", help="Varför det skjuts upp.")] = None,
) -> None:
    """Print the queue, or set a matter aside."""
    here = Session(ctx)
    if [skjut_upp, till, skal].count(None) in (1, 2):
        raise UsageFault("Ange --skjut-upp, --till och --skal tillsammans. Se sob att-gora --help.")
    if skjut_upp is not None:
        _set_aside(here, skjut_upp, till or "", skal or "", for_)
    else:
        _put_queue(here, for_)


def _set_aside(here: Session, matter: str, until: str, reason: str, of: str | None) -> None:
    from store.views.journal import day_given
    from store.views.todo import set_matter_aside

    with here.reading_for(set_matter_aside):
        day = day_given(until, "till")
    with here.work() as work:
        set_matter_aside(work, matter, day or work.today, reason, of)
    here.answer(
        {"matter": matter, "until": str(day)}, [f"Ärendet kommer tillbaka {day}, eller när något nytt har hänt."]
    )


def _put_queue(here: Session, of: str | None) -> None:
    from store.views.todo import open_todo

    with here.store.read(here.staff) as work:
        queue = open_todo(work, of)
    if here.common.json:
        put_json([_json(matter) for matter in queue])
        return
    if not queue:
        put("Inget väntar.")
        return
    now = here.store.clock()
    table = Table("Ärende", "Moment", "Namn", "Slag", "Vad som väntar", "Ålder", right=[1])
    table.put([_cells(matter, now) for matter in queue], heading=True)


def _json(matter: "Matter") -> dict[str, Any]:
    return {
        "matter": matter.id,
        "moment": None if matter.duty else str(matter.moment),
        "name": None if matter.protected or matter.duty else matter.name,
        "kind": matter.kind,
        "severity": matter.severity.value if matter.severity else None,
        "reason": matter.reason,
        "since": iso_local(Instant(matter.since)),
        "source": matter.source,
        "stands_in_for": matter.stands_in_for or None,
        **taken_json(matter.taken),
    }


def _cells(matter: "Matter", now: Instant) -> list[str]:
    moment = NOTHING if matter.duty else str(matter.moment)
    severity = f"{matter.severity.mark} {matter.severity}" if matter.severity else NOTHING
    name = MASKED_NAME if matter.protected else matter.name or NOTHING
    return [matter.id, moment, name, severity, _what(matter, now), _age(matter, now)]


def _what(matter: "Matter", now: Instant) -> str:
    """Return the reason, with for whom it is, who is on it and when the resident is tried again."""
    said = [f"för {matter.stands_in_for}"] if matter.stands_in_for else []
    said += [matter.taken.said] if matter.taken else []
    if matter.attempts:
        again = minute(matter.next_attempt_at) if matter.next_attempt_at else "inte bestämt"
        is_due = matter.next_attempt_at is not None and matter.next_attempt_at <= now
        what = "dags att försöka igen sedan" if is_due else "nästa"
        said.append(f"{counted(matter.attempts, 'försök', 'försök')}, {what} {again}")
    return " · ".join([*said, matter.reason])


def _age(matter: "Matter", now: Instant) -> str:
    """Return how long it has waited, in working days where somebody waits for an answer."""
    if matter.working_days:
        return counted(matter.working_days, "arbetsdag", "arbetsdagar")
    days = days_between(Instant(matter.since), now)
    if matter.duty and days < 0:
        return f"om {counted(-days, 'dag', 'dagar')}"
    return counted(days, "dag", "dagar") if days else "i dag"
