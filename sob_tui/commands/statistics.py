"""`sob statistik`: a program's figures of whole months on the unit, on screen with bars or as CSV (domain.md §11)."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sob_tui.commands.session import Session
from sob_tui.printing import put, put_json
from store.foundation.clock import local_day
from store.foundation.errors import Refused
from store.foundation.files import write_new

if TYPE_CHECKING:
    from store.care.month_counting import Month
    from store.care.statistics import Line, Shown, Statistics

HELP = """Visa ett programs statistik på enheten, månad för månad. Månaderna räknas när de är slut, av sob dygn. Små tal
visas inte, och tal avrundas till fem; för invånaradministratören är de exakta på skärmen, aldrig i en fil."""
PER_MONTH = "manad"
HIDDEN_IN_FILE = ".."
BYTE_ORDER_MARK = "\ufeff"
_RUNS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def statistik(
    ctx: typer.Context,
    program: Annotated[str, typer.Option("--program", metavar="ID", help="Programmets id.")],
    fran: Annotated[
        str | None,
        typer.Option("--fran", metavar="MÅNAD", help="Första månaden, som 2026-01; annars tolv månader tillbaka."),
    ] = None,
    till: Annotated[
        str | None, typer.Option("--till", metavar="MÅNAD", help="Sista månaden; annars den senaste hela.")
    ] = None,
    per: Annotated[str, typer.Option("--per", metavar="PER", help="manad: hela månader är det enda.")] = PER_MONTH,
    csv_fil: Annotated[
        Path | None, typer.Option("--csv", metavar="FIL", help="Skriv en ny CSV-fil för Excel i stället.")
    ] = None,
) -> None:
    """Print the figures, or write them to a file that is not there yet."""
    from store.care.month_counting import Month
    from store.care.statistics import see_statistics

    here = Session(ctx)
    with here.reading_for(see_statistics):
        if per.strip().lower() != PER_MONTH:
            raise Refused(f"Statistiken visas per {PER_MONTH}.", field="per")
        last = Month.parse(till, "till") if till else Month.of(local_day(here.store.clock())).after(-1)
        first = Month.parse(fran, "fran") if fran else last.after(-11)
    is_published = csv_fil is not None or here.common.json
    with here.store.read(here.staff) as work:
        found = see_statistics(work, program, first, last, is_published=is_published)
    if csv_fil is not None:
        write_new(csv_fil, csv_of(found), mode=0o600)
        here.answer({"file": str(csv_fil), "months": len(found.months)}, [f"Statistiken är skriven till {csv_fil}."])
    elif here.common.json:
        put_json(_json(found))
    else:
        from store.care.statistics_words import lines_of

        put(f"{found.title}, hela månader")
        for line in lines_of(found):
            put(line)


def csv_of(found: "Statistics") -> bytes:
    """Return a file that opens right in a Swedish Excel: a line for each figure and month."""
    from store.care.statistics_words import title_of

    text = io.StringIO(newline="")
    table = csv.writer(text, delimiter=";", lineterminator="\r\n")
    table.writerow(("program", "månad", "uppgift", "gäller", "antal"))
    for month, line, shown in _each(found):
        number = HIDDEN_IN_FILE if shown.is_hidden else "" if shown.number is None else str(shown.number)
        table.writerow(map(_harmless, (found.program, str(month), title_of(line, whole=False), line.detail, number)))
    return f"{BYTE_ORDER_MARK}{text.getvalue()}".encode()


def _harmless(cell: str) -> str:
    """Return a cell that no table program takes for a formula: a unit writes its own reasons."""
    return f"'{cell}" if cell.startswith(_RUNS) else cell


def _each(found: "Statistics") -> "Iterator[tuple[Month, Line, Shown]]":
    for place, month in enumerate(found.months):
        for line in found.lines:
            yield month, line, line.months[place]


def _json(found: "Statistics") -> dict[str, Any]:
    return {
        "program": found.program,
        "title": found.title,
        "threshold": found.threshold,
        "figures": [
            {
                "month": str(month),
                "figure": line.figure.value,
                "detail": line.detail,
                "number": shown.number,
                "hidden": shown.is_hidden,
            }
            for month, line, shown in _each(found)
        ],
    }
