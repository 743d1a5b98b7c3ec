"""`sob dygn`: the day's run."""

import typer

from sob_tui.commands.session import Session
from sob_tui.commands.words import counted

HELP = """Kör dygnets regler: sätt de flaggor som tiden ger. Att köra igen ändrar inget.
Flaggorna gäller tystnad, formulär som saknas, obesvarade meddelanden, uppföljning, programmets längd och gallring."""


def dygn(ctx: typer.Context) -> None:
    """Raise what time has brought."""
    from store.care.day_run import run_day

    here = Session(ctx)
    report = run_day(here.store, here.staff_or_operator)
    raised = counted(report.raised, "flagga är satt", "flaggor är satta")
    here.answer(vars(report), [f"Dygnet är kört för {report.day}: {raised}."])
