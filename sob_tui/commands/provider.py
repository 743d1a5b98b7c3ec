"""`sob vardgivare`: what a care provider decides for its units, and what there is below it (domain.md §7)."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sob_tui.commands.session import Session
from sob_tui.commands.words import NOTHING, counted
from sob_tui.printing import put, put_json, put_pairs

if TYPE_CHECKING:
    from store.people.provider_settings import Day, ProviderSettings
    from store.views.provider import Provided, ProviderUnit, UnitsAdmin, UnitsProgram

HELP = "Vårdgivarens inställningar, enheter och program."

Provider = Annotated[
    str | None,
    typer.Option("--vardgivare", metavar="HSA-ID", help="Vilken vårdgivare, när driften har flera."),
]
Contact = Annotated[
    str | None, typer.Option("--kontakt", metavar="TEXT", help="Vem vårdgivaren vänder sig till på enheten, och hur.")
]


def visa(ctx: typer.Context, vardgivare: Provider = None) -> None:
    """Print what is decided, the units with their administrators, and what runs where."""
    from store.people.provider_settings import provider_settings
    from store.views.provider import provided

    here = Session(ctx)
    with here.store.read(here.above_or_operator) as work:
        settings, below = provider_settings(work, vardgivare), provided(work, vardgivare)
    if here.common.json:
        put_json(_json(settings, below))
    else:
        _put(settings, below)


def andra(
    ctx: typer.Context,
    gallringsbeslut: Annotated[
        str | None, typer.Option("--gallringsbeslut", metavar="TEXT", help="Vad beslutet säger; tom tar bort.")
    ] = None,
    gallringsbeslut_referens: Annotated[
        str | None, typer.Option("--gallringsbeslut-referens", metavar="TEXT", help="Beslutets referens.")
    ] = None,
    gallringsbeslut_datum: Annotated[
        str | None, typer.Option("--gallringsbeslut-datum", metavar="DATUM", help="Dagen då det beslutades.")
    ] = None,
    avtal: Annotated[
        str | None,
        typer.Option("--avtal", metavar="TEXT", help="Referensen till en privat vårdgivares avtal; tom tar bort."),
    ] = None,
    avtal_slut: Annotated[
        str | None,
        typer.Option(
            "--avtal-slut", metavar="DATUM", help="Avtalets sista dag; sedan startar inga nya moment. Tom tar bort."
        ),
    ] = None,
    troskel: Annotated[
        str | None, typer.Option("--troskel", metavar="N", help="Statistiken döljer ett antal som är mindre än N.")
    ] = None,
    loggtid: Annotated[
        str | None, typer.Option("--loggtid", metavar="ÅR", help="Hur länge loggen sparas: minst fem år.")
    ] = None,
    beslut: Annotated[
        str | None, typer.Option("--beslut", metavar="TEXT", help="Beslutet om att spara loggen längre än fem år.")
    ] = None,
    kopior_dagar: Annotated[
        str | None, typer.Option("--kopior-dagar", metavar="N", help="Hur många dagar säkerhetskopior sparas.")
    ] = None,
    vardgivare: Provider = None,
) -> None:
    """Change what is named, in one transaction."""
    from store.people.provider_settings import change_provider, provider_settings

    here = Session(ctx)
    actor = here.above_or_operator
    with here.reading_for(change_provider, by=actor):
        changes: dict[str, Any] = {
            "purge_decision": gallringsbeslut,
            "purge_reference": gallringsbeslut_referens,
            "purge_decided_on": _day(gallringsbeslut_datum, "gallringsbeslut-datum"),
            "agreement": avtal,
            "agreement_ends": _day(avtal_slut, "avtal-slut"),
            "statistics_threshold": _number(troskel),
            "log_years": _number(loggtid),
            "log_decision": beslut,
            "backup_days": _number(kopior_dagar),
        }
    with here.store.work(actor) as work:
        change_provider(work, vardgivare, **changes)
        advice = provider_settings(work, vardgivare).advice
    here.answer({"changed": True}, ["Vårdgivarens inställningar är ändrade.", *advice])


def enhet(
    ctx: typer.Context,
    hsa_id: Annotated[str, typer.Argument(metavar="HSA-ID", help="Enhetens HSA-id.")],
    namn: Annotated[str | None, typer.Option("--namn", metavar="TEXT", help="Vad enheten ska heta.")] = None,
    kontakt: Contact = None,
) -> None:
    """Change what a unit is called, and whom the care provider turns to there."""
    from store.people.provider_units import name_unit

    here = Session(ctx)
    with here.store.work(here.above_or_operator) as work:
        name_unit(work, hsa_id, name=namn, contact=kontakt)
    here.answer({"changed": True}, ["Enhetens uppgifter är ändrade."])


COMMANDS = {
    "visa": (visa, "Visa vad vårdgivaren har bestämt, dess enheter med administratörer, och vad som pågår var."),
    "andra": (andra, "Ändra vårdgivarens inställningar. Det som inte anges blir som det är."),
    "enhet": (enhet, "Ändra en enhets namn, eller vem vårdgivaren vänder sig till där."),
}


def _day(text: str | None, field: str) -> "Day | None":
    """Return a day as it was typed; what is empty takes it away."""
    from store.views.journal import day_given

    return None if text is None else day_given(text, field) or ""


def _number(text: str | None) -> int | None:
    from store.people.unit_settings import typed_number

    return None if text is None else typed_number(text)


def _json(settings: "ProviderSettings", below: "Provided") -> dict[str, Any]:
    found = asdict(settings)
    for name in ("purge_decided_on", "agreement_ends", "backup_days"):
        found[name] = found[name] or None
    return {
        **found,
        "administrators": [asdict(one) for one in below.administrators],
        "units": [_unit_json(one) for one in below.units],
    }


def _unit_json(unit: "ProviderUnit") -> dict[str, Any]:
    return {**asdict(unit), "programs": [_program_json(one) for one in unit.programs], "advice": unit.advice or None}


def _program_json(program: "UnitsProgram") -> dict[str, Any]:
    return {
        "program": program.program,
        "title": program.title,
        "version": program.version,
        "open": program.is_open,
        "running": [asdict(one) for one in program.running],
    }


def _put(settings: "ProviderSettings", below: "Provided") -> None:
    put(f"{settings.name} ({settings.hsa_id})")
    put_pairs(_facts(settings))
    put()
    put(f"Vårdgivaradministratörer: {_named(below.administrators)}")
    for unit in below.units:
        put()
        put(f"{unit.name} ({unit.hsa_id})")
        put_pairs(_unit_facts(unit))
        if unit.advice:
            put(unit.advice)
    if settings.advice:
        put()
    for advice in settings.advice:
        put(advice)


def _facts(settings: "ProviderSettings") -> Iterator[tuple[str, str]]:
    dated = (settings.purge_reference, settings.purge_decided_on)
    yield "Gallringsbeslut", settings.purge_decision or NOTHING
    yield "  Referens och dag", ", ".join(part for part in dated if part) or NOTHING
    yield "Avtal", settings.agreement or "inget (ingen privat vårdgivare)"
    if settings.agreement:
        yield "  Sista dag", settings.agreement_ends or NOTHING
    yield "Statistikens tröskel", str(settings.statistics_threshold)
    yield "Loggen sparas", f"{settings.log_years} år{f' ({settings.log_decision})' if settings.log_decision else ''}"
    kept = settings.backup_days
    yield "Säkerhetskopior sparas", counted(kept, "dag", "dagar") if kept else "inte bestämt"


def _unit_facts(unit: "ProviderUnit") -> Iterator[tuple[str, str]]:
    yield "  Region", unit.region
    yield "  Kontakt", unit.contact or NOTHING
    yield "  Behörighetsadministratörer", _named(unit.administrators)
    for program in unit.programs:
        yield f"  {program.title} ({program.program})", program.said


def _named(who: "Sequence[UnitsAdmin]") -> str:
    return ", ".join(f"{one.name} ({one.hsa_id})" for one in who) or "ingen"
