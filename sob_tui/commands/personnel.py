"""`sob personal`: who works on the unit, with which roles (domain.md §7)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

import typer

from sob_tui.commands.importing import import_file
from sob_tui.commands.parameters import File
from sob_tui.commands.placing import place_file
from sob_tui.commands.role_words import ROLES, role_of
from sob_tui.commands.session import Session, moment_id
from sob_tui.commands.staff_list import put_staff, staff_json
from sob_tui.commands.staff_trainings import utbildning
from sob_tui.commands.words import counted, listed, minute
from sob_tui.options import UsageFault
from sob_tui.printing import Table, put_json, tell
from store.foundation.access import Role
from store.foundation.clock import Instant, iso_local, local
from store.foundation.errors import NeedsConfirmation, Refused

if TYPE_CHECKING:
    from store.people.personnel import LeftMoment, StaffLine

HELP = "Personalen på enheten: lägg till, aktivera och inaktivera, ge och ta roller."

HsaId = Annotated[str, typer.Argument(metavar="HSA-ID", help="Personens HSA-id.")]
Efternamn = Annotated[
    str | None, typer.Option("--efternamn", metavar="NAMN", help="Efternamnet, om HSA-id:t är nytt i databasen.")
]
Fornamn = Annotated[
    str | None, typer.Option("--fornamn", metavar="NAMN", help="Förnamnet, om HSA-id:t är nytt i databasen.")
]
Epost = Annotated[
    str | None, typer.Option("--epost", metavar="ADRESS", help="E-postadressen, om HSA-id:t är nytt i databasen.")
]
Till = Annotated[str | None, typer.Option("--till", metavar="HSA-ID", help="Behandlaren som tar över pågående moment.")]


def lista(ctx: typer.Context) -> None:
    """Print the unit's staff, page by page, and what the administrator should think of."""
    from store.people.personnel import personnel

    here = Session(ctx)
    with here.store.read(here.staff) as work:
        overview = personnel(work)
    pages = ((is_active, _pages(here, is_active)) for is_active in (True, False))
    if here.common.json:
        put_json([staff_json(line) for _, found in pages for page in found for line in page])
    else:
        for is_active, found in pages:
            put_staff(found, overview.active if is_active else overview.inactive, is_active=is_active)
    for advice in overview.advice:
        tell(advice)


def ny(
    ctx: typer.Context,
    hsa_id: HsaId,
    efternamn: Efternamn = None,
    fornamn: Fornamn = None,
    epost: Epost = None,
    roll: Annotated[
        list[str] | None,
        typer.Option("--roll", metavar="ROLL", help=f"Ge rollen genast, kan anges flera gånger: {', '.join(ROLES)}."),
    ] = None,
    skal: Annotated[str, typer.Option("--skal", metavar="TEXT", help="Varför rollerna ges.")] = "",
    utbildning: Annotated[
        list[str] | None,
        typer.Option(
            "--utbildning",
            metavar="ROLL|PROGRAM",
            help="Registrera en utbildning, för en roll eller ett program. Kan anges flera gånger.",
        ),
    ] = None,
) -> None:
    """Add somebody to the unit, with roles and trainings where some are named; who is known is named first."""
    from store.people.assignments import add_staff
    from store.people.members import member_of

    here = Session(ctx)
    with here.reading_for(add_staff):
        roles = [role_of(word) for word in roll or []]
    known = _known(here, hsa_id)
    with here.work() as work:
        try:
            add_staff(
                work,
                hsa_id,
                family_name=efternamn,
                given_name=fornamn,
                email=epost,
                roles=roles,
                reason=skal,
                trainings=utbildning or [],
                confirmed=here.common.ja,
            )
        except NeedsConfirmation as warning:
            raise NeedsConfirmation([*known, *warning.warnings], helps=warning.helps) from None
        if known and not here.common.ja:
            raise NeedsConfirmation(known)
        hsa_id = member_of(work, hsa_id).hsa_id
    for sentence in known:
        tell(sentence)
    held = (
        f"med rollerna {', '.join(roles)}" if len(roles) > 1 else f"med rollen {roles[0]}" if roles else "utan roller"
    )
    here.answer({"hsa_id": hsa_id, "active": True}, [f"{hsa_id} är tillagd på enheten, {held}."])


def _known(here: Session, hsa_id: str) -> list[str]:
    """Return who has the HSA-id, name and units, where it is known from elsewhere; nothing where it is new."""
    from store.people.newcomers import look_up_staff

    with here.store.read(here.staff) as work:
        found = look_up_staff(work, hsa_id)
    if found is None:
        return []
    where = listed(found.units, "och") if found.units else "ingen enhet just nu"
    return [f"{found.hsa_id} finns redan: {found.given_name} {found.family_name}. Arbetar på: {where}."]


def inaktivera(
    ctx: typer.Context,
    hsa_id: HsaId,
    till: Till = None,
    moment_till: Annotated[
        list[str] | None,
        typer.Option(
            "--moment-till", metavar="MOMENT=HSA-ID", help="Vem som tar över ett av momenten. Kan anges flera gånger."
        ),
    ] = None,
) -> None:
    """Inactivate somebody, after the running moments were handed to others."""
    from store.care.staffing import inactivate_staff
    from store.people.members import member_of
    from store.people.personnel import moments_left_by

    here = Session(ctx)
    with here.reading_for(inactivate_staff):
        each = dict(_moment_to(word) for word in moment_till or [])
    with here.work() as work:
        left = [one for one in moments_left_by(work, hsa_id) if one.priority_since is not None]
        moved = inactivate_staff(work, hsa_id, to=till, each=each, confirmed=here.common.ja)
        hsa_id = member_of(work, hsa_id).hsa_id
    here.answer(
        {"hsa_id": hsa_id, "active": False, "moved": moved},
        [f"{hsa_id} är inaktiv på enheten.", *_moved(moved), *map(_urgent, left)],
    )


def _urgent(left: "LeftMoment") -> str:
    """Return what is said of a moment that is handed over with an unhandled prioriterad flagga."""
    since = minute(left.priority_since or 0)
    return f"▲ Ohanterad prioriterad flagga sedan {since} följer med moment {left.id}: {left.title}"


def aktivera(ctx: typer.Context, hsa_id: HsaId) -> None:
    """Activate somebody again."""
    from store.people.assignments import activate_staff
    from store.people.members import member_of

    here = Session(ctx)
    with here.work() as work:
        activate_staff(work, hsa_id)
        hsa_id = member_of(work, hsa_id).hsa_id
    here.answer({"hsa_id": hsa_id, "active": True}, [f"{hsa_id} är aktiv på enheten igen."])


def roll(
    ctx: typer.Context,
    hsa_id: HsaId,
    skal: Annotated[str, typer.Option("--skal", metavar="TEXT", help="Varför rollen ges eller tas bort.")],
    ge: Annotated[str | None, typer.Option("--ge", metavar="ROLL", help=f"Ge rollen: {', '.join(ROLES)}.")] = None,
    ta: Annotated[str | None, typer.Option("--ta", metavar="ROLL", help="Ta bort rollen.")] = None,
    till_och_med: Annotated[
        str | None, typer.Option("--till-och-med", metavar="DATUM", help="Sista dagen som rollen gäller.")
    ] = None,
    till: Till = None,
) -> None:
    """Give somebody a role, or take one."""
    from store.care.role_analyses import role_analyses
    from store.care.staffing import take_role
    from store.people.assignments import give_role
    from store.people.members import member_of
    from store.views.journal import day_given

    here = Session(ctx)
    if (ge is None) == (ta is None):
        raise UsageFault("Ange antingen --ge eller --ta. Se sob personal roll --help.")
    if (till if ge else till_och_med) is not None:
        raise UsageFault("--till-och-med hör till --ge, och --till till --ta. Se sob personal roll --help.")
    with here.reading_for(give_role if ge else take_role):
        role, until = role_of(ge or ta or ""), day_given(till_och_med or "", "till-och-med")
    moved = 0
    with here.work() as work:
        if ge:
            give_role(work, hsa_id, role, skal, until=until, confirmed=here.common.ja)
            for one in role_analyses(work):
                if one.role is role and one.text:
                    tell(one.said)
        else:
            moved = take_role(work, hsa_id, role, skal, to=till, confirmed=here.common.ja)
        hsa_id = member_of(work, hsa_id).hsa_id
    end = f" till och med {until}" if until else ""
    done = f"{hsa_id} har rollen {role}{end}." if ge else f"{hsa_id} har inte längre rollen {role}."
    answer = {"hsa_id": hsa_id, "role": role.value, "held": bool(ge), "until": str(until or "") or None, "moved": moved}
    here.answer(answer, [done, *_moved(moved)])


def importera(
    ctx: typer.Context,
    fil: File,
    placera: Annotated[
        bool,
        typer.Option("--placera", help="Placera dem på enheten också, med kolumnerna roller;utbildningar;skal."),
    ] = False,
) -> int:
    """Import persons to the store from a CSV file; or place them on the unit as well."""
    if placera:
        place_file(Session(ctx), fil)
        return 0
    from store.care.file_import import STAFF
    from store.people.staff_import import read_staff

    return import_file(Session(ctx), fil, read_staff, STAFF)


def utse(
    ctx: typer.Context,
    hsa_id: HsaId,
    beslut: Annotated[
        str, typer.Option("--beslut", metavar="TEXT", help="Verksamhetschefens beslut: vad, av vem och när.")
    ],
    efternamn: Efternamn = None,
    fornamn: Fornamn = None,
    epost: Epost = None,
) -> None:
    """Make somebody the unit's behörighetsadministratör, as the operator."""
    from store.people.assignments import appoint_admin

    here = Session(ctx)
    unit = here.common.enhet
    if unit is None:
        raise UsageFault("Ange enheten med --enhet HSA-ID.", field="enhet")
    with here.store.work(here.staff_or_operator) as work:
        hsa_id = appoint_admin(work, hsa_id, unit, beslut, family_name=efternamn, given_name=fornamn, email=epost)
    here.answer(
        {"hsa_id": hsa_id, "unit": unit, "role": Role.ACCESS_ADMIN.value},
        [f"{hsa_id} är utsedd till behörighetsadministratör på {unit}."],
    )


def stallforetradare(
    ctx: typer.Context,
    hsa_id: HsaId,
    till: Annotated[str | None, typer.Option("--till", metavar="HSA-ID", help="Ställföreträdaren.")] = None,
    fran: Annotated[str | None, typer.Option("--fran", metavar="DAG", help="Den första dagen.")] = None,
    till_och_med: Annotated[str | None, typer.Option("--till-och-med", metavar="DAG", help="Den sista dagen.")] = None,
    ta_bort: Annotated[
        bool, typer.Option("--ta-bort", help="Avsluta det; med --fran bara det som börjar den dagen.")
    ] = False,
    meddelande: Annotated[
        str | None,
        typer.Option("--meddelande", metavar="TEXT", help="Ett meddelande till invånaren i varje pågående moment."),
    ] = None,
) -> None:
    """Let a colleague stand in for a clinician for some days, or end it."""
    from store.care.substituting import end_substitute, set_substitute
    from store.people.members import member_of
    from store.views.journal import day_given

    here = Session(ctx)
    if ta_bort and (till, till_och_med, meddelande) != (None, None, None):
        raise UsageFault("--ta-bort går bara att ange med --fran. Se sob personal stallforetradare --help.")
    if not ta_bort and None in (till, fran, till_och_med):
        raise UsageFault("Ange --till, --fran och --till-och-med, eller --ta-bort.")
    with here.reading_for(end_substitute if ta_bort else set_substitute):
        first, last = day_given(fran or "", "fran"), day_given(till_och_med or "", "till-och-med")
        if not ta_bort and (first is None or last is None):
            raise Refused("Ange dagarna så här: 2026-11-22.", field="fran" if first is None else "till-och-med")
    with here.work() as work:
        if ta_bort or till is None or first is None or last is None:
            number = end_substitute(work, hsa_id, first=first)
            answer = {"hsa_id": member_of(work, hsa_id).hsa_id, "ended": number}
            said = [f"{counted(number, 'ställföreträdarskap', 'ställföreträdarskap')} avslutat för {hsa_id}."]
        else:
            told = set_substitute(work, hsa_id, till, first, last, message=meddelande, confirmed=here.common.ja)
            of, by = member_of(work, hsa_id).hsa_id, member_of(work, till).hsa_id
            answer = {"hsa_id": of, "substitute": by, "first": str(first), "last": str(last), "told": told}
            said = [f"{by} är ställföreträdare för {of} {first} till och med {last}."]
            said += [f"{counted(told, 'invånare', 'invånare')} har fått ett meddelande."] if told else []
    here.answer(answer, said)


def historik(ctx: typer.Context, hsa_id: HsaId) -> None:
    """Print what was done with somebody on the unit."""
    from store.people.personnel import staff_history

    here = Session(ctx)
    with here.store.read(here.staff) as work:
        found = staff_history(work, hsa_id)
    if here.common.json:
        put_json([{"at": iso_local(Instant(one.at)), "by": one.by, "what": one.what} for one in found])
        return
    table = Table("När", "Vem", "Vad")
    table.put([(f"{local(Instant(one.at)):%Y-%m-%d %H:%M}", one.by, one.what) for one in found], heading=True)


def behorigheter(ctx: typer.Context) -> None:
    """Print the access table as help."""
    from store.people.personnel import permissions

    here = Session(ctx)
    with here.store.read(here.staff) as work:
        found = permissions(work)
    if here.common.json:
        put_json([{"text": one.text, "may": list(one.may)} for one in found])
        return
    table = Table("Vad som kan göras", "Vem som får")
    table.put([(one.text, ", ".join(one.may)) for one in found], heading=True)


COMMANDS = {
    "lista": (lista, "Lista enhetens personal, aktiva och inaktiva, med roller och utbildningar."),
    "ny": (
        ny,
        "Lägg till en person på enheten. Finns personen redan där men är inaktiv: sob personal aktivera.",
    ),
    "inaktivera": (inaktivera, "Inaktivera en person. Pågående moment lämnas över till en eller flera andra."),
    "aktivera": (aktivera, "Aktivera en person som är inaktiv på enheten, med de roller som hen hade."),
    "roll": (roll, "Ge en person en roll, eller ta bort en. Gäller från och med nästa sak som personen gör."),
    "utbildning": (
        utbildning,
        "Registrera en utbildning, för en roll eller ett program, eller en som en utbildare har skrivit under; "
        "eller ta bort den.",
    ),
    "stallforetradare": (
        stallforetradare,
        "Utse en ställföreträdare från en dag till en annan, för dig själv eller som administratör, eller avsluta det.",
    ),
    "historik": (historik, "Visa vad som har ändrats för en person: roller, utbildningar, aktiv och inaktiv."),
    "importera": (
        importera,
        "Importera personer till databasen från en CSV-fil med hsa-id;efternamn;fornamn;epost;skydd: allt eller inget.",
    ),
    "utse": (
        utse,
        "Utse en behörighetsadministratör efter verksamhetschefens beslut, när enhetens egen saknas eller är sjuk. "
        "Enheten anges med --enhet.",
    ),
    "behorigheter": (behorigheter, "Visa vad varje roll får göra."),
}


def _pages(here: Session, is_active: bool) -> Iterator[list["StaffLine"]]:
    """Yield the staff a page at a time, a transaction for each."""
    from store.people.personnel import staff_page

    after = None
    while True:
        with here.store.read(here.staff) as work:
            page = staff_page(work, active=is_active, after=after, limit=_PAGE)
        yield page
        if len(page) < _PAGE:
            return
        after = page[-1].key


_PAGE = 200


def _moment_to(word: str) -> tuple[int, str]:
    moment, _, hsa_id = word.partition("=")
    if not moment_id(moment) or not hsa_id:
        raise Refused("Skriv --moment-till som momentets id, likhetstecken och ett HSA-id.", field="moment-till")
    return moment_id(moment), hsa_id.strip()


def _moved(number: int) -> list[str]:
    return [f"{counted(number, 'moment', 'moment')} har fått en ny ansvarig behandlare."] if number else []
