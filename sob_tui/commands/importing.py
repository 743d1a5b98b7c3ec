"""How a CSV file is imported: a bar on a terminal, every fault and row left alone by its line (contract.md §2)."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from sob_tui.commands.files import content
from sob_tui.commands.session import Session
from sob_tui.faults import FAULT, told_code
from sob_tui.printing import tell
from sob_tui.progress import bar
from store.foundation.csv_file import MOST_BYTES, CsvRow, FaultyFile, LineFault
from store.foundation.progress import Progress

if TYPE_CHECKING:
    from store.care.file_import import Kind

R = TypeVar("R", bound=CsvRow)


def import_file(
    here: Session,
    file: Path,
    read: Callable[[bytes, Progress], Sequence[R]],
    kind: "Kind[R]",
) -> int:
    """Import a file as the staff member, else as the operator; with any fault nothing is imported.

    Returns the exit code: that of a fault of the program, where one kept a row from being written.

    Args:
        here: the command.
        file: where it is.
        read: returns the rows of the file's content, all of them checked.
        kind: what is in it.

    Raises:
        FaultyFile: after all faults have been printed.
    """
    from store.care.file_import import import_rows

    store, actor = here.store, here.staff_or_operator
    try:
        with bar("Importerar") as progress:
            with here.reading_for(kind.carry_out, by=actor):
                rows = read(content(file, most=MOST_BYTES + 1), progress)
            imported = import_rows(store, actor, kind, rows, progress)
    except FaultyFile as faulty:
        here.answer({"imported": 0, "faults": told_json(faulty.faults), "skipped": []}, told_lines(faulty.faults))
        raise
    answer = {"imported": imported.number, "faults": [], "skipped": told_json(imported.skipped)}
    here.answer(answer, [*told_lines(imported.skipped), f"{imported.number} {kind.what} importerade."])
    if imported.fault is None:
        return 0
    tell(told_code(imported.fault))
    return FAULT


def told_json(told: Sequence[LineFault]) -> list[dict[str, Any]]:
    """Return what is told of lines, for `--json`."""
    return [{"line": one.line, "message": one.message} for one in told]


def told_lines(told: Sequence[LineFault]) -> list[str]:
    """Return what is told of lines, a sentence each."""
    return [f"Rad {one.line}: {one.message}" for one in told]
