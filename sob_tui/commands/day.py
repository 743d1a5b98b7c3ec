"""`sob dygn`: the day's run."""

import typer

from sob_tui.commands.session import Session
from sob_tui.commands.words import counted
from sob_tui.printing import tell

HELP = """Kör dygnets regler: sätt de flaggor som tiden ger. Att köra igen ändrar inget.
Flaggorna gäller tystnad, formulär som saknas, obesvarade meddelanden, uppföljning, programmets längd och gallring."""


def dygn(ctx: typer.Context) -> None:
    """Raise what time has brought, and name the addresses that no notice reaches anybody by."""
    from store.care.addresses import unusable_addresses
    from store.care.day_run import run_day

    here = Session(ctx)
    actor = here.staff_or_operator
    report = run_day(here.store, actor)
    raised = counted(report.raised, "flagga är satt", "flaggor är satta")
    here.answer(vars(report), [f"Dygnet är kört för {report.day}: {raised}."])
    with here.store.read(actor) as work:
        found = unusable_addresses(work)
    for hsa_id in found.staff:
        tell(f"{hsa_id}: e-postadressen går inte att använda. Rätta den med sob personal importera.")
    for moment in found.moments:
        tell(f"Moment {moment}: mottagarens e-postadress går inte att använda. Rätta den med sob invanare ratta.")
