"""*Personal*: a role is given or taken, and trainings are recorded."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Checkbox, Static
from textual.widgets import Select as AnySelect

from screens.dialogs.controls import CheckBox, Field, Lines, Select, TextInput
from screens.dialogs.day_field import DayField
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.widgets.cells import clean
from store.foundation.access import Role
from store.foundation.coming_day import check_coming_day
from store.foundation.errors import Refused
from store.people.staff import Colleague
from store.views.journal import day_given

GIVE, TAKE = "Ge rollen", "Ta bort rollen"


@dataclass(frozen=True)
class RoleChange:
    """What is done with which role, why, until when (given) and who takes the moments over (taken)."""

    role: Role
    gives: bool
    reason: str
    until: date | None = None
    to: str | None = None


class RoleDialog(Dialog[RoleChange, int]):
    """Give a role, or take one; done, it gives how many moments were handed over."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Spara")]
    DEFAULT_CSS = """
    RoleDialog #held { margin: 0 0 1 0; color: $text-muted; }
    """
    main_label = "Spara"

    def __init__(
        self,
        name: str,
        held: Sequence[str],
        roles: Sequence[Role],
        perform: Perform[RoleChange, int],
        *,
        takers: Sequence[Colleague] = (),
        moments: int = 0,
        analyses: Mapping[Role, str] | None = None,
    ) -> None:
        """Take whose roles they are.

        Args:
            name: whose.
            held: the roles in words, as they are now.
            roles: those to choose from.
            perform: gives, or takes.
            takers: who may take running moments over.
            moments: how many run; with none, nobody is asked for.
            analyses: what is said of each role's behovs- och riskanalys when it is given.
        """
        super().__init__(f"Roller · {name}", perform, whom=None)
        self._held = held
        self._roles = roles
        self._takers = [(who.name, who.hsa_id) for who in takers]
        self._moments = moments
        self._analyses = analyses or {}

    def body(self) -> Iterable[Widget]:
        """Return what is held, and what is to change."""
        yield Lines(id="held")
        roles = [(role.value.capitalize(), role.value) for role in self._roles]
        yield Field("roll", "Roll", Select(roles, prompt="Välj roll", id="role"))
        yield Field("gor", "Ändring", Select([(GIVE, GIVE), (TAKE, TAKE)], prompt="Välj", id="change", value=GIVE))
        yield Field("skal", "Skäl", TextInput(id="reason", placeholder="Varför rollen ges eller tas bort"))
        check = partial(check_coming_day, field="till-och-med")
        optional = "ÅÅÅÅ-MM-DD, tomt: tills vidare"
        yield DayField("till-och-med", "Till och med", id="until", placeholder=optional, check=check)
        taker = Field("behandlare", "Ny behandlare", Select(self._takers, prompt="Välj behandlare", id="to"))
        taker.display = False
        yield taker

    def on_mount(self) -> None:
        """Say what is held."""
        said = [("·", Content(words)) for words in self._held] or [("", Content("Inga roller än."))]
        self.query_one("#held", Lines).show(said)

    @property
    def _role(self) -> Role | None:
        chosen = self.query_one("#role", Select).selection
        return None if chosen is None else Role(str(chosen))

    @property
    def _gives(self) -> bool:
        return self.query_one("#change", Select).selection != TAKE

    def value(self) -> RoleChange:
        """Return the role to give or take, and why."""
        role, reason = self._role, self.query_one("#reason", TextInput).value
        if role is None:
            raise Refused("Välj en roll.", field="roll")
        if self._gives:
            return RoleChange(role, True, reason, day_given(self.query_one("#until", TextInput).value, "till-och-med"))
        to = self.query_one("#to", Select).selection if self._asks_for_taker else None
        return RoleChange(role, False, reason, to=None if to is None else str(to))

    @property
    def _asks_for_taker(self) -> bool:
        return not self._gives and self._role is Role.CLINICIAN and self._moments > 0

    @on(AnySelect.Changed, "#role")
    @on(AnySelect.Changed, "#change")
    def _chosen(self) -> None:
        """Ask for what belongs to the change: an end to what is given, a successor to what is taken."""
        self.query_one("#field-till-och-med").display = self._gives
        self.query_one("#field-behandlare").display = self._asks_for_taker
        said = self._analyses.get(self._role, "") if self._role is not None and self._gives else ""
        self.query_one("#field-roll", Field).show_note([("", Content(clean(said)))] if said else ())


@dataclass(frozen=True)
class TrainingChange:
    """Subjects: those that were ticked, and those that were unticked."""

    done: tuple[str, ...]
    undone: tuple[str, ...]


class TrainingDialog(Dialog[TrainingChange, None]):
    """Tick the trainings that somebody has gone through."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Spara")]
    DEFAULT_CSS = """
    TrainingDialog .part { color: $text-muted; }
    TrainingDialog #programs { margin: 1 0 0 0; }
    """
    main_label = "Spara"

    def __init__(
        self,
        name: str,
        roles: Sequence[Role],
        programs: Sequence[tuple[str, str]],
        recorded: Sequence[str],
        perform: Perform[TrainingChange, None],
    ) -> None:
        """`programs` are ids and titles; `recorded` the subjects that somebody is trained in already."""
        super().__init__(f"Utbildning · {name}", perform, whom=None)
        self._roles = [(role.value, role.value.capitalize()) for role in roles]
        self._programs = list(programs)
        self._recorded = frozenset(recorded)

    def body(self) -> Iterable[Widget]:
        """Return a box for each role and program."""
        yield Static(Content("Roller"), classes="part")
        yield from self._ticks(self._roles, 0)
        yield Static(Content("Program"), classes="part", id="programs")
        yield from self._ticks(self._programs, len(self._roles))

    def _ticks(self, subjects: Sequence[tuple[str, str]], begin: int) -> Iterable[Widget]:
        for place, (_, label) in enumerate(subjects, begin):
            yield CheckBox(label, id=f"subject-{place}")

    def on_mount(self) -> None:
        """Tick what is recorded."""
        with self.prevent(Checkbox.Changed):
            for place, (subject, _) in enumerate((*self._roles, *self._programs)):
                self.query_one(f"#subject-{place}", CheckBox).value = subject in self._recorded

    def value(self) -> TrainingChange:
        """Return the subjects that were ticked and unticked."""
        ticked = {
            subject: self.query_one(f"#subject-{place}", CheckBox).value
            for place, (subject, _) in enumerate((*self._roles, *self._programs))
        }
        return TrainingChange(
            tuple(subject for subject, is_on in ticked.items() if is_on and subject not in self._recorded),
            tuple(subject for subject, is_on in ticked.items() if not is_on and subject in self._recorded),
        )
