"""`sob init`: makes a real store, with its keys, its first unit and an invitation for its first person."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from shlex import quote
from typing import TYPE_CHECKING, Annotated, NamedTuple

import typer

from sob_tui.asking import ask, somebody_is_there
from sob_tui.commands.init_places import InFile, OnServer, OperatorRole, Place, RuntimeRole, fencing
from sob_tui.commands.keys import KeyFile, PassphraseFile
from sob_tui.commands.session import Session, operator
from sob_tui.options import Common, UsageFault
from sob_tui.settings import configured_store
from store.foundation.contact import parse_region
from store.foundation.errors import Refused
from store.foundation.hsa_id import HsaId
from store.foundation.text import clean_name

if TYPE_CHECKING:
    from sob_tui.keys.places import KeyPlace
    from store.foundation.work import Work
    from store.people.first_unit import First

HELP = """Gör en skarp databas: nycklar, vårdgivare, en enhet och en inbjudan till den första personen. Frågar efter det
som inte är angivet, om någon sitter vid terminalen."""


class Asked(NamedTuple):
    """A question for what an option did not say."""

    option: str
    question: str
    read: Callable[[str], str]


QUESTIONS = (
    Asked("vardgivare", "Vårdgivarens HSA-id", lambda typed: HsaId.parse(typed, field="vardgivare").value),
    Asked("vardgivarnamn", "Vårdgivarens namn", lambda typed: clean_name(typed, "vardgivarnamn")),
    Asked("enhet", "Den första enhetens HSA-id", lambda typed: HsaId.parse(typed, field="enhet").value),
    Asked("enhetsnamn", "Enhetens namn", lambda typed: clean_name(typed, "enhetsnamn")),
    Asked("region", "Enhetens region, länets två siffror", parse_region),
    Asked("forsta", "Den första personens HSA-id", lambda typed: HsaId.parse(typed, field="forsta").value),
    Asked("efternamn", "Personens efternamn", lambda typed: clean_name(typed, "efternamn")),
    Asked("fornamn", "Personens förnamn", lambda typed: clean_name(typed, "fornamn")),
)
"""In the order of the fields of `First`."""
Vardgivare = Annotated[str | None, typer.Option("--vardgivare", metavar="HSA-ID", help="Vårdgivarens HSA-id.")]
Vardgivarnamn = Annotated[str | None, typer.Option("--vardgivarnamn", metavar="TEXT", help="Vårdgivarens namn.")]
Enhetsnamn = Annotated[
    str | None, typer.Option("--enhetsnamn", metavar="TEXT", help="Enhetens namn; dess HSA-id är --enhet.")
]
Region = Annotated[str | None, typer.Option("--region", metavar="NN", help="Enhetens region: länets två siffror.")]
Forsta = Annotated[
    str | None, typer.Option("--forsta", metavar="HSA-ID", help="Den första personen, som släpper in de andra.")
]
Efternamn = Annotated[str | None, typer.Option("--efternamn", metavar="TEXT", help="Den första personens efternamn.")]
Fornamn = Annotated[str | None, typer.Option("--fornamn", metavar="TEXT", help="Den första personens förnamn.")]
Nyckel = Annotated[
    str | None,
    typer.Option("--nyckel", metavar="SLAG", help="Var nycklarna ska ligga: nyckelring, fil eller losenfras."),
]
Aterstallningsnyckel = Annotated[
    Path | None,
    typer.Option(
        "--aterstallningsnyckel",
        metavar="FIL",
        help="Skriv återställningsnyckeln till en ny fil, för skript. Annars visas den en gång.",
    ),
]
Prova = Annotated[bool, typer.Option("--prova", help="Säg vad som skulle göras, och gör ingenting.")]


def init(
    ctx: typer.Context,
    vardgivare: Vardgivare = None,
    vardgivarnamn: Vardgivarnamn = None,
    enhetsnamn: Enhetsnamn = None,
    region: Region = None,
    forsta: Forsta = None,
    efternamn: Efternamn = None,
    fornamn: Fornamn = None,
    nyckel: Nyckel = None,
    nyckelfil: KeyFile = None,
    nyckelfras_fil: PassphraseFile = None,
    aterstallningsnyckel: Aterstallningsnyckel = None,
    roll: RuntimeRole = None,
    driftroll: OperatorRole = None,
    prova: Prova = False,
) -> None:
    """Make a real store."""
    from sob_tui.keys.choosing import Choice, choose
    from sob_tui.keys.making import new_uuid
    from store.foundation.keys import new_keys
    from store.people.first_unit import First

    here = Session(ctx)
    if here.common.som is not None:
        raise UsageFault("Kommandot är driftens. Ta bort --som.", field="som")
    where = _place(here.common, roll, driftroll)
    where.require_free()
    _require_paper_place(aterstallningsnyckel)
    given = (vardgivare, vardgivarnamn, here.common.enhet, enhetsnamn, region, forsta, efternamn, fornamn)
    first = First(*(_answer(one, typed) for one, typed in zip(QUESTIONS, given, strict=True))).checked()
    place, keeper = choose(Choice(nyckel, nyckelfil, nyckelfras_fil), new_uuid())
    if prova:
        here.answer({"invitation": None}, _plan(where, first, place, aterstallningsnyckel))
        return
    with _paper(aterstallningsnyckel) as paper:
        actor = operator(here.common.som_driften)
        code = where.make(place, keeper, new_keys(), paper, actor, partial(_begin, first))
    here.answer({"invitation": code}, _told(where, first, code))


def _begin(first: "First", work: "Work") -> str:
    """Write what the store begins with; returns the first person's invitation."""
    from store.people.first_unit import begin_store
    from store.people.invitations import invite

    begin_store(work, first)
    return invite(work, first.hsa_id)


def _place(common: Common, runtime: str | None, operators: str | None) -> Place:
    """Return where the store is to lie."""
    from sob_tui.keys.places import file_of

    try:
        place = configured_store(common.store)
    except UsageFault:
        if not somebody_is_there():
            raise UsageFault("Ange var databasen ska ligga med --store PLATS.", field="store") from None
        place = ask("Databasens fil med sökväg, eller adressen till en tom databas på PostgreSQL", _needed)
    path = file_of(place)
    if path is not None:
        if runtime or operators:
            raise UsageFault("--roll och --driftroll gäller bara PostgreSQL.", field="roll")
        return InFile(path.absolute())
    return OnServer(place, fencing(runtime, operators))


def _needed(typed: str) -> str:
    if not typed:
        raise Refused("Ange en fil.", field="store")
    return typed


def _answer(asked: Asked, typed: str | None) -> str:
    """Return what an option says, else what is answered at the terminal."""
    if typed is not None:
        return typed
    if not somebody_is_there():
        raise UsageFault(f"Flaggan --{asked.option} saknas. Se sob init --help.", field=asked.option)
    return ask(asked.question, asked.read)


def _require_paper_place(file: Path | None) -> None:
    if file is None and not somebody_is_there():
        raise UsageFault(
            "Ange en ny fil för återställningsnyckeln med --aterstallningsnyckel FIL.", field="aterstallningsnyckel"
        )
    if file is not None and file.exists():
        raise Refused(f"Filen {file} finns redan. Ange en annan.", field="aterstallningsnyckel")


@contextmanager
def _paper(file: Path | None) -> Iterator[str]:
    """Give a new recovery key, once it is on paper or in a file; the file goes where no store comes of it."""
    from sob_tui.keys.paper import show_and_check, write_paper
    from store.foundation.recovery import new_recovery_key

    key = new_recovery_key()
    if file is None:
        show_and_check(key)
    else:
        write_paper(file, key)
    try:
        yield key
    except BaseException:
        if file is not None:
            file.unlink(missing_ok=True)  # it opens nothing
        raise


def _plan(store: Place, first: "First", place: "KeyPlace", paper: Path | None) -> list[str]:
    from sob_tui.keys.places import FILE, KEYRING, PASSPHRASE

    where = {
        KEYRING: "i systemets nyckelring",
        FILE: f"i {place.file} och {place.file}.logg, bara läsbara för ägaren",
        PASSPHRASE: f"i {place.file} och {place.file}.logg, som en lösenfras öppnar",
    }
    return [
        *store.planned(),
        f"Vårdgivare: {first.provider_name} ({first.provider_hsa_id})",
        f"Enhet: {first.unit_name} ({first.unit_hsa_id}), region {first.region}",
        f"Första person: {first.given_name} {first.family_name} ({first.hsa_id}), behörighetsadministratör på enheten "
        "och vårdgivaradministratör",
        f"Nycklar: {where[place.kind]}",
        f"Återställningsnyckel: {f'skrivs till {paper}' if paper else 'visas en gång'}",
        "Ingenting är gjort.",
    ]


def _told(store: Place, first: "First", code: str) -> list[str]:
    from store.people.invitations import DAYS

    return [
        f"Inbjudan: {code}",
        f"Den gäller en gång, i {DAYS} dagar, för {first.given_name} {first.family_name}: sob logga in "
        f"--store {quote(store.option)} --som {first.hsa_id} --inbjudan KOD",
        *store.told(),
    ]
