"""`sob ovning`: the practice environment."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sob_tui.commands import courses, exercises, results, training
from sob_tui.commands.session import Session, operator
from sob_tui.commands.words import minute
from sob_tui.launch import play, practise
from sob_tui.options import UsageFault
from sob_tui.printing import Table, put, put_json, tell
from sob_tui.progress import bar
from sob_tui.settings import own_scenarios, practice_store
from store.foundation.clock import iso_local
from store.foundation.errors import Refused
from store.practice import MOST_MOMENTS, CastMember, Crowd, cast_of, make_scenario, open_practice

if TYPE_CHECKING:
    from store.practice.scenario_shelf import Offered

HELP = """Öppna appen på övningsmiljön, som skapas om den inte finns.
Utan --store och SOB_STORE ligger den i din datamapp."""


def ovning(
    ctx: typer.Context,
    nollstall: Annotated[
        bool, typer.Option("--nollstall", help="Börja om från början med en ny övningsmiljö.")
    ] = False,
    utan_app: Annotated[bool, typer.Option("--utan-app", help="Skapa övningsmiljön utan att öppna appen.")] = False,
    stor: Annotated[
        str | None, typer.Option("--stor", metavar="N", help="Skapa den med N moment till, för att visa stora listor.")
    ] = None,
    fro: Annotated[
        str | None,
        typer.Option("--fro", metavar="TEXT", help="Vad momenten i --stor dras av: samma text, samma moment."),
    ] = None,
    invanare: Annotated[
        str | None,
        typer.Option("--invanare", metavar="PERSONNUMMER", help="Öppna invånarens sida, i en egen terminal."),
    ] = None,
    tur: Annotated[
        bool, typer.Option("--tur", help="Börja med rundturen: fem skärmar, och ett moment som du startar själv.")
    ] = False,
) -> int:
    """Make the practice store, and open the app on it, as staff or as a resident, or tell whom one can be there."""
    here = Session(ctx)
    if ctx.invoked_subcommand is not None:
        _refuse_options(nollstall, utan_app, stor, fro, invanare)
        return 0
    crowd = _crowd(stor, fro)
    if tur and (utan_app or invanare is not None):
        raise UsageFault(f"Ange antingen --tur eller {'--utan-app' if utan_app else '--invanare'}.")
    if invanare is not None:
        return _play(here, invanare, fresh=nollstall, without_app=utan_app, crowd=crowd)
    if not utan_app:
        return practise(here.common, fresh=nollstall, crowd=crowd, tour=tur)
    _put_cast(here, fresh=nollstall, crowd=crowd)
    return 0


def _refuse_options(*given: str | bool | None) -> None:
    """Refuse options of `sob ovning` before one of its commands."""
    if any(given):
        raise UsageFault("Flaggor till sob ovning kan inte stå före ett av dess kommandon. Kör dem var för sig.")


def klocka(
    ctx: typer.Context,
    span: Annotated[
        str | None, typer.Argument(metavar="HUR-LANGT", help="Hur långt: +6t, +3d, +2v. Utan det visas tiden.")
    ] = None,
) -> None:
    """Move the practice store's clock forward, or tell what it shows."""
    here = Session(ctx)
    store = here.practice
    if span is None:
        said = f"Övningsmiljöns klocka: {minute(store.clock())}."
        here.answer({"at": iso_local(store.clock())}, [said])
        return
    from store.practice.clock import move_clock

    with bar("Flyttar klockan") as progress:
        move = move_clock(store, span, operator(here.common.som_driften), progress)
    answer = {
        "at": iso_local(move.at),
        "nights": move.nights,
        "raised": move.raised,
        "sent": move.sent,
        "left": move.left,
    }
    here.answer(
        answer,
        [f"Övningsmiljöns klocka: {minute(move.at)}.", f"På vägen: {move.passed}. Inget har skickats på riktigt."],
    )
    if move.left:
        tell("Dygnets regler kunde inte köras för alla moment. Kör sob dygn, som säger vilka.")


def scenario(
    ctx: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="SCENARIO", help="Namnet på ett scenario, eller en fil. Utan det visas vilka som finns."
        ),
    ] = None,
    spara: Annotated[
        str | None, typer.Option("--spara", metavar="FIL", help="Spara övningsmiljön som den är i en fil att dela.")
    ] = None,
) -> None:
    """Make the practice store anew with a scenario, save what it holds as one, or tell which there are."""
    here = Session(ctx)
    if spara is not None:
        if name is not None:
            raise UsageFault("Ange antingen ett scenario eller --spara.")
        _save(here, spara)
    elif name is None:
        _put_scenarios(here)
    else:
        store = make_scenario(practice_store(here.common.store), name, own=own_scenarios(), show=bar)
        ctx.call_on_close(store.close)
        store.change_no(None)  # and how far ahead it begins
        at = store.clock()
        answer = {"store": _address(store.engine.url), "at": iso_local(at)}
        here.answer(answer, [f"Övningsmiljön är gjord om med scenariot. Dess klocka: {minute(at)}."])


def _save(here: Session, file: str) -> None:
    from store.practice.saved import save_state

    rows = save_state(here.practice, Path(file))
    here.answer({"file": file, "rows": rows}, [f"Sparat i {file}. Ladda det med sob ovning scenario {file}"])


def _put_scenarios(here: Session) -> None:
    from store.practice.scenario_shelf import offered

    found = offered(own_scenarios())
    if here.common.json:
        put_json([{"name": one.path.stem, "title": one.title, "about": _about(one)} for one in found])
        return
    for one in found:
        put(f"{one.title} ({one.path.stem})")
        put(_about(one))
        put()


def _about(one: "Offered") -> str:
    """Return what a scenario is, when a state was saved, or why it can't be loaded."""
    if one.saved_at is not None:
        return f"Sparad {minute(one.saved_at)}."
    return one.fault or one.about


COMMANDS: dict[str, tuple[Callable[..., object], str]] = {
    "scenario": (scenario, "Gör om övningsmiljön med ett scenario, eller spara den som ett."),
    "kontrollera": (exercises.kontrollera, exercises.HELP),
    "klocka": (
        klocka,
        "Ställ fram övningsmiljöns klocka: det som skulle ha hänt på vägen händer. Den går aldrig bakåt.",
    ),
    **courses.COMMANDS,
    **results.COMMANDS,
    **training.COMMANDS,
}


def _crowd(number: str | None, seed: str | None) -> Crowd | None:
    """Return how many moments are asked for.

    Raises:
        Refused: it is no number, or too large; a seed stands alone.
    """
    if number is None:
        if seed is not None:
            raise Refused("--fro hör ihop med --stor.", field="fro")
        return None
    most = f"{MOST_MOMENTS:,}".replace(",", " ")
    if not re.fullmatch("[0-9]{1,9}", number) or not 1 <= int(number) <= MOST_MOMENTS:
        raise Refused(f"Ange antalet moment med siffror, från 1 till {most}: --stor 5000.", field="stor")
    return Crowd(int(number), Crowd(0).seed if seed is None else seed)


def _play(here: Session, personnummer: str, *, fresh: bool, without_app: bool, crowd: Crowd | None) -> int:
    if here.common.som is not None:
        raise UsageFault("Ange antingen --som eller --invanare. Öppna den andra i en egen terminal.")
    if without_app:
        raise UsageFault("Ange antingen --invanare eller --utan-app.")
    if crowd is not None:
        raise UsageFault("Ange antingen --invanare eller --stor.")
    return play(here.common, personnummer, fresh=fresh)


def _put_cast(here: Session, *, fresh: bool, crowd: Crowd | None) -> None:
    place = practice_store(here.common.store)
    store = open_practice(place, fresh=fresh, show=bar, confirmed=here.common.ja, crowd=crowd)
    for sentence in store.said:
        tell(sentence)
    try:
        cast = cast_of(store)
    finally:
        store.close()
    if here.common.json:
        put_json({"store": _address(store.engine.url), "cast": [member._asdict() for member in cast]})
        return
    put(f"Övningsmiljön är klar: {_address(store.engine.url)}")
    put("Ange någon av dessa med --som:")
    table = Table("HSA-id", "Namn", "Enhet", "Roller")
    table.put([_row(who) for who in cast], heading=True, indent="  ")


def _address(url: str) -> str:
    """Return an address without its user and password."""
    return re.sub("(?<=://)[^/@]+@", "", url)


def _row(who: CastMember) -> tuple[str, str, str, str]:
    unit = f"{who.unit_name} ({who.unit_hsa_id})" if who.unit_hsa_id else who.unit_name
    return who.hsa_id, who.name, unit, ", ".join(who.roles)
