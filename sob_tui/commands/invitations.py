"""`sob inbjud`: an invitation to an account in a real store (domain.md §13)."""

from typing import Annotated

import typer

from sob_tui.commands.session import Session
from sob_tui.options import UsageFault
from store.foundation.errors import Refused

HELP = """Bjud in en person att skapa sitt konto: en kod som gäller en gång, i sju dagar. Görs av enhetens
behörighetsadministratör, och för en vårdgivaradministratör av driften."""
NO_ACCOUNTS = "Övningsmiljön har inga konton. Där räcker --som HSA-ID."


def inbjud(
    ctx: typer.Context,
    hsa_id: Annotated[str, typer.Argument(metavar="HSA-ID", help="Personens HSA-id.")],
    nollstall: Annotated[
        bool,
        typer.Option("--nollstall", help="Nollställ kontot: lösenfras och koder glöms, och personen bjuds in på nytt."),
    ] = False,
    beslut: Annotated[
        str | None,
        typer.Option("--beslut", metavar="TEXT", help="Vem som har beslutat att nollställa, och varför."),
    ] = None,
) -> None:
    """Print a one-time invitation."""
    from store.people.invitations import DAYS, invite, reset_account

    if nollstall and beslut is None:
        raise UsageFault("Flaggan --beslut saknas. Se sob inbjud --help.", field="beslut")
    if beslut is not None and not nollstall:
        raise UsageFault("--beslut hör till --nollstall.", field="beslut")
    here = Session(ctx)
    if here.store.is_practice:
        raise Refused(NO_ACCOUNTS)
    with here.store.work(here.staff_or_operator) as work:
        code = invite(work, hsa_id) if beslut is None else reset_account(work, hsa_id, beslut)
    lines = [
        f"Inbjudan: {code}",
        f"Den gäller en gång, i {DAYS} dagar. Lämna den till personen själv, inte i samma brev som HSA-id:t. "
        "Personen skapar sitt konto i appen, eller med sob logga in --som HSA-ID --inbjudan KOD.",
    ]
    here.answer({"invitation": code}, lines)
