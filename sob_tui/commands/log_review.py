"""`sob logguppfoljning`: a sample of the unit's log is drawn, judged and signed (domain.md §8)."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sob_tui.commands.session import Session, moment_id
from sob_tui.commands.words import NOTHING, counted, minute
from sob_tui.options import UsageFault
from sob_tui.printing import Table, put, put_json
from store.foundation.clock import Instant, iso_local, local_day
from store.foundation.errors import Refused
from store.foundation.text import shortened

if TYPE_CHECKING:
    from store.care.log_draw import DrawKind
    from store.care.log_review_rows import ReviewLine, ReviewRow

HELP = "Logguppföljning: dra ett stickprov ur enhetens logg, bedöm raderna och signera."


def dra(
    ctx: typer.Context,
    period: Annotated[
        str | None, typer.Option("--period", metavar="ÅÅÅÅ-MM", help="Månaden som granskas, annars den förra.")
    ] = None,
    slag: Annotated[
        str, typer.Option("--slag", metavar="SLAG", help="antal, dag eller procent; eller riktad, vid misstanke.")
    ] = "antal",
    fro: Annotated[
        str | None, typer.Option("--fro", metavar="TEXT", help="Vad som dras med, annars slumpvis; samma drar samma.")
    ] = None,
    personal: Annotated[
        str | None, typer.Option("--personal", metavar="N", help="Hur många i personalen, annars 2.")
    ] = None,
    invanare: Annotated[
        str | None, typer.Option("--invanare", metavar="N", help="Hur många invånare, annars 2.")
    ] = None,
    procent: Annotated[
        str | None, typer.Option("--procent", metavar="N", help="Hur många procent av personalen, annars 10.")
    ] = None,
    person: Annotated[
        str | None,
        typer.Option("--person", metavar="VEM", help="Vem en riktad kontroll gäller: HSA-id eller personnummer."),
    ] = None,
    skal: Annotated[
        str | None, typer.Option("--skal", metavar="TEXT", help="Vad misstanken gäller, vid en riktad kontroll.")
    ] = None,
) -> None:
    """Draw, and keep what was drawn as a review."""
    from store.care.log_draw import PERCENT, RESIDENTS, STAFF, Period
    from store.care.log_drawing import DrawChoice, draw_from_log
    from store.care.log_reviews import begin_review

    here = Session(ctx)
    with here.reading_for(draw_from_log):
        kind = _kind(slag)
        choice = DrawChoice(
            Period.before(local_day(here.store.clock())) if period is None else Period.parse(period),
            kind,
            _seed(kind, fro),
            _number(personal, STAFF),
            _number(invanare, RESIDENTS),
            _number(procent, PERCENT),
            person or "",
            skal or "",
        )
    with here.store.read(here.staff) as reading:
        draw = draw_from_log(reading, choice)
    with here.work() as work:
        review = begin_review(work, draw)
    here.answer(
        {"review": review, "seed": choice.seed, "drawn": draw.drawn, "rows": len(draw.rows), "listed": draw.listed},
        [
            f"Granskning {review} av {choice.period}: {counted(len(draw.rows), 'rad', 'rader')} att bedöma.",
            *([] if person else [f"Draget ({draw.asked}) med fröet {choice.seed}."]),
            f"Se raderna med sob logguppfoljning lista {review}.",
        ],
    )


def lista(
    ctx: typer.Context,
    granskning: Annotated[
        str | None, typer.Argument(metavar="GRANSKNING", help="Vilken; annars enhetens alla granskningar.")
    ] = None,
) -> None:
    """Print the unit's reviews, or the rows of one."""
    here = Session(ctx)
    if granskning is None:
        _put_reviews(here)
    else:
        _put_rows(here, granskning)


def bedom(
    ctx: typer.Context,
    rad: Annotated[list[str], typer.Argument(metavar="RAD", help="Raderna, som 3.12 i granskning 3.")],
    utan: Annotated[bool, typer.Option("--utan", help="Utan anmärkning.")] = False,
    med: Annotated[bool, typer.Option("--med", help="Med anmärkning; då behövs en kommentar.")] = False,
    kommentar: Annotated[str | None, typer.Option("--kommentar", metavar="TEXT", help="Vad som anmärks.")] = None,
) -> None:
    """Judge rows of a review."""
    from store.care.log_reviews import VERDICTS, WITH, WITHOUT, judge_rows

    if utan == med:
        raise UsageFault("Ange antingen --utan eller --med.")
    here = Session(ctx)
    verdict = WITHOUT if utan else WITH
    with here.reading_for(judge_rows):
        named = [_row_id(one) for one in rad]
        if len({review for review, _ in named}) > 1:
            raise Refused("Raderna hör till flera granskningar. Bedöm en granskning i taget.", field="rad")
    with here.work() as work:
        judge_rows(work, named[0][0], [number for _, number in named], verdict, kommentar or "")
    here.answer(
        {"rows": rad, "verdict": verdict},
        [f"{counted(len(named), 'rad är bedömd', 'rader är bedömda')} {VERDICTS[verdict]}."],
    )


def signera(
    ctx: typer.Context,
    granskning: Annotated[str, typer.Argument(metavar="GRANSKNING", help="Vilken granskning.")],
    rapport: Annotated[
        Path | None,
        typer.Option(
            "--rapport", metavar="FIL", help="Skriv rapporten i en ny fil; en som slutar på .pdf blir en PDF."
        ),
    ] = None,
) -> None:
    """Sign a review where it is not signed yet, and write its report."""
    from store.care.log_reviews import log_reviews, sign_review

    here = Session(ctx)
    review = moment_id(granskning)
    with here.reading_for(sign_review):
        if rapport is not None and rapport.exists():
            raise Refused(f"Det finns redan en fil {rapport}. Välj ett annat namn.", field="rapport")
    with here.store.read(here.staff) as work:
        is_signed = any(one.id == review and one.signed_at is not None for one in log_reviews(work))
    if not (is_signed and rapport is not None):
        with here.work() as work:
            sign_review(work, review, confirmed=here.common.ja)
    said = [] if is_signed else [f"Granskning {granskning} är signerad."]
    if rapport is not None:
        _write_report(here, review, rapport)
        said.append(f"Rapporten är skriven i {rapport}.")
    here.answer({"review": review, "signed": True, "file": str(rapport) if rapport else None}, said)


COMMANDS = {
    "dra": (dra, "Dra ett stickprov ur en månads logg, eller gör en riktad kontroll."),
    "lista": (lista, "Visa enhetens granskningar, eller raderna i en av dem."),
    "bedom": (bedom, "Bedöm rader i en granskning: utan eller med anmärkning."),
    "signera": (signera, "Signera en granskning när alla rader är bedömda, och skriv rapporten."),
}


def _write_report(here: Session, review: int, path: Path) -> None:
    from store.care.log_report_file import write_report
    from store.care.log_reviews import print_review

    with here.store.read(here.staff) as work:
        found = print_review(work, review)
    write_report(path, found, f"{here.staff.unit_name} ({here.staff.unit_hsa_id})", here.store.machine_clock())


def _seed(kind: "DrawKind", typed: str | None) -> str:
    """Return what is drawn with: what was typed, else something that nobody could choose."""
    from store.care.log_draw import DrawKind

    if kind is DrawKind.TARGETED:
        return ""
    return os.urandom(8).hex() if typed is None else typed


def _kind(word: str) -> "DrawKind":
    from store.care.log_draw import DrawKind

    try:
        return DrawKind(word.strip().lower())
    except ValueError:
        raise Refused(f"Slag kan vara {', '.join(DrawKind)}.", field="slag") from None


def _number(text: str | None, usual: int) -> int:
    from store.people.unit_settings import typed_number

    return usual if text is None else typed_number(text)


def _row_id(text: str) -> tuple[int, int]:
    """Return the review's and the row's number of what is typed as `3.12`."""
    review, dot, number = text.partition(".")
    if not (dot and review.isascii() and review.isdigit() and number.isascii() and number.isdigit()):
        raise Refused(
            f"{shortened(text)} är ingen rad. Skriv granskningens och radens nummer så här: 3.12.", field="rad"
        )
    return moment_id(review), moment_id(number)


def _put_reviews(here: Session) -> None:
    from store.care.log_reviews import log_reviews

    with here.store.read(here.staff) as work:
        found = log_reviews(work)
    if here.common.json:
        put_json([_review_json(one) for one in found])
        return
    if not found:
        put("Inga granskningar än. Dra ett stickprov med sob logguppfoljning dra.")
        return
    table = Table("Granskning", "Period", "Slag", "Rader", "Kvar", "Anm.", "Frö", "Signerad", right=[0, 3, 4, 5])
    table.put([_review_cells(one) for one in found], heading=True)


def _review_cells(one: "ReviewLine") -> list[str]:
    signed = NOTHING if one.signed_at is None else f"{minute(one.signed_at)} av {one.signed_by}"
    numbers = [str(number) for number in (one.rows, one.left, one.remarks)]
    return [str(one.id), one.period, str(one.kind), *numbers, one.seed or NOTHING, signed]


def _put_rows(here: Session, granskning: str) -> None:
    from store.care.log_reviews import open_review

    review = moment_id(granskning)
    with here.store.read(here.staff) as work:
        found = open_review(work, review)
    if here.common.json:
        put_json(
            {
                **_review_json(found.line),
                "reason": found.reason or None,
                "review_rows": [_row_json(review, one) for one in found.rows],
            }
        )
        return
    table = Table("Rad", "Dag", "Vem", "Som", "Vad", "Invånare", "Därför", "Bedömning")
    table.put([_row_cells(review, one) for one in found.rows], heading=True)
    for row in found.rows:
        for line in row.details:
            put(f"{review}.{row.number}  {line}")


def _row_cells(review: int, row: "ReviewRow") -> list[str]:
    from store.care.log_reviews import VERDICTS

    verdict = VERDICTS.get(row.verdict, "din egen rad" if row.is_own else NOTHING)
    who = f"{row.actor_name} ({row.actor_hsa_id})"
    acted = ", ".join(filter(None, (row.acted_as, row.grounds))) or NOTHING
    return [
        f"{review}.{row.number}",
        row.day,
        who,
        acted,
        row.what,
        f"{row.resident} {row.number_of}".strip(),
        ", ".join(row.why),
        verdict,
    ]


def _review_json(one: "ReviewLine") -> dict[str, Any]:
    return {
        "review": one.id,
        "period": one.period,
        "kind": one.kind.value,
        "seed": one.seed,
        "asked": one.asked,
        "drawn": one.drawn.split(),
        "listed": one.listed,
        "rows": one.rows,
        "left": one.left,
        "remarks": one.remarks,
        "drawn_at": iso_local(Instant(one.drawn_at)),
        "drawn_by": one.drawn_by,
        "signed_at": None if one.signed_at is None else iso_local(Instant(one.signed_at)),
        "signed_by": one.signed_by or None,
    }


def _row_json(review: int, row: "ReviewRow") -> dict[str, Any]:
    return {
        "row": f"{review}.{row.number}",
        "day": row.day,
        "actor_hsa_id": row.actor_hsa_id,
        "actor_name": row.actor_name,
        "acted_as": row.acted_as,
        "grounds": row.grounds,
        "what": row.what,
        "times": row.times,
        "resident": row.resident,
        "personnummer": row.number_of or None,
        "refused": row.refused,
        "why": row.why,
        "verdict": row.verdict or None,
        "comment": row.comment or None,
        "judged_by": row.judged_by or None,
        "own": row.is_own,
        "details": row.details,
    }
