"""`sob lista`: the lists, read and printed page by page."""

from collections.abc import Iterator
from datetime import date
from typing import Annotated, Any

import typer

from sob_tui.commands.masking import Shown, shown
from sob_tui.commands.parameters import VisaSkyddade
from sob_tui.commands.session import Session
from sob_tui.commands.words import STATUS_WORDS, active, flags, to_do
from sob_tui.printing import Table, put, put_json
from store.foundation.access import Role
from store.foundation.clock import Instant, iso_local, local_day
from store.foundation.errors import Refused
from store.views.lists import ENDED, STATUSES, Heading, ListRow, Order, Tab, list_page, open_list

HELP = "Lista dina moment, eller enhetens med --alla."
PAGE = 500

Page = list[tuple[ListRow, Shown]]


def lista(
    ctx: typer.Context,
    alla: Annotated[bool, typer.Option("--alla", help="Enhetens moment, som fliken Alla visar dem.")] = False,
    status: Annotated[
        str | None,
        typer.Option("--status", metavar="STATUS", help=f"En av {', '.join(STATUSES)}. Annars alla utom avslutade."),
    ] = None,
    visa_skyddade: VisaSkyddade = False,
) -> None:
    """Print a list. No row is printed before its log row is in the store."""
    here = Session(ctx)
    tab = _tab(alla, status)
    if status not in (None, *STATUSES):
        with here.reading_for(open_list):
            raise Refused(f"Status kan vara {', '.join(STATUSES)}.", field="status")
    with here.store.read(here.staff) as work:
        headings = [heading for heading in open_list(work, tab) if status in (None, heading.status)]
    if here.common.json:
        pages = (page for heading in headings for page in _pages(here, tab, heading, reveal=visa_skyddade))
        put_json([row_json(row, who) for page in pages for row, who in page])
        return
    if headings and alla and Role.RESIDENT_ADMIN not in here.staff.roles:
        put("Prioriterade flaggor på enheten")
        put()
    program = None
    for heading in headings:
        if heading.program != program:
            put(heading.title)
        program = heading.program
        _put_rows(here, tab, heading, reveal=visa_skyddade)
    if not headings:
        put("Inga moment. Starta ett med sob moment starta PERSONNUMMER --program ID.")


def row_json(row: Any, who: Shown) -> dict[str, Any]:
    """Return what contract.md §2 says of a moment, from a list's row or its page with the same names."""
    return {
        "id": str(row.id),
        "personnummer": who.personnummer,
        "name": who.name,
        "protected": who.is_protected,
        "program": row.program,
        "program_title": row.program_title,
        "status": row.status,
        "started": iso_local(row.started_at),
        "last_active": iso_local(row.last_active_at),
        "clinician": row.clinician,
        "unread_forms": row.unread_forms,
        "unread_messages": row.unread_messages,
        "open_flags": [flag._asdict() for flag in row.flags],
        "purge_by": row.purge_by,
    }


def _tab(alla: bool, status: str | None) -> Tab:
    if status == ENDED:
        return Tab.ENDED if alla else Tab.MY_ENDED
    return Tab.ALL if alla else Tab.MINE


def _pages(here: Session, tab: Tab, heading: Heading, *, reveal: bool) -> Iterator[Page]:
    """Yield the rows under a heading, a transaction for each page so that a slow reader holds nothing."""
    after = None
    while True:
        with here.store.read(here.staff) as work:
            rows = list_page(work, tab, heading.program, heading.status, after=after, limit=PAGE)
            page = [(row, shown(work, row, reveal=reveal)) for row in rows]
        yield page
        if len(rows) < PAGE:
            return
        after = rows[-1].key(Order.STANDARD)


def _put_rows(here: Session, tab: Tab, heading: Heading, *, reveal: bool) -> None:
    put(f"{STATUS_WORDS[heading.status]} ({heading.number} st)")
    today = local_day(here.store.clock())
    is_mine = tab in (Tab.MINE, Tab.MY_ENDED) and not here.staff.covers
    table = Table(*_TITLES, *([] if is_mine else ["Behandlare"]), right=[0])
    for nth, page in enumerate(_pages(here, tab, heading, reveal=reveal)):
        cells = [_cells(row, who, today) + ([] if is_mine else [row.clinician_name]) for row, who in page]
        table.put(cells, heading=nth == 0, indent="  ")
    put()


_TITLES = ("Moment", "Namn", "Personnummer", "Momentstart", "Senast aktiv", "Flaggor", "Att göra")


def _cells(row: ListRow, who: Shown, today: date) -> list[str]:
    return [
        str(row.id),
        who.name_text,
        who.number_text(today),
        local_day(Instant(row.started_at)).isoformat(),
        active(row.last_active_at),
        flags(row.flags),
        to_do(row.unread_messages, row.unread_forms, row.drafts),
    ]
