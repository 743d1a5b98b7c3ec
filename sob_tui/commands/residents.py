"""`sob invanare`: the register, and acting as the resident in the practice environment."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sob_tui.commands.activities import plans_json, put_plans, put_week, week_json
from sob_tui.commands.conversations import conversations_json, put_conversations
from sob_tui.commands.files import text
from sob_tui.commands.importing import import_file
from sob_tui.commands.parameters import Efternamn, Epost, File, Fornamn, Mobil, Personnummer, ProgramId
from sob_tui.commands.safety_plan import change_as_resident, put_plan
from sob_tui.commands.session import Session, moment_id
from sob_tui.options import UsageFault
from sob_tui.printing import put, put_json
from store.foundation.errors import Refused

if TYPE_CHECKING:
    from store.care.resident_import import ResidentRow
    from store.foundation.progress import Progress
    from store.foundation.read_transaction import ReadTransaction

HELP = "Registret över invånare, och invånarens sida i övningsmiljön."


OwnMoment = Annotated[
    str | None, typer.Option("--moment", metavar="MOMENT", help="Vilket moment, om invånaren har flera med programmet.")
]


def importera(ctx: typer.Context, fil: File) -> int:
    """Import residents from a CSV file; with any fault nothing is imported, and all faults are printed."""
    from store.care.file_import import RESIDENTS
    from store.care.resident_import import read_residents
    from store.foundation.clock import local_day

    here = Session(ctx)

    def read(content: bytes, progress: "Progress") -> "list[ResidentRow]":
        return read_residents(content, local_day(here.store.clock()), progress, is_practice=here.store.is_practice)

    return import_file(here, fil, read, RESIDENTS)


def ratta(
    ctx: typer.Context,
    personnummer: Personnummer,
    efternamn: Efternamn = None,
    fornamn: Fornamn = None,
    mobil: Mobil = None,
    epost: Epost = None,
    nytt: Annotated[
        str | None, typer.Option("--personnummer", metavar="NUMMER", help="Invånarens nya personnummer.")
    ] = None,
) -> None:
    """Mend what the register says of a resident; an empty mobile or e-mail takes it away."""
    from store.care.register import Correction, correct_resident

    here = Session(ctx)
    with here.store.work(here.staff_or_operator) as work:
        correct_resident(work, personnummer, Correction(efternamn, fornamn, mobil, epost, nytt))
    here.answer({"corrected": True}, ["Uppgifterna är rättade."])


def las(
    ctx: typer.Context,
    personnummer: Personnummer,
    program: ProgramId,
    steg: Annotated[str, typer.Option("--steg", metavar="ID", help="Stegets id.")],
    moment: OwnMoment = None,
) -> None:
    """Read a step as the resident."""
    from store.care.modules import read_step
    from store.practice import act_as_resident

    here = Session(ctx)
    actor = act_as_resident(here.store, personnummer)
    with here.store.work(actor) as work:
        chosen = _own_moment(work, program, moment)
        shown = read_step(work, chosen, steg)
    if not here.common.json:
        put(shown, multiline=True)
        put()
    here.answer({"id": str(chosen), "step": steg, "text": shown}, ["Steget är läst."])


def svara(
    ctx: typer.Context,
    personnummer: Personnummer,
    program: ProgramId,
    formular: Annotated[str, typer.Option("--formular", metavar="ID", help="Formulärets id.")],
    svar: Annotated[Path, typer.Option("--svar", metavar="FIL", help="Svaren som JSON; - läser från standard in.")],
    moment: OwnMoment = None,
) -> None:
    """Answer a form as the resident. What is wrong is kept as it came, for the clinician, and refused."""
    from store.care.form_answers import answer_form, form_to_answer
    from store.care.handed_in import read_handed_in
    from store.care.questionnaire.reader import MOST_BYTES
    from store.practice import act_as_resident

    here = Session(ctx)
    actor = act_as_resident(here.store, personnummer)
    given = text(svar, most=MOST_BYTES)
    with here.store.read(actor) as reading:
        chosen = _own_moment(reading, program, moment)
        asked = form_to_answer(reading, chosen, formular)
    handed_in = read_handed_in(asked, given)
    with here.store.work(actor) as work:
        faults = answer_form(work, chosen, formular, handed_in)
    if faults:
        raise Refused(" ".join(faults), field="svar")
    said = list(handed_in.said)
    here.answer({"id": str(chosen), "form": formular, "said": said}, ["Formuläret är sparat.", *said])


def skriv(
    ctx: typer.Context,
    personnummer: Personnummer,
    program: ProgramId,
    konversation: Annotated[
        str | None,
        typer.Option("--konversation", metavar="ID", help="Konversationen att skriva i; annars den senaste."),
    ] = None,
    rubrik: Annotated[
        str | None, typer.Option("--rubrik", metavar="TEXT", help="Börja en ny konversation med den rubriken.")
    ] = None,
    moment: OwnMoment = None,
) -> None:
    """Send what stands on standard input as the resident."""
    from store.care.messages import write_message
    from store.practice import act_as_resident

    here = Session(ctx)
    actor = act_as_resident(here.store, personnummer)
    written = text(Path("-"))
    with here.store.work(actor) as work:
        chosen = _own_moment(work, program, moment)
        conversation = None if konversation is None else moment_id(konversation)
        sent = write_message(work, chosen, written, conversation=conversation, heading=rubrik)
    here.answer({"id": str(chosen), "message": str(sent)}, ["Meddelandet är skickat."])


def meddelanden(ctx: typer.Context, personnummer: Personnummer, program: ProgramId, moment: OwnMoment = None) -> None:
    """Read the own conversations as the resident; the clinician then sees that they are read."""
    from store.practice import act_as_resident
    from store.views.residents_side import read_own_messages

    here = Session(ctx)
    actor = act_as_resident(here.store, personnummer)
    with here.store.work(actor) as work:
        found = read_own_messages(work, _own_moment(work, program, moment))
    if here.common.json:
        put_json(conversations_json(found))
    else:
        put_conversations(found)


def aktivitet(
    ctx: typer.Context,
    personnummer: Personnummer,
    program: ProgramId,
    aktivitet: Annotated[str, typer.Option("--aktivitet", metavar="ID", help="Aktivitetens id.")],
    utford: Annotated[bool, typer.Option("--utford/--ej-utford", help="Om aktiviteten blev utförd.")],
    dag: Annotated[str, typer.Option("--dag", metavar="DATUM", help="Vilken dag; annars i dag.")] = "",
    anteckning: Annotated[
        str, typer.Option("--anteckning", metavar="TEXT", help="En anteckning om hur det gick.")
    ] = "",
    moment: OwnMoment = None,
) -> None:
    """Mark an activity as the resident."""
    from store.care.activity_marks import mark_activity
    from store.practice import act_as_resident
    from store.views.journal import day_given

    here = Session(ctx)
    actor = act_as_resident(here.store, personnummer)
    with here.store.work(actor) as work:
        chosen = _own_moment(work, program, moment)
        day = day_given(dag, "dag") or work.today
        mark_activity(work, chosen, moment_id(aktivitet), day, done=utford, note=anteckning)
    answer = {"id": str(chosen), "activity": aktivitet, "day": day.isoformat(), "done": utford}
    here.answer(answer, [f"Aktiviteten är markerad som {'utförd' if utford else 'ej utförd'} {day}."])


def aktiviteter(
    ctx: typer.Context,
    personnummer: Personnummer,
    program: ProgramId,
    dag: Annotated[str, typer.Option("--dag", metavar="DATUM", help="En dag i veckan; annars i dag.")] = "",
    moment: OwnMoment = None,
) -> None:
    """Print the own plans, and a week of them, as the resident."""
    from store.practice import act_as_resident
    from store.views.journal import day_given
    from store.views.plans import own_activities

    here = Session(ctx)
    actor = act_as_resident(here.store, personnummer)
    with here.store.read(actor) as work:
        own = own_activities(work, _own_moment(work, program, moment), day_given(dag, "dag"))
    if here.common.json:
        put_json({"plans": plans_json(own.plans), "week": week_json(own.week)})
    else:
        put_plans(own.plans)
        put_week(own.week)


def sakerhetsplan(
    ctx: typer.Context,
    personnummer: Personnummer,
    andra: Annotated[
        bool, typer.Option("--andra", help="Ändra planen till den som står på standard in, som TOML eller text.")
    ] = False,
    moment: Annotated[
        str | None, typer.Option("--moment", metavar="MOMENT", help="Vilket moment, om invånaren har flera.")
    ] = None,
) -> None:
    """Print the own säkerhetsplan as the resident, or change it."""
    from store.practice import act_as_resident
    from store.views.safety_plan import read_own_safety_plan

    here = Session(ctx)
    actor = act_as_resident(here.store, personnummer)
    with here.store.read(actor) as work:
        chosen = _planned_moment(work, moment, to_change=andra)
        page = read_own_safety_plan(work, chosen)
    if andra:
        change_as_resident(here, actor, chosen, page)
    else:
        put_plan(here, page)


COMMANDS = {
    "importera": (importera, "Importera invånare från en CSV-fil: allt eller inget."),
    "ratta": (ratta, "Rätta namn, mobilnummer, e-post eller personnummer. En tom text tar bort mobil eller e-post."),
    "svara": (svara, "Svara på ett formulär som invånaren. Bara i övningsmiljön."),
    "las": (las, "Läs ett steg som invånaren. Bara i övningsmiljön."),
    "skriv": (skriv, "Skriv ett meddelande som invånaren; texten läses från standard in. Bara i övningsmiljön."),
    "aktivitet": (aktivitet, "Markera en aktivitet som invånaren. Bara i övningsmiljön."),
    "aktiviteter": (
        aktiviteter,
        "Visa aktiviteterna som invånaren ser dem, med en vecka dag för dag. Bara i övningsmiljön.",
    ),
    "meddelanden": (meddelanden, "Läs meddelandena som invånaren. Bara i övningsmiljön."),
    "sakerhetsplan": (sakerhetsplan, "Visa eller ändra säkerhetsplanen som invånaren. Bara i övningsmiljön."),
}


def _planned_moment(work: "ReadTransaction", given: str | None, *, to_change: bool) -> int:
    """Return a moment of the resident's through which the plan is reached: the only unit's, one that runs if it can be.

    Raises:
        Refused: the resident has no moment.
        UsageFault: there are moments on several units, and none is given.
    """
    from store.care.moments import MomentStatus
    from store.views.residents_side import plan_moments

    if given is not None:
        return moment_id(given)
    own = plan_moments(work)
    running = [one for one in own if one.status is MomentStatus.RUNNING]
    chosen = running or [one for one in own if one.status is MomentStatus.MAINTENANCE] or own
    if not chosen:
        raise Refused("Invånaren har inget moment, och ingen säkerhetsplan.", field="personnummer")
    if len({one.unit_id for one in chosen}) > 1:
        ids = ", ".join(str(one.id) for one in chosen)
        what = "ändra" if to_change else "visa"
        raise UsageFault(f"Invånaren har moment på flera enheter: {ids}. Ange med --moment vilken plan du vill {what}.")
    return chosen[-1].id


def _own_moment(work: "ReadTransaction", program: str, given: str | None) -> int:
    """Return the resident's moment of the program: the one given, else the only one; not ended ones if it can be."""
    from store.views.residents_side import own_moments

    own = own_moments(work, program)
    if given is not None:
        return moment_id(given)
    chosen = [moment for moment in own if not moment.is_ended] or own[-1:]
    if not chosen:
        raise Refused("Invånaren har inget moment med det programmet.", field="program")
    if len(chosen) > 1:
        ids = ", ".join(str(moment.id) for moment in chosen)
        raise UsageFault(f"Invånaren har flera moment med det programmet: {ids}. Ange vilket med --moment.")
    return chosen[0].id
