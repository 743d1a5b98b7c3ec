"""How a CSV file is imported: a bar on a terminal, and every fault by its line (contract.md §2)."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sob_tui.commands.files import content
from sob_tui.commands.session import Session
from store.foundation.csv_file import FaultyFile, Progress

if TYPE_CHECKING:
    from store.foundation.work import Work


def import_file(here: Session, file: Path, carry_out: Callable[["Work", bytes, Progress], int], what: str) -> None:
    """Import a file as the staff member, else as the operator; with any fault nothing is imported.

    Args:
        here: the command.
        file: where it is.
        carry_out: the operation; returns how many were imported.
        what: how they are called.

    Raises:
        FaultyFile: after all faults have been printed.
    """
    store, actor = here.store, here.staff_or_operator
    here.check_may(carry_out, by=actor)
    found = content(file)
    try:
        with _bar("Importerar") as progress, store.work(actor, is_long=True) as work:
            imported = carry_out(work, found, progress)
    except FaultyFile as faulty:
        faults = [{"line": fault.line, "message": fault.message} for fault in faulty.faults]
        lines = [f"Rad {fault.line}: {fault.message}" for fault in faulty.faults]
        here.answer({"imported": 0, "faults": faults}, lines)
        raise
    here.answer({"imported": imported, "faults": []}, [f"{imported} {what} importerade."])


@contextmanager
def _bar(what: str) -> Iterator[Progress]:
    """Show a bar on a terminal, nothing in a pipe."""
    if not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what)
        yield lambda done, total: bar.update(task, completed=done, total=total)
