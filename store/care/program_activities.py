"""The activity plans that a program proposes: the `[[plan]]` tables of `program.toml` (domain.md §4)."""

from __future__ import annotations

from store.care.plan_rules import MOST_ACTIVITIES, is_time
from store.care.program_shape import PlannedActivity, PlanTemplate
from store.care.program_table import MAX_DAYS, Table
from store.care.recurrence import MOST_WEEKS, WEEKDAYS, weekday_of

_LONGEST = MAX_DAYS // 7
"""In weeks."""


def read_templates(top: Table) -> tuple[PlanTemplate, ...]:
    """The templates in the file; stand-ins where a fault was noted."""
    seen: set[str] = set()
    templates = []
    for table in top.tables("plan"):
        template = _template(table)
        if template.title and template.title in seen:
            table.fault("title", f"Två planer heter {template.title}.", "Ge varje plan en egen titel.")
        seen.add(template.title)
        templates.append(template)
    return tuple(templates)


def _template(table: Table) -> PlanTemplate:
    template = PlanTemplate(
        title=table.text("title"),
        follow_up_days=table.number("follow_up_days", 1, MAX_DAYS),
        activities=tuple(_activity(one) for one in table.tables("activity")),
    )
    number = len(template.activities)
    if not number:
        table.fault("activity", "Planen har inga aktiviteter.", "Lägg till [[plan.activity]] med description.")
    if number > MOST_ACTIVITIES:
        table.fault("activity", f"Planen har {number} aktiviteter.", f"En plan kan ha högst {MOST_ACTIVITIES}.")
    table.unknown_keys()
    return template


def _activity(table: Table) -> PlannedActivity:
    activity = PlannedActivity(
        description=table.text("description"),
        weekdays=_weekdays(table),
        at=_at(table),
        every_weeks=table.number("every_weeks", 1, MOST_WEEKS) or 1,
        weeks=table.number("weeks", 1, _LONGEST),
    )
    table.unknown_keys()
    return activity


def _weekdays(table: Table) -> tuple[int, ...]:
    value = table.take("weekdays")
    if value is None:
        return ()
    days = [weekday_of(word) if isinstance(word, str) else None for word in value] if isinstance(value, list) else []
    found = [day for day in days if day is not None]
    if found and len(set(found)) == len(days):
        return tuple(sorted(found))
    mend = f'Skriv weekdays = ["mån", "ons"], av {", ".join(WEEKDAYS)}. Utan nyckeln gäller varje dag.'
    table.fault("weekdays", "weekdays ska vara en lista med veckodagar, ingen två gånger.", mend)
    return ()


def _at(table: Table) -> str:
    value = table.take("at")
    if value is None or (isinstance(value, str) and is_time(value)):
        return value or ""
    table.fault("at", "at ska vara ett klockslag inom citattecken.", 'Skriv timmar och minuter: at = "09:00".')
    return ""
