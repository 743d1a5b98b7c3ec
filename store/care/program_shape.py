"""What a program is made of, and its form as one JSON document."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from store.care.questionnaire.plan import FormPlan, plan_of
from store.foundation.flag_kinds import THRESHOLDS

DEFAULT_END_REASONS = (
    "Avslutat enligt plan",
    "Avbrutet av invånaren",
    "Avbrutet av behandlaren",
    "Ingen aktivitet från invånaren",
    "Hänvisning till annan vård",
    "Startat av misstag",
    "Övrigt",
)
"""Reasons to end a moment, in the order shown, where the program lists none (ours)."""


@dataclass(frozen=True)
class Step:
    """A page. `id` is unique in the program; `text` is Markdown without the title line."""

    id: str
    title: str
    text: str


@dataclass(frozen=True)
class Section:
    """Steps under a heading of their own. A module without sections has one, with the module's id and no title."""

    id: str
    title: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Module:
    """A module. `id` is unique among the program's modules and sections; the start module has no `number`."""

    id: str
    title: str
    number: int | None
    sections: tuple[Section, ...]

    @property
    def steps(self) -> tuple[Step, ...]:
        """All the module's steps, in reading order."""
        return tuple(step for section in self.sections for step in section.steps)


@dataclass(frozen=True)
class FormFile:
    """A form as it lies in the folder. `questionnaire` is the file's text, a FHIR R4 Questionnaire."""

    id: str
    title: str
    questionnaire: str


@dataclass(frozen=True)
class Contact:
    """Whom staff ask about the program's content (FAQ). `email` or `phone` may be empty, not both."""

    name: str
    email: str = ""
    phone: str = ""


_THRESHOLD_NAMES = frozenset(one.column for one in THRESHOLDS)


@dataclass(frozen=True)
class FlagRules:
    """When the program raises flags by time and by modules."""

    days: Mapping[str, int] = field(default_factory=dict)
    """By `Threshold.column`, 0 for never; the unit's own threshold for what is not there."""
    module_finished: bool = True
    past_length: bool = True

    def as_json(self) -> dict[str, Any]:
        """Return the rules as they are stored and printed: every threshold by its name, None for the unit's own."""
        days = {one.column: self.days.get(one.column) for one in THRESHOLDS}
        return {**days, "module_finished": self.module_finished, "past_length": self.past_length}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> FlagRules:
        """Return the rules that `as_json` took apart."""
        days = {one.column: data[one.column] for one in THRESHOLDS if data.get(one.column) is not None}
        return cls(days, **{name: value for name, value in data.items() if name not in _THRESHOLD_NAMES})


@dataclass(frozen=True)
class PlannedActivity:
    """An activity of a plan's template. `weekdays` are 0 for Monday to 6, none for every day; `at` is `HH:MM`."""

    description: str
    weekdays: tuple[int, ...] = ()
    at: str = ""
    every_weeks: int = 1
    weeks: int | None = None
    """How long it is repeated; None for as long as the plan lasts."""


@dataclass(frozen=True)
class PlanTemplate:
    """An activity plan that the program proposes. `follow_up_days` after it is made."""

    title: str
    activities: tuple[PlannedActivity, ...]
    follow_up_days: int | None = None


@dataclass(frozen=True)
class Program:
    """One version of a program. `id` is the folder's name.

    `opens_from_start` holds module ids, all of them where the file says "all". `reminders` are days after the start.
    """

    id: str
    title: str
    version: str
    recommended_days: int
    contact: Contact
    opens_from_start: tuple[str, ...]
    modules: tuple[Module, ...]
    forms: tuple[FormFile, ...] = ()
    reminders: tuple[int, ...] = ()
    end_reasons: tuple[str, ...] = DEFAULT_END_REASONS
    requires_training: bool = True
    plans: tuple[FormPlan, ...] = ()
    flags: FlagRules = FlagRules()
    activity_plans: tuple[PlanTemplate, ...] = ()
    shows_scores: bool = False
    """Whether residents see their own scores over time."""
    training_link: str = ""
    """Where the training for it is found: a web address; empty where the contact person is asked."""

    def steps(self) -> Iterator[tuple[Module, Step]]:
        """Every step with its module, in reading order."""
        return ((module, step) for module in self.modules for step in module.steps)

    def step(self, step_id: str) -> Step | None:
        """The step with this id, or None."""
        return next((step for _, step in self.steps() if step.id == step_id), None)

    def module(self, module_id: str) -> Module | None:
        """The module with this id, or None."""
        return next((module for module in self.modules if module.id == module_id), None)

    def form(self, form_id: str) -> FormFile | None:
        """The form with this id, or None."""
        return next((form for form in self.forms if form.id == form_id), None)

    def plan(self, form_id: str) -> FormPlan:
        """How the program uses a form; one that it says nothing of is a measurement without a schedule."""
        return next((plan for plan in self.plans if plan.form == form_id), FormPlan(form_id))


def program_to_json(program: Program) -> str:
    """The whole program as one JSON object; the same program always gives the same text."""
    values = {**dataclasses.asdict(program), "flags": program.flags.as_json()}
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def program_from_json(text: str) -> Program:
    """The program that `program_to_json` wrote. A key that came later may be missing and gets its default.

    Raises ValueError when the text is not such a document.
    """
    try:
        return _program(json.loads(text))
    except (AttributeError, KeyError, TypeError) as error:
        raise ValueError("not a program document") from error


def _program(data: dict[str, Any]) -> Program:
    values = dict(data)
    for key in ("opens_from_start", "reminders", "end_reasons"):
        if key in values:
            values[key] = tuple(values[key])
    values["contact"] = Contact(**values["contact"])
    values["modules"] = tuple(_module(module) for module in values["modules"])
    values["forms"] = tuple(FormFile(**form) for form in values.get("forms", ()))
    values["plans"] = tuple(plan_of(plan) for plan in values.get("plans", ()))
    values["flags"] = FlagRules.from_json(values.get("flags", {}))
    values["activity_plans"] = tuple(_plan_template(plan) for plan in values.get("activity_plans", ()))
    return Program(**values)


def _plan_template(data: dict[str, Any]) -> PlanTemplate:
    activities = tuple(PlannedActivity(**{**one, "weekdays": tuple(one["weekdays"])}) for one in data["activities"])
    return PlanTemplate(data["title"], activities, data["follow_up_days"])


def _module(data: dict[str, Any]) -> Module:
    sections = tuple(_section(section) for section in data["sections"])
    return Module(data["id"], data["title"], data["number"], sections)


def _section(data: dict[str, Any]) -> Section:
    return Section(data["id"], data["title"], tuple(Step(**step) for step in data["steps"]))
