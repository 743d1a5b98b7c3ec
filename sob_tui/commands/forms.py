"""`sob formular`: questionnaire files, and the answers of a moment."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sob_tui.commands.answers import put_answer
from sob_tui.commands.files import content, text
from sob_tui.commands.history import offer_journal, offered_journal
from sob_tui.commands.parameters import File, Moment
from sob_tui.commands.session import Session, moment_id
from sob_tui.options import UsageFault
from store.foundation.errors import Refused

if TYPE_CHECKING:
    from store.care.questionnaire.shape import Item, Questionnaire

HELP = "Läs, poängsätt och installera formulär, och hantera svar."

Answer = Annotated[str, typer.Argument(metavar="SVAR-ID", help="Svarets id, som sob visa skriver det.")]
FormId = Annotated[str, typer.Argument(metavar="FORMULAR", help="Formulärets id.")]


@dataclass(frozen=True)
class Checked:
    """What `kontrollera` tells of a file: the form, None where it can't be read, and the faults, where and what."""

    form: "Questionnaire | None"
    weights: tuple[tuple[float, ...] | None, ...]
    """Each item's."""
    faults: tuple[tuple[str, str], ...]


def checked(content: bytes) -> Checked:
    """Return what a file asks and every fault in it."""
    from store.care.questionnaire.reader import read_questionnaire
    from store.care.questionnaire.scoring import can_be_scored
    from store.care.questionnaire.unsupported import why_unanswerable
    from store.care.questionnaire.weights import weights_of

    read = read_questionnaire(content)
    form = read.questionnaire
    faults = [(fault.where, fault.message) for fault in read.faults]
    if form is not None and (why := why_unanswerable(form)):
        faults.append(("formuläret", f"Det går inte att installera. {why}"))
    elif form is not None and not can_be_scored(form):
        faults.append(
            ("formuläret", "Det kan besvaras men inte poängsättas: ingen fråga har vikter eller ett högsta tal.")
        )
    return Checked(form, tuple(weights_of(item) for item in form.items) if form else (), tuple(faults))


def kontrollera(ctx: typer.Context, fil: File) -> None:
    """Say whether a file can be read as a form, what it asks, and every fault in it. Needs no store."""
    from store.care.questionnaire.reader import MOST_BYTES

    here = Session(ctx)
    found = checked(content(fil, most=MOST_BYTES + 1))
    form = found.form
    items = list(zip(form.items, found.weights, strict=True)) if form else []
    answer = {
        "readable": form is not None,
        "title": None if form is None else form.title,
        "items": [
            {
                "linkId": item.link_id,
                "text": item.text,
                "type": item.type.value,
                "weights": None if weights is None else [_whole(weight) for weight in weights],
            }
            for item, weights in items
        ],
        "faults": [{"where": where, "message": message} for where, message in found.faults],
    }
    lines = [_line(item, weights) for item, weights in items]
    lines += [f"{where}: {message}" for where, message in found.faults]
    here.answer(answer, [*([form.title] if form else []), *lines, *([] if found.faults else ["Inga fel."])])
    if form is None:
        raise Refused("Filen går inte att läsa som formulär. Rätta felen och kontrollera igen.", field="fil")


def summera(
    ctx: typer.Context,
    fil: File,
    svar: Annotated[Path, typer.Argument(metavar="SVAR", help="Svaren som JSON.")],
    fragor: Annotated[str, typer.Option("--fragor", metavar="1,2,3", help="Vilka frågor som räknas: deras linkId.")],
) -> None:
    """Sum the named questions of an answer. Needs no store."""
    from store.care.questionnaire.answers import read_answers
    from store.care.questionnaire.scoring import figure, sum_of

    here = Session(ctx)
    # What is not answered is said by the sum, and only where it counts.
    form = _form(fil)
    form = replace(form, items=tuple(replace(item, required=False) for item in form.items))
    answers, faults = read_answers(form, _json(svar))
    if faults:
        raise Refused(" ".join(fault.message for fault in faults), field="svar")
    score, most = sum_of(form, [link.strip() for link in fragor.split(",") if link.strip()], answers)
    here.answer({"score": _whole(score), "max": _whole(most)}, [f"{figure(score)} av {figure(most)}"])


def installera(
    ctx: typer.Context,
    fil: File,
    namn: Annotated[str | None, typer.Option("--id", metavar="ID", help="Formulärets id; annars filens namn.")] = None,
    instrument: Annotated[
        str,
        typer.Option(
            "--instrument", metavar="ID", help="Vilket känt instrument det är, om det inte framgår av koderna."
        ),
    ] = "",
    koppla: Annotated[
        list[str] | None,
        typer.Option(
            "--koppla",
            metavar="LINKID=KOD",
            help="En fråga utan kod: vilken av instrumentets frågor den är, med LOINC-kod eller nummer. Flera går bra.",
        ),
    ] = None,
    risk: Annotated[
        list[str] | None,
        typer.Option(
            "--risk",
            metavar="LINKID=VÄRDE",
            help="Ett svar som ger en prioriterad flagga: vikt, kod eller text, ja eller nej, ett tal och däröver.",
        ),
    ] = None,
) -> None:
    """Install a form for the unit of `--som`, else for every unit."""
    from store.care.installed_forms import form_to_install, install_form
    from store.care.questionnaire.reader import MOST_BYTES

    here = Session(ctx)
    actor = here.staff_or_operator
    form = namn or fil.stem.lower().replace("_", "-")
    with here.reading_for(install_form, by=actor):
        file = content(fil, most=MOST_BYTES + 1)
        ready = form_to_install(form, file, instrument=instrument, mapping=_mapping(koppla or []), risks=risk or [])
    with here.store.work(actor) as work:
        scores = install_form(work, ready, confirmed=here.common.ja)
    scored = f"Poängsätts som {', '.join(scores)}." if scores else "Det går att besvara men poängsätts inte."
    lines = [f"Formuläret {form} är installerat. {scored}", *ready.said, *ready.warnings]
    here.answer({"form": form, "scores": scores, "said": [*ready.said, *ready.warnings]}, lines)


def risk(
    ctx: typer.Context,
    formular: FormId,
    risk: Annotated[
        list[str] | None,
        typer.Option(
            "--risk", metavar="LINKID=VÄRDE", help="Ett svar som ger en prioriterad flagga, i stället för de förra."
        ),
    ] = None,
    inga: Annotated[bool, typer.Option("--inga", help="Ta bort dem som enheten har angett.")] = False,
) -> None:
    """Say which answers to a form that is there already raise a flag, or name them anew."""
    from store.care.form_risks import form_risks, name_form_risks

    here = Session(ctx)
    if risk and inga:
        raise UsageFault("Ange antingen --risk eller --inga.")
    actor = here.staff_or_operator
    if risk or inga:
        with here.store.work(actor) as work:
            name_form_risks(work, formular, risk or [], confirmed=here.common.ja)
    with here.store.read(actor) as work:
        forms = {one.form: one for one in form_risks(work)}
    if formular not in forms:
        known = ", ".join(forms) or "inga"
        raise Refused(f"Enheten har inget eget formulär {formular}. De som finns är: {known}.", field="formular")
    found = forms[formular]
    answer = {"form": found.form, "title": found.title, "risks": list(found.named), "said": list(found.said)}
    said = [f"Prioriterad flagga vid svaret: {one}" for one in found.said] or ["Inget svar ger någon flagga."]
    here.answer(answer, [f"{found.title} ({found.form})", *said])


def las(ctx: typer.Context, moment: Moment, svar: Answer) -> None:
    """Mark an answer as read, and print it."""
    from store.care.form_answers import mark_answer_read
    from store.care.moments import moment_subject
    from store.views.form_pages import view_answer

    here = Session(ctx)
    with here.work() as work:
        page = view_answer(work, moment_id(moment), moment_id(svar))
        mark_answer_read(work, moment_id(moment), moment_id(svar))
        offered = offered_journal(work, moment_subject(work, moment_id(moment)))
    put_answer(here, replace(page, read_at=work.now))
    offer_journal(offered)


def olast(ctx: typer.Context, moment: Moment, svar: Answer) -> None:
    """Mark an answer as unread again."""
    from store.care.form_answers import mark_answer_unread

    here = Session(ctx)
    with here.work() as work:
        mark_answer_unread(work, moment_id(moment), moment_id(svar))
    here.answer({"id": moment, "answer": svar}, ["Formuläret är oläst igen."])


def begar(ctx: typer.Context, moment: Moment, formular: FormId) -> None:
    """Ask the resident for a measurement."""
    from store.care.measurements import request_form

    here = Session(ctx)
    with here.work() as work:
        request_form(work, moment_id(moment), formular)
    here.answer({"id": moment, "form": formular}, ["Mätningen är begärd."])


COMMANDS = {
    "kontrollera": (kontrollera, "Visa vad ett formulär (FHIR Questionnaire) frågar, dess vikter och alla fel."),
    "summera": (summera, "Räkna poäng på namngivna frågor i ett ifyllt formulär."),
    "installera": (installera, "Installera ett eget formulär på enheten."),
    "risk": (risk, "Visa eller ange vilka svar på ett av enhetens formulär som ger en prioriterad flagga."),
    "las": (las, "Markera ett svar som läst, och skriv ut det."),
    "olast": (olast, "Markera ett svar som oläst igen."),
    "begar": (begar, "Begär en mätning av invånaren."),
}


def _form(file: Path) -> "Questionnaire":
    from store.care.questionnaire.reader import MOST_BYTES, read_questionnaire

    read = read_questionnaire(content(file, most=MOST_BYTES + 1))
    if read.questionnaire is None:
        raise Refused(" ".join(f"{fault.where}: {fault.message}" for fault in read.faults), field="fil")
    return read.questionnaire


def _json(file: Path) -> object:
    from store.care.questionnaire.reader import MOST_BYTES

    try:
        return json.loads(text(file, most=MOST_BYTES))
    except (ValueError, RecursionError):
        sentence = f"Svaren i {file} går inte att tolka som JSON. Kontrollera citattecken, komman och klamrar."
        raise Refused(sentence, field="svar") from None


def _mapping(pairs: list[str]) -> dict[str, str]:
    mapping = {}
    for pair in pairs:
        link, equals, code = (part.strip() for part in pair.rpartition("="))
        if not (link and equals and code):
            raise Refused(f"{pair} går inte att koppla. Skriv till exempel --koppla 1=44250-9.", field="koppla")
        mapping[link] = code
    return mapping


def _line(item: "Item", weights: tuple[float, ...] | None) -> str:
    shown = "" if weights is None else f" [{', '.join(str(_whole(weight)) for weight in weights)}]"
    return f"{'  ' * item.depth}{item.link_id} ({item.type.value}) {item.text}{shown}"


def _whole(number: float) -> Any:
    """Return a whole number as one: JSON then says 27 and not 27.0."""
    return int(number) if number == int(number) else number
