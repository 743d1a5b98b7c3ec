"""`sob flagga`: a moment's flags, as the tab *Flaggor och aktivitetsplaner* has them."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sob_tui.commands.history import offer_journal, offered_journal
from sob_tui.commands.parameters import Moment
from sob_tui.commands.session import Session, moment_id
from sob_tui.commands.words import day, flag, minute, taken_json
from sob_tui.printing import put, put_json
from store.foundation.clock import Instant, iso_local, local
from store.foundation.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterator

    from store.foundation.flag_kinds import Outcome, Severity
    from store.views.flags import FlagRow, FlagsPage

HELP = "Läs, sätt och hantera flaggor."


Flag = Annotated[str, typer.Argument(metavar="FLAGGA", help="Flaggans id, som sob flagga lista skriver det.")]


def lista(ctx: typer.Context, moment: Moment) -> None:
    """Print all flags; nobody has seen them by that."""
    from store.views.flags import view_flags

    here = Session(ctx)
    with here.store.read(here.staff) as work:
        page = view_flags(work, moment_id(moment))
    _put(here, page)


def las(ctx: typer.Context, moment: Moment) -> None:
    """Print all flags, and note that the one who asks has seen the priority ones."""
    from store.views.flags import open_flags

    here = Session(ctx)
    with here.work() as work:
        page = open_flags(work, moment_id(moment))
    _put(here, page)


def ny(
    ctx: typer.Context,
    moment: Moment,
    text: Annotated[str, typer.Option("--text", metavar="TEXT", help="Vad flaggan ska påminna om.")],
    datum: Annotated[
        str, typer.Option("--datum", metavar="DATUM", help="Dagen då den börjar vänta i Att göra; annars genast.")
    ] = "",
    allvar: Annotated[
        str, typer.Option("--allvar", metavar="prioriterad|varning|upplysning", help="Hur brådskande; annars varning.")
    ] = "varning",
) -> None:
    """Raise a flag by hand."""
    from store.care.flags import add_flag
    from store.views.journal import day_given

    here = Session(ctx)
    with here.reading_for(add_flag, moment_id(moment)):
        severity, due_on = _severity(allvar), day_given(datum, "datum")
    with here.work() as work:
        made = add_flag(work, moment_id(moment), text, severity=severity, due_on=due_on)
    here.answer({"id": str(made)}, [f"Flaggan är satt. Flagga {made}."])


def hantera(
    ctx: typer.Context,
    flagga: Flag,
    anteckning: Annotated[str, typer.Option("--anteckning", metavar="TEXT", help="Vad som har gjorts.")],
    utfall: Annotated[
        str | None,
        typer.Option(
            "--utfall",
            metavar="nadde|nadde-inte|plan|larmat",
            help="Hur det gick; för en prioriterad flagga annars nadde. nadde-inte är ett försök: flaggan väntar kvar.",
        ),
    ] = None,
    nasta: Annotated[
        str, typer.Option("--nasta", metavar="TID", help="Nästa försök: 14.30, eller 2026-11-22 14.30.")
    ] = "",
) -> None:
    """Close a flag with a note, or note an attempt that leaves it open."""
    from store.care.flags import flag_subject, handle_flag
    from store.care.typed_time import time_given

    here = Session(ctx)
    with here.reading_for(handle_flag, moment_id(flagga)):
        outcome = None if utfall is None else _outcome(utfall)
        next_attempt = time_given(nasta, here.store.clock())
    with here.work() as work:
        handle_flag(work, moment_id(flagga), anteckning, outcome=outcome, next_attempt=next_attempt)
        offered = offered_journal(work, flag_subject(work, moment_id(flagga)))
    is_open = outcome is not None and not outcome.closes
    here.answer(
        {"id": flagga},
        ["Försöket är registrerat. Flaggan väntar kvar." if is_open else "Flaggan är hanterad."],
    )
    offer_journal(offered)


def ta(ctx: typer.Context, flagga: Flag) -> None:
    """Say that one is on a flag."""
    from store.care.claims import take_flag

    here = Session(ctx)
    with here.work() as work:
        until = take_flag(work, moment_id(flagga), confirmed=here.common.ja)
    said = f"Du tar flaggan, till {local(Instant(until)):%H.%M}. Den väntar kvar tills den är hanterad."
    here.answer({"id": flagga, "taken_until": iso_local(Instant(until))}, [said])


def slapp(ctx: typer.Context, flagga: Flag) -> None:
    """Give up a flag that one is on."""
    from store.care.claims import release_flag

    here = Session(ctx)
    with here.work() as work:
        released = release_flag(work, moment_id(flagga))
    said = "Du har släppt flaggan. Den väntar kvar." if released else "Du hade inte tagit flaggan."
    here.answer({"id": flagga, "released": released}, [said])


COMMANDS = {
    "lista": (lista, "Visa ett moments flaggor, de ohanterade först."),
    "las": (las, "Visa ett moments flaggor, och notera att du har sett de prioriterade."),
    "ny": (ny, "Sätt en egen flagga."),
    "ta": (ta, "Säg att du tar en flagga. Den väntar kvar, och andra ser att du tar den."),
    "slapp": (slapp, "Släpp en flagga som du har tagit."),
    "hantera": (hantera, "Hantera en flagga, med en anteckning om vad som har gjorts."),
}


def _severity(word: str) -> "Severity":
    from store.foundation.flag_kinds import Severity

    try:
        return Severity(word)
    except ValueError:
        raise Refused(f"--allvar är {', '.join(Severity)}.", field="allvar") from None


def _outcome(word: str) -> "Outcome":
    from store.foundation.flag_kinds import Outcome

    try:
        return Outcome(word)
    except ValueError:
        raise Refused(f"--utfall är {', '.join(Outcome)}.", field="utfall") from None


def _put(here: Session, page: "FlagsPage") -> None:
    from store.views.flags import CAUTION

    if here.common.json:
        put_json([_json(one) for one in page.flags])
        return
    for one in page.flags:
        put(f"{flag(one.severity, one.reason)} (flagga {one.id})")
        for line in _lines(one):
            put(f"  {line}")
    if not page.open:
        put("Inga flaggor" if not page.flags else "Inga ohanterade flaggor")
    put()
    put(CAUTION)
    if page.instruction:
        put(f"Så gör enheten vid risk: {page.instruction}")


def _json(one: "FlagRow") -> dict[str, Any]:
    return {
        "id": str(one.id),
        "severity": one.severity.value,
        "reason": one.reason,
        "raised": iso_local(Instant(one.raised_at)),
        "handled": None if one.handled_at is None else iso_local(Instant(one.handled_at)),
        "note": one.note or None,
        **taken_json(one.taken),
        "outcome": one.outcome,
        "next_attempt": iso_local(None if one.next_attempt_at is None else Instant(one.next_attempt_at)),
        "attempts": [
            {"at": iso_local(Instant(tried.at)), "by": tried.made_by, "note": tried.note} for tried in one.attempts
        ],
    }


def _lines(one: "FlagRow") -> "Iterator[str]":
    by = f" av {one.raised_by}" if one.raised_by else ""
    yield f"Satt {day(one.raised_at)}{by}" + (f", gäller från {one.due_on}" if one.due_on else "")
    if one.seen:
        yield "Sedd av " + ", ".join(f"{name} {day(at)}" for name, at in one.seen)
    if one.taken is not None:
        yield f"{one.taken.said}, till {local(Instant(one.taken.until)):%H.%M}"
    for tried in one.attempts:
        again = f" Nästa försök {minute(tried.next_at)}." if tried.next_at else ""
        yield f"Nådde inte {minute(tried.at)}, {tried.made_by}.{again}"
        yield from (f"  {line}" for line in tried.note.split("\n"))
    if one.handled_at is not None:
        by = f"{one.handled_by or 'systemet'}{f', {one.outcome.words}' if one.outcome else ''}"
        yield f"{'Hanterad' if one.handled_by else 'Stängd'} {day(one.handled_at)} av {by}"
        for line in one.note.split("\n"):
            yield f"  {line}"
