"""`sob uppgradera`: a real store of an older program's is brought up to date, after a backup beside it."""

from typing import TYPE_CHECKING

import typer

from sob_tui.commands.init_places import OperatorRole, RuntimeRole, fencing
from sob_tui.commands.keys import named_operator, own_file
from sob_tui.commands.session import Session
from sob_tui.keys.opening import open_configured_store
from sob_tui.keys.places import file_of
from sob_tui.options import UsageFault
from sob_tui.settings import configured_store
from store.foundation.errors import StoreOlder

if TYPE_CHECKING:
    from store.fenced_opening import Fencing

HELP = """Uppgradera en skarp databas från en äldre version av programmet, efter en kopia bredvid den. Ingen annan kan
använda databasen innan det är gjort. Körs av driften, en gång efter varje ny version."""


def uppgradera(ctx: typer.Context, roll: RuntimeRole = None, driftroll: OperatorRole = None) -> None:
    """Bring a real store up to date."""
    from store.foundation.schema import REVISIONS
    from store.upkeep.upgrading import note_upgrade

    here = Session(ctx)
    if file_of(address := configured_store(here.common.store)) is None:
        _upgrade_on_server(here, address, fencing(roll, driftroll))
        return
    path, now = own_file(here), REVISIONS[-1]
    before, copy = now, None
    try:
        open_configured_store(str(path)).close()
    except StoreOlder as older:
        before = older.revision
        store = open_configured_store(str(path), confirmed=here.common.ja, upgrade=True)
        ctx.call_on_close(store.close)
        with store.work(named_operator(here)) as work:
            note_upgrade(work, before, now)
        copy = max(path.parent.glob(f"{path.name}.fore-{before}*"), key=lambda one: one.stat().st_mtime)
    said = (
        f"Databasen är redan av version {now}. Ingenting är gjort."
        if copy is None
        else f"Databasen är uppgraderad från version {before} till {now}. Kopian från innan ligger i {copy}: ta bort "
        "den när du har sett att allt är som det ska, den är lika känslig som databasen."
    )
    here.answer({"before": before, "after": now, "copy": None if copy is None else str(copy)}, [said])


def _upgrade_on_server(here: Session, address: str, roles: "Fencing") -> None:
    """Bring a store on a server up to date by its owner's address, and raise the fence between its units anew."""
    from sob_tui.keys.opening import keys_of
    from store.fenced_opening import upgrade_fenced_store
    from store.foundation.schema import REVISIONS
    from store.upkeep.upgrading import note_upgrade

    if here.common.som is not None:
        raise UsageFault("Kommandot är driftens. Ta bort --som.", field="som")
    now = REVISIONS[-1]
    before = upgrade_fenced_store(
        address,
        keys_of(address),
        roles,
        named_operator(here),
        lambda work, found: note_upgrade(work, found, now),
        confirmed=here.common.ja,
    )
    said = f"var redan av version {now}" if before == now else f"är uppgraderad från version {before} till {now}"
    told = f"Databasen {said}. Stängslet mellan enheterna är uppsatt på nytt."
    here.answer({"before": before, "after": now, "copy": None}, [told])
