"""`sob exportera`: takes the moments of a program out of the store, for somebody and for a purpose (domain.md §11)."""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from sob_tui.asking import ask, somebody_is_there
from sob_tui.commands.backups import ended_tidily
from sob_tui.commands.parameters import VisaSkyddade
from sob_tui.commands.session import Session
from sob_tui.commands.words import counted
from sob_tui.options import UsageFault
from sob_tui.printing import tell
from sob_tui.progress import bar
from sob_tui.settings import configured_store
from store.foundation.errors import Refused
from store.foundation.text import shortened

if TYPE_CHECKING:
    from store.care.export_choice import Choice, Part
    from store.export.exporting import Done
    from store.export.pseudonyms import Pseudonyms
    from store.foundation.identity import PersonalNumber

HELP = "Exportera ett programs moment till en fil, för den som är dataadministratör."

T = TypeVar("T")

FORMATS = "xml, csv, fhir, fhir-ndjson"
IDENTITIES = "full, kon-alder, pseudonym"
LIVES = "pagaende, avslutat"
PARTS = "handelser, planer, matbatteri, ovriga"
Program = Annotated[str, typer.Argument(metavar="PROGRAM", help="Programmets id.")]
Filformat = Annotated[str | None, typer.Option("--format", metavar="FORMAT", help=f"En av {FORMATS}.")]
Identitet = Annotated[
    str | None,
    typer.Option("--identitet", metavar="SLAG", help=f"Vad som står om vem invånaren är: {IDENTITIES}."),
]
Status = Annotated[
    str | None,
    typer.Option("--status", metavar="STATUS", help=f"{LIVES}. Vidmakthållande läge räknas som pågående."),
]
Fran = Annotated[
    str | None, typer.Option("--fran", metavar="DATUM", help="Moment som startade den dagen eller senare.")
]
TillOchMed = Annotated[
    str | None,
    typer.Option("--till-och-med", metavar="DATUM", help="Moment som startade den dagen eller tidigare."),
]
Personnummer = Annotated[
    list[str] | None,
    typer.Option("--personnummer", metavar="PERSONNUMMER", help="Bara den invånaren; kan anges flera gånger."),
]
Delar = Annotated[
    str | None,
    typer.Option("--delar", metavar="DELAR", help=f"Vad som är med utöver det fasta, med komma emellan: {PARTS}."),
]
Mottagare = Annotated[
    str | None, typer.Option("--mottagare", metavar="TEXT", help="Vem som ska ha exporten. Det loggas.")
]
Andamal = Annotated[
    str | None, typer.Option("--andamal", metavar="TEXT", help="Vad exporten ska användas till. Det loggas.")
]
Till = Annotated[Path | None, typer.Option("--till", metavar="MAPP", help="Mappen där filen skrivs.")]


def exportera(
    ctx: typer.Context,
    program: Program,
    format: Filformat = None,
    identitet: Identitet = None,
    status: Status = None,
    fran: Fran = None,
    till_och_med: TillOchMed = None,
    personnummer: Personnummer = None,
    delar: Delar = None,
    mottagare: Mottagare = None,
    andamal: Andamal = None,
    till: Till = None,
    visa_skyddade: VisaSkyddade = False,
) -> None:
    """Ask for what is not given, say what will be exported, and export it."""
    from store.care.export_choice import Choice, Identity, Life, check_period, count_export, text_given
    from store.export.exporting import Format, export_to

    here = Session(ctx)
    with here.reading_for(count_export):
        form = _given(format, "format", f"Format ({FORMATS})", _one_of(Format, "format"))
        identity = _given(identitet, "identitet", f"Identitet ({IDENTITIES})", _one_of(Identity, "identitet"))
        life = _given(status, "status", f"Status ({LIVES})", _one_of(Life, "status"))
        first, last = _day(fran, "fran"), _day(till_och_med, "till-och-med")
        check_period(first, last)
        choice = Choice(
            program=program,
            life=life,
            identity=identity,
            parts=_parts(delar),
            first=first,
            last=last,
            numbers=tuple(_number(here, text) for text in personnummer or ()),
            reveals=visa_skyddade,
            recipient=_given(
                mottagare, "mottagare", "Mottagare", lambda text: text_given(text, "mottagare", what="mottagaren")
            ),
            purpose=_given(andamal, "andamal", "Ändamål", lambda text: text_given(text, "andamal", what="ändamålet")),
        )
        folder = _given(till, "till", "Mapp", _folder)
    _tell_what(here, choice)
    pseudonyms = _pseudonyms(here, choice) if identity is Identity.PSEUDONYM else None
    with ended_tidily(), bar("Exporterar") as progress:
        done = export_to(here.store, here.staff, choice, form, folder, pseudonyms, progress)
    here.answer(_json(done, choice), list(_told(done, choice)))


def _tell_what(here: Session, choice: "Choice") -> None:
    """Say how much will be exported, and what the kind of identity means for it."""
    from store.care.export_choice import count_export
    from store.export.words import NOTES

    with here.store.read(here.staff) as work:
        count = count_export(work, choice)
    what = f"{counted(count.moments, 'moment', 'moment')} ({counted(count.residents, 'invånare', 'invånare')})"
    tell(f"{count.title}: {what} exporteras.")
    if note := NOTES[choice.identity]:
        tell(note)


def _given(given: str | Path | None, option: str, question: str, read: Callable[[str], T]) -> T:
    """Return what an option says, else what is answered at the terminal."""
    if given is not None:
        return read(str(given))
    if not somebody_is_there():
        raise UsageFault(f"Flaggan --{option} saknas. Se sob exportera --help.", field=option)
    return ask(question, read)


def _one_of(kind: Callable[[str], T], field: str) -> Callable[[str], T]:
    """Return what reads one of an enumeration's words."""
    allowed = {"format": FORMATS, "identitet": IDENTITIES, "status": LIVES}[field]

    def read(text: str) -> T:
        try:
            return kind(text.strip().lower())
        except ValueError:
            raise Refused(f"{field.capitalize()} kan vara {allowed}.", field=field) from None

    return read


def _parts(text: str | None) -> "frozenset[Part]":
    from store.care.export_choice import Part

    def read(typed: str) -> frozenset[Part]:
        words = [word.strip().lower() for word in typed.split(",") if word.strip()]
        unknown = [word for word in words if word not in set(Part)]
        if unknown:
            raise Refused(f"Delen {unknown[0]} finns inte. Delarna är {PARTS}.", field="delar")
        return frozenset(map(Part, words))

    if text is None and not somebody_is_there():
        return frozenset()
    return _given(text, "delar", f"Delar ({PARTS}; tomt för inga)", read)


def _day(text: str | None, field: str) -> date | None:
    from store.views.journal import day_given

    return None if text is None else day_given(text, field)


def _number(here: Session, text: str) -> "PersonalNumber":
    from store.foundation.clock import local_day
    from store.foundation.identity import PersonalNumber

    return PersonalNumber.parse(text, local_day(here.store.clock()))


def _folder(text: str) -> Path:
    folder = Path(text).expanduser()
    if not text.strip() or not folder.is_dir():
        raise Refused(f"Mappen {shortened(text, 200)} finns inte. Ange en mapp som finns.", field="till")
    return folder


def _pseudonyms(here: Session, choice: "Choice") -> "Pseudonyms":
    """Return the pseudonyms for the recipient, once it is said where others had been made with a key that is lost."""
    from sob_tui.keys.pseudonym_key import PseudonymKey
    from store.care.exports import check_pseudonyms
    from store.export.pseudonyms import Pseudonyms

    kept = PseudonymKey(here.store, configured_store(here.common.store))
    pseudonyms = Pseudonyms(kept.key, choice.recipient)
    with here.store.read(here.staff) as work:
        check_pseudonyms(work, choice.recipient, pseudonyms.key_id, confirmed=here.common.ja)
    kept.keep()
    return pseudonyms


def _json(done: "Done", choice: "Choice") -> dict[str, object]:
    return {
        "export": str(done.export),
        "file": str(done.place),
        "moments": done.moments,
        "residents": done.counted.residents,
        "protected": done.counted.protected,
        "revealed": choice.reveals,
    }


def _told(done: "Done", choice: "Choice") -> Sequence[str]:
    protected = done.counted.protected
    lines = [f"{counted(done.moments, 'moment', 'moment')} exporterade till {done.place}"]
    if protected:
        whose = f"{counted(protected, 'moment', 'moment')} med skyddade personuppgifter"
        lines.append(f"{whose} är med." if choice.reveals else f"{whose} lämnades utanför.")
    lines.append("Filen är utanför programmets skydd: ansvara för var den ligger, och radera den när den inte behövs.")
    return lines
