"""How a CSV file is imported: a bar on a terminal, every fault and row left alone by its line (contract.md §2)."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sob_tui.commands.files import content
from sob_tui.commands.session import Session
from store.foundation.csv_file import MOST_BYTES, FaultyFile, Imported, LineFault, Progress

if TYPE_CHECKING:
    from store.foundation.work import Work


R = TypeVar("R")


def import_file(
    here: Session,
    file: Path,
    read: Callable[[bytes, Progress], Sequence[R]],
    carry_out: Callable[["Work", Sequence[R], Progress], Imported],
    what: str,
) -> None:
    """Import a file as the staff member, else as the operator; with any fault nothing is imported.

    Args:
        here: the command.
        file: where it is.
        read: returns the rows of the file's content, all of them checked.
        carry_out: the operation.
        what: how they are called.

    Raises:
        FaultyFile: after all faults have been printed.
    """
    store, actor = here.store, here.staff_or_operator
    try:
        with _bar("Importerar") as progress:
            with here.reading_for(carry_out, by=actor):
                rows = read(content(file, most=MOST_BYTES + 1), progress)
            with store.work(actor, is_long=True) as work:
                imported = carry_out(work, rows, progress)
    except FaultyFile as faulty:
        here.answer({"imported": 0, "faults": _json(faulty.faults), "skipped": []}, _lines(faulty.faults))
        raise
    answer = {"imported": imported.number, "faults": [], "skipped": _json(imported.skipped)}
    here.answer(answer, [*_lines(imported.skipped), f"{imported.number} {what} importerade."])


def _json(told: Sequence[LineFault]) -> list[dict[str, Any]]:
    return [{"line": one.line, "message": one.message} for one in told]


def _lines(told: Sequence[LineFault]) -> list[str]:
    return [f"Rad {one.line}: {one.message}" for one in told]


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
