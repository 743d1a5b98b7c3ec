"""`sob ovning`: the practice environment."""

import re
from typing import Annotated

import typer

from sob_tui.commands.session import Session
from sob_tui.launch import play, practise
from sob_tui.options import UsageFault
from sob_tui.printing import Table, put, put_json, tell
from sob_tui.progress import bar
from sob_tui.settings import practice_store
from store.practice import CastMember, cast_of, open_practice

HELP = """Öppna appen på övningsmiljön, som skapas om den inte finns.
Utan --store och SOB_STORE ligger den i din datamapp."""


def ovning(
    ctx: typer.Context,
    nollstall: Annotated[
        bool, typer.Option("--nollstall", help="Börja om från början med en ny övningsmiljö.")
    ] = False,
    utan_app: Annotated[bool, typer.Option("--utan-app", help="Skapa övningsmiljön utan att öppna appen.")] = False,
    invanare: Annotated[
        str | None,
        typer.Option("--invanare", metavar="PERSONNUMMER", help="Öppna invånarens sida, i en egen terminal."),
    ] = None,
) -> int:
    """Make the practice store, and open the app on it, as staff or as a resident, or tell whom one can be there."""
    here = Session(ctx)
    if invanare is not None:
        return _play(here, invanare, fresh=nollstall, without_app=utan_app)
    if not utan_app:
        return practise(here.common, fresh=nollstall)
    _put_cast(here, fresh=nollstall)
    return 0


def _play(here: Session, personnummer: str, *, fresh: bool, without_app: bool) -> int:
    if here.common.som is not None:
        raise UsageFault("Ange antingen --som eller --invanare. Öppna den andra i en egen terminal.")
    if without_app:
        raise UsageFault("Ange antingen --invanare eller --utan-app.")
    return play(here.common, personnummer, fresh=fresh)


def _put_cast(here: Session, *, fresh: bool) -> None:
    place = practice_store(here.common.store)
    store = open_practice(place, fresh=fresh, show=bar, confirmed=here.common.ja)
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
