"""`sob plan`: activity plans, as the tab *Flaggor och aktivitetsplaner* has them."""

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Annotated

import typer

from sob_tui.commands.activities import plans_json, put_plans, put_week, week_json
from sob_tui.commands.history import offer_journal, offered_journal
from sob_tui.commands.parameters import Moment
from sob_tui.commands.session import Session, moment_id
from sob_tui.options import UsageFault
from sob_tui.printing import put_json
from store.foundation.errors import Refused

if TYPE_CHECKING:
    from store.care.activity_plans import NewActivity, NewPlan
    from store.foundation.read_transaction import ReadTransaction

HELP = "Gör, ändra, följ upp och läs aktivitetsplaner."

Plan = Annotated[str, typer.Argument(metavar="PLAN", help="Planens id, som sob plan lista skriver det.")]
Titel = Annotated[str | None, typer.Option("--titel", metavar="TEXT", help="Planens titel.")]
Aktivitet = Annotated[
    list[str] | None,
    typer.Option(
        "--aktivitet",
        metavar="TEXT",
        help="En aktivitet och när den infaller: Promenad | mån,ons 09:00 | varje 2 veckor | till 2026-12-24. Datum "
        "går också bra; utan tider infaller den varje dag. Flera går bra.",
    ),
]
FoljUpp = Annotated[str | None, typer.Option("--folj-upp", metavar="DATUM", help="Dagen då planen ska följas upp.")]


def lista(ctx: typer.Context, moment: Moment) -> None:
    """Print a moment's plans with all that is marked."""
    from store.views.plans import open_plans

    here = Session(ctx)
    with here.store.read(here.staff) as work:
        plans = open_plans(work, moment_id(moment)).plans
    if here.common.json:
        put_json(plans_json(plans))
    else:
        put_plans(plans)


def vecka(
    ctx: typer.Context,
    moment: Moment,
    dag: Annotated[str, typer.Option("--dag", metavar="DATUM", help="En dag i veckan; annars i dag.")] = "",
) -> None:
    """Print a week: what falls on each day, and what came of it."""
    from store.views.journal import day_given
    from store.views.plans import open_plans, week_of_plans

    here = Session(ctx)
    with here.reading_for(open_plans, moment_id(moment)):
        day = day_given(dag, "dag")
    with here.store.read(here.staff) as work:
        open_plans(work, moment_id(moment))  # looking is logged
        week = week_of_plans(work, moment_id(moment), day or work.today)
    if here.common.json:
        put_json(week_json(week))
    else:
        put_week(week)


def ny(
    ctx: typer.Context,
    moment: Moment,
    titel: Titel = None,
    aktivitet: Aktivitet = None,
    folj_upp: FoljUpp = None,
    mall: Annotated[
        str | None, typer.Option("--mall", metavar="NAMN", help="Börja med det av programmets förslag.")
    ] = None,
) -> None:
    """Make a plan, of what is given or of one that the program proposes."""
    from store.care.activity_plans import make_plan

    here = Session(ctx)
    if titel is None and mall is None:
        raise UsageFault("Ange planens titel med --titel, eller ett av programmets förslag med --mall.")
    with here.reading_for(make_plan, moment_id(moment)):
        added, follow_up_on = _activities(aktivitet), _follow_up(folj_upp)
    with here.work() as work:
        plan = _new_plan(work, moment_id(moment), mall, titel, added, follow_up_on)
        made = make_plan(work, moment_id(moment), plan)
    here.answer({"id": str(made), "moment": moment}, [f"Planen är gjord. Plan {made}."])


def andra(
    ctx: typer.Context,
    plan: Plan,
    titel: Titel = None,
    aktivitet: Aktivitet = None,
    ta_bort: Annotated[
        list[str] | None,
        typer.Option("--ta-bort", metavar="AKTIVITET", help="Id för en aktivitet som tas ur planen. Flera går bra."),
    ] = None,
    folj_upp: Annotated[
        str | None,
        typer.Option("--folj-upp", metavar="DATUM|nej", help="Ny dag då planen ska följas upp, eller ingen."),
    ] = None,
) -> None:
    """Change a plan; what is not named stays."""
    from store.care.activity_plans import PlanChange, change_plan

    here = Session(ctx)
    is_dropped = folj_upp is not None and folj_upp.strip().lower() in ("nej", "")
    with here.reading_for(change_plan, moment_id(plan)):
        change = PlanChange(
            title=titel,
            follow_up_on=None if is_dropped else _follow_up(folj_upp),
            drop_follow_up=is_dropped,
            add=_activities(aktivitet),
            remove=tuple(moment_id(one) for one in ta_bort or ()),
        )
    with here.work() as work:
        change_plan(work, moment_id(plan), change)
    here.answer({"id": plan}, ["Planen är ändrad."])


def avsluta(ctx: typer.Context, plan: Plan) -> None:
    """End a plan."""
    from store.care.activity_plans import end_plan

    here = Session(ctx)
    with here.work() as work:
        end_plan(work, moment_id(plan))
    here.answer({"id": plan}, ["Planen är avslutad."])


def folj_upp(
    ctx: typer.Context,
    plan: Plan,
    anteckning: Annotated[str, typer.Option("--anteckning", metavar="TEXT", help="Vad uppföljningen gav.")],
    nasta: Annotated[
        str | None, typer.Option("--nasta", metavar="DATUM", help="När planen ska följas upp nästa gång.")
    ] = None,
) -> None:
    """Note that a plan is followed up."""
    from store.care.activity_plans import follow_up_plan, plan_subject

    here = Session(ctx)
    with here.reading_for(follow_up_plan, moment_id(plan)):
        follow_up_on = _follow_up(nasta)
    with here.work() as work:
        follow_up_plan(work, moment_id(plan), anteckning, follow_up_on)
        offered = offered_journal(work, plan_subject(work, moment_id(plan)))
    here.answer({"id": plan}, ["Planen är uppföljd."])
    offer_journal(offered)


COMMANDS = {
    "lista": (lista, "Visa ett moments aktivitetsplaner, med det som invånaren har markerat."),
    "vecka": (vecka, "Visa en vecka av ett moments aktivitetsplaner, dag för dag."),
    "ny": (ny, "Gör en aktivitetsplan, egen eller efter programmets förslag."),
    "andra": (andra, "Ändra en aktivitetsplan: titel, aktiviteter, uppföljning."),
    "avsluta": (avsluta, "Avsluta en aktivitetsplan."),
    "folj-upp": (folj_upp, "Anteckna att en aktivitetsplan är uppföljd."),
}


def _new_plan(
    work: "ReadTransaction",
    moment: int,
    template: str | None,
    title: str | None,
    added: tuple["NewActivity", ...],
    day: date | None,
) -> "NewPlan":
    from store.care.activity_plans import NewPlan

    if template is None:
        return NewPlan(title or "", added, day)
    plan = _proposed(work, moment, template)
    return replace(
        plan,
        title=plan.title if title is None else title,
        activities=(*plan.activities, *added),
        follow_up_on=day or plan.follow_up_on,
    )


def _proposed(work: "ReadTransaction", moment: int, name: str) -> "NewPlan":
    from store.care.activity_plans import plan_from_template
    from store.views.plans import plans_page

    templates = plans_page(work, moment).templates
    for template in templates:
        if template.title.lower() == name.strip().lower():
            return plan_from_template(template, work.today)
    known = ", ".join(template.title for template in templates)
    said = f"Förslagen är: {known}." if known else "Programmet har inga förslag."
    raise Refused(f"Programmet har inget förslag som heter {name}. {said}", field="mall")


def _activities(lines: list[str] | None) -> tuple["NewActivity", ...]:
    from store.care.plan_words import activity_from_words

    return tuple(activity_from_words(line) for line in lines or ())


def _follow_up(text: str | None) -> date | None:
    from store.views.journal import day_given

    return day_given(text or "", "folj-upp")
