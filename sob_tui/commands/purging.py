"""`sob gallra`: what is due, a purge of it, what stops one, and certificates (domain.md §3.7)."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sob_tui.asking import ask, somebody_is_there
from sob_tui.commands.parameters import Moment
from sob_tui.commands.session import Session, moment_id
from sob_tui.commands.words import counted
from sob_tui.options import UsageFault
from sob_tui.printing import Table, put, tell
from sob_tui.progress import bar
from store.foundation.errors import Refused
from store.foundation.files import file_content, write_new

if TYPE_CHECKING:
    from store.views.purge_list import DueList, Line

HELP = """Visa vad som ska gallras, och gallra det, för den som är dataadministratör. Utan flaggor visas listan:
det som är försenat eller ska gallras inom 90 dagar, det äldsta först, och invånare som har varit utan moment i 12
månader."""

EXPORT_FIRST = "Ska något sparas? Exportera det först, med sob exportera. Det som är gallrat går inte att få tillbaka."
CertificateFile = Annotated[
    Path | None, typer.Option("--intyg", metavar="FIL", help="Skriv intyget till filen, som inte får finnas.")
]


def gallra(
    ctx: typer.Context,
    moment: Annotated[
        list[str] | None, typer.Option("--moment", metavar="ID", help="Gallra momentet; kan anges flera gånger.")
    ] = None,
    invanare: Annotated[
        list[str] | None,
        typer.Option(
            "--invanare",
            metavar="ID",
            help="Gallra invånaren, som har varit utan moment i 12 månader; kan anges flera gånger.",
        ),
    ] = None,
    alla_forfallna: Annotated[
        bool,
        typer.Option(
            "--alla-forfallna",
            help="Gallra alla avslutade moment vars Gallras senast har kommit, och alla invånare utan moment.",
        ),
    ] = False,
    fram_till: Annotated[
        str | None,
        typer.Option("--fram-till", metavar="DATUM", help="Med --alla-forfallna: också de som ska gallras till dess."),
    ] = None,
    antal: Annotated[
        str | None, typer.Option("--antal", metavar="N", help="Hur många som gallras; annars frågas det.")
    ] = None,
    fortsatt: Annotated[bool, typer.Option("--fortsatt", help="Fortsätt en gallring som avbröts.")] = False,
    intyg: CertificateFile = None,
    alla_avslutade: Annotated[
        bool, typer.Option("--alla-avslutade", help="Visa alla avslutade moment, också de med längre tid kvar.")
    ] = False,
) -> None:
    """Print what is due, or purge."""
    if ctx.invoked_subcommand is not None:
        return
    here = Session(ctx)
    one_by_one = bool(moment or invanare)
    _refuse_mixtures(one_by_one, alla_forfallna, fram_till, fortsatt)
    if not (one_by_one or alla_forfallna or fortsatt):
        if antal is not None or intyg is not None:
            raise UsageFault("--antal och --intyg hör till --moment, --invanare och --alla-forfallna.", field="moment")
        _put_list(here, all_ended=alla_avslutade)
        return
    _refuse_place(intyg)
    number = (
        _under_way(here) if fortsatt else _begun(here, *_chosen(here, moment or [], invanare or [], fram_till), antal)
    )
    _carry_out(here, number, intyg)


def _refuse_mixtures(one_by_one: bool, everything: bool, until: str | None, going_on: bool) -> None:
    if one_by_one + everything + going_on > 1:
        raise UsageFault("Ange ett av --moment och --invanare, --alla-forfallna, och --fortsatt.", field="moment")
    if until is not None and not everything:
        raise UsageFault("--fram-till hör till --alla-forfallna.", field="fram-till")


def _refuse_place(file: Path | None) -> None:
    """Refuse a file that can't come to be, before anything is erased."""
    if file is None:
        return
    if file.exists():
        raise Refused(f"Filen {file} finns redan. Ange en annan.", field="intyg")
    if not file.absolute().parent.is_dir():
        raise Refused(f"Mappen {file.absolute().parent} finns inte. Ingenting är gallrat.", field="intyg")


def _put_list(here: Session, *, all_ended: bool) -> None:
    from store.views.purge_list import open_purges, purge_list

    with here.store.read(here.staff) as work:
        open_purges(work)
        found = purge_list(work, all_ended=all_ended)
    if here.common.json:
        here.answer(_json(found), [])
        return
    moments = [_row(line) for line in found.lines if not line.resident]
    alone = [_row_alone(line) for line in found.lines if line.resident]
    if moments:
        Table("ID", "Gallras senast", "", "Personnummer", "Namn", "Program", "").put(moments, heading=True)
    if alone:
        put("Invånare utan moment i 12 månader:")
        Table("ID", "Gallras senast", "", "Personnummer", "Namn", "I registret").put(alone, heading=True)
    for sentence in _said(found):
        put(sentence)


def _row(line: "Line") -> list[str]:
    return [str(line.id), line.purge_by, line.due, line.personnummer, line.name, line.program, why_not(line)]


def _row_alone(line: "Line") -> list[str]:
    return [str(line.resident), line.purge_by, line.due, line.personnummer, line.name, line.registered_on]


def why_not(line: "Line") -> str:
    """Return what stands against purging a moment; empty where nothing does."""
    if line.stop_until:
        return f"stopp till och med {line.stop_until}: {line.stop} ({line.stop_by})"
    return "" if line.can_be_purged else f"pågår, avslutas av {line.clinician}"


def _said(found: "DueList") -> Iterator[str]:
    if not found.lines:
        yield "Inget ska gallras inom 90 dagar."
    if found.total > len(found.lines):
        yield f"{found.total - len(found.lines)} till visas inte."
    if not found.decision:
        yield "Gallringsbeslut saknas. Utan det går det inte att gallra."
    if unfinished := found.unfinished:
        left = f"{unfinished.left} av {unfinished.chosen} återstår"
        yield f"En gallring avbröts: {left}. Fortsätt den med sob gallra --fortsatt."


def _json(found: "DueList") -> dict[str, Any]:
    return {
        "decision": found.decision,
        "total": found.total,
        "unfinished": None
        if found.unfinished is None
        else {"purge": str(found.unfinished.id), "chosen": found.unfinished.chosen, "left": found.unfinished.left},
        "moments": [
            {
                "id": str(line.id),
                "personnummer": line.personnummer or None,
                "name": line.name if line.personnummer else None,
                "program": line.program,
                "status": line.status,
                "purge_by": line.purge_by,
                "due": line.due,
                "clinician": line.clinician,
                "stop": {"ground": line.stop, "until": line.stop_until, "by": line.stop_by}
                if line.stop_until
                else None,
            }
            for line in found.lines
            if not line.resident
        ],
        "residents": [
            {
                "id": str(line.resident),
                "personnummer": line.personnummer or None,
                "name": line.name if line.personnummer else None,
                "registered_on": line.registered_on,
                "purge_by": line.purge_by,
                "due": line.due,
            }
            for line in found.lines
            if line.resident
        ],
    }


def _chosen(here: Session, moments: list[str], residents: list[str], until: str | None) -> tuple[list[int], list[int]]:
    """Return the moments, and the residents without any, that are to be purged."""
    from store.care.purges import begin_purge
    from store.foundation.clock import local_day
    from store.views.journal import day_given
    from store.views.purge_list import purgeable, purgeable_residents

    if moments or residents:
        return [moment_id(text) for text in moments], [moment_id(text) for text in residents]
    with here.reading_for(begin_purge):
        last = day_given(until or "", "fram-till") or local_day(here.store.clock())
    with here.store.read(here.staff) as work:
        return purgeable(work, last), purgeable_residents(work)


def _begun(here: Session, moments: list[int], residents: list[int], antal: str | None) -> int:
    from store.care.purges import begin_purge
    from store.care.purges import counted as counted_purged

    many = len(set(moments)), len(set(residents))
    if antal is None and not somebody_is_there():
        raise UsageFault("Flaggan --antal saknas: skriv hur många som gallras.", field="antal")
    if antal is None and any(many):
        tell(EXPORT_FIRST)
        typed = ask(f"{counted_purged(*many)} gallras för alltid. Skriv antalet", _number)
    else:
        with here.reading_for(begin_purge):
            typed = _number(antal or "0")
    with here.store.work(here.staff) as work:
        return begin_purge(work, moments, typed, residents, confirmed=here.common.ja)


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise Refused("Antalet skrivs med siffror. Ingenting är gallrat.", field="antal")
    return int(text)


def _under_way(here: Session) -> int:
    from store.care.purges import purge_under_way

    with here.store.read(here.staff) as work:
        found = purge_under_way(work)
    if found is None:
        raise Refused("Ingen gallring på enheten är avbruten.")
    return found[0]


def _carry_out(here: Session, number: int, intyg: Path | None) -> None:
    from sob_tui.purging import forget_drafts, signer_for
    from store.purge.certificate import read_certificate
    from store.purge.purging import carry_out_purge

    signer = signer_for(here.store)
    with bar("Gallrar") as progress:
        content = carry_out_purge(here.store, here.staff, number, signer, progress, forget_drafts=forget_drafts)
    if intyg is not None:
        write_new(intyg, content.encode())
    done = read_certificate(content, signer.key.public_key().public_bytes_raw())
    lines = [f"{counted(done['moments'], 'moment är gallrat', 'moment är gallrade')}."]
    if done["unused"]:
        lines.append(f"{done['unused']} invånare utan moment är ur registret.")
    if done["left"]:
        lines.append(f"{done['left']} blev kvar: de har fått gallringsstopp eller ett moment, eller lämnat enheten.")
    lines.extend(f"Finns kvar: {one}" for one in done["remains"])
    where = f"Intyget är sparat i {intyg}." if intyg else f"Intyget: sob gallra intyg {number}"
    here.answer(
        {
            "purge": str(number),
            "moments": done["moments"],
            "left": done["left"],
            "residents": done["residents"],
            "unused": done["unused"],
            "certificate": intyg and str(intyg),
        },
        [*lines, where],
    )


def stopp(
    ctx: typer.Context,
    moment: Moment,
    grund: Annotated[str, typer.Option("--grund", metavar="TEXT", help="Varför det inte får gallras.")],
    till: Annotated[str, typer.Option("--till", metavar="DATUM", help="Stoppets sista dag.")],
    invanaren: Annotated[
        bool, typer.Option("--invanaren", help="Stoppa alla moment som invånaren har på enheten.")
    ] = False,
) -> None:
    """Keep a moment from being purged."""
    from store.care.purge_stops import stop_purge

    here = Session(ctx)
    number = moment_id(moment)
    with here.reading_for(stop_purge, number):
        last = _last_day(till)
    with here.work() as work:
        stop_purge(work, number, grund, last, of_resident=invanaren)
    here.answer({"moment": moment, "until": last.isoformat()}, [f"Gallringsstopp till och med {last.isoformat()}."])


def _last_day(text: str) -> date:
    from store.views.journal import day_given

    if (found := day_given(text, "till")) is None:
        raise Refused("Ange stoppets sista dag.", field="till")
    return found


def hav(ctx: typer.Context, moment: Moment) -> None:
    """Lift what keeps a moment from being purged."""
    from store.care.purge_stops import lift_stop

    here = Session(ctx)
    with here.work() as work:
        lift_stop(work, moment_id(moment))
    here.answer({"moment": moment}, ["Gallringsstoppet är hävt."])


def intyg(
    ctx: typer.Context,
    gallring: Annotated[str | None, typer.Argument(metavar="GALLRING", help="Gallringens nummer.")] = None,
    fil: CertificateFile = None,
) -> None:
    """Print the certificate of a purge, or write it to a file."""
    from store.care.purge_facts import purge_certificate

    here = Session(ctx)
    with here.store.read(here.staff) as work:
        content = purge_certificate(work, None if gallring is None else moment_id(gallring))
    if fil is not None:
        write_new(fil, content.encode())
        here.answer({"certificate": str(fil)}, [f"Intyget är sparat i {fil}."])
        return
    here.answer({"certificate": content}, content.splitlines())


def kontrollera_intyg(
    ctx: typer.Context,
    fil: Annotated[Path, typer.Argument(metavar="FIL", help="Intyget.")],
    nyckel: Annotated[
        Path | None, typer.Option("--nyckel", metavar="FIL", help="Driftens öppna nyckel (Ed25519, base64).")
    ] = None,
) -> None:
    """Check a certificate, without any store."""
    from sob_tui.keys.signing_key import read_public
    from store.purge.certificate import NO_CERTIFICATE, fingerprint, read_certificate

    here = Session(ctx)
    try:
        content = file_content(fil, most=1_000_000).decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Refused(NO_CERTIFICATE, field="fil") from None
    found = read_certificate(content, None if nyckel is None else read_public(nyckel, "nyckel"))
    said = [f"Intyget stämmer: {counted(found['moments'], 'moment', 'moment')}, klart {found['finished']}."]
    if nyckel is None:
        said.append(f"Det är underskrivet med nyckeln {fingerprint(found)}. Jämför med driftens.")
    here.answer({"holds": True, "moments": found["moments"], "key": fingerprint(found)}, said)


COMMANDS: dict[str, tuple[Callable[..., None], str]] = {
    "stopp": (stopp, "Stoppa gallringen av ett moment, med grund och sista dag."),
    "hav": (hav, "Häv ett gallringsstopp."),
    "intyg": (intyg, "Visa intyget för en gallring, eller spara det. Utan nummer: den senaste."),
    "kontrollera-intyg": (kontrollera_intyg, "Kontrollera ett intyg, utan databas."),
}
