"""`sob visa`: one moment as *Hantera* shows it."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sob_tui.commands.answers import put_answer
from sob_tui.commands.history import confirm_copied, put_journal, put_timeline
from sob_tui.commands.lists import row_json
from sob_tui.commands.masking import Shown, shown
from sob_tui.commands.measures import put_diary, put_scores
from sob_tui.commands.parameters import Moment, VisaSkyddade
from sob_tui.commands.session import Session, moment_id
from sob_tui.commands.words import NOTHING, STATUS_WORDS, active, counted, day, flags, to_do
from sob_tui.options import UsageFault
from sob_tui.printing import Table, put, put_json, put_pairs
from store.foundation.clock import Instant, days_between, iso_local, local, local_day
from store.people.channels import CHANNELS

if TYPE_CHECKING:
    from store.care.measurements import Measurement
    from store.views.handovers import PastHandover
    from store.views.moment import ModuleState, MomentPage, StepState

HELP = "Visa ett moment: uppgifterna, det som väntar och modulerna; eller tidslinjen, journalunderlag, ett formulär."


def visa(
    ctx: typer.Context,
    moment: Moment,
    visa_skyddade: VisaSkyddade = False,
    tidslinje: Annotated[bool, typer.Option("--tidslinje", help="Allt som har hänt, det senaste först.")] = False,
    journal: Annotated[bool, typer.Option("--journal", help="Journalunderlag, som text.")] = False,
    formular: Annotated[
        str | None,
        typer.Option("--formular", metavar="ID", help="Ett svar, fråga för fråga; det markeras inte som läst."),
    ] = None,
    dagbok: Annotated[bool, typer.Option("--dagbok", help="Dagboken dag för dag, med det som inte togs emot.")] = False,
    poang: Annotated[bool, typer.Option("--poang", help="Alla poäng över tid, de senaste först.")] = False,
    fran: Annotated[
        str | None, typer.Option("--fran", metavar="DATUM", help="Tidslinjens eller underlagets första dag.")
    ] = None,
    till: Annotated[str | None, typer.Option("--till", metavar="DATUM", help="Dess sista dag.")] = None,
    sedan_senast: Annotated[
        bool, typer.Option("--sedan-senast", help="Med --journal: det som har hänt sedan det senast kopierades.")
    ] = False,
    kopierad: Annotated[
        str | None,
        typer.Option("--kopierad", metavar="TID", help="Med --journal: bekräfta att texten till dess är i journalen."),
    ] = None,
) -> None:
    """Print a moment, or one of its parts; opening it is logged."""
    here = Session(ctx)
    if [tidslinje, journal, formular is not None, dagbok, poang].count(True) > 1:
        raise UsageFault("Ange bara en av --tidslinje, --journal, --formular, --dagbok och --poang.")
    if (sedan_senast or kopierad is not None) and not journal:
        raise UsageFault("--sedan-senast och --kopierad hör till --journal.")
    if tidslinje:
        put_timeline(here, moment_id(moment), fran, till)
    elif journal:
        _journal(here, moment_id(moment), fran, till, kopierad, since_copied=sedan_senast)
    elif dagbok:
        put_diary(here, moment_id(moment))
    elif poang:
        put_scores(here, moment_id(moment))
    elif formular is not None:
        _put_answer(here, moment_id(moment), moment_id(formular))
    else:
        _put_page(here, moment, visa_skyddade)


def _journal(
    here: Session, moment: int, first: str | None, last: str | None, copied: str | None, *, since_copied: bool
) -> None:
    if copied is None:
        put_journal(here, moment, first, last, since_copied=since_copied)
    else:
        confirm_copied(here, moment, first, copied, since_copied=since_copied)


def _put_answer(here: Session, moment: int, answer: int) -> None:
    from store.views.form_pages import view_answer

    with here.store.read(here.staff) as work:
        page = view_answer(work, moment, answer)
    put_answer(here, page)


def _put_page(here: Session, moment: str, visa_skyddade: bool) -> None:
    from store.views.moment import open_moment

    with here.store.read(here.staff) as work:
        page = open_moment(work, moment_id(moment))
        who = shown(work, page, reveal=visa_skyddade)
    if here.common.json:
        put_json(_json(page, who))
        return
    now = here.store.clock()
    put(f"{who.name_text} · {who.number_text(local_day(now))}")
    put(f"{page.program_title} · {STATUS_WORDS[page.status]}")
    put()
    put_pairs(_facts(page, who, now))
    put()
    _put_forms(page)
    _put_modules(page.modules)


def _json(page: "MomentPage", who: Shown) -> dict[str, Any]:
    """Return a row of `sob lista` and what the page has beyond it.

    `mobile` and `proxies` are masked with the resident (null). `contact` is {"name", "email", "phone"}. `modules` is
    [{"id", "title", "number", "opened", "hidden", "sections": [{"id", "title", "hidden", "steps": [{"id", "title",
    "read"}]}]}]; `opened` and `read` are instants or null, `number` is null for the start module. `forms` are the
    unread answers; `measurements` are the forms measured by schedule or asked for, with their occasions by time.
    """
    masked = who.name is None
    return {
        **row_json(page, who),
        "clinician_name": page.clinician_name,
        "ended": iso_local(_instant(page.ended_at)),
        "end_reason": page.end_reason or None,
        "recommended_days": page.recommended_days,
        "mobile": None if masked else page.mobile or None,
        "channel": page.channel,
        "entered_by_hand": page.entered_by_hand,
        "proxies": None if masked else list(page.proxies),
        "drafts": page.drafts,
        "contact": vars(page.contact),
        "end_reasons": list(page.end_reasons),
        "modules": [_module_json(module) for module in page.modules],
        "forms": [
            {
                "id": str(form.id),
                "form": form.form,
                "title": form.title,
                "kind": form.kind,
                "saved": iso_local(Instant(form.saved_at)),
            }
            for form in page.waiting_forms
        ],
        "measurements": [_measurement_json(one) for one in page.measurements],
    }


def _measurement_json(measurement: "Measurement") -> dict[str, Any]:
    return {
        "form": measurement.form,
        "title": measurement.title,
        "occasions": [
            {
                "due": local_day(occasion.due_at).isoformat(),
                "why": occasion.why,
                "state": occasion.state.value,
                "answer": None if occasion.answer is None else str(occasion.answer.id),
            }
            for occasion in measurement.occasions
        ],
    }


def _module_json(module: "ModuleState") -> dict[str, Any]:
    return {
        "id": module.id,
        "title": module.title,
        "number": module.number,
        "opened": iso_local(_instant(module.opened_at)),
        "hidden": module.is_hidden,
        "sections": [
            {
                "id": section.id,
                "title": section.title,
                "hidden": section.is_hidden,
                "steps": [_step_json(step) for step in section.steps],
            }
            for section in module.sections
        ],
    }


def _step_json(step: "StepState") -> dict[str, Any]:
    return {"id": step.id, "title": step.title, "read": iso_local(_instant(step.read_at))}


def _instant(at: int | None) -> Instant | None:
    return None if at is None else Instant(at)


def _reached_by(page: "MomentPage") -> str:
    """Return how notices reach somebody, or why they reach nobody."""
    if not page.is_reached:
        from store.care.notices import why_unreached

        return f"{why_unreached(page.channel, has_proxies=bool(page.proxies))} Ingen avisering når fram."
    return "till ombud" if page.proxies else CHANNELS[page.channel].word


def _facts(page: "MomentPage", who: Shown, now: Instant) -> Iterator[tuple[str, str]]:
    """Yield the information panel, labelled as the guide does."""
    masked = who.name is None
    lasted = days_between(Instant(page.started_at), Instant(page.ended_at or now))
    yield "Moment", str(page.id)
    yield "Momentet startade", day(page.started_at)
    yield "Senast aktiv", active(page.last_active_at)
    yield "Invånarens mobilnummer", NOTHING if masked else page.mobile or NOTHING
    yield "Aviseringar", _reached_by(page)
    yield "Momentet har pågått", f"{_days(lasted)} (rekommenderat {_days(page.recommended_days)})"
    yield "Ansvarig behandlare", f"{page.clinician_name} ({page.clinician})"
    yield "Gallras senast", page.purge_by
    if page.ended_at is not None:
        yield "Avslutat", f"{day(page.ended_at)}: {page.end_reason}"
    if page.protection:
        yield "Skydd", "Skyddade personuppgifter: inget ombud kan agera"
    if page.has_protected_guardian:
        yield "Vårdnadshavare", "Har skyddade personuppgifter och kan inte agera ombud"
    if page.proxies and not masked:
        yield "Kan vara ombud", ", ".join(page.proxies)
    if page.entered_by_hand:
        yield "Uppgifterna", "Manuellt angivna"
    if page.handover is not None:
        yield "Överlämning", _handover(page.handover)
    yield "Flaggor", flags(page.flags)
    yield "Att göra", to_do(page.unread_messages, page.unread_forms, page.drafts)
    yield "Kontaktperson", ", ".join(part for part in vars(page.contact).values() if part)
    yield "Frågor om plattformen", page.support


_ANSWERS = {"mottagen": "mottagen", "avvisad": "avvisad", "aterkallad": "återkallad"}


def _handover(one: "PastHandover") -> str:
    """Return where the latest handover stands, with the note or the reason."""
    units = f"från {one.from_unit} till {one.to_unit}"
    answered = f", {_ANSWERS[one.state.value]} {day(one.answered_at)}" if one.answered_at is not None else ""
    return f"{units}, erbjuden {day(one.offered_at)}{answered}: {one.reason or one.note}"


def _days(number: int) -> str:
    return counted(number, "dag", "dagar")


def _put_forms(page: "MomentPage") -> None:
    rows = [
        (str(form.id), form.title, f"oläst, sparat {local(Instant(form.saved_at)):%Y-%m-%d %H:%M}")
        for form in page.waiting_forms
    ]
    for one in page.measurements:
        rows += [
            ("", one.title, f"{occasion.why.lower()} {local_day(occasion.due_at)}: {occasion.state}")
            for occasion in one.occasions
        ]
    if rows:
        put("Formulär")
        Table("", "", "").put(rows, heading=False, indent="  ")
        put()


def _put_modules(modules: tuple["ModuleState", ...]) -> None:
    put("Moduler och steg")
    table = Table("", "", "")
    table.put([row for module in modules for row in _module_rows(module)], heading=False, indent="  ")


def _module_rows(module: "ModuleState") -> Iterator[tuple[str, str, str]]:
    number = "" if module.number is None else f"{module.number} "
    yield module.id, f"{number}{module.title}", _module_state(module)
    for section in module.sections:
        if section.title:
            yield f"  {section.id}", f"  {section.title}", "dolt" if section.is_hidden else ""
        for step in section.steps:
            yield f"  {step.id}", f"  {step.title}", "" if step.read_at is None else f"✓ läst {day(step.read_at)}"


def _module_state(module: "ModuleState") -> str:
    if module.opened_at is None:
        return "inte öppnad"
    read = f"läst {module.read} av {len(module.steps)}"
    return f"dold, {read}" if module.is_hidden else read
