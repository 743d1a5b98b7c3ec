"""`sob sakerhetskopiera`, and what tries whether backups and the store are as they should be (domain.md §13).

`sob aterstall` stands in `sob_tui.commands.restoring`.
"""

import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import Annotated, Any

import typer

from sob_tui.commands.session import Session
from sob_tui.commands.words import counted, minute
from sob_tui.options import UsageFault
from sob_tui.printing import tell
from sob_tui.progress import bar
from store.foundation.clock import Instant, iso_local
from store.foundation.errors import Refused

BACK_UP = """Skriv en säkerhetskopia av databasen till en ny fil, medan andra arbetar. Den är förseglad med en egen
nyckel, som databasens nycklar och återställningsnyckeln öppnar, och läses igenom innan den får sitt namn. Körs av
driften."""

DRILL = """Pröva att återställa databasen, i en mapp som tas bort efteråt: en säkerhetskopia görs, eller den som anges
används, och det som återställs kontrolleras. Provet antecknas med dagen. Körs av driften."""
CHECK = """Kontrollera databasen medan andra arbetar: att den är hel, att räkningen stämmer, att någon är
behörighetsadministratör på varje enhet, och att loggen går att läsa och stämmer. Varje fel får en
mening, och koden blir 3."""


def sakerhetskopiera(
    ctx: typer.Context, fil: Annotated[Path, typer.Argument(metavar="FIL", help="En ny fil, helst på en annan disk.")]
) -> None:
    """Write a backup of the store."""
    from store.upkeep.backing_up import back_up_store

    here = Session(ctx)
    actor = operator_of(here)
    with ended_tidily():
        header = back_up_store(here.store, fil, actor, bar)
    size = fil.stat().st_size
    here.answer(
        {"file": str(fil), "at": iso_local(header.at), "rows": header.total, "bytes": size},
        [
            f"Säkerhetskopian {fil} är skriven och genomläst: {counted(header.total, 'rad', 'rader')}, "
            f"{_size(size)}. Förvara den på en annan disk än databasen, och nycklarna på en tredje."
        ],
    )


def _size(number: int) -> str:
    """Return a file's size in words: a small store's is no `0.0 MB`."""
    return f"{number / 1_000_000:.1f} MB" if number >= 1_000_000 else f"{-(-number // 1000)} kB"


def aterstallningsprov(
    ctx: typer.Context,
    fil: Annotated[
        Path | None, typer.Argument(metavar="FIL", help="Säkerhetskopian. Annars görs en för provet, som tas bort.")
    ] = None,
    mapp: Annotated[
        Path | None, typer.Option("--mapp", metavar="MAPP", help="Där provet görs. Annars databasens egen mapp.")
    ] = None,
) -> int:
    """Try to restore the store, and tell of what came of it; 3 where something is wrong with that."""
    from sob_tui.keys.places import file_of
    from store.upkeep.drill import try_restore

    here = Session(ctx)
    actor = operator_of(here)
    path = file_of(here.store.engine.url)
    folder = mapp or (Path(tempfile.gettempdir()) if path is None else path.parent)
    with ended_tidily():
        drilled = try_restore(here.store, fil, folder, actor, bar)
    for fault in drilled.faults:
        tell(fault)
    made, rows = drilled.header.at, counted(drilled.header.total, "rad", "rader")
    outcome = (
        "men något är fel med databasen. Inget prov är antecknat."
        if drilled.faults
        else "och databasen är hel. Provet är antecknat i loggen, och det som återställdes är borttaget."
    )
    here.answer(
        {"at": iso_local(made), "rows": drilled.header.total, "faults": list(drilled.faults)},
        [f"Säkerhetskopian av {minute(made)} gick att återställa ({rows}), {outcome}"],
    )
    return Refused.exit_code if drilled.faults else 0


def kontrollera(ctx: typer.Context) -> int:
    """Look the store through; 3 where something is wrong."""
    from sob_tui.checkpoints import outside
    from store.upkeep.checking import check_store, may_check

    here = Session(ctx)
    actor = operator_of(here)
    with here.store.read(actor) as work:
        may_check(work)
    known = outside(here.store)
    with bar("Kontrollerar") as progress:
        checked = check_store(here.store, progress, known.checkpoints, known.public)
    for fault in checked.faults:
        tell(fault)
    answer = {
        "faults": list(checked.faults),
        "backup": iso_local(checked.backup_at),
        "drill": iso_local(checked.drill_at),
    }
    lines = [] if checked.faults else ["Databasen är hel, och räkningen, behörigheterna och loggen stämmer."]
    if not here.store.is_practice:
        lines += [
            _latest("säkerhetskopia", checked.backup_at, "Gör en med sob sakerhetskopiera FIL"),
            _latest("återställningsprov", checked.drill_at, "Gör ett med sob aterstallningsprov"),
        ]
    here.answer(answer, lines)
    return Refused.exit_code if checked.faults else 0


def _latest(what: str, at: Instant | None, otherwise: str) -> str:
    return f"Senaste {what}: aldrig. {otherwise}." if at is None else f"Senaste {what}: {minute(at)}."


def operator_of(here: Session) -> Any:
    """Return the operator of the configured store.

    Raises:
        UsageFault: a person is named.
        NoOperator: the system's user is not the operator.
    """
    if here.common.som is not None:
        raise UsageFault("Kommandot är driftens. Ta bort --som.", field="som")
    return here.staff_or_operator


@contextmanager
def ended_tidily() -> Iterator[None]:
    """Let what is half written be removed where a signal ends the program, as Ctrl-C does."""

    def end(_number: int, _frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, end)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
