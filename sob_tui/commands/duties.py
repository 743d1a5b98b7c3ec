"""`sob enhet uppgifter` and `uppgift`: what the unit must do again and again (domain.md §7)."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sob_tui.commands.files import text
from sob_tui.commands.session import Session
from sob_tui.commands.words import NOTHING
from sob_tui.options import UsageFault
from sob_tui.printing import put, put_json, put_pairs
from store.foundation.errors import Refused

if TYPE_CHECKING:
    from store.care.duties import DutyKind, UnitDuty


def uppgifter(ctx: typer.Context) -> None:
    """Print the unit's duties, those that are overdue first."""
    from store.care.duties import unit_duties

    here = Session(ctx)
    with here.store.read(here.staff) as work:
        found = unit_duties(work)
    if here.common.json:
        put_json([_json(one) for one in found])
        return
    for place, one in enumerate(found):
        if place:
            put()
        put(f"{one.title} ({one.kind}): {one.said}")
        put_pairs(_facts(one))


def uppgift(
    ctx: typer.Context,
    uppgift: Annotated[str, typer.Argument(metavar="UPPGIFT", help="Som sob enhet uppgifter visar den.")],
    manader: Annotated[str | None, typer.Option("--manader", metavar="N", help="Hur ofta: var N:e månad.")] = None,
    person: Annotated[
        str | None, typer.Option("--person", metavar="HSA-ID", help="Vem uppgiften är delegerad till.")
    ] = None,
    beslutat_av: Annotated[
        str | None, typer.Option("--beslutat-av", metavar="NAMN", help="Verksamhetschefen som har beslutat.")
    ] = None,
    beslutat: Annotated[
        str | None, typer.Option("--beslutat", metavar="DATUM", help="Beslutets dag, annars i dag.")
    ] = None,
    gjord: Annotated[
        str | None, typer.Option("--gjord", metavar="TEXT", help="Anteckna att uppgiften är gjord i dag.")
    ] = None,
) -> None:
    """Record what is decided of a duty, or that it was done."""
    decided = (manader, person, beslutat_av, beslutat)
    if (gjord is None) == (decided == (None,) * 4):
        raise UsageFault("Ange antingen --gjord, eller --manader, --person och --beslutat-av. Se sob enhet uppgifter.")
    here = Session(ctx)
    if gjord is not None:
        _finish(here, uppgift, gjord)
    else:
        _decide(here, uppgift, *decided)


def riskanalyser(ctx: typer.Context) -> None:
    """Print what each role on the unit rests on."""
    from store.care.role_analyses import role_analyses

    here = Session(ctx)
    with here.store.read(here.staff) as work:
        found = role_analyses(work)
    if here.common.json:
        put_json(
            [
                {
                    "role": one.role.value,
                    "text": one.text or None,
                    "written_on": one.written_on or None,
                    "written_by": one.written_by or None,
                    "old": one.is_old,
                }
                for one in found
            ]
        )
        return
    for one in found:
        put(f"{one.role.value.capitalize()}: {one.said}")


def riskanalys(
    ctx: typer.Context,
    roll: Annotated[str, typer.Argument(metavar="ROLL", help="Rollen som texten gäller.")],
) -> None:
    """Write what a role on the unit rests on, from standard input."""
    from sob_tui.commands.role_words import role_of
    from store.care.role_analyses import left_words, write_analysis

    here = Session(ctx)
    with here.reading_for(write_analysis):
        role = role_of(roll)
        written = text(Path("-"))
    with here.work() as work:
        left = write_analysis(work, role, written)
    here.answer({"role": role.value}, [f"Behovs- och riskanalysen för {role.value} är sparad.", left_words(left)])


COMMANDS = {
    "riskanalyser": (riskanalyser, "Visa behovs- och riskanalysen för varje roll på enheten."),
    "riskanalys": (riskanalys, "Skriv behovs- och riskanalysen för en roll, med texten på standard in."),
    "uppgifter": (uppgifter, "Visa vad enheten ska göra om och om igen: hur ofta, vem, när det gjordes och är dags."),
    "uppgift": (uppgift, "Bestäm hur ofta en uppgift ska göras och av vem, eller anteckna att den är gjord."),
}


def _finish(here: Session, word: str, note: str) -> None:
    from store.care.duties import finish_duty

    with here.reading_for(finish_duty):
        kind = _kind(word)
    with here.work() as work:
        finish_duty(work, kind, note)
    here.answer({"duty": kind.value, "done": True}, [f"{kind.facts.title} är antecknad som gjord."])


def _decide(
    here: Session, word: str, months: str | None, person: str | None, chief: str | None, day: str | None
) -> None:
    from store.care.duties import decide_duty, often
    from store.people.unit_settings import typed_number
    from store.views.journal import day_given

    with here.reading_for(decide_duty):
        kind = _kind(word)
        number = kind.facts.months if months is None else typed_number(months)
        decided_on = day_given(day or "", "beslutat")
    with here.work() as work:
        decide_duty(work, kind, number, person or "", chief or "", decided_on or work.today)
    here.answer(
        {"duty": kind.value, "months": number, "delegate": person},
        [f"{kind.facts.title} görs {often(number)}, delegerad till {person}."],
    )


def _kind(word: str) -> "DutyKind":
    from store.care.duties import DutyKind

    try:
        return DutyKind(word.strip().lower())
    except ValueError:
        raise Refused(f"Uppgift kan vara {', '.join(DutyKind)}.", field="uppgift") from None


def _facts(duty: "UnitDuty") -> Iterator[tuple[str, str]]:
    from store.care.duties import often

    if duty.decided_on:
        inactive = "" if duty.is_delegate_active else ", inte längre aktiv på enheten"
        yield "  Görs", often(duty.months)
        yield "  Delegerad till", f"{duty.delegate_name} ({duty.delegate}){inactive}"
        yield "  Beslutat", f"{duty.decided_on} av {duty.decided_by}"
    for one in duty.done[:1]:
        yield "  Gjord", f"{one.on} av {one.by}{f': {one.note}' if one.note else ''}"
    if not duty.done:
        yield "  Gjord", NOTHING


def _json(duty: "UnitDuty") -> dict[str, Any]:
    return {
        "duty": duty.kind.value,
        "title": duty.title,
        "months": duty.months,
        "delegate": duty.delegate or None,
        "delegate_name": duty.delegate_name or None,
        "decided_by": duty.decided_by or None,
        "decided_on": duty.decided_on or None,
        "due": duty.due_on or None,
        "overdue": duty.is_overdue,
        "done": [{"on": one.on, "by": one.by, "note": one.note} for one in duty.done],
    }
