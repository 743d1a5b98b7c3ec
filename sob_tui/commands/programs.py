"""`sob program`: program folders, for those who write and install programs."""

from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sob_tui.commands.activities import put_template
from sob_tui.commands.parameters import Folder
from sob_tui.commands.session import Session
from sob_tui.commands.words import counted
from sob_tui.options import UsageFault
from sob_tui.printing import Table, put, put_json, put_pairs
from store.foundation.errors import Refused
from store.foundation.flag_kinds import THRESHOLDS

if TYPE_CHECKING:
    from store.care import program_shape
    from store.care.questionnaire.plan import FormPlan
    from store.foundation.work import Work
    from store.views.catalog import CatalogProgram

NewFolder = Annotated[Path, typer.Argument(metavar="DIR", help="Mappen som skapas; dess namn blir programmets id.")]
Program = Annotated[str, typer.Argument(metavar="PROGRAM", help="Programmets id: mappens namn.")]

HELP = "Kontrollera, förhandsvisa och installera program, och öppna dem för enheter."


def lista(ctx: typer.Context) -> None:
    """Print the catalogue: all programs of the store, those that are not open to the unit too."""
    from store.views.catalog import program_catalog

    here = Session(ctx)
    with here.store.read(here.staff) as work:
        programs = program_catalog(work)
    if here.common.json:
        put_json([_catalog_json(one) for one in programs])
        return
    for program in programs:
        put(f"{program.title} ({program.program})")
        put_pairs(_catalog_facts(program))
        put()
    if not programs:
        put("Inga program är installerade.")


def ny(ctx: typer.Context, folder: NewFolder) -> None:
    """Make a program to write over. Needs no store."""
    from store.care.new_program import make_program

    here = Session(ctx)
    make_program(folder)
    program = _read(here, folder)
    said = (f"Programmet är skapat i {folder}. {_summary(program)}", f"Kontrollera: sob program kontrollera {folder}")
    here.answer(_json(program), [*said, _id_said(program)])


def kontrollera(ctx: typer.Context, folder: Folder) -> None:
    """Print every fault in a program folder."""
    here = Session(ctx)
    program = _read(here, folder)
    here.answer({**_json(program), "faults": []}, [f"Inga fel. {_summary(program)}", _id_said(program)])


def visa(
    ctx: typer.Context,
    folder: Folder,
    steg: Annotated[str | None, typer.Option("--steg", metavar="ID", help="Visa bara det stegets text.")] = None,
) -> None:
    """Preview a program: title, modules and steps, or the text of one step."""
    here = Session(ctx)
    program = _read(here, folder)
    if steg is not None:
        _put_step(here, program, steg)
    elif here.common.json:
        put_json({**_json(program), "modules": _modules_json(program), **_proposals_json(program)})
    else:
        _put_program(program)


def installera(ctx: typer.Context, folder: Folder) -> None:
    """Add a version to the store."""
    from store.care.programs import install_program

    here = Session(ctx)
    actor = here.staff_or_operator
    with here.reading_for(install_program, by=actor):
        program = _read(here, folder)
    with here.store.work(actor) as work:
        install_program(work, program)
    here.answer(_json(program), [f"Installerat. {_summary(program)}", _id_said(program)])


def oppna(ctx: typer.Context, program: Program) -> None:
    """Let the unit that `--enhet` names start moments of a program."""
    from store.care.program_opening import open_program

    _set_open(Session(ctx), open_program, program, is_open=True)


def stang(ctx: typer.Context, program: Program) -> None:
    """Let the unit start no more of them; those that run go on."""
    from store.care.program_opening import close_program

    _set_open(Session(ctx), close_program, program, is_open=False)


def _set_open(here: Session, act: Callable[["Work", str, str], str], program: str, *, is_open: bool) -> None:
    actor, unit = here.above_or_operator, here.common.enhet
    with here.reading_for(act, by=actor):
        if unit is None:
            raise UsageFault("Ange enheten med --enhet HSA-ID.", field="enhet")
    with here.store.work(actor) as work:
        title = act(work, program, unit)
    what = "öppet" if is_open else "stängt"
    here.answer({"program": program, "unit": unit, "open": is_open}, [f"{title} är {what} för {unit}."])


COMMANDS = {
    "lista": (lista, "Visa alla program: kontaktperson, utbildning, och hur enheten får dem."),
    "ny": (ny, "Skapa ett program att skriva om: en mapp som går igenom kontrollen."),
    "kontrollera": (kontrollera, "Visa alla fel i ett program, med fil, rad och åtgärd."),
    "visa": (visa, "Förhandsvisa ett program."),
    "installera": (installera, "Installera en version av ett program. Pågående moment behåller sin."),
    "oppna": (oppna, "Öppna ett program för enheten som --enhet anger."),
    "stang": (stang, "Stäng ett program för enheten som --enhet anger. Pågående moment fortsätter."),
}


def _read(here: Session, folder: Any) -> "program_shape.Program":
    """Return the program in a folder; print its faults and refuse where there are any."""
    from store.care.program_files import read_program

    program, faults = read_program(folder)
    if program is not None:
        return program
    listed = [{"file": one.file, "line": one.line, "message": one.message, "mend": one.mend} for one in faults]
    lines = [f"{_place(one.file, one.line)}: {one.message} Åtgärd: {one.mend}" for one in faults]
    here.answer({"faults": listed}, lines)
    raise Refused(f"Programmet har {len(faults)} fel.")


def _place(file: str, line: int | None) -> str:
    return file if line is None else f"{file}:{line}"


def _json(program: "program_shape.Program") -> dict[str, Any]:
    return {"program": program.id, "title": program.title, "version": program.version}


def _catalog_json(program: "CatalogProgram") -> dict[str, Any]:
    contact = program.contact
    return {
        "program": program.program,
        "title": program.title,
        "version": program.version,
        "recommended_days": program.recommended_days,
        "open": program.is_open,
        "training": program.training,
        "training_link": program.training_link or None,
        "contact": {"name": contact.name, "email": contact.email or None, "phone": contact.phone or None},
        "way": program.way,
    }


def _catalog_facts(program: "CatalogProgram") -> Iterator[tuple[str, str]]:
    yield "  Version", program.version
    yield "  Rekommenderad tid", counted(program.recommended_days, "dag", "dagar")
    yield "  Kontaktperson", ", ".join(part for part in vars(program.contact).values() if part)
    if program.training_link:
        yield "  Utbildning", program.training_link
    yield "  Så får du det", program.way


def _modules_json(program: "program_shape.Program") -> list[dict[str, Any]]:
    return [
        {
            "id": module.id,
            "title": module.title,
            "number": module.number,
            "open_from_start": module.id in program.opens_from_start,
            "steps": [{"id": step.id, "title": step.title} for step in module.steps],
        }
        for module in program.modules
    ]


def _summary(program: "program_shape.Program") -> str:
    modules, steps = len(program.modules), len(list(program.steps()))
    parts = (counted(modules, "modul", "moduler"), counted(steps, "steg", "steg"))
    return f"{program.title} {program.version}: {', '.join(parts)}."


def _id_said(program: "program_shape.Program") -> str:
    return f"Programmets id är {program.id}: mappens namn."


def _proposals_json(program: "program_shape.Program") -> dict[str, Any]:
    forms = [_form_json(form, program.plan(form.id)) for form in program.forms]
    return {
        "forms": forms,
        "flags": program.flags.as_json(),
        "plans": [asdict(plan) for plan in program.activity_plans],
    }


def _form_json(form: "program_shape.FormFile", plan: "FormPlan") -> dict[str, Any]:
    scores = [
        {
            "title": scale.title,
            "max": scale.maximum,
            "bands": [{"at_least": band.at_least, "text": band.text} for band in scale.bands],
            "risks": [{"item": risk.link_id, "at_least": risk.at_least} for risk in scale.risks],
        }
        for scale in plan.scales
    ]
    return {"id": form.id, "title": form.title, "kind": plan.kind.value, "scores": scores}


def _put_program(program: "program_shape.Program") -> None:
    put(f"{program.title} {program.version}")
    put()
    put_pairs(_facts(program))
    put()
    table = Table("", "", "")
    table.put(list(_rows(program)), heading=False)
    for form in program.forms:
        put()
        put_pairs(_form_facts(form, program.plan(form.id)))
    for plan in program.activity_plans:
        put()
        put_template(plan)


def _form_facts(form: "program_shape.FormFile", plan: "FormPlan") -> Iterator[tuple[str, str]]:
    """Yield what is made of a form's answers: the scores with their bands, and which answers raise a flag."""
    from store.care.questionnaire.scoring import figure

    yield "Formulär", f"{form.title} ({form.id})"
    for scale in plan.scales:
        bands = ", ".join(f"från {figure(band.at_least)} {band.text}" for band in scale.bands)
        yield "Poäng", f"{scale.title}: högst {figure(scale.maximum)}{f'; {bands}' if bands else ''} ({scale.source})"
        for risk in scale.risks:
            yield "Riskfråga", f"{risk.link_id}: vikt {figure(risk.at_least)} eller mer ger en prioriterad flagga"
    if not plan.has_risks:
        yield "Riskfråga", "ingen: inget svar på formuläret ger en prioriterad flagga"


def _facts(program: "program_shape.Program") -> Iterator[tuple[str, str]]:
    yield "Id", f"{program.id} (mappens namn)"
    yield "Rekommenderad tid", counted(program.recommended_days, "dag", "dagar")
    yield "Påminnelser", ", ".join(f"efter {counted(days, 'dag', 'dagar')}" for days in program.reminders) or "–"
    yield "Kräver utbildning", "ja" if program.requires_training else "nej"
    yield "Visar invånaren resultat", "ja" if program.shows_scores else "nej"
    yield "Kontaktperson", ", ".join(part for part in vars(program.contact).values() if part)
    yield "Avslutningsorsaker", ", ".join(program.end_reasons)
    yield "Formulär", ", ".join(form.title for form in program.forms) or "–"
    yield "Flaggor", ", ".join(_flag_rules(program.flags)) or "som enheten har bestämt"


def _flag_rules(rules: "program_shape.FlagRules") -> Iterator[str]:
    """Yield what the program says of flags for itself."""
    for threshold in THRESHOLDS:
        days = rules.days.get(threshold.column)
        if days is not None:
            what = threshold.about
            yield f"{what} efter {counted(days, 'dag', 'dagar')}" if days else f"inte vid {what}"
    if not rules.module_finished:
        yield "inte när en modul är klar"
    if not rules.past_length:
        yield "inte när den rekommenderade tiden har gått"


def _rows(program: "program_shape.Program") -> Iterator[tuple[str, str, str]]:
    for module in program.modules:
        number = "" if module.number is None else f"{module.number} "
        is_open = module.id in program.opens_from_start
        yield module.id, f"{number}{module.title}", "öppen från start" if is_open else "öppnas av behandlaren"
        for section in module.sections:
            if section.title:
                yield f"  {section.id}", f"  {section.title}", ""
            for step in section.steps:
                yield f"  {step.id}", f"  {step.title}", ""


def _put_step(here: Session, program: "program_shape.Program", wanted: str) -> None:
    from store.people.crisis_numbers import with_numbers

    step = program.step(wanted)
    if step is None:
        raise Refused(f"Steget {wanted} finns inte i {program.title}.", field="steg")
    if here.common.json:
        put_json({"id": step.id, "title": step.title, "text": with_numbers(step.text)})
        return
    put(f"# {step.title}")
    put()
    put(with_numbers(step.text), multiline=True)
