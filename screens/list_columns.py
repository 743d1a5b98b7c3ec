"""The columns of *Mina*, *Alla* and *Avslutade* (guide), and the order in which they give way to a narrow screen."""

from collections.abc import Sequence
from datetime import date

from rich.cells import cell_len
from textual.content import Content

from screens.list_source import MomentRow
from screens.marks import PROTECTED, SEVERITY_CELLS, flag_lines
from screens.widgets.cells import Cell, Ink, clean, wrap
from screens.widgets.columns import GAP, Column
from screens.wording import HIDDEN_NUMBER, list_day
from store.foundation.clock import Instant
from store.foundation.identity import PersonalNumber
from store.views.lists import ListRow, Tab

NO_ACTIVITY = "Ingen aktivitet"
NARROW = 100
"""With less room than this whole names find no place beside all that the guide's list shows."""
_ALL_BUT_NAME = 68
"""The cells that everything else takes then, with its words whole; below 86 they give way first."""


def columns_for(
    tab: Tab, today: date, *, hide_numbers: bool, own: str = "", covers: bool = False, width: int = NARROW
) -> Sequence[Column[MomentRow]]:
    """Return a tab's columns. `Alla` and `Avslutade` also say whose moment it is.

    So does *Mina* for somebody who stands in for a colleague (`covers`), of the moments that are not one's `own`. In
    a narrow `width` they stand closer, and whose moment it is gives way first: 80 cells hold all others.
    """

    def number(shown: MomentRow) -> Cell:
        if hide_numbers or shown.row.is_protected:
            return Ink(HIDDEN_NUMBER, "muted")
        return PersonalNumber(shown.row.personnummer).display(today)

    narrow = width < NARROW
    gap = 1 if narrow else GAP
    name = Column[MomentRow](title="Namn", cell=_name, width=20, least=12, most=32, flex=3)
    active = Column[MomentRow](title="Senast aktiv", cell=_last_active, width=15, give=3)
    flags = Column[MomentRow](title="Flaggor", cell=_flags, width=14, least=12, most=60, flex=4, give=6)
    if narrow:
        name = Column(title="Namn", cell=_name, width=narrow_name(width), least=12, gap=gap)
        active = Column(title="Senast aktiv", cell=_last_active, width=15, least=12, give=3, gap=gap)
        flags = Column(title="Flaggor", cell=_severity, width=13, least=10, most=60, flex=4, give=6, gap=gap)
    start = 2 if narrow else 1
    return (
        name,
        Column(title="Personnummer", cell=number, width=13, gap=gap),
        Column(title="Momentstart", cell=_started, width=11, give=start, gap=gap),
        active,
        *_whose(tab, own, covers=covers, give=3 - start, gap=gap),
        flags,
        Column(title="Att göra", cell=_waiting, width=8 if narrow else 11, least=8, most=24, flex=1, give=4, gap=gap),
    )


def narrow_name(width: int) -> int:
    """Return how many cells a name has in a list of a narrow width: 18 in 80."""
    return min(32, max(18, width - _ALL_BUT_NAME))


def _whose(tab: Tab, own: str, *, covers: bool, give: int, gap: int) -> tuple[Column[MomentRow], ...]:
    """Return the column that says whose moment it is, where it need not be one's own."""

    def standing_in(shown: MomentRow) -> Cell:
        return _for(shown.row, own)

    if tab is Tab.MINE:
        columns = (Column(title="För", cell=standing_in, width=14, least=10, most=26, flex=2, gap=gap),)
        return columns if covers else ()
    return (Column(title="Behandlare", cell=_clinician, width=16, least=10, most=26, flex=1, give=give, gap=gap),)


def _clinician(shown: MomentRow) -> Cell:
    return shown.row.clinician_name


def _started(shown: MomentRow) -> Cell:
    return list_day(Instant(shown.row.started_at))


def _name(shown: MomentRow) -> Cell:
    return Ink(PROTECTED, "waiting") if shown.row.is_protected else shown.row.name


def _for(row: ListRow, own: str) -> Cell:
    """Return for whom one has a moment; nothing of one's own."""
    return "" if row.clinician == own else Ink(clean(row.clinician_name), "accent")


def _last_active(shown: MomentRow) -> Cell:
    at = shown.row.last_active_at
    return Ink(NO_ACTIVITY, "muted") if at is None else list_day(Instant(at))


def _severity(shown: MomentRow) -> Ink:
    """How urgent the worst open flag is."""
    return SEVERITY_CELLS[shown.row.severity_rank] if shown.row.open_flags else Ink("Inga", "muted")


def _flags(shown: MomentRow) -> Cell:
    """The worst open flag: how urgent, and why in as many words as there is room for."""
    severity = SEVERITY_CELLS[shown.row.severity_rank]
    flags = shown.row.flags
    return (severity, Ink(f": {flags[0].reason}")) if flags else severity


def cut_in(shown: MomentRow, list_width: int, width: int) -> list[Content]:
    """Return what a row has no room for, in whole: a long name in a narrow list, and why it has flags.

    Each flag takes a line or more of `width` cells, the most urgent first. Empty where nothing is cut.
    """
    row = shown.row
    is_cut = list_width < NARROW and not row.is_protected and cell_len(clean(row.name)) > narrow_name(list_width)
    name = [Content.styled(line, "bold") for line in wrap(row.name, width)] if is_cut else []
    return name + [line for flag in row.flags for line in flag_lines(flag.severity, flag.reason, width)]


def _waiting(shown: MomentRow) -> Cell:
    """Return the cell of *Att göra*: what waits in a moment, in marks and numbers."""
    row: ListRow = shown.row
    marks = (("⚑", row.open_flags), ("✉", row.unread_messages), ("▤", row.unread_forms), ("✎", row.drafts))
    return "  ".join(f"{mark} {number}" for mark, number in marks if number) or Ink("–", "muted")
