"""*Starta nytt moment* (guide; domain.md §3.1): who the number means is shown before anything starts."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static
from textual.worker import Worker, WorkerCancelled

from screens.dialogs.controls import Button, Field, Select, TextInput
from screens.dialogs.dialog import Dialog, Done, Perform, submits
from screens.shown_keys import keyed
from screens.store_client import lost_sentence
from screens.whom import Whom, whom_of
from store.care.look_up import Echo
from store.care.starting import AlreadyRunning
from store.foundation.errors import DomainError, NeedsConfirmation, Refused, StoreUnreachable
from store.people.new_resident import TYPED, NewResident, TypedField
from store.people.staff import Colleague

PROTECTED = "⛨ Skyddade personuppgifter"
UNKNOWN = "Finns inte i registret. Fyll i uppgifterna nedan."
BY_HAND = "Ny invånare · manuellt angivet"
NUMBER_MISSING = "Fyll i personnumret, till exempel 19800102-2386."
LOOK_FIRST = "Kontrollera att det är rätt person. Tryck sedan {dialog.submit} en gång till."

LookUp = Callable[[str], Awaitable[Echo]]
"""Says whom a typed number means."""


@dataclass(frozen=True)
class StartRequest:
    """What to start, and for whom."""

    identity: str = field(repr=False)
    """The twelve digits that were shown."""
    program: str
    responsible: str | None = None
    """HSA-id; None where it was not asked for."""
    new_resident: NewResident | None = field(default=None, repr=False)
    whom: Whom | None = field(default=None, repr=False, compare=False)
    """Whom it is for, as it is said once it is started."""


@dataclass(frozen=True)
class Outcome:
    """The moment to go on with: one that was started, or one that was running already."""

    moment: int
    is_new: bool
    program: str = field(default="", compare=False)
    """The id of the one that was started."""
    whom: Whom | None = field(default=None, repr=False, compare=False)


class StartDialog(Dialog[StartRequest, Outcome]):
    """Start a program for a resident."""

    BINDINGS: ClassVar[list[BindingType]] = [
        submits("Starta nytt moment"),
        Binding(
            "ctrl+o", "open_running", "Öppna det pågående", id="start.open", tooltip="Öppna momentet som redan pågår."
        ),
    ]
    DEFAULT_CSS = """
    StartDialog #new-resident { height: auto; margin: 1 0 0 0; }
    StartDialog #by-hand { color: $text-warning; }
    StartDialog #field-program { margin: 1 0 0 0; }
    """

    main_label = "Starta nytt moment"

    def __init__(
        self,
        programs: Sequence[tuple[str, str]],
        look_up: LookUp,
        perform: Perform[StartRequest, int],
        *,
        program: str | None = None,
        clinicians: Sequence[Colleague] | None = None,
        responsible: str | None = None,
        region: str = "",
    ) -> None:
        """Offer the programs and the clinicians that a moment can be started with.

        Args:
            programs: id and title of those open to the unit.
            look_up: says whom a number means.
            perform: starts the moment and returns its id.
            program: the one to begin with, when opened from STARTA MOMENTET.
            clinicians: those to choose from, where ansvarig behandlare is asked for (from *Alla*).
            responsible: HSA-id of the one to begin with.
            region: the unit's county code, proposed for a new resident.
        """
        super().__init__("Starta nytt moment", _starting(perform), whom=None)
        self._programs = programs
        self._look_up = look_up
        self._program = program
        self._clinicians = clinicians
        self._responsible = responsible
        self._region = region
        self._asked: str | None = None
        self._answer: Worker[Any] | None = None
        self._echo: Echo | None = None
        self._already: int | None = None

    def body(self) -> Iterable[Widget]:
        """Return the number, the program, the clinician where asked for, and what a new resident needs."""
        number = TextInput(id="number", placeholder="ÅÅMMDDXXXX")
        programs = [(title, program) for program, title in self._programs]
        yield Field("personnummer", "Personnummer", number)
        yield Field("program", "Moment", Select(programs, prompt="Välj moment", id="program", value=self._program))
        if self._clinicians is not None:
            colleagues = [(who.name, who.hsa_id) for who in self._clinicians]
            chosen = Select(colleagues, prompt="Välj behandlare", id="clinician", value=self._responsible)
            yield Field("behandlare", "Ansvarig behandlare", chosen)
        new_resident = Vertical(*self._new_resident(), id="new-resident")
        new_resident.display = False
        yield new_resident

    def _new_resident(self) -> Iterable[Widget]:
        yield Static(Content(BY_HAND), id="by-hand")
        for one in TYPED:
            yield Field(one.name, one.label, self._control(one))

    def _control(self, one: TypedField) -> Widget:
        """Return what a field of a new resident is typed into, or chosen in; the unit's region is proposed."""
        if not one.choices:
            return TextInput(id=_control_id(one), placeholder=one.example)
        choices = [(words, value) for value, words in one.choices.items()]
        proposed = self._region if one.column == "region" else None
        return Select(choices, prompt="Okänd", id=_control_id(one), value=proposed)

    def buttons(self) -> Iterable[Widget]:
        """Return the last line; the moment that is running already can be opened from there."""
        cancel, main = super().buttons()
        running = Button("Öppna det pågående", id="open")
        running.display = False
        return cancel, running, main

    # Who the number means.

    def _typed_number(self) -> str:
        return self.query_one("#number", TextInput).value.strip()

    @on(Input.Blurred, "#number")
    def _left_number(self) -> None:
        if self._typed_number() and self.is_current:
            self._ask()

    @on(Input.Changed, "#number")
    def _changed_number(self) -> None:
        """What was said of another number no longer holds."""
        if self._typed_number() != self._asked:
            self._asked = None
            self._show_echo(None)
            self._number_field.show_fault("")

    def _ask(self) -> Worker[Any]:
        """Look the number up, unless that is done or under way."""
        if self._answer is None or self._asked != self._typed_number():
            self._asked = self._typed_number()
            self._answer = self._look(self._asked)
        return self._answer

    @work(exclusive=True, group="look-up")
    async def _look(self, text: str) -> None:
        try:
            echo = await self._look_up(text)
        except DomainError as refusal:
            if text == self._asked:
                self._refuse_number(refusal)
        else:
            if text == self._asked:
                self.show_refusal("")
                self._show_echo(echo)

    def _refuse_number(self, refusal: DomainError) -> None:
        """Say what is wrong, and leave the focus where the person has gone."""
        if isinstance(refusal, StoreUnreachable):
            self._asked = None  # asked again when the field is left again
            self.show_refusal(lost_sentence(refusal, typed=True))
        else:
            self.show_fault(refusal, focus=False)

    def _show_echo(self, echo: Echo | None) -> None:
        self._echo = echo
        self._number_field.show_note(_described(echo) if echo else ())
        self.query_one("#new-resident").display = echo is not None and echo.name is None

    @property
    def _number_field(self) -> Field:
        return self.query_one("#field-personnummer", Field)

    # Starting.

    async def is_ready(self) -> bool:
        """Return whether the person has seen whom the number means."""
        if self._echo is not None:
            return True
        if not self._typed_number():
            raise Refused(NUMBER_MISSING, field="personnummer")
        self._asked = None if self._answer is None or self._answer.is_finished else self._asked
        try:
            await self._ask().wait()
        except WorkerCancelled:
            return False  # the number was changed meanwhile
        if self._echo is None:
            self.set_focus(self.query_one("#number"))
        else:
            self.show_warnings((), keyed(LOOK_FIRST))
        return False

    def value(self) -> StartRequest:
        """Return what was chosen, and who it is for."""
        if (echo := self._echo) is None:
            raise Refused(NUMBER_MISSING, field="personnummer")
        program = self.query_one("#program", Select).selection
        if program is None:
            raise Refused("Välj ett moment.", field="program")
        return StartRequest(
            identity=echo.number.value,
            program=str(program),
            responsible=self._chosen_clinician(),
            new_resident=(typed := self._typed_resident() if echo.name is None else None),
            whom=whom_of(
                echo.name or (f"{typed.family_name}, {typed.given_name}" if typed else ""),
                dict(self._programs)[str(program)],
                is_protected=echo.is_protected,
            ),
        )

    def _chosen_clinician(self) -> str | None:
        if self._clinicians is None:
            return None
        chosen = self.query_one("#clinician", Select).selection
        if chosen is None:
            raise Refused("Välj ansvarig behandlare.", field="behandlare")
        return str(chosen)

    def _typed_resident(self) -> NewResident:
        return NewResident(**{one.column: self._text_of(one) for one in TYPED})

    def _text_of(self, one: TypedField) -> str:
        if one.choices:
            return str(self.query_one(f"#{_control_id(one)}", Select).selection or "")
        return self.query_one(f"#{_control_id(one)}", TextInput).value

    # The moment that is running already.

    def hint(self) -> str:
        """Return how to go on."""
        if self._already is None:
            return super().hint()
        return keyed("Öppna det ({start.open}) eller starta ett till ({dialog.submit} igen).")

    def warn(self, warning: NeedsConfirmation) -> None:
        """Ask for a confirmation, and offer to open what is running."""
        self._offer(warning.moment if isinstance(warning, AlreadyRunning) else None)
        super().warn(warning)

    def unwarn(self) -> None:
        """Take the question and the offer back."""
        self._offer(None)
        super().unwarn()

    def _offer(self, running: int | None) -> None:
        self._already = running
        self.query_one("#open").display = running is not None
        self.refresh_bindings()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to open a moment only where there is one."""
        if action == "open_running":
            return self._already is not None
        return super().check_action(action, parameters)

    @on(Button.Pressed, "#open")
    def action_open_running(self) -> None:
        """Leave the start, and go to the moment that is running."""
        if self._already is not None and not self._is_working:
            self.dismiss(Done(Outcome(self._already, is_new=False)))


def _control_id(one: TypedField) -> str:
    return one.column.replace("_", "-")


def _starting(perform: Perform[StartRequest, int]) -> Perform[StartRequest, Outcome]:
    async def started(request: StartRequest, confirmed: bool) -> Outcome:
        moment = await perform(request, confirmed)
        return Outcome(moment, is_new=True, program=request.program, whom=request.whom)

    return started


def _described(echo: Echo) -> list[tuple[str, Content]]:
    """Return `ÅÅÅÅMMDD-XXXX · 26 år · kvinna · Namn, Namn`, and what is said of the person below."""
    age = "" if echo.age is None else f" · {echo.age} år"
    name = () if echo.name is None else (" · ", (echo.name, "bold"))
    lines = [("", Content.assemble(f"{echo.display}{age} · {echo.sex}", *name))]
    if echo.is_protected:
        lines.append(("", Content.styled(PROTECTED, "bold $text-warning")))
    if echo.name is None:
        lines.append(("", Content.styled(UNKNOWN, "$text-muted")))
    return lines + [("i", Content.styled(sentence, "$text-muted")) for sentence in echo.said]
