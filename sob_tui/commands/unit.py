"""`sob enhet`: what a unit decides for itself (domain.md §7)."""

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sob_tui.commands.duties import COMMANDS as DUTIES
from sob_tui.commands.parameters import with_options
from sob_tui.commands.provider import Contact, Provider
from sob_tui.commands.session import Session
from sob_tui.commands.words import NOTHING, counted
from sob_tui.options import UsageFault
from sob_tui.printing import put, put_json, put_pairs
from store.foundation.errors import Refused
from store.foundation.flag_kinds import THRESHOLDS

if TYPE_CHECKING:
    from store.foundation.work import Work
    from store.people.unit_programs import UnitProgram
    from store.people.unit_settings import UnitSettings

HELP = "Enhetens egna inställningar."


def visa(ctx: typer.Context) -> None:
    """Print the unit's settings."""
    from store.people.unit_settings import unit_settings

    here = Session(ctx)
    with here.store.read(here.staff) as work:
        settings = unit_settings(work)
    if here.common.json:
        put_json(_json(settings))
    else:
        _put(settings)


Betjaningsomrade = Annotated[
    str | None,
    typer.Option("--betjaningsomrade", metavar="OMRÅDE", help="Vilka enheten tar emot: hela-landet eller egen-region."),
]
UppsamlatTimme = Annotated[
    str | None,
    typer.Option("--uppsamlat-timme", metavar="TIMME", help="Timmen på förmiddagen då uppsamlade aviseringar går."),
]
RiskInstruktion = Annotated[
    str | None,
    typer.Option("--risk-instruktion", metavar="TEXT", help="Vad som ska göras vid ett risksvar; tom tar bort."),
]
TaMinuter = Annotated[
    str | None,
    typer.Option("--ta-minuter", metavar="MINUTER", help="Hur länge Jag tar den gäller: 5 till 120 minuter."),
]
LasMinuter = Annotated[
    str | None,
    typer.Option("--las-minuter", metavar="MINUTER", help="Hur länge utan en tangent innan skärmen låses: 1 till 60."),
]
UtloggningMinuter = Annotated[
    str | None,
    typer.Option(
        "--utloggning-minuter",
        metavar="MINUTER",
        help="Hur länge utan att något händer innan man loggas ut: 5 till 240.",
    ),
]
Support = Annotated[
    str | None,
    typer.Option("--support", metavar="TEXT", help="Vart personalen vänder sig; tom ger regionens text."),
]
Superanvandare = Annotated[
    str | None,
    typer.Option("--superanvandare", metavar="TEXT", help="Vem kollegorna frågar först; tom tar bort."),
]
Utbildarnyckel = Annotated[
    list[str] | None,
    typer.Option(
        "--utbildarnyckel",
        metavar="FINGERAVTRYCK",
        help="En utbildares nyckel som enheten litar på; kan anges flera gånger, tom tar bort alla.",
    ),
]
Rollutbildning = Annotated[
    str | None,
    typer.Option("--rollutbildning", metavar="JA|NEJ", help="Om den som ger en roll utan utbildning ska varnas."),
]
Krisnummer = Annotated[
    str | None,
    typer.Option("--krisnummer", metavar="JA|NEJ", help="Om enheten har kontrollerat numren vid akut kris."),
]
OfProgram = Annotated[
    str | None,
    typer.Option("--program", metavar="ID", help="Ett program som är öppet för enheten; gäller det som anges nedan."),
]
Kontakt = Annotated[
    str | None,
    typer.Option("--kontakt", metavar="NAMN", help="Enhetens kontaktperson för programmet; tom tar bort."),
]
KontaktEpost = Annotated[str | None, typer.Option("--kontakt-epost", metavar="ADRESS", help="Kontaktpersonens e-post.")]
KontaktTelefon = Annotated[
    str | None, typer.Option("--kontakt-telefon", metavar="NUMMER", help="Kontaktpersonens telefon.")
]
Orsak = Annotated[
    list[str] | None,
    typer.Option(
        "--orsak", metavar="TEXT", help="Enhetens egen avslutningsorsak; kan anges flera gånger, tom tar bort alla."
    ),
]
Utbildning = Annotated[
    str | None,
    typer.Option("--utbildning", metavar="JA|NEJ|PROGRAMMETS", help="Om den som startar programmet ska ha utbildning."),
]
_THRESHOLD_OPTIONS = {
    one.column: typer.Option(f"--{one.option}", metavar="DAGAR", help=f"{one.help}; 0 för aldrig.")
    for one in THRESHOLDS
}


@with_options(_THRESHOLD_OPTIONS, after="rollutbildning")
def andra(
    ctx: typer.Context,
    betjaningsomrade: Betjaningsomrade = None,
    uppsamlat_timme: UppsamlatTimme = None,
    risk_instruktion: RiskInstruktion = None,
    ta_minuter: TaMinuter = None,
    las_minuter: LasMinuter = None,
    utloggning_minuter: UtloggningMinuter = None,
    support: Support = None,
    superanvandare: Superanvandare = None,
    utbildarnyckel: Utbildarnyckel = None,
    rollutbildning: Rollutbildning = None,
    krisnummer: Krisnummer = None,
    program: OfProgram = None,
    kontakt: Kontakt = None,
    kontakt_epost: KontaktEpost = None,
    kontakt_telefon: KontaktTelefon = None,
    orsak: Orsak = None,
    utbildning: Utbildning = None,
    **thresholds: str | None,
) -> None:
    """Change what is named; everything in one transaction."""
    from store.people.unit_settings import ADVICE_WHOLE_COUNTRY, change_unit
    from store.people.units import ServiceArea

    here = Session(ctx)
    own = {"kontakt": kontakt, "kontakt-epost": kontakt_epost, "kontakt-telefon": kontakt_telefon}
    confirmed = here.common.ja
    own_is_given = any(value is not None for value in (*own.values(), orsak, utbildning))
    if own_is_given != (program is not None):
        raise UsageFault("Ange --program tillsammans med det som ska ändras för programmet. Se sob enhet andra --help.")
    with here.reading_for(change_unit):
        changes = {
            "service_area": _area(betjaningsomrade),
            "risk_instruction": risk_instruktion,
            "support": support,
            "super_users": superanvandare,
            "trainer_keys": None if utbildarnyckel is None else "\n".join(utbildarnyckel),
            "role_training": _yes_or_no(rollutbildning, "rollutbildning"),
            "crisis_numbers": _yes_or_no(krisnummer, "krisnummer"),
            **_numbers(
                collect_hour=uppsamlat_timme,
                claim_minutes=ta_minuter,
                lock_minutes=las_minuter,
                idle_minutes=utloggning_minuter,
            ),
        }
    days = _numbers(**thresholds)
    with here.work() as work:
        if program is None or days or any(value is not None for value in changes.values()):
            change_unit(work, **changes, days=days)
        if program is not None:
            _change_program(work, program, own, orsak, utbildning, confirmed=confirmed)
        advice = [ADVICE_WHOLE_COUNTRY] if changes["service_area"] is ServiceArea.OWN_REGION else []
    here.answer({"changed": True}, ["Enhetens inställningar är ändrade.", *advice])


def ny(
    ctx: typer.Context,
    hsa_id: Annotated[str, typer.Argument(metavar="HSA-ID", help="Den nya enhetens HSA-id.")],
    namn: Annotated[str, typer.Option("--namn", metavar="TEXT", help="Vad enheten heter.")],
    region: Annotated[
        str, typer.Option("--region", metavar="NN", help="Länets två siffror, om de andra enheternas inte gäller.")
    ] = "",
    kontakt: Contact = None,
    vardgivare: Provider = None,
) -> None:
    """Add a unit to a care provider."""
    from store.people.provider_units import add_unit

    here = Session(ctx)
    with here.store.work(here.above_or_operator) as work:
        add_unit(work, hsa_id, namn, region=region, contact=kontakt or "", provider=vardgivare)
    said = (
        f"{namn} är tillagd.",
        "Öppna program med sob program oppna, och utse en administratör med sob personal utse.",
    )
    here.answer({"hsa_id": hsa_id, "name": namn}, said)


COMMANDS = {
    "ny": (ny, "Lägg till en enhet hos vårdgivaren, som vårdgivaradministratör eller driften."),
    "visa": (visa, "Visa enhetens inställningar, och vilka program som är öppna för den."),
    "andra": (andra, "Ändra enhetens inställningar. Det som inte anges blir som det är."),
    **DUTIES,
}


def _change_program(
    work: "Work",
    program: str,
    contact: dict[str, str | None],
    reasons: list[str] | None,
    training: str | None,
    *,
    confirmed: bool,
) -> None:
    """Change what is given of an open program; the rest stays, also what another changes meanwhile."""
    from store.people.unit_programs import change_unit_program
    from store.people.unit_settings import unit_settings

    before = next((one for one in unit_settings(work).programs if one.program == program), None)
    kept = {
        "kontakt": before.contact_name if before else "",
        "kontakt-epost": before.contact_email if before else "",
        "kontakt-telefon": before.contact_phone if before else "",
    }
    if contact["kontakt"] == "":
        kept = dict.fromkeys(kept, "")
    name, email, phone = (kept[one] if contact[one] is None else contact[one] for one in kept)
    change_unit_program(
        work,
        program,
        contact_name=name or "",
        contact_email=email or "",
        contact_phone=phone or "",
        end_reasons=tuple(reasons) if reasons is not None else before.end_reasons if before else (),
        training=_training(training) if training is not None else before.training if before else "",
        seen=before,
        confirmed=confirmed,
    )


def _numbers(**typed: str | None) -> dict[str, int]:
    """Return the numbers that were typed, by their settings' names."""
    from store.people.unit_settings import typed_number

    return {name: typed_number(word) for name, word in typed.items() if word is not None}


def _area(word: str | None) -> Any:
    from store.people.units import ServiceArea

    if word is None:
        return None
    try:
        return ServiceArea(word.strip().lower())
    except ValueError:
        areas = " eller ".join(area.value for area in ServiceArea)
        raise Refused(f"Betjäningsområdet är {areas}.", field="betjaningsomrade") from None


def _yes_or_no(word: str | None, option: str) -> bool | None:
    if word is not None and word.strip().lower() not in ("ja", "nej"):
        raise Refused(f"{option.capitalize()} är ja eller nej.", field=option)
    return None if word is None else word.strip().lower() == "ja"


def _training(word: str) -> str:
    known = {"ja": "ja", "nej": "nej", "programmets": ""}
    if word.strip().lower() not in known:
        raise Refused("Utbildning är ja, nej eller programmets.", field="utbildning")
    return known[word.strip().lower()]


_AREAS = {"hela-landet": "Hela landet", "egen-region": "Egen region"}


def _put(settings: "UnitSettings") -> None:
    put(f"{settings.name} ({settings.hsa_id})")
    put_pairs(_facts(settings))
    for program in settings.programs:
        put()
        put(f"{program.title} ({program.program})")
        put_pairs(_own(program))
    if settings.advice:
        put()
    for advice in settings.advice:
        put(advice)


def _facts(settings: "UnitSettings") -> Iterator[tuple[str, str]]:
    yield "Region", settings.region
    yield "Betjäningsområde", _AREAS[settings.service_area.value]
    yield "Uppsamlade aviseringar går", f"klockan {settings.collect_hour}"
    yield "Instruktion för risksvar", settings.risk_instruction or NOTHING
    yield "Jag tar den gäller", f"{settings.claim_minutes} minuter"
    yield "Skärmen låses efter", f"{settings.lock_minutes} minuter utan en tangent"
    yield "Utloggad efter", f"{settings.idle_minutes} minuter utan att något händer"
    for one in THRESHOLDS:
        days = settings.days[one.column]
        yield f"Flagga för {one.about}", f"efter {counted(days, one.day, one.days)}" if days else "aldrig"
    yield "Support", settings.support
    yield "Superanvändare", settings.super_users or NOTHING
    yield "Utbildares nycklar", ", ".join(settings.trainer_keys.splitlines()) or NOTHING
    yield "Varning för roll utan utbildning", "ja" if settings.role_training else "nej"
    yield "Nummer vid akut kris", "; ".join(settings.crisis_numbers)
    yield "  Kontrollerade av enheten", settings.crisis_numbers_confirmed or "nej"


def _json(settings: "UnitSettings") -> dict[str, Any]:
    """Return the settings by name, each threshold among them."""
    found: dict[str, Any] = {}
    for name, value in asdict(settings).items():
        found |= value if name == "days" else {name: value}
    found["crisis_numbers_confirmed"] = settings.crisis_numbers_confirmed or None
    return found


def _own(program: "UnitProgram") -> Iterator[tuple[str, str]]:
    contact = (program.contact_name, program.contact_email, program.contact_phone)
    yield "  Kontaktperson", ", ".join(part for part in contact if part) or "programmets"
    yield "  Egna avslutningsorsaker", ", ".join(program.end_reasons) or NOTHING
    yield "  Kräver utbildning", program.training or "enligt programmet"
