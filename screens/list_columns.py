"""The columns of *Mina*, *Alla* and *Avslutade* (guide), and the order in which they give way to a narrow screen."""

from collections.abc import Container, Mapping, Sequence
from datetime import date

from textual.content import Content

from screens.list_source import MomentRow
from screens.marks import PROTECTED, SEVERITY_CELLS
from screens.widgets.cells import Cell, Ink, clean
from screens.widgets.columns import Column
from screens.widgets.painted import TONES
from screens.wording import HIDDEN_NUMBER, list_day
from store.foundation.clock import Instant
from store.foundation.identity import PersonalNumber
from store.views.lists import ListRow, Tab
from store.views.open_flags import OpenFlag

NO_ACTIVITY = "Ingen aktivitet"


def columns_for(
    tab: Tab,
    today: date,
    *,
    hide_numbers: bool,
    own: str = "",
    covers: bool = False,
    marked: Container[int] | None = None,
    done: Mapping[int, Ink] | None = None,
) -> Sequence[Column[MomentRow]]:
    """Return a tab's columns. `Alla` and `Avslutade` also say whose moment it is.

    So does *Mina* for somebody who stands in for a colleague (`covers`), of the moments that are not one's `own`. Which
    moments are `marked`, and what was `done` with them, has a column where there is any.
    """

    def number(shown: MomentRow) -> Cell:
        if hide_numbers or shown.row.is_protected:
            return Ink(HIDDEN_NUMBER, "muted")
        return PersonalNumber(shown.row.personnummer).display(today)

    clinician = Column[MomentRow](
        title="Behandlare", cell=lambda shown: shown.row.clinician_name, width=16, least=10, most=26, flex=1, give=2
    )
    standing_in = Column[MomentRow](
        title="För", cell=lambda shown: _for(shown.row, own), width=14, least=10, most=26, flex=2
    )
    whose = ((standing_in,) if covers else ()) if tab is Tab.MINE else (clinician,)
    mark = Column[MomentRow](
        title="", cell=lambda shown: Ink("[x]", "accent") if marked and shown.id in marked else "", width=3
    )
    outcome = Column[MomentRow](title="Gjort", cell=lambda shown: (done or {}).get(shown.id, ""), width=11)
    return (
        *((mark,) if marked else ()),
        *((outcome,) if done else ()),
        Column(title="Namn", cell=_name, width=20, least=12, most=32, flex=3),
        Column(title="Personnummer", cell=number, width=13),
        Column(title="Momentstart", cell=lambda shown: list_day(Instant(shown.row.started_at)), width=11, give=1),
        Column(title="Senast aktiv", cell=_last_active, width=15, give=3),
        *whose,
        Column(title="Flaggor", cell=_flags, width=14, least=12, most=60, flex=4, give=6),
        Column(title="Att göra", cell=_waiting, width=11, least=8, most=24, flex=1, give=4),
    )


def _name(shown: MomentRow) -> Cell:
    return Ink(PROTECTED, "waiting") if shown.row.is_protected else shown.row.name


def _for(row: ListRow, own: str) -> Cell:
    """Return for whom one has a moment; nothing of one's own."""
    return "" if row.clinician == own else Ink(clean(row.clinician_name), "accent")


def _last_active(shown: MomentRow) -> Cell:
    at = shown.row.last_active_at
    return Ink(NO_ACTIVITY, "muted") if at is None else list_day(Instant(at))


def _flags(shown: MomentRow) -> Cell:
    """The worst open flag: how urgent, and why in as many words as there is room for."""
    severity = SEVERITY_CELLS[shown.row.severity_rank]
    flags = shown.row.flags
    return (severity, Ink(f": {flags[0].reason}")) if flags else severity


def reasons_of(shown: MomentRow) -> Content:
    """Return why a row has flags, in whole: a line or more for each, the most urgent first."""
    return Content("\n").join(_reason(flag) for flag in shown.row.flags)


def _reason(flag: OpenFlag) -> Content:
    mark = SEVERITY_CELLS[flag.severity.rank]
    return Content.assemble((mark.text, TONES[mark.tone]), ": ", clean(flag.reason))


def _waiting(shown: MomentRow) -> Cell:
    """Return the cell of *Att göra*: what waits in a moment, in marks and numbers."""
    row: ListRow = shown.row
    marks = (("⚑", row.open_flags), ("✉", row.unread_messages), ("▤", row.unread_forms), ("✎", row.drafts))
    return "  ".join(f"{mark} {number}" for mark, number in marks if number) or Ink("–", "muted")
