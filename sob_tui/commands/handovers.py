"""`sob moment overlamna` and what answers it: a moment goes to another unit (domain.md §3.5)."""

from typing import TYPE_CHECKING, Annotated, Any

import typer

from sob_tui.commands.masking import Shown
from sob_tui.commands.parameters import Moment, VisaSkyddade
from sob_tui.commands.session import Session, moment_id
from sob_tui.printing import Table, put, put_json
from store.foundation.clock import Instant, iso_local, local

if TYPE_CHECKING:
    from store.foundation.read_transaction import ReadTransaction
    from store.views.handovers import OfferedMoment


def overlamna(
    ctx: typer.Context,
    moment: Moment,
    till: Annotated[str, typer.Option("--till", metavar="ENHET", help="Den andra enhetens HSA-id.")],
    anteckning: Annotated[
        str, typer.Option("--anteckning", metavar="TEXT", help="Vad den andra enheten behöver veta.")
    ],
    beratta: Annotated[
        bool, typer.Option("--beratta", help="Berätta för invånaren när momentet har tagits emot.")
    ] = False,
) -> None:
    """Offer a moment to another unit."""
    from store.care.handovers import offer_handover

    here = Session(ctx)
    with here.work() as work:
        offer_handover(work, moment_id(moment), till, anteckning, tell_resident=beratta, confirmed=here.common.ja)
    here.answer({"id": moment, "offered_to": till}, [f"Momentet är erbjudet till {till}."])


def ta_emot(
    ctx: typer.Context,
    moment: Moment,
    behandlare: Annotated[
        str, typer.Option("--behandlare", metavar="HSA-ID", help="Den som blir ansvarig behandlare.")
    ],
) -> None:
    """Take a moment over."""
    from store.care.handovers import accept_handover

    here = Session(ctx)
    with here.work() as work:
        accept_handover(work, moment_id(moment), behandlare, confirmed=here.common.ja)
    here.answer(
        {"id": moment, "clinician": behandlare}, [f"Momentet är mottaget. Ansvarig behandlare är {behandlare}."]
    )


def avvisa(
    ctx: typer.Context,
    moment: Moment,
    orsak: Annotated[str, typer.Option("--orsak", metavar="TEXT", help="Varför enheten inte tar emot momentet.")],
) -> None:
    """Decline an offer."""
    from store.care.handovers import decline_handover

    here = Session(ctx)
    with here.work() as work:
        decline_handover(work, moment_id(moment), orsak)
    here.answer({"id": moment, "declined": True}, ["Överlämningen är avvisad. Momentet är kvar på den andra enheten."])


def dra_tillbaka(ctx: typer.Context, moment: Moment) -> None:
    """Take an offer back."""
    from store.care.handovers import withdraw_handover

    here = Session(ctx)
    with here.work() as work:
        withdraw_handover(work, moment_id(moment))
    here.answer({"id": moment, "offered_to": None}, ["Erbjudandet är återkallat. Momentet är kvar på enheten."])


def overlamningar(ctx: typer.Context, visa_skyddade: VisaSkyddade = False) -> None:
    """Print what is offered to the unit and by it."""
    from store.views.handovers import open_handovers

    here = Session(ctx)
    with here.store.read(here.staff) as work:
        found = [(one, _shown(work, one, reveal=visa_skyddade)) for one in open_handovers(work)]
    if here.common.json:
        put_json([_json(one, who) for one, who in found])
        return
    if not found:
        put("Inga överlämningar väntar.")
    for one, who in found:
        _put(one, who)


COMMANDS = {
    "overlamna": (
        overlamna,
        "Erbjud ett moment till en annan enhet. Inget meddelande kan skickas så länge det väntar.",
    ),
    "ta-emot": (ta_emot, "Ta emot ett moment som en annan enhet erbjuder, och välj ansvarig behandlare."),
    "avvisa": (avvisa, "Avvisa ett moment som en annan enhet erbjuder."),
    "dra-tillbaka": (dra_tillbaka, "Dra tillbaka en erbjuden överlämning."),
    "overlamningar": (overlamningar, "Lista överlämningar som väntar på svar, till enheten och från den."),
}


def _shown(work: "ReadTransaction", one: "OfferedMoment", *, reveal: bool) -> Shown:
    """Return the resident; a protected one only where it was asked for, which is logged."""
    from store.views.handovers import reveal_offered
    from store.views.moment import reveal_protected

    if not one.protected:
        return Shown(one.personnummer, one.name, is_protected=False)
    if not reveal:
        return Shown(None, None, is_protected=True)
    return Shown(*(reveal_offered if one.is_to_us else reveal_protected)(work, one.moment), is_protected=True)


def _json(one: "OfferedMoment", who: Shown) -> dict[str, Any]:
    return {
        "moment": str(one.moment),
        "personnummer": who.personnummer,
        "name": who.name,
        "protected": one.protected,
        "program": one.program,
        "program_title": one.program_title,
        "from": one.from_unit_hsa_id,
        "to": one.to_unit_hsa_id,
        "to_us": one.is_to_us,
        "note": one.note,
        "offered": iso_local(Instant(one.offered_at)),
        "offered_by": one.offered_by,
        "priority_flags": one.priority_flags,
        "priority_since": None if one.priority_since is None else iso_local(Instant(one.priority_since)),
    }


def _put(one: "OfferedMoment", who: Shown) -> None:
    way = f"från {one.from_unit}" if one.is_to_us else f"till {one.to_unit}"
    put(f"Moment {one.moment} · {who.name_text} · {one.program_title} · {way}")
    rows = [
        ("  Erbjudet", f"{local(Instant(one.offered_at)):%Y-%m-%d %H:%M} av {one.offered_by}"),
        ("  Ohanterade prioriterade flaggor", str(one.priority_flags)),
    ]
    Table("", "").put(rows, heading=False)
    for line in one.note.split("\n"):
        put(f"    {line}")
