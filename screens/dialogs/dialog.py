"""What dialogs have in common: fields with their faults, warnings to confirm, and a main button.

A dialog writes nothing. It hands what was typed to `perform`, which whoever opened it brought, and stays open until
that went well: a refusal stands at its field, warnings are listed, and the main button pressed again confirms them.
"""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Checkbox, Input, TextArea
from textual.widgets import Select as AnySelect

from screens.dialogs.box import Box
from screens.dialogs.controls import Button, Field, Lines
from screens.safe_app import remember_refusal
from screens.shown_keys import keyed
from screens.store_client import lost_sentence
from screens.whom import Whom
from store.foundation.errors import DomainError, NeedsConfirmation, Refused, StoreUnreachable

V = TypeVar("V")
R = TypeVar("R")

Perform = Callable[[V, bool], Awaitable[R]]
"""Does the work with what was typed; the second argument says that the warnings have been confirmed."""


def submits(label: str) -> Binding:
    """Return the main button's key, with what it does here."""
    sentence = f"{label}. Tryck en gång till för att bekräfta det som varnas för."
    return Binding("ctrl+s", "submit", label.replace(" ", "\xa0"), id="dialog.submit", tooltip=sentence)


class SeveralFaults(Refused):
    """All that is wrong in the fields: itself the first, `others` the rest, each with its field."""

    def __init__(self, faults: Sequence[Refused]) -> None:
        """Collect the faults of a dialog's fields, at least one."""
        super().__init__(faults[0].message, field=faults[0].field, helps=faults[0].helps)
        self.others = tuple(faults[1:])


def check_all(*reads: Callable[[], object]) -> None:
    """Read all fields; raises `SeveralFaults` with what each that will not do is refused with."""
    faults = []
    for read in reads:
        try:
            read()
        except Refused as refusal:
            faults.append(refusal)
    if faults:
        raise SeveralFaults(faults)


@dataclass(frozen=True)
class Done(Generic[R]):
    """That it was done, with what `perform` returned; a dialog that was cancelled gives None."""

    value: R


class Dialog(Box[Done[R]], Generic[V, R]):
    """A box with something to carry out. Subclasses give `body` and `value`."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Utför")]
    DEFAULT_CSS = """
    Dialog .message { height: auto; display: none; margin: 1 0 0 0; }
    Dialog .message.-shown { display: block; }
    Dialog.-low .message { margin: 0; }
    Dialog #warnings { color: $text-warning; }
    Dialog #refusal { color: $text-error; }
    Dialog #waiting { color: $text-muted; }
    """
    PATIENCE: ClassVar[float] = 0.5
    """Seconds until a wait is mentioned."""

    main_label: ClassVar[str]
    main_variant: ClassVar[str] = "primary"
    waiting_label: ClassVar[str] = "Väntar på databasen …"

    def __init__(self, heading: str, perform: Perform[V, R], *, whom: Whom | None, undone: Sequence[str] = ()) -> None:
        """Prepare the dialog for one operation.

        Args:
            heading: what the box is called.
            perform: does the work.
            whom: the resident and the program whose moment it acts on; None where it acts on no moment.
            undone: what is warned of from the beginning.
        """
        super().__init__(heading, whom=whom)
        self._perform = perform
        self._undone = tuple(undone)
        self._warned: V | None = None
        self._is_working = False
        self.is_given_up = False
        """Whether the person closed it without a result; else the app did, over what is typed."""
        self.is_lost = False
        """Whether the latest attempt found no database: what is typed has been nowhere yet."""

    def value(self) -> V:
        """Return what stands in the fields; raises `DomainError` where something is missing."""
        raise NotImplementedError

    async def is_ready(self) -> bool:
        """Return whether the person has seen what must be seen first; if not, it is shown now."""
        return True

    @property
    def is_busy(self) -> bool:
        """Whether the work is being carried out."""
        return self._is_working

    def hint(self) -> str:
        """Return what is said under warnings that must be confirmed."""
        return keyed("Tryck {dialog.submit} en gång till för att fortsätta ändå.")

    def warn(self, warning: NeedsConfirmation) -> None:
        """Ask for a confirmation."""
        self.show_warnings(warning.warnings, self.hint())

    def unwarn(self) -> None:
        """Withdraw the question for a confirmation: the fields have changed."""
        self.show_warnings(self._undone)

    def messages(self) -> Iterable[Widget]:
        """Return the places for warnings, a refusal and *Väntar*."""
        for name in ("warnings", "refusal", "waiting"):
            yield Lines(id=name, classes="message")

    def buttons(self) -> Iterable[Widget]:
        """Return what stands on the last line: *Avbryt* first, the main button last."""
        yield Button("Avbryt", id="cancel")
        yield Button(self.main_label, id="main", variant=self.main_variant)

    def on_mount(self) -> None:
        """Show what is warned of from the beginning."""
        self.unwarn()

    def action_cancel(self) -> None:
        """Close without a result, but not while something is being carried out: its outcome would not be seen."""
        if self._is_working:
            self._show_waiting()
        else:
            self.is_given_up = True
            self.dismiss(None)

    def action_submit(self) -> None:
        """Press the main button; a press while that is under way does nothing."""
        if not self._is_working:
            self._is_working = True
            self._submit()

    @on(Button.Pressed, "#main")
    def _pressed(self) -> None:
        self.action_submit()

    @on(Input.Changed)
    @on(AnySelect.Changed)
    @on(TextArea.Changed)
    @on(Checkbox.Changed)
    def _typed(self) -> None:
        self._warned = None
        self.unwarn()

    @work
    async def _submit(self) -> None:
        waiting = self.set_timer(self.PATIENCE, self._show_waiting)
        self._clear()
        try:
            done = await self._carry_out()
        finally:
            waiting.stop()
            self._show("#waiting", ())
            self._is_working = False
        if done:
            self.dismiss(done)

    async def _carry_out(self) -> Done[R] | None:
        """Return the result, or None after the screen has said why there is none."""
        self.is_lost = False
        try:
            if not await self.is_ready():
                return None
            value = self.value()
            return await self._perform_once(value)
        except StoreUnreachable as lost:
            self.is_lost = True
            self.show_refusal(lost_sentence(lost, typed=True))
        except SeveralFaults as several:
            for fault in several.others:
                self.show_fault(fault, focus=False)
            self.show_fault(several)
        except DomainError as refusal:
            self.show_fault(refusal)
        return None

    async def _perform_once(self, value: V) -> Done[R] | None:
        try:
            return Done(await self._perform(value, value == self._warned))
        except NeedsConfirmation as warning:
            self._warned = value
            self.warn(warning)
            return None

    def show_fault(self, refusal: DomainError, *, focus: bool = True) -> None:
        """Say what is wrong at the field it belongs to, else above the buttons."""
        field = self._field(refusal.field)
        if field is None:
            self.show_refusal(refusal.message)
            return
        field.show_fault(refusal.message)
        if focus:
            self.set_focus(field.control)
            self.call_after_refresh(field.scroll_visible, animate=False)

    def show_warnings(self, warnings: Iterable[str], hint: str = "") -> None:
        """List what should be read; `hint` says how it is confirmed."""
        pieces = [("!", Content(warning)) for warning in warnings]
        under = " " if pieces else ""
        self._show("#warnings", [*pieces, (under, Content(hint))] if hint else pieces)

    def show_refusal(self, sentence: str) -> None:
        """Show a refusal that belongs to no field; an empty one takes it away."""
        remember_refusal(self.app, sentence)
        self._show("#refusal", [("✗", Content(sentence))] if sentence else ())

    def _field(self, name: str | None) -> Field | None:
        """Return the field that can be seen with this name."""
        fields = (field for field in self.query(Field) if field.id == f"field-{name}")
        return next((field for field in fields if all(node.display for node in field.ancestors_with_self)), None)

    def _show_waiting(self) -> None:
        self._show("#waiting", [("", Content(self.waiting_label))])

    def _clear(self) -> None:
        for field in self.query(Field):
            field.show_fault("")
        self.show_refusal("")

    def _show(self, selector: str, pieces: Sequence[tuple[str, Content]]) -> None:
        message = self.query_one(selector, Lines)
        if not pieces and not message.has_class("-shown"):
            return
        message.show(pieces)
        message.set_class(bool(pieces), "-shown")
        self.call_after_refresh(self._keep_focus_in_view)

    def _keep_focus_in_view(self) -> None:
        """Scroll back to where the person is: the foot may have grown over it."""
        if self.is_current and self.focused is not None:
            self.focused.scroll_visible(animate=False)
