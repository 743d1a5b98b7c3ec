"""How a program uses a form: as a measurement, as homework or as a diary, and when (domain.md §6)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from store.care.questionnaire.scale import Scale, scale_of
from store.care.questionnaire.shape import Value


class FormKind(StrEnum):
    """What a form is for; the value stands in program.toml."""

    BATTERY = "matbatteri"
    HOMEWORK = "hemuppgift"
    DIARY = "dagbok"


@dataclass(frozen=True)
class Schedule:
    """When a form is to be answered; several may hold. One that has none is answered when somebody wants to.

    A measurement is due on the day of the moment's start, on the day of its recommended end, when the module
    `before_modules` names is opened, and every n days from the start.
    """

    at_start: bool = False
    at_end: bool = False
    before_modules: tuple[str, ...] = ()
    every_days: int | None = None


@dataclass(frozen=True)
class DiaryRoles:
    """Which linkIds of a sleep diary hold what; the computed sleep is made from them. Times are `HH:MM`.

    `day` is the morning the entry is about; `to_bed` when the light went out, `onset_minutes` until asleep,
    `awake_minutes` awake in the night, `woke` the last waking, `up` out of bed. `in_bed` is when the person went to
    bed, where that is asked; `schedule` the form in which the times in bed are agreed, where there is one.
    """

    day: str
    to_bed: str
    onset_minutes: str
    awake_minutes: str
    woke: str
    up: str
    in_bed: str = ""
    schedule: str = ""


@dataclass(frozen=True)
class RiskAnswer:
    """An answer that is a risk, whatever a score says: this `value`, or from this number or weight on."""

    link_id: str
    value: Value | None = None
    at_least: float | None = None


@dataclass(frozen=True)
class FormPlan:
    """A program's use of one of its forms. `form` is the form's id, the file's name without `.json`."""

    form: str
    kind: FormKind = FormKind.BATTERY
    schedule: Schedule = Schedule()
    scales: tuple[Scale, ...] = ()
    module: str | None = None
    """The module that a homework belongs to."""
    diary: DiaryRoles | None = None
    caution: str = ""
    """What must stand beside the form, such as that it is not validated."""
    risks: tuple[RiskAnswer, ...] = ()
    """Answers that are a risk beside those of the scales."""

    @property
    def has_risks(self) -> bool:
        """Whether any answer is a risk."""
        return bool(self.risks) or any(scale.risks for scale in self.scales)


def plan_of(data: dict[str, Any]) -> FormPlan:
    """The plan that `dataclasses.asdict` took apart, JSON between."""
    schedule = {**data["schedule"], "before_modules": tuple(data["schedule"]["before_modules"])}
    values = {
        **data,
        "kind": FormKind(data["kind"]),
        "schedule": Schedule(**schedule),
        "scales": tuple(scale_of(scale) for scale in data["scales"]),
        "risks": tuple(RiskAnswer(**risk) for risk in data.get("risks", ())),
        "diary": data["diary"] and DiaryRoles(**data["diary"]),
    }
    return FormPlan(**values)
