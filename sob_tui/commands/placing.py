"""How a CSV file of a unit's staff is placed on the unit: every fault by its line, all or nothing (contract.md §2)."""

from pathlib import Path

from sob_tui.commands.files import content
from sob_tui.commands.importing import told_json, told_lines
from sob_tui.commands.session import Session
from sob_tui.commands.words import counted
from store.foundation.csv_file import MOST_BYTES, FaultyFile, LineFault


def place_file(here: Session, file: Path) -> None:
    """Import the persons of a file and place them on the unit, by its behörighetsadministratör.

    Raises:
        FaultyFile: after all faults have been printed.
        NeedsConfirmation: roles without their training.
    """
    from store.people.staff_placing import PLACED, place_staff, read_placed

    try:
        with here.reading_for(place_staff):
            rows = read_placed(content(file, most=MOST_BYTES + 1))
        with here.store.work(here.staff) as work:
            left = place_staff(work, rows, confirmed=here.common.ja)
    except FaultyFile as faulty:
        here.answer({"imported": 0, "faults": told_json(faulty.faults), "skipped": []}, told_lines(faulty.faults))
        raise
    skipped = [LineFault(line, PLACED) for line in left]
    answer = {"imported": len(rows), "faults": [], "skipped": told_json(skipped)}
    here.answer(answer, [*told_lines(skipped), f"{counted(len(rows), 'person', 'personer')} har placerats på enheten."])
