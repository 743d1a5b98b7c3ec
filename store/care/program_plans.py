"""How a program uses its forms: the `[[form]]` tables of `program.toml` (domain.md §6)."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from typing import Any

from store.care.program_shape import FormFile, Module
from store.care.program_table import MOST_UNKNOWN, Table, is_days, is_line
from store.care.questionnaire.plan import DiaryRoles, FormKind, FormPlan, Schedule
from store.care.questionnaire.reader import read_questionnaire
from store.care.questionnaire.scale import Band, RiskItem, Scale
from store.care.questionnaire.scoring import check_scale
from store.care.questionnaire.shape import Questionnaire

_ROLES = ("day", "to_bed", "onset_minutes", "awake_minutes", "woke", "up")


def read_plans(top: Table) -> tuple[tuple[FormPlan, Table], ...]:
    """The plans in the file, each with its table; stand-ins where a fault was noted."""
    return tuple((_plan(table), table) for table in top.tables("form"))


def check_plans(
    plans: Iterable[tuple[FormPlan, Table]], modules: tuple[Module, ...], forms: tuple[FormFile, ...]
) -> tuple[FormPlan, ...]:
    """The plans, after what the folder's modules and forms contradict was noted."""
    known, parts = [form.id for form in forms], [module.id for module in modules]
    read = {form.id: read_questionnaire(form.questionnaire).questionnaire for form in forms}
    seen: set[str] = set()
    checked = []
    for plan, table in plans:
        _known(table, "id", plan.form, known, "Formuläret")
        if plan.form in seen:
            table.fault("id", f"Formuläret {plan.form} står två gånger.", "Slå ihop de två tabellerna.")
        seen.add(plan.form)
        for module in [one for one in plan.schedule.before_modules if one not in parts][:MOST_UNKNOWN]:
            _known(table, "before_modules", module, parts, "Modulen")
        _check_kind(plan, table, parts)
        if plan.diary:
            _known(table, "diary", plan.diary.schedule, known, "Formuläret")
        if form := read.get(plan.form):
            _check_questions(plan, table, form)
        checked.append(plan)
    return tuple(checked)


def _check_kind(plan: FormPlan, table: Table, modules: list[str]) -> None:
    if plan.module is not None:
        _known(table, "module", plan.module, modules, "Modulen")
    elif plan.kind is FormKind.HOMEWORK:
        table.fault("kind", "Hemuppgiften hör inte till någon modul.", 'Lägg till raden module = "…".')
    if plan.kind is FormKind.DIARY and plan.diary is None:
        mend = f"Lägg till [form.diary] med {', '.join(_ROLES)}."
        table.fault("kind", "Dagboken säger inte vilka frågor som är vad.", mend)


def _check_questions(plan: FormPlan, table: Table, form: Questionnaire) -> None:
    links = [item.link_id for item in form.items]
    for role in _ROLES if plan.diary else ():
        _known(table, "diary", getattr(plan.diary, role), links, "Frågan")
    if plan.diary:
        _known(table, "diary", plan.diary.in_bed, links, "Frågan")
    for scale in plan.scales:
        for sentence in check_scale(form, scale):
            table.fault("score", f"{scale.title}: {sentence}", _MEND_SCORE)


_MEND_SCORE = (
    "Rätta poängen så att den stämmer med formuläret. Ett svars vikt skrivs i formulärets fil, vid varje answerOption: "
    '"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/ordinalValue", "valueDecimal": 1}].'
)


def _known(table: Table, key: str, name: str, known: list[str], what: str) -> None:
    """Note a name that nothing has; an empty one is a fault already."""
    if name and name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        mend = f"Menade du {near[0]}?" if near else f"Det finns: {', '.join(known) or 'inget'}."
        table.fault(key, f"{what} {name} finns inte.", mend)


def _plan(table: Table) -> FormPlan:
    plan = FormPlan(
        form=table.text("id"),
        kind=_kind(table),
        schedule=_schedule(table),
        scales=tuple(_scale(one) for one in table.tables("score")),
        module=table.text("module", needed=False) or None,
        diary=_diary(table),
        caution=table.text("caution", needed=False),
    )
    table.unknown_keys()
    return plan


def _kind(table: Table) -> FormKind:
    value = table.text("kind", needed=False) or FormKind.BATTERY
    if value in set(FormKind):
        return FormKind(value)
    table.fault("kind", f"kind kan inte vara {value}.", f"Välj bland {', '.join(FormKind)}.")
    return FormKind.BATTERY


def _schedule(table: Table) -> Schedule:
    return Schedule(
        at_start=table.flag("at_start"),
        at_end=table.flag("at_end"),
        before_modules=_lines(table, "before_modules"),
        every_days=_days(table),
    )


def _days(table: Table) -> int | None:
    value = table.take("every_days")
    if value is None:
        return None
    if is_days(value):
        return int(value)
    table.fault("every_days", "every_days ska vara ett antal dagar.", "Skriv till exempel every_days = 7.")
    return None


def _scale(table: Table) -> Scale:
    scale = Scale(
        title=table.text("title"),
        items=_lines(table, "items", needed=True),
        maximum=_number(table, "maximum") or 0,
        bands=tuple(Band(value, text) for value, text in _pairs(table, "bands", "at_least", "text")),
        reliable_change=_number(table, "reliable_change", needed=False),
        higher_is_worse=table.flag("higher_is_worse", default=True),
        source=table.text("source"),
        risks=tuple(RiskItem(item, value) for value, item in _pairs(table, "risks", "at_least", "item")),
        factor=_number(table, "factor", needed=False) or 1,
        change_source=table.text("change_source", needed=False),
        published=table.flag("published"),
    )
    table.unknown_keys()
    return scale


def _pairs(table: Table, key: str, number: str, text: str) -> list[tuple[float, str]]:
    """The numbers and texts of a list such as `bands`."""
    value = table.take(key)
    if value is None:
        return []
    if isinstance(value, list) and all(_is_pair(one, number, text) for one in value):
        return [(one[number], one[text].strip()) for one in value]
    mend = f'Skriv {key} = [{{ {number} = 1, {text} = "…" }}].'
    table.fault(key, f"{key} ska vara en lista med {number} och {text}.", mend)
    return []


def _is_pair(value: Any, number: str, text: str) -> bool:
    if not isinstance(value, dict) or value.keys() != {number, text}:
        return False
    return _is_number(value[number]) and is_line(value[text])


def _diary(table: Table) -> DiaryRoles | None:
    inner = table.table("diary", "[form.diary]", needed=False)
    if inner is None:
        return None
    optional = {role: inner.text(role, needed=False) for role in ("in_bed", "schedule")}
    roles = DiaryRoles(**{role: inner.text(role) for role in _ROLES}, **optional)
    inner.unknown_keys()
    return roles


def _number(table: Table, key: str, *, needed: bool = True) -> float | None:
    value = table.need(key, f"{key} = 27") if needed else table.take(key)
    if value is None:
        return None
    if _is_number(value) and value > 0:
        return float(value)
    table.fault(key, f"{key} ska vara ett tal över noll.", f"Skriv till exempel {key} = 6.")
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e6


def _lines(table: Table, key: str, *, needed: bool = False) -> tuple[str, ...]:
    value = table.need(key, f'{key} = ["1", "2"]') if needed else table.take(key)
    if value is None:
        return ()
    if isinstance(value, list) and all(is_line(one) for one in value) and len(set(value)) == len(value):
        return tuple(value)
    table.fault(key, f"{key} ska vara en lista med texter, ingen två gånger.", f'Skriv {key} = ["…", "…"].')
    return ()
