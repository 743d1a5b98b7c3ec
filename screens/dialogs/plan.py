"""A plan: making one, and changing one (domain.md §4)."""

from collections.abc import Iterable
from datetime import date
from typing import ClassVar, TypeVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.controls import Field, TextInput
from screens.dialogs.day_field import DayField
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.dialogs.plan_activities import Activities, Entry, known_entry, new_entry
from screens.whom import Whom
from store.care.plan_rules import NewPlan, PlanChange, SeenPlan, checked_follow_up
from store.views.journal import day_given
from store.views.plans import PlanRow

V = TypeVar("V")
R = TypeVar("R")


class PlanForm(Dialog[V, R]):
    """The fields of a plan. Subclasses say what becomes of them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+n", "add", "Lägg\xa0till", id="plan.add", tooltip="Lägg till en aktivitet i planen."),
    ]
    DEFAULT_CSS = """
    PlanForm Field .name { width: 12; }
    PlanForm Field > .under { padding: 0 0 0 12; }
    PlanForm Field.-bare > .under { padding: 0; }
    PlanForm #heading { margin: 1 0 0 0; text-style: bold; }
    """
    main_label = "Spara planen"

    def __init__(
        self,
        heading: str,
        perform: Perform[V, R],
        *,
        whom: Whom,
        title: str,
        follow_up_on: date | None,
        entries: Iterable[Entry],
        today: date,
    ) -> None:
        super().__init__(heading, perform, whom=whom)
        self._title, self._follow_up_on, self._entries, self._today = title, follow_up_on, tuple(entries), today
        self._whose = whom

    def body(self) -> Iterable[Widget]:
        """Return the title, the day and the activities."""
        title = TextInput(id="title", placeholder="Det planen handlar om, till exempel Komma ut")
        title.value = self._title
        optional = "Dag för uppföljning, ÅÅÅÅ-MM-DD. Frivillig"
        yield Field("titel", "Titel", title)
        day, check = self._follow_up_on, checked_follow_up
        yield DayField("folj-upp", "Följ upp", id="follow-up", placeholder=optional, day=day, check=check)
        yield Static(Content("Aktiviteter"), id="heading")
        yield Field("aktivitet", "", Activities(self._entries, self._today, self._whose))

    @property
    def activities(self) -> Activities:
        """The part of the form that lists the plan's activities."""
        return self.query_one(Activities)

    @property
    def title_given(self) -> str:
        """The title that stands in the field."""
        return self.query_one("#title", TextInput).value

    @property
    def follow_up_given(self) -> date | None:
        """The day for following up that stands in the field."""
        return day_given(self.query_one("#follow-up", TextInput).value, "folj-upp")

    def action_add(self) -> None:
        """Write another activity."""
        self.activities.add()


class PlanDialog(PlanForm[NewPlan, int]):
    """Make a plan, from a template's or from nothing; done, it gives the plan's id."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Spara planen")]

    def __init__(self, plan: NewPlan, perform: Perform[NewPlan, int], today: date, *, whom: Whom) -> None:
        super().__init__(
            "Ny aktivitetsplan",
            perform,
            whom=whom,
            title=plan.title,
            follow_up_on=plan.follow_up_on,
            entries=[new_entry(one, today) for one in plan.activities],
            today=today,
        )

    def value(self) -> NewPlan:
        """Return the plan as it stands; whether it will do, the store says."""
        return NewPlan(self.title_given, self.activities.added, self.follow_up_given)


class ChangePlanDialog(PlanForm[PlanChange, None]):
    """Change a plan: what is in it can be taken out, and more be added."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Spara planen")]

    def __init__(self, plan: PlanRow, perform: Perform[PlanChange, None], today: date, *, whom: Whom) -> None:
        super().__init__(
            "Ändra aktivitetsplan",
            perform,
            whom=whom,
            title=plan.title,
            follow_up_on=plan.follow_up_on,
            entries=[known_entry(one) for one in plan.current],
            today=today,
        )

    def value(self) -> PlanChange:
        """Return the changes to the plan."""
        title, day = self.title_given, self.follow_up_given
        return PlanChange(
            title=None if title == self._title else title,
            follow_up_on=None if day == self._follow_up_on else day,
            drop_follow_up=day is None and self._follow_up_on is not None,
            add=self.activities.added,
            remove=self.activities.removed,
            seen=SeenPlan(self._title, self._follow_up_on),
        )
